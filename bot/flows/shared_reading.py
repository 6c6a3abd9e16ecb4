"""Reading what only the database knows, on a thread of its own, so that nobody who asks waits for it."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from analysis.errors import DebriefError

log = logging.getLogger(__name__)

#: What a reading that failed has alone: one sentence that says why.
FAILED = "database"


class SharedReading:
    """Reads when it is asked; whoever asks while a reading goes on shares it, so that none pile up."""

    def __init__(self, read: Callable[[], Mapping[str, Any]], *, what: str) -> None:
        """*what* names it in the log and is its thread's name."""
        self._read = read
        self._what = what
        self._lock = threading.Lock()
        self._reading: Future[Mapping[str, Any]] | None = None

    def begin(self) -> Future[Mapping[str, Any]]:
        """Begin to read, or share what goes on; its result is what was read, or `FAILED` with why not."""
        with self._lock:
            if self._reading is None or self._reading.done():
                reading: Future[Mapping[str, Any]] = Future()
                threading.Thread(target=self._settle, args=(reading,), name=self._what, daemon=True).start()
                self._reading = reading  # not before: where no thread can be had, the next one tries again
            return self._reading

    def _settle(self, reading: Future[Mapping[str, Any]]) -> None:
        try:
            found = self._read()
        except DebriefError as error:
            found = {FAILED: error.message}
        except Exception:  # the thread's edge: whoever asked gets an answer
            log.exception("%s not read", self._what)
            found = {FAILED: "The database could not be read; the log says why."}
        reading.set_result(found)
