"""Does what is due every so often, in the one process that sends."""

import logging
import threading
from collections.abc import Callable, Sequence

from analysis.errors import DebriefError

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 20.0
PATIENCE_SECONDS = 5.0


class Schedule:
    """Runs each of *steps* every *interval_seconds*; each knows by the clock and the record whether it is due."""

    def __init__(
        self,
        steps: Sequence[Callable[[], object]],
        *,
        may_run: Callable[[], bool] = lambda: True,
        interval_seconds: float = INTERVAL_SECONDS,
    ) -> None:
        """Nothing runs before `start`."""
        self._steps = steps
        self._may_run = may_run
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        """Begin with what was due while nobody was there."""
        self._thread.start()

    def stop(self) -> None:
        """Let a step that was begun finish, but not for long: one that is cut short has changed nothing."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_seconds):
            for step in self._steps:
                if self._may_run() and not self._stopping.is_set():
                    self._do(step)

    def _do(self, step: Callable[[], object]) -> None:
        try:
            step()
        except DebriefError as error:
            log.warning("what was due waits", extra={"because": error.message})
        except Exception:  # the thread's edge: it is tried again the next time
            log.exception("what was due waits")
