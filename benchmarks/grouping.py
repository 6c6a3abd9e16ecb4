"""How well alerts are grouped by cause, beside methods that need no model.

`python -m benchmarks.grouping --data ../shared/data [--stream NAME …] [--held-out] [--scraped] [--json FILE]`

Streams: the simulated storms t0, t1 and t4, on which the configuration was chosen; with `--held-out` t2 and t3, on
which it never was, the overlay of real faults (`grouping_streams.py`) and the streams of another generator
(`grouping_other_streams.py`). With `--scraped` the storms have the labels of a cluster's watchers
(`grouping_scraped.py`). The configuration's hash is printed with every score; `docs/benchmarks/alerts.md`
lists every score on a held-out stream.

B³ with precision and recall, over all alerts and over fault alerts alone, each with a 95 % interval of a bootstrap over
causes; what the other columns are is told in `grouping_metrics.py`. Groups are those at the end, after late links;
`--before-links` scores each alert's first group instead.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis.alerts.grouping import Grouper
from analysis.alerts.prior import SHIPPED
from analysis.alerts.topology import Topology
from benchmarks import grouping_baselines as baselines
from benchmarks.grouping_metrics import b3_interval, linked, score
from benchmarks.grouping_other_streams import KINDS_OF_STREAM, other_stream
from benchmarks.grouping_scraped import scraped
from benchmarks.grouping_streams import STORMS_HELD_OUT, STORMS_TO_TUNE_ON, Stream, overlay, storm
from benchmarks.measuring import SHARED

OVERLAY_SEEDS = (1, 2, 3)
METHODS: dict[str, Callable[[Stream], dict[str, str]]] = {
    "time gap 60 s": lambda stream: baselines.time_gap(stream.alerts),
    "exact fingerprint": lambda stream: baselines.exact_fingerprint(stream.alerts),
    "chronic lane + time gap": lambda stream: baselines.chronic_and_gap(stream.alerts),
    "Alertmanager by service": lambda stream: baselines.alertmanager(stream.alerts, group_by=("service",)),
    "Alertmanager by alertname, service": lambda stream: baselines.alertmanager(
        stream.alerts, group_by=("alertname", "service")
    ),
}


def main() -> None:
    """Score every method on every stream asked for and print a table."""
    arguments = _arguments()
    print(f"configuration {SHIPPED.digest()}")
    rows = []
    for stream in _streams(arguments):
        for name, groups in _grouped(stream, before_links=arguments.before_links):
            row = {"stream": stream.name, "method": name, **_scored(stream, groups)}
            rows.append(row)
            print(_line(row), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps({"configuration": SHIPPED.digest(), "rows": rows}, indent=1))


def debrief_groups(stream: Stream, *, before_links: bool = False) -> tuple[dict[str, str], float]:
    """Debrief's groups of a stream's firing alerts, and the processor seconds that it took."""
    grouper = Grouper(Topology(stream.graph))
    groups: dict[str, str] = {}
    links: list[tuple[str, str]] = []
    happenings = sorted(stream.happenings, key=lambda one: one.at)
    seen, started = 0, time.process_time()
    for alert in stream.alerts:
        while seen < len(happenings) and happenings[seen].at <= alert.received_at:
            grouper.observe(happenings[seen])
            seen += 1
        decision = grouper.decide(alert)
        groups[alert.id] = decision.group_id
        links.extend((link.kept, link.gone) for link in decision.links)
    spent = time.process_time() - started
    return groups if before_links else linked(groups, links), spent


def _grouped(stream: Stream, *, before_links: bool) -> Iterator[tuple[str, dict[str, str]]]:
    for name, method in METHODS.items():
        yield name, method(stream)
    yield "Debrief", debrief_groups(stream, before_links=before_links)[0]


def _scored(stream: Stream, groups: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part, causes in (("all", stream.causes), ("fault", stream.fault_causes)):
        found[part] = {**asdict(score(causes, groups)), "interval": b3_interval(causes, groups)}
    return found


def _line(row: dict[str, Any]) -> str:
    told = [f"{row['stream']:<20} {row['method']:<35}"]
    for part in ("all", "fault"):
        one = row[part]
        low, high = one["interval"]
        told.append(
            f"{part} B³ {one['b3']:.3f} ({low:.3f}–{high:.3f}) P {one['precision']:.2f} R {one['recall']:.2f}"
            f" GA {one['grouping_accuracy']:.2f} mega {one['mega_merge']:.3f}"
            f" capture {one['capture']:.2f} purity {one['purity']:.2f} groups {one['groups']}/{one['causes']}"
        )
    return " | ".join(told)


def _streams(arguments: argparse.Namespace) -> Iterator[Stream]:
    alerts = arguments.data / "alerts"
    wanted = set(arguments.stream or ())
    storms = STORMS_TO_TUNE_ON + (STORMS_HELD_OUT if arguments.held_out else ())
    for name in storms:
        if not wanted or name in wanted:
            found = storm(alerts / "storm" / name)
            yield scraped(found) if arguments.scraped else found
    if not arguments.held_out or arguments.scraped:
        return
    for seed in OVERLAY_SEEDS:
        if not wanted or "overlay" in wanted:
            yield overlay(alerts / "online_boutique", seed=seed)
    for kind in KINDS_OF_STREAM:
        if not wanted or kind in wanted:
            yield from (other_stream(arguments.data / "rules", kind, seed=seed) for seed in OVERLAY_SEEDS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--stream", action="append", help="only this one; may be repeated")
    parser.add_argument("--held-out", action="store_true", help="also the streams that nothing was chosen on")
    parser.add_argument("--scraped", action="store_true", help="the storms alone, labelled as a cluster's watchers do")
    parser.add_argument("--before-links", action="store_true")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
