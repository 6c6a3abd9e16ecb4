"""The attack steps at other moments: what folding does to them is otherwise a matter of when somebody staged them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from analysis.alerts.evidence_bounds import exact_interval
from analysis.alerts.telling import Folding
from benchmarks import suppression_ait as ait
from benchmarks.measuring import print_table

#: At so many other moments, evenly spread, each campaign is met again.
MOVES = 12
_NOWHERE = 1_000_000
#: Foldings by how long a series must be quiet; nothing is held.
FOLDINGS: dict[str, Callable[[], Folding]] = {
    "one hour (exact fold)": lambda: Folding(is_exact=True),
    "one hour, rhythm": lambda: Folding(many_places=_NOWHERE),
    "ours: four hours at three places": Folding,
    "four hours for all": lambda: Folding(many_places=1),
}


@dataclass(slots=True, kw_only=True)
class Moved:
    """What became of steps at other moments; `late` counts by kind those told after *most* seconds or never."""

    most: float
    steps: int = 0
    posts: list[float] = field(default_factory=list)
    late: Counter[str] = field(default_factory=Counter)

    def add(self, score: ait.Score) -> None:
        """Count the steps of one campaign at one moment."""
        self.steps += len(score.delays)
        self.posts.append(score.posts_a_day)
        self.late.update(
            step.partition(":")[2] for step, delay in score.delays.items() if delay is None or delay > self.most
        )

    def row(self) -> tuple[str, ...]:
        """What is printed of it."""
        low, high = exact_interval(self.late.total(), self.steps)
        return (
            f"{self.late.total()} of {self.steps:,}",
            f"{low:.1%} to {high:.1%}",
            ", ".join(f"{kind} {count}" for kind, count in self.late.most_common()),
            f"{sum(self.posts) / len(self.posts):,.0f}",
        )


def judge(campaign: ait.Campaign, moves: int, found: dict[str, Moved]) -> None:
    """Add to *found* what each folding does to *campaign* at so many moments."""
    for move in range(1, moves + 1):
        elsewhere = ait.moved(campaign, move / (moves + 1))
        for name, folding in FOLDINGS.items():
            found[name].add(ait.told_by(elsewhere, lambda _: True, folding=folding()))


def print_moved(campaigns: dict[str, ait.Campaign], most_seconds: float) -> dict[str, Any]:
    """Judge and print; nothing here fails, because a fold that hid none at any moment would fold nothing."""
    found = {name: Moved(most=most_seconds) for name in FOLDINGS}
    for campaign in campaigns.values():
        judge(campaign, MOVES, found)
    print(f"AIT, the steps moved to {MOVES} other moments of their scenario, nothing held\n")
    print_table(
        ("quiet before a repeat is told", "hidden or late", "95 %", "by kind", "posts/day"),
        [(name, *one.row()) for name, one in found.items()],
    )
    print()
    return {name: {"steps": one.steps, "late": one.late} for name, one in found.items()}
