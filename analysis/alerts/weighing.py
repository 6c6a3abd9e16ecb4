"""The terms of one decision: how much speaks for an alert and a group having one cause."""

import math
from collections.abc import Sequence
from functools import partial

from analysis.alerts.candidates import Match
from analysis.alerts.groups import Group
from analysis.alerts.prior import Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.rule_pairs import RulePairs
from analysis.alerts.series import Series

_QUIET = 0.5  # added to the alerts of late, so that few of them speak against a group
_FAR_RANKS = 3
#: What a reason is made of, once the match that it is about turns out to be the best.
_Term = tuple[ReasonCode, float, tuple[str, ...], tuple[object, ...]]
#: A reason of a term: what a named tuple does itself, in half the time.
_reason = partial(tuple.__new__, Reason)


class Weigher:
    """Weighs matches by the prior and by what was learned of rules."""

    __slots__ = ("_most_burst", "_most_more", "_prior", "_rule_pairs")

    def __init__(self, prior: Prior, rule_pairs: RulePairs) -> None:
        self._prior = prior
        self._rule_pairs = rule_pairs
        self._most_burst = max(prior.burst_most, 0.0)
        self._most_more = prior.rule_pair_most + prior.family + prior.text

    def best(self, series: Series, matches: Sequence[Match], at: float) -> tuple[tuple[Reason, ...], Match | None]:
        """The terms of the match that has most for it, and that match; the first of equals."""
        prior = self._prior
        rhythm = self._rhythm(series, at)
        best, chosen = float("-inf"), None
        found: list[_Term] = []
        for match in matches:
            group, known = match.group, prior.base + match.score
            if known + self._most_more + self._most_burst <= best:  # nor for those that follow
                break
            warm = group.warm(at)
            burst = min(prior.burst * math.log(warm + _QUIET), prior.burst_most)
            if known + self._most_more + max(burst, 0.0) <= best:  # whatever else speaks for it
                continue
            terms = self._terms(series, group, rhythm, at)
            if group.first is not None:
                self._weigh_growth(group, burst, warm, at, terms)
            logit = prior.base + group.event_weight + match.score + sum([weight for _, weight, _, _ in terms])
            if logit > best:
                best, chosen, found = logit, match, terms
        if chosen is None:
            return (), None
        return tuple(map(_reason, self._of_place(chosen, at) + found)), chosen

    def _of_place(self, match: Match, at: float) -> list[_Term]:
        group, view = match.group, match.view
        first = (group.first_alert or group.event,)
        evidence = (group.suspicions[view.suspect].evidence,)
        terms: list[_Term] = [
            (ReasonCode.BASE, self._prior.base + group.event_weight, first, ()),
            (ReasonCode.RELATION, match.relation_weight, evidence, (view.relation, view.suspect)),
            (ReasonCode.DELAY, match.delay_weight, first, (at - group.start,)),
        ]
        if match.suspect_weight:
            terms.append((ReasonCode.SUSPECT, match.suspect_weight, evidence, (view.suspect, group.best_suspect)))
        return terms

    def _terms(self, series: Series, group: Group, rhythm: tuple[int, float], at: float) -> list[_Term]:
        prior, first = self._prior, group.first
        terms: list[_Term] = []
        alone, weight = rhythm
        if alone > 0:
            terms.append((ReasonCode.OWN_RHYTHM, weight, (series.last_id,), (alone,)))
        if first is None:
            return terms
        evidence = (group.first_alert,)
        if group.is_alone and first is not series and len(first.episodes) > 1:
            alone, weight = self._rhythm(first, at, known=2)
            if alone > 0:
                terms.append((ReasonCode.OWN_RHYTHM, weight, evidence, (alone,)))
        if group.firing <= 0:
            terms.append((ReasonCode.RESOLVED, prior.resolved_group, evidence, ()))
        if series.rule not in group.rules:
            self._weigh_rules(series.rule, group, terms)
        if first.family == series.family:
            terms.append((ReasonCode.FAMILY, prior.family, evidence, (series.family,)))
        self._weigh_likeness(series, first, group, terms)
        return terms

    def _weigh_rules(self, rule: str, group: Group, terms: list[_Term]) -> None:
        other, seen = self._rule_pairs.most_seen(rule, group.rules)
        weight = self._rule_pairs.weight(rule, other, seen)
        if weight:
            terms.append((ReasonCode.RULE_PAIR, weight, (group.rules[other],), (rule, other, seen)))

    def _weigh_likeness(self, series: Series, first: Series, group: Group, terms: list[_Term]) -> None:
        shared = len(series.words & first.words)
        if shared:
            cosine = shared / math.sqrt(len(series.words) * len(first.words))
            terms.append((ReasonCode.TEXT, self._prior.text * cosine, (group.first_alert,), (cosine,)))
        if abs(series.severity_rank - group.first_rank) >= _FAR_RANKS:
            terms.append((ReasonCode.SEVERITY, self._prior.severity_far, (group.first_alert,), ()))

    def _weigh_growth(self, group: Group, burst: float, warm: float, at: float, terms: list[_Term]) -> None:
        """How fast the group grows, and whether that is of something else."""
        evidence = (group.first_alert,)
        terms.append((ReasonCode.BURST, burst, evidence, (warm,)))
        if at >= group.surged_at:
            terms.append((ReasonCode.SURGE, self._prior.surge, evidence, (at - group.surged_at,)))

    def _rhythm(self, series: Series, at: float, known: int = 0) -> tuple[int, float]:
        """How often *series* fired by itself, beyond the *known* times, and what that weighs."""
        prior = self._prior
        alone, explained = series.own_rhythm(prior.credible_series, at - prior.quick_seconds)
        alone -= known
        if alone <= 0:
            return 0, 0.0
        rarer = prior.own_rhythm / (1 + prior.own_rhythm_explained * explained)
        return alone, -math.log1p(rarer * alone * alone / (alone + 3))
