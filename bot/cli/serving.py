"""`debrief serve`."""

import logging

from bot.app import build
from bot.settings import load_settings
from bot.telemetry.garbage import settle_garbage
from bot.telemetry.logs import configure_logs
from bot.web.serving import serve_web

log = logging.getLogger(__name__)


def serve() -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM).

    Examples: `debrief serve` with DEBRIEF_SLACK_BOT_TOKEN, DEBRIEF_SLACK_APP_TOKEN and
    DEBRIEF_SLACK_SIGNING_SECRET set (Socket Mode); without an app token, Slack calls
    http://HOST:PORT/slack/events.
    """
    settings = load_settings()
    configure_logs(settings.log_level)
    app = build(settings)
    app.start()
    settle_garbage()
    try:
        serve_web(app.web, host=settings.http_host, port=settings.http_port)
    finally:
        app.stop()
        log.info("stopped")


COMMANDS = {"serve": serve}
