"""Bulk appends against the same statements and driver with one transaction each.

Changes that a webhook reports go through `SqlWriter.submit`, once with `bulk=True` and once without; nothing else
differs: the same use case, the same statements, the same driver, the same connection and one writer thread. Callers
are tasks of one event loop, as the webhook's route is, and each waits for its commit before it sends its next change.
"""

import argparse
import asyncio
import itertools
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event

from analysis.events import Source
from analysis.people import Access, Person
from benchmarks.databases import DIALECTS, database_urls, temporary_folder
from benchmarks.measuring import ROUNDS, argument_parser, machine, print_machine, print_table, spread, write_json
from bot.parts import SystemClock, open_workspace
from bot.ports.records import InboxKey
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.store.proof.verification import verify_database
from bot.telemetry.garbage import settle_garbage
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.timeline.record_change import RecordChange, record_change
from bot.web.answers import Answers
from bot.web.changes import inbox_key, read_change

#: At how many callers which ratio is asked for.
TARGETS = {50: 8.0, 200: 12.0}
INCIDENTS = 8
WARM_UP = 300

Arrival = tuple[RecordChange, InboxKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measured run: changes a second, microseconds of CPU a change, changes a commit."""

    rate: float
    writer_cpu: float
    process_cpu: float
    batch: float


@dataclass(slots=True, kw_only=True)
class Bench:
    """An opened store that counts its commits."""

    store: Store
    workspace: UUID
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    commits: int = 0
    sent: int = 0

    def count(self, _: object) -> None:
        """Count one commit."""
        self.commits += 1

    def changes(self, count: int, incidents: Sequence[int]) -> list[Arrival]:
        """Read *count* webhook bodies, each with a key of its own, for the log or for *incidents* in turn."""
        self.sent += count
        return [self._change(next(self.numbers), incidents) for _ in range(count)]

    def _change(self, number: int, incidents: Sequence[int]) -> Arrival:
        now = datetime.now(UTC)
        body: dict[str, Any] = {
            "kind": "deploy",
            "text": f"card-auth 4.{number} to production",
            "service": "card-auth",
            "version": f"4.{number}",
            "at": now.isoformat(),
        }
        if incidents:
            body["incident"] = incidents[number % len(incidents)]
        key = inbox_key("webhook.ci", f"build-{number}", json.dumps(body).encode(), timestamp=f"{now.timestamp():.0f}")
        return read_change(body, source="ci", workspace_id=self.workspace, now=now, key=key.external_id), key


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a target was missed."""
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--single", type=int, default=500, help="changes a round with one transaction each")
    parser.add_argument("--bulk", type=int, default=5000, help="changes a round in bulk")
    parser.add_argument("--dialects", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--callers", nargs="+", type=int, default=[*TARGETS])
    given = parser.parse_args(arguments)
    settle_garbage()  # as `debrief serve` does
    with temporary_folder() as folder:
        facts = machine(folder)
        print_machine(facts)
        with database_urls(folder, tuple(given.dialects)) as databases:
            rows = [
                {"database": dialect, **row}
                for dialect in given.dialects
                for row in measure(databases.url(dialect), folder / f"{dialect}.key", given)
            ]
    _print(rows)
    write_json(given.json, facts, rows)
    return int(any(row["ratio"].median < TARGETS.get(row["callers"], 0) for row in rows))


def measure(database_url: str, key_file: Path, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure on one empty database: each workload and number of callers in turn, rounds interleaved."""
    with opened(database_url, key_file) as bench:
        targets = {"the log": (), f"{INCIDENTS} incidents": declared(bench)}
        warm_up(bench, targets[f"{INCIDENTS} incidents"])
        cases = [(workload, callers) for workload in targets for callers in given.callers]
        runs: dict[tuple[str, int], list[tuple[Run, Run]]] = {case: [] for case in cases}
        for number in range(given.rounds):
            for workload, callers in cases:
                sizes = [(False, given.single), (True, given.bulk)]
                found = {
                    is_bulk: run(bench, bench.changes(count, targets[workload]), callers, is_bulk=is_bulk)
                    for is_bulk, count in (sizes if number % 2 else reversed(sizes))
                }
                runs[workload, callers].append((found[False], found[True]))
        check(bench)
    return [_row(*case, measured) for case, measured in runs.items()]


@contextmanager
def opened(database_url: str, key_file: Path) -> Iterator[Bench]:
    """Open an empty database with the application's own settings."""
    store = open_store(Settings(database_url=database_url, key_file=key_file), SystemClock(), prepare=upgrade)
    try:
        bench = Bench(store=store, workspace=open_workspace(store, "T1", "Benchmark"))
        event.listen(store.database.write_engine, "commit", bench.count)
        yield bench
    finally:
        store.close()


def declared(bench: Bench) -> tuple[int, ...]:
    """Declare incidents for changes to name."""
    person = Person(id="slack:U1", name="Ada", access=frozenset({Access.RESPONDER}))
    commands = [
        Declare(
            person=person,
            workspace_id=bench.workspace,
            natural_key=f"declared:{number}",
            source=Source.SLACK,
            title=f"Card payments fail in region {number}",
        )
        for number in range(INCIDENTS)
    ]
    replies = [bench.store.writer.submit(declare, command).result() for command in commands]
    return tuple(reply.number for reply in replies if reply.number)


def warm_up(bench: Bench, incidents: Sequence[int]) -> None:
    """Fill caches and tables a little, and let PostgreSQL look at them as autovacuum does in its first minute."""
    for is_bulk in (True, False):
        run(bench, bench.changes(WARM_UP, ()), WARM_UP, is_bulk=is_bulk)
        run(bench, bench.changes(WARM_UP, incidents), WARM_UP, is_bulk=is_bulk)
    if not bench.store.database.is_sqlite:
        with bench.store.database.write_engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def run(bench: Bench, arrivals: Sequence[Arrival], callers: int, *, is_bulk: bool) -> Run:
    """Let *callers* send *arrivals*, each waiting for its commit."""
    clock = time.pthread_getcpuclockid(_writer_thread(bench))
    before, commits = (time.clock_gettime(clock), time.process_time()), bench.commits
    began = time.perf_counter()
    asyncio.run(_send(bench, arrivals, callers, is_bulk=is_bulk))
    seconds = time.perf_counter() - began
    writer, process = time.clock_gettime(clock) - before[0], time.process_time() - before[1]
    count = len(arrivals)
    return Run(
        rate=count / seconds,
        writer_cpu=writer / count * 1e6,
        process_cpu=process / count * 1e6,
        batch=count / (bench.commits - commits),
    )


async def _send(bench: Bench, arrivals: Sequence[Arrival], callers: int, *, is_bulk: bool) -> None:
    waiting, answers = iter(arrivals), Answers(within=60.0)

    async def call() -> None:
        for change, key in waiting:
            future = bench.store.writer.submit(record_change, change, key=key, bulk=is_bulk)
            reply = await answers.of(future)
            assert not reply.repeated

    await asyncio.gather(*(call() for _ in range(callers)))


def check(bench: Bench) -> None:
    """What was measured was recorded: every change is in the ledger, and every chain is whole."""
    report = verify_database(bench.store.database, sealer=None, anchors=None)
    assert not report.findings, report.findings
    assert report.entries >= bench.sent, (report.entries, bench.sent)


def _writer_thread(bench: Bench) -> int:
    """The thread of this store's writer, asked on that thread: a process may have other writers."""
    return bench.store.writer.call(lambda _: threading.get_ident()).result()


def _row(workload: str, callers: int, measured: Sequence[tuple[Run, Run]]) -> dict[str, Any]:
    singles, bulks = zip(*measured, strict=True)
    return {
        "changes_for": workload,
        "callers": callers,
        "target": TARGETS.get(callers),
        "ratio": spread([bulk.rate / single.rate for single, bulk in measured]),
        "cpu_ratio": spread([single.writer_cpu / bulk.writer_cpu for single, bulk in measured]),
        "single_rate": spread([one.rate for one in singles]),
        "bulk_rate": spread([one.rate for one in bulks]),
        "single_writer_cpu_microseconds": spread([one.writer_cpu for one in singles]),
        "bulk_writer_cpu_microseconds": spread([one.writer_cpu for one in bulks]),
        "bulk_process_cpu_microseconds": spread([one.process_cpu for one in bulks]),
        "batch": spread([one.batch for one in bulks]),
        "rounds": [(asdict(single), asdict(bulk)) for single, bulk in measured],
    }


def _print(rows: Sequence[dict[str, Any]]) -> None:
    columns = (
        "database, changes for",
        "callers",
        "ratio",
        "target",
        "single/s",
        "bulk/s",
        "a commit",
        "writer CPU µs",
    )
    shown = [
        (
            f"{row['database']}, {row['changes_for']}",
            str(row["callers"]),
            row["ratio"].shown(),
            f"{row['target']:g}" if row["target"] else "",
            f"{row['single_rate'].median:,.0f}",
            f"{row['bulk_rate'].median:,.0f}",
            f"{row['batch'].median:.0f}",
            f"{row['single_writer_cpu_microseconds'].median:,.0f} : {row['bulk_writer_cpu_microseconds'].median:,.0f}",
        )
        for row in rows
    ]
    print_table(columns, shown)
    print("\nRatio: changes a second in bulk to those with a transaction each; median (range) of the rounds.")


if __name__ == "__main__":
    sys.exit(main())
