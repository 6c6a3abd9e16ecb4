"""Threads that look at the record for whoever waits; the end of the process waits for none of them."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from analysis.errors import Unavailable

_Look = tuple[Future[Any], Callable[[], Any]]


class Looks:
    """So many look at once, and others wait behind them.

    Threads of the library's own pools are waited for when Python ends: with a database that stands still that is half a
    minute, and whoever stops a process kills it before.
    """

    def __init__(self, count: int, name: str) -> None:
        """Begin *count* threads at most, each called *name*, when they are needed."""
        self._count, self._name = count, name
        self._waiting: queue.SimpleQueue[_Look | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._threads = 0
        self._is_stopped = False

    def submit(self, look: Callable[[], Any]) -> Future[Any]:
        """Begin with *look* as soon as a thread is free.

        Raises
        ------
        analysis.errors.Unavailable
            If the process is being stopped.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._is_stopped:
                message = "Debrief is being stopped, so nothing can be shown. Try again in a moment."
                raise Unavailable(message)
            self._waiting.put((future, look))
            if not self._idle.acquire(blocking=False) and self._threads < self._count:
                self._threads += 1
                threading.Thread(target=self._run, name=f"{self._name}_{self._threads}", daemon=True).start()
        return future

    def stop(self) -> None:
        """Begin none of those that wait; what has begun is left to itself."""
        with self._lock:
            self._is_stopped = True
        while not self._waiting.empty():
            waiting = self._waiting.get()
            if waiting:
                waiting[0].cancel()
        for _ in range(self._threads):
            self._waiting.put(None)

    def _run(self) -> None:
        while waiting := self._waiting.get():
            future, look = waiting
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(look())
                except BaseException as error:  # noqa: BLE001 - the thread's edge: whoever asked gets it
                    future.set_exception(error)
            self._idle.release()
