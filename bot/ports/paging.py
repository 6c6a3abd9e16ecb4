"""Pages as they are kept, what may be paged, and the log of what left for other systems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from analysis.alerts.alert import AlertSeverity
from analysis.alerts.episodes import Series
from analysis.errors import Unavailable
from analysis.incident import Severity
from analysis.paging import PageNews, PageStatus, TargetKind, Told
from bot.ports.model import Usage

#: What every key of ours begins with, by which a pager and we mean the same page.
PAGE_KEY = "debrief-page-"
#: The same for alerts of routes in line.
FORWARD_KEY = "debrief-alert-"
#: An escalation has fewer levels; an answer that names more is not filled up.
MOST_LEVELS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as of now; `told` is what was said of it since the pager has it, `pager_id` what the pager calls it.

    The words that went with it stand in the ledger alone, so that they can be erased.
    """

    id: UUID
    incident_id: UUID
    number: int
    pager: str
    kind: TargetKind
    name: str
    status: PageStatus
    asked_at: datetime
    told: Told = field(default_factory=Told)
    pager_id: str = ""
    link: str = ""

    @property
    def key(self) -> str:
        """By which the pager knows it: the same key again is the same page."""
        return f"{PAGE_KEY}{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status not in {PageStatus.FAILED, PageStatus.RESOLVED}


class Unanswered(Unavailable):
    """The other system did not answer as it should; asking again may work."""

    def __init__(self, message: str, *, after: timedelta = timedelta(0), may_have_arrived: bool = True) -> None:
        """Ask again no sooner than *after*; with *may_have_arrived* only once somebody has looked."""
        super().__init__(message)
        self.after = after
        self.may_have_arrived = may_have_arrived


class Pages(Protocol):
    """The pages of incidents, inside a use case or a snapshot."""

    def page(self, page_id: UUID) -> Page | None:
        """The page with this id."""
        ...

    def by_key(self, key: str) -> Page | None:
        """The page that a pager calls by this key of ours."""
        ...

    def of_incident(self, incident_id: UUID) -> tuple[Page, ...]:
        """The pages of an incident in the order in which they were asked for."""
        ...

    def has_left(self, page: Page, news: PageNews) -> bool:
        """Whether our own word *news* on *page*, the last, is with the pager or on its way there, or may be."""
        ...

    def forward_by_key(self, key: str) -> "Forward | None":
        """The newest that the pager was told of a series of alerts on a route in line."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A series of alerts on a route in line: what it is, and the `episode` that the pager of `service` was told last.

    `episode` is empty where it was told nothing; `taken_at` is since when it has that; `None` while it is on its way.
    """

    key: str
    workspace_id: UUID
    fingerprint: str
    service: str
    series: Series
    episode: str
    asked_at: datetime
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedAlert:
    """What a pager is told of an alert; `episode` tells this firing from the next under the same `key`."""

    key: str
    episode: str
    service: str
    is_over: bool
    severity: AlertSeverity
    summary: str
    source: str


class EgressPurpose(StrEnum):
    """Why bytes left."""

    PAGE = "page"  #: somebody is paged
    PAGE_NEWS = "page_news"  #: a page is acknowledged or resolved there
    PAGE_LOOK_UP = "page_look_up"  #: whether an attempt arrived, or what was taken became anything
    ON_CALL = "on_call"  #: who is on call
    PERSON = "person"  #: which user of the pager somebody is
    FORWARD = "forward"  #: an alert of a route that is in line
    HEARTBEAT = "heartbeat"  #: Debrief is there
    MODEL = "model"  #: a draft is asked of the language model
    CANARY = "canary"  #: whether the language model behaves as it did
    CHECK = "check"  #: `debrief doctor`


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """One call to another system: written before the first byte leaves, completed by what came back.

    `body` is exactly what left, without what the headers hold. `status` is 0 where no answer came; `outcome` says in
    words what became of it and is empty while it is under way, or where the process ended then. `model` and `usage`
    are read with a question to the language model that has costs of its own; they are kept with those.
    """

    id: UUID
    purpose: EgressPurpose
    method: str
    host: str
    path: str
    policy: str
    actor: str
    began_at: datetime
    body: bytes
    body_hash: bytes
    incident_id: UUID | None = None
    ended_at: datetime | None = None
    status: int = 0
    outcome: str = ""
    answer_hash: bytes = b""
    model: str = ""
    usage: Usage | None = None


class EgressLog(Protocol):
    """Where every call to another system is kept; each of the two is one commit."""

    def begin(self, egress: Egress) -> None:
        """Keep that it is about to leave.

        Raises
        ------
        analysis.errors.Unavailable
            If that cannot be kept: then nothing may leave.
        analysis.errors.Conflict
            If it is a question to the model that rests on what was erased since it was reserved: nor may it then.
        """
        ...

    def end(self, egress: Egress) -> None:
        """Keep what came back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """How one service is paged: by which pager, and what people do where that fails."""

    pager: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingPlan:
    """What may be paged, as the operator set it; `rest_pager` pages people and policies, if any can."""

    services: Mapping[str, ServicePlan] = field(default_factory=lambda: MappingProxyType({}))
    policies: frozenset[str] = frozenset()
    rest_pager: str = ""
    call: str = ""

    def service(self, name: str) -> tuple[str, ServicePlan] | None:
        """The service that people call *name*, in whatever case."""
        return next(((one, plan) for one, plan in self.services.items() if one.lower() == name.lower()), None)

    def policy(self, name: str) -> str | None:
        """The escalation policy that people call *name*, in whatever case."""
        return next((one for one in self.policies if one.lower() == name.lower()), None)

    def call_for(self, kind: TargetKind, name: str) -> str:
        """What to do where the pager cannot be reached."""
        found = self.service(name) if kind is TargetKind.SERVICE else None
        return (found[1].call if found else "") or self.call

    @property
    def is_empty(self) -> bool:
        """Whether nobody can be paged."""
        return not (self.services or self.rest_pager)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summons:
    """What a pager is asked: whom, by which key, and the one line that they read."""

    key: str
    kind: TargetKind
    name: str
    summary: str
    severity: Severity
    number: int
    incident_id: UUID
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The pager has it; what it calls it, where it told.

    With `must_look` it may still make nothing of it, with `must_name` it has it and did not tell what it calls it; both
    `Pager.find` can tell a little later.
    """

    pager_id: str = ""
    link: str = ""
    must_look: bool = False
    must_name: bool = False


class Pager(Protocol):
    """A system that wakes people.

    Each call may raise `analysis.errors.Refused` where asking again would not help, and `Unanswered` where it may.
    """

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    def summon(self, summons: Summons) -> Taken:
        """Page somebody."""
        ...

    def find(self, summons: Summons) -> Taken | None:
        """What an earlier attempt with the same key left there; `None` where it left nothing or cannot be asked."""
        ...

    def name(self, summons: Summons) -> Taken | None:
        """What the pager calls the page, without which it cannot be told of it; `None` where it can."""
        ...

    def tell(self, summons: Summons, pager_id: str, news: PageNews, *, once: str) -> None:
        """Acknowledge or resolve the page there; repeating it with the same *once* changes nothing."""
        ...

    def forward(self, alert: ForwardedAlert) -> None:
        """Tell it of an alert of a route in line; repeating it changes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Somebody who is on call: on which level of the escalation, and until when, where that is known."""

    level: int
    name: str
    slack_id: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Who is on call for `target` as of `at`, the first to be woken first; `call` is what people do where nobody is.

    With `trouble` that is not as of now: why nothing newer is known.
    """

    target: str
    shifts: tuple[Shift, ...]
    at: datetime
    trouble: str = ""
    call: str = ""

    @property
    def gaps(self) -> tuple[int, ...]:
        """The levels that nobody is on, before the last that somebody is on: such a one is passed over."""
        levels = {shift.level for shift in self.shifts}
        return tuple(sorted(set(range(1, min(max(levels, default=0), MOST_LEVELS))) - levels))


class OnCalls(Protocol):
    """Who is on call, asked of the pager and remembered for a short while."""

    def target(self, words: str) -> str:
        """What *words* name, as it can be looked up.

        Raises
        ------
        analysis.errors.Refused
            If it names nothing that can; the sentence says what there is.
        """
        ...

    def known(self, target: str) -> OnCall | None:
        """What is known of it and fresh enough to be told."""
        ...

    def look(self, target: str, asked_by: str) -> OnCall:
        """Ask the pager, and tell what was known before where it does not answer.

        Raises
        ------
        analysis.errors.DebriefError
            If nothing can be told.
        """
        ...
