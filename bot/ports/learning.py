"""What was learnt and who let it act: the records that cross the ports, and how they and labels are looked up."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from analysis.alerts.tickets import Firing
from analysis.incident import Incident
from bot.ports.grouping import Feedback, FeedbackKind, FeedbackOrigin

#: The number of what is shipped, which nobody trained.
SHIPPED_VERSION = 0


class ModelKind(StrEnum):
    """What a model is for."""

    GROUPING = "grouping"  #: the weights with which alerts are grouped


class ModelAct(StrEnum):
    """How a version came to act."""

    APPROVED = "approved"  #: a person who did not train it let it act
    ROLLED_BACK = "rolled_back"  #: a person went back to it


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """What one training made. `content` has `weights`, `card` and what they rest on; it is empty if nobody can open it.

    `digest` is the hash of the weights, `data_hash` that of the alerts and labels; `is_promoted` whether its evaluation
    lets a person approve it.
    """

    id: UUID
    workspace_id: UUID
    kind: ModelKind
    number: int
    made_at: datetime
    digest: str
    data_hash: str
    is_promoted: bool
    content: Mapping[str, Any]

    @property
    def trained_by(self) -> str:
        """Who trained it; empty where that cannot be read any more."""
        return str(self.content.get("trained_by", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """From `at` on the version `number` acts, because `person` said so."""

    workspace_id: UUID
    kind: ModelKind
    number: int
    act: ModelAct
    at: datetime
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChanges:
    """What a use case wants written about models."""

    version: ModelVersion | None = None
    choice: ModelChoice | None = None


class IncidentOfGroup(NamedTuple):
    """A group that is attached to an incident now."""

    group_id: UUID
    incident: Incident


class SaidByTickets(NamedTuple):
    """Firings that mattered, and those that needed nobody, by the numbers of their events with the ticket's name."""

    mattered: Mapping[int, str]
    dismissed: Mapping[int, str]


class Learning(Protocol):
    """Looking at labels and at what was learnt from them; every incident counts, whoever may see it."""

    def feedback(self, workspace_id: UUID) -> tuple[Feedback, ...]:
        """Every label, the oldest first."""
        ...

    def known_labels(self, workspace_id: UUID, natural_keys: Collection[str]) -> frozenset[str]:
        """Those of *natural_keys* of which there is a label."""
        ...

    def attached(self, workspace_id: UUID) -> tuple[IncidentOfGroup, ...]:
        """Every group that is attached to an incident, with that incident."""
        ...

    def private_incidents(self, workspace_id: UUID) -> frozenset[UUID]:
        """The incidents that only their people may know of."""
        ...

    def unconfirming_incidents(self, workspace_id: UUID) -> frozenset[UUID]:
        """The incidents of which nothing may be learnt that everybody reads: private ones, and those that were none."""
        ...

    def roots(self, workspace_id: UUID) -> Mapping[UUID, UUID]:
        """The group that each merged group went into."""
        ...

    def first_event_since(self, workspace_id: UUID, instant: datetime) -> int:
        """The number of the first event of an alert that was received at *instant* or later; one too many if none."""
        ...

    def events_heard(self, workspace_id: UUID, *, since: datetime, until: datetime) -> int:
        """How many events were received then, both instants among them."""
        ...

    def firings(
        self, workspace_id: UUID, *, since: datetime, until: datetime, after: int, limit: int
    ) -> tuple[Firing, ...]:
        """The firings that were received then and have a number above *after*, in the order of their numbers."""
        ...

    def versions(self, workspace_id: UUID, kind: ModelKind) -> tuple[ModelVersion, ...]:
        """Every version, the oldest first."""
        ...

    def version(self, workspace_id: UUID, kind: ModelKind, number: int) -> ModelVersion | None:
        """The version that people call by this number."""
        ...

    def choices(self, workspace_id: UUID, kind: ModelKind) -> tuple[ModelChoice, ...]:
        """Who let which version act, the oldest first."""
        ...

    def in_force(self, workspace_id: UUID, kind: ModelKind) -> int:
        """The number of the version that acts now."""
        ...


class TrackedRun(NamedTuple):
    """A training as a tracking server is told of it: no text of any alert is in it."""

    name: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    card: str


class Tracking(Protocol):
    """Where trainings are tracked besides the record."""

    def track(self, run: TrackedRun) -> str:
        """Keep *run*; says where in a few words."""
        ...


def said_by_tickets(labels: Iterable[Feedback]) -> SaidByTickets:
    """What the tickets among *labels* say, which are in the order in which they were kept.

    Of one ticket its last closing counts, and of two at once what was kept last. Where several speak of one firing and
    do not agree, it mattered: a second ticket that is closed as needing nothing says nothing against the first, by
    which somebody had to act.
    """
    said: dict[int, dict[str, FeedbackKind]] = {}
    for label in sorted((one for one in labels if one.origin is FeedbackOrigin.TICKET), key=_closed):
        if label.seq is not None:
            said.setdefault(label.seq, {})[label.reason.partition(":")[0]] = label.kind
    mattered: dict[int, str] = {}
    dismissed: dict[int, str] = {}
    for seq, by_ticket in said.items():
        needed = [ticket for ticket, kind in by_ticket.items() if kind is FeedbackKind.MATTERED]
        if needed:
            mattered[seq] = needed[0]
        else:
            dismissed[seq] = next(iter(by_ticket))
    return SaidByTickets(mattered, dismissed)


def _closed(label: Feedback) -> str:
    """When the ticket was closed, as its label's natural key says it; empty where its export did not."""
    return label.natural_key.rpartition(f":{label.kind.value}:")[2].rpartition(":")[0]


def newest(choices: Sequence[ModelChoice]) -> int:
    """The number of the version that acts after *choices*."""
    return choices[-1].number if choices else SHIPPED_VERSION
