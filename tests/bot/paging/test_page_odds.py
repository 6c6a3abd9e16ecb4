"""Pages while clocks jump, pagers half-answer, and several people answer at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.events import EventKind
from tests.bot.paging.test_page import kinds, page, posts
from tests.bot.paging.test_page_news import INTEGRATION, NADIA_AGENT, OURSELVES, deliver, facts, paged, pages, tell
from tests.bot.slack.test_outages import locked
from tests.effort import leading
from tests.fake_pagerduty import NADIA, OLE, FakePagerDuty, Trouble
from tests.paging import CALL
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Room

OLE_AGENT = {"id": OLE, "type": "user_reference", "summary": "Ole Olsen"}


def test_clock_that_is_set_back_keeps_nobody_from_paging(room: Room, pagerduty: FakePagerDuty) -> None:
    """Pages of an hour that comes again are not of the last minute."""
    _, channel = room.declare()
    page(room, channel, "payments")
    room.settle()
    room.clock.move(hours=-1)

    said = page(room, channel, "payments")
    room.settle()

    assert "is on its way" in said
    assert len(pagerduty.woken) == 2


def test_clock_that_is_set_back_hides_no_page_that_does_not_arrive(room: Room, pagerduty: FakePagerDuty) -> None:
    """That it has not arrived is said in the seconds after, not an hour later."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    _, channel = room.declare()
    page(room, channel, "payments")
    room.wait_for("an attempt", lambda: pagerduty.asked)
    room.clock.move(hours=-1)

    room.settle(horizon=timedelta(minutes=2))

    assert "NOT PAGED. PagerDuty answered 503" in posts(room, channel)


@pytest.mark.parametrize(
    ("trouble", "became"),
    [
        pytest.param(Trouble(path="/v2/enqueue", status=503), EventKind.PAGE_FAILED, id="never taken"),
        pytest.param(Trouble(path="/v2/enqueue", cut=True, after=True), EventKind.PAGE_SENT, id="taken"),
    ],
)
def test_page_of_hours_ago_wakes_nobody(
    room: Room, pagerduty: FakePagerDuty, trouble: Trouble, became: EventKind
) -> None:
    """The machine slept meanwhile, and nobody waits for the page any more; one that had arrived is no failure."""
    pagerduty.troubles += [replace(trouble)]
    number, channel = room.declare()
    page(room, channel, "payments")
    room.settle(horizon=timedelta(0))
    room.clock.move(hours=3)

    room.settle()

    assert len(pagerduty.bodies()) == 1
    assert kinds(room, number)[-1] == became
    assert ("Debrief has stopped trying" in posts(room, channel)) == (became == EventKind.PAGE_FAILED)


def test_page_that_may_have_arrived_ends_with_its_incident(room: Room, pagerduty: FakePagerDuty) -> None:
    """The pager took it and never said so: it wakes nobody any longer once the incident is over."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=500, after=True))
    pagerduty.troubles.append(Trouble(path="/incidents", times=None, status=503))
    number, channel = room.declare()
    page(room, channel, "payments")
    room.settle(horizon=timedelta(minutes=15))
    pagerduty.heal()

    room.ask(COMMANDER, "resolve", channel)
    room.settle()

    assert pages(room, number)[0].status == "failed"
    assert [one["status"] for one in pagerduty.incidents] == ["resolved"]


@pytest.mark.parametrize("service", ["payments", "ledger"])
def test_acknowledgement_of_a_second_person_is_a_fact_of_its_own(
    room: Room, pagerduty: FakePagerDuty, service: str
) -> None:
    """What the pager says back of our own word is none; that somebody else takes it over there is one."""
    number, channel = paged(room, service)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()

    for agent in (OURSELVES[service], OLE_AGENT, NADIA_AGENT):
        room.clock.move(minutes=2)
        body = tell(room, pagerduty, "acknowledged", agent=agent)
        assert {deliver(room, body).status for _ in range(2)} == {200}

    assert [actor for _, actor in facts(room, number)] == [
        f"slack:{COMMANDER}",
        f"tool:{OLE}:Ole Olsen",
        f"tool:{NADIA}:Nadia Novak",
    ]


@pytest.mark.parametrize("kind", leading(1, ["reassigned", "escalated", "delegated"]))
def test_page_that_is_handed_on_is_not_acknowledged_any_more(room: Room, pagerduty: FakePagerDuty, kind: str) -> None:
    """PagerDuty makes a triggered incident of it and asks somebody else; whoever reads “acknowledged” would wait."""
    number, channel = paged(room)
    deliver(room, tell(room, pagerduty, kind, seconds=5))
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=10))
    before = pages(room, number)[0].status

    for _ in range(2):
        deliver(room, tell(room, pagerduty, kind, seconds=20, agent=OLE_AGENT))
    room.settle()

    assert (before, pages(room, number)[0].status) == ("acknowledged", "sent")
    assert facts(room, number) == [
        ("page_acknowledged", f"tool:{NADIA}:Nadia Novak"),
        ("page_reopened", f"tool:{OLE}:Ole Olsen"),
    ]
    assert "Page 1 for payments is open again, or nobody works on it any more" in posts(room, channel)


def test_page_that_is_handed_on_is_so_in_whatever_order_that_is_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """An acknowledgement of before comes late; what leaves it acknowledged, or was over already, changes nothing."""
    number, _ = paged(room)
    deliver(room, tell(room, pagerduty, "reassigned", seconds=20))
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=10))
    late = pages(room, number)[0].status
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=30))
    pagerduty.incidents[-1]["status"] = "acknowledged"
    deliver(room, tell(room, pagerduty, "reassigned", seconds=40))
    kept = pages(room, number)[0].status
    deliver(room, tell(room, pagerduty, "resolved", seconds=50))
    pagerduty.incidents[-1]["status"] = "triggered"
    deliver(room, tell(room, pagerduty, "escalated", seconds=55))

    assert (late, kept, pages(room, number)[0].status) == ("sent", "acknowledged", "resolved")
    assert [kind for kind, _ in facts(room, number)] == ["page_acknowledged", "page_acknowledged", "page_resolved"]


def test_person_who_answers_here_and_there_answered_once(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whom the pager's file names is one person on both sides."""
    number, channel = paged(room)
    room.ask(OTHER, "page ack 1", channel)
    room.settle()

    deliver(room, tell(room, pagerduty, "acknowledged", agent={**NADIA_AGENT, "id": "POTTO01"}, seconds=90))

    assert facts(room, number) == [("page_acknowledged", f"slack:{OTHER}")]


def test_resolution_here_while_the_incident_goes_on_is_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whoever reads the channel knows that nobody works on that page any more, and by whose word."""
    _, channel = paged(room)

    room.ask(COMMANDER, "page resolve 1", channel)
    room.settle()

    assert "Page 1 for payments was resolved" in posts(room, channel)
    assert pagerduty.incidents[-1]["status"] == "resolved"


def test_resolution_at_the_pager_while_the_incident_goes_on_is_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """As when nobody answers and PagerDuty resolves it by itself: then nobody works on it."""
    number, channel = paged(room)

    deliver(room, tell(room, pagerduty, "resolved", agent=INTEGRATION))
    room.settle()

    assert "Page 1 for payments was resolved" in posts(room, channel)
    assert kinds(room, number)[-1] == EventKind.PAGE_RESOLVED


def test_database_that_does_not_answer_sends_people_to_the_telephone(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whoever presses the button at night reads whom to call, and not only that it was not recorded."""
    _, channel = room.declare()
    button = room.buttons(room.say(RESPONDER, "page payments", channel).json["blocks"])["Page"]

    with locked(room):
        said = room.press(RESPONDER, button["action_id"], button["value"], channel)

    assert f"If you do not read within a minute that the page arrived, call {CALL}." in said
