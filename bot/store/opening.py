"""The store as a whole: opened, its tables as this version needs them, with its writer running."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from analysis.errors import Unavailable
from bot.ports.outbox import PAGER_KINDS
from bot.ports.outside import Clock
from bot.settings import Settings
from bot.store.database.engine import Database, open_database
from bot.store.database.keys import find_sealer, is_sealed, open_sealer
from bot.store.database.probe import probe
from bot.store.database.table_locks import refuse_locked_tables
from bot.store.delivery.lanes import lane_report
from bot.store.delivery.outbox import SqlOutbox
from bot.store.delivery.sole_sender import SoleSender
from bot.store.figures import Backlog, backlog
from bot.store.model.vaults import SqlVaults
from bot.store.paging.egress import SqlEgress
from bot.store.paging.paging_rows import overdue_forwards
from bot.store.people import SqlPeople
from bot.store.proof.anchors import Anchors
from bot.store.record.expiry import Expiry
from bot.store.record.sealing import Sealer
from bot.store.record.snapshots import SqlSnapshots
from bot.store.schema import known_revisions, require_current
from bot.store.workspaces import ensure_workspace, refuse_second, team_of
from bot.store.writing.writer import SqlWriter

#: An attempt asks Slack who we are, looks for what was posted, or edits, before it posts; seldom all of them slowly.
#: One that looks for it through many pages takes more calls, and outlasts this where each of them is slow.
CALLS_OF_AN_ATTEMPT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Everything that reads or writes the database."""

    database: Database
    sealer: Sealer
    writer: SqlWriter
    snapshots: SqlSnapshots
    outbox: SqlOutbox
    people: SqlPeople
    vaults: SqlVaults
    anchors: Anchors
    expiry: Expiry
    sole_sender: SoleSender
    egress: SqlEgress
    pager_outbox: SqlOutbox
    new_id: Callable[[], UUID]

    def workspace(self, team_id: str, name: str) -> UUID:
        """The id of the workspace that Slack calls *team_id*; a second one is refused."""
        refuse_second(self.database, team_id)
        return ensure_workspace(self.writer, team_id=team_id, name=name)

    def team(self, workspace_id: UUID) -> str:
        """What Slack calls the workspace; empty where Slack has not said yet."""
        return team_of(self.database, workspace_id)

    def require_sound(self) -> None:
        """See that nobody keeps a table locked, and that this process could ask for the right to send.

        Raises
        ------
        analysis.errors.Unavailable
            If not; the sentence says what to do.
        """
        refuse_locked_tables(self.database)
        if self.sole_sender.problem:
            raise Unavailable(self.sole_sender.problem)

    def lane_report(self) -> dict[str, Any]:
        """How many deliveries wait, and which lanes are parked and why."""
        return lane_report(self.database)

    def backlog(self, workspace_id: UUID, now: datetime, services: Collection[str]) -> Backlog:
        """How much waits, and since when; of alerts in line those for *services*."""
        return backlog(self.database, workspace_id, now, services)

    def overdue_forwards(self, now: datetime, within: timedelta, services: Collection[str]) -> str:
        """Why alerts in line for *services* are overdue that the pager has not taken *within* that time; else empty."""
        return overdue_forwards(self.database, now, within, services)

    def knows_tables(self) -> bool:
        """Whether no other version had changed the tables when the writer last looked; waits for nothing."""
        return not self.writer.is_outdated

    def probe(self) -> Future[None]:
        """Try whether the writer commits; nothing is left of it."""
        return probe(self.writer)

    def close(self) -> None:
        """Finish what was submitted and let go."""
        self.sole_sender.release()
        self.writer.close()
        self.database.close()


def open_store(
    settings: Settings, clock: Clock, *, prepare: Callable[[Database], None], new_id: Callable[[], UUID] = uuid7
) -> Store:
    """Open the database, let *prepare* see to its tables, and start the writer; *new_id* mints every id of the record.

    Raises
    ------
    analysis.errors.Unavailable
        If the database, its schema or its key cannot be used.
    """
    database = open_database(settings.database_url)
    with _closed_on_failure(database):
        prepare(database)
        sealer = open_sealer(database, now=clock.now(), key_file=settings.key_file)
    writer = SqlWriter(database, sealer, clock, new_id=new_id, revision=known_revisions()[-1])
    writer.start()
    return _store(settings, database, sealer, writer, clock, new_id)


def open_store_to_read(settings: Settings, clock: Clock) -> Store:
    """Open the database without changing anything in it: whatever is submitted to this store is refused.

    Raises
    ------
    analysis.errors.Unavailable
        If the database, its schema or its key cannot be used.
    """
    database = open_database(settings.database_url, only_to_read=True)
    with _closed_on_failure(database):
        require_current(database)
        sealer = find_sealer(database, key_file=settings.key_file)
        if sealer is None and not is_sealed(database):
            raise Unavailable(
                "Nothing is recorded in this database yet. Run `debrief serve` once, or record something."
            )
        if sealer is None:
            message = f"The key of this database is not in {settings.key_file}. Set DEBRIEF_KEY_FILE to the right one."
            raise Unavailable(message)
    writer = SqlWriter(database, sealer, clock)
    writer.close()
    return _store(settings, database, sealer, writer, clock, uuid7)


@contextmanager
def _closed_on_failure(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def _store(
    settings: Settings,
    database: Database,
    sealer: Sealer,
    writer: SqlWriter,
    clock: Clock,
    new_id: Callable[[], UUID],
) -> Store:
    return Store(
        database=database,
        sealer=sealer,
        writer=writer,
        snapshots=SqlSnapshots(database, sealer, clock, new_id=new_id),
        outbox=SqlOutbox(
            database, writer, clock, without=PAGER_KINDS, longest_attempt=_longest_attempt(settings, database)
        ),
        # A pager knows a page that comes twice for one, so that nobody waits to be woken.
        pager_outbox=SqlOutbox(database, writer, clock, only=PAGER_KINDS),
        people=SqlPeople(database, sealer, writer),
        vaults=SqlVaults(database, sealer, writer),
        anchors=Anchors(database, writer, settings.anchors_file),
        expiry=Expiry(writer),
        sole_sender=SoleSender(database, may_send=lambda: not writer.is_outdated),
        new_id=new_id,
        egress=SqlEgress(database, sealer, writer),
    )


def _longest_attempt(settings: Settings, database: Database) -> timedelta:
    """How long what another process has begun to send mostly takes to arrive once that one may not send any more.

    On a server the right to send ends with a session, and its holder may live on, in the middle of an attempt. That
    of a file ends with its holder.
    """
    return (
        timedelta(0) if database.is_sqlite else CALLS_OF_AN_ATTEMPT * timedelta(seconds=settings.slack_timeout_seconds)
    )
