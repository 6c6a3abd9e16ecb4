"""Groups a stretch of the past anew under some weights: what comes together, what that teaches, who is told when."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analysis.alerts.alert import Alert, AlertStatus, severity_rank
from analysis.alerts.alert_rows import Happening, ServiceGraph
from analysis.alerts.decisions import Decision, DecisionKind
from analysis.alerts.grouping import Grouper
from analysis.alerts.grouping_weights import features_of
from analysis.alerts.prior import Prior
from analysis.alerts.reasons import ReasonCode
from analysis.alerts.refitting import Example
from analysis.alerts.site_labels import Truth
from analysis.alerts.topology import Topology

_TRULY_NEW = frozenset({DecisionKind.NEW, DecisionKind.SUGGEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Alerts in the order of time, what is known beside them, and what people said of them."""

    alerts: Sequence[Alert]
    truth: Truth
    happenings: Sequence[Happening] = ()
    graph: ServiceGraph = field(default_factory=ServiceGraph)

    def before(self, instant: datetime) -> "History":
        """What was taken before *instant*."""
        known = [alert for alert in self.alerts if alert.received_at < instant]
        return History(alerts=known, truth=self.truth, happenings=self.happenings, graph=self.graph)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An alert and the group that was weighed for it, both of known causes."""

    cause: str
    other: str
    example: Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The group of each alert at the end, the confirmed pairs on the way, and when each incident was first told."""

    groups: Mapping[str, str]
    pairs: Sequence[Pair]
    told: Mapping[str, datetime]


def replay(history: History, prior: Prior, *, on_alert: Callable[[], None]) -> Replayed:
    """Group *history* under *prior*, in one pass; *on_alert* is called after each delivery."""
    grouper = Grouper(Topology(history.graph), prior)
    happenings = sorted(history.happenings, key=lambda one: one.at)
    groups, lessons, notices = _Groups(), _Lessons(history.truth, prior), _Notices(history.truth)
    seen = 0
    for alert in history.alerts:
        while seen < len(happenings) and happenings[seen].at <= alert.received_at:
            grouper.observe(happenings[seen])
            seen += 1
        decision = grouper.decide(alert)
        lessons.take(decision, groups)
        groups.put(decision)
        notices.take(alert, decision, groups)
        lessons.remember(decision, groups)
        on_alert()
    return Replayed(groups=groups.final(), pairs=lessons.pairs, told=notices.told)


class _Groups:
    """Where each alert is, whatever was linked since."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self._parent: dict[str, str] = {}
        self.links: list[tuple[str, str]] = []

    def put(self, decision: Decision) -> None:
        self._of[decision.alert_id] = decision.group_id
        self.links = []
        for link in decision.links:
            kept, gone = self.root(link.kept), self.root(link.gone)
            if kept != gone:
                self._parent[gone] = kept
                self.links.append((kept, gone))

    def of(self, alert_id: str) -> str:
        """The group of an alert; empty where it is none of an alert."""
        name = self._of.get(alert_id, "")
        return self.root(name) if name else ""

    def root(self, name: str) -> str:
        while name in self._parent:
            name = self._parent[name]
        return name

    def final(self) -> dict[str, str]:
        return {alert_id: self.root(name) for alert_id, name in self._of.items()}


class _Lessons:
    """Pairs of an alert and the group that was weighed for it: one where people gave both the same cause.

    The cause of a group is that of most of its alerts whose cause is known.
    """

    def __init__(self, truth: Truth, prior: Prior) -> None:
        self._causes = truth.causes
        self._prior = prior
        self._known: dict[str, Counter[str]] = {}
        self.pairs: list[Pair] = []

    def take(self, decision: Decision, groups: _Groups) -> None:
        """Learn from a decision, before its alert is in its group."""
        cause = self._causes.get(decision.alert_id)
        delay = next((one for one in decision.reasons if one.code is ReasonCode.DELAY), None)
        if cause is None or delay is None:
            return
        known = self._known.get(groups.of(delay.evidence[0]))
        if not known:
            return
        other = max(known, key=lambda name: known[name])
        features = features_of(decision.reasons, self._prior)
        example = Example(features=features, offset=decision.logit, is_same=other == cause)
        self.pairs.append(Pair(cause=cause, other=other, example=example))

    def remember(self, decision: Decision, groups: _Groups) -> None:
        """Count the alert's cause where it is now, and follow the links."""
        for kept, gone in groups.links:
            self._known.setdefault(kept, Counter()).update(self._known.pop(gone, Counter()))
        if (cause := self._causes.get(decision.alert_id)) is not None:
            self._known.setdefault(groups.of(decision.alert_id), Counter())[cause] += 1


class _Notices:
    """When each incident was first noticed: by a new group, a worse severity, or a group that fires again."""

    def __init__(self, truth: Truth) -> None:
        self._memberships = truth.memberships
        self._worst: dict[str, int] = {}
        self._firing: dict[str, set[str]] = {}
        self.told: dict[str, datetime] = {}

    def take(self, alert: Alert, decision: Decision, groups: _Groups) -> None:
        for kept, gone in groups.links:
            self._worst[kept] = min(self._worst.get(kept, 9), self._worst.pop(gone, 9))
            self._firing.setdefault(kept, set()).update(self._firing.pop(gone, set()))
        group = groups.of(decision.alert_id)
        firing = self._firing.setdefault(group, set())
        if alert.status is AlertStatus.RESOLVED:
            firing.discard(decision.fingerprint)
            return
        rank = severity_rank(alert.severity)
        is_noticed = decision.kind in _TRULY_NEW or not firing or rank < self._worst.get(group, 9)
        firing.add(decision.fingerprint)
        self._worst[group] = min(rank, self._worst.get(group, 9))
        membership = self._memberships.get(alert.id)
        if membership and is_noticed:
            self.told.setdefault(membership.incident, alert.received_at)
