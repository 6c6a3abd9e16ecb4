"""Clears away what may not stay, at once when the process starts and every minute after that."""

import logging
import threading
from typing import Protocol

from analysis.errors import DebriefError

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0


class Rooms(Protocol):
    """Where things lie that may not stay."""

    def clear(self) -> int:
        """Delete what has expired; how much that was."""
        ...


class Housekeeping:
    """Clears every *interval_seconds*; what could not be cleared is tried again the next time."""

    def __init__(self, rooms: Rooms, interval_seconds: float = INTERVAL_SECONDS) -> None:
        """Nothing runs before `start`."""
        self._rooms = rooms
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin with what expired while nobody was there."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what was begun."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        self._clear()
        while not self._stopping.wait(self._interval_seconds):
            self._clear()

    def _clear(self) -> None:
        try:
            cleared = self._rooms.clear()
        except DebriefError as error:
            log.warning("expired messages not deleted", extra={"because": error.message})
        except Exception:  # the thread's edge: what is left is cleared the next time
            log.exception("expired messages not deleted")
        else:
            if cleared:
                log.info("expired messages deleted", extra={"messages": cleared})
