"""Facts go in through the writer and come back as they were, once each, in one order."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chain import GENESIS
from analysis.events import EventKind, NewEvent
from analysis.incident import Role, Severity, Status
from analysis.milestones import phases
from analysis.timeline import timeline
from bot.ports.records import Changes
from tests.bot.store.parts import START, Store, appending, declaring, make_event, note
from tests.dialects import on_sqlite_first
from tests.effort import ON_FIXTURES, examples


def test_event_comes_back_as_it_was_written(store: Store) -> None:
    """Every field of an event survives the database."""
    incident = store.declare()
    event = note(1, payload={"list": [1, 2.5, None, {"deep": "ü"}]}, text="ü 漢 \u0000 🚒", refers_to=UUID(int=7))

    store.append(incident, event)

    stored = store.events(incident)[1]
    assert {each.name: getattr(stored, each.name) for each in fields(event)} == {
        each.name: getattr(event, each.name) for each in fields(event)
    }
    assert (stored.incident_id, stored.seq, stored.erased) == (incident.id, 2, frozenset())


def test_instant_comes_back_aware_and_in_utc(store: Store) -> None:
    """A time of any zone is the same instant afterwards, to the microsecond."""
    incident = store.declare()
    late = datetime(2026, 3, 1, 23, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5, minutes=-30)))

    store.append(incident, note(1, occurred_at=late))

    stored = store.events(incident)[1]
    assert (stored.occurred_at, stored.occurred_at.tzinfo) == (late, UTC)


def test_incident_comes_back_with_what_its_events_made_of_it(store: Store) -> None:
    """The stored state is the fold of the ledger, whatever the kinds of its events."""
    incident = store.declare("Kartenzahlungen fallen aus")
    changes = (
        make_event(kind=EventKind.STATUS_CHANGED, payload={"to": "mitigating"}),
        make_event(kind=EventKind.SEVERITY_CHANGED, payload={"to": "SEV1"}),
        make_event(kind=EventKind.ROLE_ASSIGNED, payload={"role": "scribe", "person": "slack:U2"}),
        make_event(kind=EventKind.IMPACT_SET, text="One payment in three fails."),
        make_event(kind=EventKind.CHANNEL_LINKED, payload={"channel": "C1", "name": "inc-1-karten"}),
        make_event(kind=EventKind.CARD_PINNED, payload={"ts": "1.2"}),
    )

    store.append(incident, *changes)

    stored = store.incident(incident.id)
    assert (stored.title, stored.status, stored.severity) == (incident.title, Status.MITIGATING, Severity.SEV1)
    assert (stored.roles, stored.impact) == ({Role.SCRIBE: "slack:U2"}, "One payment in three fails.")
    assert (stored.channel_id, stored.channel_name, stored.card_ts) == ("C1", "inc-1-karten", "1.2")


def test_append_of_a_known_fact_changes_nothing(store: Store) -> None:
    """The same natural key is one fact, whoever brings it and however often."""
    incident = store.declare()
    store.append(incident, note(1))
    before = store.events(incident)

    store.append(incident, note(1, id=UUID(int=99), text="Told again."), note(1))

    assert store.events(incident) == before


def test_same_fact_in_two_incidents_is_two_facts(store: Store) -> None:
    """Natural keys count within an incident."""
    first, second = store.declare("First"), store.declare("Second")

    store.append(first, note(1))
    store.append(second, note(1, id=UUID(int=99)))

    assert [len(store.events(first)), len(store.events(second))] == [2, 2]


def test_seq_and_hash_form_one_chain(store: Store) -> None:
    """Places count from 1 without gaps, and the head is the last entry."""
    incident = store.declare()

    store.append(incident, note(1), note(2))
    store.append(incident, note(3))

    events = store.events(incident)
    with store.snapshots.snapshot() as reads:
        head = reads.head(incident.id)
    assert [event.seq for event in events] == [1, 2, 3, 4]
    assert head == (4, events[-1].hash)


def test_head_of_an_unknown_incident_is_the_beginning(store: Store) -> None:
    """What has no entries has the genesis hash as its head."""
    with store.snapshots.snapshot() as reads:
        head = reads.head(UUID(int=404))

    assert head == (0, GENESIS)


def test_numbers_count_per_workspace_from_one(store: Store) -> None:
    """Incidents are numbered 1, 2, 3 …; the workspace's own log is number 0 and does not count."""
    store.write(declaring(store.workspace, "Workspace log", number=0))

    numbers = [store.declare(title).number for title in ("First", "Second")]

    assert numbers == [1, 2]


def test_events_for_an_unknown_incident_are_refused(store: Store) -> None:
    """Nothing is written for an incident that the ledger does not have."""
    stranger = store.declare()
    ghost = replace(stranger, id=UUID(int=5))

    with pytest.raises(LookupError):
        store.append(ghost, note(1))


def test_naive_time_never_reaches_the_database(store: Store) -> None:
    """A time without a zone is refused, not stored as if it were UTC."""
    incident = store.declare()
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - the subject of the test

    with pytest.raises(ValueError, match="time zone"):
        store.append(incident, note(1, recorded_at=naive))


@on_sqlite_first("database")
@settings(max_examples=examples(15), deadline=None, suppress_health_check=ON_FIXTURES)
@given(arrivals=st.lists(st.integers(0, 5), min_size=6, max_size=14).filter(lambda order: set(order) == set(range(6))))
def test_record_is_the_same_in_any_order_and_repetition(store: Store, arrivals: list[int]) -> None:
    """Timeline and milestones depend on what happened, not on how often and in which order it arrived."""
    expected, shuffled = store.declare("Expected"), store.declare("Shuffled")
    for number in range(6):
        store.append(expected, _fact(number))

    for number in arrivals:
        store.append(shuffled, _fact(number))

    assert _record(store, shuffled.id) == _record(store, expected.id)


def _fact(number: int) -> NewEvent:
    milestone = {"milestone": "detection", "phase": 1}
    kind, payload = (EventKind.MILESTONE_SET, milestone) if number == 3 else (EventKind.NOTE, {})
    # Two of the notes happened at the same instant.
    happened = START + timedelta(minutes=min(number, 4))
    values = {"kind": kind, "payload": payload, "occurred_at": happened, "natural_key": f"fact:{number}"}
    return make_event(**values, text=f"Fact {number}.")


def _record(store: Store, incident_id: UUID) -> object:
    with store.snapshots.snapshot() as reads:
        events = reads.events(incident_id)
    lines = [(entry.label, entry.at, entry.text) for entry in timeline(events)[1:]]
    milestones = [{name: event.text for name, event in phase.milestones.items()} for phase in phases(events)]
    return lines, milestones


def test_changes_without_an_incident_cannot_have_events(store: Store) -> None:
    """A use case that forgets whose events they are is told so, and nothing is written."""
    with pytest.raises(ValueError, match="incident"):
        store.write(lambda _reads, _command: Changes(events=(note(1),)))


def test_projection_is_the_one_that_the_ledger_has_not_the_one_a_use_case_saw(store: Store) -> None:
    """Events are folded into the state in the database, even when a use case hands over an older one."""
    old = store.declare()
    store.append(old, make_event(kind=EventKind.SEVERITY_CHANGED, payload={"to": "SEV1"}))

    changes = appending(old, make_event(kind=EventKind.IMPACT_SET, text="None."))
    store.write(lambda _reads, _command: changes)

    stored = store.incident(old.id)
    assert (stored.severity, stored.impact) == (Severity.SEV1, "None.")
