"""Looking at the record outside a use case (`bot.ports.ledger.Snapshots`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from uuid_utils.compat import uuid7

from bot.ports.outside import Clock
from bot.store.database.engine import Database
from bot.store.record.reads import SqlReads
from bot.store.record.sealing import Sealer


class SqlSnapshots:
    """Short read transactions for pages, lists and what a delivery shows; they never wait for the writer."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock, *, new_id: Callable[[], UUID] = uuid7) -> None:
        """Read from *database*."""
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._new_id = new_id

    @contextmanager
    def snapshot(self) -> Iterator[SqlReads]:
        with self._database.reading() as connection:
            yield SqlReads(connection, self._sealer, now=self._clock.now(), new_id=self._new_id)
