"""Bringing the database's tables to what this version of Debrief needs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from analysis.errors import Unavailable
from bot.store.database.engine import Database, make_engine
from bot.store.database.failures import unavailable
from bot.store.record.tables import METADATA
from bot.store.schema import REVISION_TABLE, is_current, migrations_folder, refuse_newer

log = logging.getLogger(__name__)

#: Any number: it only has to be the same for every process of Debrief.
_LOCK = 7_032_018

#: What an operator should know who waits for it.
CHANGING = "It takes about a minute for each million alerts; one that is ended before begins anew, and nothing is lost."


def upgrade(database: Database, *, to: str = "head", folder: Path | None = None) -> None:
    """Run the revisions of *folder*, by default ours, that the database does not have yet, all of them or none.

    Raises
    ------
    Unavailable
        If a newer version of Debrief wrote the database, or it does not answer.
    """
    if to == "head" and folder is None and _is_surely_current(database):
        return
    with _migrating(database, folder) as (connection, config):
        _refuse_newer(connection, config)
        _announce(connection, config)
        command.upgrade(config, to)


def downgrade(database: Database, *, to: str) -> None:
    """Take revisions back down to *to*; what only they could hold is lost."""
    with _migrating(database) as (connection, config):
        _refuse_newer(connection, config)
        command.downgrade(config, to)


def differences(database: Database) -> list[Any]:
    """What autogeneration would still change: empty when the revisions and the table classes agree."""
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))


@contextmanager
def _migrating(database: Database, folder: Path | None = None) -> Iterator[tuple[Connection, Config]]:
    """One transaction that no other process migrates beside."""
    config = Config()
    config.set_main_option("script_location", str(folder or migrations_folder()).replace("%", "%%"))
    engine = make_engine(database.url, "migrate")
    try:
        with engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                _wait_for_writers(connection)
            config.attributes["connection"] = connection
            yield connection, config
            _check_references(connection)
    except DBAPIError as error:
        raise unavailable(_first(error)) from error
    finally:
        engine.dispose()


def _first(error: DBAPIError) -> DBAPIError:
    """What went wrong first: SQLite gives a transaction up when its disk is full, and so tidying up fails as well."""
    first, before = error, error.__context__
    while before is not None:
        first, before = before if isinstance(before, DBAPIError) else first, before.__context__
    return first


def _is_surely_current(database: Database) -> bool:
    """False also where that cannot be read, such as while another process migrates, which is waited for then."""
    try:
        return is_current(database)
    except Unavailable:
        return False


def _wait_for_writers(connection: Connection) -> None:
    """Let those who write end what they began, and the others wait: each looks first at what this changes."""
    if inspect(connection).has_table(REVISION_TABLE):
        connection.execute(text(f"LOCK TABLE {REVISION_TABLE} IN ACCESS EXCLUSIVE MODE"))


def _refuse_newer(connection: Connection, config: Config) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    refuse_newer(revision, tuple(each.revision for each in ScriptDirectory.from_config(config).walk_revisions()))


def _announce(connection: Connection, config: Config) -> None:
    """Say that tables with rows are changed: nothing is answered meanwhile, and whoever ends it begins anew."""
    before = MigrationContext.configure(connection).get_current_revision()
    after = ScriptDirectory.from_config(config).get_current_head()
    if before and before != after:
        log.warning("changing the tables", extra={"from_revision": before, "to_revision": after, "because": CHANGING})


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        message = f"The migration would leave a row of {broken[0]} without what it refers to; nothing was changed."
        raise Unavailable(message)
