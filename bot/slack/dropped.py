"""When Slack drops events, because an app gets no more than so many in an hour (docs.slack.dev, Events API)."""

from collections.abc import Callable

from bot.ports.outside import Clock
from bot.usecases.hourly_notes import HourlyNotes

#: What Slack sends each minute while it drops some.
NOTICE = "app_rate_limited"
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
        self._notes = HourlyNotes(tell_operator)

    def notice(self) -> None:
        """Slack says that it drops events."""
        self._notes.tell(NOTICE, SENTENCE, self._clock.now())
