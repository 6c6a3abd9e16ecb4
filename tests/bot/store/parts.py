"""What the store's tests are made of: a whole store, and use cases that write what they are told."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.events import EventKind, NewEvent, Source
from analysis.fold import begin
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.records import Changes, InboxKey, NewDelivery, Reply
from bot.store.database.engine import Database
from bot.store.database.keys import open_sealer
from bot.store.delivery.outbox import SqlOutbox
from bot.store.model.vaults import SqlVaults
from bot.store.people import SqlPeople
from bot.store.record.sealing import Sealer
from bot.store.record.snapshots import SqlSnapshots
from bot.store.schema import known_revisions
from bot.store.workspaces import ensure_workspace
from bot.store.writing.writer import SqlWriter

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PATIENCE_SECONDS = 20


@dataclass(slots=True)
class StillClock:
    """Stands still until a test moves it."""

    instant: datetime = START

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.instant

    def move(self, **delta: float) -> None:
        """Go on by so much."""
        self.instant += timedelta(**delta)


@dataclass(slots=True)
class Ids:
    """Counts up, so that a test can name ids beforehand."""

    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self) -> UUID:
        """Return the next id."""
        return UUID(int=next(self.numbers))


@dataclass(slots=True, kw_only=True)
class Store:
    """Everything that keeps the record, wired as the application does it."""

    database: Database
    sealer: Sealer
    clock: StillClock
    writer: SqlWriter
    outbox: SqlOutbox
    snapshots: SqlSnapshots
    people: SqlPeople
    vaults: SqlVaults
    workspace: UUID

    def write(self, use_case: Callable[[Reads, Any], Changes], *, key: InboxKey | None = None) -> Reply:
        """Run *use_case* in a transaction of its own and wait for the answer."""
        return self.writer.submit(use_case, None, key=key).result(PATIENCE_SECONDS)

    def declare(self, title: str = "Card payments fail") -> Incident:
        """Open an incident; returns it as the ledger has it."""
        reply = self.write(declaring(self.workspace, title))
        return self.incident(reply.incident)

    def append(self, incident: Incident, *events: NewEvent, deliveries: Sequence[NewDelivery] = ()) -> None:
        """Add *events* to the incident."""
        self.write(lambda _reads, _command: appending(incident, *events, deliveries=deliveries))

    def incident(self, incident_id: UUID | None) -> Incident:
        """Return the incident as it stands."""
        with self.snapshots.snapshot() as reads:
            found = reads.incident(incident_id) if incident_id else None
        assert found is not None
        return found

    def events(self, incident: Incident) -> tuple[Any, ...]:
        """Return the incident's ledger."""
        with self.snapshots.snapshot() as reads:
            return reads.events(incident.id)


@contextmanager
def open_store(database: Database, key_file: Path) -> Iterator[Store]:
    """Wire a store on *database* and take it apart again."""
    clock, new_id = StillClock(), Ids()
    sealer = open_sealer(database, now=clock.now(), key_file=key_file)
    writer = SqlWriter(database, sealer, clock, new_id=new_id, revision=known_revisions()[-1])
    writer.start()
    try:
        yield Store(
            database=database,
            sealer=sealer,
            clock=clock,
            writer=writer,
            outbox=SqlOutbox(database, writer, clock),
            snapshots=SqlSnapshots(database, sealer, clock, new_id=new_id),
            people=SqlPeople(database, sealer, writer),
            vaults=SqlVaults(database, sealer, writer),
            workspace=ensure_workspace(writer, team_id="T1", name="Example"),
        )
    finally:
        writer.close()


def declaring(
    workspace: UUID, title: str, *, number: int | None = None, **payload: object
) -> Callable[[Reads, Any], Changes]:
    """Return a use case that opens an incident, with the next number if none is given."""

    def declare(reads: Reads, _command: object) -> Changes:
        event = make_event(
            id=reads.new_id(),
            kind=EventKind.DECLARED,
            occurred_at=reads.now,
            recorded_at=reads.now,
            text=title,
            payload={"severity": "SEV2", "visibility": "public", "phase": 1, **payload},
            natural_key="declared",
        )
        next_number = reads.next_number(workspace) if number is None else number
        incident = begin(event, incident_id=reads.new_id(), workspace_id=workspace, number=next_number)
        reply = Reply(text=f"declared {title}", incident=incident.id, number=next_number)
        return Changes(reply=reply, incident=incident, is_new_incident=True, events=(event,))

    return declare


def appending(
    incident: Incident, *events: NewEvent, deliveries: Sequence[NewDelivery] = (), text: str = "noted"
) -> Changes:
    """Return the changes that add *events* to the incident."""
    reply = Reply(text=text, incident=incident.id, number=incident.number)
    return Changes(reply=reply, incident=incident, events=events, deliveries=tuple(deliveries))


_EVENT_IDS = itertools.count(1_000_000)


def make_event(**over: object) -> NewEvent:
    """Return a note, told otherwise by *over*; each has an id and natural key of its own."""
    number = next(_EVENT_IDS)
    event = NewEvent(
        id=UUID(int=number),
        kind=EventKind.NOTE,
        occurred_at=START,
        recorded_at=START,
        actor="slack:U1",
        source=Source.SLACK,
        natural_key=f"note:{number}",
        text="The queue is growing.",
        payload=MappingProxyType({}),
    )
    return replace(event, **over)


def note(number: int, **over: object) -> NewEvent:
    """Return the note with this *number*: the same number is the same fact, told in an event of its own."""
    values = {
        "natural_key": f"note:{number}",
        "text": f"Note {number}.",
        "occurred_at": START + timedelta(minutes=number),
    }
    return make_event(**{**values, **over})


def make_key(external_id: str = "Ev1", body: bytes = b"body", source: str = "slack") -> InboxKey:
    """Return the natural key of an arrival."""
    return InboxKey(source=source, external_id=external_id, body_hash=body)
