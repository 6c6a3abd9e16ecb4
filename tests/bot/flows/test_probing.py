"""A writer that cannot commit, or does not answer, shows within moments, and so does one that can again."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.flows.probing import Probing
from bot.store.database.engine import open_database
from bot.store.database.probe import probe
from bot.store.migrate import upgrade
from bot.store.record.tables import LANE
from tests.bot.store.disk import little_room
from tests.bot.store.parts import Store, open_store

PATIENCE_SECONDS = 30.0


@pytest.fixture
def probing(store: Store) -> Iterator[Probing]:
    """Yield probing of each database's writer, in quick succession."""
    made = Probing(partial(probe, store.writer), interval_seconds=0.01, patience_seconds=0.1)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def file_store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a store on a SQLite file of its own, which a test may fill."""
    database = open_database(sqlite_url)
    upgrade(database)
    with open_store(database, tmp_path / "debrief.key") as opened:
        yield opened
    database.close()


def comes(true: Callable[[], bool]) -> bool:
    """Whether it comes *true* before patience ends."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not true() and time.monotonic() < ends:
        time.sleep(0.005)
    return true()


def test_writer_that_commits_has_no_problem_and_nothing_is_left(store: Store) -> None:
    """Probes leave no row, and count as no lane."""
    for _ in range(3):
        probe(store.writer).result(PATIENCE_SECONDS)

    with store.database.reading() as connection:
        assert connection.execute(select(LANE)).all() == []


def test_stuck_writer_shows_and_recovers(store: Store, probing: Probing) -> None:
    """One probe waits, however long; the problem goes with what held the writer up."""
    gate = threading.Event()
    held = store.writer.call(lambda _: gate.wait(PATIENCE_SECONDS))

    is_seen = comes(lambda: probing.problem.startswith("The writer has not answered for "))
    gate.set()

    assert is_seen
    assert held.result(PATIENCE_SECONDS)
    assert comes(lambda: not probing.problem)


def test_full_disk_shows_and_recovers(file_store: Store) -> None:
    """The sentence says what is wrong; once there is room again nothing has to be restarted."""
    probing = Probing(partial(probe, file_store.writer), interval_seconds=0.01, patience_seconds=0.1)
    with little_room(file_store.database, file_store.writer, pages=0):
        probing.start()
        is_seen = comes(lambda: probing.problem == "The database cannot write: its disk is full or read-only.")

    assert is_seen
    assert comes(lambda: not probing.problem)
    probing.stop()


def test_probe_that_fails_unforeseen_is_a_problem_too() -> None:
    """The thread outlives it."""
    failures = iter([RuntimeError("a bug")])

    def broken() -> Future[None]:
        answer: Future[None] = Future()
        failure = next(failures, None)
        if failure:
            answer.set_exception(failure)
        else:
            answer.set_result(None)
        return answer

    probing = Probing(broken, interval_seconds=0.01, patience_seconds=0.2)
    probing.start()

    assert comes(lambda: probing.problem.startswith("The writer failed in a way that Debrief did not foresee"))
    assert comes(lambda: not probing.problem)
    probing.stop()
