"""Writes the heads of the chains to a second place, on a schedule."""

import logging
import threading
import time
from typing import Protocol

from analysis.errors import DebriefError

log = logging.getLogger(__name__)


class Anchors(Protocol):
    """Where heads are written down outside the database."""

    def anchor(self) -> int:
        """Write every head that moved since the last time; how many there were."""
        ...


class Anchoring:
    """Anchors every *interval_seconds*, and once more when it stops."""

    def __init__(self, anchors: Anchors, interval_seconds: float) -> None:
        """Nothing runs before `start`."""
        self._anchors = anchors
        self._interval_seconds = interval_seconds
        self._succeeded_at: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="anchoring", daemon=True)

    @property
    def seconds_since_success(self) -> float | None:
        """How long ago every head that had moved was written down; `None` before the first time."""
        return None if self._succeeded_at is None else time.monotonic() - self._succeeded_at

    def start(self) -> None:
        """Begin the schedule."""
        self._thread.start()

    def stop(self) -> None:
        """Anchor what moved last, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_seconds):
            self._anchor()
        self._anchor()

    def _anchor(self) -> None:
        try:
            moved = self._anchors.anchor()
        except DebriefError as error:
            log.warning("anchors not written", extra={"because": error.message})
        except Exception:  # the thread's edge: heads that were not written down are tried again
            log.exception("anchors not written")
        else:
            self._succeeded_at = time.monotonic()
            if moved:
                log.info("heads anchored", extra={"heads": moved})
