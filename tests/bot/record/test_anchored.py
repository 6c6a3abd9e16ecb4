"""A record that people lived: anchored while the bot runs, verified by the command line, erased where asked."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from analysis.events import EventKind
from analysis.timeline import timeline
from bot.cli import main
from bot.store.proof.anchors import read_anchors
from tests import slack_requests as requests
from tests.erasing import erase_field
from tests.markdown import render
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Room, open_room

Verify = Callable[[], dict[str, Any]]


@pytest.fixture
def anchored(ready_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room on each database that writes heads down all the time."""
    with open_room(ready_url, tmp_path, anchor_interval_seconds=0.02) as room:
        yield room


@pytest.fixture
def verify(anchored: Room, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Return what runs `debrief verify` on the room's database, offline, with its anchors."""
    settings = anchored.settings

    def run() -> dict[str, Any]:
        capsys.readouterr()
        arguments = ["--database", settings.database_url, "--key-file", str(settings.key_file)]
        with pytest.raises(SystemExit):
            main(["verify", *arguments, "--anchors", str(settings.anchors_file), "--json"])
        return dict(json.loads(capsys.readouterr().out))

    return run


def live(room: Room) -> tuple[int, str, str]:
    """An incident with a marked and edited message, a note, a severity, an end; its number, channel and message."""
    number, channel = room.declare()
    message = room.slack.find_message(channel, room.slack.say(channel, OTHER, "Erika's key is in the log"))
    room.react(RESPONDER, channel, message["ts"])
    room.settle()
    room.event(requests.edit(channel, message, "Erika's key was in the log", at=room.slack.next_ts()))
    room.ask(RESPONDER, f"#{number} note rolled back")
    room.ask(COMMANDER, f"#{number} severity SEV1")
    room.ask(COMMANDER, f"#{number} resolve")
    room.settle()
    return number, channel, message["ts"]


def wait_until_anchored(room: Room, number: int) -> None:
    """Let the schedule write the incident's head down."""
    last = room.events(number)[-1]
    file = room.settings.anchors_file
    assert file

    def is_written() -> bool:
        found = read_anchors(file).anchors if file.exists() else ()
        return any((one.seq, one.hash) == (last.seq, last.hash) for one in found)

    room.wait_for("the anchor", is_written)


def tamper(room: Room, number: int, *statements: str) -> None:
    """Run plain SQL as the database's owner could; `ENTRY` stands for the incident's entry of a number."""
    with room.app.store.database.write_engine.begin() as connection:
        chosen = connection.execute(text("SELECT id FROM incident WHERE number = :number"), {"number": number})
        of = chosen.scalar_one()
        for statement in statements:
            connection.execute(text(statement.replace("ENTRY", "WHERE incident_id = :of AND seq")), {"of": of})


def test_lived_record_verifies_with_its_anchors(anchored: Room, verify: Verify) -> None:
    """After marks, edits and changes of state every chain, state and anchor agrees."""
    number, _, _ = live(anchored)
    wait_until_anchored(anchored, number)

    found = verify()

    assert (found["ok"], found["findings"]) == (True, [])
    assert found["entries"] >= 12


CUT = "DELETE FROM timeline_event ENTRY > 9"
HEAD_BACK = (
    "UPDATE incident SET sequence_head = 9, head_hash = (SELECT hash FROM timeline_event ENTRY = 9) WHERE id = :of"
)
#: What the database's owner does to an incident each, and what must be found in it.
TAMPERED: Mapping[tuple[str, ...], tuple[int, str]] = {
    ("UPDATE timeline_event SET source = 'import' ENTRY = 6",): (6, "altered"),
    ("DELETE FROM timeline_event ENTRY = 7",): (7, "removed"),
    (
        "UPDATE timeline_event SET seq = -1 ENTRY = 6",
        "UPDATE timeline_event SET seq = 6 ENTRY = 8",
        "UPDATE timeline_event SET seq = 8 ENTRY = -1",
    ): (6, "reordered"),
    (CUT,): (10, "truncated"),
    (CUT, HEAD_BACK): (10, "truncated"),
    ("UPDATE timeline_event SET text_salt = NULL, text_sealed = NULL ENTRY = 6",): (6, "unexplained_erasure"),
}


@pytest.mark.thorough
def test_tampering_with_lived_records_is_named(anchored: Room, verify: Verify) -> None:
    """Plain SQL on six incidents: each is named with the entry where it begins, the untouched seventh is not."""
    numbers = [live(anchored)[0] for _ in range(len(TAMPERED) + 1)]
    for number in numbers:
        wait_until_anchored(anchored, number)

    for number, statements in zip(numbers, TAMPERED, strict=False):
        tamper(anchored, number, *statements)

    found = {one["incident"]: (one["seq"], one["fault"]) for one in verify()["findings"]}
    assert found == {f"#{number}": wanted for number, wanted in zip(numbers, TAMPERED.values(), strict=False)}


@pytest.mark.thorough
def test_erased_words_stay_gone(anchored: Room, verify: Verify) -> None:
    """A message erased on request is on the timeline without its words, and no later edit brings them back."""
    number, channel, ts = live(anchored)
    label = next(one.label for one in timeline(anchored.events(number)) if one.event.kind is EventKind.MESSAGE)
    erase_field(anchored, number, label)
    known = anchored.slack.find_message(channel, ts)
    second = f"{int(float(ts))}.000000"
    for before in (known, {**known, "text": "Erika's key was in the log", "edited": {"user": OTHER, "ts": second}}):
        anchored.event(requests.edit(channel, before, "gone", at=anchored.slack.next_ts()))
    wait_until_anchored(anchored, number)

    words = [event.text for event in anchored.events(number) if event.kind is EventKind.MESSAGE]

    assert not [word for word in words if "Erika" in word]
    assert "Erika" not in draft(anchored, number)
    assert verify()["ok"]


def draft(room: Room, number: int) -> str:
    """Draft the postmortem and return it."""
    room.draft(COMMANDER, text=f"#{number} draft")
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        return render(reads.revisions(incident.id)[-1].document)
