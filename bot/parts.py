"""What the server and the command line build alike, without Slack's and the web's rooms, which load slowly."""

from datetime import UTC, datetime
from uuid import UUID

from analysis.events import Source
from analysis.people import Person
from bot.store.opening import Store
from bot.usecases.asking import Command
from bot.usecases.open_log import open_log


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)


def open_workspace(store: Store, team_id: str, name: str) -> UUID:
    """The id of the workspace, with its own log open."""
    workspace_id = store.workspace(team_id, name)
    command = Command(
        person=Person(id="debrief"), workspace_id=workspace_id, natural_key="debrief:log", source=Source.DEBRIEF
    )
    store.writer.submit(open_log, command).result()
    return workspace_id
