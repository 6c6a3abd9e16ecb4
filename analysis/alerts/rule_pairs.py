"""Which rules were seen together before: learned from groups as they grow, or from history."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import islice, repeat

from analysis.alerts.prior import Prior

_MOST_PAIRS = 50_000


class RulePairs:
    """Counts of rules and of pairs of rules in groups."""

    __slots__ = ("_count", "_groups", "_pairs", "_prior", "_rules")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._groups = 0
        self._rules: dict[str, int] = {}
        self._pairs: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._count = 0

    def begin(self, rule: str) -> None:
        """A group began with *rule*."""
        self._groups += 1
        self._rules[rule] = self._rules.get(rule, 0) + 1

    def join(self, rule: str, others: Iterable[str]) -> None:
        """*rule* came for the first time to a group that has *others*."""
        self._rules[rule] = self._rules.get(rule, 0) + 1
        own = self._pairs[rule]
        for other in others:
            known = own.get(other, 0)
            if known or self._count < _MOST_PAIRS:
                self._count += not known
                own[other] = self._pairs[other][rule] = known + 1

    def weigh(self, rule: str, others: Collection[str]) -> tuple[float, str, int]:
        """The one of *others*, of which there is one at least, most often together with *rule*: weight, it, how often.

        The weight is the logarithm of how much more often that is than chance has it, drawn to 0 by few counts.
        """
        known = self._pairs.get(rule, {})
        counts = [*map(known.get, others, repeat(0))]
        together = max(counts)
        other = next(islice(others, counts.index(together), None))
        if not self._groups:
            return 0.0, other, together
        expected = self._rules.get(rule, 0) * self._rules.get(other, 0) / self._groups
        smoothing = self._prior.rule_pair_smoothing
        weight = math.log((together + smoothing) / (expected + smoothing))
        return max(self._prior.rule_pair_least, min(self._prior.rule_pair_most, weight)), other, together
