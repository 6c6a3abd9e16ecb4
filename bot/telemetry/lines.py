"""Log lines on their way to stderr: whoever logs never waits for whoever reads them."""

import io
import logging
import os
import queue
import sys
import threading
from typing import TextIO

#: What waits for a reader that stands still, a few megabytes; what comes after that is counted and lost.
MOST_LINES = 10_000
#: So long the end of the process waits for what was logged last.
LAST_SECONDS = 2.0


class PatientHandler(logging.Handler):
    """Writes on a thread of its own.

    A terminal that was stopped, or a collector that hangs, would otherwise soon stop the writer and every answer: a
    pipe takes 64 KiB, and then whoever logs waits for good.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Write to *stream*, or to stderr as it is now."""
        super().__init__()
        self._stream = stream or sys.stderr
        self._lines: queue.Queue[str | None] = queue.Queue(MOST_LINES)
        self._lost = 0
        self._counting = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Have *record* written, or count it where too many wait."""
        try:
            line = self.format(record)
            if self._thread.is_alive():
                self._lines.put_nowait(line)
            else:
                self._write(line)  # the process ends
        except queue.Full:
            self._lose()
        except Exception:  # noqa: BLE001 - as every handler of the library does
            self.handleError(record)

    def flush(self) -> None:
        """Wait until what was logged is written, but not for long; called at the end of the process, too."""
        if self._is_closed:
            return
        with self._lines.all_tasks_done:
            self._lines.all_tasks_done.wait_for(lambda: not self._lines.unfinished_tasks, LAST_SECONDS)

    def close(self) -> None:
        """Write what is left, waiting for that as `flush` does, but once; later lines are written at once."""
        self.flush()
        if not self._is_closed and not self._lines.unfinished_tasks:
            self._lines.put(None)
            self._thread.join(LAST_SECONDS)
        self._is_closed = True
        super().close()

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            if not self._write(line):
                self._lose()
            elif self._lost and self._lines.empty():  # behind those that came before them
                with self._counting:
                    lost, self._lost = self._lost, 0
                about = {"name": __name__, "msg": "log lines lost, because nobody read them", "lines": lost}
                self._write(self.format(logging.makeLogRecord({**about, "levelno": 30, "levelname": "WARNING"})))
            self._lines.task_done()

    def _lose(self) -> None:
        with self._counting:
            self._lost += 1

    def _write(self, line: str) -> bool:
        """Whether *line* could be written; nobody may be reading any more, or the disk of a file be full."""
        try:
            try:
                self._write_whole(self._stream.fileno(), f"{line}\n".encode(errors="backslashreplace"))
            except io.UnsupportedOperation:  # a stream that is no file
                self._stream.write(f"{line}\n")
        except (OSError, ValueError):
            return False
        return True

    @staticmethod
    def _write_whole(file: int, line: bytes) -> None:
        """Past the stream, whose lock would be held for as long as this waits, also when the process ends."""
        while line:
            line = line[os.write(file, line) :]
