"""Prometheus Alertmanager's webhook, version 4 (prometheus.io, Alertmanager, `webhook_config`).

Grafana alerting writes the same shape with fields of its own, which are kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus, severity_of
from analysis.errors import InvalidInput
from bot.usecases.receive_alerts import ToldAlert
from bot.web.formats.reading import TEXT_LETTERS, instant_of, objects_of, text_of, texts_of

RULE_LABEL = "alertname"
_READ = frozenset({"status", "labels", "annotations", "startsAt", "endsAt", "fingerprint"})


def read_alertmanager(body: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """The alerts of one notification.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    version = body.get("version")
    if version is not None and text_of(version) not in {"4", "1"}:
        message = f"`version` is {text_of(version, 20) or 'no text'}; Alertmanager's webhook is read in version 4."
        raise InvalidInput(message)
    return [_told(fields, source=source, now=now) for fields in objects_of(body.get("alerts"), "alerts")]


def _told(fields: Mapping[str, Any], *, source: str, now: datetime) -> ToldAlert:
    labels = texts_of(fields.get("labels"), "labels")
    if not labels:
        message = "`labels` are missing: they say which alert it is."
        raise InvalidInput(message)
    starts_at = instant_of(fields.get("startsAt"), default=now)
    is_resolved = fields.get("status") == AlertStatus.RESOLVED.value
    word = labels.get("severity", "")
    alert = Alert(
        id=text_of(fields.get("fingerprint"), 100),
        source=source,
        rule=labels.get(RULE_LABEL, ""),
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus.RESOLVED if is_resolved else AlertStatus.FIRING,
        labels=labels,
        annotations=texts_of(fields.get("annotations"), "annotations", TEXT_LETTERS),
        starts_at=starts_at,
        ends_at=max(instant_of(fields.get("endsAt"), default=now), starts_at) if is_resolved else None,
        received_at=now,
    )
    return ToldAlert(alert=alert, extra={name: value for name, value in fields.items() if name not in _READ})
