"""A thread of rounds begins, looks when it is woken, outlives its failures and ends when it is told to."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from analysis.errors import Unavailable
from bot.flows.worker import Worker

PATIENCE_SECONDS = 30.0
NEVER_SECONDS = 3600.0


class Rounds:
    """Counts rounds, each of which says how long there is nothing to do; fails as told first."""

    def __init__(self, *failures: Exception, seconds: float = NEVER_SECONDS) -> None:
        self.times = 0
        self._failures = iter(failures)
        self._seconds = seconds
        self._reached = threading.Semaphore(0)

    def __call__(self) -> float:
        """Count, and fail or not."""
        self.times += 1
        self._reached.release()
        for failure in self._failures:
            raise failure
        return self._seconds

    def come(self, times: int) -> bool:
        """Whether there were so many more rounds before patience ended."""
        return all(self._reached.acquire(timeout=PATIENCE_SECONDS) for _ in range(times))


@contextmanager
def working(work: Callable[[], float]) -> Iterator[Worker]:
    """Run a worker and end it; ending takes no longer than patience."""
    worker = Worker("rounds", work, when_failing="nothing done", pause_seconds=0.005)
    worker.start()
    try:
        yield worker
    finally:
        began = time.monotonic()
        worker.stop()
        assert time.monotonic() - began < PATIENCE_SECONDS


def is_running() -> bool:
    """Whether a thread of a worker is alive."""
    return any(thread.name == "rounds" for thread in threading.enumerate())


def test_worker_begins_at_once_and_goes_on_when_its_rest_is_over() -> None:
    """The first round waits for nothing, the next ones for as long as the last one said."""
    rounds = Rounds(seconds=0.005)

    with working(rounds):
        assert rounds.come(3)


def test_waking_begins_the_next_round() -> None:
    """A worker with nothing to do for an hour looks at once when it is woken, and only then."""
    rounds = Rounds()

    with working(rounds) as worker:
        assert rounds.come(1)
        worker.wake()
        assert rounds.come(1)

    assert rounds.times == 2


def test_waking_during_a_round_is_followed_by_another() -> None:
    """What comes while a round looks is not overlooked."""
    rounds = Rounds()
    woken: list[bool] = []

    def wakes_once() -> float:
        if not rounds.times:
            worker.wake()
        woken.append(worker.is_woken)
        return rounds()

    worker = Worker("rounds", wakes_once, when_failing="nothing done")
    worker.start()

    assert rounds.come(2)
    worker.stop()
    assert woken == [True, False]


@pytest.mark.parametrize("failure", [Unavailable("the disk is full"), RuntimeError("a bug")], ids=["outage", "bug"])
def test_worker_outlives_a_failure(failure: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """A round that fails is on the log in the worker's own words, and the next one comes after a pause."""
    rounds = Rounds(failure, failure)

    with working(rounds):
        assert rounds.come(3)

    assert [record.message for record in caplog.records] == ["nothing done", "nothing done"]


def test_failures_rest_whatever_wakes() -> None:
    """Where nothing works, each commit does not make it try again."""
    rounds = Rounds(Unavailable("the disk is full"))
    worker = Worker("rounds", rounds, when_failing="nothing done", pause_seconds=NEVER_SECONDS)
    worker.start()
    assert rounds.come(1)

    worker.wake()
    worker.stop()

    assert rounds.times == 1


def test_stopping_ends_the_thread_however_its_last_round_went() -> None:
    """Nothing is left running behind a worker that stopped between, during or after rounds that fail."""
    began = time.monotonic()
    for failures in ([], [RuntimeError("a bug")]) * 50:
        worker = Worker("rounds", Rounds(*failures), when_failing="nothing done", pause_seconds=NEVER_SECONDS)
        worker.start()
        worker.stop()

    assert not is_running()
    assert time.monotonic() - began < PATIENCE_SECONDS  # no stop came between two looks and was overlooked


def test_stopping_waits_for_the_round_and_ends_its_rest() -> None:
    """A round that was begun is finished, and what rests within it does not hold up the end."""
    finished = threading.Event()
    begun = threading.Event()

    def rests() -> float:
        begun.set()
        worker.rest(NEVER_SECONDS)
        finished.set()
        return 0.0

    worker = Worker("rounds", rests, when_failing="nothing done")
    worker.start()
    assert begun.wait(PATIENCE_SECONDS)

    worker.stop()

    assert finished.is_set()
    assert not is_running()


def test_stopping_twice_or_before_the_start_does_nothing() -> None:
    """Whoever cleans up after a start that failed half-way need not know how far it came."""
    rounds = Rounds()
    worker = Worker("rounds", rounds, when_failing="nothing done", at_end=rounds)

    worker.stop()
    worker.stop()

    assert rounds.times == 0


@pytest.mark.parametrize("failures", [(), (RuntimeError("a bug"),) * 2], ids=["well", "failing"])
def test_the_end_is_done_once_after_the_last_round(failures: tuple[Exception, ...]) -> None:
    """What is owed at the end is done, and one that fails lets the thread end all the same."""
    rounds = Rounds(*failures)
    worker = Worker("rounds", rounds, when_failing="nothing done", at_end=rounds)
    worker.start()
    assert rounds.come(1)

    worker.stop()

    assert rounds.times == 2
    assert not is_running()
