"""Threads that work for whoever asks; the end of the process waits for none of them."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from analysis.errors import Unavailable

_Work = tuple[Future[Any], Callable[[], Any]]


class Daemons:
    """So many work at once, and the rest waits behind them.

    Threads of the library's own pools are waited for when Python ends: where the database or Slack stands still, for
    half a minute and more, in which nobody's alerts are taken, and whoever stops a process kills it before.
    """

    def __init__(self, count: int, name: str) -> None:
        """Begin *count* threads at most, each called *name*, when they are needed."""
        self._count, self._name = count, name
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._open: set[Future[Any]] = set()
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._threads = 0
        self._is_stopped = False

    def submit(self, work: Callable[[], Any]) -> Future[Any]:
        """Begin with *work* as soon as a thread is free.

        Raises
        ------
        analysis.errors.Unavailable
            If the process is being stopped.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._is_stopped:
                message = "Debrief is being stopped. Try again in a moment."
                raise Unavailable(message)
            self._open.add(future)
            self._waiting.put((future, work))
            if not self._idle.acquire(blocking=False) and self._threads < self._count:
                self._threads += 1
                threading.Thread(target=self._run, name=f"{self._name}_{self._threads}", daemon=True).start()
        future.add_done_callback(self._open.discard)
        return future

    def stop(self, *, patience_seconds: float = 0.0) -> None:
        """Take nothing more; after so long nothing more is begun, and what has begun is left to itself."""
        with self._lock:
            self._is_stopped = True
        wait(list(self._open), patience_seconds)
        for future in list(self._open):
            future.cancel()  # one that has begun goes on
        for _ in range(self._threads):
            self._waiting.put(None)

    def _run(self) -> None:
        while waiting := self._waiting.get():
            future, work = waiting
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - the thread's edge: whoever asked gets it
                    future.set_exception(error)
            self._idle.release()
