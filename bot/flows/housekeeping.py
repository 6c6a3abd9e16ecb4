"""Clears away what may not stay, at once when the process starts and every minute after that."""

import logging
from typing import Protocol

from bot.flows.worker import Worker

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
        self._worker = Worker(
            "housekeeping",
            self._clear,
            when_failing="expired messages not deleted",
            pause_seconds=interval_seconds,
        )

    def start(self) -> None:
        """Begin with what expired while nobody was there."""
        self._worker.start()

    def stop(self) -> None:
        """Finish what was begun."""
        self._worker.stop()

    def _clear(self) -> float:
        cleared = self._rooms.clear()
        if cleared:
            log.info("expired messages deleted", extra={"messages": cleared})
        return self._interval_seconds
