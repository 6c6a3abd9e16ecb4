"""The recording workspace of the kill campaign: `tests.fake_slack`, which may see the bot die during any call."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.kill_bot import Moment, Trap
from tests.fake_slack import FakeSlack


@dataclass(slots=True)
class DeadlySlack(FakeSlack):
    """A workspace that springs `trap` when a call arrives, or once it is performed and before it is answered."""

    trap: Trap | None = None
    answers: dict[str, str] = field(default_factory=dict)
    answered: threading.Condition = field(default_factory=threading.Condition)

    def perform(self, method: str, arguments: Mapping[str, Any]) -> tuple[int, dict[str, str], dict[str, Any] | None]:
        """Answer one call, unless the caller dies of it."""
        trap = self.trap
        if trap and trap.saw(Moment.CALLED, method):
            return 0, {}, None
        answer = FakeSlack.perform(self, method, arguments)
        if trap and trap.saw(Moment.PERFORMED, method):
            return 0, {}, None
        return answer

    def respond(self, path: str, body: dict[str, Any]) -> int:
        """Take an answer to a press, kept by its address."""
        with self.answered:
            self.answers[path] = str(body.get("text") or "")
            self.answered.notify_all()
        return 200

    def answer_at(self, path: str, patience_seconds: float) -> str | None:
        """What the presser was told, if that came."""
        with self.answered:
            self.answered.wait_for(lambda: path in self.answers, patience_seconds)
            return self.answers.get(path)
