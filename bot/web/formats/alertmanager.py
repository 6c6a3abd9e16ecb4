"""Prometheus Alertmanager's webhook, version 4 (Alertmanager 0.25 to 0.28, "Configuration", `webhook_config`).

A series is the label set without the severity, an episode begins at `startsAt`. Alertmanager has an alert for each
label set, so that of two rules with one name each is over by itself. Grafana alerting writes the same shape
(`grafana.py`).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus, severity_of
from analysis.errors import InvalidInput
from bot.ports.records import RepeatedAlert
from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.reading import TEXT_LETTERS, few_of, objects_of, rest_of, shared_of, text_of, texts_of, times_of
from bot.web.formats.repeats import Repeats, words_of

RULE_LABEL = "alertname"
#: What a notification says again of its alerts, or of nothing but itself.
_SAID_AGAIN = frozenset(
    {"alerts", "status", "version", "groupLabels", "commonLabels", "commonAnnotations", "truncatedAlerts"}
)
_READ = frozenset({"status", "labels", "annotations", "startsAt", "endsAt", "fingerprint", "generatorURL"})


def read_alertmanager(body: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """The alerts of one notification.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    shared = shared_of(body, _SAID_AGAIN)
    return [read_alert(fields, source=source, now=now, shared=shared) for fields in _alerts(body)]


def read_repeating(
    body: Mapping[str, Any], repeats: Repeats, *, source: str, now: datetime
) -> list[ToldAlert | RepeatedAlert]:
    """The same; the alerts that *repeats* knows are not read again, and refused as if they were."""
    shared = shared_of(body, _SAID_AGAIN)
    return [_read(fields, repeats, source=source, now=now, shared=shared) for fields in _alerts(body)]


def count_left_out(body: Mapping[str, Any]) -> int:
    """How many alerts the sender left out of a notification because of its `max_alerts`."""
    count = body.get("truncatedAlerts")
    return count if type(count) is int and count > 0 else 0


def read_alert(
    fields: Mapping[str, Any], *, source: str, now: datetime, shared: Mapping[str, Any], words: str = ""
) -> ToldAlert:
    """One alert of a notification, which says *shared* of all; known by *words* when it is told again.

    Raises
    ------
    analysis.errors.InvalidInput
        If it has no labels, or too many.
    """
    labels = texts_of(fields.get("labels"), "labels")
    if not labels:
        message = "`labels` are missing: they say which alert it is."
        raise InvalidInput(message)
    is_resolved = fields.get("status") == AlertStatus.RESOLVED.value
    times = times_of(fields.get("startsAt"), fields.get("endsAt"), is_resolved=is_resolved, now=now)
    word = labels.get("severity", "")
    alert = Alert(
        id=text_of(fields.get("fingerprint"), 100),
        source=source,
        rule=labels.get(RULE_LABEL, ""),
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus.RESOLVED if is_resolved else AlertStatus.FIRING,
        labels=labels,
        annotations=_annotations(fields),
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        is_moment=times.is_moment,
        is_per_severity=not times.is_moment,
        is_per_labels=not times.is_moment,
        received_at=now,
    )
    return ToldAlert(alert=alert, extra={**shared, **rest_of(fields, _READ)}, words=words)


def _annotations(fields: Mapping[str, Any]) -> Mapping[str, str]:
    """What people should read, with the link to where the alert comes from."""
    told = texts_of(fields.get("annotations"), "annotations", TEXT_LETTERS)
    link = text_of(fields.get("generatorURL"), TEXT_LETTERS)
    return MappingProxyType({"generatorURL": link, **told}) if link else told


def _alerts(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    version = body.get("version")
    if version is not None and text_of(version) != "4":
        message = f"`version` is {text_of(version, 20) or 'no text'}; Alertmanager's webhook is read in version 4."
        raise InvalidInput(message)
    return objects_of(body.get("alerts"), "alerts")


def _read(
    fields: Mapping[str, Any], repeats: Repeats, *, source: str, now: datetime, shared: Mapping[str, Any]
) -> ToldAlert | RepeatedAlert:
    words = words_of(source, fields)
    known = repeats.find(words, partial(read_alert, fields, source=source, now=now, shared=shared))
    if known is None:
        return read_alert(fields, source=source, now=now, shared=shared, words=words)
    few_of(fields.get("annotations"), "annotations")  # prose that cannot be kept is refused, repeated or not
    return known
