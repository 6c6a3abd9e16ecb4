"""What follows answers, and looks at the record, is begun in turn, and holds up nobody who stops the process."""

import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from analysis.errors import Unavailable
from bot.slack.daemons import Daemons
from bot.slack.incoming.listeners import LAST_SECONDS
from tests.fake_slack import Fault
from tests.slack_room import RESPONDER, Room

PATIENCE_SECONDS = 20.0
#: What is left of a process with one look that never ends, once it is stopped.
_STOPPED = """
import threading
from bot.slack.daemons import Daemons
from bot.slack.incoming.listeners import LAST_SECONDS
looks, begun = Daemons(2, "look"), threading.Event()
looks.submit(lambda: (begun.set(), threading.Event().wait(60)))
begun.wait()
looks.stop()
"""


def test_process_ends_at_once_though_a_look_stands_still() -> None:
    """A database that does not answer is why somebody restarts it; who stops it kills it after ten seconds."""
    root = str(Path(__file__).parents[3])
    began = time.monotonic()

    subprocess.run([sys.executable, "-c", _STOPPED], cwd=root, check=True, timeout=PATIENCE_SECONDS)

    assert time.monotonic() - began < PATIENCE_SECONDS


def test_as_many_as_there_are_threads_look_at_once() -> None:
    """What comes behind them waits, and is begun when one is done."""
    looks, gate, seen = Daemons(2, "look"), threading.Event(), threading.Barrier(3)

    def look() -> str:
        seen.wait(PATIENCE_SECONDS)
        gate.wait(PATIENCE_SECONDS)
        return threading.current_thread().name

    both = [looks.submit(look) for _ in range(2)]
    seen.wait(PATIENCE_SECONDS)
    third = looks.submit(lambda: "third")
    waits = not third.done()
    gate.set()

    assert sorted(one.result(PATIENCE_SECONDS) for one in both) == ["look_1", "look_2"]
    assert (waits, third.result(PATIENCE_SECONDS)) == (True, "third")
    looks.stop()


def test_what_a_look_raises_comes_to_whoever_asked() -> None:
    """And its thread looks on for others."""
    looks = Daemons(1, "look")

    with pytest.raises(KeyError):
        looks.submit(lambda: {}["gone"]).result(PATIENCE_SECONDS)

    assert looks.submit(lambda: 1).result(PATIENCE_SECONDS) == 1
    looks.stop()


def test_nothing_is_begun_after_the_stop() -> None:
    """What waited is cancelled, and who comes later reads that it is being stopped."""
    looks, gate, begun = Daemons(1, "look"), threading.Event(), threading.Event()
    first = looks.submit(lambda: begun.set() or gate.wait(PATIENCE_SECONDS))
    second = looks.submit(lambda: 2)
    begun.wait(PATIENCE_SECONDS)

    looks.stop()
    gate.set()

    assert first.result(PATIENCE_SECONDS)
    with pytest.raises(CancelledError):
        second.result(PATIENCE_SECONDS)
    with pytest.raises(Unavailable, match="is being stopped"):
        looks.submit(lambda: 3)


def test_stop_waits_for_what_is_soon_done_and_not_for_good() -> None:
    """What was submitted is finished within the patience, queued or begun; what takes longer is left."""
    quick, slow, gate = Daemons(1, "work"), Daemons(1, "work"), threading.Event()
    done = [quick.submit(lambda n=n: n) for n in range(20)]
    stuck = slow.submit(lambda: gate.wait(PATIENCE_SECONDS))

    quick.stop(patience_seconds=PATIENCE_SECONDS)
    began = time.monotonic()
    slow.stop(patience_seconds=0.1)
    took = time.monotonic() - began
    gate.set()

    assert [one.result(0) for one in done] == list(range(20))
    assert took < PATIENCE_SECONDS / 2
    assert stuck.result(PATIENCE_SECONDS)


def test_forms_that_a_slow_slack_does_not_take_hold_up_no_restart(own_room: Room) -> None:
    """Each would be waited for until it times out, one behind the other, while nobody takes alerts."""
    gate = threading.Event()
    own_room.slack.break_down(Fault(method="views.open", times=None, gate=gate))
    for _ in range(24):
        own_room.press_only(RESPONDER, "form.open:declare", "")
    began = time.monotonic()

    own_room.app.slack.stop()

    took = time.monotonic() - began
    gate.set()
    assert took < 2 * LAST_SECONDS
