"""Looking up a part of a long record gives exactly that part, by an index."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event, text

from analysis.events import EventKind
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.store.record import event_queries
from tests.bot.store.parts import Store, appending, make_event, note

MESSAGE = "message:C1:12.5"
#: Keys that a pattern, another language's order or a shorter comparison would take for the message's.
OTHERS = (
    "message:C1:12.50",
    "message:C1:12.55:12.55",
    "message:C1:12.5;",
    "message:c1:12.5:12.5",
    "message:C1:12.4:99",
    "message:C1:12",
    "message:C_:12.5:12.5",
    "message:C1:12.5é",
    "é",
)


def test_facts_of_a_message_are_its_own_and_no_others(store: Store) -> None:
    """The message itself and what goes on after a colon, in order of `seq`, whatever else is spelt much like it."""
    incident, other = store.declare(), store.declare("Other")
    own = [f"{MESSAGE}:12.5:13.000001", MESSAGE, f"{MESSAGE}:message_marked:ab:14", f"{MESSAGE}:é"]
    events = [make_event(natural_key=key) for pair in zip(own, OTHERS, strict=False) for key in pair]
    store.append(incident, *events, *(make_event(natural_key=key) for key in OTHERS[len(own) :]))
    store.append(other, make_event(natural_key=MESSAGE))

    with store.snapshots.snapshot() as reads:
        found = [event.natural_key for event in reads.events_about(incident.id, MESSAGE)]
        wildcards = [event.natural_key for event in reads.events_about(incident.id, "message:C_:12.5")]
        nothing = reads.events_about(incident.id, "message:C%:12.5")

    assert found == own
    assert wildcards == ["message:C_:12.5:12.5"]
    assert nothing == ()


def test_facts_of_a_message_are_found_by_the_index(store: Store) -> None:
    """The search goes from the first key to the last one by the unique index, and reads no others."""
    incident = store.declare()
    query = event_queries.beginning_with(incident.id, MESSAGE)
    compiled = query.compile(store.database.read_engine, compile_kwargs={"literal_binds": True})

    with store.database.write_engine.connect() as connection:
        if store.database.is_sqlite:
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))
        else:
            _leave_the_index_alone(connection)
            plan = " ".join(row[0] for row in connection.execute(text(f"EXPLAIN {compiled}")))
        connection.rollback()

    wanted = "(incident_id=? AND natural_key>? AND natural_key<?)" if store.database.is_sqlite else "Index Cond"
    assert wanted in plan
    assert "natural_key" in plan.partition("Index Cond")[2] or store.database.is_sqlite
    assert "Seq Scan" not in plan


def _leave_the_index_alone(connection: Connection) -> None:
    """Among a few rows the planner takes any index, or none; what else it could take is gone until the rollback."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    others = text(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'timeline_event'"
        " AND indexdef NOT LIKE 'CREATE UNIQUE%' AND indexdef NOT LIKE '%natural_key%'"
    )
    for name in connection.scalars(others).all():
        connection.execute(text(f'DROP INDEX "{name}"'))


@pytest.mark.postgres
def test_natural_keys_have_the_order_of_their_bytes(server_store: Store) -> None:
    """On a server of any language, the column itself says so: otherwise no index would serve."""
    asked = text(
        "SELECT collation_name FROM information_schema.columns"
        " WHERE table_name = 'timeline_event' AND column_name = 'natural_key'"
    )

    with server_store.database.reading() as connection:
        assert connection.execute(asked).scalars().all() == ["C"]


@given(st.text(min_size=1, max_size=6), st.text(max_size=4))
def test_key_that_continues_another_lies_in_its_range(key: str, more: str) -> None:
    """No key that goes on after a colon is outside of the range that is searched, and the test for it is exact."""
    continued = f"{key}:{more}"

    assert key.encode() <= continued.encode() < f"{key};".encode()
    assert event_queries.is_or_continues(continued, key)
    assert not event_queries.is_or_continues(f"{key}0:{more}", key)


def test_parts_of_the_ledger_are_those_of_the_whole(store: Store) -> None:
    """By kind, by id and behind a place: what is found is what the whole ledger has there."""
    incident = store.declare()
    tagged = make_event(kind=EventKind.FACT_PROMOTED, payload={"as": "cause"}, text="")
    store.append(incident, *(note(number) for number in range(5)), tagged, note(6))

    with store.snapshots.snapshot() as reads:
        whole = reads.events(incident.id)
        by_kind = reads.events_of_kind(incident.id, {EventKind.DECLARED, EventKind.FACT_PROMOTED})
        by_id = reads.events_by_id(incident.id, {whole[3].id, whole[1].id, UUID(int=404)})
        none = reads.events_by_id(incident.id, set())
        behind = reads.keys_after(incident.id, 5)

    assert by_kind == (whole[0], whole[6])
    assert by_id == (whole[1], whole[3])
    assert none == ()
    assert behind == tuple((event.kind, event.natural_key) for event in whole[5:])


def test_places_are_of_what_decides_labels(store: Store) -> None:
    """Lines, texts and marks, in order of `seq`, by columns alone; bookkeeping decides no label."""
    incident = store.declare()
    where = {"channel": "C1", "ts": "12.5", "emoji": "pushpin", "at": "13.1"}
    linked = make_event(kind=EventKind.CHANNEL_LINKED, payload={"channel": "C1", "name": "inc-1"})
    store.append(incident, note(2), make_event(kind=EventKind.MESSAGE_MARKED, payload=where), linked, note(1))

    with store.snapshots.snapshot() as reads:
        whole, places = reads.events(incident.id), reads.places(incident.id)

    kept = [whole[seq] for seq in (0, 1, 2, 4)]
    assert places == tuple((event.kind, event.occurred_at, event.natural_key) for event in kept)


def test_what_refers_to_an_entry_is_found_by_its_id(store: Store) -> None:
    """Corrections and tags of the entries that are asked for, and of no others, of this incident alone."""
    incident, other = store.declare(), store.declare("Other")
    store.append(incident, note(1), note(2))
    with store.snapshots.snapshot() as reads:
        first, second = (event.id for event in reads.events(incident.id)[1:])
    said = [make_event(kind=EventKind.CORRECTED, refers_to=each) for each in (first, second, first)]
    store.append(incident, *said)
    store.append(other, make_event(kind=EventKind.CORRECTED, refers_to=first))

    with store.snapshots.snapshot() as reads:
        found, none = reads.events_referring(incident.id, {first}), reads.events_referring(incident.id, set())
        at = reads.events_at(incident.id, {2, 5, 404})

    assert [event.id for event in found] == [said[0].id, said[2].id]
    assert none == ()
    assert [event.seq for event in at] == [2, 5]


def test_decision_sees_what_its_own_batch_has_staged(store: Store) -> None:
    """A lookup of a part writes first what an earlier command of the same transaction wants written."""
    incident = store.declare()
    seen: list[int] = []

    def look(reads: object, number: int) -> Changes:
        seen.append(len(reads.keys_after(incident.id, 1)))  # type: ignore[attr-defined]
        return appending(incident, note(number))

    for future in [store.writer.submit(look, number, bulk=True) for number in range(3)]:
        future.result()

    assert seen == [0, 1, 2]


def test_lane_is_queued_until_it_is_settled_or_parked(store: Store) -> None:
    """Pending and begun deliveries still have to be sent; sent and parked ones do not."""
    lanes = ("draft:1", "draft:2")
    for place, lane in enumerate(lanes):
        delivery = NewDelivery(id=UUID(int=9_000 + place), kind=DeliveryKind.MAKE_DRAFT, lane=lane)
        store.write(lambda _reads, _command, delivery=delivery: Changes(deliveries=(delivery,)))

    states = [_queued(store, lanes)]
    claimed = store.outbox.claim(limit=5, busy_lanes=frozenset())
    states.append(_queued(store, lanes))
    store.outbox.settle_parked(claimed[0], because="it crashed", whole_lane=False)
    store.outbox.settle_retry(claimed[1], at=store.clock.now(), because="later", is_unknown=True)
    states.append(_queued(store, lanes))

    assert states == [[True, True], [True, True], [False, True]]


def test_delivery_is_followed_by_a_newer_one_that_waits_or_was_sent(store: Store) -> None:
    """One that was attempted stays in its lane beside those that would have replaced it while it waited."""

    def queue(number: int, key: str = "group:1") -> None:
        delivery = NewDelivery(id=UUID(int=9_100 + number), kind=DeliveryKind.ALERT_GROUP, lane="alerts", coalesce=key)
        store.write(lambda _reads, _command: Changes(deliveries=(delivery,)))

    def followed() -> bool:
        with store.snapshots.snapshot() as reads:
            return reads.is_followed(first)

    queue(1)
    (first,) = store.outbox.claim(limit=1, busy_lanes=frozenset())
    store.outbox.settle_parked(first, because="it is archived", whole_lane=False)
    queue(2, "group:2")
    states = [followed()]
    queue(3)
    states.append(followed())
    for _ in range(2):
        (newer,) = store.outbox.claim(limit=1, busy_lanes=frozenset())
        store.outbox.settle_sent(newer, {}, None, pause=timedelta())
    states.append(followed())
    store.outbox.resume("alerts")
    queue(4)
    (first_again,) = store.outbox.claim(limit=1, busy_lanes=frozenset())

    assert states == [False, True, True]
    assert first_again.id == first.id


def _queued(store: Store, lanes: tuple[str, ...]) -> list[bool]:
    with store.snapshots.snapshot() as reads:
        return [reads.is_queued(lane) for lane in lanes]


def test_only_what_was_never_attempted_is_replaced_by_a_newer_one(store: Store) -> None:
    """What was attempted may have arrived; what has no key is replaced by nothing, and other lanes do not count."""

    def queue(number: int, key: str | None, lane: str = "alerts") -> None:
        delivery = NewDelivery(id=UUID(int=9_200 + number), kind=DeliveryKind.ALERT_GROUP, lane=lane, coalesce=key)
        store.write(lambda _reads, _command: Changes(deliveries=(delivery,)))

    for number, key in enumerate(("group:1", "group:2", "group:2", None, "storm:1")):
        queue(number, key)
    queue(9, "group:3", "alerts:edits")
    (first, _) = store.outbox.claim(limit=2, busy_lanes=frozenset())
    store.outbox.settle_retry(first, at=store.clock.now(), because="later")

    with store.snapshots.snapshot() as reads:
        found = reads.replaceable("alerts")

    assert found == {"group:2", "storm:1"}


def test_stream_is_read_from_its_place_however_long_the_history_is(file_store: Store) -> None:
    """SQLite goes to the first event behind the place, though it knows no better than that the workspace is rare."""
    asked: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(file_store.database.read_engine, "before_cursor_execute", keep)
    try:
        with file_store.snapshots.snapshot() as reads:
            reads.groups.events(file_store.workspace, after=7, limit=1)
    finally:
        event.remove(file_store.database.read_engine, "before_cursor_execute", keep)

    ((statement, parameters),) = [each for each in asked if each[0].startswith("SELECT")]
    with file_store.database.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert plan[0] == "SEARCH alert_event USING INTEGER PRIMARY KEY (rowid>?)"
    assert not [step for step in plan if "ORDER BY" in step]
