"""What is logged tells how the process is, at no level what people wrote."""

import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

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
    _flush()

    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert "of ours" in {line["message"] for line in logged}
    assert [line for line in logged if CANARY.casefold() in str(line).casefold()] == []


def test_reader_of_the_log_that_stands_still_stops_nobody(kept_logging: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped terminal or a collector that hangs: whoever logs goes on, and what was lost is counted afterwards."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stderr, os.fdopen(reading, "rb") as collector:
        monkeypatch.setattr(sys, "stderr", stderr)
        configure_logs("INFO")
        log = logging.getLogger("bot.somewhere")
        logging_much = threading.Thread(target=lambda: [log.info("line", extra={"number": n}) for n in range(20_000)])

        logging_much.start()
        logging_much.join(30)
        assert not logging_much.is_alive()
        lines: list[dict[str, Any]] = []
        while not lines or "lines" not in lines[-1]:
            lines.append(json.loads(collector.readline()))
        logging_much.join()

    assert [line["number"] for line in lines[:-1]] == list(range(len(lines) - 1))
    assert (lines[-1]["level"], lines[-1]["lines"]) == ("WARNING", 20_000 - len(lines) + 1)


def test_reader_of_the_log_that_is_gone_stops_nobody(kept_logging: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that nobody reads any more is no reason to end, nor to say so on that very pipe."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        configure_logs("INFO")
        os.close(reading)

        for number in range(100):
            logging.getLogger("bot.somewhere").info("line", extra={"number": number})
        _flush()


def _flush() -> None:
    """Wait until what was logged is written."""
    for handler in logging.getLogger().handlers:
        handler.flush()
