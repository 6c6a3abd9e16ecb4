"""How well groups of alerts are attached to incidents without a person, and how well the list of them is ordered.

`python -m benchmarks.attaching --data ../shared/data [--held-out] [--every-way] [--json FILE]`

On the simulated storms t0 and t1; weights and thresholds were chosen on these, t4 and the second generator's seeds 101
to 106 (a logistic regression over what `analysis/alerts/attaching.py` compares, rounded). With `--held-out` on t2 and
t3, which nothing was chosen on. What is asked, and what is right, is told in `attaching_world.py`. The configuration's
hash is printed with every score.

Attached: what is attached without a person; suggested: that, and what a person is asked about. Precision is the share
of groups that belong to the incident, recall the share of those that belong to it and were not attached by its
declarer. Beside it in the same run: every group that begins within 15 minutes before the declaration or while the
incident is open, and of those the groups at a service that the title names or that the incident has alerts of. Order:
what was on the incident's list ten minutes after its declaration, by logit, by recency and by number of alerts, as the
mean nDCG and the share of incidents whose first signal is right, over incidents that have a right one on their list.
Places: of what was attached or suggested by then, the share that is right among the first, three and five by logit.
All intervals are 95 % of a bootstrap over incidents; of precision and recall over faults, since with `--every-way` each
fault gets an incident, three times over, declared in each way.
"""

import argparse
import json
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from analysis.alerts.attaching import ATTACHING, Fit, GroupFacts, IncidentFacts, fit, relate
from analysis.alerts.reasons import logit_of
from analysis.titles import names_in
from benchmarks.attaching_world import EVERY, LOOKED_BACK, Asked, Case, Declared, World
from benchmarks.grouping_streams import storm
from benchmarks.measuring import SHARED

TO_TUNE_ON = ("t0_sparse", "t0_dense", "t1_sparse", "t1_dense")
HELD_OUT = ("t2_sparse", "t2_dense", "t3_sparse", "t3_dense")
LISTED_AFTER = timedelta(minutes=10)
PLACES = (1, 3, 5)
DRAWS = 1000
Pairs = Mapping[str, set[str]]
#: A fault, and of an incident of it: groups that it got, those of them that are right, those that would have been.
Counted = tuple[str, tuple[int, int, int]]


@dataclass(slots=True, kw_only=True)
class Method:
    """What one way of attaching did: the groups of each incident."""

    attached: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    suggested: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A group on an incident's list, as of ten minutes after the declaration."""

    group: str
    fit: Fit
    logit: float
    at: datetime
    alerts: int


@dataclass(slots=True, kw_only=True)
class Run:
    """One stream, lived through once."""

    world: World
    debrief: Method = field(default_factory=Method)
    window: Method = field(default_factory=Method)
    service: Method = field(default_factory=Method)
    lists: dict[str, dict[str, Listed]] = field(default_factory=lambda: defaultdict(dict))
    seeds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def main() -> None:
    """Score the streams one by one and together."""
    arguments = _arguments()
    print(f"configuration {ATTACHING.digest()}")
    names = HELD_OUT if arguments.held_out else TO_TUNE_ON
    streams = [storm(arguments.data / "alerts" / "storm" / name) for name in names]
    ways = product(range(EVERY), range(len(Declared))) if arguments.every_way else ((0, 0),)
    runs = [live(World(stream, first=first, turn=turn)) for (first, turn), stream in product(ways, streams)]
    rows = [row for name in names for row in scored(name, [run for run in runs if run.world.stream.name == name])]
    together = scored("together", runs)
    orders, places = ordered(runs), placed(runs)
    for row in [*rows, *together, *orders, *places]:
        print(_line(row), flush=True)
    if arguments.json:
        found = {"configuration": ATTACHING.digest(), "rows": [*rows, *together], "order": orders, "places": places}
        arguments.json.write_text(json.dumps(found, indent=1))


def live(world: World) -> Run:
    """Let a stream pass, and attach what is attached without a person, as it happens."""
    run = Run(world=world)
    for asked in world.asked():
        for case in asked.open_cases:
            if case.name not in run.seeds:
                run.seeds[case.name] = set(case.groups)
            if not world.is_attached(case, asked.group):
                _compare(run, asked, case)
    return run


def scored(name: str, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Precision and recall of each method over the incidents of *runs*."""
    found: list[tuple[str, Callable[[Run], Pairs]]] = [
        ("Debrief, attached", lambda run: run.debrief.attached),
        ("Debrief, suggested", lambda run: run.debrief.suggested),
        ("time alone", lambda run: run.window.attached),
        ("same service", lambda run: run.service.attached),
    ]
    rows = []
    for method, pairs_of in found:
        counts = [count for run in runs for count in _counts(run, pairs_of(run))]
        rows.append({"stream": name, "method": method, "incidents": len(counts), **_precision_recall(counts)})
    return rows


def ordered(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """How well each order puts what belongs to an incident first."""
    orders: dict[str, Callable[[Listed], Any]] = {
        "by logit": lambda one: (-one.logit, one.group),
        "by recency": lambda one: (-one.at.timestamp(), one.group),
        "by number of alerts": lambda one: (-one.alerts, one.group),
    }
    rows = []
    for name, key in orders.items():
        scores, firsts = [], []
        for run in runs:
            right_of = _right(run)
            for case in run.world.cases:
                hits = [one.group in right_of[case.name] for one in sorted(run.lists[case.name].values(), key=key)]
                if any(hits):
                    scores.append(_ndcg(hits))
                    firsts.append(float(hits[0]))
        lists = {"incidents": len(scores), "ndcg": _mean(scores), "first": _mean(firsts)}
        rows.append({"stream": "together", "method": f"order {name}", **lists})
    return rows


def placed(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """How much of what people are shown first is right; groups that are one by now count once."""
    rows = []
    for place in PLACES:
        counts = []
        for run in runs:
            right_of = _right(run)
            for case in run.world.cases:
                shown = _shown(run, case)[:place]
                right = right_of[case.name]
                hits = sum(group in right for group in shown)
                counts.append((_fault(run, case), (len(shown), hits, min(place, len(right)))))
        rows.append({"stream": "together", "method": f"first {place}", "incidents": len(counts)})
        rows[-1].update(_precision_recall(counts))
    return rows


def _shown(run: Run, case: Case) -> list[str]:
    """What was attached or suggested, the likeliest first."""
    listed = sorted(run.lists[case.name].values(), key=lambda one: (-one.logit, one.group))
    return list(dict.fromkeys(run.world.root(one.group) for one in listed if one.fit is not Fit.NONE))


def _compare(run: Run, asked: Asked, case: Case) -> None:
    world, facts = run.world, run.world.facts_of(case)
    reasons = relate(asked.facts, facts, world.topology)
    others = [relate(asked.facts, world.facts_of(one), world.topology) for one in asked.open_cases if one is not case]
    what = fit(reasons, max((logit_of(other) for other in others), default=None))
    if what is not Fit.NONE:
        run.debrief.suggested[case.name].add(asked.group)
    if asked.at <= case.declared_at + LISTED_AFTER:
        held = world.held[asked.group]
        run.lists[case.name][asked.group] = Listed(
            group=asked.group, fit=what, logit=logit_of(reasons), at=held.last_at, alerts=len(held.alerts)
        )
    if asked.facts.opened_at >= case.declared_at - LOOKED_BACK:
        run.window.attached[case.name].add(asked.group)
        if _is_same_service(asked.facts, facts):
            run.service.attached[case.name].add(asked.group)
    if what is Fit.ATTACH:
        run.debrief.attached[case.name].add(asked.group)
        case.groups.append(asked.group)


def _is_same_service(group: GroupFacts, incident: IncidentFacts) -> bool:
    """Whether the title names one of the group's places, or what is attached has alerts of one of its services."""
    words = names_in(incident.title)
    theirs = {entity for one in incident.groups for entity in one.entities if entity.startswith("service:")}
    return any(entity in theirs or entity.partition(":")[2].lower() in words for entity in group.entities)


def _right(run: Run) -> Mapping[str, set[str]]:
    """The groups that belong to each incident, but for those that its declarer attached."""
    found: dict[str, set[str]] = defaultdict(set)
    for group, cases in run.world.belonging().items():
        for case in cases:
            found[case].add(group)
    for case, seeds in run.seeds.items():
        found[case] -= {run.world.root(seed) for seed in seeds}
    return found


def _counts(run: Run, pairs: Pairs) -> Iterator[Counted]:
    """Of each incident: how many groups it got, how many of them are right, and how many would have been."""
    right_of = _right(run)
    for case in run.world.cases:
        got = {run.world.root(group) for group in pairs.get(case.name, ())}
        right = right_of[case.name]
        yield _fault(run, case), (len(got), len(got & right), len(right))


def _fault(run: Run, case: Case) -> str:
    return f"{run.world.stream.name} {case.cause}"


def _precision_recall(counted: Sequence[Counted]) -> dict[str, Any]:
    chance = random.Random(1)
    by_fault: dict[str, tuple[int, int, int]] = {}
    for fault, (got, right, wanted) in counted:
        before = by_fault.get(fault, (0, 0, 0))
        by_fault[fault] = (before[0] + got, before[1] + right, before[2] + wanted)
    counts = list(by_fault.values())
    drawn = [_ratios(chance.choices(counts, k=len(counts))) for _ in range(DRAWS)]
    precision, recall = _ratios(counts)
    return {
        "groups": sum(got for got, _, _ in counts),
        "right": sum(right for _, right, _ in counts),
        "precision": (precision, *_interval([one for one, _ in drawn])),
        "recall": (recall, *_interval([one for _, one in drawn])),
    }


def _ratios(counts: Sequence[tuple[int, int, int]]) -> tuple[float, float]:
    got, right, wanted = (sum(one[place] for one in counts) for place in range(3))
    return right / got if got else math.nan, right / wanted if wanted else math.nan


def _mean(values: Sequence[float]) -> tuple[float, float, float]:
    chance = random.Random(1)
    drawn = [sum(chance.choices(values, k=len(values))) / len(values) for _ in range(DRAWS)]
    return (sum(values) / len(values), *_interval(drawn))


def _interval(drawn: Sequence[float]) -> tuple[float, float]:
    known = sorted(one for one in drawn if not math.isnan(one))
    return (known[int(len(known) * 0.025)], known[int(len(known) * 0.975)]) if known else (math.nan, math.nan)


def _ndcg(hits: Sequence[bool]) -> float:
    def gain(ranked: Sequence[bool]) -> float:
        return sum(1 / math.log2(place + 2) for place, hit in enumerate(ranked) if hit)

    return gain(hits) / gain(sorted(hits, reverse=True))


def _line(row: Mapping[str, Any]) -> str:
    told = f"{row['stream']:<12} {row['method']:<26} incidents {row['incidents']:>4}"
    for name in ("precision", "recall", "ndcg", "first"):
        if name in row:
            value, low, high = row[name]
            told += f"  {name} {value:.3f} ({low:.3f}–{high:.3f})"
    return told + (f"  {row['right']}/{row['groups']}" if "groups" in row else "")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--held-out", action="store_true", help="on the streams that nothing was chosen on")
    parser.add_argument("--every-way", action="store_true", help="every fault, declared in each way in turn")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
