"""Debrief's own form, for systems that have none of the others (`docs/reference/alerts.md`).

A series is the rule with its labels. An episode begins at `starts_at`; without it, the moment of receipt counts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus, severity_of
from analysis.errors import InvalidInput
from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.reading import TEXT_LETTERS, objects_of, required_text, rest_of, text_of, texts_of, times_of

#: Every field that is read; those of an `eval` row that the sender cannot decide are passed over.
FIELDS = ("id", "rule", "severity", "status", "labels", "annotations", "starts_at", "ends_at")
_READ = frozenset({*FIELDS, "source", "received_at"})


def read_generic(body: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """The alerts of a body: `{"alerts": [...]}`, or one alert by itself.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    told = objects_of(body["alerts"], "alerts") if "alerts" in body else [body]
    return [_told(fields, source=source, now=now) for fields in told]


def _told(fields: Mapping[str, Any], *, source: str, now: datetime) -> ToldAlert:
    status = text_of(fields.get("status", AlertStatus.FIRING.value), 20)
    if status not in {member.value for member in AlertStatus}:
        message = "`status` must be firing or resolved."
        raise InvalidInput(message)
    word = text_of(fields.get("severity"), 100)
    is_resolved = status == AlertStatus.RESOLVED.value
    times = times_of(fields.get("starts_at"), fields.get("ends_at"), is_resolved=is_resolved, now=now)
    alert = Alert(
        id=text_of(fields.get("id"), 200),
        source=source,
        rule=required_text(fields, "rule"),
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus(status),
        labels=texts_of(fields.get("labels"), "labels"),
        annotations=texts_of(fields.get("annotations"), "annotations", TEXT_LETTERS),
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        is_moment=times.is_moment,
        received_at=now,
    )
    return ToldAlert(alert=alert, extra=rest_of(fields, _READ))
