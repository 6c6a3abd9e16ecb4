"""Writes the heads of the chains to a second place, on a schedule."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from analysis.errors import DebriefError
from bot.flows.worker import Worker

log = logging.getLogger(__name__)

TOLD_AT_FAILURE = 2


class Anchored(Protocol):
    """What came of one time: heads written down, incidents that differ from what was, and the file that is gone."""

    @property
    def moved(self) -> int: ...

    @property
    def contradicted(self) -> tuple[str, ...]: ...

    @property
    def lost(self) -> str: ...


class Anchors(Protocol):
    """Where heads are written down outside the database."""

    def anchor(self) -> Anchored:
        """Write every head that moved since the last time."""
        ...


class Anchoring:
    """Anchors at start, every *interval_seconds*, and once more when it stops.

    The operator is told once of each record that is not what was written down before, of each time that the file was
    gone, and once while nothing can be written down: the second time in a row, because a moment's trouble is over then.
    """

    def __init__(self, anchors: Anchors, interval_seconds: float, *, tell_operator: Callable[[str], None]) -> None:
        """Nothing runs before `start`."""
        self._anchors = anchors
        self._interval_seconds = interval_seconds
        self._tell_operator = tell_operator
        self._told: set[str] = set()
        self._failures = 0
        self._succeeded_at: float | None = None
        self._worker = Worker(
            "anchoring",
            self._anchor,
            when_failing="anchors not written",
            pause_seconds=interval_seconds,
            at_end=self._anchor,
        )

    @property
    def seconds_since_success(self) -> float | None:
        """How long ago every head that had moved was written down; `None` before the first time."""
        return None if self._succeeded_at is None else time.monotonic() - self._succeeded_at

    def start(self) -> None:
        """Begin the schedule."""
        self._worker.start()

    def stop(self) -> None:
        """Anchor what moved last, and end."""
        self._worker.stop()

    def _anchor(self) -> float:
        try:
            anchored = self._anchors.anchor()
        except DebriefError as error:
            self._failures += 1
            if self._failures == TOLD_AT_FAILURE:
                self._tell_operator(failing(error.message))
            raise
        self._failures = 0
        if anchored.lost:
            self._tell_operator(loss(anchored.lost))
        self._tell(anchored.contradicted)
        self._succeeded_at = time.monotonic()
        if anchored.moved:
            log.info("heads anchored", extra={"heads": anchored.moved})
        return self._interval_seconds

    def _tell(self, contradicted: Sequence[str]) -> None:
        news = sorted(set(contradicted) - self._told)
        if news:
            self._tell_operator(contradiction(news))
            self._told.update(news)


def failing(because: str) -> str:
    """The sentence about anchors that cannot be written down."""
    return (
        f"The heads of the record are not written down outside the database: {because} The record goes on; what is "
        "recorded meanwhile is protected by its chain alone. It is tried again by itself."
    )


def loss(file: str) -> str:
    """The sentence about a file of anchors that is gone."""
    return (
        f"The anchors file {file} is gone, or has lost heads that were written to it, so what was recorded before is "
        "protected by its chain alone. All heads are written down anew. Find out who took it away, and keep what "
        "there is of it: `debrief verify --anchors FILE` reads it."
    )


def contradiction(incidents: Sequence[str]) -> str:
    """The sentence about records that are not what was written down of them."""
    return (
        f"The record of {', '.join(incidents)} is not what was anchored outside the database: it was brought back from "
        "an older copy, cut or rewritten. Run `debrief verify` with the anchors, and keep the anchors file as it is. "
        "If it was a copy, name another file in DEBRIEF_ANCHORS_FILE: until then what is recorded in the place of "
        "what is gone is not anchored."
    )
