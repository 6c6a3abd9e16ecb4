"""Reading the record inside a use case, and handing a use case to the one writer."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from analysis.channels import Moves
from analysis.events import EventKind, TimelineEvent
from analysis.incident import ACTIVE_STATUSES, Incident, Status
from bot.ports.grouping_reads import Groups
from bot.ports.holding_reads import Holds
from bot.ports.inventory import Inventory
from bot.ports.learning import Learning
from bot.ports.paging import Pages
from bot.ports.records import (
    Approval,
    Changes,
    Delivery,
    DeliveryKind,
    HeldMessage,
    HeldPost,
    InboxKey,
    OpenDelivery,
    Publication,
    Reply,
    Revision,
    RevisionHead,
    Shown,
)
from bot.ports.services import Services
from bot.ports.signals import Signals

C = TypeVar("C")


class Reads(Protocol):
    """What a use case may look at; valid only while it decides."""

    @property
    def now(self) -> datetime:
        """The instant of this decision, aware UTC."""
        ...

    @property
    def groups(self) -> Groups:
        """Groups of alerts, and the stream that they come from."""
        ...

    @property
    def signals(self) -> Signals:
        """What was found about incidents, and what people said of it."""
        ...

    @property
    def services(self) -> Services:
        """What calls what, as far as it was seen."""
        ...

    @property
    def pages(self) -> Pages:
        """Who was paged."""
        ...

    @property
    def learning(self) -> Learning:
        """Labels, and what was learnt from them."""
        ...

    @property
    def holds(self) -> Holds:
        """What is held back, by whose approval, and on which evidence."""
        ...

    @property
    def inventory(self) -> Inventory:
        """Which versions were in use, and whether the language model may be asked."""
        ...

    def new_id(self) -> UUID:
        """Mint an id, later ones greater."""
        ...

    def next_number(self, workspace_id: UUID) -> int:
        """The number the next incident of this workspace will get."""
        ...

    def incident(self, incident_id: UUID) -> Incident | None:
        """The incident with this id."""
        ...

    def incident_by_number(self, workspace_id: UUID, number: int) -> Incident | None:
        """The incident that people call by this number."""
        ...

    def incident_by_channel(self, channel_id: str) -> Incident | None:
        """The incident whose Slack channel this is."""
        ...

    def duplicates_of(self, incident: Incident) -> tuple[Incident, ...]:
        """The incidents that were ended as duplicates of this one."""
        ...

    def incidents(
        self, workspace_id: UUID, *, statuses: Collection[Status] = ACTIVE_STATUSES, limit: int = 50, before: int = 0
    ) -> tuple[Incident, ...]:
        """The newest incidents of a workspace that are in one of *statuses*, with numbers *before* one if given."""
        ...

    def events(self, incident_id: UUID) -> tuple[TimelineEvent, ...]:
        """The whole ledger of an incident in order of `seq`: on a long one, not for a use case that others wait for."""
        ...

    def events_of_kind(self, incident_id: UUID, kinds: Collection[EventKind]) -> tuple[TimelineEvent, ...]:
        """The facts of these kinds, in order of `seq`."""
        ...

    def channel_moves(self, incident_id: UUID) -> Moves:
        """Which identifiers its channels had before, so that what was posted under one is found under the next."""
        ...

    def events_by_id(self, incident_id: UUID, ids: Collection[UUID]) -> tuple[TimelineEvent, ...]:
        """Those of an incident's facts whose id is one of *ids*, in order of `seq`."""
        ...

    def events_at(self, incident_id: UUID, seqs: Collection[int]) -> tuple[TimelineEvent, ...]:
        """The facts at these places of an incident's ledger, in order of `seq`."""
        ...

    def events_between(
        self, incident_id: UUID, kinds: Collection[EventKind], *, since: datetime, until: datetime, newest: int
    ) -> tuple[TimelineEvent, ...]:
        """The facts of these kinds that occurred from *since* until *until*, in that order: the *newest* of them."""
        ...

    def events_about(self, incident_id: UUID, natural_key: str) -> tuple[TimelineEvent, ...]:
        """The fact with this natural key and those whose keys continue it after a colon, in order of `seq`.

        So a message's key finds its texts, marks and deletions.
        """
        ...

    def places(self, incident_id: UUID) -> tuple[tuple[EventKind, datetime, str], ...]:
        """The kind, instant and natural key of every fact that decides which entry has which label."""
        ...

    def events_referring(self, incident_id: UUID, ids: Collection[UUID]) -> tuple[TimelineEvent, ...]:
        """The facts that say something of those with these ids, such as corrections, in order of `seq`."""
        ...

    def keys_after(self, incident_id: UUID, seq: int) -> tuple[tuple[EventKind, str], ...]:
        """The kind and natural key of every fact behind *seq*, in order."""
        ...

    def has_event(self, incident_id: UUID, natural_key: str) -> bool:
        """Whether the ledger has this fact already."""
        ...

    def has_which(self, incident_id: UUID, natural_keys: Collection[str]) -> frozenset[str]:
        """Those of several natural keys whose facts the ledger has."""
        ...

    def head(self, incident_id: UUID) -> tuple[int, bytes]:
        """The last `seq` of an incident and its hash."""
        ...

    def held_messages(self, channel: str, ts: str) -> tuple[HeldMessage, ...]:
        """The edits and deletions of a message that came before any mark."""
        ...

    def is_queued(self, lane: str) -> bool:
        """Whether something in *lane* still has to be sent; what is parked waits for somebody and does not count."""
        ...

    def unsettled_in(self, lane: str) -> tuple[OpenDelivery, ...]:
        """What still has to be sent in *lane*, in its order; what is parked counts, for an attempt may have sent it."""
        ...

    def taken_at(self, target: str) -> datetime | None:
        """When *target* took a document last, of whatever incident."""
        ...

    def replaceable(self, lane: str) -> frozenset[str]:
        """The `coalesce` keys of what waits in *lane* and was never attempted: a newer one takes its place."""
        ...

    def is_followed(self, delivery: Delivery) -> bool:
        """Whether a newer one that replaces this one was sent or waits; one that is parked does not count."""
        ...

    def is_parked(self, lane: str) -> bool:
        """Whether nothing in *lane* can be sent until somebody acts."""
        ...

    def revisions(self, incident_id: UUID) -> tuple[Revision, ...]:
        """The revisions of an incident's document, oldest first."""
        ...

    def revision_heads(self, incident_id: UUID) -> tuple[RevisionHead, ...]:
        """The same without their documents."""
        ...

    def revision(self, revision_id: UUID) -> Revision | None:
        """The revision with this id."""
        ...

    def cites(self, revision_id: UUID) -> frozenset[UUID]:
        """The events that a revision rests on."""
        ...

    def approvals(self, revision_id: UUID) -> tuple[Approval, ...]:
        """The approvals of a revision, voided ones too."""
        ...

    def publications(self, revision_id: UUID) -> tuple[Publication, ...]:
        """What became of each target of a revision."""
        ...

    def held_posts(self, incident_id: UUID) -> tuple[HeldPost, ...]:
        """The messages that wait for the end of the incident's first half hour."""
        ...

    def last_posted(self, incident_id: UUID, coalesce: str) -> str:
        """The natural key of the event of the newest post with this key that is, or may be, in Slack; else empty."""
        ...

    def may_post_at(self, incident: Incident, kind: DeliveryKind, *, must_be_noticed: bool = False) -> datetime:
        """When a post of this kind may be sent into the incident's channel, as of now."""
        ...

    def shown(self, incident_id: UUID) -> tuple[Shown, ...]:
        """What the incident's deliveries have left in Slack, oldest first."""
        ...


class Snapshots(Protocol):
    """Looking at the record outside a use case: pages, lists, and what a delivery shows."""

    def snapshot(self) -> AbstractContextManager[Reads]:
        """A short read transaction; nothing read from it changes while it is open."""
        ...


class Writer(Protocol):
    """The one that owns the write connection."""

    def submit(
        self, use_case: Callable[[Reads, C], Changes], command: C, *, key: InboxKey | None = None, bulk: bool = False
    ) -> Future[Reply]:
        """Queue *command*; the future answers once its transaction is committed.

        A *key* seen before gives the first answer again. With *bulk*, it may share a transaction with others.
        """
        ...
