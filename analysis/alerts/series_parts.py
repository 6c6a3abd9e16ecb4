"""Series of which a sender has several alerts, as Alertmanager has of two rules with one name.

It has one for each severity, and for each value of other labels that are no part of the identity: two Prometheus
servers that name themselves, a `status` or a `state`. Each of these has episodes of its own, in whatever order they are
told, and an end ends only what it names. What has one severity at a time and no such label is a series without parts.
"""

from dataclasses import replace
from datetime import timedelta

from analysis.alerts.alert import Alert, AlertStatus, severity_rank
from analysis.alerts.episodes import News, Series, is_newer, observe_episode, observe_moment, series_of
from analysis.alerts.watchers import names_of_watcher

#: More parts than these are forgotten, what is over first: a label that has ever new values names something else.
MOST_PARTS = 50
#: What another instance of a watcher tells so long after the first began is told again, lest the first never ended.
RESTARTED = timedelta(days=1)


def observe(known: Series | None, alert: Alert) -> tuple[Series, News]:
    """The series after *alert*, and what of it is news."""
    told = series_of(alert)
    if known is None or not alert.is_moment:
        series, news = observe_told(known, told, is_per_severity=alert.is_per_severity)
        return series, _without_restart(known, series, told, news, alert)
    return _as_whole(known, *observe_moment(known, told, is_reminder=alert.is_reminder))


def observe_told(known: Series | None, told: Series, *, is_per_severity: bool) -> tuple[Series, News]:
    """The same for the series as an alert that names its episode tells it."""
    if known is None:
        series, news = observe_episode(known, told)
        return (_together([series]) if told.variant else series), news
    if told == known:  # most of a storm
        return known, News.NOTHING
    if _is_apart(known, told, is_per_severity=is_per_severity):
        is_known = told in known.parts
        return (known, News.NOTHING) if is_known else _observe_part(known, told, is_per_severity=is_per_severity)
    return _as_whole(known, *observe_episode(known, told))


def observe_past(known: Series, alert: Alert) -> tuple[Series, News]:
    """The series that fires now after an alert of the past: that ends what it names, and says nothing of the rest."""
    told = series_of(alert)
    named = (
        one
        for one in known.parts or (known,)
        if (one.status, one.severity, one.starts_at) == (AlertStatus.FIRING, told.severity, told.starts_at)
    )
    part = next(named, None)
    if part is None or told.status is not AlertStatus.RESOLVED:
        return known, News.LATE
    return observe_told(known, replace(told, variant=part.variant), is_per_severity=bool(known.parts))


def _without_restart(known: Series | None, series: Series, told: Series, news: News, alert: Alert) -> News:
    """No news where a program that reports on others was restarted, and begins to see anew what it saw before.

    That happens once, and of what began of late: a sender that never tells an end would hide all that fires later.
    """
    if news is not News.REFIRED or known is None or known.status is not AlertStatus.FIRING:
        return news
    is_first = all(one.variant != told.variant for one in known.parts)
    is_of_late = any(
        one.status is AlertStatus.FIRING and one.variant != told.variant and told.began_at - one.began_at < RESTARTED
        for one in series.parts
        if one.severity is told.severity
    )
    return News.NOTHING if is_first and is_of_late and names_of_watcher(alert.labels) else news


def part_of(known: Series | None, alert: Alert) -> Series | None:
    """What *alert* speaks of: the series, or the part that it is of; None where nothing was told of that."""
    told, is_per_severity = series_of(alert), alert.is_per_severity
    if known is None or not _is_apart(known, told, is_per_severity=is_per_severity):
        return known
    return _part(known, told, is_per_severity=is_per_severity) or _ended_elsewhere(known, told)


def with_part(known: Series, told: Series, *, is_per_severity: bool) -> Series:
    """The series with what is *told* in place of its part; without parts, what is told."""
    return _together([told, *_others(known, told, is_per_severity=is_per_severity)]) if known.parts else told


def _is_apart(known: Series, told: Series, *, is_per_severity: bool) -> bool:
    if told.variant:
        return True
    return is_per_severity and (bool(known.parts) or known.severity is not told.severity)


def _part(known: Series, told: Series, *, is_per_severity: bool) -> Series | None:
    """The part that is *told*; one without variant, as it was kept before they were told apart, is anybody's."""
    same = [one for one in known.parts or (known,) if one.severity is told.severity or not is_per_severity]
    return next((one for variant in (told.variant, "") for one in same if one.variant == variant), None)


def _others(known: Series, told: Series, *, is_per_severity: bool) -> list[Series]:
    part = _part(known, told, is_per_severity=is_per_severity)
    return [one for one in known.parts or (known,) if one is not part]


def _observe_part(known: Series, told: Series, *, is_per_severity: bool) -> tuple[Series, News]:
    before = _part(known, told, is_per_severity=is_per_severity)
    if before is None and _ended_elsewhere(known, told):
        return known, News.LATE
    part, news = observe_episode(before, told)
    part = replace(part, variant=told.variant)
    if part == before:
        return known, news
    after = _together([part, *_others(known, told, is_per_severity=is_per_severity)])
    return after, news if news in {News.NOTHING, News.LATE} else _news(known, after, told)


def _ended_elsewhere(known: Series, told: Series) -> Series | None:
    """The part by which another variant said that the firing which is *told* is over, unless yet another says no."""
    if told.status is AlertStatus.RESOLVED or _is_told_by_others(known, told):
        return None
    over = (one for one in known.parts if one.severity is told.severity and one.starts_at == told.starts_at)
    return next(over, None)


def _is_told_by_others(series: Series, told: Series) -> bool:
    """Whether another variant says that it fires with the severity of what is *told*."""
    return any(
        one.status is AlertStatus.FIRING and one.severity is told.severity and one.variant != told.variant
        for one in series.parts
    )


def _together(parts: list[Series]) -> Series:
    """The worst part that fires; the newest where all are over, which they are since the last end."""
    ordered = tuple(sorted(_few(parts), key=_worst_first))
    firing = next((one for one in ordered if one.status is AlertStatus.FIRING), None)
    if firing:
        return replace(firing, variant="", parts=ordered)
    newest = max(ordered, key=lambda one: (one.began_at, one.starts_at))
    ends_at = max(filter(None, (one.ends_at for one in ordered)), default=None)
    return replace(newest, variant="", ends_at=ends_at, parts=ordered)


def _few(parts: list[Series]) -> list[Series]:
    if len(parts) <= MOST_PARTS:
        return parts
    return sorted(parts, key=lambda one: (one.status is AlertStatus.RESOLVED, _worst_first(one)))[:MOST_PARTS]


def _worst_first(one: Series) -> tuple[object, ...]:
    return severity_rank(one.severity), one.severity, one.began_at, one.starts_at, one.variant


def _news(known: Series, after: Series, told: Series) -> News:
    """What of a part that has changed is news of the series."""
    is_end, was_over = told.status is AlertStatus.RESOLVED, known.status is AlertStatus.RESOLVED
    if is_end and after.status is AlertStatus.FIRING:
        return News.NOTHING if _is_told_by_others(after, told) else News.EASED
    if is_end:
        return News.RESOLVED if not was_over or is_newer(told, known) else News.LATE
    if was_over or is_newer(told, known):
        return News.REFIRED
    if _is_told_by_others(after, told):
        return News.NOTHING
    return News.WORSENED if severity_rank(after.severity) < severity_rank(known.severity) else News.LATE


def _as_whole(known: Series, series: Series, news: News) -> tuple[Series, News]:
    """What was told of all parts together: none is left where it fires anew, and all are over where it is over."""
    if not known.parts or news in {News.NOTHING, News.LATE}:
        return (known if known.parts else series), news
    if series.status is AlertStatus.FIRING:
        return replace(series, parts=()), news
    over = [replace(one, status=AlertStatus.RESOLVED, ends_at=one.ends_at or series.ends_at) for one in known.parts]
    return replace(series, parts=tuple(over)), news
