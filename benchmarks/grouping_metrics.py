"""Intervals of the scores of a grouping; the scores themselves are `analysis.alerts.grouping_scores`."""

import random
from collections.abc import Mapping

from analysis.alerts.grouping_scores import Scores, b3_of, linked, score, sums_of

__all__ = ["Scores", "b3_interval", "linked", "score"]


def b3_interval(
    causes: Mapping[str, str], groups: Mapping[str, str], *, seed: int = 1, draws: int = 1000
) -> tuple[float, float]:
    """The 95 % interval of B³ when causes are drawn with replacement; sums per cause keep it fast."""
    rows = list(sums_of(causes, groups).values())
    chance = random.Random(seed)
    drawn = sorted(b3_of(chance.choices(rows, k=len(rows))) for _ in range(draws))
    return drawn[int(draws * 0.025)], drawn[int(draws * 0.975)]
