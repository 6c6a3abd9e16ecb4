"""Insert or replace, which each database spells in its own way."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    only_newer: str | None = None,
    changing: Sequence[str] = (),
) -> None:
    """Insert *rows*; where one with the same *keys* exists, give it the other columns' new values.

    With *changing*, those columns' alone. With *only_newer*, a row that has the greater value in that column already
    stays as it is.
    """
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    changed = {name: statement.excluded[name] for name in changing or rows[0] if name not in keys}
    if changed:
        newer = statement.excluded[only_newer] >= table.c[only_newer] if only_newer else None
        statement = statement.on_conflict_do_update(index_elements=list(keys), set_=changed, where=newer)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(keys))
    connection.execute(statement, [dict(row) for row in rows])
