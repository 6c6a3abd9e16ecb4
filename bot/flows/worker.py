"""A thread that does one round of work after another, until it is stopped."""

import logging
import threading
from collections.abc import Callable

from analysis.errors import DebriefError

log = logging.getLogger(__name__)

#: How long nothing is tried after a failure.
PAUSE_SECONDS = 1.0


class Worker:
    """Begins at once when it is started; `wake` makes it look for work now, and no failure ends it."""

    def __init__(
        self,
        name: str,
        work: Callable[[], float],
        *,
        when_failing: str,
        pause_seconds: float = PAUSE_SECONDS,
        at_end: Callable[[], float] | None = None,
    ) -> None:
        """Nothing runs before `start`.

        *work* does one round and says for how many seconds there is nothing to do; *when_failing* is what the log says
        of a round that failed; *at_end* is done once, after the last round.
        """
        self._work = work
        self._when_failing = when_failing
        self._pause_seconds = pause_seconds
        self._at_end = at_end
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._is_at_work = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_woken(self) -> bool:
        """Whether somebody asked for another round since this one began."""
        return self._woken.is_set()

    @property
    def is_at_rest(self) -> bool:
        """Whether no round runs or is about to."""
        return not (self._is_at_work or self.is_woken) or not self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Do the next round as soon as this one is done."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the round that was begun, and end; does nothing where nothing runs."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def rest(self, seconds: float) -> None:
        """Within a round, do nothing for so long; only `stop` ends it early."""
        self._stopping.wait(seconds)

    def _run(self) -> None:
        while True:
            self._is_at_work = True
            self._woken.clear()  # before it looks whether to stop: `stop` sets both, that one first
            if self._stopping.is_set():
                break
            seconds = self._try(self._work)
            self._is_at_work = False
            if seconds is None:
                self.rest(self._pause_seconds)
            else:
                self._woken.wait(seconds)
        if self._at_end:
            self._try(self._at_end)

    def _try(self, work: Callable[[], float]) -> float | None:
        try:
            return work()
        except DebriefError as error:
            log.warning(self._when_failing, extra={"because": error.message})
        except Exception:  # the thread's edge: without it nothing would ever be done again
            log.exception(self._when_failing)
        return None
