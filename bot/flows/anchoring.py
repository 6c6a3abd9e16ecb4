"""Writes the heads of the chains to a second place, on a schedule."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from analysis.errors import DebriefError

log = logging.getLogger(__name__)


class Anchored(Protocol):
    """What came of one time: how many heads were written down, and which incidents differ from what was."""

    @property
    def moved(self) -> int: ...

    @property
    def contradicted(self) -> tuple[str, ...]: ...


class Anchors(Protocol):
    """Where heads are written down outside the database."""

    def anchor(self) -> Anchored:
        """Write every head that moved since the last time."""
        ...


class Anchoring:
    """Anchors at start, every *interval_seconds*, and once more when it stops.

    The operator is told once of each record that is not what was written down before.
    """

    def __init__(self, anchors: Anchors, interval_seconds: float, *, tell_operator: Callable[[str], None]) -> None:
        """Nothing runs before `start`."""
        self._anchors = anchors
        self._interval_seconds = interval_seconds
        self._tell_operator = tell_operator
        self._told: set[str] = set()
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
        self._anchor()
        while not self._stopping.wait(self._interval_seconds):
            self._anchor()
        self._anchor()

    def _anchor(self) -> None:
        try:
            anchored = self._anchors.anchor()
            self._tell(anchored.contradicted)
        except DebriefError as error:
            log.warning("anchors not written", extra={"because": error.message})
        except Exception:  # the thread's edge: heads that were not written down are tried again
            log.exception("anchors not written")
        else:
            self._succeeded_at = time.monotonic()
            if anchored.moved:
                log.info("heads anchored", extra={"heads": anchored.moved})

    def _tell(self, contradicted: Sequence[str]) -> None:
        news = sorted(set(contradicted) - self._told)
        if news:
            self._tell_operator(contradiction(news))
            self._told.update(news)


def contradiction(incidents: Sequence[str]) -> str:
    """The sentence about records that are not what was written down of them."""
    return (
        f"The record of {', '.join(incidents)} is not what was anchored outside the database: it was brought back from "
        "an older copy, cut or rewritten. Run `debrief verify` with the anchors, and keep the anchors file as it is."
    )
