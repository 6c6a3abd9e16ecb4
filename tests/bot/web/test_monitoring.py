"""What whoever is on call learns of Debrief from their own Prometheus, by the rules that we ship."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.app import build
from bot.store.database.engine import open_database
from bot.store.delivery.sole_sender import SoleSender
from bot.store.delivery.waiting import lanes_that_wait
from bot.store.grouping.group_tables import DECISION
from bot.store.holding.hold_tables import ALERT_HOLD
from bot.store.record.tables import ALERT, ALERT_EVENT, DELIVERY
from bot.store.writing.jobs import CAPACITY
from bot.telemetry.gauges import ANCHORED_AT, GAUGES
from tests import promtool
from tests.dialects import on_both
from tests.fake_pagerduty import FakePagerDuty, Trouble
from tests.fake_slack import FakeSlack, Fault
from tests.fake_watch import FakeWatch
from tests.loopback import serving
from tests.paging import open_paging_room
from tests.slack_room import ALERTS, COMMANDER, RESPONDER, START, MovingClock, Room, open_room, room_settings

PAGE = Path(__file__).parents[3] / "docs/operations/monitoring.md"
MODEL = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "approved-1", "canary_hours": 0}
ROUTE = {"source": "generic", "labels": {"team": "payments"}, "service": "payments"}

#: What is counted, and what is read.
FIGURES = {
    "debrief_build_info",
    "debrief_requests_total",
    "debrief_refused_requests_total",
    "debrief_alerts_taken_total",
    "debrief_alerts_last_taken_timestamp_seconds",
    "debrief_events_total",
    "debrief_deliveries_total",
    *GAUGES,
}

Ill = Callable[[Room, str], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _needs_the_tool(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("prometheus") and promtool.is_missing():
        pytest.skip("promtool cannot be found; it is in Debian's package prometheus")


def scraped(room: Room) -> promtool.Samples:
    """What Prometheus learns now."""
    try:
        answer = room.get("/metrics")
    except OSError:
        return promtool.samples_of(None)
    assert answer.status == 200
    return promtool.samples_of(answer.body)


def fire(room: Room, rule: str = "QueueLong", **labels: str) -> int:
    """Let an alert fire; the status of the answer."""
    alert = {"rule": rule, "severity": "error", "labels": labels, "starts_at": room.clock.now().isoformat()}
    return room.alerts("generic", alert).status


@pytest.mark.prometheus
def test_rules_are_right_and_each_is_explained() -> None:
    """Prometheus takes them, and the page says of each what to do."""
    checked = promtool.run("check", "rules", str(promtool.RULES))
    named = re.findall(r"alert: (\w+)", promtool.RULES.read_text())

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.findall(r"^\| `(Debrief\w+)` \|", PAGE.read_text(), re.MULTILINE) == named
    assert set(re.findall(r"debrief_\w+", promtool.RULES.read_text())) <= FIGURES


def test_every_figure_is_on_the_page() -> None:
    """By its name, and none that there is not."""
    named = set(re.findall(r"^\| `(debrief_\w+)", PAGE.read_text(), re.MULTILINE))

    assert named == FIGURES


@pytest.mark.prometheus
@on_both("database_url")
def test_bot_that_is_well_is_well_in_figures(database_url: str, tmp_path: Path) -> None:
    """Names and units are as Prometheus wants them, no text of an alert is in them, and no rule fires."""
    with open_room(database_url, tmp_path, alerts_channel=ALERTS) as room:
        number, channel = room.declare(text="SEV2 Secretive payments fail")
        assert fire(room, "SecretiveQueue", service="secretive-ledger") == 200
        assert room.alerts("secretive", {}).status == 401
        room.draft(COMMANDER, channel)
        room.settle()
        first = scraped(room)
        page = room.get("/metrics").body
        room.ask(RESPONDER, f"#{number} note Still well")
        room.settle()
        judged = promtool.judge(tmp_path, first, scraped(room), 30, [])
    linted = promtool.run("check", "metrics", given=page)

    assert (linted.returncode, linted.stderr) == (0, "")
    assert "secretive" not in page.lower()
    assert f'debrief_build_info{{database="{"sqlite" if database_url.startswith("sqlite") else "postgresql"}"' in page
    assert 'debrief_alerts_taken_total{source="generic"} 1.0' in page
    assert judged.returncode == 0, judged.stderr


@contextmanager
def stuck_writer(room: Room, _url: str) -> Iterator[None]:
    """Nothing can be committed."""
    with _held_writer(room):
        room.wait_for("the probe", lambda: room.get("/healthz").status == 503)
        yield


@contextmanager
def crowd(room: Room, _url: str) -> Iterator[None]:
    """More comes than may wait."""
    with _held_writer(room):
        crowd: list[Future[Any]] = [room.app.store.writer.call(lambda _: None) for _ in range(CAPACITY + 5)]
        assert crowd[-1].exception(5)
    crowd[0].result(30)
    room.wait_for("the writer", lambda: not len(room.app.store.writer.queue))
    room.wait_for("the probe", lambda: room.get("/healthz").status == 200)
    yield


@contextmanager
def _held_writer(room: Room) -> Iterator[None]:
    gate = threading.Event()
    held = room.app.store.writer.call(lambda _: gate.wait(60))
    try:
        yield
    finally:
        gate.set()
        held.result(60)


@contextmanager
def other_sender(room: Room, url: str) -> Iterator[None]:
    """Another process has the lock, and is not scraped."""
    database = open_database(url)
    other = SoleSender(database)
    try:
        room.app.store.sole_sender.release()
        room.wait_for("the lock", lambda: other.holds() or room.app.store.sole_sender.release())
        yield
    finally:
        other.release()
        database.close()


@contextmanager
def grouping_that_ended(room: Room, _url: str) -> Iterator[None]:
    """Alerts are taken, and nothing decides about them."""
    room.app.grouping.stop()
    assert fire(room) == 200
    room.clock.move(minutes=6)
    yield


@contextmanager
def forgotten_hold(room: Room, _url: str) -> Iterator[None]:
    """An alert waits, and nothing ends it."""
    assert fire(room) == 200
    room.wait_for("the group", lambda: _decided(room))
    room.app.grouping.stop()
    (seq, alert_id, group_id) = _decided(room)[0]
    row = {
        "seq": seq,
        "workspace_id": room.app.workspace_id,
        "alert_id": alert_id,
        "group_id": group_id,
        **dict.fromkeys(("kind", "source", "name", "guard"), ""),
        "is_critical": False,
        "action": "hold",
        "would": "hold",
        "since": room.clock.now(),
    }
    room.app.store.writer.call(lambda one: one.connection.execute(insert(ALERT_HOLD).values(row))).result(5)
    room.clock.move(minutes=11)
    yield


def _decided(room: Room) -> list[Any]:
    found = select(ALERT_EVENT.c.seq, ALERT.c.id, DECISION.c.group_id).join_from(ALERT_EVENT, ALERT)
    with room.app.store.database.reading() as connection:
        return list(connection.execute(found.join(DECISION, DECISION.c.seq == ALERT_EVENT.c.seq)).all())


@contextmanager
def slack_away(room: Room, _url: str) -> Iterator[None]:
    """It answers nothing but errors of its own."""
    room.slack.break_down(Fault(method="*", status=503, times=None))
    room.ask(RESPONDER, "declare SEV3 Nobody hears of it")
    room.clock.move(minutes=6)
    yield


@contextmanager
def refusing_slack(room: Room, _url: str) -> Iterator[None]:
    """It does not let the bot post."""
    room.slack.break_down(Fault(method="chat.postMessage", error="restricted_action", times=None))
    room.ask(RESPONDER, "declare SEV3 Nobody may post")
    room.settle()
    room.clock.move(minutes=6)
    yield


@contextmanager
def unreadable_message(room: Room, _url: str) -> Iterator[None]:
    """Its lane goes on without it."""
    room.slack.break_down(Fault(method="*", status=503, times=None))
    room.ask(RESPONDER, "declare SEV3 Nobody reads of it")
    _damage(room, "topic")
    room.slack.heal()
    room.settle()
    room.clock.move(minutes=6)
    yield


def _damage(room: Room, kind: str) -> None:
    damaged = update(DELIVERY).where(DELIVERY.c.kind == kind).values(arguments=b"x" * 40)
    assert room.app.store.writer.call(lambda one: one.connection.execute(damaged).rowcount).result(5)


@contextmanager
def storm(room: Room, _url: str) -> Iterator[None]:
    """One source sends more than it may."""
    assert [fire(room, f"Rule{number}") for number in range(8)].count(429) == 3
    yield


ILL: list[Any] = [
    pytest.param(stuck_writer, {}, 17, ["DebriefCannotRecord"], id="stuck writer"),
    pytest.param(crowd, {}, 8, ["DebriefOverloaded"], id="more than may wait"),
    pytest.param(other_sender, {}, 17, ["DebriefNobodySends"], id="nobody sends"),
    pytest.param(grouping_that_ended, {}, 17, ["DebriefGroupingBehind"], id="grouping behind"),
    pytest.param(forgotten_hold, {}, 17, ["DebriefHeldAlertOverdue"], id="held for ever"),
    pytest.param(slack_away, {}, 17, ["DebriefMessagesWait"], id="messages wait"),
    pytest.param(refusing_slack, {}, 17, ["DebriefLaneParked"], id="parked"),
    pytest.param(unreadable_message, {}, 17, ["DebriefLaneParked"], id="one message parked"),
    pytest.param(storm, {"alerts_per_second": 0.001, "alert_burst": 5}, 8, ["DebriefAlertsRefused"], id="refused"),
]


@pytest.mark.prometheus
@pytest.mark.parametrize(("ill", "over", "minutes", "firing"), ILL)
def test_each_illness_fires_its_rule_and_no_other(
    ill: Ill, over: dict[str, Any], minutes: int, firing: list[str], ready_sqlite_url: str, tmp_path: Path
) -> None:
    """Judged by Prometheus' own tool on what the served bot shows before and after."""
    with open_room(ready_sqlite_url, tmp_path, probe_interval_seconds=0.05, **over) as room:
        room.settle()
        well = scraped(room)
        with ill(room, ready_sqlite_url):
            judged = promtool.judge(tmp_path, well, scraped(room), minutes, firing)
        room.slack.heal()

    assert judged.returncode == 0, judged.stderr


@pytest.mark.prometheus
def test_bot_that_is_gone_fires_its_rule(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Whoever scrapes finds nobody."""
    with open_room(ready_sqlite_url, tmp_path) as room:
        well = scraped(room)

    judged = promtool.judge(tmp_path, well, scraped(room), 5, ["DebriefDown"])

    assert judged.returncode == 0, judged.stderr


@pytest.mark.prometheus
def test_pager_that_takes_nothing_fires_its_rules(ready_sqlite_url: str, tmp_path: Path) -> None:
    """An alert in line waits, so the heart is silent, too."""
    with FakeWatch() as watch:
        over = {"heartbeat": {"url": watch.url, "every_seconds": 0.05}, "in_line": [ROUTE]}
        with open_paging_room(ready_sqlite_url, tmp_path, over=over) as (room, pagerduty):
            room.wait_for("a beat", lambda: room.app.heartbeat.is_beating)
            well = scraped(room)
            pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
            assert fire(room, team="payments") == 200
            room.wait_for("an attempt", lambda: pagerduty.asked)
            room.clock.move(minutes=3)
            room.wait_for("silence", lambda: not room.app.heartbeat.is_beating)
            ill = scraped(room)
            pagerduty.heal()

    judged = promtool.judge(tmp_path, well, ill, 10, ["DebriefHeartbeatSilent", "DebriefPagesWait"])

    assert judged.returncode == 0, judged.stderr


def unreadable_page(room: Room, pagerduty: FakePagerDuty, channel: str) -> None:
    """It waits for a pager that is away, and its row is damaged meanwhile."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    room.ask(RESPONDER, "page confirm payments the disk is full", channel)
    room.wait_for("an attempt", lambda: pagerduty.asked)
    _damage(room, "send_page")


def refused_news(room: Room, pagerduty: FakePagerDuty, channel: str) -> None:
    """The page arrived, and the pager does not take that its incident is over."""
    room.ask(RESPONDER, "page confirm payments the disk is full", channel)
    room.wait_for("the page", lambda: pagerduty.woken)
    room.settle()
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=400))
    room.ask(COMMANDER, "resolve", channel)


@pytest.mark.prometheus
@pytest.mark.parametrize("park", [unreadable_page, refused_news])
def test_page_that_waits_for_somebody_fires_its_rule(
    park: Callable[[Room, FakePagerDuty, str], None], ready_sqlite_url: str, tmp_path: Path
) -> None:
    """It is not tried again, so it is no page that waits for the pager; both doors tell of it until it is resumed."""
    with open_paging_room(ready_sqlite_url, tmp_path) as (room, pagerduty):
        _, channel = room.declare()
        room.settle()
        well = scraped(room)
        park(room, pagerduty, channel)
        room.settle()
        room.clock.move(minutes=3)
        ill = scraped(room)
        (lane,) = room.get("/healthz").json["parked_lanes"]
        pagerduty.heal()
        listed = [one.command for one in lanes_that_wait(room.app.store.database) if one.parked]
        room.app.store.outbox.resume(lane)
        cleared = room.get("/healthz").json["parked_lanes"]

    judged = promtool.judge(tmp_path, well, ill, 17, ["DebriefPageParked"])

    assert judged.returncode == 0, judged.stderr
    assert listed == [f"debrief lanes resume {lane}"]
    assert cleared == {}


@pytest.mark.prometheus
def test_source_that_says_nothing_after_a_restart_fires_the_rule_of_the_page(
    ready_sqlite_url: str, tmp_path: Path
) -> None:
    """The rule is taken as it stands there; a source that told an alert is not silent for it."""
    block = PAGE.read_text().split("For one that tells something each day:")[1].split("\nThe count")[0]
    rules = tmp_path / "sources.yml"
    rules.write_text(dedent(block).replace('source="prometheus"', 'source="generic"'))
    with open_room(ready_sqlite_url, tmp_path) as room:
        begun = scraped(room)
        assert fire(room) == 200
        spoken = scraped(room)

    silent = promtool.judge(tmp_path, begun, begun, 150, ["DebriefSourceSilent"], rules=rules)
    heard = promtool.judge(tmp_path, begun, spoken, 150, [], rules=rules)

    assert silent.returncode == 0, silent.stderr
    assert heard.returncode == 0, heard.stderr


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("over", "firing"),
    [
        pytest.param({"anchors_file": Path("/proc/none/anchors.jsonl")}, ["DebriefNotAnchored"], id="never anchored"),
        pytest.param(MODEL, ["DebriefModelOff"], id="no owner of the model"),
    ],
)
def test_bot_that_was_set_up_wrong_fires_its_rule(
    over: dict[str, Any], firing: list[str], ready_sqlite_url: str, tmp_path: Path
) -> None:
    """From its start on."""
    with open_room(ready_sqlite_url, tmp_path, **over) as room:
        ill = scraped(room)

    judged = promtool.judge(tmp_path, {}, ill, 15, firing)

    assert judged.returncode == 0, judged.stderr


@pytest.mark.prometheus
def test_token_that_slack_does_not_know_fires_its_rule(ready_sqlite_url: str, tmp_path: Path) -> None:
    """What people type reaches nobody, and nothing waits yet."""
    with FakeSlack() as slack:
        slack.break_down(Fault(method="auth.test", error="invalid_auth", times=None))
        app = build(room_settings(slack, ready_sqlite_url, tmp_path))
        with serving(app.web) as port:
            app.start()
            room = Room(slack=slack, app=app, clock=MovingClock(), port=port, settings=app.settings)
            try:
                room.wait_for("the first anchors", lambda: f"{ANCHORED_AT} 0.0" not in room.get("/metrics").body)
                ill = scraped(room)
            finally:
                app.stop()

    judged = promtool.judge(tmp_path, {}, ill, 15, ["DebriefSlackAway"])

    assert judged.returncode == 0, judged.stderr


def test_what_was_kept_for_the_first_half_hour_waits_since_then(own_room: Room) -> None:
    """It is not due before, and not old when it is."""
    number, _ = own_room.declare()
    for count in range(9):
        own_room.ask(RESPONDER, f"#{number} update Number {count}")
        own_room.settle()
    early = own_room.get("/metrics").body
    own_room.app.dispatcher.stop()
    own_room.clock.set(START + timedelta(minutes=31))
    late = own_room.get("/metrics").body
    (age,) = re.findall(r'^debrief_deliveries_oldest_age_seconds\{to="slack"\} (\S+)', late, re.MULTILINE)

    assert own_room.get("/healthz").json["deliveries"]["pending"]
    assert 'debrief_deliveries_waiting{to="slack"} 0.0' in early
    assert 0 < float(age) <= 120


def test_page_answers_without_a_database_that_does(own_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within its own bound, with what the process knows, and without figures that are old."""
    gate = threading.Event()
    monkeypatch.setattr(type(own_room.app.store), "backlog", lambda *_: gate.wait(30))
    answer = own_room.get("/metrics")
    gate.set()

    assert answer.status == 200
    assert "debrief_database_up 0.0" in answer.body
    assert "debrief_writer_up 1.0" in answer.body
    assert "debrief_grouping_lag_seconds " not in answer.body
