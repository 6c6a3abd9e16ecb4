"""What deliveries say of one series together: the same in whatever order, and however often, they arrive.

A series fires in episodes, each known by the instant at which its sender says it began. An episode is over once any
delivery says so, and as bad as any delivery called it; the series is what its newest episode is. A sender that names no
episode speaks of whatever was on at the moment that it tells: it fires or is over as the latest moment says. Where a
sender has an alert for each severity, all this holds for each, and the series is what they are together
(`series_parts.py`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.identity import is_one_alert, variant_of

#: What fires so long after its end was heard was not overtaken by it, because nobody sends an alert again for so long.
REFIRES_AFTER = timedelta(minutes=10)
#: The same where the firing was heard before its end, since that end as its sender tells it. Of an HA pair of
#: Alertmanagers one may lose sight of an alert and call it over, also as of an hour ago, and the other says within its
#: `group_interval` that it fires. What one tells is as old as it waits for its peers: 15 s for the second of a pair.
HEARD_REFIRES_AFTER = timedelta(seconds=30)
#: What fires with no word of an end fires again where it was not heard of for so long, and folds until then.
SILENT_FOR = timedelta(hours=1)


class News(StrEnum):
    """What a delivery changes for somebody who watches the series."""

    FIRED = "fired"  #: the series fires, for the first time here
    REFIRED = "refired"  #: it fires again, in a new episode, or after a long silence
    WORSENED = "worsened"  #: the episode is worse than was said before
    EASED = "eased"  #: what fired with one severity is over, and something of the series still fires with another
    RESOLVED = "resolved"  #: the episode is over
    LATE = "late"  #: it speaks of an episode before the newest
    NOTHING = "nothing"  #: it repeats what is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series by its newest episode.

    `starts_at` is what the sender says, `began_at` the same but never after it was heard of, so that a sender whose
    clock is fast cannot make everything that follows look old; where its sender tells moments, the latest of them. Of
    an episode that was over and goes on, as its sender says, it is when that was heard, after `starts_at`.

    `parts` are the same by severity and `variant`, the worst first, where it was told of several by a sender that has
    an alert for each: then the series is the worst part that fires, or the newest where none does.
    """

    status: AlertStatus
    severity: AlertSeverity
    starts_at: datetime
    began_at: datetime
    ends_at: datetime | None = None
    variant: str = ""
    parts: "tuple[Series, ...]" = ()


def series_of(alert: Alert) -> Series:
    """The series as *alert* alone tells it."""
    return Series(
        status=alert.status,
        severity=alert.severity,
        starts_at=alert.starts_at,
        began_at=began_at(alert),
        ends_at=alert.ends_at if alert.status is AlertStatus.RESOLVED else None,
        variant=variant_of(alert) if alert.is_per_labels else "",
    )


def began_at(alert: Alert) -> datetime:
    """When the episode began, as far as can be believed: not after it was heard of."""
    return min(alert.starts_at, alert.received_at)


def goes_on(series: Series) -> bool:
    """Whether its episode was over and goes on."""
    return series.began_at > series.starts_at


def refire(alert: Alert, news: News, *, end_heard: datetime, after: timedelta = REFIRES_AFTER) -> Series | None:
    """The series where *alert*, taken for *news* that came late, says that it fires again; None where it does not.

    Alertmanager calls an alert over that it hears nothing of, and tells it with its old beginning once it hears of it
    again. *end_heard* is when the end of the series was heard of, by the clock that says when *alert* was; what comes
    *after* so long was not overtaken by it.
    """
    is_firing = news is News.LATE and alert.status is AlertStatus.FIRING and not alert.is_moment
    if not is_firing or alert.received_at - end_heard < after:
        return None
    return replace(series_of(alert), began_at=alert.received_at)


def is_end_of(known: Series, alert: Alert) -> bool:
    """Whether *alert* tells the end of what fires as *known*, although it names an earlier beginning.

    One alert has one firing at a time, so one that began before and ended after *known* began is the same. An HA pair
    of Prometheus servers tells two beginnings, and Alertmanager names the earlier one once it has heard of both. Where
    several alerts may be meant, as with a value among the labels, or by a sender that has one for each series, the end
    of one says nothing of another.
    """
    is_end = alert.status is AlertStatus.RESOLVED and is_one_alert(alert)
    if not is_end or known.status is not AlertStatus.FIRING or alert.ends_at is None:
        return False
    return alert.starts_at < known.starts_at < alert.ends_at


def observe_episode(known: Series | None, told: Series) -> tuple[Series, News]:
    """The series after an alert that names its episode tells it so, and what of it is news."""
    if known is None:
        return told, News.RESOLVED if told.status is AlertStatus.RESOLVED else News.FIRED
    if told.starts_at == known.starts_at:
        return _same_episode(known, told)
    if not is_newer(told, known):
        return known, News.LATE
    return told, News.RESOLVED if told.status is AlertStatus.RESOLVED else News.REFIRED


def is_newer(told: Series, known: Series) -> bool:
    """Whether the episode that is *told* began after the one that is *known*."""
    return (told.began_at, told.starts_at) > (known.began_at, known.starts_at)


def observe_moment(known: Series, told: Series, *, is_reminder: bool = False) -> tuple[Series, News]:
    """The same for a sender that names no episode: the latest moment decides, and of two at once the end.

    A series is never over by word from before it fired. Whether what fires was silent for long before *told* depends
    on what was heard by then, and makes no other series of it; one that *is_reminder* says that it was on meanwhile.
    """
    is_over, is_end = known.status is AlertStatus.RESOLVED, told.status is AlertStatus.RESOLVED
    if is_over and not is_end:
        is_late = told.began_at <= (known.ends_at or known.began_at)
        return (known, News.LATE) if is_late else (told, News.REFIRED)
    if is_end and told.began_at < known.began_at:
        return known, News.LATE
    merged, news = _same_episode(known, told)
    if news is News.NOTHING and not is_end and not is_reminder and told.began_at - known.began_at >= SILENT_FOR:
        news = News.REFIRED
    starts_at = known.starts_at if is_end else min(known.starts_at, told.starts_at)
    return replace(merged, starts_at=starts_at, began_at=max(known.began_at, told.began_at)), news


def _same_episode(known: Series, told: Series) -> tuple[Series, News]:
    ends = [instant for instant in (known.ends_at, told.ends_at) if instant]
    merged = replace(
        known,
        status=AlertStatus.RESOLVED if AlertStatus.RESOLVED in {known.status, told.status} else AlertStatus.FIRING,
        severity=min(known.severity, told.severity, key=lambda severity: (severity_rank(severity), severity)),
        began_at=known.began_at if goes_on(known) else min(known.began_at, told.began_at),
        ends_at=max(ends) if ends else None,
    )
    return merged, _news(known, told)


def _news(known: Series, told: Series) -> News:
    if told.status is AlertStatus.RESOLVED:
        return News.NOTHING if known.status is AlertStatus.RESOLVED else News.RESOLVED
    if known.status is AlertStatus.RESOLVED:
        return News.LATE
    return News.WORSENED if severity_rank(told.severity) < severity_rank(known.severity) else News.NOTHING
