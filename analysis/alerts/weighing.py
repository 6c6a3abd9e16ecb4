"""The terms of one decision: how much speaks for an alert and a group having one cause."""

import math
from collections.abc import Sequence
from functools import partial
from operator import itemgetter

from analysis.alerts.groups import Group
from analysis.alerts.prior import Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.rule_pairs import RulePairs
from analysis.alerts.series import Series

_QUIET = 0.5  # added to the alerts of late, so that few of them speak against a group
_FAR_RANKS = 3
#: What a reason is made of, once the group that it is about turns out to be the best.
_Term = tuple[ReasonCode, float, tuple[str, ...], tuple[object, ...]]
_WEIGHT = itemgetter(1)
#: A reason of a term: what a named tuple does itself, in half the time.
_reason = partial(tuple.__new__, Reason)
# Looked up once: a member of an enumeration costs more than the rest of its term.
_BASE = ReasonCode.BASE
_BLAMED_LATE = ReasonCode.BLAMED_LATE
_BURST = ReasonCode.BURST
_CALLEE_FIRED = ReasonCode.CALLEE_FIRED
_CALLEES_QUIET = ReasonCode.CALLEES_QUIET
_DELAY = ReasonCode.DELAY
_FAMILY = ReasonCode.FAMILY
_LONE_ALERT = ReasonCode.LONE_ALERT
_OWN_RHYTHM = ReasonCode.OWN_RHYTHM
_RELATION = ReasonCode.RELATION
_RESOLVED = ReasonCode.RESOLVED
_RULE_PAIR = ReasonCode.RULE_PAIR
_SEVERITY = ReasonCode.SEVERITY
_SURGE = ReasonCode.SURGE
_SUSPECT = ReasonCode.SUSPECT
_TEXT = ReasonCode.TEXT


class Weigher:
    """Weighs groups by the prior and by what was learned of rules."""

    __slots__ = ("_most_growth", "_most_more", "_prior", "_rule_pairs")

    def __init__(self, prior: Prior, rule_pairs: RulePairs) -> None:
        self._prior = prior
        self._rule_pairs = rule_pairs
        self._most_growth = abs(prior.burst)
        likeness = (prior.rule_pair_most, prior.family, prior.text, prior.severity_far)
        spread = (prior.callee_fired, prior.callees_quiet, prior.lone_alert, prior.blamed_late)
        self._most_more = sum(max(one, 0.0) for one in (*likeness, *spread))

    def best(self, series: Series, found: Sequence[Group], at: float) -> tuple[tuple[Reason, ...], float, Group | None]:
        """The terms of the group that has most for it, what they add up to, and the group; the first of equals.

        What a group can still win is bounded by what costs little to know of it, before the rest is looked at.
        """
        prior = self._prior
        rhythm = self._rhythm(series, at)
        best, chosen = -math.inf, None
        terms: list[_Term] = []
        for group in found:
            most = prior.base + group.event_weight + group.reached + rhythm[1] + self._most_more
            if group.firing <= 0 and group.first is not None:
                most += prior.resolved_group
            if most + self._most_growth * group.warmth <= best:  # a logarithm is smaller than its number
                continue
            warm = group.warm(at)
            burst = min(prior.burst * math.log(warm + _QUIET), prior.burst_most)
            if most + max(burst, 0.0) <= best:  # whatever else speaks for it
                continue
            others = self._terms(series, group, rhythm, at)
            if group.first is not None:
                self._weigh_growth(group, burst, warm, at, others)
            logit = prior.base + group.event_weight + group.reached + sum(map(_WEIGHT, others))
            if logit > best:
                best, chosen, terms = logit, group, others
        if chosen is None:
            return (), 0.0, None
        terms = self._of_place(chosen, at) + terms
        return tuple(map(_reason, terms)), math.fsum(map(_WEIGHT, terms)), chosen

    def _of_place(self, group: Group, at: float) -> list[_Term]:
        view, relation_weight, delay_weight, suspect_weight = group.found
        first, evidence = (group.first_alert or group.event,), (group.suspicions[view.suspect].evidence,)
        terms: list[_Term] = [
            (_BASE, self._prior.base + group.event_weight, first, ()),
            (_RELATION, relation_weight, evidence, (view.relation, view.suspect)),
            (_DELAY, delay_weight, first, (at - group.start,)),
        ]
        if suspect_weight:
            terms.append((_SUSPECT, suspect_weight, evidence, (view.suspect, group.best_suspect)))
        return terms

    def _terms(self, series: Series, group: Group, rhythm: tuple[int, float], at: float) -> list[_Term]:
        prior, first = self._prior, group.first
        terms: list[_Term] = []
        alone, weight = rhythm
        if alone > 0:
            terms.append((_OWN_RHYTHM, weight, (series.last_id,), (alone,)))
        if first is None:
            return terms
        evidence = (group.first_alert,)
        if first is not series and len(first.episodes) > 1 and group.is_alone:
            alone, weight = self._rhythm(first, at, known=2)
            if alone > 0:
                terms.append((_OWN_RHYTHM, weight, evidence, (alone,)))
        if group.firing <= 0:
            terms.append((_RESOLVED, prior.resolved_group, evidence, ()))
        if series.rule not in group.rules:
            self._weigh_rules(series.rule, group, terms)
        if first.family == series.family:
            terms.append((_FAMILY, prior.family, evidence, (series.family,)))
        self._weigh_likeness(series, first, group, terms)
        if series.place.callees:
            self._weigh_callees(series.place.callees, group, terms)
        if len(group.places) == 1:
            self._weigh_spread(series.place.name, group, terms)
        return terms

    def _weigh_rules(self, rule: str, group: Group, terms: list[_Term]) -> None:
        weight, other, seen = self._rule_pairs.weigh(rule, group.rules)
        if weight:
            terms.append((_RULE_PAIR, weight, (group.rules[other],), (rule, other, seen)))

    def _weigh_likeness(self, series: Series, first: Series, group: Group, terms: list[_Term]) -> None:
        shared = len(series.words & first.words)
        if shared:
            cosine = shared / math.sqrt(len(series.words) * len(first.words))
            terms.append((_TEXT, self._prior.text * cosine, (group.first_alert,), (cosine,)))
        if abs(series.severity_rank - group.first_rank) >= _FAR_RANKS:
            terms.append((_SEVERITY, self._prior.severity_far, (group.first_alert,), ()))

    def _weigh_callees(self, callees: Sequence[str], group: Group, terms: list[_Term]) -> None:
        """Whether the failure has come as near as to what the alert's service calls."""
        places = group.places
        for callee in callees:
            if callee in places:
                terms.append((_CALLEE_FIRED, self._prior.callee_fired, (places[callee],), (callee,)))
                return
        if group.found[0].is_behind:
            terms.append((_CALLEES_QUIET, self._prior.callees_quiet, (group.first_alert,), ()))

    def _weigh_spread(self, place: str, group: Group, terms: list[_Term]) -> None:
        """What speaks against a failure that has been seen at one place alone having come to another."""
        if place in group.places:
            return
        view, evidence = group.found[0], (group.first_alert,)
        if group.is_alone and not view.is_broad:  # what is shared by so much is weighed by how much happens anyway
            terms.append((_LONE_ALERT, self._prior.lone_alert, evidence, ()))
        if view.is_own:
            terms.append((_BLAMED_LATE, self._prior.blamed_late, evidence, (next(iter(group.places)),)))

    def _weigh_growth(self, group: Group, burst: float, warm: float, at: float, terms: list[_Term]) -> None:
        """How fast the group grows, and whether that is of something else."""
        evidence = (group.first_alert,)
        terms.append((_BURST, burst, evidence, (warm,)))
        if at >= group.surged_at:
            terms.append((_SURGE, self._prior.surge, evidence, (at - group.surged_at,)))

    def _rhythm(self, series: Series, at: float, known: int = 0) -> tuple[int, float]:
        """How often *series* fired by itself, beyond the *known* times, and what that weighs."""
        prior = self._prior
        alone, explained = series.own_rhythm(prior.credible_series, at - prior.quick_seconds)
        alone -= known
        if alone <= 0:
            return 0, 0.0
        rarer = prior.own_rhythm / (1 + prior.own_rhythm_explained * explained)
        return alone, -math.log1p(rarer * alone * alone / (alone + 3))
