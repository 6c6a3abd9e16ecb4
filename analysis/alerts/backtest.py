"""Replays the past under a policy, night by night, and blocks it if one incident would have been told too late.

Forward-chained: before each incident's first alert the evidence is taken anew from what came before, and each night as
well. Nothing passes at random here, so that luck saves no policy, and a digest or an edit does not count as being told.
Repeats fold for an hour and no longer, so that folding an incident away excuses no policy for hiding it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import Happening, ServiceGraph
from analysis.alerts.evidence_bounds import exact_upper
from analysis.alerts.held_patterns import Pattern, Permit
from analysis.alerts.hold_reasons import Action, HoldDecision
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import HoldingPolicy, Mode
from analysis.alerts.noise_evidence import EvidenceBook, Membership
from analysis.alerts.playback import Notifications, Turn, ended, in_order, turns_of
from analysis.alerts.telling import Folding


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An alert of the past and the incident it belonged to, if it did."""

    alert: Alert
    membership: Membership | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTold:
    """When an incident was first told without the policy, and when with it; None is never."""

    incident: str
    without: datetime | None
    with_policy: datetime | None

    @property
    def is_hidden(self) -> bool:
        """Whether the policy kept it from people for good."""
        return self.without is not None and self.with_policy is None

    @property
    def delay(self) -> timedelta:
        """How much later it was told; nothing where it was not told either way, or earlier."""
        if self.without is None or self.with_policy is None:
            return timedelta(0)
        return max(timedelta(0), self.with_policy - self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayVerdict:
    """What a policy would have done to every incident; the worst of them decides."""

    told: tuple[FirstTold, ...]
    allowed_delay: timedelta
    posts_without: int
    posts_with: int
    firing: int
    held: int
    digested: int
    by_pattern: Mapping[Pattern, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def hidden(self) -> tuple[str, ...]:
        """The incidents that nobody would have been told of."""
        return tuple(one.incident for one in self.told if one.is_hidden)

    @property
    def maximum_delay(self) -> timedelta:
        """The longest that an incident would have been told later."""
        return max((one.delay for one in self.told), default=timedelta(0))

    @property
    def is_blocked(self) -> bool:
        """Whether the policy may not act."""
        return bool(self.hidden) or self.maximum_delay > self.allowed_delay

    @property
    def hidden_bound(self) -> float:
        """The upper 95 % bound of the share of incidents hidden, by Clopper and Pearson."""
        return exact_upper(len(self.hidden), len(self.told), 0.05) if self.told else 1.0

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        verdict = "Blocked" if self.is_blocked else "Not blocked"
        delay = f"{self.maximum_delay.total_seconds():g} s"
        if not self.told:
            return f"{verdict}, and nothing proved: no incident of the past has alerts that belong to it on record."
        return (
            f"{verdict}: {len(self.hidden)} of {len(self.told)} incidents hidden (at most {self.hidden_bound:.1%} with "
            f"95 % confidence), the longest delay {delay}."
        )


def replay_policy(
    history: Sequence[Past],
    policy: HoldingPolicy,
    *,
    graph: ServiceGraph | None = None,
    happenings: Iterable[Happening] = (),
    groups: Mapping[str, str] | None = None,
    permits: Iterable[Permit] | None = None,
) -> ReplayVerdict:
    """What *policy* would have done to each incident of *history*, had it acted; with *permits*, on those patterns.

    *groups* says what each alert was grouped with, by its id; by default it is its place.
    """
    grouped = groups or {}
    ordered = sorted(history, key=lambda past: past.alert.received_at)
    members = {past.alert.id: past.membership for past in ordered if past.membership}
    incidents = {alert_id: membership.incident for alert_id, membership in members.items()}
    without, with_policy = (Notifications(incidents, folding=Folding(is_exact=True)) for _ in range(2))
    holding = Holding(replace(policy, mode=Mode.LIVE), graph=graph, has_chance=False, permits=permits)
    school = _School(holding=holding, members=members)
    counts = _Counts()
    for one in in_order((past.alert for past in ordered), happenings):
        if isinstance(one, Happening):
            holding.happen(one)
            continue
        school.before(one)
        without.take(Turn(alert=one, at=one.received_at, is_told=one.status is AlertStatus.FIRING))
        for turn in turns_of(one, holding, group=grouped.get(one.id, "")):
            with_policy.take(turn)
            if turn.decision:
                counts.add(turn.decision)
        school.after(one)
    for turn in ended(holding):
        with_policy.take(turn)
    without.close()
    with_policy.close()
    return _verdict(policy, sorted({*incidents.values()}), without, with_policy, counts)


class _School:
    """Teaches a policy from what came before: each night, and right before an incident begins."""

    def __init__(self, *, holding: Holding, members: dict[str, Membership]) -> None:
        self._holding = holding
        self._members = members
        self._book = EvidenceBook()
        self._begun: set[str] = set()
        self._day = -1

    def before(self, alert: Alert) -> None:
        """Learn before *alert* is judged, if it is the first of its incident or of its day."""
        membership = self._members.get(alert.id)
        day = int(alert.received_at.timestamp() // 86_400)
        is_first = membership is not None and membership.incident not in self._begun
        if membership:
            self._begun.add(membership.incident)
        if is_first or day != self._day:
            self._day = day
            self._holding.learn(self._book.evidence())

    def after(self, alert: Alert) -> None:
        """Keep *alert* for the lessons to come."""
        self._book.add(alert, self._members.get(alert.id))


@dataclass(slots=True)
class _Counts:
    """How many decisions of each kind, and how many let an alert of each pattern wait."""

    actions: Counter[Action] = field(default_factory=Counter)
    patterns: Counter[Pattern] = field(default_factory=Counter)

    def add(self, decision: HoldDecision) -> None:
        """Count a decision."""
        self.actions[decision.action] += 1
        if decision.action is not Action.PASS and decision.pattern:
            self.patterns[decision.pattern] += 1


def _verdict(
    policy: HoldingPolicy,
    incidents: Sequence[str],
    without: Notifications,
    with_policy: Notifications,
    counts: _Counts,
) -> ReplayVerdict:
    return ReplayVerdict(
        told=tuple(
            FirstTold(incident=one, without=without.first.get(one), with_policy=with_policy.first.get(one))
            for one in incidents
        ),
        allowed_delay=policy.allowed_delay,
        posts_without=without.posts,
        posts_with=with_policy.posts,
        firing=sum(counts.actions.values()),
        held=counts.actions[Action.HOLD],
        digested=counts.actions[Action.DIGEST],
        by_pattern=MappingProxyType(dict(counts.patterns)),
    )
