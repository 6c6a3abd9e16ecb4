"""Serving the web application until the process is told to stop."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

import uvicorn

log = logging.getLogger(__name__)

GRACE_SECONDS = 5


def serve_web(web: Any, *, host: str, port: int) -> None:  # noqa: ANN401 - any ASGI application
    """Listen on *host* and *port* only; returns after Ctrl-C or SIGTERM, once running requests are answered."""
    config = uvicorn.Config(
        web,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)

    def stop(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
    log.info("serving", extra={"host": host, "port": port})
    server.run()
