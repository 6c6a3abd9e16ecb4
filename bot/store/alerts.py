"""Keeping alerts: a series once, each of its news once, and a count of everything that was heard.

Many deliveries are one read and three statements, whatever series they are about: a storm repeats itself.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, text, update

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.episodes import News, Series, observe
from analysis.chain import canonical_bytes
from bot.ports.records import ReceivedAlert
from bot.store.insert import insert_rows
from bot.store.mapping import Row
from bot.store.reads import SqlReads, chunks
from bot.store.sealing import Sealer
from bot.store.tables import ALERT, ALERT_EVENT

#: Any number that no other lock of Debrief uses: whoever reads news in their order must not miss one that another
#: process numbered earlier and commits later.
_LOCK = 7_032_020

Key = tuple[UUID, str]


@dataclass(slots=True)
class _Known:
    """A series in this transaction: its row's id, its state, and whether that differs from the row's."""

    id: UUID
    series: Series
    is_changed: bool = False


def write_alerts(connection: Connection, sealer: Sealer, reads: SqlReads, received: Sequence[ReceivedAlert]) -> None:
    """Write *received* in their order; what was heard before only counts."""
    if not received:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    heard = Counter(map(_key, received))
    known = _known(connection, heard)
    firsts = {_key(one): one for one in reversed(received) if _key(one) not in known}
    told = [each for one in received if (each := _observe(known, one, reads))]
    rows = [_series_values(known[key], one, heard[key], reads.now) for key, one in firsts.items()]
    insert_rows(connection, ALERT, rows)
    _update(connection, {key: known[key] for key in heard if key not in firsts}, heard, reads.now)
    rows = [_news_values(of, one, news, sealer) for of, one, news in told]
    insert_rows(connection, ALERT_EVENT, rows, unless_there=True)


def _key(one: ReceivedAlert) -> Key:
    return one.workspace_id, one.fingerprint


def _observe(
    known: dict[Key, _Known], one: ReceivedAlert, reads: SqlReads
) -> tuple[_Known, ReceivedAlert, News] | None:
    """Take *one* into the series that are known; what is told where it has news."""
    before = known.get(_key(one))
    series, news = observe(before.series if before else None, one.alert)
    if before is None:
        before = known[_key(one)] = _Known(id=reads.new_id(), series=series)
    before.is_changed |= series != before.series
    before.series = series
    return None if news is News.NOTHING else (before, one, news)


def _known(connection: Connection, keys: Iterable[Key]) -> dict[Key, _Known]:
    row = ALERT.c
    state = (row.status, row.severity, row.starts_at, row.began_at, row.ends_at)
    columns = select(row.id, row.workspace_id, row.fingerprint, *state)
    found = {}
    for part in chunks(sorted({fingerprint for _, fingerprint in keys})):
        for each in connection.execute(columns.where(row.fingerprint.in_(part))).mappings():
            found[each["workspace_id"], each["fingerprint"]] = _Known(id=each["id"], series=_to_series(each))
    return found


def _to_series(row: Row) -> Series:
    return Series(
        status=AlertStatus(row["status"]),
        severity=AlertSeverity(row["severity"]),
        starts_at=row["starts_at"],
        began_at=row["began_at"],
        ends_at=row["ends_at"],
    )


def _series_values(known: _Known, first: ReceivedAlert, deliveries: int, now: datetime) -> Mapping[str, Any]:
    return {
        "id": known.id,
        "workspace_id": first.workspace_id,
        "fingerprint": first.fingerprint,
        "source": first.alert.source,
        "rule": first.alert.rule,
        **_state_values(known.series),
        "first_received_at": now,
        "last_received_at": now,
        "deliveries": deliveries,
    }


def _state_values(series: Series) -> dict[str, Any]:
    return {
        "status": series.status.value,
        "severity": series.severity.value,
        "starts_at": series.starts_at,
        "began_at": series.began_at,
        "ends_at": series.ends_at,
    }


_COUNT = (
    update(ALERT)
    .where(ALERT.c.id == bindparam("alert"))
    .values(deliveries=ALERT.c.deliveries + bindparam("heard"), last_received_at=bindparam("now"))
)
_MOVE = _COUNT.values({name: bindparam(name) for name in ("status", "severity", "starts_at", "began_at", "ends_at")})


def _update(connection: Connection, known: Mapping[Key, _Known], heard: Mapping[Key, int], now: datetime) -> None:
    # In order of their ids, as every writer takes them.
    ordered = sorted(known.items(), key=lambda item: item[1].id)
    counted = [{"alert": one.id, "heard": heard[key], "now": now} for key, one in ordered if not one.is_changed]
    moved = [
        {"alert": one.id, "heard": heard[key], "now": now, **_state_values(one.series)}
        for key, one in ordered
        if one.is_changed
    ]
    if counted:
        connection.execute(_COUNT, counted)
    if moved:
        connection.execute(_MOVE, moved)


def _news_values(known: _Known, one: ReceivedAlert, news: News, sealer: Sealer) -> Mapping[str, Any]:
    alert = one.alert
    content = {
        "id": alert.id,
        "severity": alert.severity_word,
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "extra": dict(one.extra),
    }
    return {
        "alert_id": known.id,
        "news": news.value,
        "status": alert.status.value,
        "severity": alert.severity.value,
        "starts_at": alert.starts_at,
        "ends_at": alert.ends_at,
        "received_at": alert.received_at,
        "content": sealer.seal_whole("alert", canonical_bytes(content)),
    }
