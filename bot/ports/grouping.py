"""Groups of alerts: the records that cross the ports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import ServiceGraph
from analysis.alerts.decisions import DecisionKind
from analysis.alerts.digest import Digest
from analysis.alerts.episodes import News
from analysis.alerts.hold_reasons import Action
from bot.ports.holding import Hold, HoldEnd


class Position(NamedTuple):
    """How far a workspace's alerts are grouped: the last event's `seq`, and how many inputs have their place."""

    seq: int = 0
    placed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGraph:
    """The service graph in force; `digest` tells it from another, and is empty where there is none."""

    graph: ServiceGraph = field(default_factory=ServiceGraph)
    digest: str = ""


class InputKind(StrEnum):
    """What grouping is told besides alerts."""

    EPOCH = "epoch"  #: a new engine; content: day, from_seq, engine
    HAPPENING = "happening"  #: a deploy or a flag; content: at, kind, service
    CLOSED = "closed"  #: nothing new goes into these; content: groups
    REOPENED = "reopened"  #: it does again; content: groups
    #: a series is put apart; content: groups, series, alert, into (a group that may be new; once it has its place,
    #: where it is), and of what a person takes apart or puts back there: folded, is_back; mattered is who said of what
    #: is taken apart that it mattered
    APART = "apart"
    ONE = "one"  #: a person says that two groups are one; content: kept, gone
    HOLDING = "holding"  #: what holding back is governed by; content: seed, is_killed, permits, at
    EVIDENCE = "evidence"  #: what the nightly replay learnt of each rule; content: `evidence_to_json`, at
    INVOLVED = "involved"  #: what open incidents are about; content: public, private (see `involvement`), at
    TICK = "tick"  #: waiting ended at a moment without any alert; content: at
    RESET = "reset"  #: holding back failed before this, or its clock was set back, and begins anew; content: at


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInput:
    """Something that grouping must see, once: equal natural keys are one."""

    workspace_id: UUID
    kind: InputKind
    natural_key: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedInput(NewInput):
    """An input that was seen after the event `after_seq`, as the `place`-th of all."""

    after_seq: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEvent:
    """An event of a series with its alert as grouping sees it, whose id is the event's `seq`.

    `group_id` is where it was put, if it was; `hold` is what was decided about holding it back, as JSON keeps it.
    `is_past` where it was imported after it happened: nobody is told of it, and it says nothing of what fires now.
    `severity` is the worst with which the series fires after it, where it fires; what the alert says otherwise.
    `rest` is what its sender told besides and means nothing here, where somebody looks at the event by itself.
    """

    seq: int
    alert_id: UUID
    fingerprint: str
    news: News
    alert: Alert
    severity: AlertSeverity
    group_id: UUID | None = None
    hold: Mapping[str, Any] | None = None
    is_past: bool = False
    rest: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def goes_on(self) -> bool:
        """Whether it tells an end after which the series still fires, with another severity."""
        return self.news is News.EASED

    @property
    def did_wait(self) -> bool:
        """Whether it was held back when it was put into its group."""
        return self.hold is not None and self.hold["action"] != Action.PASS

    @property
    def is_end_of_part(self) -> bool:
        """Whether it tells the end of one severity, which says nothing of others that may still fire."""
        is_late_end = self.news is News.LATE and self.alert.status is AlertStatus.RESOLVED
        return self.goes_on or (is_late_end and self.alert.is_told_apart)


class GroupState(StrEnum):
    """What a group does now."""

    OPEN = "open"  #: something in it fires
    QUIET = "quiet"  #: everything in it has been resolved
    CLOSED = "closed"  #: its incident is over; nothing new goes into it


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertGroup:
    """A group as people see it.

    `alerts` counts firings, `series` and `firing` count series. One that was merged into another is empty. `ts` is its
    newest message, as `channel:ts`; `announced_at` is when that was asked for; `storm_id` names the message about
    several groups that told of it last. `news_at` is since when something new of it waits to be told.
    """

    id: UUID
    workspace_id: UUID
    number: int
    opened_at: datetime
    last_at: datetime
    severity: AlertSeverity
    quiet_at: datetime | None = None
    is_closed: bool = False
    alerts: int = 0
    series: int = 0
    firing: int = 0
    merged_into: UUID | None = None
    storm_id: UUID | None = None
    announced_at: datetime | None = None
    news_at: datetime | None = None
    ts: str | None = None
    digest: Digest = field(default_factory=Digest)

    @property
    def reference(self) -> str:
        """How people name it, such as `G-42`."""
        return f"G-{self.number}"

    @property
    def fires_since(self) -> datetime:
        """Since when something of it fires without a break, or did until it was quiet."""
        return self.digest.since or self.opened_at

    @property
    def began_at(self) -> datetime:
        """When what it tells of began: what it told of before hours of quiet is something else."""
        return self.digest.anew or self.opened_at

    @property
    def state(self) -> GroupState:
        """What it does now."""
        if self.is_closed:
            return GroupState.CLOSED
        return GroupState.OPEN if self.firing else GroupState.QUIET


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Several groups at once, told of in one message."""

    id: UUID
    workspace_id: UUID
    began_at: datetime
    last_at: datetime
    ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A series in a group; `alerts` counts its firings there."""

    group_id: UUID
    alert_id: UUID
    is_firing: bool
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision about one event, as it is kept: `reasons` and `links` are JSON values."""

    seq: int
    group_id: UUID
    kind: DecisionKind
    logit: float
    suggested: UUID | None
    reasons: Sequence[Any]
    links: Sequence[Any] = ()
    hold: Mapping[str, Any] | None = None


class Notice(StrEnum):
    """What of a group must be noticed, and so is posted anew."""

    NEW = "new"  #: it began
    WORSE = "worse"  #: its severity rose
    AGAIN = "again"  #: it was quiet and fires again
    BACK = "back"  #: it was quiet, fires again, and did so for a while without a message
    MORE = "more"  #: it fires still, and something new of it was told
    HELD = "held"  #: it waited, and is told now


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingBatch:
    """What one step of grouping decided: all of it is written, or nothing; `left` are series that left a group.

    Of the `changed_groups` that are `as_shown`, nothing but what was told of them is new.
    """

    workspace_id: UUID
    expected: Position
    reached: Position
    engine: str
    placed: tuple[PlacedInput, ...] = ()
    decided: tuple[Decided, ...] = ()
    new_groups: tuple[AlertGroup, ...] = ()
    changed_groups: tuple[AlertGroup, ...] = ()
    as_shown: frozenset[UUID] = frozenset()
    members: tuple[Member, ...] = ()
    left: tuple[tuple[UUID, UUID], ...] = ()
    storms: tuple[Storm, ...] = ()
    holds: tuple[Hold, ...] = ()
    hold_ends: tuple[HoldEnd, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A group belongs to an incident, or does no longer."""

    group_id: UUID
    incident_id: UUID
    is_attached: bool
    changed_at: datetime


class FeedbackKind(StrEnum):
    """What a person said of a group: labels to learn from, each of which can be taken back."""

    ATTACHED = "attached"  #: it belongs to the incident
    DETACHED = "detached"  #: it does not, after all
    SPLIT = "split"  #: the series does not belong to the group
    PUT_BACK = "put_back"  #: the series does belong to it
    MERGED = "merged"  #: it is one with another group
    NOT_RELATED = "not_related"  #: the group has nothing to do with the incident
    USEFUL = "useful"  #: the group helps with the incident
    NOISE = "noise"  #: it needs nobody
    NOT_NOISE = "not_noise"  #: it does, after all
    MATTERED = "mattered"  #: somebody had to do something about it, or it was held back and should have been told
    NOT_MATTERED = "not_mattered"  #: nobody had, after all: takes back what was said of that group and series


class FeedbackOrigin(StrEnum):
    """Where a label comes from."""

    PERSON = "person"  #: somebody pressed a button or said so
    TICKET = "ticket"  #: a ticket that is closed says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A label: what `person` said of a group, and of which series or incident.

    A ticket says it of one event of a series, the one numbered `seq`, and of no group; equal natural keys are one.
    """

    id: UUID
    workspace_id: UUID
    kind: FeedbackKind
    at: datetime
    group_id: UUID | None
    person: str
    origin: FeedbackOrigin = FeedbackOrigin.PERSON
    seq: int | None = None
    natural_key: str = ""
    alert_id: UUID | None = None
    incident_id: UUID | None = None
    reason: str = ""
    until: datetime | None = None


def standing_mattered(labels: Iterable[Feedback]) -> list[Feedback]:
    """What of *labels*, in their order, says that something mattered and was taken back of no such group and series."""
    standing: dict[tuple[UUID | None, UUID | None], Feedback] = {}
    for label in labels:
        said_of = label.group_id, label.alert_id
        if label.kind is FeedbackKind.MATTERED:
            standing[said_of] = label
        elif label.kind is FeedbackKind.NOT_MATTERED:
            standing.pop(said_of, None)
    return list(standing.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message about a group or a storm exists in Slack, at `channel:ts`."""

    id: UUID
    ts: str


@dataclass(slots=True, kw_only=True)
class GroupChanges:
    """What a use case wants written about groups; not frozen for the reason of `Changes`."""

    batch: GroupingBatch | None = None
    inputs: tuple[NewInput, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    posted_group: Posted | None = None
    posted_storm: Posted | None = None


class SeriesOfGroup(NamedTuple):
    """A series in a group, for people to choose from."""

    alert_id: UUID
    fingerprint: str
    rule: str
    is_firing: bool
    alerts: int
    labels: Mapping[str, str] = MappingProxyType({})
