"""Waiting for something no longer than until an instant, or until the process ends, whatever it does."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any, TypeVar

from analysis.errors import Unavailable

T = TypeVar("T")


class GivenUpError(Unavailable):
    """The server was stopped while the model was asked."""


class Stopping:
    """Whether nothing is waited for any more, because this process ends."""

    def __init__(self) -> None:
        """It does not end yet."""
        self._begun: Future[None] = Future()

    def begin(self) -> None:
        """Let everybody who waits give up, now and from now on; a second time changes nothing."""
        if not self._begun.done():
            self._begun.set_result(None)

    def check(self) -> None:
        """Pass where the process goes on.

        Raises
        ------
        GivenUpError
            If it ends.
        """
        if self._begun.done():
            raise GivenUpError

    def rest(self, seconds: float) -> None:
        """Wait for so long; raises as `check` does, as soon as the process ends."""
        wait((self._begun,), timeout=max(seconds, 0.0))
        self.check()

    def first(self, answer: Future[T], seconds: float) -> T:
        """What *answer* gives.

        Raises
        ------
        TimeoutError
            If it gives nothing in time.
        GivenUpError
            If the process ends before.
        """
        either: tuple[Future[Any], ...] = (answer, self._begun)
        wait(either, timeout=max(seconds, 0.0), return_when=FIRST_COMPLETED)
        if not answer.done():
            self.check()
            raise TimeoutError
        return answer.result()


def within(
    seconds: float,
    ask: Callable[[], T],
    stopping: Stopping | None = None,
    *,
    late: str = "The model's endpoint did not answer in time.",
) -> T:
    """What *ask* gives, if it gives it in time; it may go on in its own thread, and nobody listens any more.

    A library's own timeout does not hold everywhere, such as while a name is looked up.

    Raises
    ------
    analysis.errors.Unavailable
        If it does not, in the words of *late*, or whatever *ask* raises; `GivenUpError` where the process ends before.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - handed to who waits
            answer.set_exception(error)

    threading.Thread(target=run, name="asking", daemon=True).start()
    try:
        return (stopping or Stopping()).first(answer, seconds)
    except TimeoutError as error:
        raise Unavailable(late) from error
