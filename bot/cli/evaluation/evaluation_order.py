"""Looks at the alerts of a file on their way: whether there are any, and whether they come in order of arrival."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from analysis.alerts.alert import Alert
from analysis.wording import counted
from bot.cli.terminal import warn

#: Senders overtake each other by seconds; more than this is another order.
OVERTAKEN = timedelta(minutes=1)


def in_arrival_order(path: Path, alerts: Iterable[Alert]) -> Iterator[Alert]:
    """The alerts of *path* as they are; what their order makes of the result is said once all were read."""
    watch = ArrivalWatch(path)
    for alert in alerts:
        watch.see(alert)
        yield alert
    watch.tell()


class ArrivalWatch:
    """What was seen of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._latest: datetime | None = None
        self._first_late = ""
        self._late = 0
        self._seen = 0

    def see(self, alert: Alert) -> None:
        """Take in the next alert."""
        self._seen += 1
        if self._latest is None or alert.received_at > self._latest:
            self._latest = alert.received_at
        elif self._latest - alert.received_at > OVERTAKEN:
            self._late += 1
            self._first_late = self._first_late or alert.id

    def tell(self) -> None:
        """Say what is wrong with the whole, if anything is."""
        if not self._seen:
            warn(f"{self._path} holds no alerts.")
        if self._late:
            are = "is" if self._late == 1 else "are"
            warn(
                f"{self._path} is not in order of arrival: {self._late} of {counted(self._seen, 'alert')} {are} more "
                f"than a minute earlier than one before, the first of them {self._first_late}. Sort it by received_at "
                "(or starts_at): what is said of alerts in another order is not what would have happened."
            )
