"""Locks that Debrief's own processes take in turns on a server, each for a transaction; nobody else has any of them."""

from sqlalchemy import Connection, text

from bot.store.database.engine import LOCK_PATIENCE_SECONDS

#: In one statement: whoever takes the lock waits for it as long as ever, and learns what the transaction's patience is.
_TAKE = text(
    "SELECT current_setting('lock_timeout') AS before, set_config('lock_timeout', :patience, true) AS meanwhile, "
    "pg_advisory_xact_lock(:lock)"
)
_GO_BACK = text("SELECT set_config('lock_timeout', :before, true)")


def take_in_turns(connection: Connection, lock: int) -> None:
    """Wait until no other process of ours has *lock*, and keep it until this transaction ends.

    Whoever has it gives it back soon, so it is waited for also where this transaction waits for no row for long. A
    file needs none: one process at a time writes to it.
    """
    if connection.dialect.name == "sqlite":
        return
    patience = f"{int(LOCK_PATIENCE_SECONDS * 1000)}ms"
    taken = connection.execute(_TAKE, {"patience": patience, "lock": lock}).one()
    if taken.before != taken.meanwhile:
        connection.execute(_GO_BACK, {"before": taken.before})
