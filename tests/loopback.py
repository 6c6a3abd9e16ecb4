"""HTTP servers of tests, on a free port of loopback: they say nothing, and are gone when their block ends."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import uvicorn

from bot.web.serving import web_config

_LONGEST_ANSWER_SECONDS = 2.0


class _Quiet:
    """Stands before a handler and keeps what it would print to itself: the test's output is for the test."""

    #: A body that follows its headers does not wait until those are acknowledged.
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer by *handler* on the port that is yielded; a request that hangs does not keep the block from ending."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Quiet, handler), {}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving(web: Any, port: int = 0) -> Iterator[int]:
    """Serve an ASGI application as `debrief serve` does, on a free port for 0; yields the port."""
    listening_on = socket.create_server(("127.0.0.1", port))
    config = web_config(web)
    config.lifespan = "off"
    server = _PromptServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening_on]}, daemon=True)
    thread.start()
    try:
        server.is_up.wait()
        yield listening_on.getsockname()[1]
    finally:
        server.leave()
        thread.join()
        listening_on.close()


class _PromptServer(uvicorn.Server):
    """Ends as soon as it is told to: uvicorn's own looks ten times a second, and each room of a run would wait."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def main_loop(self) -> None:
        """Wait to be told, and for nothing else."""
        self._loop, self._leaving = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self.is_up.set()
        await self._leaving.wait()

    def leave(self) -> None:
        """End, from any thread."""
        self._loop.call_soon_threadsafe(self._leaving.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was asked, and let go."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_LONGEST_ANSWER_SECONDS)
        for one in sockets or []:
            one.close()
