"""How what is held back is looked up."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from analysis.incident import Incident
from bot.ports.grouping import InputKind, PlacedInput, StreamEvent
from bot.ports.holding import Counted, Hold, HoldDigest, HoldPolicy, Night, PolicyState, Switch


class Start(NamedTuple):
    """Behind the event numbered `after`, and not heard before `since`."""

    after: int
    since: datetime


class Involved(NamedTuple):
    """An open incident or a duplicate of one, with the groups that are attached to it, or merged into one, and series.

    `is_private` where not everybody may see it, or that of which it is a duplicate.
    """

    incident: Incident
    is_private: bool
    groups: frozenset[UUID]
    series: frozenset[UUID]


class Holds(Protocol):
    """Looking at what is held back."""

    def open(self, workspace_id: UUID) -> tuple[Hold, ...]:
        """What waits now, the longest first."""
        ...

    def of_groups(self, group_ids: Collection[UUID]) -> tuple[Hold, ...]:
        """What waits or waited of these groups, the oldest first; not what only would have."""
        ...

    def unlisted(self, workspace_id: UUID, limit: int) -> tuple[Hold, ...]:
        """What ended without being told and is in no digest yet, the oldest first."""
        ...

    def of_digest(self, digest_id: UUID) -> tuple[tuple[Hold, StreamEvent], ...]:
        """What a digest lists."""
        ...

    def hold(self, seq: int) -> Hold | None:
        """The one about this event."""
        ...

    def counted(
        self, workspace_id: UUID, *, since: datetime, until: datetime | None, waited: bool
    ) -> tuple[Counted, ...]:
        """By pattern, the most frequent first: what *waited*, or what would have if it had been approved.

        Before *until*, or without an end.
        """
        ...

    def daily(self, workspace_id: UUID, *, since: datetime, until: datetime | None) -> tuple[tuple[str, int, int], ...]:
        """For each UTC day: how many events fired, and how many of them waited or would have."""
        ...

    def policies(self, workspace_id: UUID, states: Collection[PolicyState] = ()) -> tuple[HoldPolicy, ...]:
        """The policies in these states, or all of them, the newest first."""
        ...

    def policy(self, workspace_id: UUID, number: int) -> HoldPolicy | None:
        """The one that people call by this number."""
        ...

    def switch(self, workspace_id: UUID) -> Switch | None:
        """The kill switch, if somebody ever used it."""
        ...

    def night(self, workspace_id: UUID, day: str) -> Night | None:
        """The replay of a night."""
        ...

    def newest_night(self, workspace_id: UUID, *, until: datetime) -> Night | None:
        """The newest replay that is done and began by then: by a wrong clock there may be nights that are to come."""
        ...

    def watched_since(self, workspace_id: UUID) -> datetime | None:
        """Since when the site is watched: the first nightly replay."""
        ...

    def nights(self, workspace_id: UUID, *, until: datetime) -> int:
        """How many nightly replays that began by then are done."""
        ...

    def incidents_since(self, workspace_id: UUID, since: datetime) -> int:
        """How many incidents were declared since then that were not taken back, whoever may see them."""
        ...

    def latest_digest(self, workspace_id: UUID) -> HoldDigest | None:
        """The newest digest."""
        ...

    def digest(self, digest_id: UUID) -> HoldDigest | None:
        """The digest with this id."""
        ...

    def latest_input(self, workspace_id: UUID, kind: InputKind, *, before: int) -> PlacedInput | None:
        """The last input of a kind that was seen before the event numbered *before*."""
        ...

    def involved(self, workspace_id: UUID) -> tuple[Involved, ...]:
        """The open incidents and their duplicates, whoever may see them, each with what is attached to it."""
        ...

    def before(
        self, group_ids: Collection[UUID], seqs: Collection[int], *, start: Start, since: datetime, limit: int
    ) -> tuple[StreamEvent, ...]:
        """The *limit* events heard last before *start* and not before *since*, of these groups or these numbers."""
        ...

    def history_start(self, workspace_id: UUID, *, since: datetime, most: int) -> tuple[Start, int]:
        """Where those begin that were heard last of all since then, at most so many, and how many they are.

        What was imported was recorded after what is newer.
        """
        ...
