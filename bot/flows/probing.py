"""Tries the writer again and again, so that a disk that is full or read-only shows before somebody needs it."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future

from analysis.errors import DebriefError
from bot.flows.worker import Worker

log = logging.getLogger(__name__)

#: How long a commit may take; also how soon a writer that failed is tried again.
PATIENCE_SECONDS = 1.0


class Probing:
    """Probes every *interval_seconds* while all is well; `problem` answers at once, whatever the writer does."""

    def __init__(
        self,
        probe: Callable[[], Future[None]],
        *,
        interval_seconds: float,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Nothing runs before `start`; until then the writer counts as well."""
        self._probe = probe
        self._interval_seconds = interval_seconds
        self._patience_seconds = patience_seconds
        self._pending: Future[None] | None = None
        self._asked_at = 0.0
        self._problem = ""
        self._worker = Worker("probing", self._look, when_failing="probe failed")

    @property
    def problem(self) -> str:
        """What is wrong with the writer, in one sentence; empty where nothing is."""
        return self._problem

    def start(self) -> None:
        """Begin to probe."""
        self._worker.start()

    def stop(self) -> None:
        """End, once the probe that runs is answered or has taken too long."""
        self._worker.stop()

    def _look(self) -> float:
        self._tell(self._ask())
        return self._patience_seconds if self._problem else self._interval_seconds

    def _ask(self) -> str:
        """What is wrong; a probe that is not answered is waited for again, not sent again."""
        if self._pending is None:
            self._pending, self._asked_at = self._probe(), time.monotonic()
        try:
            self._pending.result(self._patience_seconds)
        except TimeoutError:
            return f"The writer has not answered for {time.monotonic() - self._asked_at:.0f} s."
        except DebriefError as error:
            self._pending = None
            return error.message
        except Exception:  # the thread's edge: whatever it was, the writer did not commit
            log.exception("probe failed")
            self._pending = None
            return "The writer failed in a way that Debrief did not foresee; the log says how."
        self._pending = None
        return ""

    def _tell(self, problem: str) -> None:
        if problem and not self._problem:
            log.error("the writer does not commit", extra={"because": problem})
        if self._problem and not problem:
            log.info("the writer commits again")
        self._problem = problem
