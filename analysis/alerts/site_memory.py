"""What holding back remembers of places, rules and series: it grows with their number and not with that of alerts."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analysis.alerts.guard_rails import MOST_HELD_A_DAY, QUIET
from analysis.alerts.noise_evidence import Rule

_DAY = timedelta(days=1)
_QUIET_BETWEEN_EPISODES = timedelta(hours=1)
#: A series with so many episodes within a day repeats by itself: it is told as always, in a lane of its own.
_CHRONIC_EPISODES = 4
_Seen = tuple[datetime, str]


@dataclass(slots=True)
class _Episodes:
    """When a series last fired, and the beginnings of its latest episodes."""

    seen: datetime
    begun: deque[datetime] = field(default_factory=lambda: deque(maxlen=_CHRONIC_EPISODES))


@dataclass(slots=True)
class SiteMemory:
    """The latest told member of each group and symptom of each place, rates, held times, episodes and resolutions."""

    _told: dict[str, _Seen] = field(default_factory=dict)
    _symptoms: dict[str, _Seen] = field(default_factory=dict)
    _hours: dict[tuple[Rule, str], tuple[int, int]] = field(default_factory=dict)
    _held: dict[str, deque[tuple[datetime, timedelta]]] = field(default_factory=dict)
    _resolved: dict[str, datetime] = field(default_factory=dict)
    _episodes: dict[str, _Episodes] = field(default_factory=dict)

    def told(self, group: str, at: datetime, alert_id: str) -> None:
        """A member of *group* was told."""
        self._told[group] = (at, alert_id)

    def told_member(self, group: str, now: datetime) -> str:
        """The member of *group* that was told within the last minutes."""
        return _recent(self._told.get(group), now)

    def felt(self, place: str, at: datetime, alert_id: str) -> None:
        """A symptom fired at *place*."""
        self._symptoms[place] = (at, alert_id)

    def symptom(self, places: Iterable[str], now: datetime) -> str:
        """A symptom of the last minutes at one of *places*."""
        return next((found for place in places if (found := _recent(self._symptoms.get(place), now))), "")

    def count_in_hour(self, rule: Rule, place: str, now: datetime) -> int:
        """How many alerts of *rule* fired at *place* within this hour of the clock, with this one."""
        hour = int(now.timestamp() // 3600)
        known, count = self._hours.get((rule, place), (hour, 0))
        count = count + 1 if known == hour else 1
        self._hours[rule, place] = (hour, count)
        return count

    def is_chronic(self, series: str, started_at: datetime, now: datetime) -> bool:
        """Whether *series*, which fires now, has begun four episodes within 24 hours, with this one."""
        known = self._episodes.get(series)
        if known is None:
            known = self._episodes[series] = _Episodes(seen=now, begun=deque([now], maxlen=_CHRONIC_EPISODES))
        elif now - known.seen >= _QUIET_BETWEEN_EPISODES or self._was_over(series, known.begun[-1], started_at):
            known.begun.append(now)
        known.seen = now
        return len(known.begun) == _CHRONIC_EPISODES and now - known.begun[0] < _DAY

    def held(self, series: str, since: datetime, until: datetime) -> None:
        """A hold of *series* has ended."""
        self._held.setdefault(series, deque()).append((until, until - since))

    def allowance(self, series: str, now: datetime) -> timedelta:
        """How much longer *series* may be held within 24 hours."""
        held = self._held.get(series)
        while held and now - held[0][0] >= _DAY:
            held.popleft()
        return MOST_HELD_A_DAY - sum((length for _, length in held or ()), timedelta(0))

    def resolved(self, series: str, started_at: datetime) -> None:
        """The firing of *series* that began at *started_at* is over."""
        self._resolved[series] = max(self._resolved.get(series, started_at), started_at)

    def is_resolved(self, series: str, started_at: datetime) -> bool:
        """Whether a resolution that was ahead of its firing has come already."""
        known = self._resolved.get(series)
        return known is not None and known >= started_at

    def _was_over(self, series: str, begun: datetime, started_at: datetime) -> bool:
        """Whether the episode that was noticed at *begun* had resolved when another one started."""
        resolved = self._resolved.get(series)
        return resolved is not None and resolved < started_at and begun < started_at


def _recent(seen: _Seen | None, now: datetime) -> str:
    return seen[1] if seen and now - seen[0] <= QUIET else ""
