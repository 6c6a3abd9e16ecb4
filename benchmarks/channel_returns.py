"""What the channel is told of alerts that were over, fire again and stay: an edit that says so notifies nobody."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.episodes import News
from analysis.alerts.identity import fingerprint
from bot.ports.grouping import StreamEvent

#: What fires on for so long stays; what is over before that only flaps.
STAYS = timedelta(minutes=15)
#: What stays and is told by no new message for so long is told late.
MOST = timedelta(minutes=10)
#: Of a series that repeats by itself so often a day, one firing after the fourth is let stay for so long.
OFTEN, LET_STAY = 6, timedelta(hours=1)


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


def let_stay(alerts: Sequence[Alert], faults: Collection[str]) -> list[Alert]:
    """The stream in which once a day one firing of each series that repeats by itself goes on for an hour.

    Of noise alone, by the ids of alerts of *faults*; streams have hardly any such firing.
    """
    days: defaultdict[tuple[str, date], dict[datetime, Alert]] = defaultdict(dict)
    for one in alerts:
        if one.status is AlertStatus.FIRING and one.id not in faults:
            days[fingerprint(one), one.received_at.date()].setdefault(one.starts_at, one)
    chosen: defaultdict[str, list[Alert]] = defaultdict(list)
    for (series, _), found in days.items():
        if len(found) >= OFTEN:
            chosen[series].append(found[sorted(found)[4 + sum(map(ord, series)) % (len(found) - 5)]])
    kept = [one for one in alerts if not any(_is_within(one, stays) for stays in chosen[fingerprint(one)])]
    ends = [_ended(stays) for found in chosen.values() for stays in found]
    return sorted([*kept, *ends], key=lambda one: one.received_at)


def _is_within(alert: Alert, stays: Alert) -> bool:
    is_meanwhile = stays.received_at < alert.received_at <= stays.received_at + LET_STAY
    return alert.id != stays.id and (is_meanwhile or alert.starts_at == stays.starts_at)


def _ended(alert: Alert) -> Alert:
    at = alert.received_at + LET_STAY
    return replace(alert, id=f"{alert.id}r", status=AlertStatus.RESOLVED, ends_at=at, received_at=at)
