"""The bot of the demo, as a program with settings in its environment; nothing of it is imported."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from demo.monitoring import SOURCE, Monitoring
from demo.program import Program
from demo.standin import APP_TOKEN, BOT_TOKEN, ROOT, SIGNING_SECRET, StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where a bot keeps its things and listens; all of it lies in `folder`."""

    folder: Path
    port: int
    access: Mapping[str, tuple[str, ...]]
    operations_channel: str
    alerts_channel: str
    service_graph: Mapping[str, object] | None = None
    uses_socket_mode: bool = True
    command: tuple[str, ...] = (sys.executable, "-m", "bot", "serve")
    alert_secret: str = field(default_factory=secrets.token_hex, repr=False)

    @property
    def documents(self) -> Path:
        """The git work tree that it publishes into."""
        return self.folder / "documents"

    @property
    def url(self) -> str:
        """Its own address on loopback."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def monitoring(self) -> Monitoring:
        """A sender of alerts whom it knows."""
        return Monitoring(port=self.port, secret=self.alert_secret)

    def program(self, standin: StandIn) -> Program:
        """The program, not started yet; settings of other bots in our environment do not reach it."""
        if self.service_graph is not None:
            self._graph_file.write_text(json.dumps(self.service_graph))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
        return Program(
            "The bot",
            self.command,
            log=self.folder / "bot.log",
            folder=ROOT,
            environment=inherited | self._settings(standin.api_url),
        )

    def _settings(self, api_url: str) -> dict[str, str]:
        return {
            "DEBRIEF_DATABASE_URL": f"sqlite:///{self.folder / 'debrief.db'}",
            "DEBRIEF_KEY_FILE": str(self.folder / "debrief.key"),
            "DEBRIEF_ANCHORS_FILE": str(self.folder / "anchors.jsonl"),
            "DEBRIEF_SLACK_BOT_TOKEN": BOT_TOKEN,
            "DEBRIEF_SLACK_APP_TOKEN": APP_TOKEN if self.uses_socket_mode else "",
            "DEBRIEF_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "DEBRIEF_SLACK_API_URL": api_url,
            "DEBRIEF_HTTP_HOST": "127.0.0.1",
            "DEBRIEF_HTTP_PORT": str(self.port),
            "DEBRIEF_PUBLISH_GIT_DIR": str(self.documents),
            "DEBRIEF_OPERATIONS_CHANNEL": self.operations_channel,
            "DEBRIEF_ALERTS_CHANNEL": self.alerts_channel,
            "DEBRIEF_ALERT_SOURCES": json.dumps({SOURCE: {"format": "alertmanager", "secrets": [self.alert_secret]}}),
            "DEBRIEF_SERVICE_GRAPH": str(self._graph_file) if self.service_graph is not None else "",
            "DEBRIEF_ACCESS": json.dumps(self.access),
        }

    @property
    def _graph_file(self) -> Path:
        return self.folder / "service-graph.json"
