"""A program in the background: its output goes to a file, and it is stopped together with what it started."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_GRACE_SECONDS = 10.0


class ProgramEnded(Exception):
    """The program ended by itself while it was still needed."""


class Program:
    """Started on entry, stopped on exit; `log` keeps what it printed."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str | Path],
        *,
        log: Path,
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._arguments = [str(argument) for argument in arguments]
        self._folder = folder
        self._environment = dict(os.environ if environment is None else environment)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Run it in a session of its own, so that Ctrl-C reaches us first and we stop it in order."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._arguments,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ask it to end, and insist after ten seconds."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def check(self) -> None:
        """Pass while it runs.

        Raises
        ------
        ProgramEnded
            With the end of what it printed, if it does not.
        """
        if self._process is None or self._process.poll() is not None:
            code = None if self._process is None else self._process.returncode
            raise ProgramEnded(f"{self.name} ended with status {code}. The end of {self.log}:\n{self.tail()}")

    def tail(self, lines: int = 15) -> str:
        """The last *lines* of what it printed."""
        if not self.log.exists():
            return "(nothing was printed)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, number)
