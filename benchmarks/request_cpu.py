"""What a signed `/incident note` costs in its own thread, against a bare Bolt app that only acknowledges.

Measured is the CPU time of the thread that handles the request: verify, parse, dispatch, submit, wait for the commit,
answer. The writer's thread is apart; what the whole process spends stands beside it. The bare app has as many
listeners and the same settings, and lacks all else. Twice:

* served: the two answer in turn, ours with its real writer and database;
* at once: each in a tight loop, ours with a writer that answers without doing anything, so that no thread ever waits.
  A wait leaves the processor's caches to others, which costs more than many lines of code.

A shared processor changes its speed by half from one moment to the next, so the rounds are short and many: a ratio is
that of two loops which follow one another within milliseconds, and what is promised is the median of the ratios.

Before the acknowledgement there must be one commit, no read query, no connection to Slack and no `auth.test`.
"""

import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from analysis.events import Source
from analysis.people import Person
from benchmarks.databases import DIALECTS, database_urls, temporary_folder
from benchmarks.measuring import argument_parser, machine, print_machine, print_table, spread, write_json
from benchmarks.request_apps import CHANNEL, Dispatch, app_at_once, bare_app, note
from bot.app import App, build
from bot.usecases.incident.channels import LinkChannel, link_channel
from tests.fake_slack import FakeSlack
from tests.slack_requests import Signed
from tests.slack_room import populate, room_settings

TARGET = 2.0
ROUNDS = 40
REQUESTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Medians of one round, in microseconds of CPU a request."""

    ours: float
    bare: float
    process: float
    at_once: float
    bare_at_once: float


@dataclass(slots=True, kw_only=True)
class Counts:
    """What happened between the arrival of a request and its acknowledgement, summed over all requests."""

    requests: int = 0
    commits: int = 0
    read_queries: int = 0
    connections: int = 0
    auth_tests: int = 0
    slack_calls: int = 0


class Connections:
    """Counts the connections that this thread opens; Python itself tells of each, whichever library opens it."""

    def __init__(self) -> None:
        """Watch from now on, until `close`."""
        self.count = 0
        self._is_open = True
        thread = threading.get_ident()

        def hook(name: str, _: tuple[Any, ...]) -> None:
            if self._is_open and name == "socket.connect":
                self.count += threading.get_ident() == thread

        sys.addaudithook(hook)

    def close(self) -> None:
        """Count no more; the hook itself cannot be taken away."""
        self._is_open = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a promise was missed."""
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="requests a round to each app")
    parser.add_argument("--dialects", nargs="+", choices=DIALECTS, default=DIALECTS)
    given = parser.parse_args(arguments)
    with temporary_folder() as folder:
        facts = machine(folder)
        print_machine(facts)
        with database_urls(folder, tuple(given.dialects)) as databases:
            rows = [
                {"database": dialect, **measure(databases.url(dialect), folder / dialect, given.rounds, given.requests)}
                for dialect in given.dialects
            ]
    _print(rows)
    write_json(given.json, facts, rows)
    return int(any(not _is_kept(row) for row in rows))


def measure(database_url: str, folder: Path, rounds: int, requests: int) -> dict[str, Any]:
    """Measure on one empty database."""
    with opened(database_url, folder) as (app, slack):
        listeners = len(app.slack.bolt._listeners)  # noqa: SLF001 - Bolt shows its listeners nowhere else
        bare, at_once = bare_app(listeners), app_at_once(app)
        counts = count(app, slack, requests)
        measured = [_round(app.slack.dispatch, at_once, bare, requests) for _ in range(rounds)]
    return {
        "ratio": spread([one.ours / one.bare for one in measured]),
        "ratio_at_once": spread([one.at_once / one.bare_at_once for one in measured]),
        "ours_microseconds": spread([one.ours for one in measured]),
        "bare_microseconds": spread([one.bare for one in measured]),
        "process_microseconds": spread([one.process for one in measured]),
        "at_once_microseconds": spread([one.at_once for one in measured]),
        "bare_at_once_microseconds": spread([one.bare_at_once for one in measured]),
        "listeners": listeners,
        "counts": counts,
    }


@contextmanager
def opened(database_url: str, folder: Path) -> Iterator[tuple[App, FakeSlack]]:
    """Build the whole application beside a fake workspace, with one incident; its lanes rest, so they take no CPU."""
    folder.mkdir(exist_ok=True)
    with FakeSlack() as slack:
        populate(slack)
        app = build(room_settings(slack, database_url, folder, publish_git_dir=None))
        try:
            app.directory.learn(slack.users.values())
            declared = note("declare SEV3 Card payments fail", channel="C0HOME")
            status, _, body = app.slack.dispatch(declared.body, declared.headers)
            assert status == 200, body
            app.store.writer.submit(link_channel, _link(app)).result()
            yield app, slack
        finally:
            app.store.close()


def _round(ours: Dispatch, at_once: Dispatch, bare: Dispatch, requests: int) -> Round:
    process = []
    served: tuple[list[float], list[float]] = ([], [])
    for number in range(requests):
        signed, other = _note(number), _note(number)
        began = time.process_time()
        served[0].append(_cpu(ours, signed))
        process.append((time.process_time() - began) * 1e6)
        served[1].append(_cpu(bare, other))
    return Round(
        ours=statistics.median(served[0]),
        bare=statistics.median(served[1]),
        process=statistics.median(process),
        at_once=_tight(at_once, requests),
        bare_at_once=_tight(bare, requests),
    )


def _tight(dispatch: Dispatch, requests: int) -> float:
    signed = [_note(number) for number in range(requests)]
    return statistics.median([_cpu(dispatch, one) for one in signed])


def count(app: App, slack: FakeSlack, requests: int) -> Counts:
    """Count what happens before each acknowledgement."""
    counts, seen = Counts(requests=requests), Connections()
    database, calls = app.store.database, len(slack.calls)

    def commit(_: object) -> None:
        counts.commits += 1

    def query(*_: object) -> None:
        counts.read_queries += 1

    event.listen(database.write_engine, "commit", commit)
    event.listen(database.read_engine, "before_cursor_execute", query)
    for number in range(requests):
        signed = _note(number)
        status, _, body = app.slack.dispatch(signed.body, signed.headers)
        assert status == 200, body
        assert "Noted on #1" in body, body
    event.remove(database.write_engine, "commit", commit)
    event.remove(database.read_engine, "before_cursor_execute", query)
    seen.close()
    counts.connections = seen.count
    counts.slack_calls = len(slack.calls) - calls
    counts.auth_tests = sum(call.method == "auth.test" for call in slack.calls[calls:])
    return counts


def _is_kept(row: dict[str, Any]) -> bool:
    counts = row["counts"]
    promised = Counts(requests=counts.requests, commits=counts.requests)
    return bool(counts == promised and max(row["ratio"].median, row["ratio_at_once"].median) <= TARGET)


def _note(number: int) -> Signed:
    return note(f"note error rate of card-auth is {number} per 10,000")


def _cpu(dispatch: Dispatch, signed: Signed) -> float:
    began = time.thread_time()
    status, _, body = dispatch(signed.body, signed.headers)
    taken = time.thread_time() - began
    assert status == 200, body
    return taken * 1e6


def _link(app: App) -> LinkChannel:
    return LinkChannel(
        person=Person(id="debrief"),
        workspace_id=app.workspace_id,
        natural_key="benchmark",
        source=Source.DEBRIEF,
        number=1,
        channel=CHANNEL,
        channel_name="inc-1",
    )


def _print(rows: Sequence[dict[str, Any]]) -> None:
    columns = ("database", "ratio served", "ratio at once", "target", "ours : bare, served", "at once", "ours, process")
    shown = [
        (
            row["database"],
            row["ratio"].shown(2),
            row["ratio_at_once"].shown(2),
            f"≤ {TARGET:g}",
            _pair(row, "ours_microseconds", "bare_microseconds"),
            _pair(row, "at_once_microseconds", "bare_at_once_microseconds"),
            row["process_microseconds"].shown(0, "µs"),
        )
        for row in rows
    ]
    print_table(columns, shown)
    print(f"\nBoth apps have {rows[0]['listeners']} listeners. µs of CPU; medians (range) of the rounds' medians.")
    for row in rows:
        one: Counts = row["counts"]
        print(
            f"{row['database']}, before {one.requests} acknowledgements: {one.commits} commits, "
            f"{one.read_queries} read queries, {one.connections} connections, {one.slack_calls} calls of Slack, "
            f"{one.auth_tests} auth.test"
        )


def _pair(row: dict[str, Any], ours: str, bare: str) -> str:
    return f"{row[ours].median:.0f} : {row[bare].median:.0f} µs"


if __name__ == "__main__":
    sys.exit(main())
