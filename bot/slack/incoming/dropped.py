"""What of Slack does not reach the record: what Slack drops (docs.slack.dev, Events API), and what is mistimed."""

import logging
from collections.abc import Callable
from datetime import timedelta

from analysis.wording import length
from bot.ports.outside import Clock
from bot.usecases.hourly_notes import HourlyNotes

log = logging.getLogger(__name__)

#: What Slack sends each minute while it drops some.
NOTICE = "app_rate_limited"
SENTENCE = (
    "Slack drops events for Debrief, because there are more than it delivers in an hour. Marks, edits and deletions of "
    "messages may be missing from timelines since: let people mark those messages again, and take Debrief out of busy "
    "channels without an incident."
)
_MISTIMED = (
    "A request that Slack signed was refused, because it seems to be {length} {which}. If what people type in Slack "
    "fails, the clock of Debrief's machine is wrong: put it right, and let people repeat what they said. If not, "
    "somebody sends again what Slack sent before."
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

    def mistimed(self, seconds: float) -> None:
        """A request was refused that Slack signed so many *seconds* ago, by the clock of this machine."""
        which = "old" if seconds > 0 else "ahead of now"
        sentence = _MISTIMED.format(length=length(timedelta(minutes=round(abs(seconds) / 60))), which=which)
        log.warning("request of Slack refused", extra={"seconds_old": round(seconds)})
        self._notes.tell("mistimed", sentence, self._clock.now())
