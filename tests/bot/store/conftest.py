"""A store on an empty database of each dialect, with a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.engine import Database, open_database
from bot.store.migrate import upgrade
from tests.bot.store.parts import Store, open_store


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Yield a database with today's tables, once for each dialect."""
    opened = open_database(database_url)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[Store]:
    """Yield everything that Debrief keeps the record with."""
    with open_store(database, tmp_path / "debrief.key") as opened:
        yield opened
