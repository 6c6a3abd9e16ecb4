"""`debrief verify` on the rows of drafts, approvals and publications, which somebody changes by plain SQL."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text

from bot.store.database.engine import Database
from bot.store.record.tables import APPROVAL, PUBLICATION, REVISION
from tests.bot.cli.conftest import Debrief
from tests.dialects import on_both
from tests.erasing import erase_field
from tests.slack_room import ADMIN, APPROVER, COMMANDER, RESPONDER, Room, open_room

#: What somebody writes into the rows of `_published`, and what is told of it; `OF 2` are those of draft 2.
TAMPERED = [
    (
        "UPDATE approval SET is_voided = false WHERE OF 1",
        "the approval of draft 1 does not say rightly whether it is voided",
    ),
    (
        "UPDATE approval SET is_voided = true WHERE OF 2",
        "the approval of draft 2 does not say rightly whether it is voided",
    ),
    (
        "UPDATE approval SET content = (SELECT content FROM approval WHERE OF 2), is_voided = false WHERE OF 1",
        "the approval of draft 1 is not voided, though that is on record",
    ),
    (
        "UPDATE approval SET is_voided = true, content = (SELECT content FROM approval WHERE OF 1 LIMIT 1) WHERE OF 2",
        "the approval of draft 2 is voided, and nothing recorded that",
    ),
    (
        "UPDATE approval SET content = (SELECT content FROM approval WHERE OF 3) WHERE OF 2",
        "the approval of draft 2 is by somebody else than was recorded",
    ),
    (
        "UPDATE approval SET content = hash WHERE OF 2",
        "the approval of draft 2 has another content than it was given with",
    ),
    (
        "UPDATE approval SET hash = (SELECT hash FROM revision WHERE number = 1) WHERE OF 2",
        "the approval of draft 2 is of another hash than was recorded",
    ),
    (
        "UPDATE approval SET is_alone = true WHERE OF 2",
        "the approval of draft 2 does not say rightly whether its author gave it alone",
    ),
    (
        "UPDATE approval SET approved_at = '2026-01-01 00:00:00.000000+00:00' WHERE OF 2",
        "the approval of draft 2 has another time than was recorded",
    ),
    ("DELETE FROM approval WHERE OF 2", "an approval of draft 2 is on record, and gone"),
    (
        "UPDATE approval SET revision_id = (SELECT id FROM revision WHERE number = 2) WHERE OF 3",
        "draft 2 has an approval that was never recorded",
    ),
    (
        "DELETE FROM publication WHERE OF 2 AND target = 'git'",
        "the publication of draft 2 to git is on record, and gone",
    ),
    (
        "UPDATE publication SET state = 'waiting' WHERE OF 2 AND target = 'git'",
        "the publication of draft 2 to git is on record, and its row does not say so",
    ),
    (
        "UPDATE publication SET published_at = '2026-01-01 00:00:00.000000+00:00' WHERE OF 2 AND target = 'git'",
        "the publication of draft 2 to git has another time than was recorded",
    ),
    (
        "UPDATE publication SET location = (SELECT location FROM publication WHERE OF 1) WHERE OF 2 AND target = 'git'",
        "the publication of draft 2 to git has another place than was recorded",
    ),
    (
        "UPDATE publication SET target = 'git' WHERE OF 1 AND target = 'offer'",
        "the publication of draft 1 to git was never recorded",
    ),
    (
        "UPDATE revision SET cites = '[]' WHERE number = 2",
        "draft 2 does not rest on the entries that its document shows",
    ),
    (
        "UPDATE revision SET cites = (SELECT cites FROM revision WHERE number = 1) WHERE number = 2",
        "draft 2 does not rest on the entries that its document shows",
    ),
    (
        "UPDATE revision SET targets = '[\"channel\"]' WHERE number = 2",
        "draft 2 has other targets than were recorded when it was made",
    ),
    (
        "UPDATE revision SET is_superseded = (number <> 2)",
        "draft 2 does not say rightly whether another was made after it",
    ),
    (
        "DELETE FROM publication WHERE OF 3; DELETE FROM approval WHERE OF 3; DELETE FROM revision WHERE number = 3",
        "draft 3 is on record, and gone",
    ),
]


@pytest.fixture
def room(ready_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Yield a room whose database and key are those that `debrief` is told of."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    with open_room(ready_url, own_folder) as opened:
        yield opened


@on_both("ready_url")
def test_row_that_says_otherwise_than_the_chain_is_named(room: Room, debrief: Debrief) -> None:
    """Whatever somebody changes of who signed what, where it went and what it rests on."""
    _published(room)
    whole = debrief("verify")

    found = []
    for statement, _ in TAMPERED:
        with _tampered(room.app.store.database, statement):
            told = json.loads(debrief("verify", "--json").out)
        found.append((statement, [one["sentence"] for one in told["findings"]]))
    afterwards = debrief("verify")

    assert (whole.status, afterwards.status) == (0, 0)
    assert found == [(statement, [f"#1: {sentence}"]) for statement, sentence in TAMPERED]


def test_record_that_lived_and_was_erased_is_whole(room: Room, debrief: Debrief) -> None:
    """Signed, taken back, voided, published twice, flagged, reopened, and then without its title and its approvers."""
    number, channel = _published(room)
    for statement in ("reopen It came back", "resolve"):
        room.ask(COMMANDER, statement, channel)
    _draft(room, number)
    _sign(room, channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    statuses = [debrief("verify").status]

    approved = [event.seq for event in room.events(number) if event.kind == "approved"]
    for what, name in ((1, "text"), *((seq, "actor") for seq in approved)):
        erase_field(room, number, what, name)
        room.settle()
        statuses.append(debrief("verify").status)
    _draft(room, number)
    _sign(room, channel)
    statuses.append(debrief("verify").status)
    with _tampered(room.app.store.database, "UPDATE approval SET is_voided = NOT is_voided"):
        tampered = debrief("verify")

    kinds = {event.kind for event in room.events(number)}
    assert {"approval_voided", "document_flagged", "published", "reopened", "erased"} <= kinds
    assert statuses == [0] * len(statuses)
    assert tampered.status == 1


def _published(room: Room) -> tuple[int, str]:
    """An incident whose draft 1 lost its approval, 2 is published and flagged, and 3 is signed by somebody else."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.join(RESPONDER, channel)
    ts = room.slack.say(channel, RESPONDER, "the switch was thrown")
    room.react(RESPONDER, channel, ts)
    room.settle()
    room.edit(channel, ts, "the switch was thrown twice")
    room.ask(COMMANDER, "resolve", channel)
    _draft(room, number)
    _sign(room, channel)
    room.ask(APPROVER, "unapprove", channel)
    _sign(room, channel)
    room.ask(COMMANDER, "milestone detection 5m ago", channel)
    _draft(room, number)
    _sign(room, channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    room.ask(RESPONDER, "milestone mitigation 2m ago", channel)
    _draft(room, number, ADMIN)
    _sign(room, channel, COMMANDER)
    return number, channel


def _draft(room: Room, number: int, person: str = COMMANDER) -> None:
    room.clock.move(minutes=31)
    room.ask(person, f"#{number} draft")
    room.wait_for_draft(number)
    room.settle()


def _sign(room: Room, channel: str, person: str = APPROVER) -> None:
    answer = room.ask(person, f"approve {room.shown_hash(channel)}", channel)
    room.settle()
    assert answer.startswith("You approved"), answer


@contextmanager
def _tampered(database: Database, statements: str) -> Iterator[None]:
    """Change the rows of documents, and put them back as they were."""
    tables = (REVISION, APPROVAL, PUBLICATION)
    with database.write_engine.begin() as connection:
        before = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}
        plain = re.sub(r"OF (\d)", r"revision_id IN (SELECT id FROM revision WHERE number = \1)", statements)
        changed = [connection.execute(text(statement)).rowcount for statement in plain.split("; ")]
    assert all(changed), f"nothing to change: {statements}"
    try:
        yield
    finally:
        with database.write_engine.begin() as connection:
            for table in reversed(tables):
                connection.execute(delete(table))
            for table in tables:
                connection.execute(insert(table), before[table])
