"""The third-party Slack stand-in: where its binary is, how its workspace is described, how it is started.

What it answers and where it differs from Slack is in `docs/reference/stand-in.md`.
"""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.network import is_free
from demo.program import Program
from demo.waiting import wait_for
from demo.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "local-slack"
VERSION = "0.1.8"
BOT_USER = "U0DEBRIEF"
BOT_TOKEN = "xoxb-stand-in"  # noqa: S105 - the stand-in lets every token pass
APP_TOKEN = "xapp-stand-in"  # noqa: S105 - likewise
SIGNING_SECRET = "stand-in-signing-secret"  # noqa: S105 - known to the stand-in and the bot of this run only

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "windows"}
_MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}


class StandInMissing(Exception):
    """The stand-in's binary is not there; the message says what to do."""


class PortTaken(Exception):
    """Somebody else listens on the stand-in's port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the workspace; the stand-in knows no guests and no deactivated people."""

    id: str
    name: str
    real_name: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that exists from the start, with the bot and everybody in it."""

    id: str
    name: str


def find_binary(root: Path = ROOT) -> Path:
    """Where npm put the stand-in for this system.

    Raises
    ------
    StandInMissing
        If it is not installed, or there is no build for this system.
    """
    system, machine = platform.system(), platform.machine()
    build = f"{PACKAGE}-{_SYSTEMS.get(system, system.lower())}-{_MACHINES.get(machine, machine)}"
    binary = root / "node_modules" / build / "bin" / ("local-slack.exe" if system == "Windows" else "local-slack")
    if not binary.is_file():
        raise StandInMissing(
            f"The Slack stand-in is missing: there is no {binary.relative_to(root)}. Run `npm ci` in {root} "
            f"(npm comes with Node.js); the lock names the build for Linux on x86-64, and others are installed by "
            f"`npm install --no-save {build}@{VERSION}` where they exist. Without it, "
            "`.venv/bin/debrief replay demo/incident.json --out .debrief/outage` shows the same incident's timeline "
            "and draft."
        )
    return binary


class StandIn:
    """A stand-in with one workspace, on one port; started on entry, stopped on exit.

    Without `events_url` the bot connects by Socket Mode; with it, everything is POSTed there, signed.
    """

    def __init__(
        self,
        *,
        folder: Path,
        port: int,
        users: Sequence[User],
        channels: Sequence[Channel],
        name: str = "Demo",
        events_url: str | None = None,
    ) -> None:
        self._port = port
        self.url = f"http://127.0.0.1:{port}"
        self.api_url = f"{self.url}/api/"
        self.workspace = Workspace(self.url)
        self._config = folder / "stand-in.json"
        self._described = _description(name, users, channels, events_url)
        # `--base-host` goes into the addresses that the stand-in hands out; it listens everywhere all the same.
        options = {
            "--config": self._config,
            "--port": port,
            "--base-host": "127.0.0.1",
            "--files-dir": folder / "files",
        }
        self.program = Program(
            "The Slack stand-in",
            [find_binary(), *(str(word) for option in options.items() for word in option)],
            log=folder / "stand-in.log",
            folder=folder,
        )

    def __enter__(self) -> Self:
        # Else another server there would be taken for ours while ours gives up.
        if not is_free(self._port):
            raise PortTaken(
                f"Port {self._port} is in use; choose another: `.venv/bin/python -m demo.run --port {self._port + 1}`."
            )
        self._config.write_text(json.dumps(self._described, indent=2))
        self.program.start()
        try:
            wait_for("the Slack stand-in answers", self._answers)
        except BaseException:
            self.program.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.program.stop()

    def _answers(self) -> bool:
        self.program.check()
        return self.workspace.is_up()


def _description(
    name: str, users: Sequence[User], channels: Sequence[Channel], events_url: str | None
) -> dict[str, object]:
    app = {
        "appId": "A0DEBRIEF",
        "botUserId": BOT_USER,
        "botName": "debrief",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": "socket" if events_url is None else "events",
    }
    if events_url is not None:
        app["requestUrl"] = events_url
    members = [BOT_USER, *(user.id for user in users)]
    return {
        "workspace": {"name": name, "domain": "stand-in", "teamId": "T0STANDIN"},
        "apps": [app],
        "users": [{"id": user.id, "name": user.name, "real_name": user.real_name, "tz": user.zone} for user in users],
        "channels": [{"id": channel.id, "name": channel.name, "members": members} for channel in channels],
    }
