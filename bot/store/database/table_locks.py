"""Whether somebody keeps a table locked on a server, such as by `ALTER TABLE`, or `LOCK` in a session left open."""

from sqlalchemy import Connection, bindparam, text

from analysis.errors import Unavailable
from analysis.wording import joined
from bot.store.database.engine import Database
from bot.store.record.tables import METADATA

#: Longer than it takes to vacuum a table's end, which is locked meanwhile, and short for who asks how we are.
_PATIENCE_MILLISECONDS = 300
_LOCKED, _NOT_ALLOWED = "55P03", "42501"
#: What every write takes. It hinders nobody but those whom any write would hinder, and is gone at once.
_TRY = f"LOCK TABLE {', '.join(sorted(METADATA.tables))} IN ROW EXCLUSIVE MODE"
#: Also those who wait for such a lock: whoever writes stands behind them.
_HOLDERS = text(
    "SELECT DISTINCT c.relname, l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
    "WHERE c.relname IN :names AND l.pid <> pg_backend_pid() AND l.database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) AND l.mode IN "
    "('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') ORDER BY c.relname, l.pid"
).bindparams(bindparam("names", expanding=True))


def refuse_locked_tables(database: Database) -> None:
    """See that whoever writes can get at each table soon; a file is locked as a whole, which its writer finds out.

    Raises
    ------
    Unavailable
        If somebody keeps one locked; the sentence says which, and what to end.
    """
    if database.is_sqlite:
        return
    try:
        with database.reading() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_PATIENCE_MILLISECONDS}")
            connection.exec_driver_sql(_TRY)
    except Unavailable as error:
        state = getattr(getattr(error.__cause__, "orig", None), "sqlstate", "")
        if state == _NOT_ALLOWED:
            return  # a user who may only do what it needs; whoever needs more is told so then
        if state != _LOCKED:
            raise
        with database.reading() as connection:
            raise Unavailable(_told(connection)) from error


def _told(connection: Connection) -> str:
    found = connection.execute(_HOLDERS, {"names": sorted(METADATA.tables)}).all()
    names, pids = sorted({row.relname for row in found}), sorted({row.pid for row in found})
    what = f"table{'s' * (len(names) > 1)} {joined(names)}" if names else "tables"
    who = f" (process {joined([str(pid) for pid in pids])} of PostgreSQL)" if pids else ""
    return f"Another program keeps the {what} locked{who}: nothing that needs it is recorded until that one has ended."
