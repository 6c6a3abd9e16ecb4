"""Alerts of the past, from rows that systems export or that somebody recorded: what happened when it happened.

A row is received when it says that it happened, because that is when it would have been heard of.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus
from analysis.errors import InvalidInput
from bot.settings import AlertFormat
from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.alertmanager import read_alert, read_alertmanager
from bot.web.formats.generic import read_generic
from bot.web.formats.grafana import read_grafana
from bot.web.formats.pagerduty import read_pagerduty, read_pagerduty_incident
from bot.web.formats.reading import instant_of, is_no_time, text_of

Reader = Callable[[Mapping[str, Any], str, datetime], list[ToldAlert]]


def read_history(row: Mapping[str, Any], form: AlertFormat, *, source: str, now: datetime) -> list[ToldAlert]:
    """What one row tells, as of when it happened; nothing may have happened after *now*.

    Without *source* it is from the source that it names, else from one that is called like its format.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    named = source or (text_of(row.get("source")) if form is AlertFormat.GENERIC else "") or form.value
    told = READERS[form](row, named, now)
    if any(now in (one.alert.starts_at, one.alert.ends_at) for one in told):  # what stands where no time can be read
        message = "It does not say when it happened or was over, or it says a time in the future."
        raise InvalidInput(message)
    if any(one.alert.received_at > now for one in told):
        message = "It says that it happened in the future."
        raise InvalidInput(message)
    return told


def _alertmanager(row: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    """A notification, or an alert as `GET /api/v2/alerts` and amtool write it."""
    if "alerts" in row:
        return _lived(read_alertmanager(row, source=source, now=now))
    return _lived([read_alert(row, source=source, now=now, shared={})])


def _grafana(row: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    return _lived(read_grafana(row, source=source, now=now))


def _pagerduty(row: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    """A webhook, or an incident as `GET /incidents` writes it."""
    if "event" in row:
        told = read_pagerduty(row, source=source, now=now)
        return [_received(one, one.alert.starts_at) for one in told]
    if instant_of(row.get("created_at"), default=None) is None:
        message = "`created_at` is missing or is no time."
        raise InvalidInput(message)
    return read_pagerduty_incident(row, source=source, now=now)


def _generic(row: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    """A row of `debrief eval`, which is one delivery, or a body of Debrief's own form, which tells a whole episode."""
    told_of = row["alerts"] if isinstance(row.get("alerts"), list) else [row]
    for name in ("received_at", "starts_at", "ends_at"):
        if any(isinstance(one, Mapping) and is_no_time(one.get(name)) for one in (row, *told_of)):
            message = f"`{name}` is no time with its zone, such as 2026-03-02T00:00:30Z or 1772409630."
            raise InvalidInput(message)
    heard = instant_of(row.get("received_at"), default=None)
    if heard:
        return read_generic(row, source=source, now=heard)
    if "alerts" not in row and not any(instant_of(row.get(name), default=None) for name in ("starts_at", "ends_at")):
        message = "`received_at` and `starts_at` are missing, so nobody can tell when it happened."
        raise InvalidInput(message)
    told = read_generic(row, source=source, now=now)
    moments = [_received(one, one.alert.starts_at) for one in told if one.alert.is_moment]
    return moments + _lived([one for one in told if not one.alert.is_moment])


READERS: Mapping[AlertFormat, Reader] = MappingProxyType(
    {
        AlertFormat.ALERTMANAGER: _alertmanager,
        AlertFormat.GRAFANA: _grafana,
        AlertFormat.PAGERDUTY: _pagerduty,
        AlertFormat.GENERIC: _generic,
    }
)


def _lived(told: list[ToldAlert]) -> list[ToldAlert]:
    """What alerts with episodes tell of the past: an episode that is over had begun."""
    return [each for one in told for each in _episode(one)]


def _episode(one: ToldAlert) -> list[ToldAlert]:
    alert = one.alert
    if alert.is_moment:
        message = "It has no time at which it began."
        raise InvalidInput(message)
    fired = replace(alert, status=AlertStatus.FIRING, ends_at=None)
    began = _received(replace(one, alert=fired), alert.starts_at)
    return [began, _received(one, alert.ends_at)] if alert.ends_at else [began]


def _received(one: ToldAlert, at: datetime) -> ToldAlert:
    alert: Alert = replace(one.alert, received_at=at)
    return replace(one, alert=alert)
