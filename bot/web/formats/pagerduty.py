"""PagerDuty's webhooks, version 3, and incidents of its REST API, version 2.

Read from PagerDuty's developer documentation, "Webhooks: Overview", "Behavior" and "Verifying Signatures", in the
revisions 067290f, 01f8d29 and 01f977e of its sources.

What PagerDuty calls an incident is an alert here: a series is its service and incident key, whatever people title it.
It tells moments, never episodes, so that an incident which is reopened fires again. Its title is the rule, without the
state and number that Alertmanager and Grafana put before theirs, and Datadog's priority, state and scope, as these are
other ones the next time.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import ENDED_BECAUSE, Alert, AlertStatus, severity_of, title_without_state
from analysis.errors import InvalidInput
from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.reading import (
    LABEL_LETTERS,
    moment_of,
    object_of,
    required_text,
    rest_of,
    text_of,
)

_READ = frozenset({"type", "id", "title", "service", "incident_key", "created_at", "priority", "urgency", "html_url"})

#: What makes an incident fire, or fire again; whatever else happens to one that is open says only that it is.
_FIRES = frozenset({"incident.triggered", "incident.reopened", "incident.unacknowledged"})
#: “[FIRING:2] CardDeclines (payments critical)”: the title of Alertmanager's and Grafana's own templates.
_STATE = re.compile(r"^\[(?:firing|resolved)(?::[0-9]{1,6}[^\]]{0,40})?\]\s*", re.IGNORECASE)
#: “[P2] [Triggered on {host:web-1}] CPU is high”: only there does Datadog say where.
_OF_DATADOG = re.compile(
    r"^(?:\[P[1-5]\]\s*)?\[(?:Re-)?(?:Triggered|Warn|No Data)(?: on \{(?P<scope>[^\]]{1,1000})\})?\]", re.IGNORECASE
)


def read_pagerduty(body: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """What one event says of an incident; nothing where it is about a note, a responder, a service, or a ping.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    event = object_of(body.get("event"), "event")
    kind = text_of(event.get("event_type"))
    if not kind:
        message = "`event.event_type` is missing; PagerDuty's webhooks are read in version 3."
        raise InvalidInput(message)
    incident = object_of(event.get("data"), "event.data")
    if incident.get("type") != "incident":
        return []
    happened = incident.get("created_at") if kind == "incident.triggered" else event.get("occurred_at")
    is_resolved = kind == "incident.resolved" or incident.get("status") == AlertStatus.RESOLVED.value
    alert = _alert(incident, source=source, moment=moment_of(happened, now=now), is_resolved=is_resolved)
    about = {"event_type": kind, "event_id": text_of(event.get("id")), "agent": _summary(event.get("agent"), "agent")}
    told = replace(alert, received_at=now, is_reminder=kind not in _FIRES)
    return [ToldAlert(alert=told, extra={**about, **rest_of(incident, _READ)})]


def read_pagerduty_incident(incident: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """What an incident of PagerDuty's REST API says of its past: that it fired, and when it was over if it is.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    created_at = moment_of(incident.get("created_at"), now=now)
    told = [_alert(incident, source=source, moment=created_at, is_resolved=False)]
    if incident.get("status") == AlertStatus.RESOLVED.value:
        ended = incident.get("resolved_at") or incident.get("last_status_change_at")
        told.append(_alert(incident, source=source, moment=moment_of(ended, now=now), is_resolved=True))
    return [ToldAlert(alert=each, extra=rest_of(incident, _READ)) for each in told]


def _alert(incident: Mapping[str, Any], *, source: str, moment: datetime, is_resolved: bool) -> Alert:
    word = _summary(incident.get("priority"), "priority") or text_of(incident.get("urgency"))
    title = required_text(incident, "title")
    title = _STATE.sub("", title) or title
    of_datadog = _OF_DATADOG.match(title)
    scope = of_datadog["scope"] if of_datadog else None
    title = (title_without_state(title) or title) if of_datadog else title
    return Alert(
        id=text_of(incident.get("id")),
        source=source,
        rule=title,
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus.RESOLVED if is_resolved else AlertStatus.FIRING,
        labels=_labels(incident),
        annotations=MappingProxyType(
            {
                "summary": title,
                **({"description": f"On {scope}"} if scope else {}),
                "link": text_of(incident.get("html_url")),
                **_ended_because(incident),
            }
        ),
        starts_at=moment,
        ends_at=moment if is_resolved else None,
        received_at=moment,
        is_moment=True,
    )


def _ended_because(incident: Mapping[str, Any]) -> Mapping[str, str]:
    """Where what was resolved goes on, for the one reason that PagerDuty names: it was merged into another incident."""
    reason = incident.get("resolve_reason")
    if not isinstance(reason, dict) or reason.get("type") != "merge_resolve_reason":
        return {}
    into = reason.get("incident")
    other = text_of(into.get("summary"), LABEL_LETTERS) if isinstance(into, dict) else ""
    return {ENDED_BECAUSE: f"it was merged into {other or 'another incident of PagerDuty'} and goes on there"}


def _labels(incident: Mapping[str, Any]) -> Mapping[str, str]:
    service = object_of(incident.get("service"), "service")
    labels = {
        "service": text_of(service.get("summary")),
        "service_id": text_of(service.get("id")),
        "incident_key": text_of(incident.get("incident_key")) or text_of(incident.get("id")),
    }
    return MappingProxyType({name: value for name, value in labels.items() if value})


def _summary(value: object, name: str) -> str:
    """What a reference to another object is called."""
    return text_of(object_of(value, name).get("summary"), LABEL_LETTERS)
