"""Trying whether the database still takes a commit, without leaving anything in it."""

from concurrent.futures import Future

from sqlalchemy import delete, insert

from bot.store.record.tables import LANE
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter

#: No lane is called so: lanes are named after channels, people and targets.
_KEY = "debrief:probe"
#: A few pages more than the database has, so that a full disk shows before the ledger needs the next one.
_ROOM = "room" * 4096


def probe(writer: SqlWriter) -> Future[None]:
    """Commit a row that needs room, and its deletion, in one transaction: nobody ever sees it."""
    return writer.call(_try)


def _try(transaction: Transaction) -> None:
    row = {"key": _KEY, "rests_until": None, "parked_because": _ROOM, "operator_told": False}
    transaction.connection.execute(insert(LANE), [row])
    transaction.connection.execute(delete(LANE).where(LANE.c.key == _KEY))
