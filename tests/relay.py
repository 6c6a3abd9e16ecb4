"""Between a client and PostgreSQL: a network that can stop to carry anything, without a word to either side."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import URL, make_url

_NAME = ".s.PGSQL.5432"
_PIECE = 65_536


class Relay:
    """Carries bytes between a socket in *folder* and the server's, while it is not frozen."""

    def __init__(self, folder: Path, server: Path) -> None:
        """Listen at once."""
        self._server = server
        self._flows = threading.Event()
        self._flows.set()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / _NAME))
        self._listening.listen(64)
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Carry nothing meanwhile."""
        self._flows.clear()
        try:
            yield
        finally:
            self._flows.set()

    def close(self) -> None:
        """Take nobody any more, and let go of those who are there."""
        self._flows.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *self._open):
            each.close()

    def _begin(self, run: Callable[..., None], *given: socket.socket) -> None:
        thread = threading.Thread(target=run, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                self._open += (client, server)
                server.connect(str(self._server / _NAME))
                self._begin(self._carry, client, server)
                self._begin(self._carry, server, client)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(_PIECE):
                self._flows.wait()
                other.sendall(piece)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(url: str, folder: Path) -> Iterator[tuple[str, Relay]]:
    """Yield the address of the same database by way of a relay in *folder*, which must have a short name."""
    parsed: URL = make_url(url)
    relay = Relay(folder, Path(str(parsed.query["host"])))
    try:
        yield parsed.set(query={"host": str(folder)}).render_as_string(hide_password=False), relay
    finally:
        relay.close()
