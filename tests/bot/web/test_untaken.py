"""Deploys, flags and other events that are refused: pipelines seldom look at what they are answered."""

import gzip
from typing import Any

import pytest

from bot.web.changes import KINDS
from tests.bot.slack.test_outages import locked
from tests.operator_notes import notes
from tests.slack_room import Room

EVENT = {"kind": "event", "text": "Certificate renewed"}


def test_operator_is_told_of_events_that_are_not_taken(own_room: Room) -> None:
    """Once an hour of a source that is known, and by what it was refused for; else deploys are missing unseen."""
    refused: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        (EVENT, {"secret": "a-secret-that-was-changed"}),
        (EVENT, {"secret": "a-secret-that-was-changed"}),
        (EVENT, {"at": 1.0}),
        ({**EVENT, "kind": "release"}, {}),
        ({**EVENT, "incident": 99}, {}),
    )
    statuses = [own_room.webhook(body, **how).status for body, how in refused]
    told = notes(own_room, 2)
    own_room.clock.move(minutes=61)
    statuses.append(own_room.webhook({**EVENT, "incident": 99}).status)

    assert statuses == [401, 401, 401, 400, 404, 404]
    assert [note.partition(". ")[0] for note in told] == [
        "Somebody sends events (deploys, flags) as deploys with a signature that is missing, wrong or too old",
        f"An event (deploy, flag) of deploys was refused: `kind` must be one of: {', '.join(KINDS)}",
    ]
    assert "There is no incident #99" in notes(own_room, 3)[-1]


def test_operator_is_not_told_of_what_is_to_be_sent_again(own_room: Room) -> None:
    """A database that is busy for a moment refuses nothing: the sender hears when to send it again."""
    with locked(own_room):
        answer = own_room.webhook(EVENT)
    own_room.webhook({**EVENT, "incident": 99})

    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert ["There is no incident #99" in note for note in notes(own_room, 1)] == [True]


def test_operator_is_not_told_of_what_nobody_is_known_to_send(own_room: Room) -> None:
    """Whoever tries names, or sends what is too large, proves nothing; notes come in the order of what they tell."""
    path = "/webhooks/events/nobody"
    own_room.send(own_room.command("U0RESPONDER", "help"), path)
    own_room.webhook(b" " * 300_000, secret="guessed-by-somebody")
    own_room.webhook(EVENT, secret="guessed-by-somebody")

    assert [note.partition(" (")[0] for note in notes(own_room, 1)] == ["Somebody sends events"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(
            b'{"kind": "event", "text": "it', "line 1, column 27: Unterminated string", id="a quote of the shell"
        ),
        pytest.param(b'{"kind": "event",\n "text": x}', "line 2, column 10: Expecting value", id="without quotes"),
        pytest.param(b'\xef\xbb\xbf{"kind": "event"}', "begins with a byte order mark", id="as PowerShell writes it"),
        pytest.param('{"kind": "event"}'.encode("utf-16"), "It is UTF-16: send it as UTF-8", id="UTF-16"),
        pytest.param(gzip.compress(b'{"kind": "event"}'), "It is compressed: send it as it is", id="compressed"),
        pytest.param(b'{"kind": "event", "text": "\xfc"}', "It breaks at byte 28", id="Latin-1"),
        pytest.param(b"", "It is empty", id="nothing"),
    ],
)
def test_sender_reads_where_a_body_breaks(quick_room: Room, body: bytes, words: str) -> None:
    """Whoever writes a pipeline sees no more of it than this, and neither a byte order mark nor what a shell ate."""
    answers = [quick_room.webhook(body), quick_room.alerts("generic", body)]

    assert [answer.status for answer in answers] == [400, 400]
    assert all(words in answer.json["error"] for answer in answers), answers
