"""Which revision the database is at, and whether this version can work on it; told without loading Alembic.

Revisions are files numbered in their order: the number that a name begins with is the revision.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect

from analysis.errors import Unavailable
from bot.store.database.engine import Database

#: Where Alembic keeps the revision.
REVISION_TABLE = "alembic_version"
_ASK = f"SELECT version_num FROM {REVISION_TABLE}"  # noqa: S608 - a constant


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; `None` before the first."""
    with database.reading() as connection:
        return _revision(connection)


def known_revisions() -> tuple[str, ...]:
    """The revisions that this version of Debrief brings along, oldest first."""
    return tuple(sorted(file.name.partition("_")[0] for file in (migrations_folder() / "versions").glob("*_*.py")))


def is_current(database: Database) -> bool:
    """Whether the database has exactly the tables that this version of Debrief needs."""
    return current_revision(database) == known_revisions()[-1]


def is_blank(database: Database) -> bool:
    """Whether nothing at all is in the database yet."""
    with database.reading() as connection:
        return not inspect(connection).get_table_names()


def require_current(database: Database, known: Sequence[str] = ()) -> None:
    """See that a version that has the revisions *known*, by default this one, can work on the database as it is.

    Raises
    ------
    Unavailable
        If its tables are those of an older or a newer version; the sentence says what to do.
    """
    revision, known = current_revision(database), known or known_revisions()
    if revision == known[-1]:
        return
    refuse_newer(revision, known)
    at = f"is at revision {revision}" if revision else "has no tables of Debrief yet"
    message = f"The database {at}, and this version needs {known[-1]}. Run `debrief migrate` or start the server."
    raise Unavailable(message)


def refuse_newer(revision: str | None, known: Sequence[str]) -> None:
    """Refuse a database whose revision is none of those *known*."""
    if revision is not None and revision not in known:
        message = f"A newer version of Debrief wrote this database (revision {revision}). Install that one."
        raise Unavailable(message)


def refuse_other(connection: Connection, needed: str) -> None:
    """Refuse, within a transaction, tables that are not at the revision *needed* any more; cheap enough for each one.

    Raises
    ------
    Unavailable
        If another version changed them since this process began.
    """
    revision = connection.exec_driver_sql(_ASK).scalar()
    if revision != needed:
        message = (
            f"Another version of Debrief changed the tables of this database (they are at revision {revision}, this "
            f"one needs {needed}), so this process records and sends nothing. Stop it, and run the version that did."
        )
        raise Unavailable(message)


def migrations_folder() -> Path:
    """Where the revisions are: beside the packages in a checkout, inside this one in an installed wheel."""
    here = Path(__file__).resolve()
    folders = (here.parents[2] / "migrations", here.parent / "migrations")
    for folder in folders:
        if (folder / "env.py").is_file():
            return folder
    message = f"The migrations are missing from this installation (looked in {folders[0]} and {folders[1]})."
    raise Unavailable(message)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(REVISION_TABLE):
        return None
    found = connection.exec_driver_sql(_ASK).scalar()
    return None if found is None else str(found)
