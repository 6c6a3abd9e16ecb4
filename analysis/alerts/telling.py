"""Which of the alerts that are told make a new post, because an edit does not notify.

Repeats of a series fold into its post. It is told anew when it fires again after a resolution, after an hour of quiet,
with a worse severity, and in any case a day after it was told last. A series that never resolves and recurs like a
clock (a job that runs each hour) is told when it leaves its rhythm instead of after each hour of quiet. Nor is that
hour enough where the rule fired at three services or hosts within a day: there four hours are, Alertmanager's usual
`repeat_interval`. What comes within half a minute, its usual `group_wait`, is one post; a critical alert closes it at
once.
"""

import statistics
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analysis.alerts import episodes
from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.identity import fingerprint
from analysis.alerts.noise_evidence import Rule
from analysis.alerts.whereabouts import place_of, rule_of

QUIET = episodes.SILENT_FOR
AGAIN = timedelta(days=1)
GATHERING = timedelta(seconds=30)
#: A rule that fired at so many services or hosts within `AGAIN` repeats everywhere, and folds until so much quiet.
MANY_PLACES = 3
QUIET_EVERYWHERE = timedelta(hours=4)
#: A rhythm: so many intervals, none further from their median than this share of it, and the median at most so long.
_INTERVALS = 4
_TOLERANCE = 0.1
_SLOWEST_SECONDS = 6 * 3600.0
_SAME_EPISODE_SECONDS = 60.0


@dataclass(slots=True)
class _Told:
    """What is remembered of one series."""

    seen: datetime
    told: datetime
    rank: int
    is_resolved: bool = False
    intervals: deque[float] = field(default_factory=lambda: deque(maxlen=_INTERVALS))


class Folding:
    """Folds repeats; where it `is_exact`, an hour of quiet always ends that, as exact folding does."""

    def __init__(self, *, is_exact: bool = False, many_places: int = MANY_PLACES) -> None:
        self.is_exact = is_exact
        self._many_places = many_places
        self._series: dict[str, _Told] = {}
        self._places: dict[Rule, dict[str, datetime]] = {}

    def is_news(self, alert: Alert, at: datetime) -> bool:
        """Whether *alert*, told at *at*, makes a new post; a resolution never does."""
        known = self._series.get(fingerprint(alert))
        if alert.status is AlertStatus.RESOLVED:
            if known:
                known.is_resolved = True
            return False
        self._fires_at(rule_of(alert), place_of(alert), at)
        if known is None:
            self._series[fingerprint(alert)] = _Told(seen=at, told=at, rank=severity_rank(alert.severity))
            return True
        is_news = self._differs(known, alert, at)
        interval = (at - known.seen).total_seconds()
        if interval > _SAME_EPISODE_SECONDS:
            known.intervals.append(interval)
        known.seen = max(known.seen, at)
        if is_news:
            known.told, known.rank, known.is_resolved = at, severity_rank(alert.severity), False
        return is_news

    def _differs(self, known: _Told, alert: Alert, at: datetime) -> bool:
        if known.is_resolved or severity_rank(alert.severity) < known.rank or at - known.told >= AGAIN:
            return True
        quiet = at - known.seen
        if quiet < QUIET or self.is_exact:
            return quiet >= QUIET
        if quiet < QUIET_EVERYWHERE and self._is_everywhere(rule_of(alert), at):
            return False
        return not _is_on_time(known.intervals, quiet.total_seconds())

    def _fires_at(self, rule: Rule, place: str, at: datetime) -> None:
        """Remember where *rule* fired last, and at which other places before that."""
        places = self._places.setdefault(rule, {})
        latest = max(at, places.pop(place, at))
        if place:
            places[place] = latest
        if len(places) > self._many_places:
            del places[next(iter(places))]

    def _is_everywhere(self, rule: Rule, at: datetime) -> bool:
        places = self._places[rule]
        return sum(at - fired < AGAIN for fired in places.values()) >= self._many_places


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One notification, and the alerts that it tells of."""

    at: datetime
    alerts: tuple[Alert, ...]


class Gathering:
    """Puts what comes within half a minute into one post."""

    def __init__(self, window: timedelta = GATHERING) -> None:
        self._window = window
        self._closes_at: datetime | None = None
        self._alerts: list[Alert] = []

    def add(self, alert: Alert, at: datetime) -> Iterator[Post]:
        """Take in an alert to be told at *at*; yields the posts that are complete by then."""
        yield from self.closed(at)
        if self._closes_at is None:
            self._closes_at = at + self._window
        self._alerts.append(alert)
        if alert.severity in {AlertSeverity.CRITICAL, AlertSeverity.UNKNOWN}:
            self._closes_at = at
            yield from self.closed(at)

    def closed(self, now: datetime) -> Iterator[Post]:
        """The open post, if its half minute is over at *now*."""
        if self._closes_at is not None and self._closes_at <= now:
            yield from self.rest()

    def rest(self) -> Iterator[Post]:
        """The open post, when nothing more will come."""
        if self._closes_at is not None:
            yield Post(at=self._closes_at, alerts=tuple(self._alerts))
            self._closes_at, self._alerts = None, []


def _is_on_time(intervals: deque[float], interval: float) -> bool:
    """Whether the series has kept one interval so far and *interval* is that again."""
    if len(intervals) < _INTERVALS:
        return False
    usual = statistics.median(intervals)
    is_kept = all(abs(one - usual) <= _TOLERANCE * usual for one in (*intervals, interval))
    return is_kept and usual <= _SLOWEST_SECONDS
