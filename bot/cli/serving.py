"""`debrief serve`."""

import logging
import os
import socket

from bot.app import build
from bot.settings import Settings, load_settings, unknown_settings
from bot.telemetry.garbage import settle_garbage
from bot.telemetry.logs import close_logs, configure_logs
from bot.web.serving import listen, open_many_files, serve_web

log = logging.getLogger(__name__)


def serve() -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM).

    Examples: `debrief serve` with DEBRIEF_SLACK_BOT_TOKEN and DEBRIEF_SLACK_APP_TOKEN in the environment (Socket
    Mode); with DEBRIEF_SLACK_SIGNING_SECRET instead of an app token, Slack calls http://HOST:PORT/slack/events.
    docs/how-to/connect-slack.md has where each is found.
    """
    settings = load_settings()
    with listen(settings.http_host, settings.http_port) as listening:
        configure_logs(settings.log_level)
        try:
            _serve_on(listening, settings)
        finally:
            close_logs()


def _serve_on(listening: socket.socket, settings: Settings) -> None:
    for sentence in unknown_settings(os.environ):
        log.warning("setting ignored", extra={"because": sentence})
    open_many_files()
    app = build(settings)
    try:
        app.start()
        settle_garbage()
        serve_web(app.web, listening)
    finally:
        app.stop()
        log.info("stopped")


COMMANDS = {"serve": serve}
