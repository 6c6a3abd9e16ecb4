"""What the channel is told of alerts that were over, fire again and stay: an edit that says so notifies nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.episodes import News
from bot.ports.grouping import StreamEvent

#: What fires on for so long stays; what is over before that only flaps.
STAYS = timedelta(minutes=15)
#: What stays and is told by no new message for so long is told late.
MOST = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class Return:
    """A series that was over, as its sender said, fires again at `at` in `group`; `told` is by a new message."""

    at: datetime
    group: UUID
    is_critical: bool
    told: datetime | None = None
    over: datetime | None = None

    @property
    def stays(self) -> bool:
        """Whether it fires for long enough."""
        return self.over is None or self.over - self.at >= STAYS

    @property
    def is_late(self) -> bool:
        """Whether nobody was told of it in time."""
        return self.told is None or self.told - self.at > MOST


class Returns:
    """Follows the series of one stream."""

    def __init__(self) -> None:
        """Nothing was over yet."""
        self._ended: set[UUID] = set()
        self._firing: dict[UUID, Return] = {}
        self.all: list[Return] = []

    def take(self, event: StreamEvent) -> None:
        """See an event once it was put into its group."""
        if event.group_id is None or event.news in {News.LATE, News.EASED}:
            return
        if event.alert.status is AlertStatus.RESOLVED:
            self._ended.add(event.alert_id)
            if one := self._firing.pop(event.alert_id, None):
                one.over = event.alert.received_at
        elif event.alert_id in self._ended:
            self._ended.discard(event.alert_id)
            is_critical = event.severity is AlertSeverity.CRITICAL
            one = Return(at=event.alert.received_at, group=event.group_id, is_critical=is_critical)
            self._firing[event.alert_id] = one
            self.all.append(one)

    @property
    def untold(self) -> list[Return]:
        """What fires and was not told."""
        return [one for one in self._firing.values() if one.told is None]

    def tell(self, groups: Collection[UUID], now: datetime) -> None:
        """A new message is about *groups*, by the ids that what fires was put into."""
        for one in self.untold:
            if one.group in groups:
                one.told = now

    def staying(self, *, is_critical: bool) -> list[Return]:
        """Those that stayed, of one kind."""
        return [one for one in self.all if one.is_critical is is_critical and one.stays]

    def late_words(self, *, is_critical: bool) -> str:
        """How many of those that stayed were told late, and how many of them never while they fired."""
        staying = self.staying(is_critical=is_critical)
        late = [one for one in staying if one.is_late]
        return f"{len(late)} of {len(staying)}, {sum(one.told is None for one in late)} never"
