"""A record that somebody changed behind Debrief's back is found, and so is the first place where."""

from datetime import timedelta

import pytest

from analysis.chain import CONTENT_FIELDS
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.people import Access, Person
from analysis.verification import Fault
from bot.ports.records import Changes, erasure_key
from bot.store.proof.verification import verify_database
from bot.usecases.asking import Command
from bot.usecases.timeline.open_log import open_log
from tests.bot.store.parts import START, Store, make_event
from tests.bot.store.tampering import delete, edit, eight_entries, found, tamper, verify
from tests.dialects import on_sqlite_first
from tests.effort import thinned

#: Values that differ from what is there, of a type that the column takes.
EDITS = {
    "id": "incident_id",
    "kind": "'note!'",
    "occurred_at": "recorded_at",
    "precision": "'day'",
    "recorded_at": "occurred_at",
    "source": "'import'",
    "natural_key": "'another'",
    "refers_to": "id",
    "hash": "text_commitment",
    **{f"{field}_salt": "substr(hash, 1, 16)" for field in CONTENT_FIELDS},
    **{f"{field}_commitment": "hash" for field in CONTENT_FIELDS},
    **{f"{field}_sealed": "hash" for field in CONTENT_FIELDS},
}
RUBBISH = ("id", "seq", "occurred_at", "recorded_at", "precision", "hash", "text_salt", "text_commitment")


@pytest.fixture
def incident(store: Store) -> Incident:
    """Return an incident with eight entries."""
    return eight_entries(store)


def test_untouched_record_passes(store: Store, incident: Incident) -> None:
    """What Debrief wrote verifies, with every entry looked at."""
    report = verify(store)

    assert (report.incidents, report.entries, report.findings) == (2, 10, ())


@on_sqlite_first("database")
@pytest.mark.parametrize("column", thinned(sorted(EDITS), every=2))
def test_edited_column_is_named(store: Store, incident: Incident, column: str) -> None:
    """Whatever column of an entry is edited, that entry is named."""
    edit(store, incident, 4, f"{column} = {EDITS[column]}")

    assert found(store) == (("#2", 4, Fault.ALTERED),)


def test_moved_entry_is_named(store: Store, incident: Incident) -> None:
    """An entry with another place leaves a hole at its own."""
    edit(store, incident, 4, "seq = 40")

    assert found(store) == (("#2", 4, Fault.REMOVED),)


@pytest.mark.parametrize("column", RUBBISH)
def test_rubbish_in_a_column_is_named_not_choked_on(file_store: Store, column: str) -> None:
    """A value that cannot even be read, which only SQLite takes, is tampering and not a reason to give up."""
    incident = eight_entries(file_store)

    edit(file_store, incident, 4, f"{column} = 'rubbish'")

    assert [(name, seq) for name, seq, _ in found(file_store)] == [("#2", 4)]


def test_endless_time_is_named_not_choked_on(store: Store, incident: Incident) -> None:
    """A time that the driver cannot represent is tampering, too."""
    forever = "'9999-99-99'" if store.database.is_sqlite else "'infinity'"

    edit(store, incident, 4, f"occurred_at = {forever}")

    assert found(store) == (("#2", 4, Fault.ALTERED),)


@on_sqlite_first("database")
@pytest.mark.parametrize("seq", [1, 4, 7])
def test_deleted_entry_is_named(store: Store, incident: Incident, seq: int) -> None:
    """A hole is found where it is."""
    delete(store, incident, f"seq = {seq}")

    assert found(store) == (("#2", seq, Fault.REMOVED),)


def test_deleted_entry_whose_followers_moved_up_is_named(store: Store, incident: Incident) -> None:
    """Closing the hole does not hide it."""
    delete(store, incident, "seq = 4")

    tamper(
        store,
        incident,
        "UPDATE timeline_event SET seq = seq + 100 WHERE incident_id = :incident AND seq > 4",
        "UPDATE timeline_event SET seq = seq - 101 WHERE incident_id = :incident AND seq > 100",
    )

    assert [(name, seq) for name, seq, _ in found(store)] == [("#2", 4)]


def test_swapped_entries_are_named(store: Store, incident: Incident) -> None:
    """Two entries that changed places are found at the first of the two."""
    edit(store, incident, 3, "seq = 100")
    edit(store, incident, 6, "seq = 3")
    edit(store, incident, 100, "seq = 6")

    assert found(store) == (("#2", 3, Fault.REORDERED),)


def test_added_entry_is_named(store: Store, incident: Incident) -> None:
    """An entry that was put behind the head is found."""
    sealed = ", ".join(f"{field}_{part}" for field in CONTENT_FIELDS for part in ("salt", "commitment", "sealed"))
    columns = f"incident_id, kind, occurred_at, precision, recorded_at, source, refers_to, hash, {sealed}"
    forged = f"SELECT '00000000000000000000000000000abc', 9, 'forged', {columns} FROM timeline_event"  # noqa: S608
    forged = forged if store.database.is_sqlite else forged.replace("abc',", "abc'::uuid,")

    tamper(
        store,
        incident,
        f"INSERT INTO timeline_event (id, seq, natural_key, {columns}) {forged} "
        "WHERE incident_id = :incident AND seq = 8",
    )

    assert found(store) == (("#2", 9, Fault.ALTERED),)


def test_cut_tail_is_named_by_the_head(store: Store, incident: Incident) -> None:
    """Without the last entries the incident's own head gives them away."""
    delete(store, incident, "seq > 5")

    assert found(store) == (("#2", 6, Fault.TRUNCATED),)


@on_sqlite_first("database")
@pytest.mark.parametrize("assignment", ["sequence_head = 7", "head_hash = content"])
def test_edited_head_is_named(store: Store, incident: Incident, assignment: str) -> None:
    """The head itself cannot be changed unnoticed."""
    tamper(store, incident, f"UPDATE incident SET {assignment} WHERE id = :incident")  # noqa: S608

    assert [(name, fault) for name, _, fault in found(store)] == [("#2", Fault.ALTERED)]


def test_entries_without_their_incident_are_not_passed_over(file_store: Store) -> None:
    """Removing only the incident, which only SQLite can be made to do, leaves entries that are still found."""
    incident = eight_entries(file_store)
    with file_store.database.read_engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA query_only = OFF")
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM incident WHERE id = ?", (incident.id.hex,))

    assert [fault for _, _, fault in found(file_store)] == [Fault.ALTERED]


def test_every_tampered_incident_is_named(store: Store, incident: Incident) -> None:
    """One finding does not hide the next incident's."""
    tamper(store, incident, "UPDATE timeline_event SET source = 'import' WHERE seq = 2")

    assert found(store) == (("#1", 2, Fault.ALTERED), ("#2", 2, Fault.ALTERED))


def test_chain_is_verified_without_the_key(store: Store, incident: Incident) -> None:
    """An auditor without the key verifies everything but the contents, and is told so."""
    whole = verify_database(store.database, sealer=None, anchors=None)

    edit(store, incident, 4, "source = 'import'")
    edited = verify_database(store.database, sealer=None, anchors=None)

    assert (whole.findings, whole.entries) == ((), 10)
    assert "contents were not opened" in whole.caveats[0]
    assert [(finding.seq, finding.fault) for finding in edited.findings] == [(4, Fault.ALTERED)]


@on_sqlite_first("database")
@pytest.mark.parametrize(
    "assignment",
    thinned(
        [
            "status = 'closed'",
            "severity = 'SEV5'",
            "visibility = 'private'",
            "phase = 9",
            "channel_id = 'C9'",
            "card_ts = '9.9'",
            "duplicate_of = 9",
            "declared_at = changed_at",
            "content = head_hash",
        ],
        every=3,
    ),
)
def test_incident_row_that_its_entries_do_not_say_is_named(store: Store, incident: Incident, assignment: str) -> None:
    """The state that people are shown cannot be edited past the record."""
    status = make_event(kind=EventKind.STATUS_CHANGED, payload={"to": "mitigating"}, recorded_at=START + timedelta(1))
    store.append(incident, status)
    whole = found(store)

    tamper(store, incident, f"UPDATE incident SET {assignment} WHERE id = :incident")  # noqa: S608

    assert whole == ()
    assert found(store) == (("#2", 9, Fault.ALTERED),)
    assert "own row" in verify(store).findings[0].sentence


def test_workspace_log_is_no_incident_to_fold(store: Store) -> None:
    """The log is opened closed, which is no tampering."""
    person = Person(id="slack:U1", access=frozenset({Access.ADMIN}))
    command = Command(person=person, workspace_id=store.workspace, natural_key="log")

    store.writer.submit(open_log, command).result()

    assert found(store) == ()


def test_incident_with_erased_content_passes(store: Store, incident: Incident) -> None:
    """What was erased can no longer be folded, and that is no tampering either."""
    role = make_event(kind=EventKind.ROLE_ASSIGNED, payload={"role": "scribe", "person": "slack:U9"})
    store.append(incident, role)
    erased = make_event(kind=EventKind.ERASED, natural_key=erasure_key(9, "payload"))
    changes = Changes(incident=incident, events=(erased,), erasures=((incident.id, 9, "payload"),))

    store.write(lambda _reads, _command: changes)

    assert found(store) == ()
