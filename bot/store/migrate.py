"""Bringing the database's tables to what this version of Debrief needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from analysis.errors import Unavailable
from bot.store.engine import Database, make_engine, unavailable
from bot.store.tables import METADATA

#: Any number: it only has to be the same for every process of Debrief.
_LOCK = 7_032_018


def upgrade(database: Database, *, to: str = "head") -> None:
    """Run the revisions that the database does not have yet, all of them or none.

    Raises
    ------
    Unavailable
        If a newer version of Debrief wrote the database, or it does not answer.
    """
    with _migrating(database) as (connection, config):
        _refuse_newer(connection, config)
        command.upgrade(config, to)


def downgrade(database: Database, *, to: str) -> None:
    """Take revisions back down to *to*; what only they could hold is lost."""
    with _migrating(database) as (connection, config):
        _refuse_newer(connection, config)
        command.downgrade(config, to)


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; `None` before the first."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Whether the database has exactly the tables that this version of Debrief needs."""
    return current_revision(database) == ScriptDirectory.from_config(_config()).get_current_head()


def differences(database: Database) -> list[Any]:
    """What autogeneration would still change: empty when the revisions and the table classes agree."""
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))


def migrations_folder() -> Path:
    """Where the revisions are: beside the packages in a checkout, inside this one in an installed wheel."""
    here = Path(__file__).resolve()
    folders = (here.parents[2] / "migrations", here.parent / "migrations")
    for folder in folders:
        if (folder / "env.py").is_file():
            return folder
    message = f"The migrations are missing from this installation (looked in {folders[0]} and {folders[1]})."
    raise Unavailable(message)


@contextmanager
def _migrating(database: Database) -> Iterator[tuple[Connection, Config]]:
    """One transaction that no other process migrates beside."""
    config = _config()
    engine = make_engine(database.url, "migrate")
    try:
        with engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config.attributes["connection"] = connection
            yield connection, config
            _check_references(connection)
    except DBAPIError as error:
        raise unavailable(error) from error
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config


def _refuse_newer(connection: Connection, config: Config) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        message = f"A newer version of Debrief wrote this database (revision {revision}). Install that one."
        raise Unavailable(message)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        message = f"The migration would leave a row of {broken[0]} without what it refers to; nothing was changed."
        raise Unavailable(message)
