"""How groups of alerts, and the stream that they come from, are looked up."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from analysis.alerts.alert import AlertSeverity
from analysis.incident import Incident
from bot.ports.grouping import (
    AlertGroup,
    Decided,
    Feedback,
    InputKind,
    Member,
    NewInput,
    PlacedInput,
    Position,
    SeriesOfGroup,
    Storm,
    StreamEvent,
)


class Groups(Protocol):
    """Looking at groups and at the stream that they come from."""

    def position(self, workspace_id: UUID) -> Position:
        """How far the workspace's alerts are grouped."""
        ...

    def events(
        self, workspace_id: UUID, *, after: int, limit: int, upto: int | None = None, since: datetime | None = None
    ) -> tuple[StreamEvent, ...]:
        """The events after the one numbered *after*, in their order; none that was received before *since*."""
        ...

    def pending(self, workspace_id: UUID, limit: int) -> tuple[NewInput, ...]:
        """The inputs that have no place yet, the oldest first."""
        ...

    def placed(self, workspace_id: UUID, *, since: int, kinds: Collection[InputKind] = ()) -> tuple[PlacedInput, ...]:
        """The inputs, of these *kinds* or of any, that were seen after the event *since* or a later one, in order."""
        ...

    def epoch(self, workspace_id: UUID) -> PlacedInput | None:
        """The newest engine's beginning."""
        ...

    def closed(self, workspace_id: UUID) -> frozenset[UUID]:
        """The groups whose incident is over, with those that were merged into them.

        Of several incidents one that is open, and that everybody may see, keeps the group open.
        """
        ...

    def next_number(self, workspace_id: UUID) -> int:
        """The number that the next group gets."""
        ...

    def group(self, group_id: UUID) -> AlertGroup | None:
        """The group with this id."""
        ...

    def several(self, group_ids: Collection[UUID]) -> dict[UUID, AlertGroup]:
        """The groups with these ids, and those that they were merged into."""
        ...

    def by_number(self, workspace_id: UUID, number: int) -> AlertGroup | None:
        """The group that people call by this number, or the one that it was merged into."""
        ...

    def current(self, workspace_id: UUID, *, since: datetime, limit: int) -> tuple[AlertGroup, ...]:
        """The groups that fire or had an alert after *since*, the most recently heard of first."""
        ...

    def heard(self, group_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
        """When something that fires in each of these groups was heard of last, be it a repeat."""
        ...

    def with_news(self, workspace_id: UUID) -> tuple[AlertGroup, ...]:
        """The groups of which something new waits to be told."""
        ...

    def news_since(self, workspace_id: UUID) -> datetime | None:
        """Since when the first of that waits."""
        ...

    def of_storm(self, storm_id: UUID) -> tuple[AlertGroup, ...]:
        """The groups of a storm: what fires first, and of that the worst."""
        ...

    def severities_of_storm(self, storm_id: UUID) -> frozenset[AlertSeverity]:
        """How bad its groups are, those that fire and those that are over."""
        ...

    def storm(self, storm_id: UUID) -> Storm | None:
        """The storm with this id."""
        ...

    def latest_storm(self, workspace_id: UUID) -> Storm | None:
        """The newest storm."""
        ...

    def announced_since(self, workspace_id: UUID, instant: datetime, *, now: datetime) -> int:
        """How many messages about groups were asked for after *instant*, and not by a clock that was ahead of *now*."""
        ...

    def members_of(self, group_id: UUID) -> tuple[Member, ...]:
        """The series in a group."""
        ...

    def members_with(self, alert_ids: Collection[UUID]) -> tuple[Member, ...]:
        """Wherever these series are members."""
        ...

    def series_of(self, group_id: UUID, limit: int) -> tuple[SeriesOfGroup, ...]:
        """The series in a group, those that fire first."""
        ...

    def latest_of(self, alert_ids: Collection[UUID]) -> Mapping[UUID, StreamEvent]:
        """The newest event of each of these series."""
        ...

    def firing_beside(self, workspace_id: UUID, source: str, fingerprint: str, limit: int) -> tuple[StreamEvent, ...]:
        """The newest events of what fires of *source*, last heard first; nothing while *fingerprint* fires itself."""
        ...

    def labels_of(self, alert_ids: Collection[UUID]) -> dict[UUID, Mapping[str, str]]:
        """The labels of these series, as their newest events have them."""
        ...

    def itself(self, workspace_id: UUID, number: int) -> AlertGroup | None:
        """The group with this number, also where it was merged into another."""
        ...

    def suggested_for(self, group_id: UUID) -> UUID | None:
        """The group that grouping suggested last for what it gave this one."""
        ...

    def came_in(self, group_id: UUID) -> frozenset[UUID]:
        """The series of which something was put into this very group, or that were in it when people merged it."""
        ...

    def merged_into(self, group_ids: Iterable[UUID]) -> frozenset[UUID]:
        """The groups that were merged into any of these."""
        ...

    def incidents_of(self, group_id: UUID) -> tuple[Incident, ...]:
        """The incidents that a group is attached to, whoever may see them."""
        ...

    def incidents_by_group(self, group_ids: Collection[UUID]) -> Mapping[UUID, tuple[Incident, ...]]:
        """The same of each of these groups that is attached to any, asked for all of them at once."""
        ...

    def incidents_with(self, group_ids: Collection[UUID]) -> tuple[Incident, ...]:
        """The incidents that any of these groups is attached to, whoever may see them."""
        ...

    def attached_to(self, incident_id: UUID) -> tuple[AlertGroup, ...]:
        """The groups that are attached to an incident."""
        ...

    def labelled_at(self, group_id: UUID) -> datetime | None:
        """When the newest label of a group was given."""
        ...

    def noise(self, group_id: UUID, now: datetime) -> Feedback | None:
        """Who calls the group noise at *now*, until when and why."""
        ...

    def mattered(self, group_id: UUID) -> tuple[Feedback, ...]:
        """Who says that the group mattered, what was folded into it or a series in it now; nobody once taken back."""
        ...

    def split_of(self, alert_id: UUID) -> UUID | None:
        """The group that a person put this series apart from last."""
        ...

    def decisions_of(self, group_id: UUID, limit: int) -> tuple[tuple[StreamEvent, Decided], ...]:
        """The newest decisions that put something into a group, with what they were about."""
        ...
