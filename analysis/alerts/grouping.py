"""Grouping alerts online: each is decided when it arrives, from what arrived before it, with reasons.

Nothing here looks at a clock: time is what the alerts say. The same deliveries in the same order give the same
decisions, to the last bit.
"""

from collections import OrderedDict, deque
from collections.abc import Collection, Sequence
from functools import partial

from analysis.alerts.alert import Alert, AlertStatus, sentence_of, severity_rank
from analysis.alerts.alert_rows import Happening, HappeningKind
from analysis.alerts.candidates import Candidates
from analysis.alerts.decisions import Decision, DecisionKind, Link
from analysis.alerts.groups import Group
from analysis.alerts.identity import Identity, fingerprint, identity
from analysis.alerts.linking import Linker
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.rule_pairs import RulePairs
from analysis.alerts.rule_words import family_of, rule_role, shared_text, words_of
from analysis.alerts.series import Series
from analysis.alerts.text_templates import TextTemplates
from analysis.alerts.topology import Topology
from analysis.alerts.views import Views
from analysis.alerts.weighing import Weigher

_MOST_WEIGHED = 4
_CHECKED_PER_ALERT = 2
#: A decision of its fields: what a named tuple does itself, in half the time.
_made = partial(tuple.__new__, Decision)


class Grouper:
    """The state of grouping: series of the last day, open groups, and what was learned of rules."""

    __slots__ = (
        "_candidates",
        "_linker",
        "_number",
        "_open",
        "_prior",
        "_rule_pairs",
        "_series",
        "_templates",
        "_topology",
        "_views",
        "_weigher",
    )

    def __init__(self, topology: Topology | None = None, prior: Prior = SHIPPED) -> None:
        self._prior = prior
        self._topology = topology or Topology()
        self._views = Views(prior)
        self._candidates = Candidates(prior)
        self._rule_pairs = RulePairs(prior)
        self._weigher = Weigher(prior, self._rule_pairs)
        self._linker = Linker(prior, self._candidates)
        self._templates = TextTemplates()
        self._series: OrderedDict[Identity, Series] = OrderedDict()
        self._open: deque[Group] = deque()
        self._number = 0

    def observe(self, happening: Happening) -> None:
        """Take note of an event that may explain the alerts that follow it."""
        at = happening.at.timestamp()
        is_outage = happening.kind is HappeningKind.UPSTREAM_OUTAGE
        suspect = f"{'provider' if is_outage else 'service'}:{happening.service}"
        if is_outage and self._candidates.confirm(suspect, at):
            return
        group = self._new_group(at, event=f"{happening.kind}:{happening.service}")
        group.event_weight = {
            HappeningKind.DEPLOY: self._prior.deploy,
            HappeningKind.FLAG: self._prior.flag,
            HappeningKind.UPSTREAM_OUTAGE: self._prior.upstream_outage,
        }[happening.kind]
        self._candidates.start(group, suspect)

    def decide(self, alert: Alert, closed: Collection[str] = (), *, goes_on: bool = False) -> Decision:
        """Decide where *alert* belongs; nothing new goes into a group whose id is in *closed*.

        *goes_on* where it tells an end after which its series still fires, with another severity.
        """
        received = alert.received_at.timestamp()
        at = min(alert.starts_at.timestamp(), received)
        self._forget(received)
        series = self._of(alert)
        if alert.status is AlertStatus.RESOLVED:
            return self._resolve(series, alert, at, goes_on=goes_on)
        group = series.group.root() if series.group is not None else None
        if group is not None and group.id not in closed and self._is_repeated(series, at):
            return self._repeat(series, alert, group)
        decision = self._begin(series, alert, at, closed)
        if received - at > self._prior.group_idle_seconds and series.group is not None:
            series.group.root().heard = received
        return decision

    # ------------------------------------------------------------ deliveries of a known episode

    def _is_repeated(self, series: Series, at: float) -> bool:
        """Whether a firing belongs to the latest episode: another replica says it, or it was overtaken."""
        return at <= series.last_start + self._prior.same_start_seconds

    def _repeat(self, series: Series, alert: Alert, group: Group) -> Decision:
        rank = severity_rank(alert.severity)
        what = "fires with a higher severity" if rank < series.severity_rank else "is firing already"
        series.severity_rank = min(rank, series.severity_rank)
        return self._same(series, alert, group, what)

    def _resolve(self, series: Series, alert: Alert, at: float, *, goes_on: bool) -> Decision:
        group = series.group.root() if series.group is not None else None
        if group is None:  # resolved before it was seen to fire: it holds a place for the firing that is late
            group = self._new_group(at)
            self._enrol(series, group, alert.id, at)
            self._candidates.drop(group)
        if goes_on:
            return self._same(series, alert, group, f"is over as {alert.severity} and still fires")
        ended = (alert.ends_at or alert.received_at).timestamp()
        if series.is_firing and ended >= series.last_start:
            series.is_firing = False
            group.firing -= 1
        return self._same(series, alert, group, "has been resolved")

    def _same(self, series: Series, alert: Alert, group: Group, what: str) -> Decision:
        reason = Reason(ReasonCode.SAME_SERIES, self._prior.base, (series.last_id,), (what,))
        return _decision(series, alert, group, DecisionKind.SAME, (reason,), reason.weight)

    # ------------------------------------------------------------ a new episode

    def _begin(self, series: Series, alert: Alert, at: float, closed: Collection[str]) -> Decision:
        series.forget_before(at - self._prior.chronic_window_seconds)
        series.severity_rank = severity_rank(alert.severity)
        found = self._candidates.find(series, at, _MOST_WEIGHED, closed)
        for one in found:
            one.meet(at, self._prior.surge_alerts)
        reasons, logit, best = self._weigher.best(series, found, at)
        if best is not None and logit > self._prior.join_above:
            kind = DecisionKind.JOIN if best.members else DecisionKind.NEW
            links = self._join(series, alert.id, at, best, found)
            return _decision(series, alert, best, kind, reasons, logit, links=links)
        lane = self._lane(series, at, closed)
        if lane is not None:
            return self._keep(series, alert, at, lane)
        group = self._new_group(at)
        self._enrol(series, group, alert.id, at)
        links = self._linker.link_crowd(group, series, at, closed)
        if best is None:
            weight = self._prior.no_candidate
            reasons = (Reason(ReasonCode.NO_CANDIDATE, weight, (alert.id,)),)
            return _decision(series, alert, group, DecisionKind.NEW, reasons, weight, links=links)
        other = best.root()
        is_suggested = logit > self._prior.suggest_above and other.members and other is not group.root()
        kind, suggested = (DecisionKind.SUGGEST, other.id) if is_suggested else (DecisionKind.NEW, "")
        return _decision(series, alert, group, kind, reasons, logit, suggested=suggested, links=links)

    def _join(self, series: Series, alert_id: str, at: float, group: Group, found: Sequence[Group]) -> tuple[Link, ...]:
        self._enrol(series, group, alert_id, at)
        near = self._prior.join_above - self._prior.base
        others = [one for one in found if one is not group and one.reached > near]
        return self._linker.link(group, others) if others else ()

    def _lane(self, series: Series, at: float, closed: Collection[str]) -> Group | None:
        """The group that a series was alone in so far, within a day."""
        group = series.group.root() if series.group is not None else None
        if group is None or not group.is_alone or group.id in closed:
            group = series.lane
        if group is None or group.id in closed or at - group.last > self._prior.chronic_window_seconds:
            return None
        return group

    def _keep(self, series: Series, alert: Alert, at: float, lane: Group) -> Decision:
        episodes, evidence = len(series.episodes) + 1, (series.last_id,)
        self._enrol(series, lane, alert.id, at)
        series.lane = lane
        if episodes < self._prior.chronic_episodes:
            reason = Reason(ReasonCode.SAME_SERIES, self._prior.base, evidence, ("fired here by itself before",))
            return _decision(series, alert, lane, DecisionKind.JOIN, (reason,), reason.weight)
        if not lane.is_lane:
            lane.is_lane = True
            self._candidates.drop(lane)
        reason = Reason(ReasonCode.CHRONIC, self._prior.base, evidence, (episodes,))
        return _decision(series, alert, lane, DecisionKind.LANE, (reason,), reason.weight)

    # ------------------------------------------------------------ state

    def _new_group(self, at: float, event: str = "") -> Group:
        self._number += 1
        group = Group(id="" if event else f"G-{self._number}", number=self._number, start=at, last=at, event=event)
        self._open.append(group)
        return group

    def _enrol(self, series: Series, group: Group, alert_id: str, at: float) -> None:
        if not group.members:
            group.id = f"G-{group.number}"
            self._rule_pairs.begin(series.rule)
        if series.group is group and group.is_alone:
            group.start = at  # what a series that is alone did before says nothing about what follows it now
        elif group.members or group.event:
            group.start = min(group.start, at)
        if not group.is_lane:
            self._candidates.add(group, series, at, alert_id)
        others = tuple(group.rules)
        if group.enrol(series, alert_id, at) and others:
            self._rule_pairs.join(series.rule, others)
        series.group, series.is_firing = group, True
        series.episodes.append((at, group))
        series.last_id, series.last_start = alert_id, max(series.last_start, at)

    def _of(self, alert: Alert) -> Series:
        key = identity(alert)
        series = self._series.get(key)
        if series is not None:
            self._series.move_to_end(key)
            return series
        place = self._topology.place(alert.labels)
        series = Series(
            fingerprint=fingerprint(alert),
            rule=shared_text(self._templates.key(alert.rule) if " " in alert.rule else alert.rule),
            family=family_of(alert.rule, alert.labels.get("job", "")),
            words=words_of(f"{alert.rule} {sentence_of(alert)}"),
            place=place,
            views=self._views.of(place, rule_role(alert.rule)),
        )
        self._series[key] = series
        if len(self._series) > self._prior.most_series:
            self._series.popitem(last=False)
        return series

    def _forget(self, now: float) -> None:
        """Look at the groups in turn and let go of those that take no more alerts."""
        oldest, waiting = now - self._prior.group_idle_seconds, self._open
        for _ in range(min(_CHECKED_PER_ALERT, len(waiting))):
            group = waiting.popleft()
            if group.merged_into is not None or group.is_lane:
                continue
            if group.last >= oldest or group.heard >= oldest:
                waiting.append(group)
                continue
            self._candidates.drop(group)
            group.release()


def _decision(
    series: Series,
    alert: Alert,
    group: Group,
    kind: DecisionKind,
    reasons: tuple[Reason, ...],
    logit: float,
    *,
    suggested: str = "",
    links: tuple[Link, ...] = (),
) -> Decision:
    return _made((alert.id, series.fingerprint, group.id, kind, logit, reasons, suggested, links))
