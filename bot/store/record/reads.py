"""Looking at the record inside one transaction; an incident that was read once is remembered until it ends."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, func, select, text, union_all

from analysis.chain import GENESIS
from analysis.channels import Moves, moves
from analysis.events import EventKind, TimelineEvent
from analysis.incident import ACTIVE_STATUSES, Incident, Status
from bot.ports.records import (
    Approval,
    Delivery,
    DeliveryKind,
    DeliveryState,
    HeldMessage,
    HeldPost,
    OpenDelivery,
    Publication,
    PublicationState,
    Revision,
    RevisionHead,
    Shown,
)
from bot.store.database.chunking import chunks
from bot.store.delivery.budget import Budget
from bot.store.delivery.delivery_rows import to_held, to_shown, told_event
from bot.store.grouping.group_reads import SqlGroups
from bot.store.grouping.services import SqlServices
from bot.store.grouping.signals import SqlSignals
from bot.store.holding.hold_reads import SqlHolds
from bot.store.learning.learning_reads import SqlLearning
from bot.store.model.inventory_rows import SqlInventory
from bot.store.paging.paging_rows import SqlPages
from bot.store.record import event_queries
from bot.store.record.document_rows import to_approval, to_cites, to_publication, to_revision, to_revision_head
from bot.store.record.known_facts import known_facts
from bot.store.record.mapping import StoredIncident, to_event, to_incident
from bot.store.record.sealing import Sealer
from bot.store.record.tables import (
    APPROVAL,
    DELIVERY,
    HELD_MESSAGE,
    INCIDENT,
    LANE,
    OPEN_STATES,
    PARKED_STATE,
    PUBLICATION,
    REVISION,
    WORKSPACE,
)


def _newest(where: ColumnElement[bool]) -> dict[bool, Select[Any]]:
    """Finding the newest incident that fits, with and without locking it; made once, because making it costs most."""
    newest = select(INCIDENT).where(where).order_by(INCIDENT.c.number.desc()).limit(1)
    return {True: newest.with_for_update(key_share=True), False: newest}


_BY_ID = _newest(INCIDENT.c.id == bindparam("id"))
_BY_NUMBER = _newest((INCIDENT.c.workspace_id == bindparam("workspace")) & (INCIDENT.c.number == bindparam("number")))
_BY_CHANNEL = _newest(INCIDENT.c.channel_id == bindparam("channel"))
_KINDS = {kind.value: kind for kind in EventKind}


class SqlReads:
    """What a use case may look at (`bot.ports.ledger.Reads`).

    `before_query` runs before anything is looked up that changes waiting to be written could alter. With `locks`, an
    incident that was looked at stays as it is until the transaction ends, whoever else writes.
    """

    def __init__(
        self,
        connection: Connection,
        sealer: Sealer,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
        before_query: Callable[[], None] | None = None,
        locks: bool = False,
    ) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._now = now
        self._new_id = new_id
        self._before_query = before_query or (lambda: None)
        self._locks = locks
        self._stored: dict[UUID, StoredIncident | None] = {}
        self._ids: dict[object, UUID | None] = {}

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def groups(self) -> SqlGroups:
        return SqlGroups(self._connection, self._sealer, self._before_query)

    @property
    def signals(self) -> SqlSignals:
        return SqlSignals(self._connection, self._sealer, self._before_query)

    @property
    def services(self) -> SqlServices:
        return SqlServices(self._connection, self._sealer, self._before_query)

    @property
    def pages(self) -> SqlPages:
        return SqlPages(self._connection, self._sealer, self._before_query)

    @property
    def learning(self) -> SqlLearning:
        return SqlLearning(self._connection, self._sealer, self._before_query)

    @property
    def holds(self) -> SqlHolds:
        return SqlHolds(self._connection, self._sealer, self._before_query)

    @property
    def inventory(self) -> SqlInventory:
        return SqlInventory(self._connection, self._sealer, self._before_query)

    def new_id(self) -> UUID:
        return self._new_id()

    def next_number(self, workspace_id: UUID) -> int:
        # The lock makes two processes that declare at once take turns instead of failing.
        lock = select(WORKSPACE.c.id).where(WORKSPACE.c.id == workspace_id).with_for_update()
        highest = select(func.max(INCIDENT.c.number)).where(INCIDENT.c.workspace_id == workspace_id)
        self._before_query()
        self._connection.execute(lock)
        return max(self._connection.execute(highest).scalar() or 0, 0) + 1

    def incident(self, incident_id: UUID) -> Incident | None:
        stored = self.stored(incident_id)
        return stored.incident if stored else None

    def incident_by_number(self, workspace_id: UUID, number: int) -> Incident | None:
        return self._incident_by(_BY_NUMBER, workspace=workspace_id, number=number)

    def incident_by_channel(self, channel_id: str) -> Incident | None:
        return self._incident_by(_BY_CHANNEL, channel=channel_id)

    def duplicates_of(self, incident: Incident) -> tuple[Incident, ...]:
        row = INCIDENT.c
        this = (row.workspace_id == incident.workspace_id) & (row.duplicate_of == incident.number)
        found = self._rows(select(INCIDENT).where(this).order_by(row.number))
        return tuple(to_incident(each, self._sealer).incident for each in found)

    def incidents(
        self, workspace_id: UUID, *, statuses: Collection[Status] = ACTIVE_STATUSES, limit: int = 50, before: int = 0
    ) -> tuple[Incident, ...]:
        wanted = INCIDENT.c.status.in_(sorted(status.value for status in statuses))
        found = select(INCIDENT).where(INCIDENT.c.workspace_id == workspace_id, INCIDENT.c.number > 0, wanted)
        if before:
            found = found.where(INCIDENT.c.number < before)
        self._before_query()
        rows = self._connection.execute(found.order_by(INCIDENT.c.number.desc()).limit(limit)).mappings()
        return tuple(to_incident(row, self._sealer).incident for row in rows)

    def events(self, incident_id: UUID) -> tuple[TimelineEvent, ...]:
        return self._events(event_queries.whole(incident_id))

    def events_of_kind(self, incident_id: UUID, kinds: Collection[EventKind]) -> tuple[TimelineEvent, ...]:
        return self._events(event_queries.of_kind(incident_id, kinds))

    def channel_moves(self, incident_id: UUID) -> Moves:
        return moves(self.events_of_kind(incident_id, {EventKind.CHANNEL_LINKED}))

    def events_by_id(self, incident_id: UUID, ids: Collection[UUID]) -> tuple[TimelineEvent, ...]:
        return self._events(event_queries.by_id(incident_id, ids)) if ids else ()

    def events_at(self, incident_id: UUID, seqs: Collection[int]) -> tuple[TimelineEvent, ...]:
        return self._events(event_queries.at(incident_id, seqs)) if seqs else ()

    def events_between(
        self, incident_id: UUID, kinds: Collection[EventKind], *, since: datetime, until: datetime, newest: int
    ) -> tuple[TimelineEvent, ...]:
        found = self._events(event_queries.between(incident_id, kinds, since, until).limit(newest))
        return tuple(reversed(found))

    def events_about(self, incident_id: UUID, natural_key: str) -> tuple[TimelineEvent, ...]:
        rows = self._rows(event_queries.beginning_with(incident_id, natural_key))
        about = (row for row in rows if event_queries.is_or_continues(row["natural_key"], natural_key))
        return tuple(to_event(row, self._sealer) for row in about)

    def places(self, incident_id: UUID) -> tuple[tuple[EventKind, datetime, str], ...]:
        self._before_query()
        found = self._connection.execute(event_queries.places(incident_id))
        return tuple((_KINDS[kind], at, key) for kind, at, key in found)

    def events_referring(self, incident_id: UUID, ids: Collection[UUID]) -> tuple[TimelineEvent, ...]:
        return self._events(event_queries.referring(incident_id, ids)) if ids else ()

    def keys_after(self, incident_id: UUID, seq: int) -> tuple[tuple[EventKind, str], ...]:
        rows = self._rows(event_queries.keys_after(incident_id, seq))
        return tuple((EventKind(row["kind"]), row["natural_key"]) for row in rows)

    def has_event(self, incident_id: UUID, natural_key: str) -> bool:
        return bool(self.has_which(incident_id, [natural_key]))

    def has_which(self, incident_id: UUID, natural_keys: Collection[str]) -> frozenset[str]:
        self._before_query()
        return frozenset(key for _, key in self.known_keys((incident_id, key) for key in natural_keys))

    def head(self, incident_id: UUID) -> tuple[int, bytes]:
        self._before_query()
        stored = self.stored(incident_id)
        return (stored.seq, stored.hash) if stored else (0, GENESIS)

    def held_messages(self, channel: str, ts: str) -> tuple[HeldMessage, ...]:
        held = HELD_MESSAGE.c
        found = select(HELD_MESSAGE).where(held.channel == channel, held.ts == ts, held.expires_at > self._now)
        self._before_query()
        rows = self._connection.execute(found.order_by(held.id)).mappings()
        return tuple(to_held(row, self._sealer) for row in rows)

    def is_queued(self, lane: str) -> bool:
        waiting = select(DELIVERY.c.seq).where(text(OPEN_STATES), DELIVERY.c.lane == lane).limit(1)
        return bool(self._rows(waiting))

    def unsettled_in(self, lane: str) -> tuple[OpenDelivery, ...]:
        row = DELIVERY.c
        place = func.coalesce(row.place, row.seq).label("place")
        # Each of the two indexes has its own part of it.
        parts = [select(row.seq).where(text(states), row.lane == lane) for states in (OPEN_STATES, PARKED_STATE)]
        waiting = select(row.incident_id, place, row.attempts, row.result)
        found = self._rows(waiting.where(row.seq.in_(union_all(*parts))).order_by(place))
        return tuple(
            OpenDelivery(
                incident_id=each["incident_id"],
                seq=each["place"],
                attempts=each["attempts"],
                result=json.loads(each["result"]),
            )
            for each in found
        )

    def taken_at(self, target: str) -> datetime | None:
        row = PUBLICATION.c
        published = (row.target == target) & (row.state == PublicationState.PUBLISHED.value)
        newest = select(row.published_at).where(published).order_by(row.published_at.desc()).limit(1)
        found = self._rows(newest)
        return found[0]["published_at"] if found else None

    def replaceable(self, lane: str) -> frozenset[str]:
        row = DELIVERY.c
        is_untried = (row.state == DeliveryState.PENDING.value) & (row.attempts == 0)
        waiting = select(row.coalesce).where(text(OPEN_STATES), row.lane == lane, is_untried)
        return frozenset(each["coalesce"] for each in self._rows(waiting) if each["coalesce"])

    def is_followed(self, delivery: Delivery) -> bool:
        row, without = DELIVERY.c, (DeliveryState.PARKED.value, DeliveryState.SUPERSEDED.value)
        same = (row.lane == delivery.lane) & (row.coalesce == delivery.coalesce) & row.state.not_in(without)
        this = select(row.seq).where(row.id == delivery.id).scalar_subquery()
        return bool(self._rows(select(row.seq).where(row.seq > this, same).limit(1)))

    def is_parked(self, lane: str) -> bool:
        parked = select(LANE.c.key).where(LANE.c.key == lane, LANE.c.parked_because.is_not(None))
        return bool(self._rows(parked))

    def revisions(self, incident_id: UUID) -> tuple[Revision, ...]:
        found = select(REVISION).where(REVISION.c.incident_id == incident_id).order_by(REVISION.c.number)
        return tuple(to_revision(row, self._sealer) for row in self._rows(found))

    def revision_heads(self, incident_id: UUID) -> tuple[RevisionHead, ...]:
        plain = [column for column in REVISION.c if column.name not in {"cites", "content"}]
        found = select(*plain).where(REVISION.c.incident_id == incident_id).order_by(REVISION.c.number)
        return tuple(to_revision_head(row) for row in self._rows(found))

    def revision(self, revision_id: UUID) -> Revision | None:
        found = self._rows(select(REVISION).where(REVISION.c.id == revision_id))
        return to_revision(found[0], self._sealer) if found else None

    def cites(self, revision_id: UUID) -> frozenset[UUID]:
        found = self._rows(select(REVISION.c.cites).where(REVISION.c.id == revision_id))
        return to_cites(found[0]["cites"]) if found else frozenset()

    def approvals(self, revision_id: UUID) -> tuple[Approval, ...]:
        found = select(APPROVAL).where(APPROVAL.c.revision_id == revision_id)
        self._before_query()
        rows = self._connection.execute(found.order_by(APPROVAL.c.approved_at, APPROVAL.c.id)).mappings()
        return tuple(to_approval(row, self._sealer) for row in rows)

    def publications(self, revision_id: UUID) -> tuple[Publication, ...]:
        found = select(PUBLICATION).where(PUBLICATION.c.revision_id == revision_id).order_by(PUBLICATION.c.target)
        self._before_query()
        return tuple(to_publication(row, self._sealer) for row in self._connection.execute(found).mappings())

    def held_posts(self, incident_id: UUID) -> tuple[HeldPost, ...]:
        row = DELIVERY.c
        waits = row.is_post & (row.attempts == 0) & (row.next_at > self._now) & (row.incident_id == incident_id)
        found = select(row.coalesce, row.next_at, row.arguments).where(waits, row.state == DeliveryState.PENDING.value)
        self._before_query()
        rows = self._connection.execute(found.order_by(row.seq))
        return tuple(
            HeldPost(coalesce=coalesce, until=until, event=told_event(arguments, self._sealer))
            for coalesce, until, arguments in rows
        )

    def last_posted(self, incident_id: UUID, coalesce: str) -> str:
        row = DELIVERY.c
        same = (row.incident_id == incident_id) & (row.coalesce == coalesce) & row.is_post & (row.attempts > 0)
        # One that the record had overtaken was left unsaid: it ended, and no message is known.
        is_unsaid = (row.state == DeliveryState.SENT.value) & row.result.not_like('%"ts"%')
        found = self._rows(select(row.arguments).where(same, ~is_unsaid).order_by(row.seq.desc()).limit(1))
        return told_event(found[0]["arguments"], self._sealer) if found else ""

    def may_post_at(self, incident: Incident, kind: DeliveryKind, *, must_be_noticed: bool = False) -> datetime:
        self._before_query()
        budget = Budget(self._connection, self._now)
        return budget.next_at(incident, incident.channels_left, kind, must_be_noticed=must_be_noticed)

    def shown(self, incident_id: UUID) -> tuple[Shown, ...]:
        row = DELIVERY.c
        found = select(DELIVERY).where(
            row.incident_id == incident_id, row.state == DeliveryState.SENT.value, row.result != "{}"
        )
        self._before_query()
        rows = self._connection.execute(found.order_by(row.seq)).mappings()
        shown = [to_shown(each, self._sealer) for each in rows]
        moved = self.channel_moves(incident_id)
        return tuple(replace(each, channel=moved.newest(each.channel)) for each in shown)

    def stored(self, incident_id: UUID) -> StoredIncident | None:
        """The incident with its head, as of this transaction."""
        if incident_id not in self._stored:
            self._stored[incident_id] = None
            self._find(_BY_ID, {"id": incident_id})
        return self._stored[incident_id]

    def load(self, incident_ids: Iterable[UUID]) -> None:
        """Read the incidents that are not remembered yet, and lock them against other processes."""
        missing = sorted({each for each in incident_ids if self._stored.get(each) is None})
        for part in chunks(missing):
            locked = (
                select(INCIDENT).where(INCIDENT.c.id.in_(part)).order_by(INCIDENT.c.id).with_for_update(key_share=True)
            )
            for row in self._connection.execute(locked).mappings():
                self._remember(to_incident(row, self._sealer))

    def remember(self, stored: StoredIncident) -> None:
        """Replace what is remembered of an incident by what was just written."""
        before = self._stored.get(stored.incident.id)
        if before is None or before.incident is not stored.incident:
            self._ids.clear()
        self._remember(stored)

    def known_keys(self, keys: Iterable[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
        """Those of *keys* (incident, natural key) that the ledger has."""
        return known_facts(self._connection, keys)

    def _events(self, query: Select[Any]) -> tuple[TimelineEvent, ...]:
        return tuple(to_event(row, self._sealer) for row in self._rows(query))

    def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        self._before_query()
        return self._connection.execute(query).mappings().all()

    def _incident_by(self, newest: Mapping[bool, Select[Any]], **names: object) -> Incident | None:
        """Remembered by its *names*.

        Nothing has to be written first: what waits changes no incident's state (`Transaction.stage`).
        """
        key = tuple(names.items())
        if key not in self._ids:
            self._ids[key] = self._find(newest, names)
        incident_id = self._ids[key]
        return self.incident(incident_id) if incident_id else None

    def _find(self, newest: Mapping[bool, Select[Any]], names: Mapping[str, object]) -> UUID | None:
        """Read and remember the newest incident that fits."""
        row = self._connection.execute(newest[self._locks], dict(names)).mappings().first()
        if row is None:
            return None
        stored = self._stored.get(row["id"]) or to_incident(row, self._sealer)
        self._remember(stored)
        return stored.incident.id

    def _remember(self, stored: StoredIncident) -> None:
        self._stored[stored.incident.id] = stored
