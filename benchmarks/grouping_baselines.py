"""Ways to group alerts that need no model, each alert's group in one pass over the stream."""

from collections.abc import Sequence

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.identity import fingerprint

_DAY = 86_400.0
_CHRONIC_EPISODES = 4


def time_gap(alerts: Sequence[Alert], *, seconds: float = 60.0) -> dict[str, str]:
    """A group ends when no alert has come for *seconds*."""
    groups, number, last = {}, 0, float("-inf")
    for alert in _firing(alerts):
        at = alert.received_at.timestamp()
        number += at - last > seconds
        last = at
        groups[alert.id] = f"gap {number}"
    return groups


def exact_fingerprint(alerts: Sequence[Alert]) -> dict[str, str]:
    """One group per series, for ever."""
    return {alert.id: fingerprint(alert) for alert in _firing(alerts)}


def chronic_and_gap(alerts: Sequence[Alert], *, seconds: float = 60.0) -> dict[str, str]:
    """A series with four episodes within 24 hours gets a lane of its own, the rest is grouped by a time gap."""
    groups: dict[str, str] = {}
    starts: dict[str, list[float]] = {}
    number, last = 0, float("-inf")
    for alert in _firing(alerts):
        at, name = alert.received_at.timestamp(), fingerprint(alert)
        starts[name] = [start for start in starts.get(name, []) if at - start < _DAY] + [at]
        if len(starts[name]) >= _CHRONIC_EPISODES:
            groups[alert.id] = name
            continue
        number += at - last > seconds
        last = at
        groups[alert.id] = f"gap {number}"
    return groups


def alertmanager(
    alerts: Sequence[Alert], *, group_by: tuple[str, ...], group_wait: float = 30.0, group_interval: float = 300.0
) -> dict[str, str]:
    """What Alertmanager's dispatcher does: a group per value of the labels in *group_by*.

    A group begins with its first alert, flushes after *group_wait* and then every *group_interval*, and is forgotten at
    the first flush that finds all of its alerts resolved; a later alert of the same labels begins another.
    """
    groups: dict[str, str] = {}
    open_groups: dict[tuple[str, ...], _Aggregation] = {}
    number = 0
    for alert in alerts:
        at = alert.received_at.timestamp()
        key = tuple(alert.labels.get(name, "") for name in group_by)
        group = open_groups.get(key)
        if group is not None and group.is_over(at, group_interval):
            group = None
        if alert.status is AlertStatus.RESOLVED:
            if group is not None:
                group.firing.discard(fingerprint(alert))
                group.resolved_at = at
            continue
        if group is None:
            number += 1
            group = open_groups[key] = _Aggregation(f"am {number}", at + group_wait)
        group.firing.add(fingerprint(alert))
        groups[alert.id] = group.name
    return groups


class _Aggregation:
    """One aggregation group of Alertmanager."""

    def __init__(self, name: str, first_flush: float) -> None:
        self.name = name
        self.first_flush = first_flush
        self.firing: set[str] = set()
        self.resolved_at = float("inf")

    def is_over(self, now: float, interval: float) -> bool:
        """Whether a flush since the last resolution has found nothing firing."""
        if self.firing or self.resolved_at > now:
            return False
        flushes = max(0.0, self.resolved_at - self.first_flush) // interval + (self.resolved_at > self.first_flush)
        return now >= self.first_flush + flushes * interval


def _firing(alerts: Sequence[Alert]) -> list[Alert]:
    return [alert for alert in alerts if alert.status is AlertStatus.FIRING]
