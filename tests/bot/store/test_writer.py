"""The writer answers after the commit, refuses without a trace, and lets nothing half done survive."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import NoReturn

import pytest
from sqlalchemy import func, select, text

from analysis.errors import Conflict, InvalidInput, Unavailable
from analysis.events import EventKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.store.database.engine import make_engine
from bot.store.record.tables import INBOX, METADATA
from bot.store.writing.jobs import Command, Jobs
from bot.store.writing.writer import SqlWriter
from tests.bot.store.parts import PATIENCE_SECONDS, StillClock, Store, appending, declaring, make_key, note
from tests.dialects import on_sqlite_first


def refusing(_reads: Reads, _command: object) -> NoReturn:
    """Refuse, as a use case does."""
    message = "This is not possible."
    raise InvalidInput(message)


def breaking(_reads: Reads, _command: object) -> NoReturn:
    """Fail, as only a faulty use case does."""
    message = "a mistake of ours"
    raise KeyError(message)


def row_counts(store: Store) -> dict[str, int]:
    """Count the rows of every table."""
    with store.database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in METADATA.tables.items()
        }


def hold(store: Store) -> threading.Event:
    """Keep the writer busy until the event is set, so that what is submitted meanwhile waits together."""
    release, begun = threading.Event(), threading.Event()

    def wait(_transaction: object) -> None:
        begun.set()
        release.wait(PATIENCE_SECONDS)

    store.writer.call(wait)
    begun.wait(PATIENCE_SECONDS)
    return release


def test_answer_comes_after_the_commit(store: Store) -> None:
    """Who has the answer finds what was written, through another connection."""
    incident = store.declare()
    future = store.writer.submit(lambda _reads, _command: appending(incident, note(1)), None)

    reply = future.result(PATIENCE_SECONDS)

    assert reply.text == "noted"
    assert [event.natural_key for event in store.events(incident)] == ["declared", "note:1"]


def test_refusal_writes_nothing(store: Store) -> None:
    """A refused command leaves no row, not even that it arrived."""
    before = row_counts(store)

    with pytest.raises(InvalidInput, match="not possible"):
        store.write(refusing, key=make_key())

    assert row_counts(store) == before


def test_failure_writes_nothing_and_the_next_command_is_served(store: Store) -> None:
    """A mistake in a use case reaches who asked, and stops neither the writer nor its connection."""
    before = row_counts(store)

    with pytest.raises(KeyError):
        store.write(breaking, key=make_key())

    assert row_counts(store) == before
    assert store.declare().number == 1


def test_repeated_key_gets_the_first_answer(store: Store) -> None:
    """The second arrival of the same thing brings nothing about and gets the first answer, marked as repeated."""
    first = store.write(declaring(store.workspace, "Once"), key=make_key())

    second = store.write(declaring(store.workspace, "Once"), key=make_key())

    assert second == Reply(text=first.text, incident=first.incident, number=1, repeated=True)
    assert not first.repeated
    assert row_counts(store)["incident"] == 1


def test_key_with_another_body_is_a_conflict(store: Store) -> None:
    """The same key for something else is refused, and says what to do."""
    store.write(declaring(store.workspace, "Once"), key=make_key())

    with pytest.raises(Conflict, match="use a new key"):
        store.write(declaring(store.workspace, "Other"), key=make_key(body=b"other"))

    assert row_counts(store)["incident"] == 1


def test_key_of_another_source_is_another_key(store: Store) -> None:
    """Keys count within their source."""
    store.write(declaring(store.workspace, "Once"), key=make_key(source="slack"))

    reply = store.write(declaring(store.workspace, "Twice"), key=make_key(source="webhook"))

    assert (reply.number, reply.repeated) == (2, False)


def test_refused_key_can_be_used_again(store: Store) -> None:
    """A refusal is not an answer to keep: the same arrival may succeed later."""
    with pytest.raises(InvalidInput):
        store.write(refusing, key=make_key())

    reply = store.write(declaring(store.workspace, "Now"), key=make_key())

    assert not reply.repeated


def test_cancelled_command_is_never_recorded(store: Store) -> None:
    """Who stops waiting before the transaction begins knows that nothing was recorded."""
    release = hold(store)
    future = store.writer.submit(declaring(store.workspace, "Too late"), None)

    was_cancelled = future.cancel()

    release.set()
    assert was_cancelled
    assert store.declare("In time").number == 1


def test_command_that_began_cannot_be_cancelled(store: Store) -> None:
    """A cancellation that comes too late says so, and the answer follows."""
    begun, release = threading.Event(), threading.Event()

    def slow(reads: Reads, command: object) -> Changes:
        begun.set()
        release.wait(PATIENCE_SECONDS)
        return declaring(store.workspace, "Begun")(reads, command)

    future = store.writer.submit(slow, None)
    begun.wait(PATIENCE_SECONDS)

    was_cancelled = future.cancel()

    release.set()
    assert (was_cancelled, future.result(PATIENCE_SECONDS).number) == (False, 1)


def test_close_finishes_what_was_submitted(store: Store) -> None:
    """Stopping serves everything that was accepted and refuses what comes after."""
    release = hold(store)
    accepted = [store.writer.submit(declaring(store.workspace, f"No {number}"), None) for number in range(3)]
    threading.Timer(0.05, release.set).start()

    store.writer.close()

    late = store.writer.submit(declaring(store.workspace, "Late"), None)
    assert [future.result(0).number for future in accepted] == [1, 2, 3]
    assert isinstance(late.exception(0), Unavailable)


def test_commit_hook_sees_what_was_committed(store: Store) -> None:
    """Who sends deliveries is woken by every commit, with what was written; a failing hook harms nobody."""
    seen: list[Sequence[Changes]] = []
    store.writer.add_commit_hook(lambda _written: breaking(None, None))
    store.writer.add_commit_hook(seen.append)

    incident = store.declare()
    store.writer.call(lambda _transaction: None).result(PATIENCE_SECONDS)

    assert [changes.incident.id for written in seen for changes in written] == [incident.id]


def bulk(store: Store, use_cases: Sequence[object], keys: Sequence[object] = ()) -> list[Future[Reply]]:
    """Submit *use_cases* so that they share one transaction, and wait for them."""
    release = hold(store)
    futures = [
        store.writer.submit(use_case, None, key=keys[place] if keys else None, bulk=True)
        for place, use_case in enumerate(use_cases)
    ]
    release.set()
    for future in futures:
        future.exception(PATIENCE_SECONDS)
    return futures


def test_bulk_shares_one_transaction(store: Store) -> None:
    """Commands that declare it are committed together."""
    incident = store.declare()
    commits: list[int] = []
    store.writer.add_commit_hook(lambda written: commits.append(len(written)))

    bulk(store, [lambda _r, _c, n=n: appending(incident, note(n)) for n in range(20)])

    store.writer.call(lambda _transaction: None).result(PATIENCE_SECONDS)
    assert 20 in commits
    assert len(store.events(incident)) == 21


def test_bulk_writes_what_single_commands_write(store: Store) -> None:
    """Batching changes when things are committed, not what is recorded: order, places, state, answers."""
    alone, together = store.declare("Same"), store.declare("Same")

    def commands(incident_id: object) -> list[object]:
        def raise_severity(reads: Reads, _command: object) -> Changes:
            incident = reads.incident(incident_id)
            text_of = f"{incident.severity} after {len(reads.events(incident_id))}"
            kind = {"kind": EventKind.SEVERITY_CHANGED, "payload": {"to": "SEV1"}, "natural_key": "raise"}
            return appending(incident, note(50, **kind), text=text_of)

        def add(number: int) -> object:
            return lambda reads, _command: appending(reads.incident(incident_id), note(number))

        return [add(1), add(2), add(1), raise_severity, add(3), raise_severity]

    singly = [store.write(use_case).text for use_case in commands(alone.id)]
    in_bulk = [future.result().text for future in bulk(store, commands(together.id))]

    assert in_bulk == singly == ["noted", "noted", "noted", "SEV2 after 3", "noted", "SEV1 after 5"]
    assert [(e.seq, e.natural_key, e.text) for e in store.events(together)] == [
        (e.seq, e.natural_key, e.text) for e in store.events(alone)
    ]
    assert store.incident(together.id).severity == store.incident(alone.id).severity


def test_bulk_declarations_see_each_other(store: Store) -> None:
    """A new incident counts for the numbers of those behind it in the same transaction."""
    futures = bulk(store, [declaring(store.workspace, f"No {number}") for number in range(3)])

    assert [future.result().number for future in futures] == [1, 2, 3]


def test_bulk_leaves_out_who_was_refused(store: Store) -> None:
    """One refusal costs the others nothing."""
    incident = store.declare()
    fine = [lambda _r, _c, n=n: appending(incident, note(n)) for n in (1, 2)]

    futures = bulk(store, [fine[0], refusing, fine[1]])

    assert [type(future.exception()) for future in futures] == [type(None), InvalidInput, type(None)]
    assert len(store.events(incident)) == 3


def test_bulk_reruns_one_by_one_after_a_failure(store: Store) -> None:
    """An unexpected failure rolls the batch back; then each command meets its own fate."""
    incident = store.declare()
    fine = [lambda _r, _c, n=n: appending(incident, note(n)) for n in (1, 2)]
    spoiling = note(3, kind=EventKind.SEVERITY_CHANGED, payload={})

    futures = bulk(store, [fine[0], lambda _r, _c: appending(incident, spoiling), fine[1]])

    assert [type(future.exception()) for future in futures] == [type(None), KeyError, type(None)]
    assert [event.natural_key for event in store.events(incident)] == ["declared", "note:1", "note:2"]


def test_bulk_recognises_repetitions_within_a_batch(store: Store) -> None:
    """The same key twice in one transaction is one effect, and another body a conflict."""
    incident = store.declare()
    use_cases = [lambda _r, _c, n=n: appending(incident, note(n)) for n in range(3)]

    futures = bulk(store, use_cases, [make_key("A"), make_key("A"), make_key("A", body=b"other")])

    assert [futures[0].result().repeated, futures[1].result().repeated] == [False, True]
    assert isinstance(futures[2].exception(), Conflict)
    assert len(store.events(incident)) == 2


def test_bulk_keeps_the_order_around_single_commands(store: Store) -> None:
    """A single command between bulk ones is served in its turn."""
    incident = store.declare()
    release = hold(store)
    futures = [
        store.writer.submit(lambda _r, _c, n=n: appending(incident, note(n)), None, bulk=n != 2) for n in range(5)
    ]
    release.set()

    for future in futures:
        future.result(PATIENCE_SECONDS)

    assert [event.natural_key for event in store.events(incident)][1:] == [f"note:{n}" for n in range(5)]


def test_bookkeeping_between_bulk_commands_has_its_own_turn(store: Store) -> None:
    """What claims and settles deliveries waits for its answer, in the middle of a storm, too."""
    incident = store.declare()
    release = hold(store)
    use_cases = [lambda _r, _c, n=n: appending(incident, note(n)) for n in range(3)]
    told = [store.writer.submit(use_case, None, bulk=True) for use_case in use_cases[:2]]
    counted = store.writer.call(lambda transaction: len(transaction.reads.events(incident.id)))
    told.append(store.writer.submit(use_cases[2], None, bulk=True))
    release.set()

    assert counted.result(PATIENCE_SECONDS) == 3
    assert [type(future.result(PATIENCE_SECONDS)) for future in told] == [Reply] * 3
    assert len(store.events(incident)) == 4


@pytest.mark.parametrize("is_bulk", [False, True], ids=["one by one", "in bulk"])
def test_writer_that_is_closed_in_a_storm_ends(store: Store, *, is_bulk: bool) -> None:
    """A process that is told to stop waits for it, for ever where it waits for more itself."""
    incident = store.declare()
    release = hold(store)
    futures = [
        store.writer.submit(lambda _r, _c, n=n: appending(incident, note(n)), None, bulk=is_bulk) for n in range(3)
    ]
    store.writer.queue.close()
    release.set()
    closing = threading.Thread(target=store.writer.close, daemon=True)
    closing.start()
    closing.join(PATIENCE_SECONDS)

    assert not closing.is_alive()
    assert [future.exception(0) for future in futures] == [None] * 3


def test_rolled_back_batch_leaves_nothing(store: Store) -> None:
    """What a transaction wrote before it failed is gone: on SQLite the driver must not have committed on its own."""
    before = row_counts(store)

    def write_then_fail(transaction: object) -> None:
        use_case = declaring(store.workspace, "Rolled back")
        transaction.stage(use_case(transaction.reads, None))
        transaction.flush()
        with transaction.connection.begin_nested():
            row = {"source": "s", "external_id": "e", "body_hash": b"", "reply": None, "received_at": store.clock.now()}
            transaction.connection.execute(INBOX.insert(), [row])
        message = "after a released savepoint"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        store.writer.call(write_then_fail).result(PATIENCE_SECONDS)

    assert row_counts(store) == before


@on_sqlite_first("database")
def test_locked_database_is_unavailable_and_then_works_again(store: Store) -> None:
    """While another program holds the lock, the asker is told in time; afterwards nothing is amiss."""
    incident = store.declare()
    engine = make_engine(store.database.url, "migrate")
    lock = "SELECT 1" if store.database.is_sqlite else "LOCK TABLE incident"
    with engine.begin() as other:
        other.execute(text(lock))

        with pytest.raises(Unavailable, match="locked"):
            store.append(incident, note(1))

    store.append(incident, note(2))
    assert [event.natural_key for event in store.events(incident)] == ["declared", "note:2"]


def test_two_processes_write_one_chain(store: Store) -> None:
    """A command line beside the server waits or decides again; places stay without gaps."""
    incident = store.declare()
    other = SqlWriter(store.database, store.sealer, StillClock())
    other.start()

    def add(reads: Reads, number: int) -> Changes:
        return appending(reads.incident(incident.id), note(number))

    waiting = {number: (store.writer if number % 2 else other).submit(add, number) for number in range(40)}
    while waiting:
        number, future = waiting.popitem()
        if isinstance(future.exception(PATIENCE_SECONDS), Unavailable):
            # A file's lock is not handed out in turn, so on a busy machine one of the two may wait for too long.
            waiting[number] = other.submit(add, number)

    other.close()
    events = store.events(incident)
    assert [event.seq for event in events] == list(range(1, 42))
    assert {event.natural_key for event in events[1:]} == {f"note:{number}" for number in range(40)}


def test_storm_is_refused_beyond_what_memory_holds() -> None:
    """When too much waits, who comes is told to come back at once, and what was accepted stays in its turn."""
    jobs = Jobs(capacity=3)
    arriving = [Command(decide=lambda _reads: Changes(), key=None, is_bulk=True) for _ in range(5)]

    for job in arriving:
        jobs.put(job)

    assert [job.future.done() for job in arriving] == [False, False, False, True, True]
    assert "at once; nothing was recorded" in str(arriving[4].future.exception())
    assert jobs.take() == arriving[:3]
