"""The outside heartbeat: silence is the alarm, whatever it is silent for."""

import itertools
import logging
import threading
from collections.abc import Callable

import pytest

from analysis.errors import Unavailable
from bot.flows.heartbeat import Heartbeat

PATIENCE_SECONDS = 30.0
#: So many turns something is wrong.
TURNS = 3


def wrong_at_first(wrong: str | Exception) -> Callable[[], str]:
    """What is *wrong* for some turns, said or raised, and nothing after that."""
    turns = itertools.count(1)

    def look() -> str:
        if next(turns) > TURNS:
            return ""
        if isinstance(wrong, Exception):
            raise wrong
        return wrong

    return look


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param("nothing asks the pager", "nothing asks the pager", id="a problem"),
        pytest.param(Unavailable("The database does not answer."), "The database does not answer.", id="no answer"),
        pytest.param(ValueError("odd"), "an unexpected error; see the log", id="a fault of ours"),
    ],
)
def test_heart_is_silent_whatever_is_wrong_and_says_so_once(
    wrong: str | Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither ends its thread, nor passes for a beat; afterwards it beats again by itself."""
    caplog.set_level(logging.INFO, "bot.flows.heartbeat")
    look, turns, states = wrong_at_first(wrong), itertools.count(1), []
    has_beaten = threading.Event()

    def problem() -> str:
        if next(turns) > 1:
            states.append((heart.is_beating, heart.beat_at, has_beaten.is_set()))
        return look()

    heart = Heartbeat(has_beaten.set, problem, interval_seconds=0.001)
    heart.start()
    assert has_beaten.wait(PATIENCE_SECONDS)
    heart.stop()

    told = [(record.message, getattr(record, "because", "")) for record in caplog.records if record.exc_info is None]
    assert states[:TURNS] == [(False, 0.0, False)] * TURNS
    assert (heart.is_beating, heart.beat_at > 0) == (True, True)
    assert told == [("no heartbeat", said), ("the heart beats again", "")]


def test_call_that_is_not_heard_is_no_beat(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever watches refuses it, or cannot be reached: to them the heart is silent, and here it says so."""
    caplog.set_level(logging.INFO, "bot.flows.heartbeat")
    beat, beaten = wrong_at_first(Unavailable("the heartbeat was answered 500")), threading.Event()

    def call() -> None:
        beat()
        beaten.set()

    heart = Heartbeat(call, lambda: "", interval_seconds=0.001)
    heart.start()
    assert beaten.wait(PATIENCE_SECONDS)
    heart.stop()

    assert [record.message for record in caplog.records] == ["no heartbeat", "the heart beats again"]
