"""Column types that keep a value's meaning on both databases."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

#: A text that is compared byte by byte, so that an index finds all that begin alike, in whatever language a server is.
KEY_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants: `timestamptz` on PostgreSQL, naive UTC on SQLite, which would drop an offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the database keeps, and refuse a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without a zone cannot be stored: {value!r}"
            raise ValueError(message)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back the instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Bytes(LargeBinary):
    """Bytes as both drivers take and give them, without SQLAlchemy's wrapper around each value."""

    def bind_processor(self, dialect: Dialect) -> None:
        """Convert nothing on the way in."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Convert nothing on the way out."""
