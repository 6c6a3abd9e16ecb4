"""The writer's queue: what waits for a transaction, and which of it may share one."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from analysis.errors import Unavailable
from bot.ports.ledger import Reads
from bot.ports.records import Changes, InboxKey, Reply
from bot.store.writing.transaction import Transaction

#: How many bulk commands share a transaction: later ones gain little, and a command behind them has to wait.
BATCH = 500
#: How much may wait; beyond it callers are told to come back, so that a storm cannot fill the memory.
CAPACITY = 20_000


@dataclass(slots=True, kw_only=True, eq=False)
class Command:
    """A use case with its command, waiting for its turn."""

    decide: Callable[[Reads], Changes]
    key: InboxKey | None
    is_bulk: bool
    future: Future[Reply] = field(default_factory=Future)


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """Bookkeeping of the store itself, waiting for its turn."""

    run: Callable[[Transaction], Any]
    tidies: bool = False
    future: Future[Any] = field(default_factory=Future)


class Jobs:
    """First come, first served; neighbours in bulk come out together."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Start empty and open, with room for *capacity* jobs."""
        self._capacity = capacity
        self._queue: queue.SimpleQueue[Command | Call | None] = queue.SimpleQueue()
        self._next: Command | Call | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._refused = 0

    @property
    def limit(self) -> int:
        """How much may wait."""
        return self._capacity

    @property
    def refused(self) -> int:
        """How much was refused because too much waited."""
        return self._refused

    def __len__(self) -> int:
        """How much waits."""
        return self._queue.qsize()

    def put(self, job: Command | Call) -> None:
        """Queue *job*, or answer it with `Unavailable` when there is no room or no writer any more."""
        with self._lock:
            if not self._is_closed and self._queue.qsize() < self._capacity:
                self._queue.put(job)
                return
            if not self._is_closed:
                self._refused += 1
        reason = "Debrief is stopping" if self._is_closed else "Too much is arriving at once"
        job.future.set_exception(Unavailable(f"{reason}; nothing was recorded. Try again in a moment."))

    def close(self) -> None:
        """Take no more; what is queued still comes out."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put(None)

    def take(self) -> Sequence[Command | Call]:
        """Wait for the next job, and take along the bulk commands behind a bulk command; empty once closed."""
        first = self._next or self._queue.get()
        self._next = None
        if first is None:
            return ()
        if _is_bulk(first):
            # Lets other threads go on for a moment: whoever was just answered asks again, and shares this transaction.
            time.sleep(0)
        jobs = [first]
        while _is_bulk(first) and len(jobs) < BATCH:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                break
            if following is None or not _is_bulk(following):
                self._put_back(following)
                break
            jobs.append(following)
        return jobs

    def _put_back(self, job: Command | Call | None) -> None:
        if job is None:
            self._queue.put(None)
        else:
            self._next = job


def _is_bulk(job: Command | Call) -> bool:
    return isinstance(job, Command) and job.is_bulk
