"""Structured logs: one JSON object a line on stderr; never the content of a record."""

import logging
import logging.config

from pythonjsonlogger.core import RESERVED_ATTRS

from bot.telemetry.lines import PatientHandler

#: Whose details are logged: libraries say in theirs what they were given, answers and questions among it.
_OURS = ("bot", "analysis")


def configure_logs(level: str) -> None:
    """Send all logs to stderr as JSON; called once, by the command line."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": "pythonjsonlogger.json.JsonFormatter",
                    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                    # uvicorn repeats its message with terminal colours.
                    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
                    "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
                }
            },
            "filters": {"discreet": {"()": lambda: _is_discreet}},
            "handlers": {"stderr": {"()": PatientHandler, "formatter": "json", "filters": ["discreet"]}},
            "root": {"level": level, "handlers": ["stderr"]},
            "loggers": {
                "alembic": {"level": "WARNING"},
                "slack_bolt": {"level": "WARNING"},
                "slack_sdk": {"level": "WARNING"},
                "uvicorn.access": {"level": "WARNING"},
            },
        }
    )


def close_logs() -> None:
    """Write what was logged last, and leave no thread behind."""
    for handler in logging.getLogger().handlers:
        handler.close()


def _is_discreet(record: logging.LogRecord) -> bool:
    """Whether a record says nothing of what people wrote: a library's logger may have set its own level to DEBUG."""
    return record.levelno >= logging.INFO or record.name.partition(".")[0] in _OURS
