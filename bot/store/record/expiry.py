"""Deleting what may stay for a while only: edits of messages that nobody marked."""

from sqlalchemy import delete

from bot.store.record.tables import HELD_MESSAGE
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter


class Expiry:
    """Deletes by the clock that dates the record (`bot.flows.housekeeping.Rooms`)."""

    def __init__(self, writer: SqlWriter) -> None:
        """Delete through *writer*."""
        self._writer = writer

    def clear(self) -> int:
        """Delete the held messages whose time is over, from the log of a file, too; how many there were."""
        return self._writer.call(_delete_held, tidies=True).result()


def _delete_held(transaction: Transaction) -> int:
    expired = delete(HELD_MESSAGE).where(HELD_MESSAGE.c.expires_at <= transaction.reads.now)
    return transaction.connection.execute(expired).rowcount
