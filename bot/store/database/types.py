"""Column types that keep a value's meaning on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

#: A text that is compared byte by byte, so that an index finds all that begin alike, in whatever language a server is.
KEY_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_TEXT_LETTERS = len("2026-01-01 00:00:00.000000")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants: `timestamptz` on PostgreSQL, naive UTC on SQLite, which would drop an offset silently.

    SQLite gets and gives texts, always of the same length. Python's own functions write and read them in a tenth of the
    time of SQLAlchemy's, and an alert has eight.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write an aware instant, and refuse a naive one."""
        return _write_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read an instant, aware, in UTC."""
        return _read_text_or_none if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the database keeps, and refuse a naive one."""
        if value is None:
            return None
        instant = _in_utc(value)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back the instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = f"a time without a zone cannot be stored: {value!r}"
        raise ValueError(message)
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _write_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:_TEXT_LETTERS]


def read_text(value: str) -> datetime:
    """The instant that a SQLite file has as this text."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _read_text_or_none(value: str | None) -> datetime | None:
    return None if value is None else read_text(value)


class Bytes(LargeBinary):
    """Bytes as both drivers take and give them, without SQLAlchemy's wrapper around each value."""

    def bind_processor(self, dialect: Dialect) -> None:
        """Convert nothing on the way in."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Convert nothing on the way out."""
