"""Values as the driver gives them, whatever somebody wrote into a column that should hold something else."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, Text, cast, select, type_coerce
from sqlalchemy.types import NULLTYPE

from bot.store.database.types import UtcDateTime

_NO_INSTANT = datetime.min.replace(tzinfo=UTC)


def select_raw(table: Table) -> Select[*tuple[Any, ...]]:
    """The columns as the driver gives them, instants as text: a type would refuse what a tamperer wrote."""
    return select(*(as_found(column).label(column.name) for column in table.columns))


def as_found(column: Column[Any]) -> ColumnElement[Any]:
    """A column without the type that would refuse what is in it."""
    return cast(column, Text) if isinstance(column.type, UtcDateTime) else type_coerce(column, NULLTYPE)


def id_text(raw: object) -> str | None:
    """The id in its one spelling, or what stands in its place."""
    try:
        return None if raw is None else str(raw if isinstance(raw, UUID) else UUID(str(raw)))
    except ValueError:
        return repr(raw)


def number(raw: object) -> int:
    """The number, or one that no entry has."""
    return raw if isinstance(raw, int) else -1


def instant(raw: object) -> datetime:
    """The instant, or one that nothing happened at."""
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        return _NO_INSTANT
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def words(raw: object) -> str:
    """The text, or a description of what stands in its place."""
    return raw if isinstance(raw, str) else repr(raw)


def octets(raw: object) -> bytes:
    """The bytes, or a description of what stands in their place."""
    return bytes(raw) if isinstance(raw, bytes | memoryview | bytearray) else repr(raw).encode()
