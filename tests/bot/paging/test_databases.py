"""One life of pages and of a route in line on each database."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.events import EventKind
from bot.flows.heartbeat import OVERDUE
from bot.ports.paging import PAGE_KEY
from bot.store.proof.verification import verify_database
from tests.alert_payloads import digest
from tests.dialects import on_both
from tests.effort import leading
from tests.fake_pagerduty import NADIA, ROUTING_KEY, SERVICE, Trouble, report
from tests.fake_watch import FakeWatch
from tests.paging import open_paging_room
from tests.slack_requests import WEBHOOK_SECRETS, Signed
from tests.slack_room import COMMANDER, RESPONDER

ROUTE = {"source": "generic", "labels": {"team": "payments"}, "service": "payments"}
PAYMENTS, LEDGER = {"routing_key": ROUTING_KEY}, {"service_id": SERVICE}
#: The pager takes no longer over an answer than it is waited for.
SLOW_SECONDS = 8.0


@on_both("database_url")
def test_pages_and_routes_live_alike_on_each_database(database_url: str, tmp_path: Path) -> None:
    """Asked, sent after trouble, acknowledged there, resolved here; an alert in line; all of it on record."""
    with FakeWatch() as watch:
        over = {"heartbeat": {"url": watch.url, "every_seconds": 30}, "in_line": [ROUTE]}
        with open_paging_room(database_url, tmp_path, over=over) as (room, pagerduty):
            pagerduty.troubles.append(Trouble(path="/v2/enqueue", cut=True, after=True))
            number, channel = room.declare()
            room.ask(RESPONDER, "page confirm payments the disk is full", channel)
            room.settle()
            agent = {"id": NADIA, "type": "user_reference", "summary": "Nadia Novak"}
            at = room.clock.now().isoformat()
            body = report(pagerduty.incidents[-1], "incident.acknowledged", event="01A", at=at, agent=agent)
            signed = {"X-PagerDuty-Signature": f"v1={digest(body, WEBHOOK_SECRETS[0])}"}
            answers = [room.send(Signed(body=body, headers=signed), "/webhooks/alerts/pagerduty") for _ in range(2)]
            room.ask(COMMANDER, "resolve", channel)
            alert = {"rule": "Declines", "severity": "error", "labels": {"team": "payments"}}
            answers += [room.alerts("generic", alert), room.alerts("generic", {**alert, "status": "resolved"})]
            room.settle()
            kinds = [event.kind for event in room.events(number) if event.kind.startswith("page")]
            purposes = {call.purpose for call in room.app.store.egress.calls()} - {"heartbeat"}
            findings = verify_database(room.app.store.database, sealer=room.app.store.sealer, anchors=None).findings

    assert [answer.status for answer in answers] == [200, 200, 200, 200]
    assert kinds == [EventKind.PAGED, EventKind.PAGE_SENT, EventKind.PAGE_ACKNOWLEDGED, EventKind.PAGE_RESOLVED]
    assert [one["status"] for one in pagerduty.incidents] == ["resolved", "resolved"]
    assert len(pagerduty.woken) == 2
    assert purposes == {"page", "page_look_up", "page_news", "forward"}
    assert findings == ()


@pytest.mark.parametrize(
    "over",
    leading(
        1,
        [
            pytest.param({"services": {"ledger": LEDGER}}, id="nor its service"),
            pytest.param({"in_line": [{**ROUTE, "service": "other"}]}, id="but one to another service"),
        ],
    ),
)
def test_heart_beats_again_once_the_route_of_what_was_refused_is_gone(
    ready_url: str, tmp_path: Path, over: dict[str, Any]
) -> None:
    """The alert stays parked, which the operator was told of; nobody else's alerts are unwatched for it."""
    with FakeWatch() as watch:
        heartbeat = {"heartbeat": {"url": watch.url, "every_seconds": 0.05}}
        with open_paging_room(ready_url, tmp_path, over={**heartbeat, "in_line": [ROUTE]}) as (room, pagerduty):
            pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=400))
            room.alerts("generic", {"rule": "Declines", "severity": "error", "labels": {"team": "payments"}})
            room.settle()
            room.clock.move(seconds=61)
            now, known = room.clock.now(), {"payments", "other"}
            overdue = {
                room.app.store.overdue_forwards(at, OVERDUE, known)
                for at in (now, now - timedelta(hours=1), now + timedelta(days=1))
            }
            in_time = room.app.store.overdue_forwards(now - OVERDUE, OVERDUE, known)
            start = room.clock.now() + timedelta(minutes=5)
        services = {"other": PAYMENTS, "payments": PAYMENTS}
        services |= {"ledger": LEDGER}
        heard = len(watch.paths)
        with open_paging_room(ready_url, tmp_path, over={**heartbeat, "services": services, **over}, start=start) as (
            room,
            _,
        ):
            room.wait_for("a beat", lambda: len(watch.paths) > heard)

    assert overdue == {"the pager has not taken 1 alerts in line"}
    assert in_time == ""


@on_both("ready_url")
def test_page_waits_for_no_storm_of_alerts_in_line(ready_url: str, tmp_path: Path) -> None:
    """While the pager is slow hundreds may wait for it; whom a person asks for is told next."""
    with FakeWatch() as watch:
        heartbeat = {"heartbeat": {"url": watch.url, "every_seconds": 30}}
        with open_paging_room(ready_url, tmp_path, over={**heartbeat, "in_line": [ROUTE]}) as (room, pagerduty):
            _, channel = room.declare()
            is_asked = threading.Event()
            pagerduty.before_answer = lambda _: is_asked.wait(SLOW_SECONDS)
            storm = [{"rule": f"Storm{n}", "severity": "error", "labels": {"team": "payments"}} for n in range(24)]
            room.alerts("generic", {"alerts": storm})
            room.ask(RESPONDER, "page confirm payments the disk is full", channel)
            is_asked.set()
            room.wait_for("the page", lambda: any("page" in body["dedup_key"] for body in pagerduty.bodies()))
            place = [body["dedup_key"].startswith(PAGE_KEY) for body in pagerduty.bodies()].index(True)
            room.settle()

    assert place < 8
    assert len(pagerduty.woken) == 25


@pytest.mark.parametrize("name", leading(1, ["payments", "Payments"]))
def test_alert_that_waits_is_told_to_its_service_as_the_file_writes_it_now(
    ready_sqlite_url: str, tmp_path: Path, name: str
) -> None:
    """A service is the same in whatever case, so an alert that waited over a restart is not parked for it."""
    with FakeWatch() as watch:
        heartbeat = {"heartbeat": {"url": watch.url, "every_seconds": 30}}
        with open_paging_room(ready_sqlite_url, tmp_path, over={**heartbeat, "in_line": [ROUTE]}) as (room, pagerduty):
            pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
            room.alerts("generic", {"rule": "Declines", "severity": "error", "labels": {"team": "payments"}})
            room.wait_for("an attempt", lambda: pagerduty.asked)
            start = room.clock.now() + timedelta(minutes=5)
        services = {name: PAYMENTS, "ledger": LEDGER}
        over = {**heartbeat, "services": services, "in_line": [{**ROUTE, "service": name}]}
        with open_paging_room(ready_sqlite_url, tmp_path, over=over, start=start) as (room, pagerduty):
            room.settle()

    assert len(pagerduty.woken) == 1


@pytest.mark.parametrize(
    ("words", "over", "because"),
    leading(
        1,
        [
            pytest.param(
                "payments", {"services": {"ledger": LEDGER}}, "the service payments is not in", id="no service"
            ),
            pytest.param("policy core", {"policies": {}}, "the policy core is not in", id="no policy"),
            pytest.param("payments", {"services": {"Payments": PAYMENTS, "ledger": LEDGER}}, "", id="in another case"),
        ],
    ),
)
def test_page_that_waits_over_a_restart_wakes_who_was_meant_or_is_told_loudly(
    ready_sqlite_url: str, tmp_path: Path, words: str, over: dict[str, Any], because: str
) -> None:
    """Never another team, and never nobody in silence, whatever became of the pager's file meanwhile."""
    with open_paging_room(ready_sqlite_url, tmp_path) as (room, pagerduty):
        pagerduty.troubles.append(Trouble(times=None, status=503))
        number, channel = room.declare()
        room.ask(RESPONDER, f"page confirm {words} the disk is full", channel)
        room.wait_for("an attempt", lambda: pagerduty.asked)
        start = room.clock.now() + timedelta(minutes=1)
    with open_paging_room(ready_sqlite_url, tmp_path, over=over, start=start) as (room, pagerduty):
        room.settle()
        said = [event.payload.get("because", "") for event in room.events(number) if event.kind.startswith("page_")]

    assert len(pagerduty.woken) == (0 if because else 1)
    assert (because in said[-1], said[-1] == "") == (True, not because)
    assert because or pagerduty.bodies()
