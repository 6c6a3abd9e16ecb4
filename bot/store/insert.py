"""Inserting many rows with little work for each: the statement and the conversions are prepared once a table."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

Convert = Callable[[Any], Any] | None


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, unless_there: bool = False
) -> None:
    """Insert *rows*, which all have the same columns; with *unless_there*, only those that no constraint forbids.

    SQLAlchemy's own path costs 25 µs a row before the driver sees it, which is a third of what a row costs in bulk.
    """
    if not rows:
        return
    statement, converters = _prepared(table, tuple(rows[0]), connection.dialect)
    if unless_there:
        statement += " ON CONFLICT DO NOTHING"
    columns = [
        [convert(row[name]) for row in rows] if convert else [row[name] for row in rows] for name, convert in converters
    ]
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


@cache
def _prepared(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[tuple[str, Convert], ...]]:
    mark = "?" if dialect.name == "sqlite" else "%s"
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join([mark] * len(columns))})'  # noqa: S608 - names of our own tables
    converters = tuple((name, _converter(table, name, dialect)) for name in columns)
    return statement, converters


def _converter(table: Table, name: str, dialect: Dialect) -> Convert:
    kind = table.columns[name].type.dialect_impl(dialect)
    return kind.bind_processor(dialect)
