"""The alerts that wait: held ones and entries of the next digest, each with the latest moment it may wait until."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from analysis.alerts.alert import Alert
from analysis.alerts.held_patterns import Pattern
from analysis.alerts.hold_reasons import Action

Key = tuple[str, str]


class End(StrEnum):
    """How waiting ended."""

    RELEASED = "released"  #: told, because of another alert or the kill switch
    UNRESOLVED = "unresolved"  #: told, because a hold had lasted as long as it may
    RESOLVED = "resolved"  #: listed in the digest, because it resolved while it was held
    LISTED = "listed"  #: listed in the digest


#: Ends at which people get a new post.
TOLD = frozenset({End.RELEASED, End.UNRESOLVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What became of an alert that waited, and when."""

    alert: Alert
    at: datetime
    end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """One delivery that waits; `number` counts them, because an alert may be delivered twice."""

    number: int
    alert: Alert
    action: Action
    series: str
    place: str
    group: str
    since: datetime
    until: datetime
    pattern: Pattern | None = None


@dataclass(slots=True)
class Waiting:
    """Everybody who waits; each is found by its moment, its group, its place and its series, in order of arrival."""

    _all: dict[int, Waiter] = field(default_factory=dict)
    _queue: list[tuple[datetime, int]] = field(default_factory=list)
    _by: dict[Key, dict[int, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, waiter: Waiter) -> None:
        """Let an alert wait until its moment."""
        self._all[waiter.number] = waiter
        heapq.heappush(self._queue, (waiter.until, waiter.number))
        for key in _keys(waiter):
            self._by[key][waiter.number] = None

    def since(
        self, earliest: datetime, *, series: str = "", group: str = "", places: Iterable[str] = ()
    ) -> list[Waiter]:
        """Those of a series, a group or places that have waited since *earliest* or less long, the longest first.

        The work is bounded by their number, however many have waited for longer.
        """
        keys: list[Key] = [("group", group), ("series", series), *(("place", place) for place in places)]
        found = {one.number: one for key in keys for one in self._latest(key, earliest)}
        return sorted(found.values(), key=lambda one: one.number)

    def last(self, kind: str, name: str) -> Waiter | None:
        """Who began to wait last of a `series`, a `group` or a `place`."""
        members = self._by.get((kind, name))
        return self._all[next(reversed(members))] if members else None

    def take(self, waiters: Iterable[Waiter]) -> list[Waiter]:
        """Let those wait no longer."""
        return [self._drop(one) for one in waiters if one.number in self._all]

    def take_due(self, now: datetime) -> Iterator[Waiter]:
        """Take out those whose moment has come one by one, in its order."""
        while self._queue and self._queue[0][0] <= now:
            _, number = heapq.heappop(self._queue)
            if number in self._all:
                yield self._drop(self._all[number])

    def everybody(self) -> list[Waiter]:
        """All who wait, by their moment."""
        return sorted(self._all.values(), key=lambda one: (one.until, one.number))

    def _latest(self, key: Key, earliest: datetime) -> Iterator[Waiter]:
        for number in reversed(self._by.get(key, {})):
            if self._all[number].since < earliest:
                return
            yield self._all[number]

    def _drop(self, waiter: Waiter) -> Waiter:
        del self._all[waiter.number]
        for key in _keys(waiter):
            members = self._by[key]
            members.pop(waiter.number, None)
            if not members:
                del self._by[key]
        return waiter


def _keys(waiter: Waiter) -> tuple[Key, ...]:
    return ("group", waiter.group), ("place", waiter.place), ("series", waiter.series)
