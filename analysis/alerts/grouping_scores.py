"""Scores of a grouping against known causes, and how sure a difference between two groupings is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Makes, for so many things, the draws of a bootstrap: each as many places as there are things, with replacement.
Draws = Callable[[int], Iterable[Sequence[int]]]
#: Of one cause: its part of the sums of precision and of recall, and its alerts.
CauseSums = tuple[float, float, int]


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
    """Score *groups* (alert to group) against *causes* (alert to cause), over the alerts that have a cause.

    B³ is the harmonic mean of precision and recall per alert: Bagga and Baldwin, "Entity-based cross-document
    coreferencing using the vector space model" (1998).
    """
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


def sums_of(causes: Mapping[str, str], groups: Mapping[str, str]) -> dict[str, CauseSums]:
    """What each cause adds to B³, in the order in which causes first come."""
    by_cause = Counter(causes.values())
    by_group: Counter[str] = Counter(groups[alert] for alert in causes)
    sums: dict[str, CauseSums] = {cause: (0.0, 0.0, size) for cause, size in by_cause.items()}
    for (cause, group), count in Counter((causes[alert], groups[alert]) for alert in causes).items():
        precision, recall, size = sums[cause]
        sums[cause] = (precision + count * count / by_group[group], recall + count * count / by_cause[cause], size)
    return sums


def b3_of(sums: Iterable[CauseSums]) -> float:
    """B³ over some causes."""
    precision, recall, total = 0.0, 0.0, 0
    for one_precision, one_recall, size in sums:
        precision, recall, total = precision + one_precision, recall + one_recall, total + size
    return 2 * precision * recall / (precision + recall) / total


def gain_interval(
    causes: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str], draws: Draws
) -> tuple[float, float]:
    """The 95 % interval of what B³ gains from one grouping to another, over the same draws of causes."""
    one, other = (list(sums_of(causes, groups).values()) for groups in (before, after))
    gains = sorted(
        b3_of(other[place] for place in drawn) - b3_of(one[place] for place in drawn) for drawn in draws(len(one))
    )
    return gains[int(len(gains) * 0.025)], gains[int(len(gains) * 0.975)]
