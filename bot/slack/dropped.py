"""When Slack drops events, because an app gets no more than so many in an hour (docs.slack.dev, Events API)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.ports.outside import Clock

#: What Slack sends each minute while it drops some.
NOTICE = "app_rate_limited"
TOLD_EVERY = timedelta(hours=1)
SENTENCE = (
    "Slack drops events for Debrief, because there are more than it delivers in an hour. Marks, edits and deletions of "
    "messages may be missing from timelines since: let people mark those messages again, and take Debrief out of busy "
    "channels without an incident."
)


class DroppedEvents:
    """Tells the operator, once an hour while it goes on."""

    def __init__(self, clock: Clock, tell_operator: Callable[[str], None]) -> None:
        """Nothing was dropped yet."""
        self._clock = clock
        self._tell_operator = tell_operator
        self._told_at: datetime | None = None

    def notice(self) -> None:
        """Slack says that it drops events."""
        now = self._clock.now()
        if self._told_at is None or abs(now - self._told_at) >= TOLD_EVERY:
            self._told_at = now
            self._tell_operator(SENTENCE)
