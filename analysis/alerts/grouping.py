"""Grouping alerts online: each is decided when it arrives, from what arrived before it, with reasons.

Nothing here looks at a clock: time is what the alerts say. The same deliveries in the same order give the same
decisions, to the last bit.
"""

import math
import re
from collections import OrderedDict, deque
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from analysis.alerts.alert import Alert, AlertStatus, severity_rank
from analysis.alerts.alert_rows import Happening, HappeningKind
from analysis.alerts.candidates import Candidates, Match
from analysis.alerts.groups import Group
from analysis.alerts.identity import fingerprint
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.reasons import Reason, ReasonCode, logit_of
from analysis.alerts.rule_pairs import RulePairs
from analysis.alerts.rule_roles import rule_role
from analysis.alerts.series import Series
from analysis.alerts.topology import Topology


class DecisionKind(StrEnum):
    """What was decided about a delivery."""

    JOIN = "join"  #: the alert belongs to an open group
    SUGGEST = "suggest"  #: it begins a group, and a person is asked whether it belongs to `suggested`
    NEW = "new"  #: it begins a group
    LANE = "lane"  #: its series repeats by itself and keeps a lane of its own
    SAME = "same"  #: its series is in the group already: a repetition, a resolution, a rise in severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two groups that were found to have one cause; undone by leaving it out, because no member moved."""

    kept: str
    gone: str
    at: float
    weight: float
    suspect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about one delivery; the weights of `reasons` add up to `logit`."""

    alert_id: str
    fingerprint: str
    group_id: str
    kind: DecisionKind
    logit: float
    reasons: tuple[Reason, ...]
    suggested: str = ""
    links: tuple[Link, ...] = ()


_WORD = re.compile(r"[a-z]{3,}")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NO_CANDIDATE = -6.0
_MOST_WEIGHED = 4
_EVENT_WEIGHTS = {HappeningKind.DEPLOY: -1.0, HappeningKind.FLAG: -1.0, HappeningKind.UPSTREAM_OUTAGE: 0.0}


class Grouper:
    """The state of grouping: series of the last day, open groups, and what was learned of rules."""

    __slots__ = ("_candidates", "_number", "_open", "_prior", "_rule_pairs", "_series", "_topology")

    def __init__(self, topology: Topology | None = None, prior: Prior = SHIPPED) -> None:
        self._prior = prior
        self._topology = topology or Topology()
        self._candidates = Candidates(prior)
        self._rule_pairs = RulePairs(prior)
        self._series: OrderedDict[str, Series] = OrderedDict()
        self._open: deque[Group] = deque()
        self._number = 0

    def observe(self, happening: Happening) -> None:
        """Take note of an event that may explain the alerts that follow it."""
        at = happening.at.timestamp()
        is_outage = happening.kind is HappeningKind.UPSTREAM_OUTAGE
        suspect = f"{'provider' if is_outage else 'service'}:{happening.service}"
        if is_outage and self._candidates.confirm(suspect, at):
            return
        self._number += 1
        name = f"{happening.kind}:{happening.service}"
        group = Group(id="", number=self._number, start=at, last=at, event=name)
        group.event_weight = _EVENT_WEIGHTS[happening.kind]
        self._candidates.start(group, suspect)
        self._open.append(group)

    def decide(self, alert: Alert, closed: Collection[str] = ()) -> Decision:
        """Decide where *alert* belongs; no group in *closed* takes anything."""
        received = alert.received_at.timestamp()
        at = min(alert.starts_at.timestamp(), received)
        self._evict(received)
        series = self._of(alert)
        if alert.status is AlertStatus.RESOLVED:
            return self._resolve(series, alert)
        group = series.group.root() if series.group is not None else None
        if group is not None and group.id not in closed and self._is_repeated(series, at):
            return self._repeat(series, alert, group)
        return self._begin(series, alert, at, closed)

    # ---------------------------------------------------------------- deliveries of a known episode

    def _is_repeated(self, series: Series, at: float) -> bool:
        """Whether a firing belongs to the latest episode: it still fires, or this delivery was overtaken."""
        same = self._prior.same_start_seconds
        return at <= series.last_start + (same if series.is_firing else 0.0)

    def _repeat(self, series: Series, alert: Alert, group: Group) -> Decision:
        rank = severity_rank(alert.severity)
        what = "fires again with a higher severity" if rank < series.severity_rank else "is firing already"
        series.severity_rank = min(rank, series.severity_rank)
        return self._same(series, alert, group, what)

    def _resolve(self, series: Series, alert: Alert) -> Decision:
        group = series.group.root() if series.group is not None else None
        ended = (alert.ends_at or alert.received_at).timestamp()
        if group is None:
            start = min(alert.starts_at.timestamp(), ended)
            group = self._new_group(start)
            self._enrol(series, group, alert, start)
            self._candidates.drop(group)
        if series.is_firing and ended >= series.last_start:
            series.is_firing = False
            group.firing -= 1
        series.last_end = max(series.last_end, ended)
        return self._same(series, alert, group, "has been resolved")

    def _same(self, series: Series, alert: Alert, group: Group, what: str) -> Decision:
        reason = Reason(
            code=ReasonCode.SAME_SERIES, weight=self._prior.base, evidence=(series.last_id or alert.id,), facts=(what,)
        )
        return self._decision(series, alert, group, DecisionKind.SAME, (reason,))

    # ---------------------------------------------------------------- a new episode

    def _begin(self, series: Series, alert: Alert, at: float, closed: Collection[str]) -> Decision:
        series.forget_before(at - self._prior.chronic_window_seconds)
        series.severity_rank = severity_rank(alert.severity)
        matches = self._candidates.find(series.place, series.role, at, closed)
        weighed = [self._weigh(series, match, at) for match in matches[:_MOST_WEIGHED]]
        logit, reasons, match = max(weighed, key=lambda one: one[0], default=(_NO_CANDIDATE, (), None))
        if match is not None and logit > self._prior.join_above:
            return self._join(series, alert, at, match, reasons, matches)
        if not reasons:
            reasons = (Reason(code=ReasonCode.NO_CANDIDATE, weight=_NO_CANDIDATE, evidence=(alert.id,)),)
        return self._apart(series, alert, at, reasons, match, closed)

    def _join(self, series: Series, alert: Alert, at: float, match: Match, reasons: tuple[Reason, ...], matches: list[Match]) -> Decision:
        group = match.group
        kind = DecisionKind.JOIN if group.members else DecisionKind.NEW
        self._enrol(series, group, alert, at)
        links = self._links(group, matches, at)
        return self._decision(series, alert, group.root(), kind, reasons, links=links)

    def _apart(self, series: Series, alert: Alert, at: float, reasons: tuple[Reason, ...], match: Match | None, closed: Collection[str]) -> Decision:
        repeated = len(series.episodes) + 1
        group = self._own_group(series, at, closed)
        kind = DecisionKind.LANE if group is not None else DecisionKind.NEW
        if group is not None:
            weight = self._prior.base
            reasons = (Reason(code=ReasonCode.CHRONIC, weight=weight, evidence=(series.last_id,), facts=(str(repeated),)),)
        suggested = ""
        if group is None:
            group = self._new_group(at)
            if match is not None and match.group.members and logit_of(reasons) > self._prior.suggest_above:
                kind, suggested = DecisionKind.SUGGEST, match.group.id
        self._enrol(series, group, alert, at)
        if repeated >= self._prior.chronic_episodes and kind is DecisionKind.LANE:
            group.is_lane = True
            series.lane = group
        return self._decision(series, alert, group, kind, reasons, suggested=suggested)

    def _own_group(self, series: Series, at: float, closed: Collection[str]) -> Group | None:
        """The lane of a series, or the group that it was alone in before."""
        for group in (series.lane, series.group.root() if series.group is not None else None):
            if group is not None and group.is_alone and group.first is series and group.id not in closed:
                if at - group.last <= self._prior.chronic_window_seconds:
                    return group
        return None

    # ---------------------------------------------------------------- weights

    def _weigh(self, series: Series, match: Match, at: float) -> tuple[float, tuple[Reason, ...], Match]:
        group, prior = match.group, self._prior
        held = group.suspicions[match.suspect]
        first = (group.first_alert or group.event,)
        reasons = [
            Reason(code=ReasonCode.BASE, weight=prior.base + group.event_weight, evidence=first),
            Reason(code=ReasonCode.RELATION, weight=match.relation_weight, evidence=(held.evidence,), facts=(f"{match.relation} {match.suspect}",)),
            Reason(code=ReasonCode.DELAY, weight=match.delay_weight, evidence=first, facts=(f"{at - group.start:.0f}",)),
        ]
        if match.suspect_weight:
            reasons.append(Reason(code=ReasonCode.SUSPECT, weight=match.suspect_weight, evidence=(held.evidence,), facts=(match.suspect, group.best_suspect)))
        rhythm = series.own_rhythm(prior.credible_series)
        if rhythm:
            reasons.append(Reason(code=ReasonCode.OWN_RHYTHM, weight=self._rhythm(rhythm), evidence=(series.last_id,), facts=(str(rhythm),)))
        if group.members:
            self._weigh_members(series, group, reasons)
        return logit_of(reasons), tuple(reasons), match

    def _weigh_members(self, series: Series, group: Group, reasons: list[Reason]) -> None:
        prior = self._prior
        first = group.first
        if group.is_alone and first is not None and first is not series and len(first.episodes) > 1:
            rhythm = first.own_rhythm(prior.credible_series) - 1
            reasons.append(Reason(code=ReasonCode.OWN_RHYTHM, weight=self._rhythm(rhythm), evidence=(group.first_alert,), facts=(str(rhythm),)))
        if group.firing <= 0:
            reasons.append(Reason(code=ReasonCode.RESOLVED, weight=prior.resolved_group, evidence=(group.first_alert,)))
        other, evidence = max(group.rules.items(), key=lambda known: self._rule_pairs.seen(series.rule, known[0]))
        if series.rule not in group.rules and (weight := self._rule_pairs.weight(series.rule, other)):
            seen = str(self._rule_pairs.seen(series.rule, other))
            reasons.append(Reason(code=ReasonCode.RULE_PAIR, weight=weight, evidence=(evidence,), facts=(series.rule, other, seen)))
        if first is not None and first.family == series.family:
            reasons.append(Reason(code=ReasonCode.FAMILY, weight=prior.family, evidence=(group.first_alert,), facts=(series.family,)))

    def _rhythm(self, alone: int) -> float:
        return -math.log1p(self._prior.own_rhythm * alone * alone / (alone + 3))

    # ---------------------------------------------------------------- state

    def _links(self, group: Group, matches: list[Match], at: float) -> tuple[Link, ...]:
        """Link the group that has just grown to others that one cause now explains better than two."""
        links = []
        for match in matches[: _MOST_WEIGHED + 1]:
            other = match.group
            if other is group or not other.members or other.merged_into is not None or other.is_lane:
                continue
            one, two = (group, other) if group.start <= other.start else (other, group)
            weight, suspect = self._candidates.link_weight(one, two)
            if weight > self._prior.link_above:
                kept, gone = (group, other) if group.number < other.number else (other, group)
                self._merge(kept, gone)
                links.append(Link(kept=kept.id, gone=gone.id, at=at, weight=weight, suspect=suspect))
                group = kept
        return tuple(links)

    def _merge(self, kept: Group, gone: Group) -> None:
        self._candidates.merge(kept, gone)
        gone.merged_into = kept
        kept.start, kept.last = min(kept.start, gone.start), max(kept.last, gone.last)
        kept.members += gone.members
        kept.series += gone.series
        kept.firing += gone.firing
        kept.places |= gone.places
        for rule, alert_id in gone.rules.items():
            kept.remember(rule, alert_id)

    def _new_group(self, at: float) -> Group:
        self._number += 1
        group = Group(id=f"G-{self._number}", number=self._number, start=at, last=at)
        self._open.append(group)
        return group

    def _enrol(self, series: Series, group: Group, alert: Alert, at: float) -> None:
        if not group.id:
            group.id = f"G-{group.number}"
        if group.is_alone and group.first is series:  # another episode of a series that is alone: its time starts anew
            group.start = at
        elif group.members or group.event:
            group.start = min(group.start, at)
        if not group.is_lane:
            self._candidates.add(group, series.place, series.role, at, alert.id)
        if series.group is None or series.group.root() is not group:
            group.series += 1
        if not group.members:
            group.first, group.first_alert = series, alert.id
            self._rule_pairs.begin(series.rule)
        elif series.rule not in group.rules and not group.is_lane:
            self._rule_pairs.join(series.rule, group.rules)
        group.remember(series.rule, alert.id)
        group.members += 1
        group.firing += not series.is_firing
        group.last = max(group.last, at)
        group.places.add(series.place.service or series.place.node)
        series.group, series.is_firing = group, True
        series.episodes.append((at, group))
        series.last_id, series.last_start = alert.id, max(series.last_start, at)

    def _of(self, alert: Alert) -> Series:
        name = fingerprint(alert)
        series = self._series.get(name)
        if series is not None:
            self._series.move_to_end(name)
            return series
        family = alert.labels.get("job", "") or next(iter(_CAMEL.findall(alert.rule)), "")
        series = Series(
            fingerprint=name,
            place=self._topology.place(alert.labels),
            rule=alert.rule,
            family=family,
            role=rule_role(alert.rule),
        )
        self._series[name] = series
        if len(self._series) > self._prior.most_series:
            self._series.popitem(last=False)
        return series

    def _evict(self, now: float) -> None:
        """Forget groups that take no more alerts, the oldest first."""
        oldest = now - self._prior.group_idle_seconds
        while self._open and (self._open[0].last < oldest or self._open[0].merged_into is not None or self._open[0].is_lane):
            self._candidates.drop(self._open.popleft())

    def _decision(self, series: Series, alert: Alert, group: Group, kind: DecisionKind, reasons: tuple[Reason, ...], *, suggested: str = "", links: tuple[Link, ...] = ()) -> Decision:
        return Decision(
            alert_id=alert.id,
            fingerprint=series.fingerprint,
            group_id=group.id,
            kind=kind,
            logit=logit_of(reasons),
            reasons=reasons,
            suggested=suggested,
            links=links,
        )
