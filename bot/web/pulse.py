"""Whether alerts could be handed over now: a process that lives may still take none."""

import asyncio
import errno
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait

from starlette.types import ASGIApp, Receive, Scope, Send

#: A loop that turns answers within milliseconds, and what is read beside it within a second or two.
PATIENCE_SECONDS = 10.0
#: Of the process, and of the system; whatever else is wrong with the file that is tried hinders no connection.
_USED_UP = frozenset({errno.EMFILE, errno.ENFILE})
_SILENT = "requests are not answered any more"
_NO_FILE = (
    "no connection is taken any more ({because}): the process has as many files open as it may, or the system has"
)


class Pulse:
    """An ASGI application around *app* that tells on any other thread whether requests are answered at all."""

    def __init__(self, app: ASGIApp, reader: Executor, *, refusing: Callable[[], str]) -> None:
        """*reader* is where long bodies are read; *refusing* says which alerts that must be taken are refused."""
        self._app = app
        self._reader = reader
        self._refusing = refusing
        self._asked: list[Future[None]] = []
        #: Known before the first request: a server begins by telling its application that it starts.
        self.loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        self.loop = asyncio.get_running_loop()
        await self._app(scope, receive, send)

    def problem(self) -> str:
        """What is wrong, in one sentence; empty where nothing is. What is asked and not answered is not asked again."""
        if self.loop is None:
            return ""  # nobody has asked for anything yet
        if self.loop.is_closed():
            return _SILENT
        if not self._asked:
            turned: Future[None] = Future()
            self.loop.call_soon_threadsafe(turned.set_result, None)
            self._asked = [turned, self._reader.submit(lambda: None)]
        self._asked = list(wait(self._asked, PATIENCE_SECONDS).not_done)
        return _SILENT if self._asked else _no_file() or self._refusing()


def _no_file() -> str:
    """Why the next connection could not be taken, which costs a file; whoever waits for it is told nothing."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return _NO_FILE.format(because=error.strerror) if error.errno in _USED_UP else ""
    return ""
