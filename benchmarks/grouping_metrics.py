"""Scores of a grouping against known causes, and their intervals."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of one grouping over one set of alerts.

    `mega_merge` is the share of alerts that lie in a group of more than one cause in which no cause has half of the
    alerts; `capture` the share of an average cause's alerts in the group that has most of them; `purity` the share of
    alerts that belong to the commonest cause of their group; `grouping_accuracy` the share of alerts whose group is
    exactly their cause.
    """

    alerts: int
    groups: int
    causes: int
    precision: float
    recall: float
    b3: float
    grouping_accuracy: float
    mega_merge: float
    capture: float
    purity: float


def score(causes: Mapping[str, str], groups: Mapping[str, str]) -> Scores:
    """Score *groups* (alert to group) against *causes* (alert to cause), over the alerts that have a cause."""
    pairs = Counter((causes[alert], groups[alert]) for alert in causes)
    by_cause = Counter(causes.values())
    by_group: Counter[str] = Counter(groups[alert] for alert in causes)
    total = sum(pairs.values())
    precision = sum(count * count / by_group[group] for (_, group), count in pairs.items()) / total
    recall = sum(count * count / by_cause[cause] for (cause, _), count in pairs.items()) / total
    most_of_group: dict[str, int] = {}
    most_of_cause: dict[str, int] = {}
    for (cause, group), count in pairs.items():
        most_of_group[group] = max(count, most_of_group.get(group, 0))
        most_of_cause[cause] = max(count, most_of_cause.get(cause, 0))
    exact = sum(count for (cause, group), count in pairs.items() if count == by_group[group] == by_cause[cause])
    mega = sum(size for group, size in by_group.items() if most_of_group[group] < size / 2)
    return Scores(
        alerts=total,
        groups=len(by_group),
        causes=len(by_cause),
        precision=precision,
        recall=recall,
        b3=2 * precision * recall / (precision + recall),
        grouping_accuracy=exact / total,
        mega_merge=mega / total,
        capture=sum(most_of_cause[cause] / size for cause, size in by_cause.items()) / len(by_cause),
        purity=sum(most_of_group.values()) / total,
    )


def b3_interval(
    causes: Mapping[str, str], groups: Mapping[str, str], *, seed: int = 1, draws: int = 1000
) -> tuple[float, float]:
    """The 95 % interval of B³ when causes are drawn with replacement; sums per cause keep it fast."""
    by_cause = Counter(causes.values())
    by_group: Counter[str] = Counter(groups[alert] for alert in causes)
    sums = {cause: [0.0, 0.0, size] for cause, size in by_cause.items()}
    for (cause, group), count in Counter((causes[alert], groups[alert]) for alert in causes).items():
        sums[cause][0] += count * count / by_group[group]
        sums[cause][1] += count * count / by_cause[cause]
    rows = list(sums.values())
    chance = random.Random(seed)
    drawn = sorted(_f1(chance.choices(rows, k=len(rows))) for _ in range(draws))
    return drawn[int(draws * 0.025)], drawn[int(draws * 0.975)]


def linked(groups: Mapping[str, str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The groups of alerts after links between groups."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while name in parent:
            name = parent[name]
        return name

    for one, other in links:
        first, second = root(one), root(other)
        if first != second:
            parent[second] = first
    return {alert: root(group) for alert, group in groups.items()}


def _f1(rows: Sequence[Sequence[float]]) -> float:
    total = sum(row[2] for row in rows)
    precision = sum(row[0] for row in rows) / total
    recall = sum(row[1] for row in rows) / total
    return 2 * precision * recall / (precision + recall)
