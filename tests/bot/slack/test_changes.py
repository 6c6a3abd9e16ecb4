"""Deploys, flags and events that name no incident are found from one, with their links, and taken into its record."""

import itertools
import threading
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql_event

from bot.usecases.timeline.changes_around import changes_around
from tests.effort import leading
from tests.erasing import erase_field
from tests.slack_room import OTHER, RESPONDER, Room

_NUMBERS = itertools.count(1)
LINK = "https://deploys.example/run?id=4711&step=2"
IN_SLACK = "<https://deploys.example/run?id=4711&amp;step=2|deploys.example>"


def report(room: Room, text: str, *, ago: timedelta = timedelta(minutes=10), **more: Any) -> int:
    """Let a system report a deploy to the workspace's log; returns its place there."""
    at = room.clock.now() - ago
    body = {"kind": "deploy", "service": "payments", "at": at.isoformat(), "text": text, **more}
    answer = room.webhook(body, key=f"change-{next(_NUMBERS)}-{text}")
    assert answer.json["message"] == "Recorded in the workspace's log."
    return room.events(0)[-1].seq


def rows(room: Room, user: str, number: int, words: str = "") -> dict[str, Mapping[str, Any]]:
    """What `changes` shows, by the words of each row."""
    blocks = room.say(user, f"#{number} changes {words}").json["blocks"]
    return {block["text"]["text"]: block for block in blocks[1:]}


def row(shown: Mapping[str, Mapping[str, Any]], words: str) -> str:
    """The one row with *words*."""
    (found,) = [text for text in shown if words in text]
    return found


@pytest.mark.parametrize("door", ["verb", "button"])
def test_change_is_found_with_its_link_and_taken_into_the_timeline(room: Room, door: str) -> None:
    """It stands at its own time, by its sender, once; then `changes` says so, and the link is there, too."""
    text = f"payments rolled out by {door} {next(_NUMBERS)}"
    seq = report(room, text, link=LINK)
    number, channel = room.declare()

    found = row(rows(room, RESPONDER, number), text)
    press = rows(room, RESPONDER, number)[found]["accessory"]
    if door == "verb":
        answers = [room.ask(RESPONDER, f"#{number} attach C-{seq}") for _ in range(2)]
    else:
        answers = [room.press(RESPONDER, press["action_id"], press["value"]) for _ in range(2)]
    room.settle()

    (event,) = [event for event in room.events(number) if event.kind == "deploy"]
    (line,) = [line for line in room.timeline(RESPONDER, number) if text in line]
    assert found.startswith(f"`C-{seq}` ")
    assert found.endswith(IN_SLACK)
    assert answers[0].startswith(f"C-{seq} is on the timeline of #{number} at ")
    assert answers[1] == f"C-{seq} is on the record of #{number} already."
    assert (event.actor, event.source, event.text) == ("webhook:deploys", "webhook", text)
    assert (event.occurred_at, event.payload["attached_by"]) == (
        room.events(0)[seq - 1].occurred_at,
        f"slack:{RESPONDER}",
    )
    assert line.endswith(IN_SLACK)
    assert IN_SLACK in str(room.card(channel)["blocks"])
    taken = rows(room, RESPONDER, number)
    assert row(taken, text).endswith("(on the timeline)")
    assert "accessory" not in taken[row(taken, text)]


def test_button_from_before_a_restore_takes_in_no_other_change(room: Room) -> None:
    """The database came back from a copy and gave the number again: nothing that nobody meant is on record."""
    seq = report(room, f"payments rolled out {next(_NUMBERS)}")
    number, _ = room.declare()
    shown = rows(room, RESPONDER, number)
    button = shown[row(shown, f"`C-{seq}` ")]["accessory"]
    action, _, _ = str(button["action_id"]).rpartition("|")

    refused = room.press(RESPONDER, f"{action}|{uuid.uuid4()}", button["value"])

    gone = f"a C-{seq} that is not on record any more, because the database was brought back from a copy"
    assert gone in refused
    assert [event for event in room.events(number) if event.kind == "deploy"] == []


def test_link_of_a_change_is_in_the_draft(quick_room: Room) -> None:
    """Whoever reviews the document reaches the deploy from its line."""
    seq = report(quick_room, "payments 4712", link=LINK)
    number, _ = quick_room.declare()
    for words in (f"attach C-{seq}", "resolve confirm", "role commander me", "draft"):
        quick_room.ask(RESPONDER, f"#{number} {words}")
    quick_room.wait_for_draft(number)

    with quick_room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(quick_room.app.workspace_id, number)
        assert incident is not None
        document = reads.revisions(incident.id)[0].document

    assert [line["link"] for line in document["timeline"] if "payments 4712" in line["text"]] == [LINK]


@pytest.mark.parametrize(
    "link",
    leading(
        1,
        [
            pytest.param("https://bank.example@evil.example/", id="user-before-the-host"),
            pytest.param("https://evil.example/|https://bank.example", id="label"),
            pytest.param("https://evil.example/> <!channel", id="end-of-markup"),
            pytest.param("https://b\u0430nk.example/", id="letters-that-look-alike"),
        ],
    ),
)
def test_link_that_is_not_plain_https_is_no_link(quick_room: Room, link: str) -> None:
    """What could lead elsewhere than it says is kept on record and shown nowhere."""
    seq = report(quick_room, f"payments {next(_NUMBERS)}", link=link)
    number, _ = quick_room.declare()
    quick_room.ask(RESPONDER, f"#{number} attach C-{seq}")

    seen = [row(rows(quick_room, RESPONDER, number), f"C-{seq}`"), *quick_room.timeline(RESPONDER, number)]

    assert "evil" not in str(seen)
    assert "nk.example" not in str(seen)


def test_what_a_change_says_is_escaped(quick_room: Room) -> None:
    """A text of a system notifies nobody and forms no link."""
    report(quick_room, "<!channel> <https://evil.example|bank> @here")
    number, _ = quick_room.declare()

    found = row(rows(quick_room, RESPONDER, number), "evil.example")

    assert "&lt;!channel&gt; &lt;https://evil.example|bank&gt; @\u2060here" in found


def test_changes_are_those_around_the_start(own_room: Room) -> None:
    """Six hours before it unless more is asked for; the start is when the fault occurred, if that is on record."""
    room = own_room
    for name, ago in {"old": 20, "early": 7, "near": 1}.items():
        report(room, name, ago=timedelta(hours=ago))
    number, _ = room.declare()

    def seen(words: str = "") -> list[str]:
        return [text.rsplit(maxsplit=1)[-1] for text in rows(room, RESPONDER, number, words)]

    usual, more = seen(), seen("24h")
    room.ask(RESPONDER, f"#{number} milestone occurrence 3h ago")
    earlier = seen()
    room.clock.move(hours=3)
    report(room, "late", ago=timedelta(minutes=5))

    assert (usual, more, earlier) == (["near"], ["old", "early", "near"], ["early", "near"])
    assert seen() == ["early", "near"]


@pytest.mark.thorough
def test_looking_at_many_changes_asks_as_often_as_for_one(own_room: Room) -> None:
    """Which of them are on the timeline is one question."""
    room = own_room
    number, _ = room.declare()

    def asked() -> int:
        threads: list[int] = []
        engine = room.app.store.database.read_engine

        def on_query(*_: object) -> None:
            threads.append(threading.get_ident())

        with room.app.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(room.app.workspace_id, number)
            assert incident is not None
            sql_event.listen(engine, "before_cursor_execute", on_query)
            changes_around(reads, incident, 6)
            sql_event.remove(engine, "before_cursor_execute", on_query)
        return threads.count(threading.get_ident())

    report(room, "the first")
    of_one = asked()
    for each in range(5):
        report(room, f"one more {each}")

    assert of_one == asked() > 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    leading(
        1,
        [
            pytest.param(
                "changes yesterday", "Say how many hours before the start, 1 to 72: `changes 12h`.", id="words"
            ),
            pytest.param("changes 0h", "Say how many hours before the start, 1 to 72: `changes 12h`.", id="none"),
            pytest.param("changes 99h", "Say how many hours before the start, 1 to 72: `changes 12h`.", id="too-many"),
            pytest.param("attach C-1", "There is no change C-1.", id="the-opening-of-the-log"),
            pytest.param("attach C-999999999", "There is no change C-999999999.", id="no-change"),
            pytest.param("attach 7", "Say which group of alerts", id="a-bare-number"),
        ],
    ),
)
def test_what_names_no_change_is_refused(quick_room: Room, words: str, sentence: str) -> None:
    """One sentence says what to write, and nothing is recorded."""
    number, _ = quick_room.declare()
    before = len(quick_room.events(number))

    answer = quick_room.ask(RESPONDER, f"#{number} {words}")

    assert answer.startswith(sentence)
    assert len(quick_room.events(number)) == before


def test_old_change_is_not_taken_in(quick_room: Room) -> None:
    """Like a note, it may lie at most a day before the declaration."""
    seq = report(quick_room, "payments of the week before", ago=timedelta(hours=30))
    number, _ = quick_room.declare()

    answer = quick_room.ask(RESPONDER, f"#{number} attach C-{seq}")

    assert answer.startswith(f"C-{seq} is from more than 24 hours before the declaration of #{number}.")
    assert [event for event in quick_room.events(number) if event.kind == "deploy"] == []


@pytest.mark.parametrize("field", ["text", "payload"])
def test_erased_change_is_listed_as_erased_and_not_taken_in(quick_room: Room, field: str) -> None:
    """It was erased in another incident, and so in the log: nothing of it is told, and no button offers it."""
    seq = report(quick_room, f"ledger of Jane Roe rolled out {next(_NUMBERS)}", link=LINK)
    other, _ = quick_room.declare()
    quick_room.ask(RESPONDER, f"#{other} attach C-{seq}")
    (taken,) = [event.seq for event in quick_room.events(other) if event.kind == "deploy"]
    erase_field(quick_room, other, taken, field)
    number, _ = quick_room.declare()

    shown = rows(quick_room, RESPONDER, number)
    answer = quick_room.ask(RESPONDER, f"#{number} attach C-{seq}")

    listed = row(shown, f"`C-{seq}`")
    assert listed.endswith(": The text was erased on request.")
    assert "accessory" not in shown[listed]
    assert answer == f"C-{seq} was erased on request, so there is nothing left to take in."
    assert [event for event in quick_room.events(number) if event.kind == "deploy"] == []


def test_nothing_known_is_said(own_room: Room) -> None:
    """With no change in the window the answer says which window that was."""
    number, _ = own_room.declare()

    answer = own_room.ask(OTHER, f"#{number} changes")

    assert answer.startswith(f"No deploy, feature flag or event is known around the start of #{number}, from ")
