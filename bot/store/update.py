"""Changing many rows with little work for each, as `insert.py` inserts them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from bot.store.insert import Converters, converted, converters_of, mark_of


def update_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, count: str) -> None:
    """Set what *rows* say where their `id` is; the column *count* grows by its value.

    All have the same columns, and the last is `id`.
    """
    if rows:
        statement, converters = _prepared(table, tuple(rows[0]), count, connection.dialect)
        connection.exec_driver_sql(statement, converted(rows, converters))


@cache
def _prepared(table: Table, columns: tuple[str, ...], count: str, dialect: Dialect) -> tuple[str, Converters]:
    mark = mark_of(dialect)
    *names, key = columns
    changes = ", ".join(f'"{name}" = "{name}" + {mark}' if name == count else f'"{name}" = {mark}' for name in names)
    statement = f'UPDATE "{table.name}" SET {changes} WHERE "{key}" = {mark}'  # noqa: S608 - names of our own tables
    return statement, converters_of(table, columns, dialect)
