"""The attack steps at other moments: what folding does to them is otherwise a matter of when somebody staged them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks import suppression_ait as ait
from benchmarks.measuring import print_table

#: At so many other moments, evenly spread, each campaign is met again.
MOVES = 20
#: What is folded how; nothing is held.
FOLDINGS = {"exact fold 1 h": True, "ours": False}


@dataclass(slots=True, kw_only=True)
class Moved:
    """What became of steps at other moments; `late` counts by kind those told after *most* seconds or never."""

    most: float
    steps: int = 0
    late: Counter[str] = field(default_factory=Counter)

    def add(self, score: ait.Score) -> None:
        """Count the steps of one campaign at one moment."""
        self.steps += len(score.delays)
        self.late.update(
            step.partition(":")[2] for step, delay in score.delays.items() if delay is None or delay > self.most
        )


def judge(campaign: ait.Campaign, moves: int, found: dict[str, Moved]) -> None:
    """Add to *found* what each folding does to *campaign* at so many moments."""
    for move in range(1, moves + 1):
        elsewhere = ait.moved(campaign, move / (moves + 1))
        for name, is_plain in FOLDINGS.items():
            found[name].add(ait.told_by(elsewhere, lambda _: True, is_plain=is_plain))


def print_moved(campaigns: dict[str, ait.Campaign], most_seconds: float) -> dict[str, Any]:
    """Judge and print; nothing here fails, because a fold that hides none of them would fold nothing."""
    found = {name: Moved(most=most_seconds) for name in FOLDINGS}
    for campaign in campaigns.values():
        judge(campaign, MOVES, found)
    print(f"AIT, the steps moved to {MOVES} other moments of their scenario, nothing held\n")
    rows = [
        (
            name,
            f"{one.late.total()} of {one.steps}",
            ", ".join(f"{kind} {count}" for kind, count in one.late.most_common()),
        )
        for name, one in found.items()
    ]
    print_table(("folding", "hidden or late", "by kind"), rows)
    print()
    return {name: {"steps": one.steps, "late": one.late} for name, one in found.items()}
