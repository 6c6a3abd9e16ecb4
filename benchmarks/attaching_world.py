"""Incidents that people would have declared in a simulated storm, and what attaching is asked about them.

Every second fault with at least four alerts gets an incident two minutes after its first critical alert (its third
alert, where none is critical), which is open until ten minutes after its last. In turn, its declarer presses *Declare*
on the group of that alert (which is attached from the start), types a title that names the alert's place, or types one
that names nothing. The alerts are grouped as they arrive; a group is compared with every open incident whenever it gets
an alert, and at a declaration, if it had one within the 15 minutes before.

A group is the incident's if most of its fault alerts are, or if it holds most of the incident's. Series that are noise
count as nobody's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.attaching import GroupFacts, IncidentFacts
from analysis.alerts.decisions import Decision, DecisionKind
from analysis.alerts.digest import Digest
from analysis.alerts.grouping import Grouper
from analysis.alerts.topology import Topology
from benchmarks.grouping_streams import Stream

LEAST_ALERTS = 4
EVERY = 2
DECLARED_AFTER = timedelta(minutes=2)
OPEN_AFTER = timedelta(minutes=10)
LOOKED_BACK = timedelta(minutes=15)


class Declared(StrEnum):
    """How an incident was declared."""

    FROM_GROUP = "from a group"
    BY_PLACE = "by its place"
    BY_WORDS = "by other words"


@dataclass(slots=True, kw_only=True)
class Case:
    """An incident of the simulation; `groups` are attached to it."""

    name: str
    cause: str
    how: Declared
    first: Alert
    declared_at: datetime
    ends_at: datetime
    title: str
    groups: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Held:
    """A group as it grows; `alerts` are ids of its firings."""

    name: str
    opened_at: datetime
    last_at: datetime
    digest: Digest = field(default_factory=Digest)
    alerts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A group is to be compared with the incidents that are open."""

    group: str
    facts: GroupFacts
    at: datetime
    open_cases: tuple[Case, ...]


class World:
    """A stream with its incidents; iterating over `asked` lets time pass."""

    def __init__(self, stream: Stream, *, first: int = 0, turn: int = 0) -> None:
        """Nothing has arrived yet; *first* is the first fault that gets an incident, *turn* how its is declared."""
        self.stream = stream
        self.topology = Topology(stream.graph)
        self.cases = _cases(stream, self.topology, first, turn)
        self.held: dict[str, Held] = {}
        self._grouper = Grouper(self.topology)
        self._parent: dict[str, str] = {}
        self._group_of: dict[str, str] = {}

    def root(self, name: str) -> str:
        """The group that *name* was merged into, or itself."""
        while name in self._parent:
            name = self._parent[name]
        return name

    def facts_of(self, case: Case) -> IncidentFacts:
        """What is known of an incident now."""
        groups = dict.fromkeys(self.root(name) for name in case.groups)
        facts = tuple(self._facts(self.held[name]) for name in groups)
        return IncidentFacts(declared_at=case.declared_at, title=case.title, groups=facts)

    def is_attached(self, case: Case, group: str) -> bool:
        """Whether the group is the incident's already."""
        return group in {self.root(name) for name in case.groups}

    def belonging(self) -> Mapping[str, frozenset[str]]:
        """The incidents that each group belongs to, by its final alerts."""
        causes = self.stream.fault_causes
        sizes = Counter(causes.values())
        found = {}
        for held in self.held.values():
            counts = Counter(causes[alert] for alert in held.alerts if alert in causes)
            total = counts.total()
            found[held.name] = frozenset(
                case.name
                for case in self.cases
                if 2 * counts[case.cause] > total or 2 * counts[case.cause] > sizes[case.cause]
            )
        return found

    def asked(self) -> Iterator[Asked]:
        """Let everything arrive in its order."""
        happenings = sorted(self.stream.happenings, key=lambda one: one.at)
        waiting = sorted(self.cases, key=lambda case: case.declared_at)
        for alert in self.stream.alerts:
            while happenings and happenings[0].at <= alert.received_at:
                self._grouper.observe(happenings.pop(0))
            while waiting and waiting[0].declared_at <= alert.received_at:
                yield from self._declare(waiting.pop(0))
            decision = self._grouper.decide(alert)
            if alert.status is AlertStatus.FIRING:
                held = self._take(alert, decision)
                yield self._ask(held, alert.received_at)

    def _declare(self, case: Case) -> Iterator[Asked]:
        if case.how is Declared.FROM_GROUP:
            case.groups.append(self.root(self._group_of[case.first.id]))
        for held in list(self.held.values()):
            if case.declared_at - LOOKED_BACK <= held.last_at:
                yield self._ask(held, case.declared_at)

    def _ask(self, held: Held, at: datetime) -> Asked:
        cases = tuple(case for case in self.cases if case.declared_at <= at <= case.ends_at)
        return Asked(group=held.name, facts=self._facts(held), at=at, open_cases=cases)

    def _facts(self, held: Held) -> GroupFacts:
        digest = held.digest
        near: dict[str, float] = {}
        for name, logit in digest.near.items():
            near[self.root(name)] = max(logit, near.get(self.root(name), logit))
        return GroupFacts(
            id=held.name,
            reference=held.name,
            opened_at=held.opened_at,
            entities=digest.entities,
            alerts=len(held.alerts),
            places=len(digest.places),
            minutes=digest.minutes,
            near=near,
            is_lane=digest.is_lane,
        )

    def _take(self, alert: Alert, decision: Decision) -> Held:
        for link in decision.links:
            self._merge(self.root(link.kept), self.root(link.gone))
        name = self.root(decision.group_id)
        began = min(alert.starts_at, alert.received_at)
        held = self.held.setdefault(name, Held(name=name, opened_at=began, last_at=began))
        place = self.topology.place(alert.labels)
        digest = held.digest.with_alert(alert, place.name, "", place.entities)
        if decision.suggested:
            digest = digest.with_near(self.root(decision.suggested), decision.logit)
        if decision.kind is DecisionKind.LANE:
            digest = replace(digest, is_lane=True)
        held.digest, held.last_at = digest, max(held.last_at, alert.received_at)
        held.alerts.append(alert.id)
        self._group_of[alert.id] = name
        return held

    def _merge(self, kept: str, gone: str) -> None:
        if kept == gone:
            return
        self._parent[gone] = kept
        lost = self.held.pop(gone, None)
        if lost is None:
            return
        into = self.held.setdefault(kept, Held(name=kept, opened_at=lost.opened_at, last_at=lost.last_at))
        into.opened_at, into.last_at = min(into.opened_at, lost.opened_at), max(into.last_at, lost.last_at)
        into.digest = into.digest.merged(lost.digest, "")
        into.alerts += lost.alerts


def _cases(stream: Stream, topology: Topology, first: int, turn: int) -> list[Case]:
    by_cause: dict[str, list[Alert]] = defaultdict(list)
    for alert in stream.alerts:
        if alert.status is AlertStatus.FIRING and alert.id in stream.fault_causes:
            by_cause[stream.fault_causes[alert.id]].append(alert)
    large = [(alerts[0].received_at, cause) for cause, alerts in by_cause.items() if len(alerts) >= LEAST_ALERTS]
    return [
        _case(f"{stream.name} {number}", cause, by_cause[cause], number + turn, topology)
        for number, (_, cause) in enumerate(sorted(large)[first::EVERY])
    ]


def _case(name: str, cause: str, alerts: list[Alert], number: int, topology: Topology) -> Case:
    first = next((alert for alert in alerts if alert.severity.value == "critical"), alerts[2])
    how = list(Declared)[number % len(Declared)]
    where = topology.place(first.labels).name if how is Declared.BY_PLACE else "customers"
    return Case(
        name=name,
        cause=cause,
        how=how,
        first=first,
        declared_at=first.received_at + DECLARED_AFTER,
        ends_at=max(alert.received_at for alert in alerts) + OPEN_AFTER,
        title=f"Errors at {where}",
    )
