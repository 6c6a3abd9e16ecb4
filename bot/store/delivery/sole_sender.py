"""Which process may send: one for a database, so that nothing is posted twice while two of them run.

The lock goes with its holder, also when that is killed: a file lock beside a SQLite database, a session's advisory
lock on PostgreSQL. Leases and fencing replace it once several processes share the lanes.
"""

import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from analysis.errors import Unavailable
from bot.store.database.engine import Database
from bot.store.database.failures import unavailable

#: Any number that no other lock of Debrief uses; advisory locks belong to one database.
_LOCK = 7_032_019


class SoleSender:
    """Holds, or waits for, the right to send."""

    def __init__(self, database: Database, *, may_send: Callable[[], bool] = lambda: True) -> None:
        """Nothing is held yet, and nothing is while *may_send* says no."""
        self._database = database
        self._may_send = may_send
        self._file: int | None = None
        self._session: Connection | None = None
        self._problem = ""
        # Several threads of a process ask at once when it starts: one would find that the other has the right.
        self._asking = threading.RLock()

    def holds(self) -> bool:
        """Whether this process may send now; takes the right where nobody has it.

        Raises
        ------
        analysis.errors.Unavailable
            If PostgreSQL does not answer; the right may be lost then, and is taken again later.
        """
        with self._asking:
            if not self._may_send():
                self._problem = ""
                self.release()
                return False
            try:
                holds = self._holds_file() if self._database.is_sqlite else self._holds_session()
            except Unavailable as error:
                self._problem = error.message
                raise
            self._problem = ""
            return holds

    @property
    def problem(self) -> str:
        """Why nobody could say who may send when that was last asked; empty where somebody did."""
        return self._problem

    @property
    def is_held(self) -> bool:
        """Whether this process held the right when it was last asked; waits for nothing."""
        return self._may_send() and (self._file is not None or self._session is not None)

    def release(self) -> None:
        """Let another process send."""
        with self._asking:
            if self._file is not None:
                os.close(self._file)
                self._file = None
            if self._session is not None:
                self._session.invalidate()
                self._session.close()
                self._session = None

    def _holds_file(self) -> bool:
        path = f"{self._database.url.database}.lanes.lock"
        if self._file is not None and _is_at(path, self._file):
            return True
        self.release()  # it was deleted or replaced: another process may have locked the one that is there now
        try:
            file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            message = f"Nothing is sent, because the lock {path} cannot be opened: {error.strerror}. Mend that."
            raise Unavailable(message) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        if not _is_at(path, file):
            os.close(file)
            return False
        self._file = file
        return True

    def _holds_session(self) -> bool:
        if self._session is not None and self._is_alive(self._session):
            return True
        try:
            engine = self._database.write_engine.execution_options(isolation_level="AUTOCOMMIT")
            session = engine.connect()
            if session.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
                self._session = session
                return True
            session.close()
        except DBAPIError as error:
            self.release()
            raise unavailable(error) from error
        return False

    def _is_alive(self, session: Connection) -> bool:
        """Whether *session* still has the right; one that is over, as after a restart of the server, is let go of."""
        try:
            session.execute(text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True


def _is_at(path: str, file: int) -> bool:
    """Whether *path* still names the open *file*."""
    try:
        return os.path.samestat(Path(path).stat(), os.fstat(file))
    except OSError:
        return False
