"""Sentry's integration platform: metric alerts, issue alerts and issues.

Read from Sentry's documentation, "Webhooks", "Issue Alerts", "Metric Alerts" and "Issues", in the revisions 94c626b,
122ae15, 6250f76 and 3700102 of its sources.

A metric alert is a series by its rule, with episodes that begin at `date_started`. An issue is a series by its id, for
the alert rules that it triggers and for its own life alike, so that a resolution ends what a rule began; it tells
moments. Sentry's project is the service. What Sentry says of people and requests (`user`, `request`, `contexts`, stack
frames) is not kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import ENDED_BECAUSE, Alert, AlertSeverity, AlertStatus, severity_of
from analysis.errors import InvalidInput
from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.reading import (
    LABEL_LETTERS,
    TEXT_LETTERS,
    moment_of,
    object_of,
    required_text,
    text_of,
    times_of,
)

RESOURCE_HEADER = "sentry-hook-resource"
_BETWEEN = ","
_CREATED = "created"
_MINOR = frozenset({"medium", "low"})
#: What an issue's action says; `assigned` says neither.
_STATUSES = {
    _CREATED: AlertStatus.FIRING,
    "unresolved": AlertStatus.FIRING,
    "resolved": AlertStatus.RESOLVED,
    "archived": AlertStatus.RESOLVED,
    "ignored": AlertStatus.RESOLVED,
}
#: What ends no issue and says only that nobody wants to hear of it, under its name now and before, and until when.
_HIDDEN = frozenset({"archived", "ignored"})
_HIDDEN_UNTIL = {
    "archived_until_escalating": " until it escalates",
    "archived_until_condition_met": " until a condition is met",
}
#: The link to an event in Sentry's API is the one place where an event names its project.
_PROJECT = re.compile(r"/projects/[^/]+/(?P<slug>[^/]+)/events/")
_EVENT_TAGS = ("environment", "release", "server_name", "transaction")
_KEPT_OF_RULE = ("aggregate", "dataset", "query", "time_window")
_KEPT_OF_EVENT = ("event_id", "platform", "release")
_KEPT_OF_ISSUE = ("shortId", "status", "substatus", "priority", "issueCategory", "issueType", "count", "userCount")


def is_new_issue(body: Mapping[str, Any], resource: str = "") -> bool:
    """Whether Sentry saw an issue for the first time, which it tells of every one, as no alert rule of its does."""
    return body.get("action") == _CREATED and (resource or _resource_of(body)) == "issue"


def is_minor_issue(body: Mapping[str, Any]) -> bool:
    """Whether Sentry gives an issue less than high priority; one without any may matter.

    Its own rule for new projects picks those of high priority.
    """
    data = object_of(body.get("data"), "data")
    return text_of(object_of(data.get("issue"), "data.issue").get("priority")) in _MINOR


def read_sentry(body: Mapping[str, Any], *, source: str, now: datetime, resource: str = "") -> list[ToldAlert]:
    """What one message says; nothing for installations, comments, single errors and the like.

    *resource* is the header `Sentry-Hook-Resource`; without it the body's own parts tell.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    action = text_of(body.get("action"))
    if not action:
        message = "`action` is missing: this is no webhook of Sentry's integration platform."
        raise InvalidInput(message)
    read = _READERS.get(resource or _resource_of(body))
    return read(action, object_of(body.get("data"), "data"), source, now) if read else []


def _resource_of(body: Mapping[str, Any]) -> str:
    data = object_of(body.get("data"), "data")
    if "activity" in data:
        return "activity_alert"
    parts = {"metric_alert": "metric_alert", "triggered_rule": "event_alert", "issue": "issue"}
    return next((resource for part, resource in parts.items() if part in data), "")


def _metric_alert(action: str, data: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    incident = _part(data, "metric_alert")
    rule = _part(incident, "alert_rule")
    is_resolved = action == AlertStatus.RESOLVED.value
    begun = incident.get("date_started") or incident.get("date_detected") or incident.get("date_created")
    times = times_of(begun, incident.get("date_closed"), is_resolved=is_resolved, now=now)
    project = _joined(incident.get("projects"))
    labels = {
        "rule_id": text_of(rule.get("id")),
        "project": project,
        "service": "" if _BETWEEN in project else project,
        "environment": text_of(rule.get("environment")),
    }
    alert = Alert(
        id=text_of(incident.get("id")),
        source=source,
        rule=required_text(rule, "name"),
        severity=AlertSeverity.INFO if is_resolved else severity_of(action),
        severity_word=action,
        status=AlertStatus.RESOLVED if is_resolved else AlertStatus.FIRING,
        labels=_present(labels),
        annotations=_annotations(data, summary="description_text", title="description_title", link="web_url"),
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        is_moment=times.is_moment,
        received_at=now,
    )
    return [ToldAlert(alert=alert, extra=_kept(rule, _KEPT_OF_RULE))]


def _event_alert(action: str, data: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    event = _part(data, "event")
    annotations = {"rule": text_of(data.get("triggered_rule"), TEXT_LETTERS), **_tags(event.get("tags"))}
    found = _PROJECT.search(text_of(event.get("url")))
    project = {"project": text_of(event.get("project")), "service": found["slug"] if found else ""}
    alert = _issue_alert(event, issue=required_text(event, "issue_id"), project=project, source=source, now=now)
    moment = moment_of(event.get("datetime") or event.get("timestamp"), now=now)
    alert = replace(alert, starts_at=moment, annotations=_present({**alert.annotations, **annotations}))
    return [ToldAlert(alert=alert, extra={"action": action, **_kept(event, _KEPT_OF_EVENT)})]


def _issue(action: str, data: Mapping[str, Any], source: str, now: datetime) -> list[ToldAlert]:
    issue = _part(data, "issue")
    status = _STATUSES.get(action)
    if status is None:
        return []
    told = object_of(issue.get("project"), "issue.project")
    project = {"project": text_of(told.get("id")), "service": text_of(told.get("slug"))}
    alert = _issue_alert(issue, issue=required_text(issue, "id"), project=project, source=source, now=now)
    if action == _CREATED:
        alert = replace(alert, starts_at=moment_of(issue.get("firstSeen"), now=now))
    if status is AlertStatus.RESOLVED:
        annotations = _present({**alert.annotations, ENDED_BECAUSE: _ended_because(action, issue)})
        alert = replace(alert, status=status, ends_at=alert.starts_at, annotations=annotations)
    return [ToldAlert(alert=alert, extra={"action": action, **_kept(issue, _KEPT_OF_ISSUE)})]


_READERS: Mapping[str, Callable[[str, Mapping[str, Any], str, datetime], list[ToldAlert]]] = {
    "metric_alert": _metric_alert,
    "event_alert": _event_alert,
    "issue": _issue,
}


def _issue_alert(
    fields: Mapping[str, Any], *, issue: str, project: Mapping[str, str], source: str, now: datetime
) -> Alert:
    """The issue fires at this moment: the same series for an event of it and for its own life."""
    word = text_of(fields.get("level"))
    return Alert(
        id=text_of(fields.get("event_id")) or issue,
        source=source,
        rule=f"issue {issue}",
        severity=severity_of(word),
        severity_word=word,
        status=AlertStatus.FIRING,
        labels=_present({**project, "issue_id": issue}),
        annotations=_annotations(fields, summary="title", description="culprit", link="web_url"),
        starts_at=now,
        received_at=now,
        is_moment=True,
    )


def _ended_because(action: str, issue: Mapping[str, Any]) -> str:
    """Why nobody will hear of an issue that may go on all the same: somebody hid it, or announced what will end it."""
    if action in _HIDDEN:
        return f"it was archived in Sentry{_HIDDEN_UNTIL.get(text_of(issue.get('substatus')), '')}"
    details = issue.get("statusDetails")
    is_to_come = isinstance(details, dict) and details.get("inNextRelease") is True
    return "it was marked in Sentry as resolved in the next release" if is_to_come else ""


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = object_of(fields.get(name), name)
    if not part:
        message = f"`{name}` is missing."
        raise InvalidInput(message)
    return part


def _annotations(fields: Mapping[str, Any], **names: str) -> Mapping[str, str]:
    return _present({name: text_of(fields.get(field), TEXT_LETTERS) for name, field in names.items()})


def _kept(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    return {name: text for name in names if (text := text_of(fields.get(name)))}


def _tags(value: object) -> dict[str, str]:
    """The tags of an event that say where, from its list of pairs."""
    pairs = [pair for pair in value if isinstance(pair, list) and len(pair) == 2] if isinstance(value, list) else []
    return {text_of(name): text_of(tag, LABEL_LETTERS) for name, tag in pairs if name in _EVENT_TAGS}


def _joined(value: object) -> str:
    return _BETWEEN.join(sorted(filter(None, map(text_of, value)))) if isinstance(value, list) else ""


def _present(texts: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({name: text for name, text in texts.items() if text})
