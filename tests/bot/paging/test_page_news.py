"""Acknowledgements and resolutions go both ways, once each, in whatever order they come, and never in circles."""

import itertools
import json
import random
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from analysis.events import EventKind
from bot.ports.paging import Page
from tests.alert_payloads import digest
from tests.effort import leading
from tests.fake_pagerduty import BOT, NADIA, FakePagerDuty, Trouble, report
from tests.slack_requests import WEBHOOK_SECRETS, Signed
from tests.slack_room import COMMANDER, RESPONDER, Answer, Room

NADIA_AGENT = {"id": NADIA, "type": "user_reference", "summary": "Nadia Novak"}
OWN_USER = {"id": BOT, "type": "user_reference", "summary": "Debrief"}
INTEGRATION = {"id": "PINT001", "type": "inbound_integration_reference", "summary": "Events API V2"}
#: Whom PagerDuty takes us for: by its Events API the integration, by its REST API the user in whose name we ask.
OURSELVES = {"payments": INTEGRATION, "ledger": OWN_USER}
_NUMBERS = itertools.count(1)


def paged(room: Room, service: str = "payments") -> tuple[int, str]:
    """An incident that `service` was paged for; its number and channel."""
    number, channel = room.declare()
    room.ask(RESPONDER, f"page confirm {service}", channel)
    room.settle()
    return number, channel


def pages(room: Room, number: int) -> tuple[Page, ...]:
    """The pages of an incident."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        return reads.pages.of_incident(incident.id)


def facts(room: Room, number: int) -> list[tuple[str, str]]:
    """What became of the pages, and by whom, as the record has it."""
    wanted = {EventKind.PAGE_ACKNOWLEDGED, EventKind.PAGE_RESOLVED, EventKind.PAGE_REOPENED}
    return [(event.kind.value, event.actor) for event in room.events(number) if event.kind in wanted]


def tell(
    room: Room,
    pagerduty: FakePagerDuty,
    kind: str,
    *,
    seconds: int = 0,
    agent: dict[str, str] = NADIA_AGENT,
    event: str = "",
) -> bytes:
    """The body of what PagerDuty says of its newest incident."""
    at = room.clock.now().timestamp() - 60 + seconds
    incident = pagerduty.incidents[-1]
    return report(incident, f"incident.{kind}", event=event or f"01E{next(_NUMBERS):09}", at=_stamp(at), agent=agent)


def deliver(room: Room, body: bytes) -> Answer:
    """Send what PagerDuty says, signed as it signs."""
    signature = f"v1={digest(body, WEBHOOK_SECRETS[0])}"
    headers = {"Content-Type": "application/json", "X-PagerDuty-Signature": signature}
    return room.send(Signed(body=body, headers=headers), "/webhooks/alerts/pagerduty")


def test_acknowledgement_at_pagerduty_stands_on_the_timeline(room: Room, pagerduty: FakePagerDuty) -> None:
    """By whom and when; the channel is told, and no alert is made of it."""
    number, channel = paged(room)

    answer = deliver(room, tell(room, pagerduty, "acknowledged"))
    room.settle()

    assert answer.status == 200
    (line,) = [line for line in room.timeline(RESPONDER, number) if "acknowledged" in line]
    assert "Nadia Novak: Page 1 for payments was acknowledged" in line
    assert "Page 1 for payments was acknowledged by Nadia Novak" in json.dumps(room.slack.posts(channel))
    assert "acknowledged" in room.ask(RESPONDER, "page", channel)
    assert len(pagerduty.bodies()) == 1


def test_page_that_ends_with_its_incident_was_resolved_by_nobody(room: Room) -> None:
    """Who resolved the incident did not say it of the page; who resolves a page is named where that is told."""
    number, channel = paged(room)
    said = paged(room)
    room.ask(COMMANDER, "page resolve 1", said[1])
    room.ask(COMMANDER, "resolve", channel)
    room.settle()

    (line,) = [line for line in room.timeline(RESPONDER, number) if "Page 1" in line and "was resolved" in line]
    (by_cleo,) = [line for line in room.timeline(RESPONDER, said[0]) if "Page 1" in line and "was resolved" in line]
    assert line.endswith("Debrief: Page 1 for payments was resolved")
    assert by_cleo.endswith("cleo: Page 1 for payments was resolved by cleo")


def test_webhook_about_a_page_of_ours_makes_no_alert(room: Room, pagerduty: FakePagerDuty) -> None:
    """People asked for it themselves, so nobody is told of it as of something new."""
    number, _ = paged(room)

    for kind in ("triggered", "annotated", "escalated", "acknowledged"):
        assert deliver(room, tell(room, pagerduty, kind)).status == 200

    with room.app.store.snapshots.snapshot() as reads:
        heard = reads.groups.events(room.app.workspace_id, after=0, limit=1000)
    assert pagerduty.incidents[-1]["incident_key"] not in str([one.alert.labels for one in heard])
    assert [kind for kind, _ in facts(room, number)] == ["page_acknowledged"]


def test_answer_stands_behind_its_page_whatever_its_clock_says(room: Room, pagerduty: FakePagerDuty) -> None:
    """A timeline that begins with the acknowledgement of what was asked a year later misleads whoever reads it."""
    number, _ = paged(room)

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=-400 * 24 * 3600))
    room.settle()

    told = [event for event in room.events(number) if event.kind.value.startswith("page")]
    told.sort(key=lambda event: (event.occurred_at, event.seq))
    assert [event.kind.value for event in told] == ["paged", "page_sent", "page_acknowledged"]


def test_news_without_a_time_that_can_be_read_are_refused(room: Room, pagerduty: FakePagerDuty) -> None:
    """The moment at which they came is not when it happened."""
    number, _ = paged(room)
    body = json.loads(tell(room, pagerduty, "acknowledged"))
    body["event"]["occurred_at"] = "half past nine"

    answer = deliver(room, json.dumps(body).encode())

    assert answer.status == 400
    assert "`event.occurred_at` must be a time with its zone" in answer.body
    assert facts(room, number) == []


@pytest.mark.parametrize("service", leading(1, ["payments", "ledger"]))
def test_acknowledging_here_acknowledges_there_once(room: Room, pagerduty: FakePagerDuty, service: str) -> None:
    """The pager is told; what it says back of it is no second fact, and it is told nothing again."""
    number, channel = paged(room, service)

    said = room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    deliver(room, tell(room, pagerduty, "acknowledged", agent=OURSELVES[service], seconds=61))
    room.settle()

    assert "Page 1 of" in said
    assert pagerduty.incidents[-1]["status"] == "acknowledged"
    assert facts(room, number) == [("page_acknowledged", f"slack:{COMMANDER}")]
    assert [one.status for one in pages(room, number)] == ["acknowledged"]
    assert len([one for one in pagerduty.asked if one.method != "GET"]) == 2
    assert "is acknowledged already" in room.ask(COMMANDER, "page ack 1", channel)


def test_button_of_the_post_acknowledges(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whoever takes the page over presses it where they read of it; of a page that a restore lost it says so."""
    number, channel = paged(room)
    post = next(one for one in room.slack.posts(channel) if "asked for" in one["text"])
    button = room.buttons(post["blocks"])["Acknowledge page"]

    gone = button["value"].replace(button["value"].partition("|")[0].split(":")[2], str(uuid4()))
    lost = room.press(COMMANDER, button["action_id"], gone, channel)
    said = room.press(COMMANDER, button["action_id"], button["value"], channel)
    room.settle()

    assert lost.startswith(f"This message is about a page of #{number} that is not on record any more")
    assert f"Page 1 of #{number} is acknowledged" in said
    assert pagerduty.incidents[-1]["status"] == "acknowledged"


@pytest.mark.parametrize("service", leading(1, ["payments", "ledger"]))
@pytest.mark.parametrize("words", ["page resolve 1", "resolve", "cancel opened by mistake, sorry"])
def test_end_here_ends_the_page_there(room: Room, pagerduty: FakePagerDuty, service: str, words: str) -> None:
    """A page that is resolved, and an incident that is over, wake nobody any longer."""
    number, channel = paged(room, service)

    room.ask(COMMANDER, words, channel)
    room.settle()
    deliver(room, tell(room, pagerduty, "resolved", agent=OURSELVES[service], seconds=61))

    assert pagerduty.incidents[-1]["status"] == "resolved"
    assert [kind for kind, _ in facts(room, number)] == ["page_resolved"]
    assert [one.status for one in pages(room, number)] == ["resolved"]


@pytest.mark.parametrize(
    "trouble",
    leading(
        1,
        [
            pytest.param(Trouble(cut=True, after=True), id="the answer is lost"),
            pytest.param(Trouble(status=503), id="a 503"),
            pytest.param(Trouble(status=429, headers={"Retry-After": "5"}), id="asked to wait"),
        ],
    ),
)
@pytest.mark.parametrize("service", leading(1, ["payments", "ledger"]))
def test_news_for_the_pager_survives_trouble(
    room: Room, pagerduty: FakePagerDuty, trouble: Trouble, service: str
) -> None:
    """It is told again until it has heard."""
    number, channel = paged(room, service)
    pagerduty.troubles.append(Trouble(**{name: getattr(trouble, name) for name in trouble.__dataclass_fields__}))

    room.ask(COMMANDER, "page resolve 1", channel)
    room.settle()

    assert pagerduty.incidents[-1]["status"] == "resolved"
    assert [kind for kind, _ in facts(room, number)] == ["page_resolved"]


def test_any_order_and_repetition_leave_the_same_record(room: Room, pagerduty: FakePagerDuty) -> None:
    """Acknowledged, resolved, reopened and acknowledged again: facts, instants and state are those of the pager."""
    told = [("acknowledged", 10), ("resolved", 20), ("reopened", 30), ("acknowledged", 40)]
    found = []
    for seed in range(3):
        number, _ = paged(room)
        bodies = [tell(room, pagerduty, kind, seconds=seconds) for kind, seconds in told]
        shuffled = [*bodies, *bodies]
        random.Random(seed).shuffle(shuffled)
        assert {deliver(room, body).status for body in shuffled} == {200}
        room.settle()
        lines = sorted(
            (event.occurred_at, event.kind) for event in room.events(number) if event.kind.startswith("page_")
        )
        began = lines[0][0]
        kinds = [(round((at - began).total_seconds()), kind) for at, kind in lines if kind != EventKind.PAGE_SENT]
        found.append((kinds, pages(room, number)[0].status))
        pagerduty.incidents.clear()

    assert found[0][1] == "acknowledged"
    assert [kind for _, kind in found[0][0]] == [
        "page_acknowledged",
        "page_resolved",
        "page_reopened",
        "page_acknowledged",
    ]
    assert found == [found[0]] * 3


def test_news_of_no_page_of_ours_are_alerts_as_ever(room: Room, pagerduty: FakePagerDuty) -> None:
    """A key that only looks like ours, and pages of another Debrief, are taken as alerts."""
    paged(room)
    body = tell(room, pagerduty, "acknowledged")
    strange = body.replace(pagerduty.incidents[-1]["incident_key"].encode(), b"debrief-page-of-somebody-else")

    answer = deliver(room, strange)

    assert answer.json == {"recorded": True, "alerts": 1}


def test_mapped_user_of_the_pager_is_the_person_in_slack(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whom the pager's file names is told by the name that Slack has."""
    number, _ = paged(room)

    deliver(
        room, tell(room, pagerduty, "acknowledged", agent={"id": "POTTO01", "type": "user_reference", "summary": "O"})
    )

    assert facts(room, number) == [("page_acknowledged", "slack:U0OTHER")]


def test_draft_tells_of_pages_and_every_statement_agrees(room: Room, pagerduty: FakePagerDuty) -> None:
    """The document says who was paged and who answered, and its own check finds nothing at odds."""
    number, channel = paged(room)
    deliver(room, tell(room, pagerduty, "acknowledged"))
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)
    room.settle()

    said = json.dumps(room.slack.posts(channel), ensure_ascii=False)
    document = next(iter(_documents(room)))

    assert "at odds" not in said
    assert "Page 1 for payments asked for, through PagerDuty" in document
    assert "Page 1 for payments was acknowledged" in document
    assert number


def _documents(room: Room) -> list[str]:
    return [str(file.get("content", "")) for file in reversed(list(room.slack.files.values()))]


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
