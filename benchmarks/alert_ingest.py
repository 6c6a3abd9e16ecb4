"""Durable ingest of alerts by a served bot, beside a real Alertmanager that keeps them in memory only.

`python -m bot serve` on an empty database of each kind and `prometheus-alertmanager` run at the same time; rounds are
interleaved. Each gets the same alerts by the same client: ours as Alertmanager's webhook writes them, with a bearer
token, and Alertmanager's as Prometheus posts them. What ours answers is checked, masked, sealed and on disk by then.
Three mixes:

* new: every alert is of a series that was never heard of;
* storm: 99 of 100 repeat one of 2,000 known series, with another value in their prose; the hundredth is new;
* groups: a group of known series is sent again with one change, an alert that is over or fires anew.

Requests are made before a round begins, and one thread sends them over connections that stay open, each its next
request once the last is answered.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.alert_load import MIXES, Load, Series, send
from benchmarks.alert_servers import Server, alertmanager, bot
from benchmarks.alert_stages import stages
from benchmarks.databases import DIALECTS, database_urls, temporary_folder
from benchmarks.measuring import ROUNDS, argument_parser, machine, print_machine, print_table, spread, write_json
from bot.telemetry.garbage import settle_garbage

#: By the database and the alerts of a request: how many times Alertmanager's rate is asked for.
TARGETS = {
    "sqlite": {1: 1.0, 10: 2.0, 100: 3.0},
    "postgresql": {1: 1.0, 10: 1.0, 100: 1.0},
}
#: So many requests a round, by the alerts of each.
REQUESTS = {1: 1500, 10: 500, 100: 100}
PROGRAM = "prometheus-alertmanager"
REAL = "alertmanager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measured run of one server."""

    requests_per_second: float
    alerts_per_second: float
    cpu_microseconds: float
    client_share: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a target was missed."""
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--dialects", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--mixes", nargs="+", choices=MIXES, default=MIXES)
    parser.add_argument("--sizes", nargs="+", type=int, choices=REQUESTS, default=[*REQUESTS])
    parser.add_argument("--connections", type=int, default=64)
    given = parser.parse_args(arguments)
    if not shutil.which(PROGRAM):
        print(f"{PROGRAM} is not installed here, so there is nothing to measure beside; Debian has a package.")
        return 0
    settle_garbage()  # as `debrief serve` does
    with temporary_folder() as folder:
        facts = machine(folder)
        print_machine(facts)
        with database_urls(folder, tuple(given.dialects)) as databases:
            rows = measure({dialect: databases.url(dialect) for dialect in given.dialects}, folder, given)
            _print(rows)
            spent = [each for dialect in given.dialects for each in stages(databases.url(dialect), dialect, folder)]
    _print_stages(spent)
    write_json(given.json, facts, {"rates": rows, "stages": spent})
    return int(any(row["ratio"].median < row["target"] for row in rows))


def measure(urls: dict[str, str], folder: Path, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure every mix and size with all servers in turn, rounds interleaved."""
    runs: dict[tuple[str, int, str], list[Run]] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(alertmanager(folder))]
        servers += [stack.enter_context(bot(name, url, folder)) for name, url in urls.items()]
        series = Series()
        for server in servers:
            send(server, series.known(), given.connections)
        for number in range(given.rounds):
            for mix, size, load in _loads(series, given):
                turns = servers if number % 2 else reversed(servers)
                for server in turns:
                    runs.setdefault((mix, size, server.name), []).append(_run(server, load, given.connections))
    return [
        _row(mix, size, name, measured, runs[mix, size, REAL])
        for (mix, size, name), measured in runs.items()
        if name != REAL
    ]


def _loads(series: Series, given: argparse.Namespace) -> Iterator[tuple[str, int, Load]]:
    for mix in given.mixes:
        for size in given.sizes:
            yield mix, size, series.load(mix, size, REQUESTS[size])


def _run(server: Server, load: Load, connections: int) -> Run:
    before = server.cpu_seconds()
    sent = send(server, load, connections)
    cpu = server.cpu_seconds() - before
    return Run(
        requests_per_second=load.requests / sent.seconds,
        alerts_per_second=load.alerts / sent.seconds,
        cpu_microseconds=cpu / load.alerts * 1e6,
        client_share=sent.cpu_seconds / sent.seconds,
    )


def _row(mix: str, size: int, name: str, ours: Sequence[Run], real: Sequence[Run]) -> dict[str, Any]:
    pairs = list(zip(ours, real, strict=True))
    return {
        "mix": mix,
        "alerts_a_request": size,
        "database": name,
        "target": TARGETS[name][size],
        "ratio": spread([one.alerts_per_second / other.alerts_per_second for one, other in pairs]),
        "cpu_ratio": spread([other.cpu_microseconds / one.cpu_microseconds for one, other in pairs]),
        "ours": _spreads(ours),
        "alertmanager": _spreads(real),
    }


def _spreads(runs: Sequence[Run]) -> dict[str, Any]:
    return {name: spread([getattr(one, name) for one in runs]) for name in Run.__slots__}


def _print(rows: Sequence[dict[str, Any]]) -> None:
    columns = (
        *("mix, database", "a request", "ratio", "target", "by CPU", "alerts/s", "requests/s", "CPU µs an alert"),
        "client",
    )
    print_table(
        columns, [_shown(row) for row in sorted(rows, key=lambda row: (row["database"], MIXES.index(row["mix"])))]
    )
    print("\nEach pair is ours : Alertmanager's. Ratio: alerts a second, median (range) of the rounds.")
    print("By CPU: Alertmanager's CPU an alert against ours, which says more on a machine that others use.")
    print("Client: the share of one core that the sender took.")


def _shown(row: dict[str, Any]) -> tuple[str, ...]:
    ours, real = row["ours"], row["alertmanager"]

    def pair(name: str, digits: int = 0, factor: float = 1.0) -> str:
        return " : ".join(f"{one[name].median * factor:,.{digits}f}" for one in (ours, real))

    return (
        f"{row['mix']}, {row['database']}",
        str(row["alerts_a_request"]),
        row["ratio"].shown(2),
        f"{row['target']:g}",
        row["cpu_ratio"].shown(2),
        pair("alerts_per_second"),
        pair("requests_per_second"),
        pair("cpu_microseconds"),
        pair("client_share", factor=100) + " %",
    )


def _print_stages(spent: Sequence[dict[str, Any]]) -> None:
    print("\nWhere our CPU goes, µs an alert at 100 a request, one step after another in one thread:\n")
    names = [name for name in spent[0] if name not in {"database", "mix"}]
    rows = [(f"{one['mix']}, {one['database']}", *(f"{one[name]:.1f}" for name in names)) for one in spent]
    print_table(("mix, database", *names), rows)


if __name__ == "__main__":
    sys.exit(main())
