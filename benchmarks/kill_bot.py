"""The bot under fire: served in a process group of its own, struck by SIGKILL, started again on the same database."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from benchmarks.measuring import ROOT

START_SECONDS = 90.0
STOP_SECONDS = 30.0
#: What `debrief serve` exits with when it refuses to start because the database does not answer.
UNAVAILABLE_STATUS = 3


class Moment(StrEnum):
    """When the kill falls."""

    LOAD = "under load"  #: some time into the life
    STARTING = "starting"  #: some time after the process began, often before it answers
    SENT = "request sent"  #: milliseconds after a request left its client
    ACKNOWLEDGED = "acknowledged"  #: by the very thread that has just read an acknowledgement
    CALLED = "Slack called"  #: Slack has the call and does nothing with it
    PERFORMED = "Slack performed"  #: Slack has done what was asked and not answered


class Trap:
    """Strikes at the *count*-th time that its moment is seen; the others only pass."""

    def __init__(self, moment: Moment, *, count: int = 1, methods: frozenset[str] = frozenset()) -> None:
        """Of Slack's moments only calls of *methods* count, where there are any."""
        self.moment = moment
        self.sprung = threading.Event()
        self._count = count
        self._methods = methods
        self._lock = threading.Lock()
        self._bot: Bot | None = None

    def arm(self, bot: "Bot") -> None:
        """Aim at the life that has just begun."""
        with self._lock:
            self._bot = bot

    def saw(self, moment: Moment, method: str = "", *, after_seconds: float = 0.0) -> bool:
        """Say that *moment* is now; true if the bot was struck because of it."""
        if moment is not self.moment or (self._methods and method not in self._methods):
            return False
        with self._lock:
            self._count -= 1
            if self._count != 0 or self._bot is None:
                return False
            if after_seconds:
                time.sleep(after_seconds)
            self._bot.strike()
        self.sprung.set()
        return True


class Process(Protocol):
    """One life."""

    pid: int

    def wait(self) -> int:
        """The exit status, once it has ended."""
        ...


class Bot:
    """One bot, life after life; `up` is set while it answers on `port`."""

    def __init__(self, environment: Mapping[str, str], folder: Path, nursery: "Nursery | None") -> None:
        """Nothing runs yet; without a *nursery* each life is a `python -m bot serve` from scratch."""
        self.up = threading.Event()
        self.port = 0
        self.refused_starts = 0
        self.log = folder / "bot.log"
        self._environment = dict(environment)
        self._nursery = nursery
        self._process: Process | None = None
        self._end: Future[int] = Future()
        self._waiter = ThreadPoolExecutor(1, thread_name_prefix="bot-end")

    def start(self, trap: Trap | None = None) -> None:
        """Begin a life on a free port; returns at once."""
        self.port = _free_port()
        environment = {**self._environment, "DEBRIEF_HTTP_PORT": str(self.port)}
        self._process = self._nursery.fork(environment, self.log) if self._nursery else _Cold(environment, self.log)
        self._end = self._waiter.submit(self._process.wait)
        if trap:
            trap.arm(self)

    def await_up(self, trap: Trap | None = None) -> bool:
        """Wait until it answers, or was struck before it could.

        It refuses to start while the database does not answer; then it is started again, as a supervisor does.
        """
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if trap and trap.sprung.is_set():
                return False
            if self._end.done() and self._end.result() == UNAVAILABLE_STATUS:
                self.refused_starts += 1
                time.sleep(0.5)
                self.start(trap)
            if self._is_healthy():
                self.up.set()
                return True
            time.sleep(0.01)
        raise TimeoutError(f"the bot does not answer; see {self.log}")

    def strike(self) -> None:
        """Kill it, and all that it has started."""
        assert self._process is not None
        if self._end.done():
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it has not made its own group yet
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def bury(self) -> None:
        """Wait for the end of a life that was struck."""
        self.up.clear()
        status = self._end.result()
        assert status in {-signal.SIGKILL, UNAVAILABLE_STATUS}, f"the bot ended with {status}; see {self.log}"

    def stop(self) -> None:
        """Ask it to end, and hold it to doing so cleanly."""
        self.up.clear()
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGTERM)
        watchdog = threading.Timer(STOP_SECONDS, self.strike)
        watchdog.start()
        status = self._end.result()
        watchdog.cancel()
        self._waiter.shutdown()
        assert status == 0, f"the bot ended with {status} when asked to stop; see {self.log}"

    def times_logged(self, message: str) -> int:
        """How often all lives together have logged *message*."""
        return self.log.read_text(encoding="utf-8", errors="replace").count(f'"message": "{message}"')

    def said(self) -> list[str]:
        """What all lives together have said outside the log's own form (why one did not start), and what went wrong."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.strip() and (line[0] != "{" or '"level": "ERROR"' in line)]

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Nursery:
    """The process that forks lives; see `benchmarks.kill_nursery`."""

    def __init__(self, folder: Path) -> None:
        """Begin to import."""
        with (folder / "nursery.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.kill_nursery"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def fork(self, environment: Mapping[str, str], log: Path) -> Process:
        """Begin a life."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"environment": dict(environment), "log": str(log)}) + "\n")
        self._process.stdin.flush()
        return _Forked(self, self.read())

    def read(self) -> int:
        """The next number that it says."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """Ask for nothing more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def open_nursery(folder: Path) -> Iterator[Nursery]:
    """A nursery that logs to *folder*, closed afterwards."""
    nursery = Nursery(folder)
    try:
        yield nursery
    finally:
        nursery.close()


class _Forked:
    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery

    def wait(self) -> int:
        return self._nursery.read()


class _Cold:
    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def wait(self) -> int:
        return self._process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
