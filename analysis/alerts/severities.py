"""Series of which a sender has an alert for each severity, as Alertmanager has of two rules with one name.

Each severity has episodes of its own, in whatever order they are told, and an end ends only what fires with its own
severity. What has one severity at a time, whoever tells it, is a series without parts.
"""

from dataclasses import replace

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.episodes import News, Series, is_newer, observe_episode, observe_moment, series_of


def observe(known: Series | None, alert: Alert) -> tuple[Series, News]:
    """The series after *alert*, and what of it is news."""
    told = series_of(alert)
    if known is None or not alert.is_moment:
        return observe_told(known, told, is_per_severity=alert.is_per_severity)
    return _as_whole(known, *observe_moment(known, told, is_reminder=alert.is_reminder))


def observe_told(known: Series | None, told: Series, *, is_per_severity: bool) -> tuple[Series, News]:
    """The same for the series as an alert that names its episode tells it."""
    if known is None:
        return observe_episode(known, told)
    if told == known:  # most of a storm
        return known, News.NOTHING
    if is_per_severity and _is_apart(known, told.severity):
        return _observe_part(known, told)
    return _as_whole(known, *observe_episode(known, told))


def part_of(known: Series | None, alert: Alert) -> Series | None:
    """What *alert* speaks of: the series, or the part with its severity; None where nothing was told of that."""
    if known is None or not (alert.is_per_severity and _is_apart(known, alert.severity)):
        return known
    return _part(known, alert.severity)


def with_part(known: Series, told: Series) -> Series:
    """The series with what is *told* in place of the part with that severity; without parts, what is told."""
    return _together([told, *_others(known, told.severity)]) if known.parts else told


def _is_apart(known: Series, severity: AlertSeverity) -> bool:
    return bool(known.parts) or known.severity is not severity


def _part(known: Series, severity: AlertSeverity) -> Series | None:
    return next((one for one in known.parts or (known,) if one.severity is severity), None)


def _others(known: Series, severity: AlertSeverity) -> list[Series]:
    return [one for one in known.parts or (known,) if one.severity is not severity]


def _observe_part(known: Series, told: Series) -> tuple[Series, News]:
    before = _part(known, told.severity)
    part, news = observe_episode(before, told)
    if part == before:
        return known, news
    after = _together([part, *_others(known, told.severity)])
    return after, news if news in {News.NOTHING, News.LATE} else _news(known, after, told)


def _together(parts: list[Series]) -> Series:
    """The worst part that fires; the newest where all are over, which they are since the last end."""
    ordered = tuple(sorted(parts, key=lambda one: (severity_rank(one.severity), one.severity)))
    firing = next((one for one in ordered if one.status is AlertStatus.FIRING), None)
    if firing:
        return replace(firing, parts=ordered)
    newest = max(ordered, key=lambda one: (one.began_at, one.starts_at))
    return replace(newest, ends_at=max(filter(None, (one.ends_at for one in ordered)), default=None), parts=ordered)


def _news(known: Series, after: Series, told: Series) -> News:
    """What of a part that has changed is news of the series."""
    is_end, was_over = told.status is AlertStatus.RESOLVED, known.status is AlertStatus.RESOLVED
    if is_end and after.status is AlertStatus.FIRING:
        return News.EASED
    if is_end:
        return News.RESOLVED if not was_over or is_newer(told, known) else News.LATE
    if was_over or is_newer(told, known):
        return News.REFIRED
    return News.WORSENED if severity_rank(after.severity) < severity_rank(known.severity) else News.LATE


def _as_whole(known: Series, series: Series, news: News) -> tuple[Series, News]:
    """What was told of all parts together: none is left where it fires anew, and all are over where it is over."""
    if not known.parts or news in {News.NOTHING, News.LATE}:
        return (known if known.parts else series), news
    if series.status is AlertStatus.FIRING:
        return replace(series, parts=()), news
    over = [replace(one, status=AlertStatus.RESOLVED, ends_at=one.ends_at or series.ends_at) for one in known.parts]
    return replace(series, parts=tuple(over)), news
