"""A dispatcher whose handlers keep what they were given and answer as a test says."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from analysis.incident import Incident
from bot.flows.dispatcher import Dispatcher
from bot.ports.outbox import Outbox, Outcome, Sent
from bot.ports.records import Changes, Delivery, DeliveryKind, NewDelivery
from bot.store.record.tables import DELIVERY
from tests.bot.store.parts import Store

PATIENCE_SECONDS = 30.0
_IDS = itertools.count(5_000_000)
T = TypeVar("T")
Answer = Callable[[Delivery], Outcome]


def delivery(lane: str = "A", kind: DeliveryKind = DeliveryKind.ANNOUNCE, **over: Any) -> NewDelivery:
    """Something to send in *lane*."""
    return NewDelivery(**{"id": UUID(int=next(_IDS)), "kind": kind, "lane": lane, **over})


def of_incident(incident: Incident, kind: DeliveryKind, **over: Any) -> NewDelivery:
    """Something to send in the incident's own lane."""
    return delivery(f"incident:{incident.id}", kind, incident_id=incident.id, **over)


class Lanes:
    """A store's lanes, what was handed out from them, and what the operator was told."""

    def __init__(self, store: Store) -> None:
        """Answer everything with `Sent` until told otherwise."""
        self.store = store
        self.handed: list[Delivery] = []
        self.told: list[str] = []
        self._answers: dict[UUID, Iterator[Answer]] = {}
        self._lock = threading.Lock()
        self._gates: list[threading.Event] = []
        self.dispatcher = self.new_dispatcher()

    def new_dispatcher(self, outbox: Outbox | None = None) -> Dispatcher:
        """A dispatcher as a new process would have it."""
        handlers: dict[DeliveryKind, Answer] = dict.fromkeys(DeliveryKind, self._handle)
        handlers[DeliveryKind.TELL_OPERATOR] = self._hear
        return Dispatcher(outbox or self.store.outbox, handlers, self.store.clock)

    def queue(self, *deliveries: NewDelivery) -> None:
        """Commit *deliveries*, as a use case does."""
        self.store.write(lambda _reads, _command: Changes(deliveries=deliveries))
        self.dispatcher.wake()

    def answer(self, what: NewDelivery, *answers: Outcome | Exception | Answer) -> None:
        """Let attempts at *what* end like this, one after another; the last one counts for all further ones."""
        endless = itertools.chain(answers[:-1], itertools.repeat(answers[-1]))
        self._answers[what.id] = (_as_answer(one) for one in endless)

    def gate(self) -> tuple[Answer, threading.Event, threading.Event]:
        """An answer that waits to be let go: itself, whether it began, and what lets it go."""
        began, opened = threading.Event(), threading.Event()
        self._gates.append(opened)

        def wait(_: Delivery) -> Outcome:
            began.set()
            assert opened.wait(PATIENCE_SECONDS)
            return Sent()

        return wait, began, opened

    def let_go(self) -> None:
        """Let every gate go."""
        for opened in self._gates:
            opened.set()

    def go_on(self, seconds: float) -> None:
        """Move the clock and let the dispatcher look."""
        self.store.clock.move(seconds=seconds)
        self.dispatcher.wake()

    def wait_for(self, what: str, look: Callable[[], T]) -> T:
        """What *look* finds, as soon as it finds something."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            if found := look():
                return found
            time.sleep(0.001)
        raise TimeoutError(f"{what}: handed out {self.sent_order()}, {self.states()}")

    def wait_handed(self, count: int) -> list[UUID]:
        """The ids of the first *count* attempts, in order."""
        self.wait_for(f"{count} attempts", lambda: len(self.handed) >= count)
        return self.sent_order()[:count]

    def rest(self) -> list[UUID]:
        """Wait until nothing more is due at the present instant; the ids of all attempts so far, in order."""

        def is_at_rest() -> bool:
            due = self.store.outbox.next_due()
            is_sending = "sending" in self.states().values()
            return not is_sending and (due is None or due > self.store.clock.now())

        self.wait_for("rest", is_at_rest)
        return self.sent_order()

    def sent_order(self) -> list[UUID]:
        """The ids of all attempts, in order."""
        with self._lock:
            return [each.id for each in self.handed]

    def attempts(self, what: NewDelivery) -> list[int]:
        """The number that each attempt at *what* carried."""
        with self._lock:
            return [each.attempts for each in self.handed if each.id == what.id]

    def states(self) -> dict[UUID, str]:
        """How every delivery stands in the database."""
        with self.store.database.reading() as connection:
            rows = connection.execute(select(DELIVERY.c.id, DELIVERY.c.state).order_by(DELIVERY.c.seq))
            return {row.id: row.state for row in rows}

    def state(self, what: NewDelivery) -> str:
        """How *what* stands."""
        return self.states()[what.id]

    def _hear(self, delivery: Delivery) -> Outcome:
        self.told.append(str(delivery.arguments["sentence"]))
        return Sent()

    def _handle(self, delivery: Delivery) -> Outcome:
        with self._lock:
            self.handed.append(delivery)
            answer = next(self._answers[delivery.id]) if delivery.id in self._answers else _as_answer(Sent())
        return answer(delivery)


def _as_answer(told: Outcome | Exception | Answer) -> Answer:
    if isinstance(told, Exception):
        return lambda _: _raise(told)
    return told if callable(told) else lambda _: told


def _raise(error: Exception) -> Outcome:
    raise error
