"""One publisher at a time in a repository, and a note left behind by one that died while it changed the work tree."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from analysis.errors import Unavailable
from bot.publish.git_program import Git

_TRIES = 100
_PAUSE_SECONDS = 0.1
_BUSY = b"changing the work tree\n"


class Turn:
    """A lock that the system releases when its holder dies, as a context manager.

    `was_interrupted` says that an earlier holder died between `begin` and `end`.
    """

    def __init__(self, git: Git, *, pause: Callable[[float], None]) -> None:
        """Take no lock yet."""
        self._git = git
        self._pause = pause
        self._file = -1
        self.was_interrupted = False

    def __enter__(self) -> Self:
        """Wait for the turn.

        Raises
        ------
        Unavailable
            If another publisher keeps it for more than ten seconds.
        """
        folder = Path(self._git.run("rev-parse", "--path-format=absolute", "--git-common-dir"))
        self._file = os.open(folder / "debrief-publish.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._pause(_PAUSE_SECONDS)
            else:
                self.was_interrupted = bool(os.fstat(self._file).st_size)
                return self
        os.close(self._file)
        message = "Another publisher is at work in the repository; the document is tried again."
        raise Unavailable(message)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the turn."""
        os.close(self._file)

    def begin(self) -> None:
        """Note that the work tree is being changed."""
        os.pwrite(self._file, _BUSY, 0)
        os.fsync(self._file)

    def end(self, *, is_whole: bool) -> None:
        """Take the note back, unless what an earlier holder left half-done still is."""
        if is_whole or not self.was_interrupted:
            os.ftruncate(self._file, 0)
            self.was_interrupted = False
