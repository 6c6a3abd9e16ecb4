"""Migrations bring any database to today's tables, all or nothing, one process at a time."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text

from analysis.errors import Unavailable
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.store.database.engine import LOCK_PATIENCE_SECONDS, Database, make_engine, open_database
from bot.store.database.upsert import upsert
from bot.store.migrate import differences, downgrade, upgrade
from bot.store.record.tables import MEMBERSHIP, METADATA
from bot.store.schema import current_revision, is_current, known_revisions
from tests.bot.store.parts import PATIENCE_SECONDS, appending, note, open_store
from tests.bot.store.revisions import NEXT, next_revisions
from tests.dialects import on_sqlite_first

KILLED_MIGRATION = """
import os, signal, sys
from sqlalchemy import Engine, event
from bot.store.database.engine import open_database
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

WITHOUT_ROOM = """
import resource, sys
from bot.store.database.engine import open_database
from bot.store.migrate import upgrade

database = open_database(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
upgrade(database)
"""

KILLED_AT_STATEMENT = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from bot.store.database.engine import open_database
from bot.store.migrate import upgrade

def kill(connection, cursor, statement, parameters, context, executemany):
    if statement.lstrip().startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "after_cursor_execute", kill)
upgrade(open_database(sys.argv[1]), folder=Path(sys.argv[3]))
"""

#: Rows as the first version wrote them, in words that both databases take.
OF_THE_FIRST_VERSION = """
INSERT INTO workspace VALUES ('00000000-0000-0000-0000-000000000001', 'T1', 'Example');
INSERT INTO incident (id, workspace_id, number, severity, status, visibility, phase, declared_at, content,
                      sequence_head, head_hash)
VALUES ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 1, 'SEV3', 'in_review',
        'public', 1, '2026-03-01 09:00:00.000000', 'x', 0, 'x');
INSERT INTO revision (id, incident_id, number, hash, ledger_seq, ledger_hash, cites, targets, created_at,
                      is_superseded, content)
VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 1, 'x', 0, 'x', '[]', '[]',
        '2026-03-01 09:00:00.000000', false, 'x');
INSERT INTO membership VALUES ('C1', 'slack:U1'), ('C1', 'slack:U2')
"""


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Yield a database without tables."""
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """Return revisions as a next version may bring them: one more, that rewrites the biggest table."""
    return next_revisions(tmp_path)


def run(program: str, database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *program* in a process of its own with the database's address and *arguments*."""
    address = database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", program, address, *arguments]
    return subprocess.run(command, env=environment, timeout=60, check=False, capture_output=True, text=True)


def rows_of(database: Database) -> dict[str, int]:
    """Count the rows of every table of ours."""
    with database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in METADATA.tables.items()
        }


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


@on_sqlite_first("database_url")
def test_downgrade_removes_what_upgrade_made(empty: Database) -> None:
    """The way back works, and forth again."""
    upgrade(empty)

    downgrade(empty, to="base")
    left = tables(empty)
    upgrade(empty)

    assert left == set()
    assert differences(empty) == []


def test_upgrade_keeps_what_the_first_version_recorded(empty: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Who was in a channel still is, until Slack dates something later, and drafts are whole; so on the way back.

    A server that starts says what it waits for; one that finds no tables, or its own, has nothing to say.
    """
    upgrade(empty, to="0001")
    said_at_first = caplog.messages[:]
    with empty.write_engine.begin() as connection:
        for statement in OF_THE_FIRST_VERSION.split(";"):
            connection.execute(text(statement))

    upgrade(empty)
    with empty.write_engine.begin() as connection:
        members = [tuple(row) for row in connection.execute(select(MEMBERSHIP).order_by(MEMBERSHIP.c.person))]
        drafts = [tuple(row) for row in connection.execute(text("SELECT number, is_erased FROM revision"))]
        later = {"channel": "C1", "person": "slack:U1", "has_left": True, "moved_at": datetime(2026, 3, 1, tzinfo=UTC)}
        upsert(connection, MEMBERSHIP, [later], keys=("channel", "person"), only_newer="moved_at")
    upgrade(empty)
    downgrade(empty, to="0001")

    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert members == [("C1", "slack:U1", False, epoch), ("C1", "slack:U2", False, epoch)]
    assert drafts == [(1, False)]
    assert (said_at_first, caplog.messages) == ([], ["changing the tables"])
    with empty.reading() as connection:
        assert [tuple(row) for row in connection.execute(text("SELECT * FROM membership"))] == [("C1", "slack:U2")]
        assert connection.execute(text("SELECT count(*) FROM revision")).scalar() == 1


@on_sqlite_first("database_url")
def test_database_of_a_newer_version_is_refused(empty: Database) -> None:
    """An old program never touches what a newer one wrote."""
    upgrade(empty)
    with empty.write_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unavailable, match="newer version of Debrief"):
        upgrade(empty)


@on_sqlite_first("database_url")
@pytest.mark.parametrize("after", [pytest.param(2, marks=pytest.mark.thorough), 13])
def test_killed_migration_runs_again(empty: Database, after: int) -> None:
    """A kill in the middle leaves nothing, so that the next start simply migrates."""
    killed = run(KILLED_MIGRATION, empty, str(after))
    left = tables(empty)
    upgrade(empty)

    assert killed.returncode == -signal.SIGKILL
    assert left == set()
    assert differences(empty) == []


@pytest.mark.thorough
@on_sqlite_first("database_url")
@pytest.mark.parametrize(
    "at", [pytest.param("UPDATE timeline_event", marks=pytest.mark.thorough), "UPDATE alembic_version"]
)
def test_killed_migration_of_a_filled_database_loses_nothing(
    empty: Database, next_version: Path, tmp_path: Path, at: str
) -> None:
    """A kill once rows were rewritten leaves the old tables with every row; the next start migrates them all.

    A server of the old version that still runs keeps on recording until the tables are changed under it.
    """
    upgrade(empty)
    with open_store(empty, tmp_path / "debrief.key") as old:
        incident = old.declare()
        old.append(incident, *(note(number) for number in range(200)))
        before = rows_of(empty)

        killed = run(KILLED_AT_STATEMENT, empty, at, str(next_version))
        left = (rows_of(empty), current_revision(empty))
        old.append(incident, note(200))
        upgrade(empty, folder=next_version)
        after = rows_of(empty)
        with pytest.raises(Unavailable, match="Another version of Debrief changed the tables"):
            old.append(incident, note(201))

        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert left == (before, known_revisions()[-1])
        assert after == before | {"timeline_event": before["timeline_event"] + 1}
        assert current_revision(empty) == NEXT
        assert len(old.events(incident)) == 202


def test_migration_without_room_says_so_and_changes_nothing(sqlite_url: str) -> None:
    """SQLite gives up the transaction by itself then: what fails afterwards is not what went wrong."""
    database = open_database(sqlite_url)
    upgrade(database, to="0007")
    rows = [(f"{number:032x}", "0" * 32, "noise", "2026-03-01 09:00:00.000000", "0" * 32) for number in range(30_000)]
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file, file:  # more than stays in memory
        file.executemany(
            "INSERT INTO feedback (id, workspace_id, kind, at, group_id, content) VALUES (?, ?, ?, ?, ?, 'x')", rows
        )

    refused = run(WITHOUT_ROOM, database)
    with database.reading() as connection:
        left = connection.execute(text("SELECT version_num, count(*) FROM alembic_version, feedback")).one()

    assert "Unavailable: The database file or its log cannot be read or written: look at its disk" in refused.stderr
    assert tuple(left) == ("0007", 30_000)
    database.close()


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


def test_tables_change_between_what_is_written(empty: Database, next_version: Path, tmp_path: Path) -> None:
    """What a server has begun to write is written before they change, and what it begins afterwards is refused."""
    upgrade(empty)
    begun, goes_on = threading.Event(), threading.Event()
    with open_store(empty, tmp_path / "debrief.key") as old:
        incident = old.declare()

        def slow(reads: Reads, _: None) -> Changes:
            begun.set()
            goes_on.wait(PATIENCE_SECONDS)
            return appending(reads.incident(incident.id) or incident, note(1))

        written = old.writer.submit(slow, None)
        assert begun.wait(PATIENCE_SECONDS)
        migrating = threading.Thread(target=upgrade, args=(empty,), kwargs={"folder": next_version})
        migrating.start()
        migrating.join(0.3)
        is_waiting = migrating.is_alive()
        late = old.writer.submit(lambda _reads, _command: appending(incident, note(2)), None)
        goes_on.set()
        migrating.join(PATIENCE_SECONDS)

        assert is_waiting
        assert written.result(PATIENCE_SECONDS)
        refused = late.exception(PATIENCE_SECONDS)  # a file gives whoever asks first the next turn
        with pytest.raises(Unavailable, match=f"they are at revision {NEXT}, this one needs {known_revisions()[-1]}"):
            old.append(incident, note(3))
        assert old.writer.is_outdated
        keys = [event.natural_key for event in old.events(incident)]
        assert keys == ["declared", "note:1", *(() if refused else ("note:2",))]


@pytest.mark.postgres
def test_start_waits_for_a_migration_that_takes_long(migrated_postgres_url: str) -> None:
    """Whoever starts meanwhile cannot even read the revision, and starts once that is over instead of giving up."""
    database = open_database(migrated_postgres_url)
    starting = threading.Thread(target=upgrade, args=(database,))
    with make_engine(database.url, "migrate").begin() as other:
        other.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        starting.start()
        starting.join(LOCK_PATIENCE_SECONDS + 0.5)
        is_waiting = starting.is_alive()
    starting.join(PATIENCE_SECONDS)

    assert is_waiting
    assert not starting.is_alive()
    assert is_current(database)
    database.close()
