"""Refits the weights of grouping from what people said, and says whether a site may use them.

The past is cut in time. On the earlier part the weights are fitted, with the spread of the prior that groups the end of
that part best; on the later part, which taught nothing, they are judged beside the weights that are known already.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from analysis.alerts.backtest import FirstTold
from analysis.alerts.grouping_scores import Draws, Scores, gain_interval, score
from analysis.alerts.grouping_weights import NAMES, STANDING, stepped
from analysis.alerts.hidden_check import first_told, held_back
from analysis.alerts.learning_replay import History, Pair, Replayed, replay
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.refitting import fit_step

#: So many confirmed pairs must be in the earlier part, and so many causes in the later.
LEAST_PAIRS = 200
LEAST_JUDGED = 20
#: The earlier part, of all causes in the order of their first alerts; and what of it fits while the rest chooses.
LEARNT_SHARE = 0.6
FITTED_SHARE = 2 / 3
#: What is tried as the standard deviation of a weight around the known one, in nats.
SPREADS = (0.15, 0.5, 1.0)
ALLOWED_DELAY_SECONDS = 60.0


class Obstacle(StrEnum):
    """Why weights may not be used."""

    FEW_PAIRS = "few_pairs"  #: people confirmed too few pairs in the earlier part
    FEW_CAUSES = "few_causes"  #: people gave too few causes in the later part
    NO_BETTER_STEP = "no_better_step"  #: no step grouped the end of the earlier part better
    NO_GAIN = "no_gain"  #: B³ did not rise on the later part by more than chance
    MEGA_MERGE = "mega_merge"  #: more alerts are in groups of many causes
    HIDDEN = "hidden"  #: an incident would not have been told, or too late


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The later part under the known weights and under the fitted ones.

    `told` and `held` decide with all incidents; of those that are `private` nothing may be shown.
    """

    before: Scores
    after: Scores
    fault_before: Scores
    fault_after: Scores
    gain: float
    gain_interval: tuple[float, float]
    fault_gain_interval: tuple[float, float]
    told: tuple[FirstTold, ...]  #: by groups: the known weights are the ones without the policy
    held: tuple[FirstTold, ...]  #: by the default policy of holding back, with the fitted weights' groups
    private: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What came of a training; `judgement` is there where there were labels enough and a step that helped.

    `chosen` says how each spread grouped the end of the earlier part, 0 standing for no step.
    """

    pairs: int
    causes: int
    judged: int
    split_at: datetime | None
    obstacles: tuple[Obstacle, ...]
    chosen: Mapping[float, float]
    spread: float
    step: tuple[float, ...]
    prior: Prior
    judgement: Judgement | None = None

    @property
    def is_promoted(self) -> bool:
        """Whether a person may approve it."""
        return not self.obstacles

    @property
    def missing_pairs(self) -> int:
        """How many confirmed pairs are missing."""
        return max(0, LEAST_PAIRS - self.pairs)

    @property
    def missing_causes(self) -> int:
        """How many causes are missing in the later part."""
        return max(0, LEAST_JUDGED - self.judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A step away from known weights; `chosen` is B³ at the end of the earlier part by spread, 0 for no step."""

    chosen: Mapping[float, float]
    spread: float
    step: tuple[float, ...]
    prior: Prior


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The causes that fit, those that choose between fits, and those that judge; in the order of time."""

    fitting: frozenset[str]
    choosing: frozenset[str]
    judging: frozenset[str]
    split_at: datetime

    @property
    def learning(self) -> frozenset[str]:
        """The earlier part."""
        return self.fitting | self.choosing


def train(history: History, *, draws: Draws, on_alert: Callable[[], None], known: Prior = SHIPPED) -> Training:
    """Fit a step away from the *known* weights on *history* and judge it; the same input gives the same bits."""
    parts = divided(history)
    if parts is None:
        return _kept(known, obstacles=(Obstacle.FEW_PAIRS, Obstacle.FEW_CAUSES))
    before = replay(history, known, on_alert=on_alert)
    pairs = _within(before.pairs, parts.learning)
    obstacles = _too_few(pairs, parts)
    kept = _kept(known, obstacles=obstacles, parts=parts, pairs=len(pairs))
    if obstacles:
        return kept
    found = fitted(history, parts, before, known, on_alert=on_alert)
    if not found.spread:
        return replace(kept, obstacles=(Obstacle.NO_BETTER_STEP,), chosen=found.chosen)
    judgement = judged(history, parts, before, replay(history, found.prior, on_alert=on_alert), draws)
    return replace(
        kept,
        obstacles=obstacles_of(judgement),
        chosen=found.chosen,
        spread=found.spread,
        step=found.step,
        prior=found.prior,
        judgement=judgement,
    )


def deliveries(history: History) -> int:
    """How often `train` calls back on *history* where nothing is missing, for whoever shows how far it is."""
    parts = divided(history)
    if parts is None:
        return 0
    return 2 * len(history.alerts) + len(SPREADS) * len(history.before(parts.split_at).alerts)


def fitted(history: History, parts: Parts, before: Replayed, known: Prior, *, on_alert: Callable[[], None]) -> Fit:
    """The step away from *known* that the earlier part speaks for; *before* is *history* grouped by *known*.

    The spread is the one whose fit on the first causes groups the rest of the earlier part best, the least of equals.
    """
    chosen = _chosen(history.before(parts.split_at), parts, before, known, on_alert)
    spread = max(chosen, key=lambda one: (chosen[one], -one))
    step = _step(_within(before.pairs, parts.learning), spread) if spread else (0.0,) * len(NAMES)
    return Fit(chosen=chosen, spread=spread, step=step, prior=stepped(known, step) if spread else known)


def configuration() -> str:
    """The hash of every number and weight that decides what is learnt, so that a score can say what made it."""
    numbers = [LEAST_PAIRS, LEAST_JUDGED, LEARNT_SHARE, FITTED_SHARE, SPREADS, ALLOWED_DELAY_SECONDS]
    named = json.dumps([*numbers, NAMES, sorted(STANDING), SHIPPED.digest()])
    return sha256(named.encode()).hexdigest()[:16]


def divided(history: History) -> Parts | None:
    """The causes of *history* cut in time, by their first alerts; None where there are too few to cut."""
    first: dict[str, datetime] = {}
    for alert in history.alerts:
        if (cause := history.truth.causes.get(alert.id)) is not None:
            first.setdefault(cause, alert.received_at)
    ordered = sorted(first, key=lambda cause: (first[cause], cause))
    learnt = int(len(ordered) * LEARNT_SHARE)
    fitted = int(learnt * FITTED_SHARE)
    if not fitted:
        return None
    return Parts(
        fitting=frozenset(ordered[:fitted]),
        choosing=frozenset(ordered[fitted:learnt]),
        judging=frozenset(ordered[learnt:]),
        split_at=first[ordered[learnt]],
    )


def judged(history: History, parts: Parts, before: Replayed, after: Replayed, draws: Draws) -> Judgement:
    """How the later part is grouped and told under the known weights (*before*) and under others (*after*)."""
    causes = _of(history.truth.causes, parts.judging)
    faults = _of(history.truth.fault_causes, parts.judging) or causes
    one, other = score(causes, before.groups), score(causes, after.groups)
    return Judgement(
        before=one,
        after=other,
        fault_before=score(faults, before.groups),
        fault_after=score(faults, after.groups),
        gain=other.b3 - one.b3,
        gain_interval=gain_interval(causes, before.groups, after.groups, draws),
        fault_gain_interval=gain_interval(faults, before.groups, after.groups, draws),
        told=first_told(history, parts.split_at, before, after),
        held=held_back(history, parts.split_at, after),
        private=frozenset(one.incident for one in history.truth.memberships.values() if one.is_private),
    )


def obstacles_of(judgement: Judgement) -> tuple[Obstacle, ...]:
    """What keeps the weights from being used."""
    found = []
    if judgement.gain_interval[0] <= 0:
        found.append(Obstacle.NO_GAIN)
    worse = judgement.after.mega_merge > judgement.before.mega_merge
    if worse or judgement.fault_after.mega_merge > judgement.fault_before.mega_merge:
        found.append(Obstacle.MEGA_MERGE)
    if hides(judgement):
        found.append(Obstacle.HIDDEN)
    return tuple(found)


def hides(judgement: Judgement) -> bool:
    """Whether an incident would not have been told, or too late, by groups or by holding back; private ones count."""
    every = (*judgement.told, *judgement.held)
    return any(one.is_hidden or one.delay.total_seconds() > ALLOWED_DELAY_SECONDS for one in every)


def _chosen(
    earlier: History, parts: Parts, before: Replayed, known: Prior, on_alert: Callable[[], None]
) -> dict[float, float]:
    """B³ on the end of the earlier part for each spread, fitted on what came before it."""
    pairs = _within(before.pairs, parts.fitting)
    taken = {alert.id for alert in earlier.alerts}
    causes = {one: cause for one, cause in _of(earlier.truth.causes, parts.choosing).items() if one in taken}
    found = {0.0: score(causes, before.groups).b3}
    for spread in SPREADS:
        again = replay(earlier, stepped(known, _step(pairs, spread)), on_alert=on_alert)
        found[spread] = score(causes, again.groups).b3
    return found


def _step(pairs: Sequence[Pair], spread: float) -> tuple[float, ...]:
    """The step that *pairs* speak for; the weights that stand are not moved."""
    examples = [
        one.example._replace(features=tuple(part for part in one.example.features if part[0] not in STANDING))
        for one in pairs
    ]
    return fit_step(examples, weights=len(NAMES), spread=spread)


def _too_few(pairs: Sequence[Pair], parts: Parts) -> tuple[Obstacle, ...]:
    few = [Obstacle.FEW_PAIRS] if len(pairs) < LEAST_PAIRS else []
    return (*few, *([Obstacle.FEW_CAUSES] if len(parts.judging) < LEAST_JUDGED else []))


def _within(pairs: Sequence[Pair], causes: frozenset[str]) -> list[Pair]:
    return [one for one in pairs if one.cause in causes and one.other in causes]


def _of(causes: Mapping[str, str], wanted: frozenset[str]) -> dict[str, str]:
    return {alert: cause for alert, cause in causes.items() if cause in wanted}


def _kept(
    known: Prior,
    *,
    obstacles: tuple[Obstacle, ...],
    parts: Parts | None = None,
    pairs: int = 0,
) -> Training:
    """The known weights stay."""
    return Training(
        pairs=pairs,
        causes=len(parts.learning) if parts else 0,
        judged=len(parts.judging) if parts else 0,
        split_at=parts.split_at if parts else None,
        obstacles=obstacles,
        chosen={},
        spread=0.0,
        step=(0.0,) * len(NAMES),
        prior=known,
    )
