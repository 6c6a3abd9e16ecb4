"""Keeping alerts: a series once, each of its news once, and a count of everything that was heard.

Many deliveries are one read and three statements, whatever series they are about: a storm repeats itself.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, select

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.episodes import (
    HEARD_REFIRES_AFTER,
    REFIRES_AFTER,
    News,
    Series,
    goes_on,
    is_end_of,
    refire,
)
from analysis.alerts.series_parts import observe, observe_past, observe_told, part_of, with_part
from analysis.chain import canonical_bytes
from bot.ports.records import ReceivedAlert, RepeatedAlert
from bot.store.database.advisory_locks import take_in_turns
from bot.store.database.chunking import chunks
from bot.store.database.insert import insert_rows
from bot.store.database.types import read_text
from bot.store.database.update import update_rows
from bot.store.grouping.group_rows import is_of_the_past
from bot.store.grouping.series_rows import series_values, to_series
from bot.store.record.reads import SqlReads
from bot.store.record.sealing import Sealer
from bot.store.record.tables import ALERT, ALERT_EVENT

#: Any number that no other lock of Debrief uses: whoever reads news in their order must not miss one that another
#: process numbered earlier and commits later.
_LOCK = 7_032_020
#: How many rows are remembered as they were read: about 8 MB.
_ROWS_REMEMBERED = 10_000


@dataclass(slots=True)
class _Known:
    """A series in this transaction: its row's id, its state, how often it was heard, and what differs from its row.

    `first` is the delivery that made it known, where there is no row yet.
    """

    id: UUID
    series: Series
    first: ReceivedAlert | None = None
    heard: int = 0
    is_changed: bool = False


class _Told(NamedTuple):
    """News of a series that is *known*, which is *series* after it."""

    known: _Known
    one: ReceivedAlert
    news: News
    series: Series


def write_alerts(
    connection: Connection, sealer: Sealer, reads: SqlReads, received: Sequence[ReceivedAlert | RepeatedAlert]
) -> None:
    """Write *received* in their order; what was heard before only counts."""
    if not received:
        return
    take_in_turns(connection, _LOCK)
    by_workspace: dict[UUID, list[ReceivedAlert | RepeatedAlert]] = {}
    for one in received:
        by_workspace.setdefault(one.workspace_id, []).append(one)
    for workspace_id, heard in by_workspace.items():
        known = _known(connection, workspace_id, {one.fingerprint for one in heard})
        told = [each for one in heard if (each := _observe(connection, sealer, known, one, reads))]
        new = [_row_values(one, one.first, reads.now) for one in known.values() if one.first]
        insert_rows(connection, ALERT, new)
        _update(connection, [one for one in known.values() if not one.first], reads.now)
        rows = [_news_values(each, sealer) for each in told]
        insert_rows(connection, ALERT_EVENT, rows, unless_there=True)


def _observe(
    connection: Connection,
    sealer: Sealer,
    known: dict[str, _Known],
    one: ReceivedAlert | RepeatedAlert,
    reads: SqlReads,
) -> _Told | None:
    """Take *one* into the series that are known; what is told where it has news."""
    before = known.get(one.fingerprint)
    if isinstance(one, RepeatedAlert):
        known_series = before.series if before else None
        series, news = observe_told(known_series, one.series, is_per_severity=one.is_per_severity)
        if before is not None and news is News.NOTHING:
            _hear(before, series)
            return None
        one = one.reread()
    series, news = observe(before.series if before else None, one.alert)
    if before is None:
        before = known[one.fingerprint] = _Known(id=reads.new_id(), series=series, first=one)
    elif one.is_past:
        is_news = news not in {News.LATE, News.NOTHING} and not one.alert.is_moment
        if is_news and _fires_now(connection, sealer, before):
            series, news = observe_past(before.series, one.alert)
    elif news is News.LATE and (again := _refired(connection, before, one.alert)):
        series, news = again, News.REFIRED
    elif news is News.LATE and (same := _as_end(connection, before, one.alert)):
        one = replace(one, alert=same)
        series, news = observe(before.series, same)
    _hear(before, series)
    if news is News.NOTHING:
        return None
    alert = _as_known(one.alert, series)
    return _Told(before, one if alert is one.alert else replace(one, alert=alert), news, series)


def _refired(connection: Connection, known: _Known, alert: Alert) -> Series | None:
    """The series, if what *alert* speaks of is over and fires again; what this transaction heard of is too new."""
    part = part_of(known.series, alert)
    if part is None or part.status is not AlertStatus.RESOLVED or known.first or known.is_changed:
        return None
    end_heard = _end_heard(connection, known, part)
    if end_heard is None:
        return None
    after = REFIRES_AFTER
    if _fired_before(connection, known, alert, end_heard):
        end_heard, after = min(end_heard, part.ends_at or end_heard), HEARD_REFIRES_AFTER
    again = refire(alert, News.LATE, end_heard=end_heard, after=after)
    return with_part(known.series, again, is_per_severity=alert.is_per_severity) if again else None


def _fired_before(connection: Connection, known: _Known, alert: Alert, end_heard: datetime) -> bool:
    """Whether Alertmanager told this firing before its end, so that *alert* does not tell it late."""
    if not alert.is_per_labels:
        return False
    row = ALERT_EVENT.c
    fired = (row.alert_id == known.id) & (row.status == AlertStatus.FIRING.value) & (row.news != News.LATE.value)
    told = fired & (row.starts_at == alert.starts_at) & (row.received_at < end_heard)
    return connection.execute(select(row.seq).where(told).limit(1)).first() is not None


def _as_end(connection: Connection, known: _Known, alert: Alert) -> Alert | None:
    """*alert* as the end of what fires, where it names an earlier beginning of the same; not where it repeats an end.

    An end that was heard since that beginning is the end of that, and what fires began after it.
    """
    part = part_of(known.series, alert)
    if part is None or known.is_changed or not is_end_of(part, alert):
        return None
    end_heard = None if known.first else _end_heard(connection, known, part)
    return replace(alert, starts_at=part.starts_at) if end_heard is None or end_heard < alert.starts_at else None


def _fires_now(connection: Connection, sealer: Sealer, known: _Known) -> bool:
    """Whether the series fires by what was heard when it happened, and not by what was imported."""
    if known.series.status is not AlertStatus.FIRING or known.first or known.is_changed:
        return False
    row = ALERT_EVENT.c
    fired = (row.alert_id == known.id) & (row.status == AlertStatus.FIRING.value) & (row.news != News.LATE.value)
    newest = connection.execute(select(row.content).where(fired).order_by(row.seq.desc()).limit(1)).scalar()
    return newest is not None and not is_of_the_past(newest, sealer)


def _end_heard(connection: Connection, known: _Known, part: Series) -> datetime | None:
    """When the end of *part* was heard of: told of itself, else of the series as a whole."""
    row = ALERT_EVENT.c
    heard = select(func.max(row.received_at)).where(row.alert_id == known.id)
    of_all = heard.where(row.news == News.RESOLVED.value)
    if not known.series.parts:
        return connection.execute(of_all).scalar()
    of_part = heard.where(row.news.in_((News.RESOLVED, News.EASED)), row.severity == part.severity.value)
    return connection.execute(of_part).scalar() or connection.execute(of_all).scalar()


def _as_known(alert: Alert, series: Series) -> Alert:
    """The alert as an event of its own, where its sender gives it the beginning of an episode that was over."""
    if alert.is_moment or not any(map(goes_on, (series, *series.parts))):  # nearly always: parts take time to compare
        return alert
    part = part_of(series, alert)
    if part is None or not goes_on(part) or alert.starts_at != part.starts_at:
        return alert
    ends_at = max(alert.ends_at, part.began_at) if alert.ends_at else None
    return replace(alert, starts_at=part.began_at, ends_at=ends_at)


def _hear(known: _Known, series: Series) -> None:
    known.heard += 1
    if series is not known.series:
        known.is_changed |= series != known.series
        known.series = series


def _known(connection: Connection, workspace_id: UUID, fingerprints: Iterable[str]) -> dict[str, _Known]:
    """The series among *fingerprints* that have a row.

    The driver is asked itself, and equal rows are read once: in a storm the same come again and again, and reading one
    cost as much as everything else that a repeated alert needs.
    """
    statement, bind, read = _OF_DIALECT[connection.dialect.name]
    found = {}
    for part in chunks(sorted(fingerprints)):
        for fingerprint, *row in connection.exec_driver_sql(statement, bind(workspace_id, part)):
            row_id, series = read(*row)
            found[fingerprint] = _Known(id=row_id, series=series)
    return found


_SELECT = "SELECT fingerprint, id, status, severity, starts_at, began_at, ends_at, parts FROM alert WHERE "
_FROM_FILE = f"{_SELECT}workspace_id = ? AND fingerprint IN (SELECT value FROM json_each(?))"  # noqa: S608 - both constant
_FROM_SERVER = f"{_SELECT}workspace_id = %s AND fingerprint = ANY(%s)"


def _bind_file(workspace_id: UUID, fingerprints: Sequence[str]) -> tuple[str, str]:
    return workspace_id.hex, json.dumps(fingerprints)


def _bind_server(workspace_id: UUID, fingerprints: Sequence[str]) -> tuple[UUID, list[str]]:
    return workspace_id, list(fingerprints)


@lru_cache(maxsize=_ROWS_REMEMBERED)
def _read_file(
    row_id: str, status: str, severity: str, starts_at: str, began_at: str, ends_at: str | None, parts: str | None
) -> tuple[UUID, Series]:
    times = read_text(starts_at), read_text(began_at), read_text(ends_at) if ends_at else None
    return UUID(row_id), to_series(status, severity, times, parts)


@lru_cache(maxsize=_ROWS_REMEMBERED)
def _read_server(
    row_id: UUID,
    status: str,
    severity: str,
    starts_at: datetime,
    began_at: datetime,
    ends_at: datetime | None,
    parts: str | None,
) -> tuple[UUID, Series]:
    times = starts_at.astimezone(UTC), began_at.astimezone(UTC), ends_at.astimezone(UTC) if ends_at else None
    return row_id, to_series(status, severity, times, parts)


#: By the dialect: how to ask for series, with which values, and how to read a row.
_OF_DIALECT: Mapping[str, tuple[str, Callable[[UUID, Sequence[str]], Any], Callable[..., tuple[UUID, Series]]]] = {
    "sqlite": (_FROM_FILE, _bind_file, _read_file),
    "postgresql": (_FROM_SERVER, _bind_server, _read_server),
}


def _row_values(known: _Known, first: ReceivedAlert, now: datetime) -> Mapping[str, Any]:
    return {
        "id": known.id,
        "workspace_id": first.workspace_id,
        "fingerprint": first.fingerprint,
        "source": first.alert.source,
        "rule": first.alert.rule,
        **series_values(known.series),
        "first_received_at": now,
        "last_received_at": now,
        "deliveries": known.heard,
    }


def _update(connection: Connection, known: Sequence[_Known], now: datetime) -> None:
    # In order of their ids, so that neighbours in the table are changed together.
    ordered = sorted(known, key=lambda one: one.id.int)
    counted = [_heard_values(one, now) for one in ordered if not one.is_changed]
    update_rows(connection, ALERT, counted, count="deliveries")
    moved = [{**series_values(one.series), **_heard_values(one, now)} for one in ordered if one.is_changed]
    update_rows(connection, ALERT, moved, count="deliveries")


def _heard_values(known: _Known, now: datetime) -> dict[str, Any]:
    return {"deliveries": known.heard, "last_received_at": now, "id": known.id}


def _news_values(told: _Told, sealer: Sealer) -> Mapping[str, Any]:
    one, alert, series = told.one, told.one.alert, told.series
    content = {
        "id": alert.id,
        "severity": alert.severity_word,
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "extra": dict(one.extra),
        **({"past": True} if one.is_past else {}),
        **({"apart": True} if series.parts and alert.is_per_severity else {}),
        **({"variant": True} if series.parts and alert.is_per_labels else {}),
        **({"fires": series.severity.value} if _fires_otherwise(alert, series) else {}),
    }
    return {
        "alert_id": told.known.id,
        "news": told.news.value,
        "status": alert.status.value,
        "severity": alert.severity.value,
        "starts_at": alert.starts_at,
        "ends_at": alert.ends_at,
        "received_at": alert.received_at,
        "content": sealer.seal_whole("alert", canonical_bytes(content)),
    }


def _fires_otherwise(alert: Alert, series: Series) -> bool:
    """Whether the series fires with another severity than *alert* has, which is of another part."""
    return bool(series.parts) and series.status is AlertStatus.FIRING and series.severity is not alert.severity
