"""Changing many rows with little work for each, as `insert.py` inserts them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from bot.store.database.insert import Converters, by_column, converters_of


def update_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, count: str) -> None:
    """Set what *rows* say where their `id` is; the column *count* grows by its value.

    All have the same columns, and the last is `id`. A SQLite file is in this process and takes row by row; a server
    spends more on a statement than on a row and takes a list for each column, which costs two thirds.
    """
    if not rows:
        return
    is_file = connection.dialect.name == "sqlite"
    prepared = _one_by_one if is_file else _all_at_once
    statement, converters = prepared(table, tuple(rows[0]), count, connection.dialect)
    columns = by_column(rows, converters)
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)) if is_file else tuple(columns))


@cache
def _one_by_one(table: Table, columns: tuple[str, ...], count: str, dialect: Dialect) -> tuple[str, Converters]:
    changes = ", ".join(f'"{name}" = "{name}" + ?' if name == count else f'"{name}" = ?' for name in columns[:-1])
    statement = f'UPDATE "{table.name}" SET {changes} WHERE "id" = ?'  # noqa: S608 - names of our own tables
    return statement, converters_of(table, columns, dialect)


@cache
def _all_at_once(table: Table, columns: tuple[str, ...], count: str, dialect: Dialect) -> tuple[str, Converters]:
    before = f'"{table.name}"."{count}" + '
    changes = ", ".join(f'"{name}" = {before if name == count else ""}told."{name}"' for name in columns[:-1])
    lists = ", ".join(f"%s::{table.columns[name].type.compile(dialect)}[]" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    told = f"unnest({lists}) AS told ({names})"
    statement = f'UPDATE "{table.name}" SET {changes} FROM {told} WHERE "{table.name}"."id" = told."id"'  # noqa: S608 - names of our own tables
    return statement, converters_of(table, columns, dialect)
