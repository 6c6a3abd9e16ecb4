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
    commit in bulk, so here it wakes the loop once for all that are there by the time the loop looks.
    """

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._ready: deque[asyncio.Future[None]] = deque()
        self._is_woken = False

    async def of(self, future: Future[T], *, within: float) -> T:
        """The result of *future*, or what it raises; whoever stops waiting cancels it, unless it has begun.

        Raises
        ------
        TimeoutError
            If there is none after so many seconds.
        """
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[None] = loop.create_future()
        ends = loop.call_later(within, _give_up, arrived)  # asyncio.timeout costs several times as much
        future.add_done_callback(lambda _: self._wake(arrived))
        try:
            await arrived
        except (asyncio.CancelledError, TimeoutError):
            future.cancel()
            raise
        finally:
            ends.cancel()
        return future.result()

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
        return await answers.of(writer.submit(use_case, command, key=key, bulk=True), within=COMMIT_SECONDS)
    except TimeoutError:
        message = "The database did not answer in time; send the same again, with the same key if it has one."
        raise Unavailable(message) from None


def _give_up(arrived: asyncio.Future[None]) -> None:
    if not arrived.done():
        arrived.set_exception(TimeoutError())
