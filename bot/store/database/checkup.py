"""Looking a database over for the operator: reachable, current, writable, and how fast its disk keeps a promise."""

import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from analysis.errors import DebriefError
from bot.store.database.engine import Database, has_file, open_database, parse_url
from bot.store.database.failures import unavailable
from bot.store.schema import current_revision, is_current

_SYNCS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCheckup:
    """What was found; `problem` is a sentence where something must be done, `durability` what PostgreSQL promises."""

    address: str
    problem: str = ""
    exists: bool = True
    revision: str | None = None
    is_current: bool = False
    fsync_microseconds: int | None = None
    durability: str = ""


def check_database(address: str) -> DatabaseCheckup:
    """Look at the database at *address* without changing anything in it, or making one that is not there."""
    try:
        url = parse_url(address)
    except DebriefError as error:
        return DatabaseCheckup(address="", problem=error.message)
    shown = url.render_as_string(hide_password=True)
    file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    try:
        if file and not has_file(url):
            return DatabaseCheckup(address=shown, exists=False, problem=_hindrance(file))
        database = open_database(address, only_to_read=True)
    except DebriefError as error:
        return DatabaseCheckup(address=shown, problem=error.message)
    try:
        return _look_over(database, shown, file)
    except DebriefError as error:
        return DatabaseCheckup(address=shown, problem=error.message)
    finally:
        database.close()


def _hindrance(file: Path) -> str:
    """Why *file* cannot be made where it is meant to be; nothing where it can."""
    nearest = next(one for one in file.absolute().parents if one.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return ""
    return f"it cannot be made in {nearest}"


def fsync_microseconds(folder: Path) -> int | None:
    """The median time that *folder*'s disk takes to make a small write last; nothing where it cannot be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".debrief-doctor-") as file:
            times = [_sync_seconds(file.fileno()) for _ in range(_SYNCS)]
    except OSError:
        return None
    return round(statistics.median(times) * 1_000_000)


def _sync_seconds(descriptor: int) -> float:
    os.write(descriptor, b"\0" * 4096)
    begun = time.perf_counter()
    os.fsync(descriptor)
    return time.perf_counter() - begun


def _look_over(database: Database, shown: str, file: Path | None) -> DatabaseCheckup:
    revision, current = current_revision(database), is_current(database)
    # Connecting to write would change the journal of a file that is not ours.
    durability = _try_to_write(database) if current or not database.is_sqlite else ""
    return DatabaseCheckup(
        address=shown,
        problem="" if durability != "read-only" else "The database takes no writes: it is a standby or read-only.",
        revision=revision,
        is_current=current,
        fsync_microseconds=fsync_microseconds(file.parent) if file else None,
        durability=durability,
    )


def _try_to_write(database: Database) -> str:
    """What the database promises, asked within a transaction that could write; nothing is written."""
    try:
        with database.write_engine.connect() as connection:
            begun = connection.begin()
            durability = "" if database.is_sqlite else _durability(connection)
            begun.rollback()
    except DBAPIError as error:
        raise unavailable(error) from error
    return durability


def _durability(connection: Connection) -> str:
    settings = ("transaction_read_only", "fsync", "synchronous_commit")
    found = {name: str(connection.execute(text(f"SHOW {name}")).scalar()) for name in settings}
    if found["transaction_read_only"] == "on":
        return "read-only"
    return f"fsync {found['fsync']}, synchronous_commit {found['synchronous_commit']}"
