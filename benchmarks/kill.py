"""Kill the bot at random moments while people and systems use it, and check that nothing acknowledged was lost.

Several clients send signed requests (declarations, notes, states, severities, updates, presses, reactions, edits,
webhooks) to a served bot that posts to a recording workspace. SIGKILL falls some time into a life, while it starts,
right after a request left, in the very thread that has just read an acknowledgement, or when Slack has a call and
before it answers; on PostgreSQL the database's own processes are killed, too, in some lives. Then the bot is started
again on the same database. After the last life its lanes drain, and an offline checker compares what each client was
told, what was posted, and the ledger. Answers to one person (`response_url`, ephemerals, forms) are at most once, and
are not counted. Exit status 1 names the first violation.

Example: `python -m benchmarks.kill --kills 100 --database both --seed 7 --warm --json kills.json`
"""

import argparse
import contextlib
import json
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from benchmarks.databases import DIALECTS, database_urls, temporary_folder
from benchmarks.kill_bot import Bot, Moment, Nursery, Trap, open_nursery
from benchmarks.kill_check import Verdict, judge, operator_notes, read_books
from benchmarks.kill_clients import Client, Shared
from benchmarks.kill_slack import DeadlySlack
from benchmarks.measuring import argument_parser, machine, print_machine, print_table, write_json
from bot.store.database.engine import open_database
from bot.store.record.tables import DELIVERY, OPEN_STATES
from tests.slack_requests import SIGNING_SECRET, WEBHOOK_SECRETS
from tests.slack_room import ADMIN, APPROVER, COMMANDER, GONE, OPERATIONS, populate

CLIENTS = 6
#: A life that its trap has not ended by now is ended all the same.
LONGEST_LIFE_SECONDS = 3.0
DRAIN_SECONDS = 240.0
DISTURBED_SHARE = 0.15
#: What the bot says where something went wrong that it was not written for.
UNFORESEEN = re.compile('did not foresee|Traceback|"level": "ERROR"')
POSTING = frozenset({"chat.postMessage", "conversations.create"})
#: How often each moment is drawn.
MOMENTS = {
    Moment.LOAD: 4,
    Moment.STARTING: 1,
    Moment.SENT: 3,
    Moment.ACKNOWLEDGED: 5,
    Moment.CALLED: 3,
    Moment.PERFORMED: 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What came of one campaign on one database."""

    database: str
    kills: int
    moments: dict[str, int]
    disturbances: int
    refused_starts: int
    said: list[str]
    sent: int
    verdict: Verdict
    repeated_attempts: int
    reconciled_posts: int
    operator_notes: list[str]
    seconds: float
    drain_seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Run the campaigns, print what came of them, and say whether a promise was broken."""
    parser = argument_parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--kills", type=int, default=100, help="kills on each database (default: 100)")
    parser.add_argument("--database", choices=[*DIALECTS, "both"], default="both", help="default: both, one by one")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments and what clients do (default: 1)")
    parser.add_argument("--warm", action="store_true", help="fork lives from a process that has imported the bot")
    options = parser.parse_args(arguments)
    dialects = DIALECTS if options.database == "both" else (options.database,)
    with (
        temporary_folder() as folder,
        database_urls(folder, dialects) as databases,
        open_nursery(folder) if options.warm else contextlib.nullcontext() as nursery,
    ):
        facts = machine(folder)
        print_machine(facts)
        campaigns = []
        for dialect in dialects:
            home = folder / f"campaign-{dialect}"
            home.mkdir()
            url = databases.url(dialect)
            campaigns.append(run(url, home, kills=options.kills, seed=options.seed, nursery=nursery))
    _print(campaigns)
    write_json(options.json, facts, [asdict(one) for one in campaigns])
    return _conclude(campaigns)


def run(
    database_url: str,
    folder: Path,
    *,
    kills: int,
    seed: int,
    nursery: Nursery | None = None,
    clients: int = CLIENTS,
    disturbed_share: float = DISTURBED_SHARE,
) -> Campaign:
    """Run one campaign on an empty database, with everything else that it writes below *folder*.

    In *disturbed_share* of the lives on PostgreSQL the server's own processes die, with everybody's sessions.
    """
    began, draw = time.monotonic(), random.Random(seed)
    dialect = make_url(database_url).get_backend_name()
    with DeadlySlack() as slack:
        populate(slack)
        bot = Bot(environment(slack, database_url, folder), folder, nursery)
        shared = Shared(bot, slack)
        moments: Counter[str] = Counter()
        with ThreadPoolExecutor(clients) as pool:
            running = [pool.submit(Client(shared, f"{seed}:{dialect}:{place}").run) for place in range(clients)]
            disturbances = 0
            try:
                for place in range(kills):
                    is_disturbed = dialect == "postgresql" and place > 0 and draw.random() < disturbed_share
                    disturbances += is_disturbed
                    _live(shared, draw, moments, database_url if is_disturbed else "")
                bot.start()
                bot.await_up()
            except BaseException:
                shared.is_aborted = True
                bot.strike()
                raise
            finally:
                shared.is_over = True
        for each in running:
            each.result()
        drained = _drain(database_url)
        bot.stop()
        books = read_books(database_url, folder)
        return Campaign(
            database=dialect,
            kills=kills,
            moments=dict(moments),
            disturbances=disturbances,
            refused_starts=bot.refused_starts,
            said=bot.said(),
            sent=sum(one.sent for one in shared.asked),
            verdict=judge(shared.asked, books, slack),
            repeated_attempts=books.repeated_attempts,
            reconciled_posts=bot.times_logged("delivery reconciled"),
            operator_notes=operator_notes(slack),
            seconds=time.monotonic() - began,
            drain_seconds=drained,
        )


def environment(slack: DeadlySlack, database_url: str, folder: Path) -> dict[str, str]:
    """The settings of a served bot for *slack*, with everything that it writes below *folder*."""
    access: dict[str, Any] = {"commander": ["S0COMMANDERS"], "approver": [APPROVER, COMMANDER], "admin": [ADMIN, GONE]}
    return {
        "DEBRIEF_DATABASE_URL": database_url,
        "DEBRIEF_KEY_FILE": str(folder / "debrief.key"),
        "DEBRIEF_ANCHORS_FILE": str(folder / "anchors.jsonl"),
        "DEBRIEF_ANCHOR_INTERVAL_SECONDS": "0.3",
        "DEBRIEF_SLACK_BOT_TOKEN": "xoxb-fake",
        "DEBRIEF_SLACK_APP_TOKEN": "",
        "DEBRIEF_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "DEBRIEF_SLACK_API_URL": slack.url,
        "DEBRIEF_SLACK_TIMEOUT_SECONDS": "5",
        "DEBRIEF_OPERATIONS_CHANNEL": OPERATIONS,
        "DEBRIEF_ACCESS": json.dumps(access),
        "DEBRIEF_WEBHOOK_SECRETS": json.dumps({"deploys": WEBHOOK_SECRETS}),
        "DEBRIEF_LOG_LEVEL": "INFO",
    }


def _live(shared: Shared, draw: random.Random, moments: Counter[str], disturbed_url: str) -> None:
    """One life: begin, be used, be struck."""
    moment = draw.choices(list(MOMENTS), list(MOMENTS.values()))[0]
    trap = _trap(moment, draw)
    delay = draw.uniform(0.05, 1.5) if moment is Moment.STARTING else draw.uniform(0.2, 1.5)
    shared.trap = shared.slack.trap = trap
    shared.is_disturbed = bool(disturbed_url)
    bot = shared.bot
    bot.start(trap)
    if moment is Moment.STARTING:
        time.sleep(delay)
    elif bot.await_up(trap):
        if disturbed_url:
            time.sleep(draw.uniform(0.05, 0.4))
            disturb(disturbed_url, draw)
        trap.sprung.wait(delay if moment is Moment.LOAD else LONGEST_LIFE_SECONDS)
    moments[moment.value if trap.sprung.is_set() or moment in {Moment.LOAD, Moment.STARTING} else "timed out"] += 1
    bot.up.clear()
    bot.strike()
    bot.bury()
    shared.slack.trap = None


def _trap(moment: Moment, draw: random.Random) -> Trap:
    match moment:
        case Moment.SENT | Moment.ACKNOWLEDGED:
            return Trap(moment, count=draw.randint(1, 30))
        case Moment.CALLED | Moment.PERFORMED:
            methods = POSTING if draw.random() < 0.7 else frozenset()
            return Trap(moment, count=draw.randint(1, 6), methods=methods)
        case _:
            return Trap(moment)


def disturb(database_url: str, draw: random.Random) -> None:
    """End the bot's sessions in the database, or crash one, whereupon the server ends all and recovers."""
    mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
        pids = [pid for (pid,) in connection.execute(mine, ("debrief-write",)).fetchall()]
        if pids and draw.random() < 0.5:
            os.kill(pids[0], signal.SIGKILL)
        for pid in pids:
            connection.execute("SELECT pg_terminate_backend(%s)", (pid,))


def _drain(database_url: str) -> float:
    """Wait until nothing is left to be sent; the seconds that took."""
    began = time.monotonic()
    database = open_database(database_url, only_to_read=True)
    try:
        while time.monotonic() < began + DRAIN_SECONDS:
            with database.reading() as connection:
                if connection.execute(select(DELIVERY.c.seq).where(text(OPEN_STATES)).limit(1)).first() is None:
                    break
            time.sleep(0.1)
    finally:
        database.close()
    return time.monotonic() - began


def _print(campaigns: list[Campaign]) -> None:
    rows: dict[str, Callable[[Campaign], int]] = {
        "kills": lambda one: one.kills,
        "lives in which the database was disturbed": lambda one: one.disturbances,
        "starts refused, the database being away": lambda one: one.refused_starts,
        "HTTP requests sent": lambda one: one.sent,
        "things asked for": lambda one: one.verdict.asked,
        "acknowledged": lambda one: one.verdict.acknowledged,
        "lost": lambda one: len(one.verdict.lost),
        "duplicated": lambda one: len(one.verdict.duplicated),
        "other violations": lambda one: len(one.verdict.other),
        "refused": lambda one: len(one.verdict.refusals),
        "unacknowledged but recorded": lambda one: one.verdict.unacknowledged_but_recorded,
        "ledger entries": lambda one: one.verdict.entries,
        "posts": lambda one: one.verdict.posts,
        "deliveries tried more than once": lambda one: one.repeated_attempts,
        "reconciled posts": lambda one: one.reconciled_posts,
        "seconds": lambda one: round(one.seconds),
        "of them draining": lambda one: round(one.drain_seconds),
    }
    table = [[name, *(f"{value(one):,}" for one in campaigns)] for name, value in rows.items()]
    table += [
        [f"killed: {moment}", *(f"{one.moments.get(str(moment), 0):,}" for one in campaigns)]
        for moment in (*Moment, "timed out")
    ]
    print_table(["", *(one.database for one in campaigns)], table)
    for one in campaigns:
        for said, count in Counter(re.sub(r"#\d+", "#N", said.split("\n")[0]) for said in one.verdict.refusals).items():
            print(f"{one.database}: refused {count} ×: {said}")
        for words, lines in (("the bot said", one.said), ("the operator was told", one.operator_notes)):
            for line, count in Counter(lines).items():
                print(f"{one.database}: {words} {count} ×: {line}")


def _conclude(campaigns: list[Campaign]) -> int:
    broken = [(one.database, each) for one in campaigns for each in one.verdict.violations]
    broken += [(one.database, line) for one in campaigns for line in one.said if UNFORESEEN.search(line)]
    for database, violation in broken[:20]:
        print(f"{database}: {violation}", file=sys.stderr)
    print(f"{len(broken)} violations." if broken else "No violation.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
