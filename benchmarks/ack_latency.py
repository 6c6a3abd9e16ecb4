"""How long people wait for the acknowledgement of `/incident note`, at fifty commands a second over loopback HTTP.

A bot is served as `debrief serve` does it, beside a fake workspace that it posts to meanwhile. Commands arrive at
random moments (a Poisson process) whether or not earlier ones were answered, over a connection each, spread over
several incidents' channels. The latency is counted from the moment at which a command was due to the last byte of its
answer, so that a client that falls behind cannot hide a wait. Rounds alternate between the databases.
"""

import http.client
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from analysis.events import EventKind
from benchmarks.databases import DIALECTS, database_urls, temporary_folder
from benchmarks.kill_bot import Bot
from benchmarks.measuring import (
    ROUNDS,
    argument_parser,
    machine,
    percentile,
    print_machine,
    print_table,
    spread,
    write_json,
)
from bot.store.database.engine import open_database
from bot.store.record.tables import TIMELINE_EVENT
from tests.fake_slack import FakeSlack
from tests.slack_requests import SIGNING_SECRET, command
from tests.slack_room import HOME, RESPONDER, populate

TARGET_MILLISECONDS = 200.0
INCIDENTS = 4
CLIENTS = 32
PATIENCE_SECONDS = 60.0
SETTLE_SECONDS = 0.5

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A bot that answers, its workspace, and the channels of its incidents."""

    bot: Bot
    slack: FakeSlack
    url: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round, in milliseconds from due to answered; `late` is how late the client itself began, 99 % of the time."""

    p50: float
    p99: float
    longest: float
    late: float
    achieved: float
    unrecorded: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a promise was missed."""
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=20.0, help="a round's length")
    parser.add_argument("--rate", type=float, default=50.0, help="commands a second")
    parser.add_argument("--dialects", nargs="+", choices=DIALECTS, default=DIALECTS)
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        facts = machine(folder)
        print_machine(facts)
        databases = stack.enter_context(database_urls(folder, tuple(given.dialects)))
        served = {
            dialect: stack.enter_context(serve(databases.url(dialect), folder / f"served-{dialect}"))
            for dialect in given.dialects
        }
        draw, rounds = random.Random(1), {dialect: [] for dialect in served}
        for _ in range(given.rounds):
            for dialect, one in served.items():
                rounds[dialect].append(load(one, draw, rate=given.rate, seconds=given.seconds))
                time.sleep(SETTLE_SECONDS)
        rows = [_row(dialect, served[dialect], rounds[dialect]) for dialect in served]
    _print(rows, given.rate)
    write_json(given.json, facts, rows)
    return int(any(row["p99"].median >= TARGET_MILLISECONDS or row["unrecorded"] for row in rows))


@contextmanager
def serve(database_url: str, folder: Path) -> Iterator[Served]:
    """Serve a bot on an empty database, with some incidents under way; asked to stop at the end."""
    folder.mkdir()
    with FakeSlack() as slack:
        populate(slack)
        bot = Bot(_environment(slack, database_url, folder), folder, None)
        bot.start()
        bot.await_up()
        try:
            _wait_for(lambda: slack.calls_of("usergroups.list"))
            yield Served(bot=bot, slack=slack, url=database_url, channels=tuple(_declared(bot, slack)))
        finally:
            bot.stop()


def load(served: Served, draw: random.Random, *, rate: float, seconds: float) -> Round:
    """Offer *rate* commands a second for so many *seconds*."""
    dues = list(itertools.takewhile(lambda due: due < seconds, _arrivals(draw, rate)))
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        futures = []
        for number, due in enumerate(dues):
            time.sleep(max(0.0, began + due - time.perf_counter()))
            channel = served.channels[number % len(served.channels)]
            futures.append(pool.submit(_timed, served.bot.port, channel, began + due))
        taken = [future.result() for future in futures]
    answered = time.perf_counter() - began
    waits = [wait * 1e3 for wait, _, _ in taken]
    return Round(
        p50=percentile(waits, 0.5),
        p99=percentile(waits, 0.99),
        longest=max(waits),
        late=percentile([late * 1e3 for _, late, _ in taken], 0.99),
        achieved=len(dues) / answered,
        unrecorded=sum(not is_recorded for _, _, is_recorded in taken),
    )


def _arrivals(draw: random.Random, rate: float) -> Iterator[float]:
    return itertools.accumulate(draw.expovariate(rate) for _ in itertools.count())


def _timed(port: int, channel: str, due: float) -> tuple[float, float, bool]:
    """Send one note; how long after it was due it was answered, how late it was sent, and whether it is recorded."""
    late = time.perf_counter() - due
    status, body = _say(port, f"note error rate of card-auth is {next(_NUMBERS)} per 10,000", channel)
    return time.perf_counter() - due, late, status == 200 and "Noted on #" in body


def _say(port: int, text: str, channel: str) -> tuple[int, str]:
    trigger = f"{next(_NUMBERS)}.trigger"
    signed = command(RESPONDER, text, channel=channel, trigger=trigger, response_url="http://127.0.0.1:9/")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", "/slack/events", signed.body, dict(signed.headers))
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def _declared(bot: Bot, slack: FakeSlack) -> Iterator[str]:
    for number in range(1, INCIDENTS + 1):
        status, body = _say(bot.port, f"declare SEV3 Card payments fail in region {number}", HOME)
        assert status == 200, body
        assert f"#{number} " in body, body
        channel = _wait_for(lambda start=f"inc-{number}-": slack.channel_named(start))
        _wait_for(lambda channel=channel: slack.posts(channel.id))
        yield channel.id


def _wait_for(look: Any) -> Any:  # noqa: ANN401 - whatever is looked for
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(0.02)
    message = "the bot does not get ready"
    raise TimeoutError(message)


def _environment(slack: FakeSlack, database_url: str, folder: Path) -> dict[str, str]:
    return {
        "DEBRIEF_DATABASE_URL": database_url,
        "DEBRIEF_KEY_FILE": str(folder / "debrief.key"),
        "DEBRIEF_ANCHORS_FILE": str(folder / "anchors.jsonl"),
        "DEBRIEF_SLACK_BOT_TOKEN": "xoxb-fake",
        "DEBRIEF_SLACK_APP_TOKEN": "",
        "DEBRIEF_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "DEBRIEF_SLACK_API_URL": slack.url,
        "DEBRIEF_ACCESS": json.dumps({"commander": ["S0COMMANDERS"]}),
    }


def _row(dialect: str, served: Served, rounds: Sequence[Round]) -> dict[str, Any]:
    return {
        "database": dialect,
        "p50": spread([one.p50 for one in rounds]),
        "p99": spread([one.p99 for one in rounds]),
        "longest": spread([one.longest for one in rounds]),
        "client_late_p99": spread([one.late for one in rounds]),
        "achieved": spread([one.achieved for one in rounds]),
        "unrecorded": sum(one.unrecorded for one in rounds),
        "notes_in_ledger": _notes(served.url),
        "calls_of_slack": len(served.slack.calls),
    }


def _notes(database_url: str) -> int:
    database = open_database(database_url)
    try:
        with database.reading() as connection:
            notes = select(func.count()).where(TIMELINE_EVENT.c.kind == EventKind.NOTE.value)
            return int(connection.execute(notes).scalar_one())
    finally:
        database.close()


def _print(rows: Sequence[dict[str, Any]], rate: float) -> None:
    columns = ("database", "p50 ms", "p99 ms", "target", "longest ms", "commands/s", "not recorded", "in the ledger")
    shown = [
        (
            row["database"],
            row["p50"].shown(),
            row["p99"].shown(),
            f"< {TARGET_MILLISECONDS:g}",
            row["longest"].shown(),
            row["achieved"].shown(),
            str(row["unrecorded"]),
            str(row["notes_in_ledger"]),
        )
        for row in rows
    ]
    print_table(columns, shown)
    late = max(row["client_late_p99"].high for row in rows)
    print(
        f"\n{rate:g} commands a second offered; medians (range) of the rounds. The client began at worst {late:.1f} ms"
    )
    print("late (p99 of a round), which counts as waiting. It and the fake workspace share the processor with the bot.")


if __name__ == "__main__":
    sys.exit(main())
