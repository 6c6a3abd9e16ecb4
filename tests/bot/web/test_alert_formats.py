"""What each system's messages say: the series, the severity, the episode, and what is no alert at all."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.alerts.alert import (
    Alert,
    AlertSeverity,
    AlertStatus,
    ended_because,
    rule_called,
    said_of,
    severity_rank,
)
from analysis.alerts.episodes import News, Series
from analysis.alerts.identity import fingerprint
from analysis.alerts.series_parts import observe
from analysis.errors import InvalidInput
from bot.settings import AlertFormat
from bot.usecases.alerts.receive import ToldAlert
from bot.web.alerts import READERS
from bot.web.formats.pagerduty import read_pagerduty_incident
from bot.web.formats.sentry import read_sentry
from tests.alert_payloads import form_of, payload

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PAGERDUTY = ("triggered", "acknowledged", "priority_updated", "resolved", "reopened")
DATADOG = ("warn", "triggered", "renotify", "recovered")


def read(name: str, *, now: datetime = NOW, **over: Any) -> list[ToldAlert]:
    """Read the recorded body *name*, with other fields at its top."""
    return READERS[form_of(name)]({**payload(name), **over}, source="s", now=now)


def read_all(*names: str) -> tuple[Series | None, list[News]]:
    """What messages leave of their one series, a second apart."""
    series, news = None, []
    for place, name in enumerate(names):
        (one,) = read(name, now=NOW + timedelta(seconds=place))
        series, told = observe(series, one.alert)
        news.append(told)
    return series, news


@pytest.mark.parametrize(
    ("name", "rule", "labels", "severity", "starts_at"),
    [
        pytest.param(
            "grafana_firing",
            "Checkout latency",
            {
                "alertname": "Checkout latency",
                "grafana_folder": "Payments",
                "service": "checkout",
                "severity": "warning",
            },
            AlertSeverity.WARNING,
            "2026-03-01T08:50:00+00:00",
            id="grafana",
        ),
        pytest.param(
            "pagerduty_triggered",
            "Card declines above 5 %",
            {"service": "Card authorisation", "service_id": "PSVC001", "incident_key": "card-api/declines"},
            AlertSeverity.ERROR,
            "2026-03-01T08:53:00+00:00",
            id="pagerduty",
        ),
        pytest.param(
            "datadog_triggered",
            "monitor 88231",
            {
                "host": "card-db-1",
                "availability_zone": "eu-central-1a",
                "service": "card-db",
                "team": "storage",
                "monitor_id": "88231",
            },
            AlertSeverity.ERROR,
            "2026-03-01T08:55:00+00:00",
            id="datadog",
        ),
        pytest.param(
            "sentry_metric_critical",
            "Too many failed payouts",
            {"rule_id": "77", "project": "payouts", "service": "payouts", "environment": "production"},
            AlertSeverity.CRITICAL,
            "2026-03-01T08:50:00+00:00",
            id="sentry, metric",
        ),
        pytest.param(
            "sentry_event_alert",
            "issue 550011",
            {"project": "42", "service": "payouts", "issue_id": "550011"},
            AlertSeverity.ERROR,
            "2026-03-01T08:55:12.500000+00:00",
            id="sentry, event",
        ),
        pytest.param(
            "sentry_issue_created",
            "issue 550011",
            {"project": "42", "service": "payouts", "issue_id": "550011"},
            AlertSeverity.ERROR,
            "2026-03-01T08:55:00+00:00",
            id="sentry, issue",
        ),
        pytest.param(
            "generic_firing",
            "BackupLate",
            {"host": "ledger-db-2", "job": "nightly"},
            AlertSeverity.WARNING,
            "2026-03-01T07:00:00+00:00",
            id="generic",
        ),
    ],
)
def test_message_says_which_series_and_since_when(
    name: str, rule: str, labels: Mapping[str, str], severity: AlertSeverity, starts_at: str
) -> None:
    """Rule and labels are what stays the same; the severity is the sender's, in its own words kept beside."""
    (one,) = read(name)

    assert (one.alert.rule, one.alert.labels, one.alert.severity) == (rule, labels, severity)
    assert one.alert.starts_at.isoformat() == starts_at
    assert (one.alert.status, one.alert.received_at) == (AlertStatus.FIRING, NOW)


@pytest.mark.parametrize(
    ("names", "news"),
    [
        pytest.param(("grafana_firing", "grafana_resolved"), ["fired", "resolved"], id="grafana"),
        pytest.param(
            tuple(f"pagerduty_{event}" for event in (*PAGERDUTY, "resolved")),
            ["fired", "nothing", "worsened", "resolved", "refired", "late"],
            id="pagerduty, and its first end again",
        ),
        pytest.param(
            tuple(f"datadog_{event}" for event in DATADOG),
            ["fired", "worsened", "nothing", "resolved"],
            id="datadog",
        ),
        pytest.param(
            ("sentry_metric_warning", "sentry_metric_critical", "sentry_metric_resolved"),
            ["fired", "worsened", "resolved"],
            id="sentry, metric",
        ),
        pytest.param(
            ("sentry_issue_created", "sentry_event_alert", "sentry_issue_resolved", "sentry_issue_unresolved"),
            ["fired", "nothing", "resolved", "refired"],
            id="sentry, an issue that comes back",
        ),
        pytest.param(("generic_firing", "generic_resolved"), ["fired", "resolved"], id="generic"),
    ],
)
def test_messages_of_one_life_are_one_series(names: tuple[str, ...], news: list[str]) -> None:
    """All that a system says of one thing has one identity, and each change is news once."""
    assert {fingerprint(one.alert) for name in names for one in read(name)} == {fingerprint(read(names[0])[0].alert)}
    assert read_all(*names)[1] == news


def test_reopened_incident_of_pagerduty_is_over_once_it_is_resolved_again() -> None:
    """PagerDuty says when each thing happened, so the second end is told from the first."""
    again = payload("pagerduty_resolved")
    again["event"]["occurred_at"] = "2026-03-01T08:59:50Z"
    series, _ = read_all(*(f"pagerduty_{event}" for event in PAGERDUTY))
    (one,) = READERS[AlertFormat.PAGERDUTY](again, source="s", now=NOW)

    assert observe(series, one.alert)[1] is News.RESOLVED


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("of", ["pagerduty", "datadog"])
def test_last_thing_that_happened_counts_in_any_order(of: str, seed: int) -> None:
    """Whatever the network does to the order, a series that was resolved last is resolved."""
    events = [event for event in (PAGERDUTY if of == "pagerduty" else DATADOG) if event != "reopened"]
    random.Random(seed).shuffle(events)

    series, _ = read_all(*(f"{of}_{event}" for event in events))

    assert series is not None
    assert series.status is AlertStatus.RESOLVED


@pytest.mark.parametrize(
    "name",
    [
        "pagerduty_ping",
        "pagerduty_note",
        "datadog_comment",
        "datadog_test",
        "grafana_test",
        "sentry_issue_assigned",
        "sentry_installation",
    ],
)
def test_message_that_is_no_alert_says_none(name: str) -> None:
    """Pings, tests, notes, comments and installations are heard, and are nothing to tell."""
    assert read(name) == []


@pytest.mark.parametrize("over", [{"message": "The replica falls behind."}, {"title": "[Triggered] Replication lag"}])
def test_monitor_of_datadog_that_is_called_a_test_fires(over: Mapping[str, str]) -> None:
    """Both marks of a test notification must be there, so that no name and no words of a monitor hide it."""
    assert len(read("datadog_test", **over)) == 1


def test_rule_of_grafana_that_is_called_like_its_test_fires() -> None:
    """Only the alert that Grafana makes up has the instance `Grafana` as well."""
    (alert,) = payload("grafana_test")["alerts"]
    mine = {**alert, "labels": {"alertname": "TestAlert", "instance": "web-1"}}

    assert [one.alert.labels["instance"] for one in read("grafana_test", alerts=[alert, mine])] == ["web-1"]


def test_header_of_sentry_decides_what_its_body_is() -> None:
    """A resource that Debrief does not read is no alert, whatever its body looks like."""
    body = payload("sentry_issue_created")

    assert read_sentry(body, source="s", now=NOW, resource="seer") == []
    assert len(read_sentry(body, source="s", now=NOW, resource="issue")) == 1
    with pytest.raises(InvalidInput, match="`metric_alert` is missing"):
        read_sentry(body, source="s", now=NOW, resource="metric_alert")


def test_what_sentry_says_of_people_and_requests_is_not_kept() -> None:
    """An event holds a customer's address and cookie; neither is needed to know that an issue fires."""
    assert not [
        word for word in ("192.0.2.7", "customer", "Cookie", "frames") if word in str(read("sentry_event_alert"))
    ]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        pytest.param("alertmanager_firing", lambda body: body["alerts"][0], id="alertmanager"),
        pytest.param("alertmanager_firing", lambda body: body, id="alertmanager, of all alerts"),
        pytest.param("grafana_firing", lambda body: body["alerts"][0], id="grafana"),
        pytest.param("grafana_firing", lambda body: body, id="grafana, of all alerts"),
        pytest.param("pagerduty_triggered", lambda body: body["event"]["data"], id="pagerduty"),
        pytest.param("datadog_triggered", lambda body: body, id="datadog"),
        pytest.param("generic_firing", lambda body: body["alerts"][0], id="generic"),
    ],
)
def test_unknown_fields_are_kept(name: str, where: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """What means nothing here may mean something to whoever looks later."""
    body = payload(name)
    where(body)["colour"] = "red"

    told = READERS[form_of(name)](body, source="s", now=NOW)

    assert told[0].extra["colour"] == "red"


@pytest.mark.parametrize("name", ["alertmanager_firing", "grafana_firing"])
def test_what_a_notification_says_of_all_its_alerts_is_kept_with_each(name: str) -> None:
    """Who tells and where to look, but little of it: a long field would be kept as often as there are alerts."""
    body = payload(name)
    more = {f"more{number}": "x" * 5_000 for number in range(50)}

    told = read(name, **more)

    assert {(one.extra["externalURL"], one.extra["receiver"]) for one in told} == {
        (body["externalURL"], body["receiver"])
    }
    assert all("commonLabels" not in one.extra for one in told)
    assert all(len(json.dumps(dict(one.extra))) < 10_000 for one in told)


def test_long_unknown_field_is_kept_cut() -> None:
    """A field that nobody reads cannot fill the disk, nor can a thousand of them."""
    many = {f"field{number}": [number] for number in range(900)}
    (one,) = read("datadog_triggered", huge={"nested": ["x" * 1000] * 100}, **many)

    assert len(one.extra) == 50
    assert str(one.extra["huge"]).endswith("… (cut)")


@pytest.mark.parametrize(
    ("name", "over", "told"),
    [
        pytest.param("grafana_firing", {"alerts": []}, "at least one alert", id="grafana, none"),
        pytest.param("pagerduty_triggered", {"event": {}}, "`event.event_type` is missing", id="pagerduty, version 2"),
        pytest.param("pagerduty_triggered", {"event": []}, "`event` must be an object", id="pagerduty, a list"),
        pytest.param("datadog_triggered", {"monitor": ""}, "`monitor` is missing", id="datadog, no monitor"),
        pytest.param("datadog_triggered", {"scope": ",".join(f"t{n}:1" for n in range(500))}, "100 fit", id="a bomb"),
        pytest.param("sentry_metric_warning", {"action": None}, "`action` is missing", id="sentry, another body"),
    ],
)
def test_body_of_another_kind_is_refused_in_one_sentence(name: str, over: Mapping[str, Any], told: str) -> None:
    """The sentence names the field."""
    with pytest.raises(InvalidInput, match=told):
        read(name, **over)


def test_variable_that_datadog_does_not_fill_is_no_value() -> None:
    """A variable unknown to Datadog arrives as it was written."""
    (one,) = read("datadog_triggered", priority="$ALERT_PRIORITY", scope="$ALERT_SCOPE", at="$DATE")

    assert (one.alert.severity_word, one.alert.starts_at) == ("error", NOW)
    assert "host" not in one.alert.labels


def test_monitor_of_datadog_without_a_priority_has_the_severity_of_its_alert() -> None:
    """Datadog writes “null” for it, which is no word for the worst."""
    (one,) = read("datadog_triggered", priority="null", host="null")

    assert (one.alert.severity, one.alert.severity_word) == (AlertSeverity.ERROR, "error")
    assert one.extra["host"] == ""


def of_incident(name: str, *, now: datetime = NOW, **fields: Any) -> Alert:
    """What the recorded event *name* says of its incident with other *fields*."""
    event = payload(f"pagerduty_{name}")["event"]
    body = {"event": {**event, "data": {**event["data"], **fields}}}
    (one,) = READERS[AlertFormat.PAGERDUTY](body, source="s", now=now)
    return one.alert


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("[FIRING:1] CardDeclines (payments)", "CardDeclines (payments)"),
        ("[FIRING:3, RESOLVED:1] CardDeclines (payments)", "CardDeclines (payments)"),
        ("[payments] Slow [FIRING:1]", "[payments] Slow [FIRING:1]"),
        ("[FIRING:1]", "[FIRING:1]"),
        ("[P2] [Triggered on {host:web-9}] CPU is high", "CPU is high"),
        ("[Re-Warn] CPU is high", "CPU is high"),
        ("[No Data on {host:web-9}] CPU is high", "CPU is high (no data)"),
        ("[Triggered]", "[Triggered]"),
        ("[Triggered by hand] CPU is high", "[Triggered by hand] CPU is high"),
        ("[P1] [EU] Nobody can pay", "[P1] [EU] Nobody can pay"),
    ],
)
def test_title_of_pagerduty_is_without_the_state_that_its_sender_put_before_it(title: str, rule: str) -> None:
    """How many fire, and where, is another the next time, and the rule is the same."""
    assert of_incident("triggered", title=title).rule == rule


def test_incident_that_datadog_opened_says_where() -> None:
    """Only its title does; PagerDuty's service is the same for every host."""
    opened = of_incident("triggered", title="[P2] [Triggered on {host:web-9,env:prod}] CPU is high")

    assert (rule_called(opened), said_of(opened)) == ("CPU is high", "On host:web-9,env:prod")
    assert said_of(of_incident("triggered", title="[FIRING:1] CPU is high")) == ""


def test_incident_of_pagerduty_that_is_retitled_is_over_all_the_same() -> None:
    """Responders give it a better title while they work; one of another key or service is another."""
    series, news = None, []
    for place, name in enumerate(("triggered", "acknowledged", "priority_updated", "resolved")):
        title = {"title": f"Acquirer is down, take {place}"} if place else {}
        series, told = observe(series, of_incident(name, now=NOW + timedelta(seconds=place), **title))
        news.append(told)

    assert news[0] is News.FIRED
    assert news[-1] is News.RESOLVED
    retitled, first = of_incident("resolved", title="Acquirer is down"), of_incident("triggered")
    assert fingerprint(retitled) == fingerprint(first)
    assert fingerprint(of_incident("triggered", incident_key="other")) != fingerprint(first)
    assert fingerprint(replace(first, labels={**first.labels, "service_id": "P2"})) != fingerprint(first)


def test_clock_of_a_sender_that_is_fast_does_not_silence_what_follows() -> None:
    """An end from tomorrow is an end now, so that the next firing is news."""
    (ended,) = read("datadog_recovered", at="1772500000000")
    (fired,) = read("datadog_triggered", at="1772355700000", now=NOW + timedelta(minutes=2))

    series, _ = observe(None, ended.alert)

    assert observe(series, fired.alert)[1] is News.REFIRED


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        (None, ""),
        ("merged", ""),
        ({"type": "merge_resolve_reason", "incident": None}, "it was merged into another incident of PagerDuty"),
        (
            {"type": "merge_resolve_reason", "incident": {"summary": "[#7] Cards fail"}},
            "it was merged into [#7] Cards fail",
        ),
    ],
)
def test_incident_of_pagerduty_that_was_merged_goes_on_elsewhere(reason: object, because: str) -> None:
    """PagerDuty calls it resolved like any other; what it is a part of now is not over."""
    event = payload("pagerduty_resolved")["event"]
    event["data"]["resolve_reason"] = reason

    (one,) = read("pagerduty_resolved", event=event)

    assert one.alert.status is AlertStatus.RESOLVED
    assert ended_because(one.alert) == (f"{because} and goes on there" if because else "")


@pytest.mark.parametrize(
    ("state", "because"),
    [
        ("MissingSeries", "its series has no data any more"),
        ("Paused", "its rule was paused"),
        ("Error, KeepLast", "its query failed"),
        ("SomethingNew", "its state is “SomethingNew”"),
        ("", ""),
    ],
)
def test_alert_of_grafana_says_why_it_ended_where_that_is_no_recovery(state: str, because: str) -> None:
    """What fires has not ended, whatever state its rule has."""
    told = []
    for name in ("grafana_firing", "grafana_resolved"):
        alerts = payload(name)["alerts"]
        alerts[0]["annotations"]["grafana_state_reason"] = state
        told += [ended_because(one.alert) for one in read(name, alerts=alerts)]

    assert told == ["", because]


@pytest.mark.parametrize(
    ("action", "fields", "because"),
    [
        ("resolved", {"substatus": None}, ""),
        ("resolved", {"statusDetails": {"inRelease": "payouts@2.14.1"}}, ""),
        (
            "resolved",
            {"statusDetails": {"inNextRelease": True}},
            "it was marked in Sentry as resolved in the next release",
        ),
        ("resolved", {"statusDetails": [True]}, ""),
        ("archived", {"substatus": "archived_forever"}, "it was archived in Sentry"),
        ("archived", {"substatus": "archived_until_escalating"}, "it was archived in Sentry until it escalates"),
        ("ignored", {"substatus": ["?"]}, "it was archived in Sentry"),
    ],
)
def test_issue_of_sentry_that_somebody_hides_did_not_recover(
    action: str, fields: Mapping[str, Any], because: str
) -> None:
    """Its errors go on; only who resolves it says that they are over, and not where that is to come."""
    data = payload("sentry_issue_resolved")["data"]
    (one,) = read("sentry_issue_resolved", action=action, data={"issue": {**data["issue"], **fields}})

    assert (one.alert.status, ended_because(one.alert)) == (AlertStatus.RESOLVED, because)


def test_incident_of_pagerdutys_history_fired_and_ended() -> None:
    """An export has one row an incident, which tells two things."""
    incident = {**payload("pagerduty_resolved")["event"]["data"], "resolved_at": "2026-03-01T08:58:31Z"}

    fired, ended = read_pagerduty_incident(incident, source="s", now=NOW)

    assert (fired.alert.status, fired.alert.received_at.isoformat()) == ("firing", "2026-03-01T08:53:00+00:00")
    assert (ended.alert.status, ended.alert.received_at.isoformat()) == ("resolved", "2026-03-01T08:58:31+00:00")
    assert fingerprint(fired.alert) == fingerprint(read("pagerduty_triggered")[0].alert)


@pytest.mark.parametrize("priority", ["P1", "P2", "P3", "P4", "P5", ""])
def test_alert_of_datadog_is_never_milder_than_its_warning(priority: str) -> None:
    """Whatever priority the monitor has; where there is a rise, it is news."""
    warned, alerted = (read(f"datadog_{kind}", priority=priority)[0].alert for kind in ("warn", "triggered"))
    series, _ = observe(None, warned)

    assert severity_rank(alerted.severity) <= severity_rank(warned.severity)
    assert (observe(series, alerted)[1] is News.WORSENED) is (priority not in {"P4", "P5"})


@pytest.mark.parametrize("priority", ["P1", "P2", "P3", "P4", "P5", ""])
@pytest.mark.parametrize("transition", ["No Data", "Re-No Data"])
def test_alert_of_datadog_is_news_after_it_had_no_data(priority: str, transition: str) -> None:
    """A host that comes back with a full disk was told of as silent; where nothing is milder, it is as before."""
    silent, alerted = (
        read("datadog_triggered", priority=priority, transition=state, type="error")[0].alert
        for state in (transition, "Triggered")
    )
    series, _ = observe(None, silent)

    assert (observe(series, alerted)[1] is News.WORSENED) is (priority not in {"P4", "P5"})


@pytest.mark.parametrize("transition", ["Recovered", "Recovered from No Data"])
def test_alert_of_datadog_is_over_however_it_recovered(transition: str) -> None:
    """What is told to fire although it does not would fire for ever."""
    assert [one.alert.status for one in read("datadog_recovered", transition=transition)] == [AlertStatus.RESOLVED]


def test_what_responders_do_with_an_open_incident_does_not_make_it_fire_again() -> None:
    """Hours after PagerDuty opened it, an acknowledgement is no news of the alert; an incident that waits anew is."""
    opened, acknowledged = read("pagerduty_triggered")[0].alert, payload("pagerduty_acknowledged")["event"]
    series, _ = observe(None, opened)
    later = {**acknowledged, "occurred_at": "2026-03-01T11:00:00Z"}
    latest = {**acknowledged, "occurred_at": "2026-03-01T13:00:00Z", "event_type": "incident.unacknowledged"}
    news = []
    for event in (later, latest):
        (one,) = read("pagerduty_acknowledged", now=NOW + timedelta(hours=6), event=event)
        series, told = observe(series, one.alert)
        news.append(told)

    assert news == [News.NOTHING, News.REFIRED]


@pytest.mark.parametrize(
    ("transition", "news"), [("Re-Triggered", News.NOTHING), ("Renotify", News.NOTHING), ("Triggered", News.REFIRED)]
)
def test_renotification_of_datadog_does_not_make_a_monitor_fire_again(transition: str, news: News) -> None:
    """It repeats every few hours that the monitor fires; whoever counts would take each for a new firing."""
    (fired,) = read("datadog_triggered")
    series, _ = observe(None, fired.alert)
    later = {"now": NOW + timedelta(hours=6), "at": str(int((NOW + timedelta(hours=5)).timestamp() * 1000))}
    (told,) = read("datadog_renotify", transition=transition, **later)

    assert observe(series, told.alert)[1] is news
    assert observe(None, told.alert)[1] is News.FIRED
