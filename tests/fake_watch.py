"""A service on loopback that is told that something is there, and would page people when that stops."""

import http.server
import threading
from dataclasses import dataclass, field
from typing import Self

PATH = "/ping/secret-of-the-watch"


@dataclass(slots=True)
class FakeWatch:
    """Counts its calls; answers `status` to them."""

    paths: list[str] = field(default_factory=list)
    status: int = 200
    server: http.server.ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Begin to watch."""
        watch = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                watch.paths.append(self.path)
                self.send_response(watch.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    @property
    def url(self) -> str:
        """What is called."""
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}{PATH}"
