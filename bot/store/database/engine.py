"""Opening the database: one engine that writes, one that reads, and a clear refusal where neither can work."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from analysis.errors import InvalidInput, Unavailable
from bot.store.database.failures import first_line, unavailable
from bot.store.database.files import is_there

#: How long a write waits for another process's write; shorter than a person's two seconds for a command.
LOCK_PATIENCE_SECONDS = 1.5
#: How long starting up waits, where nobody is waiting for an answer yet.
STARTING_PATIENCE_SECONDS = 10.0
#: How long whoever reads waits until one of some fifteen others is done.
POOL_PATIENCE_SECONDS = 5.0
_CONNECT_SECONDS = 3
#: How long a server keeps what a process has locked that stands still in the middle of a transaction, such as on a
#: machine that was suspended; a decision takes milliseconds, a long import's next step seconds.
LONGEST_STILL_SECONDS = 30
#: How a server finds out that a machine is gone without a word, in some eleven seconds instead of the usual two hours:
#: until then that machine has the right to send, and its locks.
_ALIVE = {"tcp_keepalives_idle": 5, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 3, "tcp_user_timeout": 10_000}
#: How the states of SQL begin that are about a value.
_BAD_VALUE = "22"
_TO_ESCAPE = "write @ as %40 and % as %25"
#: After the reason for which a database cannot be opened.
WHAT_TO_DO = "Mend that, or name another one in DEBRIEF_DATABASE_URL."

Purpose = Literal["write", "read", "migrate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database, by its two engines; `is_sqlite` is the only thing callers may ask of the dialect."""

    url: URL
    write_engine: Engine
    read_engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of this machine."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A short read transaction: one view of the record from the first query to the last.

        Raises
        ------
        Unavailable
            If the database does not answer.
        """
        try:
            with self.read_engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise unavailable(error) from error
        except PoolTimeout as error:
            message = "The database answers none of those who look at it now; try again in a moment."
            raise Unavailable(message) from error

    def close(self) -> None:
        """Let go of every connection."""
        self.write_engine.dispose()
        self.read_engine.dispose()


def open_database(
    address: str, *, only_to_read: bool = False, patience_seconds: float = STARTING_PATIENCE_SECONDS
) -> Database:
    """Open the database at *address*, without touching its content.

    It must be free to be written to within *patience_seconds*, unless it is opened *only_to_read*; then it must exist.

    Raises
    ------
    InvalidInput
        If the address names no kind of database that Debrief knows.
    Unavailable
        If the database does not answer, the file is damaged, or another program keeps it locked.
    """
    url = parse_url(address)
    if only_to_read:
        _require_file(url)
    elif not has_file(url):
        _make_folder(url)
    database = Database(url=url, write_engine=make_engine(url, "write"), read_engine=make_engine(url, "read"))
    try:
        _check(database, "read" if only_to_read else "migrate", patience_seconds)
    except BaseException:
        database.close()
        raise
    return database


def parse_url(address: str) -> URL:
    """The address as SQLAlchemy's URL, with our driver for PostgreSQL."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # What was not understood may be a part of the password, so it is not repeated.
        message = (
            "The database address is not a URL such as sqlite:///debrief.db or postgresql://host/name. In its user "
            f"and password {_TO_ESCAPE}."
        )
        raise InvalidInput(message) from None
    backend = url.get_backend_name()
    if backend in {"postgres", "postgresql"}:
        if "@" in f"{url.host}{url.database}":
            message = f"The database address is not read as it was meant: in its user and password {_TO_ESCAPE}."
            raise InvalidInput(message)
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        message = f"“{backend}” databases are not supported. Use sqlite:/// or postgresql://."
        raise InvalidInput(message)
    if url.database in {None, "", ":memory:"} or "mode" in url.query:
        message = "A database in memory would be another one in each thread. Give a file: sqlite:///debrief.db."
        raise InvalidInput(message)
    return url


def has_file(url: URL) -> bool:
    """Whether the file of a SQLite database is there; a server's database has none.

    Raises
    ------
    Unavailable
        If we may not look.
    """
    if url.get_backend_name() != "sqlite":
        return False
    return is_there(Path(str(url.database)), what="The database file", setting="DEBRIEF_DATABASE_URL")


def make_engine(url: URL, purpose: Purpose, *, patience_seconds: float | None = None) -> Engine:
    """An engine for one *purpose*, that waits *patience_seconds* for another program's lock on a file."""
    if url.get_backend_name() == "sqlite":
        patience = STARTING_PATIENCE_SECONDS if purpose == "migrate" else LOCK_PATIENCE_SECONDS
        address = _as_it_lies(url) if purpose == "read" else url
        return _sqlite_engine(address, purpose, patience if patience_seconds is None else patience_seconds)
    return _postgres_engine(url, purpose)


def _as_it_lies(url: URL) -> URL:
    """A file that nobody can change here, such as a copy on a read-only disk, is read without what SQLite keeps beside.

    Where its log is beside it, that belongs to what is recorded, and cannot be left out. Whoever reads makes no file
    where there is none any more.
    """
    if "uri" in url.query:
        return url
    file = Path(str(url.database)).absolute()
    is_changing = os.access(file.parent, os.W_OK) or file.with_name(f"{file.name}-wal").exists()
    how = {"mode": "rw"} if is_changing else {"immutable": "1"}
    return url.set(database=f"file:{quote(str(file))}", query={**url.query, **how, "uri": "true"})


def _sqlite_engine(url: URL, purpose: Purpose, patience: float) -> Engine:
    arguments = {"timeout": patience, "check_same_thread": False}
    pool: dict[str, Any] = {"poolclass": NullPool} if purpose == "migrate" else {"pool_timeout": POOL_PATIENCE_SECONDS}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True, **pool)

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must never begin by itself: it would let a released savepoint commit.
        connection.isolation_level = None
        for pragma in _pragmas(purpose):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if purpose == "read" else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _pragmas(purpose: Purpose) -> tuple[str, ...]:
    if purpose == "read":
        return ("query_only = ON",)
    # A migration rebuilds tables, which foreign keys would forbid; it checks them itself at the end.
    foreign_keys = "OFF" if purpose == "migrate" else "ON"
    # What is erased is overwritten, not only unlinked.
    return ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", f"foreign_keys = {foreign_keys}")


def _postgres_engine(url: URL, purpose: Purpose) -> Engine:
    limits: dict[str, object] = {"timezone": "UTC", **_ALIVE}
    if purpose != "migrate":
        limits |= {"lock_timeout": int(LOCK_PATIENCE_SECONDS * 1000), "statement_timeout": 30_000}
    if purpose == "write":
        limits["idle_in_transaction_session_timeout"] = LONGEST_STILL_SECONDS * 1000
    if purpose == "read":
        limits["default_transaction_read_only"] = "on"
    arguments = {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _CONNECT_SECONDS * 1000,
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        "application_name": f"debrief-{purpose}",
    }
    pool: dict[str, Any] = {"pool_pre_ping": purpose == "read", "pool_timeout": POOL_PATIENCE_SECONDS}
    if purpose == "migrate":
        pool = {"poolclass": NullPool}
    # A reader sees one state throughout; the writer locks what it decides on and must see it as it is by then.
    isolation = "REPEATABLE READ" if purpose == "read" else "READ COMMITTED"
    engine = create_engine(url, connect_args=arguments, hide_parameters=True, isolation_level=isolation, **pool)
    event.listen(engine, "handle_error", _without_values)
    return engine


def _without_values(context: ExceptionContext) -> None:
    """Let what PostgreSQL says of an error repeat no value: its detail has whole rows, and goes to the log."""
    error, told = context.original_exception, context.sqlalchemy_exception
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if said is None or told is None:
        return
    # A value that it cannot read stands behind the kind of value.
    words = said.partition(": ")[0] if str(getattr(error, "sqlstate", "")).startswith(_BAD_VALUE) else said
    error.args = (words,)
    told.args = (f"({type(error).__module__}.{type(error).__name__}) {words}", *told.args[1:])


def _check(database: Database, purpose: Purpose, patience_seconds: float) -> None:
    engine = make_engine(database.url, purpose, patience_seconds=patience_seconds)
    try:
        with engine.begin() as connection:
            if database.is_sqlite:
                _check_file(database, connection)
            else:
                connection.execute(text("SELECT 1"))
    except OperationalError as error:
        message = f"{_name(database)} cannot be opened: {first_line(error)}. {WHAT_TO_DO}"
        if "locked" in str(error.orig):
            message = (
                f"{_name(database)} is locked by another program, or by a Debrief that changes its tables, which takes "
                "about a minute for each million alerts. Let that one end, or stop the other; then start Debrief again."
            )
        raise Unavailable(message) from error
    except DBAPIError as error:
        # A file that is none says so in the same way in which a server's driver says that an option is unknown.
        message = f"{_name(database)} cannot be opened: {first_line(error)}. {WHAT_TO_DO}"
        raise Unavailable(_damaged(database) if database.is_sqlite else message) from error
    finally:
        engine.dispose()


def _require_file(url: URL) -> None:
    """Refuse a SQLite file that is not there, because opening would make it."""
    if url.get_backend_name() == "sqlite" and not (has_file(url) and Path(str(url.database)).is_file()):
        message = f"There is no database file {url.database}."
        raise Unavailable(message)


def _make_folder(url: URL) -> None:
    """Make the folder of a SQLite file, closed to others, so that a first start needs no preparation."""
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            message = f"The folder {folder} of the database cannot be made: {error.strerror}. {WHAT_TO_DO}"
            raise Unavailable(message) from error


def _check_file(database: Database, connection: Connection) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise Unavailable(_damaged(database))


def _damaged(database: Database) -> str:
    return f"{_name(database)} is damaged or is not a database. Restore it from a backup."


def _name(database: Database) -> str:
    kind = "The database file" if database.is_sqlite else "The database"
    return f"{kind} {database.url.database}"
