"""One life of pages and of a route in line on each database."""

from pathlib import Path

from analysis.events import EventKind
from bot.store.verification import verify_database
from tests.alert_payloads import digest
from tests.fake_pagerduty import NADIA, Trouble, report
from tests.fake_watch import FakeWatch
from tests.paging import open_paging_room
from tests.slack_requests import WEBHOOK_SECRETS, Signed
from tests.slack_room import COMMANDER, RESPONDER

ROUTE = {"source": "generic", "labels": {"team": "payments"}, "service": "payments"}


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
