"""Waiting for something no longer than until an instant, whatever it does."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from analysis.errors import Unavailable

T = TypeVar("T")


def within(seconds: float, ask: Callable[[], T]) -> T:
    """What *ask* gives, if it gives it in time; it may go on in its own thread, and nobody listens any more.

    A library's own timeout does not hold everywhere, such as while a name is looked up.

    Raises
    ------
    analysis.errors.Unavailable
        If it does not, or whatever *ask* raises.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - handed to who waits
            answer.set_exception(error)

    threading.Thread(target=run, name="asking", daemon=True).start()
    try:
        return answer.result(max(seconds, 0.0))
    except TimeoutError as error:
        raise Unavailable("The model's endpoint did not answer in time.") from error
