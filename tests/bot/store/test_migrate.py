"""Migrations bring any database to today's tables, all or nothing, one process at a time."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from analysis.errors import Unavailable
from bot.store.engine import Database, open_database
from bot.store.migrate import differences, downgrade, upgrade
from bot.store.schema import current_revision, is_current
from bot.store.tables import METADATA

KILLED_MIGRATION = """
import os, signal, sys
from sqlalchemy import Engine, event
from bot.store.engine import open_database
from bot.store.migrate import upgrade

statements = 0

def kill(connection, cursor, statement, parameters, context, executemany):
    global statements
    statements += statement.lstrip().upper().startswith("CREATE TABLE")
    if statements == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "after_cursor_execute", kill)
upgrade(open_database(sys.argv[1]))
"""


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Yield a database without tables."""
    database = open_database(database_url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    """Read which tables there are."""
    with database.reading() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_upgrade_brings_an_empty_database_to_todays_tables(empty: Database) -> None:
    """What the revisions make is exactly what the table classes say, names of constraints included."""
    before = (current_revision(empty), is_current(empty))

    upgrade(empty)

    assert before == (None, False)
    assert is_current(empty)
    assert differences(empty) == []
    assert tables(empty) == set(METADATA.tables)


def test_upgrade_of_a_current_database_changes_nothing(database: Database) -> None:
    """Every start may ask for it."""
    before = current_revision(database)

    upgrade(database)

    assert current_revision(database) == before


def test_downgrade_removes_what_upgrade_made(empty: Database) -> None:
    """The way back works, and forth again."""
    upgrade(empty)

    downgrade(empty, to="base")
    left = tables(empty)
    upgrade(empty)

    assert left == set()
    assert differences(empty) == []


def test_database_of_a_newer_version_is_refused(empty: Database) -> None:
    """An old program never touches what a newer one wrote."""
    upgrade(empty)
    with empty.write_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unavailable, match="newer version of Debrief"):
        upgrade(empty)


@pytest.mark.parametrize("after", [2, 13])
def test_killed_migration_runs_again(empty: Database, after: int) -> None:
    """A kill in the middle leaves nothing, so that the next start simply migrates."""
    address = empty.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", KILLED_MIGRATION, address, str(after)]

    killed = subprocess.run(command, env=environment, timeout=60, check=False)
    left = tables(empty)
    upgrade(empty)

    assert killed.returncode == -signal.SIGKILL
    assert left == set()
    assert differences(empty) == []


def test_two_processes_migrate_one_after_the_other(empty: Database) -> None:
    """Replicas that start together do not trip over each other."""
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            upgrade(empty)
        except BaseException as error:  # noqa: BLE001 - handed to the assertion
            failures.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert is_current(empty)
