"""Whoever copies the database without the key file learns when things happened, and nothing of what."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from analysis.events import EventKind, NewEvent
from analysis.incident import Incident
from bot.ports.records import (
    Approval,
    Changes,
    DeliveryKind,
    HeldMessage,
    KnownPerson,
    NewDelivery,
    Publication,
    PublicationState,
    Reply,
    Revision,
    erasure_key,
)
from bot.store.record.expiry import Expiry
from bot.store.record.tables import METADATA
from tests.bot.store.parts import START, Store, make_event, make_key

NOBODY: frozenset[str] = frozenset()
CANARY = "Kanarienvogel"


def fill(store: Store) -> None:
    """Put the canary into every content that the store keeps."""
    incident = store.declare(f"{CANARY} title")
    arguments = {"sentence": f"{CANARY} sentence"}
    delivery = NewDelivery(id=UUID(int=1), kind=DeliveryKind.TELL_PERSON, lane="people", arguments=arguments)
    changes = Changes(
        reply=Reply(text=f"{CANARY} reply"),
        incident=incident,
        events=telling_events(),
        deliveries=(delivery,),
        held=(HeldMessage(channel="C1", ts="1.2", body={"text": f"{CANARY} held"}),),
        **telling_documents(incident),
    )
    store.write(lambda _reads, _command: changes, key=make_key())
    (claimed,) = store.outbox.claim(limit=1, busy_lanes=NOBODY)
    store.outbox.settle_sent(claimed, {"ts": "1.2"}, None, pause=timedelta(0))
    store.people.save_people([KnownPerson(slack_id="U1", name=f"{CANARY} Müller", zone="UTC")])


def telling_events() -> tuple[NewEvent, ...]:
    """Return events with the canary in each field that an incident's row repeats."""
    return (
        make_event(text=f"{CANARY} text", actor=f"{CANARY} actor", payload={CANARY: f"{CANARY} payload"}),
        make_event(kind=EventKind.IMPACT_SET, text=f"{CANARY} impact"),
        make_event(kind=EventKind.ROLE_ASSIGNED, payload={"role": "scribe", "person": f"{CANARY} person"}),
        make_event(kind=EventKind.CHANNEL_LINKED, payload={"channel": "C1", "name": f"inc-1-{CANARY}"}),
    )


def telling_documents(incident: Incident) -> dict[str, Any]:
    """Return a revision, its approval and its publication with the canary in each content."""
    revision = Revision(
        id=UUID(int=2),
        incident_id=incident.id,
        number=1,
        document={"summary": f"{CANARY} document"},
        hash=b"h",
        ledger_seq=1,
        ledger_hash=b"l",
        authors=frozenset({f"{CANARY} author"}),
        cites=frozenset({incident.id}),
        targets=("git",),
        created_at=START,
    )
    of_revision = {"revision_id": revision.id}
    approval = Approval(id=UUID(int=3), approver=f"{CANARY} approver", hash=b"h", approved_at=START, **of_revision)
    publication = Publication(
        id=UUID(int=4), target="git", state=PublicationState.PUBLISHED, where=f"{CANARY}.md", **of_revision
    )
    return {"revision": revision, "approval": approval, "publications": (publication,)}


def stored_values(store: Store) -> Iterator[bytes]:
    """Yield every value of every table as bytes."""
    with store.database.reading() as connection:
        for table in METADATA.tables.values():
            for row in connection.execute(select(table)):
                for value in row:
                    yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def raw_files(folder: Path) -> bytes:
    """Read the database file with its log, as somebody with the disk would."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("debrief.db*")))


def test_no_content_lies_open_in_any_table(store: Store) -> None:
    """The canary went into every kind of content and is in no column."""
    fill(store)

    values = list(stored_values(store))

    assert len(values) > 100
    assert [value for value in values if CANARY.encode() in value] == []


def test_no_content_lies_open_in_the_files(file_store: Store, tmp_path: Path) -> None:
    """Neither the database file nor its log holds the canary, before and after a checkpoint."""
    fill(file_store)

    before = raw_files(tmp_path)
    with file_store.database.write_engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    after = raw_files(tmp_path)

    assert b"declared" in before
    assert b"declared" in after
    assert CANARY.encode() not in before + after


def test_files_hold_no_key(file_store: Store, tmp_path: Path) -> None:
    """The key lies beside the database, never in it."""
    fill(file_store)

    key = (tmp_path / "debrief.key").read_bytes()

    assert len(key) == 32
    assert key not in raw_files(tmp_path)


def test_erased_content_is_gone_from_the_files(file_store: Store, tmp_path: Path) -> None:
    """Not even who has the files and the key finds the salt or the ciphertext of what was erased."""
    incident = file_store.declare()
    with file_store.database.reading() as connection:
        salt, sealed = connection.execute(text("SELECT text_salt, text_sealed FROM timeline_event")).one()

    before = raw_files(tmp_path)
    _erase_title(file_store, incident)
    file_store.writer.call(lambda _transaction: None).result()
    after = raw_files(tmp_path)

    assert (salt in before, sealed in before) == (True, True)
    assert (salt in after, sealed in after) == (False, False)


def test_erased_content_that_somebody_reads_is_gone_once_they_have_ended(file_store: Store, tmp_path: Path) -> None:
    """A backup that is running keeps the old bytes in the files: whoever erases is told, and they go behind it."""
    incident = file_store.declare()
    expiry = Expiry(file_store.writer)
    with file_store.database.reading() as connection:
        sealed = connection.execute(text("SELECT text_sealed FROM timeline_event")).scalar()
        _erase_title(file_store, incident)
        told = file_store.writer.traces_left()
        expiry.clear()
        while_read = raw_files(tmp_path)
    expiry.clear()
    _erase_title(file_store, file_store.declare())

    assert sealed in while_read
    assert told.startswith("What was erased is not overwritten in the database's files yet")
    assert sealed not in raw_files(tmp_path)
    assert file_store.writer.traces_left() == ""


def _erase_title(store: Store, incident: Incident) -> None:
    event = make_event(kind=EventKind.ERASED, payload={}, natural_key=erasure_key(1, "text"))
    changes = Changes(incident=incident, events=(event,), erasures=((incident.id, 1, "text"),))
    store.write(lambda _reads, _command: changes)
