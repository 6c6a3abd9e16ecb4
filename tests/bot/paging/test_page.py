"""`/incident page`: asked once, on its way durably, told in the channel, and every byte that leaves on record."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from analysis.events import EventKind
from analysis.people import Person
from bot.ports.paging import Egress
from bot.usecases.incident.channels import LinkChannel, link_channel
from tests.effort import thinned
from tests.fake_pagerduty import NADIA, POLICY, ROUTING_KEY, TOKEN, FakePagerDuty, Trouble
from tests.paging import CALL
from tests.slack_room import ADMIN, APPROVER, COMMANDER, GUEST, RESPONDER, Room


def page(room: Room, channel: str, words: str, user: str = RESPONDER) -> str:
    """Page and say yes; returns what the asker reads then."""
    room.ask(user, f"page {words}", channel)
    return room.ask(user, f"page confirm {words}", channel)


def calls(room: Room, number: int) -> tuple[Egress, ...]:
    """The log of what left for an incident."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
    assert incident is not None
    return room.app.store.egress.calls(incident.id)


def kinds(room: Room, number: int) -> list[EventKind]:
    """The facts about pages on record."""
    return [event.kind for event in room.events(number) if event.kind.startswith("page")]


def posts(room: Room, channel: str) -> str:
    """All that the channel says."""
    return json.dumps(room.slack.posts(channel), ensure_ascii=False)


def test_page_asks_first_and_shows_what_leaves(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nothing is on record and nothing leaves before somebody has said yes to the very words."""
    number, channel = room.declare(text="SEV2 Card payments fail")

    answer = room.say(RESPONDER, "page payments disk is full", channel)

    assert f"This leaves: “Incident #{number}, SEV2: Card payments fail. disk is full”" in answer.text
    assert list(room.buttons(answer.json["blocks"])) == ["Page", "Not yet"]
    room.settle()
    assert (pagerduty.asked, kinds(room, number)) == ([], [])


def test_page_by_button_reaches_pagerduty_once(room: Room, pagerduty: FakePagerDuty) -> None:
    """The button pages; a second press of it, by whomever, pages nobody a second time."""
    number, channel = room.declare(text="SEV2 Card payments fail")
    button = room.buttons(room.say(RESPONDER, "page payments disk is full", channel).json["blocks"])["Page"]

    said = room.press(RESPONDER, button["action_id"], button["value"], channel)
    again = room.press(COMMANDER, button["action_id"], button["value"], channel)
    room.settle()

    assert f"Page 1 of #{number} for payments is on its way to PagerDuty" in said
    assert CALL in said
    assert "nobody was paged a second time" in again
    (event,) = pagerduty.bodies()
    assert event["payload"]["summary"] == f"Incident #{number}, SEV2: Card payments fail. disk is full"
    assert event["payload"]["severity"] == "critical"
    assert len(pagerduty.woken) == 1
    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT]
    assert "Arrived. Page 1 for payments asked for, through PagerDuty by remy: disk is full" in posts(room, channel)
    assert "payments" in room.ask(RESPONDER, "page", channel)


def test_every_byte_that_leaves_is_on_record_without_its_secret(room: Room, pagerduty: FakePagerDuty) -> None:
    """The log says who, what, where to and what came back; the hash is that of the bytes, the key is not kept."""
    number, channel = room.declare()
    page(room, channel, "payments")
    room.settle()

    call, looked = calls(room, number)

    assert (looked.purpose, looked.path) == ("page_look_up", "/incidents")
    left = pagerduty.asked[0].body
    assert call.body_hash == hashlib.sha256(left).digest()
    assert (call.purpose, call.policy, call.host, call.path) == ("page", "pagerduty.events", "127.0.0.1", "/v2/enqueue")
    assert (call.status, call.outcome, call.actor) == (202, "answered 202", f"slack:{RESPONDER}")
    assert ROUTING_KEY.encode() not in call.body
    assert json.loads(call.body)["payload"] == json.loads(left)["payload"]


def test_whoever_makes_it_private_reads_what_the_pager_was_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """The title went with the page while everybody could see it; nothing here takes it back."""
    number, channel = room.declare(text="SEV1 Key of the vault leaked")
    page(room, channel, "payments")
    room.settle()

    answer = room.ask(COMMANDER, f"#{number} private")

    assert answer.endswith("Its title, and what was typed, went to a pager with page 1: it stays there.")


def test_what_the_pager_was_told_is_said_to_whoever_makes_it_private_and_once(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Neither who moves a private incident out of a channel of doubt is told it again, nor who makes it public."""
    number, channel = room.declare(text="SEV1 Key of the vault leaked")
    room.ask(COMMANDER, f"#{number} role commander me")
    page(room, channel, "payments")
    room.settle()
    room.ask(COMMANDER, f"#{number} private")
    room.settle()
    doubtful = room.slack.add_channel(f"C0DOUBT{number}", f"doubt-{number}")
    linked = LinkChannel(
        person=Person(id="debrief"),
        workspace_id=room.app.workspace_id,
        natural_key=f"earlier:{number}",
        number=number,
        channel=doubtful.id,
        channel_name=doubtful.name,
    )
    room.app.store.writer.submit(link_channel, linked).result()

    again = room.ask(COMMANDER, f"#{number} private")
    room.settle()
    public = room.ask(COMMANDER, f"#{number} public confirm")

    assert again.startswith(f"#{number} is private and goes on in a new private channel")
    assert public.startswith(f"#{number} is now public")
    assert ("pager" in again, "pager" in public) == (False, False)


def test_private_incident_tells_the_pager_number_and_severity_alone(room: Room, pagerduty: FakePagerDuty) -> None:
    """Neither the title nor what was typed leaves for an incident that not everybody may know of."""
    number, channel = room.declare(text="SEV1 private: Key of the vault leaked")
    room.join(RESPONDER, channel)

    page(room, channel, "payments the vault of the east is open")
    room.settle()

    assert [body["payload"]["summary"] for body in pagerduty.bodies()] == [
        f"Incident #{number}, SEV1: it is private, open Debrief in Slack"
    ]
    assert not any(b"vault" in one.body for one in pagerduty.asked)


@pytest.mark.parametrize("words", ["page {}", "page confirm {}"])
def test_whoever_is_paged_for_a_private_incident_must_be_let_in(
    room: Room, pagerduty: FakePagerDuty, words: str
) -> None:
    """Somebody is woken, opens Debrief, and is told that there is no such incident: the asker reads what to do."""
    _, channel = room.declare(text="SEV1 private: Key of the vault leaked")
    room.join(RESPONDER, channel)

    service = room.ask(RESPONDER, words.format("payments"), channel)
    outside = room.ask(RESPONDER, words.format("<@U0OTHER>"), channel)
    room.clock.move(minutes=2)
    room.join("U0OTHER", channel)
    inside = room.ask(RESPONDER, words.format("<@U0OTHER>"), channel)

    assert service.endswith("see nothing of this private incident before you invite them to its channel.")
    assert "otto is not in this private incident and can see nothing of it: invite them" in outside
    assert "private incident" not in inside


def test_what_leaves_is_masked_and_short(room: Room, pagerduty: FakePagerDuty) -> None:
    """A card number never leaves, and no more than three hundred letters of what was typed."""
    _, channel = room.declare()
    page(room, channel, f"payments card 4111 1111 1111 1111 {'x' * 400}")
    room.settle()

    (summary,) = [body["payload"]["summary"] for body in pagerduty.bodies()]

    assert "4111" not in summary
    assert len(summary) < 400


@pytest.mark.parametrize(
    ("words", "part", "value"),
    [
        pytest.param("ledger", "urgency", "high", id="a service without a routing key"),
        pytest.param(
            "policy CORE", "escalation_policy", {"id": POLICY, "type": "escalation_policy_reference"}, id="policy"
        ),
    ],
)
def test_rest_api_pages_what_has_no_routing_key(
    room: Room, pagerduty: FakePagerDuty, words: str, part: str, value: Any
) -> None:
    """Services without a routing key and escalation policies are paged by an incident at PagerDuty."""
    number, channel = room.declare()

    page(room, channel, words)
    room.settle()

    (made,) = [one for one in pagerduty.asked if one.method == "POST"]
    assert made.json["incident"][part] == value
    assert (len(pagerduty.woken), kinds(room, number)) == (1, [EventKind.PAGED, EventKind.PAGE_SENT])


def test_person_is_found_by_the_address_in_both(room: Room, pagerduty: FakePagerDuty) -> None:
    """A mention pages that very person where Slack shows the address that PagerDuty has."""
    room.slack.users[APPROVER]["profile"]["email"] = "Nadia@bank.example"
    _, channel = room.declare()

    page(room, channel, f"<@{APPROVER}|abel> please join")
    room.settle()

    (made,) = [one for one in pagerduty.asked if one.method == "POST"]
    assert made.json["incident"]["assignments"] == [{"assignee": {"id": NADIA, "type": "user_reference"}}]
    assert "Page 1 for abel asked for" in posts(room, channel)


def test_person_whom_pagerduty_does_not_know_is_told_loudly(room: Room, pagerduty: FakePagerDuty) -> None:
    """Where Slack shows no address, the channel reads that nobody was paged and whom to call."""
    number, channel = room.declare()

    page(room, channel, f"<@{COMMANDER}>")
    room.settle()

    assert "NOT PAGED. Debrief does not know which user of PagerDuty this is" in posts(room, channel)
    assert CALL in posts(room, channel)
    assert (pagerduty.woken, kinds(room, number)) == ([], [EventKind.PAGED, EventKind.PAGE_FAILED])


def test_page_that_wakes_nobody_is_no_page(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty acknowledges at once what somebody asks of themselves, and wakes nobody: that is said, not hidden."""
    room.slack.users[ADMIN]["profile"]["email"] = "debrief@bank.example"
    _, channel = room.declare()

    page(room, channel, f"<@{ADMIN}>")
    room.settle()

    assert pagerduty.woken == []
    assert "NOT PAGED. PagerDuty woke nobody" in posts(room, channel)


def test_page_that_was_taken_and_became_nothing_is_told_loudly(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty takes what it then drops, as for a service in maintenance: the channel reads that nobody is woken."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=202, body=b'{"status": "success"}'))
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert pagerduty.woken == []
    assert "NOT PAGED. PagerDuty took it and made no incident of it" in posts(room, channel)
    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT, EventKind.PAGE_FAILED]
    assert "failed" in room.ask(RESPONDER, "page", channel)


def test_page_whose_incident_comes_late_is_no_failure(room: Room, pagerduty: FakePagerDuty) -> None:
    """The incident is made some seconds after the event was taken."""
    pagerduty.troubles.append(Trouble(path="/incidents", times=3, status=200, body=b'{"incidents": []}'))
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT]
    assert len([one for one in pagerduty.asked if one.path == "/incidents"]) == 4


@pytest.mark.parametrize(("status", "looks"), [(500, 7), (403, 1)], ids=["down", "forbidden"])
def test_pager_that_cannot_be_asked_what_it_made_is_no_failure(
    room: Room, pagerduty: FakePagerDuty, status: int, looks: int
) -> None:
    """Nobody knows, so nothing is said beyond that it was taken, and the looking ends."""
    pagerduty.troubles.append(Trouble(path="/incidents", times=None, status=status))
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT]
    assert "NOT PAGED" not in posts(room, channel)
    assert len([one for one in pagerduty.asked if one.path == "/incidents"]) == looks


def test_policy_whose_first_is_the_sender_wakes_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """What PagerDuty takes as acknowledged from the start notifies nobody, whomever it was asked for."""
    said = b'{"incident": {"id": "QOWN", "status": "acknowledged"}}'
    pagerduty.troubles.append(Trouble(path="/incidents", status=201, body=said))
    _, channel = room.declare()

    page(room, channel, "policy core")
    room.settle()

    assert "NOT PAGED. PagerDuty woke nobody" in posts(room, channel)


@pytest.mark.parametrize(
    "trouble",
    thinned(
        [
            pytest.param(Trouble(cut=True, after=True), id="accepted and the answer lost"),
            pytest.param(Trouble(delay_seconds=1.5, after=True), id="accepted and answered too late"),
            pytest.param(Trouble(status=500, after=True, body=b"oops"), id="accepted and a 500"),
            pytest.param(Trouble(status=200, after=True, body=b"<html>"), id="accepted and garbage"),
            pytest.param(Trouble(cut=True), id="lost before it was read"),
            pytest.param(Trouble(status=503, body=b"busy"), id="a 503"),
            pytest.param(Trouble(status=429, body=b"{", headers={"Retry-After": "7"}), id="asked to wait"),
        ],
        every=8,
    ),
)
@pytest.mark.parametrize("service", ["payments", "ledger"])
def test_page_survives_trouble_and_wakes_once(
    room: Room, pagerduty: FakePagerDuty, trouble: Trouble, service: str
) -> None:
    """Whatever goes wrong once, somebody is woken, once, and the channel reads that the page arrived."""
    path = "/v2/enqueue" if service == "payments" else "/incidents"
    pagerduty.troubles.append(Trouble(**{**_fields(trouble), "path": path}))
    number, channel = room.declare()

    page(room, channel, service)
    room.settle()

    assert len(pagerduty.woken) == 1
    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT]
    assert "NOT PAGED" not in posts(room, channel)


def test_wait_that_is_asked_for_is_kept(room: Room, pagerduty: FakePagerDuty) -> None:
    """After a 429 nothing is sent before the seconds that it names are over."""
    pagerduty.troubles.append(Trouble(status=429, headers={"ratelimit-reset": "9"}))
    _, channel = room.declare()

    page(room, channel, "payments")
    room.wait_for("the first attempt", lambda: pagerduty.asked)
    began = room.clock.now()
    room.settle()

    assert len(pagerduty.bodies()) == 2
    assert (room.clock.now() - began).total_seconds() >= 9


def test_page_that_does_not_arrive_says_so_while_it_is_tried_and_when_it_ends(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """After seconds the channel reads that nobody is paged yet and whom to call; after ten minutes nothing is tried."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle(horizon=timedelta(minutes=15))

    said = posts(room, channel)
    assert "NOT PAGED. PagerDuty answered 503. Debrief goes on trying. Call the duty desk" in said
    assert "Debrief has stopped trying" in said
    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_FAILED, EventKind.PAGE_FAILED]
    assert "failed" in room.ask(RESPONDER, "page", channel)
    asked = len(pagerduty.asked)
    room.clock.move(minutes=30)
    room.settle()
    assert len(pagerduty.asked) == asked


@pytest.mark.thorough
def test_fate_of_a_page_is_never_held_back(room: Room, pagerduty: FakePagerDuty) -> None:
    """However many messages the channel has had in its first half hour."""
    _, channel = room.declare()
    for severity in ("SEV2", "SEV1", "SEV3", "SEV2", "SEV1"):
        room.ask(RESPONDER, f"severity {severity}", channel)
        room.ask(RESPONDER, "update We look into it", channel)
        room.settle()
    pagerduty.troubles.append(Trouble(status=400))

    page(room, channel, "payments")
    room.settle()
    page(room, channel, "ledger")
    room.settle()

    assert "Page 1 for payments: NOT PAGED" in posts(room, channel)
    assert "Page 2 for ledger asked for" in posts(room, channel)


def test_refusal_is_told_at_once(room: Room, pagerduty: FakePagerDuty) -> None:
    """What PagerDuty refuses is tried no second time."""
    pagerduty.troubles.append(Trouble(status=400, body=b'{"error": {"message": "Account Locked", "code": 2008}}'))
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert "NOT PAGED. PagerDuty refuses it (400: Account Locked). Debrief has stopped trying" in posts(room, channel)
    assert (len(pagerduty.asked), kinds(room, number)) == (1, [EventKind.PAGED, EventKind.PAGE_FAILED])


def test_answer_of_another_form_is_taken_all_the_same(room: Room, pagerduty: FakePagerDuty) -> None:
    """The status says that somebody is paged, and a look-up that cannot be read finds nothing."""
    pagerduty.troubles.append(Trouble(path="/incidents", cut=True))
    pagerduty.troubles.append(Trouble(path="/incidents", status=200, body=b'{"incidents": ["none"]}'))
    pagerduty.troubles.append(Trouble(path="/incidents", status=201, body=b'{"incident": ["made"]}', after=True))
    number, channel = room.declare()

    page(room, channel, "ledger")
    room.settle()

    assert (len(pagerduty.woken), kinds(room, number)) == (1, [EventKind.PAGED, EventKind.PAGE_SENT])


def test_outage_of_slack_holds_up_no_page(room: Room, pagerduty: FakePagerDuty) -> None:
    """Pages have lanes and workers of their own."""
    _, channel = room.declare()
    room.slack.is_down = True

    page(room, channel, "payments")

    room.wait_for("the page", lambda: pagerduty.woken)
    room.slack.is_down = False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("paymets", "Did you mean `page payments`?", id="a service that is mistyped"),
        pytest.param("policy card", "There is no policy “card” to page", id="a policy that is not there"),
        pytest.param("@nobody", "I do not know @nobody", id="a person who is not there"),
        pytest.param("<!subteam^S1|@payments-oncall>", "by a service: ledger, payments.", id="a group of Slack's"),
        pytest.param("Core the disk is full", "Did you mean `page policy core`?", id="a policy without the word"),
        pytest.param("policy payments", "Did you mean `page payments`?", id="a service with it"),
        pytest.param("policy", "Say whom: `page payments", id="no policy"),
        pytest.param("a/b", "Say whom: `page payments", id="no name"),
        pytest.param(f"payments {'x' * 501}", "500 fit in a page", id="too long"),
        pytest.param("acknowledge", "Say which page by its number", id="no number"),
        pytest.param("resolve 7", "has no page 7", id="no such page"),
    ],
)
def test_page_that_is_not_understood_pages_nobody(room: Room, pagerduty: FakePagerDuty, words: str, said: str) -> None:
    """One sentence says what to do; nothing is on record and nothing leaves."""
    number, channel = room.kept_incident()

    assert said in room.ask(RESPONDER, f"page {words}", channel)
    room.settle()
    assert (pagerduty.asked, kinds(room, number)) == ([], [])


def test_guests_page_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """Paging is recording: whoever may not record may not page."""
    _, channel = room.kept_incident()

    room.ask(GUEST, "page confirm payments", channel)
    room.settle()

    assert pagerduty.asked == []


def test_nobody_is_paged_for_what_is_over(room: Room, pagerduty: FakePagerDuty) -> None:
    """A resolved incident pages nobody."""
    _, channel = room.declare()
    room.ask(COMMANDER, "resolve", channel)

    assert "so nobody is paged for it" in room.ask(RESPONDER, "page payments", channel)


def test_token_stands_nowhere_but_in_its_header(room: Room, pagerduty: FakePagerDuty, caplog: Any) -> None:
    """Neither the log nor the record of calls has the token."""
    number, channel = room.declare()
    with caplog.at_level("DEBUG"):
        page(room, channel, "ledger")
        room.settle()

    assert pagerduty.asked[0].headers["authorization"] == f"Token token={TOKEN}"
    assert TOKEN not in caplog.text
    assert not any(TOKEN.encode() in call.body for call in calls(room, number))


def _fields(trouble: Trouble) -> dict[str, Any]:
    return {name: getattr(trouble, name) for name in trouble.__dataclass_fields__}
