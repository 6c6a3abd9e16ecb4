"""Heads are written down on a schedule, once more at the end, and whatever went wrong before."""

import threading
from collections.abc import Iterator

import pytest

from analysis.errors import Unavailable
from bot.flows.anchoring import Anchoring
from bot.store.proof.anchors import Anchored

PATIENCE_SECONDS = 30.0


class Recorded:
    """Counts how often it was asked to anchor; fails as told first."""

    def __init__(self, *failures: Exception) -> None:
        self.times = 0
        self.reached = threading.Semaphore(0)
        self._failures: Iterator[Exception] = iter(failures)

    def anchor(self) -> Anchored:
        """Count, and fail or not."""
        self.times += 1
        for failure in self._failures:
            self.reached.release()
            raise failure
        self.reached.release()
        return Anchored(moved=1, contradicted=("#7",))

    def wait(self, times: int) -> bool:
        """Whether it was asked so many times before patience ended."""
        return all(self.reached.acquire(timeout=PATIENCE_SECONDS) for _ in range(times))


def nobody(_: str) -> None:
    """Hear what an operator is told, and forget it."""


def test_anchoring_repeats_on_its_schedule() -> None:
    """Heads are written down again and again, without anybody asking."""
    anchors = Recorded()
    anchoring = Anchoring(anchors, interval_seconds=0.005, tell_operator=nobody)

    anchoring.start()

    assert anchors.wait(3)
    anchoring.stop()


def test_anchoring_writes_once_more_when_it_stops() -> None:
    """What moved since the last time is written down before the process ends."""
    anchors = Recorded()
    anchoring = Anchoring(anchors, interval_seconds=3600, tell_operator=nobody)
    anchoring.start()
    assert anchors.wait(1)

    anchoring.stop()

    assert anchors.times == 2  # at start, too


@pytest.mark.parametrize("failure", [Unavailable("the disk is full"), RuntimeError("a bug")], ids=["outage", "bug"])
def test_anchoring_outlives_a_failure(failure: Exception) -> None:
    """A time that fails is followed by the next one."""
    anchors = Recorded(failure, failure)
    anchoring = Anchoring(anchors, interval_seconds=0.005, tell_operator=nobody)

    anchoring.start()

    assert anchors.wait(3)
    anchoring.stop()


def test_file_that_is_gone_is_told() -> None:
    """The operator hears that the proof of what was recorded before is gone, and that it goes on."""
    told: list[str] = []

    class Lost(Recorded):
        def anchor(self) -> Anchored:
            super().anchor()
            return Anchored(lost="/mnt/anchors.jsonl" if self.times == 2 else "")

    anchors = Lost()
    anchoring = Anchoring(anchors, interval_seconds=0.005, tell_operator=told.append)
    anchoring.start()
    assert anchors.wait(4)
    anchoring.stop()

    assert len(told) == 1
    assert told[0].startswith("The anchors file /mnt/anchors.jsonl is gone, or has lost heads that were written to it")


def test_record_that_is_not_what_was_anchored_is_told_once() -> None:
    """The operator hears which record was brought back or rewritten, not every five minutes."""
    told: list[str] = []
    anchors = Recorded()
    anchoring = Anchoring(anchors, interval_seconds=0.005, tell_operator=told.append)
    anchoring.start()

    assert anchors.wait(4)

    anchoring.stop()
    (sentence,) = told
    assert sentence.startswith("The record of #7 is not what was anchored")


@pytest.mark.parametrize(("failures", "notes"), [(1, 0), (2, 1), (5, 1)])
def test_anchors_that_cannot_be_written_are_told_once(failures: int, notes: int) -> None:
    """Else nobody would know for weeks that a rewriting could not be excluded; a moment's trouble is no news."""
    told: list[str] = []
    full = Unavailable("The anchor file /mnt/anchors.jsonl cannot be written: No space left on device.")
    anchors = Recorded(*[full] * failures)
    anchoring = Anchoring(anchors, interval_seconds=0.005, tell_operator=told.append)
    anchoring.start()

    assert anchors.wait(failures + 1)

    anchoring.stop()
    assert [sentence for sentence in told if "No space left on device. The record goes on" in sentence] == told[:notes]
