"""The webhook for alerts: whoever may send is kept, once, before it is answered."""

import gzip
import itertools
import json
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import reduce
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.store.record.tables import ALERT, ALERT_EVENT
from bot.web.alerts import LONG_BODY_BYTES, READERS
from tests.alert_payloads import NAMES, digest, form_of, payload
from tests.factories import own_name
from tests.operator_notes import notes
from tests.slack_room import OPERATIONS, Answer, Room, served_again

#: What a button of theirs sends, of systems that let people try whether messages arrive.
TRIALS = (("grafana", "test"), ("pagerduty", "ping"))


def notification(rule: str, *, status: str = "firing", pods: int = 1, **labels: str) -> dict[str, Any]:
    """An Alertmanager notification about *pods* pods."""
    alerts = [
        {
            "status": status,
            "labels": {"alertname": rule, "severity": "warning", "pod": f"cart-{pod}", **labels},
            "annotations": {"summary": "Cart is slow"},
            "startsAt": "2026-03-01T08:00:00Z",
            "endsAt": "2026-03-01T08:05:00Z" if status == "resolved" else "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example/graph",
            "fingerprint": f"{pod:016x}",
        }
        for pod in range(pods)
    ]
    return {"version": "4", "status": status, "receiver": "debrief", "groupLabels": {}, "alerts": alerts}


def rows(room: Room, rule: str) -> list[Mapping[str, Any]]:
    """The series of *rule*, by fingerprint."""
    found = select(ALERT).where(ALERT.c.rule == rule).order_by(ALERT.c.fingerprint)
    with room.app.store.database.reading() as connection:
        return list(connection.execute(found).mappings())


def news(room: Room, rule: str) -> list[str]:
    """What was news of *rule*, in order."""
    found = select(ALERT_EVENT.c.news).join(ALERT).where(ALERT.c.rule == rule).order_by(ALERT_EVENT.c.seq)
    with room.app.store.database.reading() as connection:
        return list(connection.execute(found).scalars())


def a_rule() -> str:
    """A rule that no other test sends."""
    return own_name("Rule")


def send(room: Room, body: Mapping[str, Any], **more: str) -> Answer:
    """Send as Alertmanager."""
    return room.alerts("alertmanager", body, **more)


def test_compressed_body_is_refused_as_such(quick_room: Room) -> None:
    """A proxy between may compress; whoever looks after it reads what to change."""
    told = json.dumps(notification(a_rule())).encode()

    answer = quick_room.alerts("alertmanager", gzip.compress(told), Content_Encoding="gzip")

    assert (answer.status, answer.json["error"]) == (
        400,
        "The body is compressed (`Content-Encoding`); send it as it is.",
    )
    assert quick_room.alerts("alertmanager", told, Content_Encoding="identity").status == 200


def test_alerts_of_a_notification_are_kept_before_the_answer(room: Room) -> None:
    """Each alert is a series of its own, with what its sender said of it."""
    rule = a_rule()

    answer = send(room, notification(rule, pods=3))

    assert (answer.status, answer.json) == (200, {"recorded": True, "alerts": 3})
    assert [(row["status"], row["severity"], row["deliveries"]) for row in rows(room, rule)] == [
        ("firing", "warning", 1)
    ] * 3
    assert news(room, rule) == ["fired"] * 3


def test_alert_that_was_called_over_and_still_fires_does_so_again(room: Room) -> None:
    """Alertmanager calls over what it does not hear of; then it says the same as before, to the letter."""
    rule = a_rule()
    firing, resolved = notification(rule), notification(rule, status="resolved")
    resolved["alerts"][0]["endsAt"] = (room.clock.now() + timedelta(hours=1)).isoformat()  # by a clock that is fast
    told = []
    for body, minutes in (
        (firing, 5),
        (resolved, 0.4),
        (firing, 15),
        (firing, 15),
        (resolved, 0),
        (firing, 11),
        (firing, 0),
    ):
        send(room, body)
        (row,) = rows(room, rule)
        told.append(row["status"])
        room.clock.move(minutes=minutes)

    assert told == ["firing", "resolved", "resolved", "firing", "resolved", "resolved", "firing"]
    assert news(room, rule) == ["fired", "resolved", "refired", "resolved", "refired"]


@pytest.mark.parametrize("source", ["alertmanager", "grafana"])
@pytest.mark.parametrize(("ago", "seconds"), [pytest.param(3600, 2, id="woke up"), pytest.param(5, 26, id="cut off")])
def test_alert_that_one_of_a_pair_lost_sight_of_fires_on(room: Room, source: str, ago: int, seconds: int) -> None:
    """The other says so within its `group_interval`, to the letter as before; once it is over, it is.

    As two real ones told it, of which one was suspended, or heard no Prometheus any more.
    """
    rule = a_rule()
    firing, lost, over = (notification(rule, status=status) for status in ("firing", "resolved", "resolved"))
    lost["alerts"][0]["endsAt"] = (room.clock.now() + timedelta(seconds=60 - ago)).isoformat()
    over["alerts"][0]["endsAt"] = (room.clock.now() + timedelta(seconds=90)).isoformat()
    told = []
    for body, pause in ((firing, 60), (lost, seconds), (firing, 10), (over, 0)):
        assert room.alerts(source, body).status == 200
        (row,) = rows(room, rule)
        told.append(row["status"])
        room.clock.move(seconds=pause)

    assert told == ["firing", "resolved", "firing", "resolved"]
    assert news(room, rule) == ["fired", "resolved", "refired", "resolved"]


def test_what_the_second_of_a_pair_tells_of_before_the_end_is_late(room: Room) -> None:
    """It waits for the first before it tells what it saw."""
    rule = a_rule()
    over = notification(rule, status="resolved")
    over["alerts"][0]["endsAt"] = (room.clock.now() + timedelta(seconds=8)).isoformat()
    for body in (notification(rule), over, {**notification(rule), "externalURL": "http://second"}):
        send(room, body)
        room.clock.move(seconds=10)

    assert [row["status"] for row in rows(room, rule)] == ["resolved"]
    assert news(room, rule) == ["fired", "resolved"]


def test_firing_that_its_end_overtook_stays_over(room: Room) -> None:
    """What was never told to fire before its end is told late, for as long as a sender may repeat an attempt."""
    rule = a_rule()
    for body in (notification(rule, status="resolved"), notification(rule)):
        send(room, body)
        room.clock.move(minutes=9)

    assert news(room, rule) == ["resolved", "late"]


def began(minute: int, rule: str, *, end: int = 0) -> dict[str, Any]:
    """A notification of what began at *minute*, over at minute *end* where that is given."""
    body = notification(rule, status="resolved" if end else "firing")
    body["alerts"][0] |= {"startsAt": f"2026-03-01T08:{minute:02}:00Z", "receiver": uuid.uuid4().hex}
    if end:
        body["alerts"][0]["endsAt"] = f"2026-03-01T08:{end:02}:00Z"
    return body


@pytest.mark.parametrize("firings", [(10,), (8, 10), (10, 8)])
def test_end_that_names_the_earlier_beginning_of_two_ends_the_alert(room: Room, firings: tuple[int, ...]) -> None:
    """Two Prometheus servers tell one alert with two clocks; Alertmanager's end has the earlier of their beginnings."""
    rule = a_rule()
    for minute in firings:
        send(room, began(minute, rule))
    send(room, began(8, rule, end=20))

    assert [row["status"] for row in rows(room, rule)] == ["resolved"]


@pytest.mark.parametrize(("begins", "labels"), [(10, {"value": "7"}), (20, {})])
def test_end_of_one_alert_is_none_of_another(room: Room, begins: int, labels: dict[str, str]) -> None:
    """With a value among its labels Alertmanager has another alert for each; and one may begin as another ends."""
    rule = a_rule()
    for body in (began(8, rule), began(begins, rule), began(8, rule, end=20)):
        body["alerts"][0]["labels"] |= labels
        send(room, body)

    assert [row["status"] for row in rows(room, rule)] == ["firing"]


def test_end_of_a_sender_that_names_episodes_is_of_the_one_that_it_names(room: Room) -> None:
    """Two hosts may be one series there, and one of them still fires."""
    rule = a_rule()
    for minute, end in ((8, 0), (10, 0), (8, 20)):
        told = {"rule": rule, "labels": {"service": "cart"}, "starts_at": f"2026-03-01T08:{minute:02}:00Z"}
        over = {"status": "resolved", "ends_at": f"2026-03-01T08:{end}:00Z"} if end else {}
        assert room.alerts("generic", {**told, **over}).status == 200

    assert [row["status"] for row in rows(room, rule)] == ["firing"]


def test_end_that_is_told_again_does_not_end_what_fires_since(room: Room) -> None:
    """Not even where a clock that is slow says that it began before that."""
    rule = a_rule()
    for body in (began(10, rule), began(10, rule, end=20), began(19, rule), began(10, rule, end=20)):
        room.clock.move(minutes=1)
        send(room, body)

    assert [row["status"] for row in rows(room, rule)] == ["firing"]
    assert news(room, rule) == ["fired", "resolved", "refired"]


def of_severity(rule: str, severity: str, minute: int, *, is_over: bool = False) -> dict[str, Any]:
    """A notification about the rule of that name with *severity*, which began at *minute*."""
    body = notification(rule, status="resolved" if is_over else "firing", severity=severity)
    body["alerts"][0]["startsAt"] = f"2026-03-01T08:0{minute}:00Z"
    return body


def test_two_rules_of_one_name_end_each_by_itself_in_any_order(room: Room) -> None:
    """However often each message comes, what fires with the milder severity fires on once the worse is over."""
    for order in itertools.permutations([("warning", 0, False), ("critical", 3, False), ("critical", 3, True)]):
        rule = a_rule()
        for severity, minute, is_over in [*order, *order]:
            body = of_severity(rule, severity, minute, is_over=is_over)
            send(room, {**body, "receiver": uuid.uuid4().hex})  # of another body, so that it is no repeat
        (row,) = rows(room, rule)

        assert (row["status"], row["severity"], row["deliveries"]) == ("firing", "warning", 6)
        send(room, of_severity(rule, "warning", 0, is_over=True))
        assert [each["status"] for each in rows(room, rule)] == ["resolved"]


@pytest.mark.parametrize("label", ["prometheus_replica", "state"])
@pytest.mark.parametrize("source", ["alertmanager", "grafana"])
def test_what_a_sender_tells_apart_fires_until_nothing_of_it_does(room: Room, source: str, label: str) -> None:
    """Alertmanager calls over what a server that died told; and the end of one `state` is none of another."""
    rule, told = a_rule(), []
    for value, status in (("a", "firing"), ("b", "firing"), ("b", "resolved"), ("a", "firing"), ("a", "resolved")):
        body = notification(rule, status=status, **{label: value})
        assert room.alerts(source, {**body, "version": "4", "receiver": uuid.uuid4().hex}).status == 200
        (row,) = rows(room, rule)
        told.append(row["status"])
        room.clock.move(minutes=6)

    assert told == ["firing", "firing", "firing", "firing", "resolved"]
    assert news(room, rule) == ["fired", "resolved"]


def test_severity_that_was_called_over_and_still_fires_does_so_again(room: Room) -> None:
    """Its own end counts, and neither what else fires of the series nor when that was over."""
    rule = a_rule()
    over_now = of_severity(rule, "critical", 3, is_over=True)
    over_now["alerts"][0]["endsAt"] = (room.clock.now() + timedelta(minutes=2)).isoformat()
    told = []
    for body, minutes in (
        (of_severity(rule, "warning", 0), 1),
        (of_severity(rule, "critical", 3), 1),
        (over_now, 0.4),
        (of_severity(rule, "critical", 3), 10),  # it may have been overtaken by its end
        (of_severity(rule, "warning", 0, is_over=True), 2),
        (of_severity(rule, "critical", 3), 0),
    ):
        send(room, body)
        (row,) = rows(room, rule)
        told.append((row["status"], row["severity"]))
        room.clock.move(minutes=minutes)

    firing, over = "firing", "resolved"
    assert told == [
        (firing, "warning"),
        (firing, "critical"),
        (firing, "warning"),
        (firing, "warning"),
        (over, "critical"),
        (firing, "critical"),
    ]


def test_series_from_before_severities_were_told_apart_goes_on(room: Room) -> None:
    """Its row says nothing of parts; the first word of another severity makes them."""
    rule = a_rule()
    send(room, of_severity(rule, "warning", 0))
    send(room, of_severity(rule, "critical", 3))
    with room.app.store.database.write_engine.begin() as connection:
        connection.execute(update(ALERT).where(ALERT.c.rule == rule).values(parts=None))

    send(room, {**of_severity(rule, "critical", 3), "receiver": "again"})
    send(room, {**of_severity(rule, "warning", 0), "receiver": "again"})
    send(room, of_severity(rule, "critical", 3, is_over=True))

    assert [(row["status"], row["severity"]) for row in rows(room, rule)] == [("firing", "warning")]


def test_series_fires_resolves_and_fires_again(room: Room) -> None:
    """An episode that is over and one that follows are news; what repeats only counts."""
    rule = a_rule()
    again = notification(rule)
    again["alerts"][0]["startsAt"] = "2026-03-01T08:30:00Z"

    for body in (
        notification(rule),
        {**notification(rule), "receiver": "other"},
        notification(rule, status="resolved"),
        again,
    ):
        assert send(room, body).status == 200

    assert news(room, rule) == ["fired", "resolved", "refired"]
    assert [(row["status"], row["deliveries"]) for row in rows(room, rule)] == [("firing", 4)]


def test_same_delivery_again_changes_nothing(room: Room) -> None:
    """A sender that lost the answer sends the same bytes again."""
    rule = a_rule()
    body = notification(rule)

    answers = [send(room, body), send(room, body)]

    assert [answer.json["recorded"] for answer in answers] == [True, False]
    assert rows(room, rule)[0]["deliveries"] == 1


def test_key_with_another_body_is_a_conflict(room: Room) -> None:
    """The same key twice means the same delivery; another body under it is refused."""
    key = uuid.uuid4().hex

    first = send(room, notification(a_rule()), Idempotency_Key=key)
    other = send(room, notification(a_rule()), Idempotency_Key=key)

    assert (first.status, other.status) == (200, 409)


def test_bodies_that_come_at_once_under_one_key_are_one_delivery(room: Room) -> None:
    """Of four bodies one is kept, whoever is first; what equals it is a repeat, and the others are refused."""
    rules, key = [a_rule() for _ in range(4)], uuid.uuid4().hex

    with ThreadPoolExecutor(16) as senders:
        bodies = [notification(rule) for rule in rules] * 4
        answers = list(senders.map(lambda body: send(room, body, Idempotency_Key=key), bodies))

    assert sorted(answer.status for answer in answers) == [200] * 4 + [409] * 12
    assert sum(answer.json.get("recorded", False) for answer in answers) == 1
    assert [len(rows(room, rule)) for rule in rules].count(1) == 1


def test_replica_and_value_make_no_other_series(room: Room) -> None:
    """The second of an HA pair reports the same series."""
    rule = a_rule()

    for replica in ("a", "b"):
        send(room, notification(rule, prometheus_replica=replica, value="17.5"))

    assert [row["deliveries"] for row in rows(room, rule)] == [2]


@pytest.mark.parametrize(
    ("source", "token", "headers"),
    [
        pytest.param("alertmanager", "guessed-secret-of-somebody", {}, id="another token"),
        pytest.param("alertmanager", "", {"Authorization": "Basic bmV3OnNlY3JldA=="}, id="another scheme"),
        pytest.param("alertmanager", "", {"Authorization": ""}, id="no token"),
        pytest.param("alertmanager", "", {"X_Debrief_Signature": "v0=00"}, id="wrong signature beside the right token"),
        pytest.param("nobody", "", {}, id="a source that is not configured"),
    ],
)
def test_sender_that_cannot_prove_itself_is_refused(
    quick_room: Room, source: str, token: str, headers: dict[str, str]
) -> None:
    """401, in the same words whatever was wrong, and nothing is kept."""
    rule = a_rule()

    answer = quick_room.alerts(source, notification(rule), token=token, **headers)

    assert answer.status == 401
    assert answer.json == {"error": "The signature is missing, wrong or too old; nothing was stored."}
    assert rows(quick_room, rule) == []


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        pytest.param(b"{", 400, "not valid JSON", id="no JSON"),
        pytest.param(b'{"version": "1", "alerts": [{"labels": {"a": "b"}}]}', 400, "version 4", id="Grafana's version"),
        pytest.param(b'{"alerts": []}', 400, "at least one alert", id="no alert"),
        pytest.param(b'{"version": "3", "alerts": [{}]}', 400, "version 4", id="another version"),
        pytest.param(b'{"alerts": [{"labels": {}}]}', 400, "say which alert it is", id="no labels"),
        pytest.param(
            json.dumps({"alerts": [{"labels": {f"l{n}": "x" for n in range(1000)}}]}).encode(),
            400,
            "1000 members; 100 fit",
            id="a bomb of labels",
        ),
        pytest.param(
            json.dumps({"alerts": [{"labels": {f"l{n}": "x" for n in range(10_000)}}]}).encode(),
            400,
            "more than 1000 keys",
            id="a bigger one",
        ),
        pytest.param(
            json.dumps({"alerts": [{"labels": {"a": "b"}}] * 2001}).encode(), 400, "in parts", id="too many alerts"
        ),
        pytest.param(b'{"alerts": "' + b"x" * 5_000_000 + b'"}', 413, "larger than 4096 KiB", id="5 MB"),
    ],
)
def test_body_that_is_no_notification_is_refused_whole(quick_room: Room, body: bytes, status: int, told: str) -> None:
    """One sentence says what is wrong, and nothing of it is kept."""
    answer = quick_room.alerts("alertmanager", body)

    assert answer.status == status
    assert told in answer.json["error"]


def test_long_and_odd_texts_are_cut_not_refused(quick_room: Room) -> None:
    """An alert is not lost because its annotation is long, holds a secret, or hides what it says."""
    rule = a_rule()
    body = notification(rule)
    body["alerts"][0]["annotations"] = {"summary": "password=hunter22 \u202e" + "x" * 10_000, "n": 7, "list": [1]}

    assert send(quick_room, body).status == 200
    assert len(rows(quick_room, rule)) == 1


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param([{"args": "x" * 5000 + end} for end in "ab"], id="long values"),
        pytest.param([{"n" * 300 + end: "x"} for end in "ab"], id="long names"),
        pytest.param([{"is_primary": each} for each in (True, False)], id="true and false"),
        pytest.param([{"disks": each} for each in (["a", "b"], ["a", "c"])], id="lists"),
    ],
)
def test_labels_that_differ_anywhere_are_two_series(quick_room: Room, pair: list[dict[str, Any]]) -> None:
    """The end of one alert ends no other, however long or odd the label is that tells them apart."""
    rule = a_rule()
    told = [{"rule": rule, "labels": labels} for labels in pair]

    quick_room.alerts("generic", {"alerts": told})
    quick_room.alerts("generic", {**told[0], "status": "resolved"})

    assert sorted(row["status"] for row in rows(quick_room, rule)) == ["firing", "resolved"]


def test_mark_of_a_cut_label_tells_nothing_of_a_secret(quick_room: Room) -> None:
    """Two that differ in a password alone are one series, as shorter ones are."""
    rule = a_rule()
    for secret in ("hunter22", "hunter23"):
        quick_room.alerts("generic", {"rule": rule, "labels": {"args": f"{'x ' * 1000}password={secret}"}})

    assert len(rows(quick_room, rule)) == 1


def test_generic_form_takes_one_alert_or_many(quick_room: Room) -> None:
    """Both shapes of Debrief's own form are kept; a rule is what an alert cannot be without."""
    rule = a_rule()
    one = {"rule": rule, "labels": {"host": "db-1"}, "severity": "critical"}

    answers = [
        quick_room.alerts("generic", one),
        quick_room.alerts("generic", {"alerts": [one, {**one, "labels": {"host": "db-2"}}]}),
        quick_room.alerts("generic", {"labels": {"host": "db-1"}}),
    ]

    assert [answer.status for answer in answers] == [200, 200, 400]
    assert answers[2].json == {"error": "`rule` is missing or is not a text."}
    assert [row["severity"] for row in rows(quick_room, rule)] == ["critical"] * 2


def test_operator_is_told_of_alerts_that_are_not_taken(own_room: Room) -> None:
    """Once an hour for a source that is known: nobody else would hear of a storm that does not fit into one request."""
    rule, nobody = a_rule(), {"Authorization": "Bearer of-nobody-whom-we-know"}
    too_many, too_large = notification(rule, pods=2001), b" " * 5_000_000
    for source, body, headers in (
        ("nowhere", too_many, nobody),
        ("alertmanager", too_large, nobody),
        ("alertmanager", too_many, nobody),
        ("alertmanager", too_many, nobody),
        ("alertmanager", too_many, {}),
        ("alertmanager", too_large, {}),
    ):
        assert own_room.alerts(source, body, **headers).status >= 400
    own_room.clock.move(minutes=61)
    assert own_room.alerts("alertmanager", too_large).status == 413
    assert own_room.alerts("grafana", {**notification(rule), "truncatedAlerts": 73}).status == 200

    first, second, third, fourth = notes(own_room, 4)

    assert first.startswith("Somebody sends alerts as alertmanager with a secret that is missing, wrong or too old.")
    assert "2001 alerts; 2000 fit into one request" in second
    assert "larger than 4096 KiB" in third
    assert "grafana left 73 alerts out of a notification" in fourth
    assert len(rows(own_room, rule)) == 1


def test_tests_are_no_alerts_and_whoever_tries_reads_that_they_arrived(own_room: Room) -> None:
    """Else the alert that follows in earnest is no news, and a tried recovery ends one that fires."""
    trial, fired = payload("datadog_test"), payload("datadog_triggered")
    tried = {**trial, "at": str(int(own_room.clock.now().timestamp() * 1000))}
    recovery = {**tried, "transition": "Recovered", "title": "[Recovered on {host:card-db-1}] [TEST] Replication lag"}

    answers = [own_room.alerts("datadog", body) for body in (tried, fired, recovery)]
    answers += [own_room.alerts(source, payload(f"{source}_{of}")) for source, of in TRIALS]

    assert [answer.json["alerts"] for answer in answers] == [0, 1, 0, 0, 0]
    assert news(own_room, "monitor 88231") == ["fired"]
    assert [row["status"] for row in rows(own_room, "monitor 88231")] == ["firing"]
    assert rows(own_room, "TestAlert") == []
    assert [note.partition(" arrived.")[0] for note in notes(own_room, 3)] == [
        f"A test notification of {source}" for source in ("datadog", "grafana", "pagerduty")
    ]


def new_issue(issue: str, priority: str | None = "medium") -> dict[str, Any]:
    """What Sentry sends when it sees the issue of that id for the first time."""
    body = payload("sentry_issue_created")
    body["data"]["issue"] |= {"id": issue, "priority": priority}
    return body


def test_new_issues_of_sentry_that_matter_less_are_no_alerts_unless_its_rules_pick_them(own_room: Room) -> None:
    """A busy project has hundreds a day; whoever relied on them reads once how to have them back."""
    picked, back = payload("sentry_event_alert"), payload("sentry_issue_unresolved")
    picked["data"]["event"]["issue_id"] = "901"
    back["data"]["issue"]["id"] = "902"
    answers = [own_room.alerts("sentry", new_issue("900"), Sentry_Hook_Resource="issue")]
    own_room.clock.move(hours=3)
    answers += [own_room.alerts("sentry", body) for body in (new_issue("901", "low"), picked, back)]

    assert [answer.json["alerts"] for answer in answers] == [0, 0, 1, 1]
    assert [len(rows(own_room, f"issue {issue}")) for issue in (900, 901, 902)] == [0, 1, 1]
    (note,) = notes(own_room, 1)
    assert note.startswith("Sentry tells of new issues as sentry. Those of medium or low priority are no alerts here")
    assert "`new_issues` of this source in DEBRIEF_ALERT_SOURCES" in note


@pytest.mark.parametrize("priority", ["high", None, "urgent"])
def test_new_issue_of_sentry_that_may_matter_is_an_alert(own_room: Room, priority: str | None) -> None:
    """Earlier versions of Sentry give none, and what nobody knows passes."""
    answer = own_room.alerts("sentry", new_issue("910", priority), Sentry_Hook_Resource="issue")

    assert answer.json["alerts"] == len(rows(own_room, "issue 910")) == 1
    assert own_room.slack.posts(OPERATIONS) == []


@pytest.mark.parametrize("priority", ["medium", "high"])
@pytest.mark.parametrize("alerts", [1, 0])
def test_whoever_decides_about_new_issues_of_sentry_is_told_nothing(own_room: Room, alerts: int, priority: str) -> None:
    """With true each of them is an alert; with false none is, however bad Sentry takes it to be."""
    source = own_room.settings.alert_sources["sentry"].model_copy(update={"new_issues": bool(alerts)})
    with served_again(own_room, alert_sources={"sentry": source}) as again:
        answer = again.alerts("sentry", new_issue("903", priority), Sentry_Hook_Resource="issue")
        again.settle()

        assert answer.json["alerts"] == len(rows(again, "issue 903")) == alerts
        assert again.slack.posts(OPERATIONS) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_recorded_message_is_taken(room: Room, name: str) -> None:
    """Every message that a system is documented to send is answered 200 and on record, if only as heard."""
    body = json.dumps({**payload(name), "told": uuid.uuid4().hex}).encode()
    expected = len(READERS[form_of(name)](json.loads(body), source="s", now=room.clock.now()))

    first, again = (room.alerts(form_of(name), body, Request_ID=digest(body, "id")) for _ in range(2))

    assert (first.status, first.json) == (200, {"recorded": True, "alerts": expected})
    assert (again.status, again.json) == (200, {"recorded": False, "alerts": expected})


def test_message_without_a_time_is_no_repeat(quick_room: Room) -> None:
    """The same bytes at another time mean that it fires again: only a key of the sender's makes them a repeat."""
    rule = a_rule()
    fires, ends = {"rule": rule, "labels": {"host": "a"}}, {"rule": rule, "labels": {"host": "a"}, "status": "resolved"}

    for body in (fires, ends, fires, ends):
        assert quick_room.alerts("generic", body).json == {"recorded": True, "alerts": 1}
        quick_room.clock.move(seconds=1)
    key = uuid.uuid4().hex
    answers = [quick_room.alerts("generic", fires, Idempotency_Key=key) for _ in range(2)]

    assert news(quick_room, rule) == ["fired", "resolved", "refired", "resolved", "refired"]
    assert [answer.json["recorded"] for answer in answers] == [True, False]


@pytest.mark.parametrize("none", [0, "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00"])
def test_zero_of_a_sender_is_no_time(quick_room: Room, none: object) -> None:
    """Nobody reads that an alert fires since 1970."""
    rule = a_rule()

    quick_room.alerts("generic", {"rule": rule, "starts_at": none})

    assert [row["starts_at"] for row in rows(quick_room, rule)] == [quick_room.clock.now()]


@pytest.mark.parametrize("time", [1772352000000, "1772352000", "2026-03-01T08:00:00Z", "2026-03-01T10:00+02:00"])
def test_time_is_read_as_senders_write_it(quick_room: Room, time: object) -> None:
    """Unix seconds or milliseconds, as a number or a text, and ISO 8601 with any zone."""
    rule = a_rule()

    quick_room.alerts("generic", {"rule": rule, "starts_at": time})

    assert [row["starts_at"].isoformat() for row in rows(quick_room, rule)] == ["2026-03-01T08:00:00+00:00"]


def test_equal_bodies_of_sentry_are_told_apart_by_their_id(quick_room: Room) -> None:
    """An issue that is resolved, comes back by hand and is resolved again sends the same words twice."""
    body = payload("sentry_issue_resolved")
    body["data"]["issue"]["id"] = own_name("")

    answers = [quick_room.alerts("sentry", body, Request_ID=each) for each in ("one", "two", "one")]

    assert [answer.json["recorded"] for answer in answers] == [True, True, False]


@pytest.mark.parametrize(
    "odd",
    [
        {"contexts": {"path": "../etc/passwd\x00.png"}},
        {"modules": {f"module-{number}": "1.0" for number in range(1001)}},
        {"extra": reduce(lambda inner, _: {"cause": inner}, range(30), {})},
        {"culprit": "views.upload\x00 in open"},
    ],
)
def test_alert_of_sentry_is_taken_whatever_its_application_held(room: Room, odd: Mapping[str, Any]) -> None:
    """An attack that sends NUL makes errors that hold it; of all that nothing is kept but the texts that are read."""
    body, issue = payload("sentry_event_alert"), str(uuid.uuid4().int)[:15]
    body["data"]["event"].update({"issue_id": issue, **odd})

    answer = room.alerts("sentry", body, Sentry_Hook_Resource="event_alert")

    assert (answer.status, answer.json) == (200, {"recorded": True, "alerts": 1})
    assert [row["status"] for row in rows(room, f"issue {issue}")] == ["firing"]


def test_body_of_sentry_that_is_too_deep_for_any_reader_is_refused(quick_room: Room) -> None:
    """In one sentence, and nothing falls."""
    body = b'{"action":"triggered","data":' * 50_000

    assert quick_room.alerts("sentry", body).status == 400


def test_long_body_is_kept_like_a_short_one(quick_room: Room) -> None:
    """It is read beside the loop, and answered with what is on disk."""
    rule = a_rule()
    body = notification(rule, pods=1000)
    assert len(json.dumps(body)) > LONG_BODY_BYTES

    answer = send(quick_room, body)

    assert (answer.status, answer.json) == (200, {"recorded": True, "alerts": 1000})
    assert len(rows(quick_room, rule)) == 1000


def test_long_body_that_cannot_be_read_is_refused_in_words(quick_room: Room) -> None:
    """What goes wrong beside the loop reaches its sender."""
    body = {"alerts": [*notification(a_rule(), pods=1000)["alerts"], {"labels": 1}]}

    answer = send(quick_room, body)

    assert (answer.status, answer.json) == (400, {"error": "`labels` must be an object."})


def test_other_methods_and_paths_are_left_to_the_router(quick_room: Room) -> None:
    """The way around it is for posts to a source."""
    assert quick_room.get("/webhooks/alerts/alertmanager").status == 405
    assert send(quick_room, {}).status == 400
    assert quick_room.alerts("alertmanager/more", {}).status == 404
