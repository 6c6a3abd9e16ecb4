"""Which weights of grouping a site may move, what a step of each adds to a decision, and the prior after a step."""

import math
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from analysis.alerts.prior import Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.topology import Relation

#: Weights that are added as they are, by the reason that they make.
_ADDED = {
    ReasonCode.BASE: "base",
    ReasonCode.FAMILY: "family",
    ReasonCode.SEVERITY: "severity_far",
    ReasonCode.RESOLVED: "resolved_group",
}
_RELATION = "relation."
#: Every weight that may move. The rest stands: thresholds, limits, and what no reason shows by itself.
NAMES: tuple[str, ...] = (
    "delay",
    "own_rhythm",
    "text",
    "burst",
    *_ADDED.values(),
    *(f"{_RELATION}{relation}" for relation in Relation),
)
_PLACES = {name: place for place, name in enumerate(NAMES)}
#: What stands although it could be fitted: pairs are of an alert and the group that suits it best, which says little
#: of how much any group must suit it.
STANDING = frozenset({_PLACES["base"]})
#: Half-lives and the weight of a series' own rhythm change by this factor at most.
_MOST_FACTOR = 3.0


def features_of(reasons: Sequence[Reason], prior: Prior) -> tuple[tuple[int, float], ...]:
    """What a small step of each weight adds to the logit of *reasons*, which *prior* made."""
    found: dict[int, float] = {}
    lag = _lag_of(reasons, prior)
    for reason in reasons:
        name, value = _feature(reason, lag, prior)
        if name:
            place = _PLACES[name]
            found[place] = found.get(place, 0.0) + value
    return tuple(sorted(found.items()))


def stepped(prior: Prior, step: Sequence[float]) -> Prior:
    """*prior* after a *step* of each weight in the order of `NAMES`."""
    moved = dict(zip(NAMES, step, strict=True))
    pace = _factor(math.log1p(max(moved["delay"], -0.9)))
    relations = {
        relation: replace(known, weight=known.weight + moved[f"{_RELATION}{relation}"])
        for relation, known in prior.relations.items()
    }
    return replace(
        prior,
        base=prior.base + moved["base"],
        half_life_seconds=prior.half_life_seconds / pace,
        tail_half_life_seconds=prior.tail_half_life_seconds / pace,
        early_half_life_seconds=prior.early_half_life_seconds / pace,
        own_rhythm=prior.own_rhythm * _factor(moved["own_rhythm"]),
        text=prior.text + moved["text"],
        family=prior.family + moved["family"],
        severity_far=prior.severity_far + moved["severity_far"],
        burst=prior.burst + moved["burst"],
        resolved_group=prior.resolved_group + moved["resolved_group"],
        relations=MappingProxyType(relations),
    )


def _lag_of(reasons: Sequence[Reason], prior: Prior) -> float:
    return next(
        (
            prior.relations[Relation(str(one.facts[0]))].lag_seconds
            for one in reasons
            if one.code is ReasonCode.RELATION
        ),
        0.0,
    )


def _feature(reason: Reason, lag: float, prior: Prior) -> tuple[str, float]:
    """The weight that a reason shows, and how much a small step of it adds; no name where none can be moved."""
    match reason.code:
        case ReasonCode.RELATION:
            return f"{_RELATION}{Relation(str(reason.facts[0]))}", 1.0
        case ReasonCode.DELAY:  # until its lag is over, a relation's rate only rises, whatever its half-life
            return "delay", reason.weight if float(str(reason.facts[0])) >= lag else 0.0
        case ReasonCode.OWN_RHYTHM:
            return "own_rhythm", math.expm1(reason.weight)  # of log1p(c x), c times the slope is -c x / (1 + c x)
        case ReasonCode.TEXT:
            return "text", float(str(reason.facts[0]))
        case ReasonCode.BURST if reason.weight < prior.burst_most:
            return "burst", reason.weight / prior.burst if prior.burst else 0.0
    return _ADDED.get(reason.code, ""), 1.0


def _factor(logarithm: float) -> float:
    most = math.log(_MOST_FACTOR)
    return math.exp(max(-most, min(most, logarithm)))
