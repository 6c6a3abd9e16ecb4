"""Waiting on an event loop for what the writer's thread answers."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from analysis.errors import Unavailable
from bot.ports.ledger import Reads, Writer
from bot.ports.records import Changes, InboxKey, Reply

#: So long a sender waits for the commit.
COMMIT_SECONDS = 5.0

C = TypeVar("C")
T = TypeVar("T")


class Answers:
    """Answers of other threads, for the tasks of one event loop.

    `asyncio.wrap_future` wakes the loop by a system call for every answer. The writer answers hundreds at once after a
    commit in bulk, so here it wakes the loop once for all that are there by the time the loop looks. As all wait
    equally long, they wait in the order in which they give up, and one timer does for all.
    """

    def __init__(self, *, within: float = COMMIT_SECONDS) -> None:
        """Nobody waits yet; whoever does gives up after so many seconds."""
        self._within = within
        self._ready: deque[asyncio.Future[None]] = deque()
        self._is_woken = False
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def of(self, future: Future[T]) -> T:
        """The result of *future*, or what it raises; whoever stops waiting cancels it, unless it has begun.

        Raises
        ------
        TimeoutError
            If there is none in time.
        """
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wait_for(arrived)
        future.add_done_callback(lambda _: self._wake(arrived))
        try:
            await arrived
        except (asyncio.CancelledError, TimeoutError):
            future.cancel()
            raise
        finally:
            self._forget_done()
        return future.result()

    def _wait_for(self, arrived: asyncio.Future[None]) -> None:
        loop = arrived.get_loop()
        until = loop.time() + self._within
        self._waiting.append((until, arrived))
        if self._timer is None:
            self._timer = loop.call_at(until, self._give_up)

    def _forget_done(self) -> None:
        while self._waiting and self._waiting[0][1].done():
            self._waiting.popleft()
        if self._timer and not self._waiting:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        """End the waiting of those whose time is over, and look again when the next one's will be."""
        loop = asyncio.get_running_loop()
        while self._waiting and self._waiting[0][0] <= loop.time():
            _, arrived = self._waiting.popleft()
            if not arrived.done():
                arrived.set_exception(TimeoutError())
        self._timer = loop.call_at(self._waiting[0][0], self._give_up) if self._waiting else None

    def _wake(self, arrived: asyncio.Future[None]) -> None:
        self._ready.append(arrived)
        # The loop takes the flag down before it looks: whoever finds it up is seen by that look or the next.
        if not self._is_woken and not arrived.get_loop().is_closed():
            self._is_woken = True
            arrived.get_loop().call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._is_woken = False
        while self._ready:
            arrived = self._ready.popleft()
            if not arrived.done():
                arrived.set_result(None)


async def written(
    answers: Answers, writer: Writer, use_case: Callable[[Reads, C], Changes], command: C, key: InboxKey
) -> Reply:
    """What the writer answers once what *command* asks for is on disk.

    Raises
    ------
    analysis.errors.Unavailable
        If it is not in time; sent again, it is written once.
    """
    try:
        return await answers.of(writer.submit(use_case, command, key=key, bulk=True))
    except TimeoutError:
        message = "The database did not answer in time; send the same again, with the same key if it has one."
        raise Unavailable(message) from None
