"""What `/healthz` says: read on a thread of its own, so that no answer waits for a database that does not answer."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from analysis.errors import DebriefError

log = logging.getLogger(__name__)


class Health:
    """Whether the record can be read and written, and how the process is otherwise."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, Any]],
        *,
        writer_problem: Callable[[], str],
        facts: Callable[[], Mapping[str, Any]],
    ) -> None:
        """Use *read* for what only the database knows; the others answer without waiting."""
        self._read = read
        self._writer_problem = writer_problem
        self._facts = facts
        self._lock = threading.Lock()
        self._reading: Future[Mapping[str, Any]] | None = None

    def begin(self) -> Future[Mapping[str, Any]]:
        """Begin to read; whoever asks while a reading goes on shares it, so that none pile up."""
        with self._lock:
            if self._reading is None or self._reading.done():
                self._reading = Future()
                threading.Thread(target=self._settle, args=(self._reading,), name="health", daemon=True).start()
            return self._reading

    def report(self, reading: Future[Mapping[str, Any]]) -> dict[str, Any]:
        """What to answer now, also while *reading* goes on: `status` is `ok` or `failing`."""
        found = reading.result() if reading.done() else {"database": "The database did not answer in time."}
        states = {"database": found.get("database", "ok"), "writer": self._writer_problem() or "ok"}
        status = "ok" if set(states.values()) == {"ok"} else "failing"
        return {"status": status, **states, **self._facts(), **{k: v for k, v in found.items() if k != "database"}}

    def _settle(self, reading: Future[Mapping[str, Any]]) -> None:
        try:
            found = self._read()
        except DebriefError as error:
            found = {"database": error.message}
        except Exception:  # the thread's edge: whoever asked gets an answer
            log.exception("health not read")
            found = {"database": "The database could not be read; the log says why."}
        reading.set_result(found)
