"""What a series of alerts is, as the columns of a row that two tables have."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.episodes import Series

Times = tuple[datetime, datetime, datetime | None]


def series_values(series: Series) -> dict[str, Any]:
    """The columns of a series; `parts` is JSON text, and empty for the most, which have one severity at a time."""
    return {
        "status": series.status.value,
        "severity": series.severity.value,
        "starts_at": series.starts_at,
        "began_at": series.began_at,
        "ends_at": series.ends_at,
        "parts": json.dumps([_part_values(one) for one in series.parts]) if series.parts else None,
    }


def to_series(status: str, severity: str, times: Times, parts: str | None) -> Series:
    """The series of these columns; *times* are when it starts, began and ends."""
    starts_at, began_at, ends_at = times
    return Series(
        status=AlertStatus(status),
        severity=AlertSeverity(severity),
        starts_at=starts_at,
        began_at=began_at,
        ends_at=ends_at,
        parts=tuple(_to_part(one) for one in json.loads(parts)) if parts else (),
    )


def _part_values(part: Series) -> list[str | None]:
    ends_at = part.ends_at.isoformat() if part.ends_at else None
    values = [part.status.value, part.severity.value, part.starts_at.isoformat(), part.began_at.isoformat(), ends_at]
    return [*values, part.variant] if part.variant else values


def _to_part(values: Sequence[str]) -> Series:
    status, severity, starts_at, began_at, ends_at, *variant = values
    ended = datetime.fromisoformat(ends_at) if ends_at else None
    times = datetime.fromisoformat(starts_at), datetime.fromisoformat(began_at), ended
    return replace(to_series(status, severity, times, None), variant="".join(variant))
