"""Debrief's own form, for systems that have none of the others (`docs/reference/alerts.md`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus, severity_of
from analysis.errors import InvalidInput
from bot.usecases.receive_alerts import ToldAlert
from bot.web.formats.reading import TEXT_LETTERS, instant_of, objects_of, required_text, text_of, texts_of

_READ = frozenset(
    {"id", "rule", "severity", "status", "labels", "annotations", "starts_at", "ends_at", "source", "received_at"}
)


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
    starts_at = instant_of(fields.get("starts_at"), default=now)
    word = text_of(fields.get("severity"), 100)
    is_resolved = status == AlertStatus.RESOLVED.value
    alert = Alert(
        id=text_of(fields.get("id"), 200),
        source=source,
        rule=required_text(fields, "rule"),
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus(status),
        labels=texts_of(fields.get("labels"), "labels"),
        annotations=texts_of(fields.get("annotations"), "annotations", TEXT_LETTERS),
        starts_at=starts_at,
        ends_at=max(instant_of(fields.get("ends_at"), default=now), starts_at) if is_resolved else None,
        received_at=now,
    )
    return ToldAlert(alert=alert, extra={name: value for name, value in fields.items() if name not in _READ})
