"""Datadog's webhooks integration with our payload (Datadog documentation, "Webhooks", its list of variables).

Datadog sends what its user writes down, so what to write is in `docs/reference/alerts.md`, and every variable
in it is a text here. A series is the monitor with its scope: titles change with the transition and may hold values.
Datadog tells moments, never episodes.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_of, severity_rank
from analysis.errors import InvalidInput
from bot.settings import AlertFormat
from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.reading import (
    LABEL_LETTERS,
    MAXIMUM_LABELS,
    NAME_LETTERS,
    TEXT_LETTERS,
    moment_of,
    required_text,
    rest_of,
    text_of,
)
from bot.web.formats.trials import is_test

#: What to write into the payload of the webhook; the page shows exactly this.
PAYLOAD: Mapping[str, str] = MappingProxyType(
    {
        "id": "$ID",
        "monitor": "$ALERT_ID",
        "title": "$ALERT_TITLE",
        "transition": "$ALERT_TRANSITION",
        "cycle": "$ALERT_CYCLE_KEY",
        "scope": "$ALERT_SCOPE",
        "tags": "$TAGS",
        "host": "$HOSTNAME",
        "metric": "$ALERT_METRIC",
        "priority": "$ALERT_PRIORITY",
        "type": "$ALERT_TYPE",
        "status": "$ALERT_STATUS",
        "message": "$TEXT_ONLY_MSG",
        "link": "$LINK",
        "at": "$DATE",
        "organization": "$ORG_NAME",
    }
)
_READ = frozenset({"id", "monitor", "title", "scope", "priority", "status", "message", "link", "at"})
_VARIABLE = re.compile(r"\$[A-Z][A-Z_]*")
#: Tags of the monitor that say where; others of them change while it stays the same.
_PLACES = frozenset({"service", "env", "team", "region", "cluster"})
#: As many as the labels of an alert have: a list that was cut would make one of two scopes.
_TAGS_LETTERS = MAXIMUM_LABELS * LABEL_LETTERS
#: How Datadog calls a notification that a monitor repeats because it still is as it was.
_RENOTIFIES = ("re-", "renotify")
#: How every transition begins that ends an alert, whatever more it says.
_RECOVERED = "recovered"
#: A monitor that has no data, by how bad its alert would be: one step milder, so that this one is news when it follows.
_WITHOUT_DATA = {
    AlertSeverity.CRITICAL: "error",
    AlertSeverity.UNKNOWN: "error",
    AlertSeverity.ERROR: "warning",
    AlertSeverity.WARNING: "info",
    AlertSeverity.INFO: "info",
}
#: What Datadog writes for a variable that is empty.
_EMPTY = "null"


def read_datadog(body: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """What one notification of a monitor says; nothing for events that belong to no monitor, and for tests.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    if "transition" not in body:
        message = "`transition` is missing: the payload must be the one in `docs/reference/alerts.md`."
        raise InvalidInput(message)
    told = {name: "" if _is_unfilled(value) else value for name, value in body.items()}
    transition = text_of(told["transition"]).strip().lower()
    if not transition or is_test(body, AlertFormat.DATADOG):
        return []
    monitor = required_text(told, "monitor")
    is_resolved = transition.startswith(_RECOVERED)
    word = _severity_word(transition, text_of(told.get("priority")), text_of(told.get("type")))
    moment = moment_of(text_of(told.get("at")).strip(), now=now)
    alert = Alert(
        id=text_of(told.get("id")),
        source=source,
        rule=f"monitor {monitor}",
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus.RESOLVED if is_resolved else AlertStatus.FIRING,
        labels=_labels(monitor, told),
        annotations=_annotations(told),
        starts_at=moment,
        ends_at=moment if is_resolved else None,
        received_at=now,
        is_moment=True,
        is_reminder=transition.startswith(_RENOTIFIES),
    )
    return [ToldAlert(alert=alert, extra=rest_of(told, _READ))]


def _is_unfilled(value: object) -> bool:
    """Whether Datadog had nothing to write for a variable."""
    return isinstance(value, str) and (value.strip() == _EMPTY or _VARIABLE.fullmatch(value.strip()) is not None)


def _severity_word(transition: str, priority: str, kind: str) -> str:
    if transition.startswith(_RECOVERED):
        return "ok"
    state = transition.removeprefix("re-")
    if state == "no data":
        return _WITHOUT_DATA[severity_of(priority or "error")]
    if state != "warn":
        return priority or kind
    # so that what follows, an alert of the monitor's priority, is not milder than the warning before it
    is_minor = severity_rank(severity_of(priority)) >= severity_rank(AlertSeverity.WARNING)
    return "info" if is_minor else "warning"


def _labels(monitor: str, told: Mapping[str, Any]) -> Mapping[str, str]:
    labels = {name: value for name, value in _tags(told.get("tags")) if name in _PLACES}
    labels.update(_tags(told.get("scope")))
    if len(labels) > MAXIMUM_LABELS:
        message = f"`scope` has {len(labels)} members; {MAXIMUM_LABELS} fit."
        raise InvalidInput(message)
    return MappingProxyType({**labels, "monitor_id": monitor})


def _tags(value: object) -> Iterator[tuple[str, str]]:
    """The pairs of a list such as `service:cart, availability-zone:eu-1a`, in order, named as labels are."""
    for tag in sorted(text_of(value, _TAGS_LETTERS).split(",")):
        name, _, place = tag.strip().partition(":")
        if name and place:
            yield text_of(name.replace("-", "_").replace(".", "_"), NAME_LETTERS), text_of(place)


def _annotations(told: Mapping[str, Any]) -> Mapping[str, str]:
    names = {"summary": "title", "description": "message", "status": "status", "link": "link"}
    texts = {name: text_of(told.get(field), TEXT_LETTERS) for name, field in names.items()}
    return MappingProxyType({name: text for name, text in texts.items() if text})
