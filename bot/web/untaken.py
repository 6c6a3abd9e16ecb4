"""Events and reports of pages that are not taken: few look at what their systems are answered, so people hear of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from analysis import operator_notes
from analysis.errors import DebriefError, Unavailable
from analysis.masking import masked
from bot.usecases.hourly_notes import HourlyNotes
from bot.web.signatures import WrongSignatureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What the operator reads where a request of it cannot be its own, and where one is refused for a reason."""

    unproven: str
    refused: Callable[[str], str]


PAGER = Sender(unproven=operator_notes.pager_unproven(), refused=operator_notes.reports_refused)


def sender_of_events(source: str) -> Sender:
    """The sender of deploys and other events that settings call *source*."""
    return Sender(
        unproven=operator_notes.events_unproven(source),
        refused=lambda because: operator_notes.events_refused(source, because),
    )


class Untaken:
    """Tells the operator hourly of each sender; what is to be sent again later is not refused."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        """Everything was taken so far."""
        self._notes = HourlyNotes(tell)

    @contextmanager
    def told(self, sender: Sender, now: datetime) -> Iterator[None]:
        """Tell of what is raised within, which goes on to whoever answers it."""
        try:
            yield
        except WrongSignatureError:
            self._notes.tell(sender.unproven, sender.unproven, now)
            raise
        except DebriefError as error:
            if not isinstance(error, Unavailable):
                self._notes.tell(f"refused {sender.unproven}", sender.refused(masked(error.message)), now)
            raise
