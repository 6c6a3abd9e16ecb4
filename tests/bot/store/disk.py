"""A disk that gets full, as SQLite meets it: a limit on the pages of the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from bot.store.database.engine import Database
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter
from tests.bot.store.parts import PATIENCE_SECONDS


@contextmanager
def little_room(database: Database, writer: SqlWriter, pages: int) -> Iterator[None]:
    """Leave the disk room for so many more pages of the file, whichever connection writes."""
    with database.reading() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    def limit_now(transaction: Transaction) -> None:
        limit(transaction.connection.connection.driver_connection, None)

    event.listen(database.write_engine, "connect", limit)
    writer.call(limit_now).result(PATIENCE_SECONDS)
    yield
    event.remove(database.write_engine, "connect", limit)
