"""Processes that make drafts with a model and are killed at a step; run as a script that forks one for each request.

Each line of its input is a JSON object: the settings, the instant of the clock and the step. A process kills itself
right after that step, as a machine that loses power would; the answer is the signal that ended it.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import bot.llm.endpoint  # noqa: F401 - it loads for a second, once for all processes
from bot.app import build
from bot.flows.dispatcher import Dispatcher
from bot.flows.writing import ModelWriting
from bot.late import build_author, build_drafts, build_signing, patience_of
from bot.ports.records import DeliveryKind
from bot.settings import Settings
from tests.slack_room import MovingClock

#: The steps of a draft for which two questions are asked, in order.
STEPS = (
    "redacted",
    "reserved 1",
    "asked 1",
    "ended 1",
    "reserved 2",
    "asked 2",
    "ended 2",
    "written",
    "settled 1",
)
LONGEST_LIFE_SECONDS = 60


@dataclass(slots=True)
class Fate:
    """Kills this process right after the step that it names, which may be reached several times."""

    step: str
    times: dict[str, int]

    def after(self, name: str, *, counted: bool = True) -> None:
        """Die here if this is the step."""
        self.times[name] = self.times.get(name, 0) + 1
        reached = f"{name} {self.times[name]}" if counted else name
        if reached == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """Any object, with fate looking at it after one of its methods; calls are passed on as they are."""

    def __init__(self, inner: Any, fate: Fate, steps: dict[str, str]) -> None:
        """*steps* gives the step of a method's name."""
        self._inner, self._fate, self._steps = inner, fate, steps

    def __getattr__(self, name: str) -> Any:
        """The inner attribute; a watched method dies after it has returned."""
        found = getattr(self._inner, name)
        return self._dying(found, self._steps[name]) if name in self._steps else found

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it, and die if its calls are watched."""
        return self._dying(self._inner, self._steps["()"], counted=False)(*arguments, **named)

    def _dying(self, method: Callable[..., Any], step: str, *, counted: bool = True) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            result = method(*arguments, **named)
            self._fate.after(step, counted=counted)
            return result

        return call


def watched(author: ModelWriting, fate: Fate) -> Any:
    """*author* with fate at each of its steps."""

    @contextmanager
    def opened(gate: Any) -> Iterator[Any]:
        with author.open_model(gate) as model:
            yield Watched(model, fate, {"ask": "asked"})

    doomed = replace(
        author,
        redaction=Watched(author.redaction, fate, {"()": "redacted"}),
        calls=Watched(author.calls, fate, {"begin": "reserved", "end": "ended"}),
        open_model=opened,
    )
    return Watched(doomed, fate, {"()": "written"})


def live(order: dict[str, Any]) -> None:
    """Make the drafts that wait until killed, or for long enough that a test fails."""
    settings = Settings(**order["settings"])
    clock = MovingClock(instant=datetime.fromisoformat(order["now"]))
    fate = Fate(step=order["step"], times={})
    app = build(settings, clock=clock)
    author = build_author(settings, app.store, clock)
    assert isinstance(author, ModelWriting)
    drafts = build_drafts(
        build_signing(settings),
        app.store.snapshots,
        app.directory.name,
        author=watched(author, fate),
        patience=patience_of(settings),
    )
    outbox: Any = Watched(app.store.outbox, fate, {"settle_sent": "settled"})
    Dispatcher(outbox, {DeliveryKind.MAKE_DRAFT: drafts.make}, clock).start()
    time.sleep(LONGEST_LIFE_SECONDS)


def main() -> None:
    """Fork a process for each line."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(json.loads(line))
            os._exit(1)
        _, state = os.waitpid(child, 0)
        sys.stdout.write(f"{os.WTERMSIG(state) if os.WIFSIGNALED(state) else 0}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
