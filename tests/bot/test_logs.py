"""What is logged tells how the process is, at no level what people wrote."""

import json
import logging
from pathlib import Path

import pytest

from bot.telemetry.logs import configure_logs
from tests.slack_room import RESPONDER, open_room

CANARY = "Kanarienvogel"


def test_no_level_logs_what_people_wrote(
    ready_sqlite_url: str, tmp_path: Path, kept_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever looks for a fault with DEBUG gets no titles, notes or answers from libraries, and all of ours."""
    configure_logs("DEBUG")
    with open_room(ready_sqlite_url, tmp_path) as room:
        logging.getLogger("bot.somewhere").debug("of ours")
        number, channel = room.declare(text=f"SEV2 {CANARY} fails")
        room.ask(RESPONDER, f"#{number} note {CANARY} was seen")
        room.ask(RESPONDER, f"#{number} nonsense {CANARY}")
        room.react(RESPONDER, channel, room.slack.say(channel, RESPONDER, f"{CANARY} said"))
        room.webhook({"kind": "deploy", "service": CANARY, "text": f"{CANARY} out"}, key="log")
        room.settle()

    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert "of ours" in {line["message"] for line in logged}
    assert [line for line in logged if CANARY.casefold() in str(line).casefold()] == []
