"""Routes in line: what fires reaches the pager through Debrief, once, and silence of Debrief is heard outside."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.alerts.alert import Alert
from analysis.alerts.episodes import Series
from analysis.alerts.in_line import InLine, Route
from bot.ports.ledger import Reads
from bot.ports.paging import FORWARD_KEY, EgressPurpose
from bot.ports.records import Changes, DeliveryKind
from bot.store.delivery.waiting import lanes_that_wait
from bot.usecases.alerts.receive import ReceiveAlerts, receive_alerts
from bot.usecases.paging.forward_alerts import Forwarding, forward_key
from bot.usecases.paging.forward_ended import forward_ended
from bot.usecases.paging.forward_taken import ForwardTaken, forward_taken
from bot.web.formats.generic import read_generic
from bot.web.formats.pagerduty import read_pagerduty
from tests.alert_payloads import digest, payload
from tests.bot.paging.test_page_trouble import fails_once
from tests.effort import thinned
from tests.fake_pagerduty import FakePagerDuty, Trouble, report
from tests.fake_watch import PATH, FakeWatch
from tests.paging import open_paging_room
from tests.slack_requests import WEBHOOK_SECRETS, Signed
from tests.slack_room import OPERATIONS, Room

ROUTE = {"source": "generic", "labels": {"team": "payments"}, "service": "payments"}
OF_ALERTMANAGER = {**ROUTE, "source": "alertmanager"}
OF_GRAFANA = {**ROUTE, "source": "grafana"}
BEGINNING = datetime(2026, 3, 1, 8, tzinfo=UTC)
SETTLED_SECONDS = 10.0

Served = tuple[Room, FakePagerDuty, FakeWatch]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a bot with a route in line, its account at PagerDuty, and who watches it."""
    folder = tmp_path_factory.mktemp("in-line")
    with FakeWatch() as watch:
        over = {"heartbeat": {"url": watch.url, "every_seconds": 0.1}, "in_line": [ROUTE, OF_ALERTMANAGER, OF_GRAFANA]}
        with open_paging_room(f"sqlite:///{folder / 'debrief.db'}", folder, over=over) as (room, pagerduty):
            yield room, pagerduty, watch


@pytest.fixture
def room(served: Served) -> Iterator[Room]:
    """Yield the bot at rest, an hour later each time."""
    room, pagerduty, _ = served
    yield room
    pagerduty.heal()
    room.settle()
    room.clock.move(hours=1)


@pytest.fixture
def pagerduty(served: Served) -> FakePagerDuty:
    """Return its account, with nothing asked yet."""
    _, pagerduty, _ = served
    for kept in (pagerduty.asked, pagerduty.woken, pagerduty.incidents):
        kept.clear()
    return pagerduty


@pytest.fixture
def watch(served: Served) -> FakeWatch:
    """Return who watches."""
    return served[2]


def fire(room: Room, rule: str, *, minutes: float = 0, over: bool = False, **more: Any) -> int:
    """Send an alert of the route that began so many minutes ago; returns the status of the answer."""
    began = room.clock.now().timestamp() - 60 * minutes
    body: dict[str, Any] = {
        "rule": rule,
        "severity": "error",
        "labels": {"team": "payments", "service": "card-api"},
        "annotations": {"summary": "too many declines"},
        "starts_at": began,
        **more,
    }
    if over:
        body |= {"status": "resolved", "ends_at": room.clock.now().timestamp()}
    return room.alerts("generic", body).status


def fire_with(
    room: Room,
    severity: str,
    minutes: float,
    *,
    over: bool = False,
    rule: str = "DiskFull",
    ends_at: datetime | None = None,
) -> None:
    """Send as Alertmanager what began so many minutes after the beginning."""
    alert = {
        "status": "resolved" if over else "firing",
        "labels": {"alertname": rule, "severity": severity, "team": "payments"},
        "startsAt": (BEGINNING + timedelta(minutes=minutes)).isoformat(),
        **({"endsAt": (ends_at or room.clock.now()).isoformat()} if over else {}),
    }
    assert room.alerts("alertmanager", {"version": "4", "alerts": [alert]}).status == 200
    room.settle()


def told(pagerduty: FakePagerDuty) -> list[str]:
    """What the pager was told, in order."""
    return [body["event_action"] for body in pagerduty.bodies()]


def test_alert_in_line_reaches_the_pager_and_is_over_there(room: Room, pagerduty: FakePagerDuty) -> None:
    """It fires and is over under one key, in the words of its sender."""
    assert fire(room, "Declines") == 200
    room.settle()
    assert fire(room, "Declines", over=True) == 200
    room.settle()

    first, second = pagerduty.bodies()
    assert first["payload"] == {
        "summary": "Declines: too many declines (service=card-api, team=payments)",
        "source": "generic",
        "severity": "error",
    }
    assert (first["dedup_key"], second["event_action"]) == (second["dedup_key"], "resolve")
    assert first["dedup_key"].startswith(FORWARD_KEY)
    assert pagerduty.incidents[0]["status"] == "resolved"


def test_alert_of_unknown_severity_is_told_as_the_worst(room: Room, pagerduty: FakePagerDuty) -> None:
    """What a pager takes for information wakes nobody."""
    fire(room, "NobodySaysHowBad", severity="purple")
    room.settle()

    assert [body["payload"]["severity"] for body in pagerduty.bodies()] == ["critical"]


def test_pager_is_told_what_is_news_and_spared_the_rest(room: Room, pagerduty: FakePagerDuty) -> None:
    """A repetition and what is older are spared; a rise in severity, the end and the next firing are not."""
    fire(room, "Latency", minutes=5, severity="warning")
    room.clock.move(seconds=10)
    fire(room, "Latency", minutes=5 + 10 / 60, severity="warning")
    fire(room, "Latency", minutes=60, severity="warning")
    fire(room, "Latency", minutes=5 + 10 / 60, severity="error")
    fire(room, "Latency", minutes=5 + 10 / 60, severity="error", over=True)
    room.settle()
    room.clock.move(minutes=1)
    fire(room, "Latency")
    room.settle()

    assert told(pagerduty) == ["trigger", "trigger", "resolve", "trigger"]
    assert [body["payload"]["severity"] for body in pagerduty.bodies() if "payload" in body] == [
        "warning",
        "error",
        "error",
    ]
    assert len(pagerduty.woken) == 2


def test_pager_keeps_an_alert_open_until_no_severity_of_it_fires(room: Room, pagerduty: FakePagerDuty) -> None:
    """It has the worst; what is milder, and each end but the last, is spared."""
    fire_with(room, "warning", 0)
    fire_with(room, "error", 1)
    fire_with(room, "info", 2)
    fire_with(room, "error", 1, over=True)
    fire_with(room, "info", 2, over=True)
    before = told(pagerduty)
    fire_with(room, "warning", 0, over=True)

    assert before == ["trigger", "trigger"]
    assert told(pagerduty) == ["trigger", "trigger", "resolve"]
    assert pagerduty.incidents[0]["status"] == "resolved"


def test_end_that_names_the_earlier_of_two_beginnings_reaches_the_pager(room: Room, pagerduty: FakePagerDuty) -> None:
    """Else its next firing would join what the pager holds open, and wake nobody; an end of before is none of it."""
    for began, over, rule in ((10, False, "Two"), (8, False, "One"), (8, True, "One"), (9, False, "One")):
        fire_with(room, "warning", began, over=over, rule=rule)
    before_it = room.clock.now() - timedelta(seconds=30)
    room.clock.move(minutes=1)
    fire_with(room, "warning", 8, over=True, rule="Two")
    ended = told(pagerduty).count("resolve")
    fire_with(room, "warning", 8, over=True, rule="One", ends_at=before_it)

    assert ended == 2
    assert told(pagerduty).count("resolve") == 2


def test_alert_that_begins_and_ends_in_one_message_is_over_at_the_pager(room: Room, pagerduty: FakePagerDuty) -> None:
    """Each of a message is news beside those before it, or it would ring for what is over."""
    began, ended = room.clock.now().timestamp() - 60, room.clock.now().timestamp()
    one = {"rule": "Brief", "severity": "error", "labels": {"team": "payments"}, "starts_at": began}

    status = room.alerts("generic", {"alerts": [one, {**one, "status": "resolved", "ends_at": ended}]}).status
    room.settle()

    assert (status, told(pagerduty)) == (200, ["trigger", "resolve"])
    assert [one["status"] for one in pagerduty.incidents] == ["resolved"]


@pytest.mark.parametrize("hours", [1, -2])
def test_clock_that_jumps_hides_no_alert_that_the_pager_does_not_take(
    room: Room, pagerduty: FakePagerDuty, hours: int
) -> None:
    """By a clock that was set back it is still to be asked for, and nobody knows how long it waits."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    fire(room, f"Jumped{hours}")
    room.wait_for("an attempt", lambda: pagerduty.asked)
    now = room.clock.now() + timedelta(hours=hours)

    assert "has not taken 1 alerts" in room.app.store.overdue_forwards(now, timedelta(minutes=1), {"payments"})
    assert room.app.store.overdue_forwards(now, timedelta(minutes=1), {"other"}) == ""


def test_answer_to_an_earlier_firing_takes_nothing_newer_for_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """It ended and fired again while the pager answered: the heart stops where the pager does not take that."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", after=True, status=202))

    def goes_on(_: object) -> None:
        pagerduty.before_answer = None
        pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
        room.clock.move(seconds=5)
        fire(room, "FiredAnew", over=True, starts_at=began)
        room.clock.move(seconds=5)
        fire(room, "FiredAnew")

    began = room.clock.now().timestamp()
    pagerduty.before_answer = goes_on
    fire(room, "FiredAnew")
    room.settle(horizon=timedelta(0))

    late = room.clock.now() + timedelta(seconds=61)
    assert len(pagerduty.woken) == 1
    assert "has not taken 1 alerts" in room.app.store.overdue_forwards(late, timedelta(minutes=1), {"payments"})


def test_other_alerts_of_the_source_page_as_before(room: Room, pagerduty: FakePagerDuty) -> None:
    """Only what the route names is in line."""
    fire(room, "Elsewhere", labels={"team": "ledger"})
    fire(room, "Nowhere", labels={})
    room.settle()

    assert pagerduty.asked == []


def test_end_that_comes_first_wakes_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """The pager has nothing that could be over, and a firing that comes after its own end is over, too."""
    fire(room, "Overtaken", minutes=5, over=True)
    fire(room, "Overtaken", minutes=5)
    room.settle()

    assert pagerduty.asked == []
    fire(room, "Overtaken", minutes=1)
    room.settle()
    assert told(pagerduty) == ["trigger"]


@pytest.mark.parametrize(
    "trouble",
    thinned(
        [
            pytest.param(Trouble(cut=True, after=True), id="accepted and the answer lost"),
            pytest.param(Trouble(cut=True), id="lost"),
            pytest.param(Trouble(status=500, after=True), id="accepted and a 500"),
            pytest.param(Trouble(status=503, times=4), id="away for a while"),
            pytest.param(Trouble(status=429, headers={"Retry-After": "5"}), id="asked to wait"),
        ],
        every=2,
    ),
)
def test_alert_in_line_survives_trouble_and_wakes_once(room: Room, pagerduty: FakePagerDuty, trouble: Trouble) -> None:
    """It is told until it is taken."""
    pagerduty.troubles.append(trouble)

    fire(room, f"Trouble{trouble.status}{trouble.cut}{trouble.after}")
    room.settle()

    assert len(pagerduty.woken) == 1


def test_alert_that_the_pager_does_not_take_is_tried_every_half_minute(room: Room, pagerduty: FakePagerDuty) -> None:
    """For as long as it takes, since somebody is to be woken; a longer wait that it asks for is kept."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=12, status=503))
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=429, headers={"Retry-After": "100"}))
    tried: list[datetime] = []
    pagerduty.before_answer = lambda _: tried.append(room.clock.now())

    fire(room, "TriedForLong")
    room.settle(horizon=timedelta(minutes=15))
    pagerduty.before_answer = None

    waits = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tried)]
    assert (len(tried), len(pagerduty.woken)) == (14, 1)
    assert max(waits[:-1]) <= 31
    assert waits[-1] >= 100


@pytest.mark.parametrize("step", ["begin", "end"])
def test_alert_whose_call_cannot_be_kept_is_told_again(
    room: Room, pagerduty: FakePagerDuty, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The database was gone in that moment: nothing left, or nobody knows of it, and the key makes it one alert."""
    fails_once(monkeypatch, room, step, EgressPurpose.FORWARD)

    fire(room, f"NotKeptAtThe{step}")
    room.settle()
    room.clock.move(minutes=2)

    assert len(pagerduty.woken) == 1
    assert room.app.store.overdue_forwards(room.clock.now(), timedelta(seconds=60), {"payments"}) == ""


def test_what_comes_back_from_the_pager_goes_round_no_more(room: Room, pagerduty: FakePagerDuty) -> None:
    """The pager's own webhook about an alert of ours is no alert."""
    fire(room, "RoundTrip")
    room.settle()
    agent = {"id": "P1", "type": "service_reference", "summary": "Payments"}
    body = report(pagerduty.incidents[-1], "incident.triggered", event="01X", at="2026-03-01T09:00:00Z", agent=agent)
    signature = {"X-PagerDuty-Signature": f"v1={digest(body, WEBHOOK_SECRETS[0])}", "Content-Type": "application/json"}
    with room.app.store.snapshots.snapshot() as reads:
        before = reads.groups.events(room.app.workspace_id, after=0, limit=1000)

    answer = room.send(Signed(body=body, headers=signature), "/webhooks/alerts/pagerduty")
    room.settle()

    with room.app.store.snapshots.snapshot() as reads:
        after = reads.groups.events(room.app.workspace_id, after=0, limit=1000)
    assert (answer.status, len(after)) == (200, len(before))
    assert told(pagerduty) == ["trigger"]


def test_alert_that_somebody_acknowledged_at_the_pager_wakes_nobody_again(room: Room, pagerduty: FakePagerDuty) -> None:
    """Only its end there lets the next repetition tell it anew."""
    fire(room, "TakenOver", minutes=5)
    room.settle()
    room.clock.move(minutes=1)
    agent = {"id": "P1", "type": "user_reference", "summary": "Nadia"}
    at = room.clock.now().isoformat()
    body = report(pagerduty.incidents[-1], "incident.acknowledged", event="01Y", at=at, agent=agent)
    signature = {"X-PagerDuty-Signature": f"v1={digest(body, WEBHOOK_SECRETS[0])}", "Content-Type": "application/json"}

    answer = room.send(Signed(body=body, headers=signature), "/webhooks/alerts/pagerduty")
    room.clock.move(minutes=4)
    fire(room, "TakenOver", minutes=10)
    room.settle()

    assert answer.status == 200
    assert told(pagerduty) == ["trigger"]


@pytest.mark.parametrize(
    ("labels", "annotations", "said"),
    [
        pytest.param(
            {"alertname": "Queue is long"},
            {"grafana_state_reason": "NoData"},
            "Queue is long (no data): It fires because its query gave no data (team=payments)",
            id="counted as alerting",
        ),
        pytest.param(
            {"alertname": "DatasourceNoData", "rulename": "Queue is long"},
            {},
            "DatasourceNoData of Queue is long (rulename=Queue is long, team=payments)",
            id="a rule of its own",
        ),
        pytest.param(
            {"alertname": "DatasourceError", "rulename": "Queue is long"},
            {"Error": "connection refused"},
            "DatasourceError of Queue is long: connection refused (rulename=Queue is long, team=payments)",
            id="a query that failed",
        ),
        pytest.param(
            {"alertname": "Queue is long"},
            {},
            "Queue is long: [no value] wait, more than 500 (team=payments)",
            id="its own sentence",
        ),
    ],
)
def test_missing_data_are_told_to_the_pager_as_such(
    room: Room, pagerduty: FakePagerDuty, labels: dict[str, str], annotations: dict[str, str], said: str
) -> None:
    """Whoever is woken by a rule of Grafana's without data reads so, and no sentence about a value."""
    alert = {
        "status": "firing",
        "labels": {**labels, "team": "payments"},
        "annotations": {"summary": "[no value] wait, more than 500", **annotations},
        "startsAt": room.clock.now().isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "values": None,
    }
    body = {"version": "1", "orgId": 1, "status": "firing", "alerts": [alert]}

    assert room.alerts("grafana", body).status == 200
    room.settle()

    assert [told_of["payload"]["summary"] for told_of in pagerduty.bodies()] == [said]


def hear(room: Room, pagerduty: FakePagerDuty, kind: str, *, event: str, minutes_ago: float = 0) -> None:
    """Deliver what PagerDuty's service says of its newest incident, as after a timeout of its own."""
    at = (room.clock.now() - timedelta(minutes=minutes_ago)).isoformat()
    agent = {"id": "PSVC001", "type": "service_reference", "summary": "Payments"}
    body = report(pagerduty.incidents[-1], f"incident.{kind}", event=event, at=at, agent=agent)
    signature = {"X-PagerDuty-Signature": f"v1={digest(body, WEBHOOK_SECRETS[0])}", "Content-Type": "application/json"}
    assert room.send(Signed(body=body, headers=signature), "/webhooks/alerts/pagerduty").status == 200


def test_what_the_pager_closed_while_it_fires_wakes_again(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty resolves by a timeout of its own; the next repetition is told once, and so is the end."""
    fire_with(room, "info", 0, rule="Closed")
    fire_with(room, "error", 0, rule="Closed")
    room.clock.move(hours=4)
    pagerduty.incidents[-1]["status"] = "resolved"
    hear(room, pagerduty, "resolved", event="01CLOSED")

    fire_with(room, "info", 0, rule="Closed")
    milder = len(pagerduty.woken)
    fire_with(room, "error", 0, rule="Closed")
    fire_with(room, "error", 0, rule="Closed")
    again = len(pagerduty.woken)
    fire_with(room, "info", 0, over=True, rule="Closed")
    fire_with(room, "error", 0, over=True, rule="Closed")

    assert (milder, again) == (1, 2)
    assert told(pagerduty) == ["trigger", "trigger", "trigger", "resolve"]
    assert pagerduty.incidents[-1]["status"] == "resolved"


def test_end_at_the_pager_before_it_was_told_anew_is_of_the_firing_before(room: Room, pagerduty: FakePagerDuty) -> None:
    """Its webhook may come late: what the pager has is spared it all the same, as is what somebody acknowledges."""
    fire_with(room, "error", 0, rule="Late")
    fire_with(room, "error", 0, over=True, rule="Late")
    room.clock.move(minutes=5)
    fire_with(room, "error", 5, rule="Late")

    hear(room, pagerduty, "resolved", event="01LATE", minutes_ago=5)
    hear(room, pagerduty, "acknowledged", event="01ACK")
    fire_with(room, "error", 5, rule="Late")

    assert told(pagerduty) == ["trigger", "resolve", "trigger"]


def test_incident_that_was_moved_ends_at_the_pager_what_it_was_told_of_the_first_service(room: Room) -> None:
    """Nothing else would: all that comes of it later is of the other service."""
    routes = (Route(source="pagerduty", labels={}, service="payments"),)
    event = payload("pagerduty_triggered")["event"]
    moved = {"event_type": "incident.service_updated", "id": "01MOVEDINLINE"}
    elsewhere = {**event["data"], "service": {"id": "PSVC909", "type": "service_reference", "summary": "Ledger"}}

    def hear(body: Mapping[str, Any]) -> list[str]:
        told_alerts = read_pagerduty({"event": body}, source="pagerduty", now=room.clock.now())
        forwarding = Forwarding(routes=routes)
        command = ReceiveAlerts(workspace_id=room.app.workspace_id, told=told_alerts, forwarding=forwarding)
        with room.app.store.snapshots.snapshot() as reads:
            told_pager = [str(one.arguments["status"]) for one in receive_alerts(reads, command).deliveries]
        room.app.store.writer.submit(receive_alerts, command).result()
        return told_pager

    first = hear(event)
    room.settle()
    room.clock.move(seconds=1)

    assert (first, hear({**event, **moved, "data": elsewhere})) == (["firing"], ["resolved", "firing"])


def test_end_that_comes_from_the_pager_before_its_answer_leaves_nothing_waiting(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Somebody closes it at once: the heart would be silent for as long as it fires otherwise."""
    alert = {"rule": "Quick", "labels": {"team": "payments", "service": "card-api"}}
    told_alerts = read_generic(alert, source="generic", now=room.clock.now())
    (one,) = ReceiveAlerts(workspace_id=room.app.workspace_id, told=told_alerts).received
    fire(room, rule="Quick")
    with room.app.store.snapshots.snapshot() as reads:
        known = reads.pages.forward_by_key(forward_key(one, "payments"))
    assert known is not None
    room.clock.move(seconds=1)

    def write(use_case: Callable[[Reads, Any], Changes]) -> None:
        room.app.store.writer.submit(use_case, None).result()

    write(lambda reads, _: forward_ended(reads, known.key, reads.now))
    write(lambda reads, _: forward_taken(reads, ForwardTaken(key=known.key, episode=known.episode)))

    with room.app.store.snapshots.snapshot() as reads:
        taken = reads.pages.forward_by_key(known.key)
    assert taken is not None
    assert (taken.taken_at is not None, taken.episode.startswith("resolved")) == (True, True)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"severity": "critical"}, id="the worst severity"),
        pytest.param({"rule": "PaymentsSLOErrorBudgetBurn"}, id="an SLO"),
        pytest.param({"rule": "Watchdog"}, id="a dead man's switch"),
    ],
)
def test_what_must_page_directly_is_forwarded_all_the_same_and_told(
    room: Room, pagerduty: FakePagerDuty, more: Mapping[str, Any]
) -> None:
    """Nothing is held up because somebody routed it wrongly; the operator is told once to route it directly."""
    before = len(room.slack.posts(OPERATIONS))
    for over in (False, True, False):
        fire(room, **{"rule": f"Protected{more.get('severity', '')}", "over": over, **more})
        room.settle()
        room.clock.move(minutes=1)

    (note,) = room.slack.posts(OPERATIONS)[before:]
    assert told(pagerduty) == ["trigger", "resolve", "trigger"]
    assert "must always page directly came by a route in line" in note["text"]


@pytest.mark.parametrize("kind", ["fails", "late", "cannot be observed"])
def test_decision_that_fails_or_is_late_lets_the_alert_through(
    room: Room, pagerduty: FakePagerDuty, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a decision would spare the pager is told to it where the decision cannot be trusted."""
    ticks = iter([0.0, 0.2])
    if kind == "cannot be observed":
        monkeypatch.setattr("bot.usecases.paging.forward_alerts.series_after", lambda *_, **__: 1 / 0)

    def decide(_: Series | None, __: Alert) -> InLine:
        if kind == "fails":
            raise ZeroDivisionError
        return InLine.REPEAT

    route = Route(source="generic", labels={"team": "payments"}, service="payments")
    open_door = Forwarding(routes=(route,), decide=decide, timer=lambda: next(ticks))
    alert = {"rule": "Doubt", "labels": {"team": "payments"}}
    told_alerts = read_generic(alert, source="generic", now=room.clock.now())
    received = ReceiveAlerts(workspace_id=room.app.workspace_id, told=told_alerts).received

    with room.app.store.snapshots.snapshot() as reads:
        changes = open_door(reads, received)

    assert [delivery.kind for delivery in changes.deliveries] == [DeliveryKind.FORWARD_ALERT]
    assert pagerduty.asked == []


def test_heart_beats_while_alerts_reach_the_pager_and_only_then(
    room: Room, pagerduty: FakePagerDuty, watch: FakeWatch
) -> None:
    """An alert that the pager does not take for a minute stops it; once it is taken, it beats again."""
    assert beats(room, watch)
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))

    fire(room, "NobodyTakesIt")
    room.wait_for("an attempt", lambda: pagerduty.asked)
    room.clock.move(seconds=61)
    is_silent = falls_silent(room, watch)
    pagerduty.heal()
    room.settle()

    assert is_silent
    assert beats(room, watch)
    assert len(pagerduty.woken) == 1


def test_heart_is_silent_while_nobody_can_hand_over_an_alert(
    room: Room, watch: FakeWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that lives and answers no request is heard of outside; once it answers again, the heart beats."""
    monkeypatch.setattr("bot.web.pulse.PATIENCE_SECONDS", 0.3)
    assert fire(room, "BeforeIt", over=True) == 200
    assert beats(room, watch)
    held = threading.Event()
    room.app.web.loop.call_soon_threadsafe(held.wait)

    is_silent = falls_silent(room, watch)
    held.set()

    assert is_silent
    assert beats(room, watch)


def test_heart_is_silent_after_alerts_of_a_route_were_refused(room: Room, watch: FakeWatch) -> None:
    """What the door does not take reaches no pager through Debrief, so that it must reach it directly."""
    assert beats(room, watch)
    assert room.alerts("generic", {"alerts": [{"rule": "TooMany"}] * 2001}).status == 400

    is_silent = falls_silent(room, watch)
    room.clock.move(minutes=3)

    assert is_silent
    assert beats(room, watch)


def test_refusal_of_the_pager_stops_the_heart_and_is_told(
    room: Room, pagerduty: FakePagerDuty, watch: FakeWatch
) -> None:
    """What the pager refuses waits for the operator, who is told, and people are paged by the watch meanwhile."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=400))

    fire(room, "Refused")
    room.settle()
    room.clock.move(seconds=61)
    is_silent = falls_silent(room, watch)
    (lane,) = {one.key for one in parked(room)}
    room.app.store.outbox.resume(lane)
    room.settle()

    assert is_silent
    assert beats(room, watch)
    assert "One message was not sent (forward alert): PagerDuty refuses it (400" in json.dumps(
        room.slack.posts(OPERATIONS)
    )


def test_beat_that_the_watch_refuses_is_none(room: Room, watch: FakeWatch) -> None:
    """An address that was typed wrong, or was taken down there: whoever looks at the figures here reads of silence."""
    assert beats(room, watch)

    watch.status = 500
    room.wait_for("silence", lambda: room.app.heartbeat.is_beating is False)
    watch.status = 200

    room.wait_for("a beat", lambda: room.app.heartbeat.is_beating)


def test_beats_are_on_record_without_their_secret(room: Room, watch: FakeWatch) -> None:
    """Each call is kept; the path that lets anybody in is not."""
    assert beats(room, watch)

    calls = [call for call in room.app.store.egress.calls() if call.purpose == "heartbeat"]

    assert calls
    assert {(call.path, call.body) for call in calls} == {("/…", b"")}
    assert set(watch.paths) == {PATH}


def beats(room: Room, watch: FakeWatch, *, patience: float = SETTLED_SECONDS) -> bool:
    """Whether the watch is called within so many seconds."""
    before, ends = len(watch.paths), time.monotonic() + patience
    while time.monotonic() < ends:
        if len(watch.paths) > before:
            return True
        time.sleep(0.02)
    return False


def falls_silent(room: Room, watch: FakeWatch) -> bool:
    """Whether the heart stops, and then calls nobody any more; a call may be on its way until it has stopped."""
    room.wait_for("the heart to stop", lambda: room.app.heartbeat.is_beating is False)
    return not beats(room, watch, patience=0.5)


def parked(room: Room) -> list[Any]:
    """The lanes of alerts in line that wait for somebody."""
    return [lane for lane in lanes_that_wait(room.app.store.database) if lane.key.startswith("forward:")]
