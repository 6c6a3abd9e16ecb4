"""Serving the web application until the process is told to stop."""

import logging
import resource
import signal
import socket
import threading
from types import FrameType
from typing import Any

import uvicorn

from analysis.errors import Unavailable
from bot.web.connections import BoundedConnection

log = logging.getLogger(__name__)

GRACE_SECONDS = 5
#: Connections that wait to be accepted, as uvicorn has it.
BACKLOG = 2048
#: More than this many at once never come, and each costs a little memory.
MOST_FILES = 65_536


class _PatientServer(uvicorn.Server):
    """Ends after a second Ctrl-C as after the first, which takes `GRACE_SECONDS` at most; uvicorn drops what runs."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.force_exit = False


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is begun.

    Raises
    ------
    Unavailable
        If another program has it, or there is no such host here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        because = str(error.strerror).partition(" (")[0]
        todo = "Set DEBRIEF_HTTP_HOST and DEBRIEF_HTTP_PORT, or stop the program that listens there"
        message = f"Port {port} of {host} cannot be listened on: {because}. {todo}."
        raise Unavailable(message) from error
    # Connections inherit it. An answer is sent in two pieces, and without it the second waits for the client to have
    # acknowledged the first, which clients put off for 40 ms; asyncio sets it only on sockets that name their protocol.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def open_many_files() -> None:
    """Let the process have as many files and connections open as it may, within reason.

    What it may at first is for programs that cannot tell more than 1,024 of them apart: a sender that leaves its
    connections open would soon keep everybody else out, and readers from the database, without a word.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
    if now != resource.RLIM_INFINITY and now < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        except (
            OSError,
            ValueError,
        ) as error:  # a sandbox, or a lower limit beside
            log.info("no more open files", extra={"because": str(error), "files": now})


def web_config(web: Any) -> uvicorn.Config:  # noqa: ANN401 - any ASGI application
    """How requests are read and answered, wherever they are listened for."""
    return uvicorn.Config(
        web,
        http=BoundedConnection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nothing asks where a request came from
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve_web(web: Any, listening: socket.socket) -> None:  # noqa: ANN401 - any ASGI application
    """Answer on *listening* only; returns after Ctrl-C or SIGTERM, once running requests are answered."""
    server = _PatientServer(web_config(web))

    def stop(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
    host, port = listening.getsockname()[:2]
    log.info("serving", extra={"host": host, "port": port})
    server.run(sockets=[listening])
