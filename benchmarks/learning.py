"""What labels are worth: the learning curve of grouping beside the shipped weights.

`python -m benchmarks.learning --data ../shared/data [--stream NAME …] [--held-out] [--json FILE]`

The causes of a stream are cut in time as `debrief train` does. Of those before the cut a random share is labelled, with
three seeds; the weights are fitted on their pairs as `debrief train` would, whatever their number; all causes after the
cut are scored. `gain` is the mean over the seeds with the lowest and the highest; `95 %` is the interval of the paired
bootstrap over causes for all labels. `approvable` counts the seeds whose weights `debrief train` would offer to a
person: labels enough, B³ higher with an interval above 0, no more mega-merges, nothing hidden or late.

Labels are the true causes, as if people had made no mistake. The configuration's hash is printed with every score;
`docs/benchmarks/alerts.md` lists every score on a held-out stream.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

from analysis.alerts.learning_replay import History, Replayed, replay
from analysis.alerts.noise_evidence import Membership
from analysis.alerts.prior import SHIPPED
from analysis.alerts.site_labels import Truth
from analysis.alerts.training import (
    LEAST_JUDGED,
    LEAST_PAIRS,
    Judgement,
    Parts,
    configuration,
    divided,
    fitted,
    obstacles_of,
)
from analysis.alerts.training import judged as judge
from benchmarks.grouping_other_streams import KINDS_OF_STREAM, other_stream
from benchmarks.grouping_streams import STORMS_HELD_OUT, STORMS_TO_TUNE_ON, Stream, overlay, storm
from benchmarks.measuring import SHARED
from bot.cli.learning.training import draws

SHARES = (0.1, 0.25, 0.5, 1.0)
SEEDS = (1, 2, 3)
SEEDS_TUNED_ON, SEEDS_HELD_OUT = (101, 102), (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What one sample of labels led to."""

    labelled: int
    pairs: int
    spread: float
    judgement: Judgement

    @property
    def is_approvable(self) -> bool:
        """Whether `debrief train` would offer it to a person."""
        enough = self.pairs >= LEAST_PAIRS and self.judgement.before.causes >= LEAST_JUDGED
        return enough and bool(self.spread) and not obstacles_of(self.judgement)


def main() -> None:
    """Print a line for each stream and share of labels."""
    arguments = _arguments()
    print(f"configuration {configuration()}")
    rows = []
    for stream in _streams(arguments):
        for row in curve(stream):
            rows.append(row)
            print(_line(row), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps({"configuration": configuration(), "rows": rows}, indent=1))


def curve(stream: Stream) -> Iterator[dict[str, Any]]:
    """One row for each share of the causes before the cut that is labelled."""
    whole = history_of(stream)
    parts = divided(whole)
    assert parts is not None
    for share in SHARES:
        started = time.process_time()
        seeds = SEEDS if share < 1 else SEEDS[:1]
        found = [learnt(whole, sampled(parts, share, seed)) for seed in seeds]
        yield _row(stream.name, share, found, time.process_time() - started)


def learnt(whole: History, parts: Parts) -> Learnt:
    """Fit on what the sampled causes teach, and judge on everything after the cut."""
    known = parts.learning | parts.judging
    causes = {alert: cause for alert, cause in whole.truth.causes.items() if cause in known}
    history = replace(whole, truth=replace(whole.truth, causes=causes))
    before = replay(history, SHIPPED, on_alert=_nothing)
    found = fitted(history, parts, before, SHIPPED, on_alert=_nothing)
    after: Replayed = replay(history, found.prior, on_alert=_nothing) if found.spread else before
    pairs = sum(pair.cause in parts.learning and pair.other in parts.learning for pair in before.pairs)
    judgement = judge(whole, parts, before, after, draws)
    return Learnt(labelled=len(parts.learning), pairs=pairs, spread=found.spread, judgement=judgement)


def sampled(parts: Parts, share: float, seed: int) -> Parts:
    """The parts with only a share of the causes before the cut; the first third of a sample chooses nothing."""
    chance = random.Random(seed)

    def some(causes: frozenset[str]) -> frozenset[str]:
        return frozenset(chance.sample(sorted(causes), max(1, round(share * len(causes)))))

    return replace(parts, fitting=some(parts.fitting), choosing=some(parts.choosing))


def history_of(stream: Stream) -> History:
    """The stream with its true causes for labels, each fault an incident."""
    incidents = {alert: Membership(incident=cause) for alert, cause in stream.fault_causes.items()}
    truth = Truth(causes=stream.causes, fault_causes=stream.fault_causes, memberships=incidents)
    return History(alerts=stream.alerts, truth=truth, happenings=stream.happenings, graph=stream.graph)


def _row(name: str, share: float, found: list[Learnt], seconds: float) -> dict[str, Any]:
    gains = [one.judgement.gain for one in found]
    faults = [one.judgement.fault_after.b3 - one.judgement.fault_before.b3 for one in found]
    first = found[0].judgement
    return {
        "stream": name,
        "share": share,
        "labelled": found[0].labelled,
        "pairs": round(mean(one.pairs for one in found)),
        "shipped": first.before.b3,
        "fault_shipped": first.fault_before.b3,
        "gain": mean(gains),
        "lowest": min(gains),
        "highest": max(gains),
        "fault_gain": mean(faults),
        "interval": first.gain_interval if share == 1 else None,
        "fault_interval": first.fault_gain_interval if share == 1 else None,
        "mega_shipped": first.before.mega_merge,
        "mega": mean(one.judgement.after.mega_merge for one in found),
        "hidden": mean(_missed(one.judgement) for one in found),
        "incidents": len(first.told),
        "spreads": [one.spread for one in found],
        "approvable": sum(one.is_approvable for one in found),
        "samples": len(found),
        "seconds": seconds,
    }


def _missed(judgement: Judgement) -> int:
    return sum(one.is_hidden or one.delay.total_seconds() > 60 for one in (*judgement.told, *judgement.held))


def _line(row: dict[str, Any]) -> str:
    interval = " 95 % {:+.3f} to {:+.3f}".format(*row["interval"]) if row["interval"] else ""
    return (
        f"{row['stream']:<18} {row['labelled']:>4} labelled {row['pairs']:>5} pairs | shipped {row['shipped']:.3f}"
        f" / {row['fault_shipped']:.3f} | gain {row['gain']:+.3f} ({row['lowest']:+.3f} to {row['highest']:+.3f})"
        f"{interval}"
        f" fault {row['fault_gain']:+.3f} | mega {row['mega_shipped']:.3f} → {row['mega']:.3f} | hidden or late"
        f" {row['hidden']:.1f} of {row['incidents']} | approvable {row['approvable']}/{row['samples']}"
        f" | spreads {','.join(f'{one:g}' for one in row['spreads'])} | {row['seconds']:.0f} s"
    )


def _streams(arguments: argparse.Namespace) -> Iterator[Stream]:
    alerts, wanted = arguments.data / "alerts", set(arguments.stream or ())
    for name in STORMS_HELD_OUT if arguments.held_out else STORMS_TO_TUNE_ON:
        if not wanted or name in wanted:
            yield storm(alerts / "storm" / name)
    seeds = SEEDS_HELD_OUT if arguments.held_out else SEEDS_TUNED_ON
    for kind in KINDS_OF_STREAM:
        if not wanted or kind in wanted:
            yield from (other_stream(arguments.data / "rules", kind, seed=seed) for seed in seeds)
    if arguments.held_out and (not wanted or "overlay" in wanted):
        yield from (overlay(alerts / "online_boutique", seed=seed) for seed in seeds)


def _nothing() -> None:
    """Show nothing on the way."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--stream", action="append", help="only this one; may be repeated")
    parser.add_argument("--held-out", action="store_true", help="the streams that nothing was chosen on")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
