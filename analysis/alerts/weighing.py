"""The terms of one decision: how much speaks for an alert and a group having one cause."""

import math
from collections.abc import Sequence

from analysis.alerts.candidates import Match
from analysis.alerts.groups import Group
from analysis.alerts.prior import Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.rule_pairs import RulePairs
from analysis.alerts.series import Series

_QUIET = 0.5  # added to the alerts of late, so that few of them speak against a group
_FAR_RANKS = 3


class Weigher:
    """Weighs matches by the prior and by what was learned of rules."""

    __slots__ = ("_most_more", "_prior", "_rule_pairs")

    def __init__(self, prior: Prior, rule_pairs: RulePairs) -> None:
        self._prior = prior
        self._rule_pairs = rule_pairs
        self._most_more = prior.rule_pair_most + prior.family + prior.text

    def best(self, series: Series, matches: Sequence[Match], at: float) -> tuple[tuple[Reason, ...], Match | None]:
        """The terms of the match that has most for it, and that match; the first of equals."""
        rhythm = self._rhythm(series, at)
        best, chosen = float("-inf"), None
        found: list[Reason] = []
        for match in matches:
            burst = self._burst(match.group, at)
            if self._prior.base + match.score + self._most_more + max(burst.weight, 0.0) <= best:
                continue  # whatever else speaks for it
            more = self._terms(series, match.group, rhythm, at)
            more.extend(self._growth(match.group, burst, at))
            logit = self._prior.base + match.group.event_weight + match.score + sum([one.weight for one in more])
            if logit > best:
                best, chosen, found = logit, match, more
        if chosen is None:
            return (), None
        return (*self._of_place(chosen, at), *found), chosen

    def _of_place(self, match: Match, at: float) -> list[Reason]:
        group, view = match.group, match.view
        first = (group.first_alert or group.event,)
        evidence = (group.suspicions[view.suspect].evidence,)
        reasons = [
            Reason(ReasonCode.BASE, self._prior.base + group.event_weight, first),
            Reason(ReasonCode.RELATION, match.relation_weight, evidence, (view.relation, view.suspect)),
            Reason(ReasonCode.DELAY, match.delay_weight, first, (at - group.start,)),
        ]
        if match.suspect_weight:
            facts = (view.suspect, group.best_suspect)
            reasons.append(Reason(ReasonCode.SUSPECT, match.suspect_weight, evidence, facts))
        return reasons

    def _terms(self, series: Series, group: Group, rhythm: tuple[int, float], at: float) -> list[Reason]:
        prior, first = self._prior, group.first
        reasons = []
        alone, weight = rhythm
        if alone > 0:
            reasons.append(Reason(ReasonCode.OWN_RHYTHM, weight, (series.last_id,), (alone,)))
        if first is None:
            return reasons
        evidence = (group.first_alert,)
        if group.is_alone and first is not series and len(first.episodes) > 1:
            alone, weight = self._rhythm(first, at, known=2)
            if alone > 0:
                reasons.append(Reason(ReasonCode.OWN_RHYTHM, weight, evidence, (alone,)))
        if group.firing <= 0:
            reasons.append(Reason(ReasonCode.RESOLVED, prior.resolved_group, evidence))
        if series.rule not in group.rules:
            reasons.extend(self._rule_terms(series, group))
        if first.family == series.family:
            reasons.append(Reason(ReasonCode.FAMILY, prior.family, evidence, (series.family,)))
        reasons.extend(self._likeness(series, group, first))
        return reasons

    def _rule_terms(self, series: Series, group: Group) -> list[Reason]:
        other, seen = self._rule_pairs.most_seen(series.rule, group.rules)
        weight = self._rule_pairs.weight(series.rule, other, seen)
        if not weight:
            return []
        return [Reason(ReasonCode.RULE_PAIR, weight, (group.rules[other],), (series.rule, other, seen))]

    def _likeness(self, series: Series, group: Group, first: Series) -> list[Reason]:
        prior, evidence = self._prior, (group.first_alert,)
        reasons = []
        if series.words and first.words and (shared := len(series.words & first.words)):
            cosine = shared / math.sqrt(len(series.words) * len(first.words))
            reasons.append(Reason(ReasonCode.TEXT, prior.text * cosine, evidence, (cosine,)))
        if abs(series.severity_rank - group.first_rank) >= _FAR_RANKS:
            reasons.append(Reason(ReasonCode.SEVERITY, prior.severity_far, evidence))
        return reasons

    def _burst(self, group: Group, at: float) -> Reason:
        warm = group.warm(at)
        weight = min(self._prior.burst * math.log(warm + _QUIET), self._prior.burst_most)
        return Reason(ReasonCode.BURST, weight, (group.first_alert,), (warm,))

    def _growth(self, group: Group, burst: Reason, at: float) -> tuple[Reason, ...]:
        """How fast the group grows, and whether that is of something else; nothing while it has no members."""
        if group.first is None:
            return ()
        if at < group.surged_at:
            return (burst,)
        facts = (at - group.surged_at,)
        return burst, Reason(ReasonCode.SURGE, self._prior.surge, (group.first_alert,), facts)

    def _rhythm(self, series: Series, at: float, known: int = 0) -> tuple[int, float]:
        """How often *series* fired by itself, beyond the *known* times, and what that weighs."""
        prior = self._prior
        alone, explained = series.own_rhythm(prior.credible_series, at - prior.quick_seconds)
        alone -= known
        if alone <= 0:
            return 0, 0.0
        rarer = prior.own_rhythm / (1 + prior.own_rhythm_explained * explained)
        return alone, -math.log1p(rarer * alone * alone / (alone + 3))
