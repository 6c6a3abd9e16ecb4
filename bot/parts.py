"""What the server and the command line build alike, without Slack's and the web's rooms, which load slowly."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from analysis.alerts.alert_rows import read_graph
from analysis.errors import InvalidInput
from analysis.events import Source
from bot.ports.grouping import KnownGraph
from bot.store.opening import Store
from bot.usecases.asking import DEBRIEF, Command
from bot.usecases.timeline.open_log import open_log


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)


def open_workspace(store: Store, team_id: str, name: str) -> UUID:
    """The id of the workspace, with its own log open."""
    workspace_id = store.workspace(team_id, name)
    command = Command(person=DEBRIEF, workspace_id=workspace_id, natural_key="debrief:log", source=Source.DEBRIEF)
    store.writer.submit(open_log, command).result()
    return workspace_id


def read_service_graph(path: Path | None) -> KnownGraph:
    """The service graph in the file at *path*.

    Raises
    ------
    analysis.errors.InvalidInput
        If it cannot be read or is not one; the sentence names the setting.
    """
    if path is None:
        return KnownGraph()
    try:
        content = path.read_bytes()
        graph = read_graph(json.loads(content))
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not JSON, or nested too deeply"
        if isinstance(error, json.JSONDecodeError):
            why = f"{why} (line {error.lineno}, column {error.colno}: {error.msg})"
        message = f"The service graph {path} of DEBRIEF_SERVICE_GRAPH cannot be read: {why}."
        raise InvalidInput(message) from error
    except InvalidInput as error:
        message = f"The service graph {path} of DEBRIEF_SERVICE_GRAPH is not one: {error.message}"
        raise InvalidInput(message) from error
    return KnownGraph(graph=graph, digest=sha256(content).hexdigest()[:16])
