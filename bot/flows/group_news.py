"""What one event makes of one group: whether its series fires there, since when, how bad, and what must be noticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analysis.alerts.alert import Alert, AlertStatus, severity_rank
from analysis.alerts.decisions import DecisionKind
from analysis.alerts.digest import Digest, why_together
from analysis.alerts.episodes import News, began_at
from analysis.alerts.stream import Placed
from analysis.alerts.topology import Place
from bot.ports.grouping import AlertGroup, Notice, StreamEvent

#: A series that repeats by itself is told of again once so much time has passed; until then it is counted.
LANE_EVERY = timedelta(hours=1)
#: Of a group that nothing is in yet.
NEVER = datetime.min.replace(tzinfo=UTC)
#: What changes nothing of whether the series fires, and where.
LEAVES_IT = frozenset({News.LATE, News.EASED})


def is_firing(event: StreamEvent, *, was_firing: bool) -> bool:
    """Whether the series fires after *event*; one that speaks of an earlier episode or of a part changes nothing."""
    return was_firing if event.news in LEAVES_IT else event.alert.status is AlertStatus.FIRING


def told(group: AlertGroup, event: StreamEvent) -> AlertGroup:
    """With what *event* says of since when and how bad it is; of what fires now, an earlier episode says nothing."""
    alert = event.alert
    began, is_first = began_at(alert), group.opened_at is NEVER
    is_of_now = event.news is not News.LATE or not group.firing
    is_heard = alert.status is AlertStatus.FIRING and is_of_now
    severity = min(group.severity, event.severity, key=severity_rank) if is_heard else group.severity
    return replace(
        group,
        opened_at=began if is_first else group.opened_at,
        last_at=alert.received_at if is_first else max(group.last_at, alert.received_at),
        severity=event.severity if is_first else severity,
    )


def eased(group: AlertGroup, event: StreamEvent) -> AlertGroup:
    """As bad as what still fires, where the series of *event* is all that does; others may be as bad as before."""
    return replace(group, severity=event.severity) if event.goes_on and group.firing == 1 else group


def quiet(group: AlertGroup, event: StreamEvent) -> datetime:
    """Since when a group is quiet in which nothing fires after *event*: an earlier episode ended before that."""
    return group.quiet_at if event.news in LEAVES_IT and group.quiet_at else ended(event.alert)


def ended(alert: Alert) -> datetime:
    """When what *alert* tells was over, as far as that can be believed."""
    return min(alert.ends_at, alert.received_at) if alert.ends_at else alert.received_at


def digest(before: Digest, alert: Alert, placed: Placed, place: Place) -> Digest:
    """With what a new firing says of its group."""
    why = why_together(placed.decision.reasons) if _says_why(placed) else ""
    after = before.with_alert(alert, place.name, why, place.entities)
    if placed.suggested is not None:
        after = after.with_near(str(placed.suggested), placed.decision.logit)
    return replace(after, is_lane=True) if placed.decision.kind is DecisionKind.LANE else after


def _says_why(placed: Placed) -> bool:
    return placed.decision.kind in {DecisionKind.JOIN, DecisionKind.LANE}


def notice_of(before: AlertGroup, after: AlertGroup, placed: Placed) -> Notice | None:
    """What of a change must be noticed; a series that repeats by itself in its lane is told of now and then."""
    if not after.firing:
        return None
    if not before.alerts:
        return Notice.NEW
    if severity_rank(after.severity) < severity_rank(before.severity):
        return Notice.WORSE
    if before.firing:
        return None
    is_lane = placed.decision.kind is DecisionKind.LANE
    is_known = before.announced_at and after.last_at - before.announced_at < LANE_EVERY
    return None if is_lane and is_known else Notice.AGAIN
