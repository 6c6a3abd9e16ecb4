"""The outside heartbeat: a call to an address elsewhere, which pages people directly when it stops coming."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from analysis.errors import DebriefError

log = logging.getLogger(__name__)


#: An alert in line that the pager has not taken for so long stops the heart, and so pages people directly.
OVERDUE = timedelta(seconds=60)
#: What asks the pager looks for work every few seconds; after so long it is gone.
SILENT_SECONDS = 30.0
#: So long the process may take to begin with what the heart beats for.
FIRST_SECONDS = 2.0


class Heartbeat:
    """Calls *beat* every *interval_seconds* while *problem* has nothing to say.

    Whoever watches on the other side needs no word of ours: silence is the alarm, whether the process, the machine, the
    database or the way to the pager is gone.
    """

    def __init__(self, beat: Callable[[], None], problem: Callable[[], str], *, interval_seconds: float) -> None:
        """Nothing runs before `start`."""
        self._beat = beat
        self._problem = problem
        self._interval_seconds = interval_seconds
        self._told = ""
        #: Whether it beat when it last should; `None` before that.
        self.is_beating: bool | None = None
        #: When it last beat, in seconds since 1970; 0 before that.
        self.beat_at = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Fall silent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        self._stopping.wait(min(FIRST_SECONDS, self._interval_seconds))
        while not self._stopping.is_set():
            self._turn()
            self._stopping.wait(self._interval_seconds)

    def _turn(self) -> None:
        try:
            problem = self._problem()
            if not problem:
                self._beat()
                self.beat_at = time.time()
        except DebriefError as error:
            problem = error.message
        except Exception:  # the thread's edge: it must beat again once this is over
            log.exception("no heartbeat")
            problem = "an unexpected error; see the log"
        if problem and problem != self._told:
            log.warning("no heartbeat", extra={"because": problem})
        if self._told and not problem:
            log.info("the heart beats again")
        self._told = problem
        self.is_beating = not problem


class NoHeartbeat:
    """Where none is set up."""

    is_beating: bool | None = None
    beat_at = 0.0

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""
