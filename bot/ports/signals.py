"""Signals on incidents: the records that cross the ports, and how they are looked up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from analysis.alerts.attaching import Fit
from analysis.alerts.reasons import Reason, logit_of
from analysis.signals import SignalKind, Verdict
from bot.ports.services import ServiceEdge


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSignal:
    """What was found about a signal and an incident; `subject` is its key among the signals of its incident.

    `group_id` is the group that a signal of the kind `ALERT_GROUP` is.
    """

    incident_id: UUID
    kind: SignalKind
    subject: str
    fit: Fit
    reasons: tuple[Reason, ...]
    changed_at: datetime
    group_id: UUID | None = None

    @property
    def logit(self) -> float:
        """What the reasons add up to."""
        return logit_of(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalMessage:
    """The message that lists an incident's signals in a channel."""

    incident_id: UUID
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChart:
    """The newest uploaded chart of a group; `drawn` names what it shows."""

    group_id: UUID
    file: str
    drawn: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalChanges:
    """What a use case wants written about signals."""

    found: tuple[FoundSignal, ...] = ()
    message: SignalMessage | None = None
    chart: GroupChart | None = None
    edges: tuple[ServiceEdge, ...] = ()


class Signals(Protocol):
    """Looking at signals."""

    def of_incident(self, incident_id: UUID) -> tuple[FoundSignal, ...]:
        """What was found about an incident."""
        ...

    def incidents_near(self, group_ids: Collection[UUID]) -> frozenset[UUID]:
        """The incidents that any of these groups is, or may be, a part of, as far as was found."""
        ...

    def of_group(self, group_id: UUID) -> tuple[FoundSignal, ...]:
        """What was found about a group, whatever the incident."""
        ...

    def verdicts(self, incident_id: UUID) -> Mapping[UUID, Verdict]:
        """What people said last of each group; what they took off the incident is not related."""
        ...

    def taken_off(self, incident_id: UUID) -> frozenset[UUID]:
        """The groups that were attached once and that people took off: nobody but a person attaches them again."""
        ...

    def attached_by_itself(self, incident_id: UUID) -> frozenset[UUID]:
        """The groups that nobody but Debrief attached."""
        ...

    def attached_at(self, incident_id: UUID) -> Mapping[UUID, datetime]:
        """When each group was attached that is attached to the incident now."""
        ...

    def message(self, incident_id: UUID, channel: str) -> str | None:
        """The `ts` of the message that lists the signals in *channel*."""
        ...

    def chart(self, group_id: UUID) -> GroupChart | None:
        """The newest chart of a group."""
        ...
