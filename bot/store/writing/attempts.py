"""Committing one piece of work on the write connection, and what to do when the database does not play along."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from analysis.errors import Unavailable
from bot.ports.outside import Clock
from bot.ports.records import Changes
from bot.store.database.engine import LOCK_PATIENCE_SECONDS, Database
from bot.store.database.failures import unavailable
from bot.store.record.erasing import TOUCHED
from bot.store.record.sealing import Sealer
from bot.store.schema import refuse_other
from bot.store.writing.transaction import Overtaken, Transaction

log = logging.getLogger(__name__)

_TRIES = 4
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0
#: PostgreSQL's codes for "another transaction was faster": serialisation failure, deadlock, unique violation.
_CONTENTION = frozenset({"40001", "40P01", "23505"})

#: PostgreSQL's code for a lock that another session did not give back in time.
_LOCKED = "55P03"
#: After one was waited for in vain, no row is waited for as long: there is one writer, and everybody waits behind it
#: for one that somebody left locked in a session of their own. Other servers of ours keep what they write to for less.
_IMPATIENT_SECONDS = 10.0
_IMPATIENT_MILLISECONDS = 300

#: How the file's log is called: what was committed last is there alone, as long as a connection has it open.
_LOG = "-wal"

#: What is said where an erasure leaves traces in the database.
STILL_READ = (
    "What was erased is not overwritten in the database's files yet, because another program reads them, such as a "
    "backup. Within a minute after it has ended a running server does that, as does the next command without one."
)
LOCKED = (
    "a session of another program keeps it locked, such as a psql with an open transaction, or a migration that waits "
    "for a dump; docs/operations/health.md has how to find it"
)
STILL_THERE = "The database could not clear away the old versions of the rows in which something was erased"

Work = Callable[[Transaction], Sequence[Any]]


class Attempts:
    """The write connection: opened when needed, dropped when it fails, not asked for while it surely is down."""

    def __init__(
        self, database: Database, sealer: Sealer, clock: Clock, new_id: Callable[[], UUID], revision: str | None
    ) -> None:
        """Connect later, on the thread that commits; write only to tables at *revision*, where one is given."""
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._new_id = new_id
        self._revision = revision
        self._is_outdated = False
        self._connection: Connection | None = None
        self._file: tuple[int, int] | None = None
        self._log: tuple[int, int] | None = None
        self._is_committing = False
        self._pause = 0.0
        self._down_until = 0.0
        self._impatient_until = 0.0
        self._was_impatient = False

    @property
    def is_outdated(self) -> bool:
        """Whether another version had changed the tables when this one last looked; waits for nothing."""
        return self._is_outdated

    @property
    def is_impatient(self) -> bool:
        """Whether a lock of another program was waited for in vain just now, as long as any is waited for."""
        return time.monotonic() < self._impatient_until

    def commit(
        self, work: Work, *, is_repeatable: bool, is_batch: bool = False
    ) -> tuple[Sequence[Any], Sequence[Changes]]:
        """Run *work* in a transaction and commit it; returns its outcomes and what was written.

        It decides again when another process was faster, or when the connection turns out to be lost before the
        commit; after a commit without an answer only if *is_repeatable*, since it may have been recorded.

        Raises
        ------
        Unavailable
            If the database did not take it; then nothing of it is half done.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._once(work, locks=not is_batch)
            except (DBAPIError, Overtaken) as error:
                if tries_left and self._is_worth_repeating(error, is_repeatable=is_repeatable):
                    continue
                if isinstance(error, Overtaken):
                    break
                if isinstance(error, IntegrityError | DataError):
                    raise
                raise unavailable(error) from error
        message = "Others keep writing to the same incident; nothing was recorded. Try again in a moment."
        raise Unavailable(message)

    def scrub(self) -> str:
        """Let the database clear away what an erasure left: a file's log, or the old versions of rows on a server.

        Returns what to do where it could not; empty where nothing is left.
        """
        if self._connection is None:
            return ""
        if self._database.is_sqlite:
            return "" if self._empty_log(LOCK_PATIENCE_SECONDS) else STILL_READ
        vacuum = f"VACUUM {', '.join(TOUCHED)}"
        because = self._refused(vacuum)
        return (
            f"{STILL_THERE} ({because}). Run `{vacuum}` there yourself, as the owner of the tables." if because else ""
        )

    def _refused(self, vacuum: str) -> str:
        """Why the server did not do it, or not for every table, of which it only warns; empty where it did."""
        if self._connection is None:
            return ""
        warnings: list[str] = []

        def hear(notice: Any) -> None:  # noqa: ANN401 - of the driver
            if notice.severity_nonlocalized == "WARNING":
                warnings.append(str(notice.message_primary))

        driver: Any = self._connection.connection.driver_connection
        driver.add_notice_handler(hear)
        driver.autocommit = True
        try:
            driver.execute(vacuum)
        except self._connection.dialect.loaded_dbapi.Error as error:
            warnings.append((str(error).splitlines() or ["no reason given"])[0])
        finally:
            if not driver.closed:
                driver.autocommit = False
                driver.remove_notice_handler(hear)
        return warnings[0] if warnings else ""

    def tidy(self) -> None:
        """Empty the log of a file once nobody reads it, without waiting; a server sees to that by itself."""
        if self._connection is not None and self._database.is_sqlite:
            self._empty_log(0.0)

    def _empty_log(self, patience_seconds: float) -> bool:
        """Whether the log of the file is empty now; nobody else may be reading, for which it waits so long."""
        if self._connection is None:
            return False
        driver: Any = self._connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout = {int(1000 * patience_seconds)}")
        try:
            is_busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            driver.execute(f"PRAGMA busy_timeout = {int(1000 * LOCK_PATIENCE_SECONDS)}")
        return not is_busy

    def close(self) -> None:
        """Let go of the connection."""
        self._drop()

    def _once(self, work: Work, *, locks: bool) -> tuple[Sequence[Any], Sequence[Changes]]:
        self._is_committing = False
        connection = self._connected()
        self._was_impatient = self.is_impatient
        with connection.begin() as begun:
            if self._was_impatient:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_IMPATIENT_MILLISECONDS}")
            self._refuse_other_tables(connection)
            self._log = self._log or _identity(self._database, _LOG)
            now = self._clock.now()
            transaction = Transaction(connection, self._sealer, now=now, new_id=self._new_id, locks=locks)
            outcomes = work(transaction)
            transaction.finish()
            self._is_committing = True
            begun.commit()
        return outcomes, transaction.written

    def _is_worth_repeating(self, error: DBAPIError | Overtaken, *, is_repeatable: bool) -> bool:
        if isinstance(error, Overtaken) or getattr(error.orig, "sqlstate", None) in _CONTENTION:
            return True
        if getattr(error.orig, "sqlstate", None) == _LOCKED:
            self._lose_patience()
        is_lost = error.connection_invalidated
        self._drop()
        return is_lost and (is_repeatable or not self._is_committing)

    def _lose_patience(self) -> None:
        """Wait for no row for long for a while, unless that is why this one was not waited for: it may be free soon."""
        if self._was_impatient:
            return
        log.warning("not recorded", extra={"because": LOCKED})
        self._impatient_until = time.monotonic() + _IMPATIENT_SECONDS

    def _connected(self) -> Connection:
        self._refuse_moved()
        if self._connection is not None:
            return self._connection
        if time.monotonic() < self._down_until:
            message = "The database does not answer at the moment; nothing was recorded. Try again in a moment."
            raise Unavailable(message)
        try:
            self._connection = self._database.write_engine.connect()
        except DBAPIError:
            self._pause = min(max(2 * self._pause, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
            self._down_until = time.monotonic() + self._pause
            raise
        self._pause = 0.0
        self._file = self._file or _identity(self._database)
        return self._connection

    def _refuse_moved(self) -> None:
        """Acknowledge nothing that only a file has that nobody will find again, as SQLite itself does without a log."""
        if self._file is not None and _identity(self._database) != self._file:
            name = Path(str(self._database.url.database)).name
            message = (
                f"The database file {name} was moved, deleted or replaced while Debrief was running, so nothing is "
                "recorded. Put back the one that is meant, then start Debrief again."
            )
            raise Unavailable(message)
        if self._log is not None and _identity(self._database, _LOG) != self._log:
            self._save_log()
            name = f"{Path(str(self._database.url.database)).name}{_LOG}"
            message = (
                f"The database's log {name} was moved, deleted or replaced while Debrief was running, so nothing is "
                "recorded. Stop Debrief, start it again, and run `debrief verify`."
            )
            raise Unavailable(message)

    def _save_log(self) -> None:
        """Bring what only the log has that is still open here to the file, unless another one was begun meanwhile."""
        path = Path(f"{self._database.url.database}{_LOG}")
        if self._connection is None or (path.exists() and path.stat().st_size):
            return
        with suppress(self._connection.dialect.loaded_dbapi.Error):  # tried again the next time
            self._empty_log(0.0)

    def _refuse_other_tables(self, connection: Connection) -> None:
        """Write nothing to tables that another version has changed; within a transaction nobody can change them."""
        if self._revision is None:
            return
        try:
            refuse_other(connection, self._revision)
        except Unavailable:
            self._is_outdated = True
            raise
        self._is_outdated = False

    def _drop(self) -> None:
        connection, self._connection, self._log = self._connection, None, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _identity(database: Database, ending: str = "") -> tuple[int, int] | None:
    """Which file the path with *ending* names now; `None` where there is none, or the database is a server."""
    if not database.is_sqlite:
        return None
    try:
        found = Path(f"{database.url.database}{ending}").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
