"""A service on loopback that is told that something is there, and would page people when that stops."""

import http.server
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

from tests.loopback import listening

PATH = "/ping/secret-of-the-watch"


@dataclass(slots=True)
class FakeWatch:
    """Counts its calls; answers `status` to them."""

    paths: list[str] = field(default_factory=list)
    status: int = 200
    port: int = 0
    opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Begin to watch."""
        watch = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                watch.paths.append(self.path)
                self.send_response(watch.status)
                self.end_headers()

        self.port = self.opened.enter_context(listening(Handler))
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.opened.close()

    @property
    def url(self) -> str:
        """What is called."""
        assert self.port
        return f"http://127.0.0.1:{self.port}{PATH}"
