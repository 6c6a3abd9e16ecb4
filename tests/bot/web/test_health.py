"""`/healthz` of a served bot: what it tells, and that it tells the truth when nothing can be recorded any more."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.store.proof.verification import verify_database
from tests.bot.store.disk import little_room
from tests.slack_room import RESPONDER, Answer, Room, open_room

EVENT: Mapping[str, Any] = {"kind": "event", "text": "Certificate renewed " + "at length " * 150}
LONGEST_SECONDS = 1.5
#: As many as no rest of the last pages has room for.
MANY = 30


@pytest.fixture
def watched_room(ready_sqlite_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room whose writer is tried again and again, as it is every few seconds elsewhere."""
    with open_room(ready_sqlite_url, tmp_path, probe_interval_seconds=0.05) as room:
        yield room


def health(room: Room) -> Answer:
    """Ask how the bot is."""
    return room.get("/healthz")


def test_health_tells_how_the_process_is(own_room: Room) -> None:
    """Database, writer, Slack, who sends, when heads were anchored, what waits, and which lanes are parked."""
    own_room.settle()

    answer = health(own_room)

    told = answer.json
    assert answer.status == 200
    assert (told["status"], told["database"], told["writer"], told["sends"]) == ("ok", "ok", "ok", True)
    assert told["deliveries"] == {"pending": 0, "sending": 0, "unknown": 0}
    assert told["oldest_open_seconds"] is None
    assert told.keys() >= {"slack", "anchored_seconds_ago", "parked_lanes"}


def test_full_disk_is_told_by_everybody_and_leaves_no_part_of_anything(watched_room: Room) -> None:
    """Fault 24: senders get 503, people their sentence, `/healthz` says failing; the record is what was acknowledged.

    Once there is room everything goes on without a restart.
    """
    number, channel = watched_room.declare()
    store = watched_room.app.store
    with little_room(store.database, store.writer, pages=12):
        sent = [watched_room.webhook({**EVENT, "incident": number}, key=f"event:{count}") for count in range(MANY)]
        failing = watched_room.wait_for("the probe", lambda: (told := health(watched_room)).status == 503 and told)
        told = watched_room.ask(RESPONDER, "note " + "rolled back " * 200, channel)
    watched_room.wait_for("the writer", lambda: health(watched_room).status == 200)
    again = watched_room.webhook({**EVENT, "incident": number}, key="event:again")

    recorded = [event for event in watched_room.events(number) if event.source == "webhook"]
    statuses = [answer.status for answer in sent]
    assert set(statuses) == {200, 503}
    assert all(answer.headers["retry-after"] for answer in sent if answer.status == 503)
    assert failing.json["writer"] == "The database cannot write: its disk is full or read-only."
    assert "disk is full or read-only" in told
    assert (again.status, len(recorded)) == (200, statuses.count(200) + 1)
    assert verify_database(store.database, sealer=store.sealer, anchors=None).findings == ()


def test_stuck_writer_is_told_without_waiting_for_it(watched_room: Room) -> None:
    """While nothing can be committed, the answer comes within its own bound and says since when."""
    gate = threading.Event()
    held = watched_room.app.store.writer.call(lambda _: gate.wait(30))
    try:
        failing = watched_room.wait_for("the probe", lambda: (told := health(watched_room)).status == 503 and told)
    finally:
        gate.set()

    assert held.result(5)
    assert failing.seconds < LONGEST_SECONDS
    assert failing.json["writer"].startswith("The writer has not answered for ")
    assert failing.json["database"] == "ok"


def test_process_that_cannot_say_who_sends_is_failing(watched_room: Room) -> None:
    """Where it cannot ask for the right to send, perhaps nobody sends: that is not the same as waiting for its turn."""
    lock = Path(f"{watched_room.app.store.database.url.database}.lanes.lock")
    lock.unlink()
    lock.mkdir()
    watched_room.app.dispatcher.wake()

    failing = watched_room.wait_for("the lock", lambda: (told := health(watched_room)).status == 503 and told)
    lock.rmdir()

    assert (
        failing.json["database"]
        == f"Nothing is sent, because the lock {lock} cannot be opened: Is a directory. Mend that."
    )
    assert failing.json["sends"] is False
    assert watched_room.wait_for("its turn", lambda: health(watched_room).json["sends"])


@pytest.mark.postgres
@pytest.mark.parametrize("is_queued", [False, True], ids=["held", "waited for"])
def test_table_that_somebody_keeps_locked_is_told_in_time(
    ready_postgres_url: str, tmp_path: Path, *, is_queued: bool
) -> None:
    """Whoever records waits behind that, also where it is still waited for: health says which table, and whose lock.

    The lanes and the writer's own row have nothing to do with it, so that all the rest is well.
    """
    address = ready_postgres_url.replace("+psycopg", "")
    with (
        open_room(ready_postgres_url, tmp_path) as room,
        psycopg.connect(address) as reader,
        psycopg.connect(address) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        process = other.info.backend_pid
        reader.execute("SELECT count(*) FROM incident" if is_queued else "SELECT 1")
        locking = pool.submit(other.execute, "LOCK TABLE incident IN ACCESS EXCLUSIVE MODE")
        failing = room.wait_for("the lock", lambda: (told := health(room)).status == 503 and told)
        reader.rollback()
        locking.result(30)
        other.rollback()
        afterwards = room.wait_for("the end", lambda: (told := health(room)).status == 200 and told)

    assert failing.json["database"] == (
        f"Another program keeps the table incident locked (process {process} of PostgreSQL): nothing "
        "that needs it is recorded until that one has ended."
    )
    assert failing.seconds < LONGEST_SECONDS
    assert afterwards.json["database"] == "ok"
