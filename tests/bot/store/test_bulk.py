"""Changes that come in bulk share their statements, whatever they are for."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from analysis.events import EventKind, Source
from analysis.people import Access, Person
from bot.ports.records import Reply
from bot.usecases.asking import Command
from bot.usecases.timeline.open_log import open_log
from bot.usecases.timeline.record_change import RecordChange, record_change
from tests.bot.store.parts import PATIENCE_SECONDS, START, Store


def test_statements_of_a_batch_do_not_grow_with_its_changes(store: Store) -> None:
    """Thirty changes for three open incidents and the log take as many statements as twelve do."""
    numbers = (*(store.declare(title).number for title in ("Cards", "Payouts", "Ledger")), None)
    store.write(lambda reads, _: open_log(reads, opening(store)))
    in_one_batch(store, [change(store, f"first:{place}", numbers[place]) for place in range(4)])

    with counting(store) as few:
        in_one_batch(store, [change(store, f"few:{place}", numbers[place % 4]) for place in range(12)])
    with counting(store) as many:
        in_one_batch(store, [change(store, f"many:{place}", numbers[place % 4]) for place in range(30)])

    assert len(few) == len(many)


def in_one_batch(store: Store, changes: Sequence[RecordChange]) -> list[Reply]:
    """Submit *changes* while the writer is held up, so that they come out of its queue together."""
    gate = threading.Event()
    held = store.writer.call(lambda _: gate.wait(PATIENCE_SECONDS))
    futures = [store.writer.submit(record_change, one, bulk=True) for one in changes]
    gate.set()
    assert held.result(PATIENCE_SECONDS)
    return [future.result(PATIENCE_SECONDS) for future in futures]


@contextmanager
def counting(store: Store) -> Iterator[list[str]]:
    """Yield the statements that the writer sends meanwhile."""
    statements: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(store.database.write_engine, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        event.remove(store.database.write_engine, "before_cursor_execute", keep)


def change(store: Store, key: str, number: int | None) -> RecordChange:
    """Return a deploy that a system reports."""
    return RecordChange(
        person=Person(id="webhook:ci", access=frozenset({Access.RESPONDER})),
        workspace_id=store.workspace,
        natural_key=key,
        source=Source.WEBHOOK,
        kind=EventKind.DEPLOY,
        text="card-auth 4.2 to production",
        occurred_at=START,
        service="card-auth",
        details={},
        number=number,
    )


def opening(store: Store) -> Command:
    """Return the command that opens the workspace's own log."""
    person = Person(id="debrief")
    return Command(person=person, workspace_id=store.workspace, natural_key="debrief:log", source=Source.DEBRIEF)
