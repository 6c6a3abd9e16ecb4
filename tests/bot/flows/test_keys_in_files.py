"""A key of the model's endpoint that is in a file, which something else exchanges."""

import http.server
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.usecases.postmortem.composing import Written
from tests.bot.flows.desk import Desk, asking, label_of, resolved
from tests.model_endpoint import Answering, endpoint, says, status
from tests.slack_room import Room


@pytest.fixture(scope="module")
def desk(sqlite_room: Room) -> Desk:
    """Return a desk at an incident whose account can be written."""
    number, channel = resolved(sqlite_room)
    return Desk(room=sqlite_room, number=number, channel=channel)


def _written(desk: Desk, answering: Answering, key: Path) -> tuple[Written, int]:
    """What becomes of a draft where the key is in that file, and how many questions left for it."""
    with endpoint(answering) as fake:
        over = asking(fake.url, llm_api_key_file=key)
        written, _ = Desk(room=desk.room, number=desk.number, channel=desk.channel, over=over).write()
        return written, len(fake.received)


def test_key_is_read_for_each_draft(desk: Desk, tmp_path: Path) -> None:
    """A token that is exchanged each hour lets us in without a restart."""
    label, token = label_of(desk.room, desk.number, "restarted"), tmp_path / "token"
    sentence = {"events": [label], "section": "response", "text": "The payment gateway was restarted"}

    def lets_in(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        is_new = handler.headers["Authorization"] == "Bearer of-this-hour"
        (says(json.dumps({"sentences": [sentence]})) if is_new else status(401))(handler, body)

    token.write_text("of-the-last-hour\n")
    refused, _ = _written(desk, lets_in, token)
    token.write_text("of-this-hour\n")
    written, _ = _written(desk, lets_in, token)

    assert "did not accept DEBRIEF_LLM_API_KEY" in refused.block["because"]
    assert written.block["kept"] == 1


@pytest.mark.parametrize(
    ("holds", "because"),
    [
        pytest.param(None, "is no file with a key that can be read", id="gone"),
        pytest.param("\n", "does not hold one line with a key", id="empty"),
        pytest.param("one\ntwo\n", "does not hold one line with a key", id="two lines"),
        pytest.param("k" * 16_385, "is longer than 16,384 bytes; put the key alone there", id="long"),
        pytest.param(
            '{\n  "access_token": "k"\n}', "holds JSON; put the key alone there, without quotes, on one line", id="JSON"
        ),
        pytest.param('"k"', "holds JSON; put the key alone there, without quotes, on one line", id="quotes"),
        pytest.param("schl\u00fcssel", "is no file with a key that can be read", id="no ASCII"),
    ],
)
def test_file_without_a_key_is_named_and_nothing_leaves(
    desk: Desk, tmp_path: Path, holds: str | None, because: str
) -> None:
    """Nobody is asked without what was to let us in: whoever empties the file switches the model off."""
    token = tmp_path / "token"
    if holds is not None:
        token.write_text(holds, encoding="utf-8")

    written, asked = _written(desk, says("{}"), token)

    assert written.block["because"] == f"DEBRIEF_LLM_API_KEY_FILE ({token}) {because}"
    assert asked == 0


@pytest.mark.parametrize(
    ("hangs", "setting"),
    [
        pytest.param("bot.endpoint_checks._held_in", "llm_api_key_file", id="key"),
        pytest.param("bot.llm.endpoint._tls", "llm_ca_file", id="certificates"),
    ],
)
def test_file_system_that_hangs_holds_no_draft_up(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hangs: str, setting: str
) -> None:
    """A read that does not come back, as of a mount that is away, ends for the draft long before its patience."""
    token, comes_back = tmp_path / "token", threading.Event()
    token.write_text("of-this-hour\n")
    monkeypatch.setattr(hangs, lambda *_: comes_back.wait(20))
    began = time.monotonic()

    with endpoint(says("{}")) as fake:
        over = asking(fake.url, **{setting: token})
        written, _ = Desk(room=desk.room, number=desk.number, channel=desk.channel, over=over).write()
    took = time.monotonic() - began
    comes_back.set()

    name = f"DEBRIEF_{setting.upper()} ({token})"
    told = f"{name} could not be read within 2.5 s; look whether the file system hangs. Nothing was sent"
    assert (written.block["because"], len(fake.received)) == (told, 0)
    assert took < 15


@pytest.mark.parametrize("make", [pytest.param(os.mkfifo, id="pipe"), pytest.param(os.mkdir, id="folder")])
def test_what_is_no_regular_file_holds_no_draft_up(desk: Desk, tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A pipe into which nobody writes has no end: the draft would wait for it, whatever its patience."""
    token = tmp_path / "token"
    make(token)

    written, asked = _written(desk, says("{}"), token)

    because = "is no regular file; name one that holds the key in one line"
    assert written.block["because"] == f"DEBRIEF_LLM_API_KEY_FILE ({token}) {because}"
    assert asked == 0


def test_longest_key_is_used_whole(desk: Desk, tmp_path: Path) -> None:
    """The limit is far above what identity providers give out, and cuts nothing."""
    token, received = tmp_path / "token", list[str]()
    token.write_text(f"{'k' * 16_383}\n")

    def keeps(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        received.append(handler.headers["Authorization"])
        says("{}")(handler, body)

    _written(desk, keeps, token)

    assert received == [f"Bearer {'k' * 16_383}"]
