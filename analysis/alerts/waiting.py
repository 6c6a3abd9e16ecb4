"""The alerts that wait: held ones and entries of the next digest, each with the latest moment it may wait until."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from analysis.alerts.alert import Alert
from analysis.alerts.hold_reasons import Action
from analysis.alerts.whereabouts import Series

Key = tuple[str, str | Series]


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
    """One alert that waits."""

    alert: Alert
    action: Action
    series: Series
    place: str
    group: str
    since: datetime
    until: datetime


@dataclass(slots=True)
class Waiting:
    """Everybody who waits; each is found by its moment, its group, its place and its series, in order of arrival."""

    _all: dict[str, Waiter] = field(default_factory=dict)
    _queue: list[tuple[datetime, str]] = field(default_factory=list)
    _by: dict[Key, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, waiter: Waiter) -> None:
        """Let an alert wait until its moment."""
        self._all[waiter.alert.id] = waiter
        heapq.heappush(self._queue, (waiter.until, waiter.alert.id))
        for key in _keys(waiter):
            self._by[key][waiter.alert.id] = None

    def has(self, alert_id: str) -> bool:
        """Whether the alert waits."""
        return alert_id in self._all

    def since(
        self, earliest: datetime, *, series: Series = (), group: str = "", places: Iterable[str] = ()
    ) -> list[Waiter]:
        """Those of a series, a group or places that have waited since *earliest* or less long, the longest first.

        The work is bounded by their number, however many have waited for longer.
        """
        keys: list[Key] = [("group", group), ("series", series), *(("place", place) for place in places)]
        found = {one.alert.id: one for key in keys for one in self._latest(key, earliest)}
        return sorted(found.values(), key=lambda one: (one.since, one.alert.id))

    def take(self, waiters: Iterable[Waiter]) -> list[Waiter]:
        """Let those wait no longer."""
        return [self._drop(one) for one in waiters if one.alert.id in self._all]

    def take_due(self, now: datetime) -> Iterator[Waiter]:
        """Take out those whose moment has come one by one, in its order."""
        while self._queue and self._queue[0][0] <= now:
            _, alert_id = heapq.heappop(self._queue)
            if alert_id in self._all:
                yield self._drop(self._all[alert_id])

    def everybody(self) -> list[Waiter]:
        """All who wait, by their moment."""
        return sorted(self._all.values(), key=lambda one: (one.until, one.alert.id))

    def _latest(self, key: Key, earliest: datetime) -> Iterator[Waiter]:
        for alert_id in reversed(self._by.get(key, {})):
            if self._all[alert_id].since < earliest:
                return
            yield self._all[alert_id]

    def _drop(self, waiter: Waiter) -> Waiter:
        del self._all[waiter.alert.id]
        for key in _keys(waiter):
            members = self._by[key]
            members.pop(waiter.alert.id, None)
            if not members:
                del self._by[key]
        return waiter


def _keys(waiter: Waiter) -> tuple[Key, ...]:
    return ("group", waiter.group), ("place", waiter.place), ("series", waiter.series)
