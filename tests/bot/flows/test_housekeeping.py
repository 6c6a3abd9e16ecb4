"""What may stay for a while only is deleted when its time is over, whether or not anything else happens."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from analysis.errors import Unavailable
from bot.flows.housekeeping import Housekeeping
from bot.ports.records import Changes, HeldMessage
from bot.store.record.expiry import Expiry
from bot.store.record.tables import HELD_MESSAGE
from bot.store.writing.transaction import HELD_FOR
from tests.bot.store.parts import Store

PATIENCE_SECONDS = 30.0


def hold(store: Store, ts: str) -> None:
    """Keep an edit of a message that nobody has marked."""
    held = HeldMessage(channel="C1", ts=ts, body={"text": f"edited {ts}"})
    store.write(lambda _reads, _command: Changes(held=(held,)))


def rows(store: Store) -> list[str]:
    """Read from the table itself which messages are held."""
    with store.database.reading() as connection:
        return list(connection.execute(select(HELD_MESSAGE.c.ts).order_by(HELD_MESSAGE.c.ts)).scalars())


def wait_for(wanted: list[str], store: Store) -> bool:
    """Whether the table came to hold what is *wanted* before patience ended."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while rows(store) != wanted and time.monotonic() < ends:
        time.sleep(0.005)
    return rows(store) == wanted


@pytest.fixture
def housekeeping(store: Store) -> Iterator[Housekeeping]:
    """Yield housekeeping that a test starts, in an hour that never comes again."""
    made = Housekeeping(Expiry(store.writer), interval_seconds=3600)
    yield made
    made.stop()
    store.clock.instant += 2 * HELD_FOR
    Expiry(store.writer).clear()


def test_expired_edits_are_deleted_right_at_the_start(store: Store, housekeeping: Housekeeping) -> None:
    """What expired while no process ran does not wait for the next edit; what has not expired stays."""
    hold(store, "1.1")
    store.clock.instant += HELD_FOR - timedelta(seconds=1)
    hold(store, "2.2")
    store.clock.instant += timedelta(seconds=1)

    housekeeping.start()

    assert wait_for(["2.2"], store)


def test_edits_are_deleted_again_and_again(store: Store) -> None:
    """A process that runs for months deletes what expires meanwhile."""
    housekeeping = Housekeeping(Expiry(store.writer), interval_seconds=0.01)
    housekeeping.start()
    hold(store, "1.1")
    was_held = rows(store)

    store.clock.instant += HELD_FOR

    assert was_held == ["1.1"]
    assert wait_for([], store)
    housekeeping.stop()


def test_clearing_says_how_much_it_deleted(store: Store) -> None:
    """The count is of rows, none the second time."""
    hold(store, "1.1")
    hold(store, "1.1")
    store.clock.instant += HELD_FOR

    assert [Expiry(store.writer).clear() for _ in range(2)] == [2, 0]
    with store.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(HELD_MESSAGE)).scalar() == 0


class Failing:
    """Fails as told first, then counts."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = iter(failures)
        self.cleared = threading.Semaphore(0)

    def clear(self) -> int:
        """Fail or count."""
        for failure in self._failures:
            raise failure
        self.cleared.release()
        return 1


@pytest.mark.parametrize("failure", [Unavailable("the disk is full"), RuntimeError("a bug")], ids=["outage", "bug"])
def test_housekeeping_outlives_a_failure(failure: Exception) -> None:
    """A time that fails is followed by the next one."""
    rooms = Failing(failure, failure)
    housekeeping = Housekeeping(rooms, interval_seconds=0.005)

    housekeeping.start()

    assert rooms.cleared.acquire(timeout=PATIENCE_SECONDS)
    housekeeping.stop()
