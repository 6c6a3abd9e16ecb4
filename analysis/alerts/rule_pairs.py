"""Which rules were seen together before: learned from groups as they grow, or from history."""

import math
from collections.abc import Collection, Iterable
from itertools import islice

from analysis.alerts.prior import Prior

_MOST_PAIRS = 50_000


class RulePairs:
    """Counts of rules and of pairs of rules in groups."""

    __slots__ = ("_count", "_groups", "_pairs", "_prior", "_rules")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._groups = 0
        self._rules: dict[str, int] = {}
        self._pairs: dict[str, dict[str, int]] = {}
        self._count = 0

    def begin(self, rule: str) -> None:
        """A group began with *rule*."""
        self._groups += 1
        self._rules[rule] = self._rules.get(rule, 0) + 1

    def join(self, rule: str, others: Iterable[str]) -> None:
        """*rule* came for the first time to a group that has *others*."""
        self._rules[rule] = self._rules.get(rule, 0) + 1
        for other in others:
            known = self.seen(rule, other)
            if known or self._count < _MOST_PAIRS:
                self._count += not known
                self._pairs.setdefault(rule, {})[other] = self._pairs.setdefault(other, {})[rule] = known + 1

    def seen(self, rule: str, other: str) -> int:
        """How often the two were in one group."""
        return self._pairs.get(rule, {}).get(other, 0)

    def most_seen(self, rule: str, others: Collection[str]) -> tuple[str, int]:
        """The one of *others*, of which there is one at least, most often together with *rule*, and how often."""
        known = self._pairs.get(rule, {})
        counts = [known.get(other, 0) for other in others]
        most = max(counts)
        return next(islice(others, counts.index(most), None)), most

    def weight(self, rule: str, other: str, together: int) -> float:
        """The logarithm of how much more often they were *together* than chance has it, drawn to 0 by few counts."""
        if not self._groups:
            return 0.0
        expected = self._rules.get(rule, 0) * self._rules.get(other, 0) / self._groups
        smoothing = self._prior.rule_pair_smoothing
        weight = math.log((together + smoothing) / (expected + smoothing))
        return max(self._prior.rule_pair_least, min(self._prior.rule_pair_most, weight))
