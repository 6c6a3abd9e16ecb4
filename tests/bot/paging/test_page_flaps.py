"""A pager that says again and again that a page is open does not fill a channel whose first half hour is busy."""

import json
from datetime import timedelta

import pytest

from analysis.quiet import FIRST_MESSAGES, KEPT_FOR_NOTICE
from tests.bot.paging.test_page_news import OWN_USER, deliver, facts, paged, pages, tell
from tests.fake_pagerduty import FakePagerDuty
from tests.slack_room import COMMANDER, RESPONDER, Room

OPEN = "Page 1 for payments is open again"


def test_page_that_is_open_again_is_told_at_once_in_a_busy_half_hour(room: Room, pagerduty: FakePagerDuty) -> None:
    """Who read that somebody works on it would wait; two of the first messages are kept for what must be noticed."""
    _, channel = paged(room)
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=61))
    room.settle()
    _busy(room, channel, updates=3)

    deliver(room, tell(room, pagerduty, "unacknowledged", seconds=62))
    room.settle()

    assert _about(room, channel)[-1].startswith(OPEN)


def test_page_that_flaps_has_one_word_that_waits_and_it_says_how_the_page_is(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """The card names it meanwhile, so that nobody takes the page for one that somebody works on."""
    number, channel = paged(room)
    _busy(room, channel, updates=4)
    early = len(_about(room, channel))
    for turn in range(5):
        deliver(room, tell(room, pagerduty, "acknowledged", seconds=61 + 2 * turn))
        deliver(room, tell(room, pagerduty, "unacknowledged", seconds=62 + 2 * turn))
        room.settle()
    meanwhile, shown = len(room.slack.posts(channel)), json.dumps(room.card(channel), ensure_ascii=False)

    room.settle(horizon=timedelta(minutes=31))

    arrived = 1  # whether a page arrived is not counted
    assert meanwhile == FIRST_MESSAGES - KEPT_FOR_NOTICE + arrived
    assert [word.startswith(OPEN) for word in _about(room, channel)[early:]] == [True]
    assert f"“{OPEN}, or nobody works on it any more by Nadia Novak”" in shown
    assert OPEN not in json.dumps(room.card(channel))
    assert len(facts(room, number)) == 10


def test_page_that_is_taken_again_before_its_word_was_posted_is_told_as_taken(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Whoever takes it over by Debrief says the newest of it, too: nobody is called to what somebody works on."""
    _, channel = paged(room)
    _busy(room, channel, updates=4)
    for turn in range(2):
        deliver(room, tell(room, pagerduty, "acknowledged", seconds=61 + 2 * turn))
        deliver(room, tell(room, pagerduty, "unacknowledged", seconds=62 + 2 * turn))
        room.settle()
    early = len(_about(room, channel))

    room.ask(COMMANDER, "page ack 1", channel)
    room.settle(horizon=timedelta(minutes=31))

    (told,) = _about(room, channel)[early:]
    assert told.startswith("Page 1 for payments was acknowledged")


def test_what_the_pager_says_late_takes_the_place_of_nothing_newer(room: Room, pagerduty: FakePagerDuty) -> None:
    """Its reports come in any order: that it was acknowledged before is on record, and is no last word."""
    number, channel = paged(room)
    before = tell(room, pagerduty, "acknowledged")
    _busy(room, channel, updates=4)
    for turn in range(3):
        deliver(room, tell(room, pagerduty, "unacknowledged", seconds=61 + turn))
        room.settle()
    early = len(_about(room, channel))

    deliver(room, before)
    room.settle(horizon=timedelta(minutes=31))

    assert [word.startswith(OPEN) for word in _about(room, channel)[early:]] == [True]
    assert "page_acknowledged" in [kind for kind, _ in facts(room, number)]


def test_page_is_told_as_open_again_by_a_pager_whose_clock_is_behind(room: Room, pagerduty: FakePagerDuty) -> None:
    """Its time lies before the acknowledgement that was said here: whether it is late or its clock is, nobody knows."""
    _, channel = paged(room)
    room.clock.move(minutes=3)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()

    deliver(room, tell(room, pagerduty, "unacknowledged", seconds=-30))
    room.settle()

    assert [word.startswith(OPEN) for word in _about(room, channel)][-1]


def test_who_took_a_page_that_a_slow_clock_opened_is_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """Her time lies before our acknowledgement, too: of the pager's words its own clock decides which is the last."""
    number, channel = paged(room)
    room.clock.move(minutes=3)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    deliver(room, tell(room, pagerduty, "unacknowledged", seconds=-30))
    room.settle()
    meanwhile = pages(room, number)[0].status

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=-10))
    room.settle()

    assert _about(room, channel)[-1].startswith("Page 1 for payments was acknowledged by Nadia Novak")
    assert (meanwhile, pages(room, number)[0].status) == ("sent", "acknowledged")


def test_page_that_a_slow_clock_reopened_is_no_resolved_one_once_it_is_taken(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Its resolution here is over, whatever our clock said: it rings until somebody resolves it anew."""
    number, channel = paged(room)
    room.clock.move(minutes=3)
    room.ask(COMMANDER, "page resolve 1", channel)
    room.settle()
    deliver(room, tell(room, pagerduty, "reopened", seconds=-30))
    room.settle()

    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    taken = pages(room, number)[0].status
    deliver(room, tell(room, pagerduty, "resolved", seconds=20))
    room.settle()

    assert taken == "acknowledged"
    assert pages(room, number)[0].status == "resolved"
    assert _about(room, channel)[-1].startswith("Page 1 for payments was resolved by Nadia Novak")


def test_what_the_pager_says_late_is_no_last_word(room: Room, pagerduty: FakePagerDuty) -> None:
    """It was open before it was acknowledged, both by the pager's clock."""
    number, channel = paged(room)
    before = tell(room, pagerduty, "unacknowledged", seconds=10)
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=20))
    room.settle()

    deliver(room, before)
    room.settle()

    assert _about(room, channel)[-1].startswith("Page 1 for payments was acknowledged")
    assert pages(room, number)[0].status == "acknowledged"
    assert len(facts(room, number)) == 2


def test_page_that_a_slow_clock_hands_on_is_open_again(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nobody works on it, and the channel would go on reading who does; it can be taken here again."""
    number, channel = paged(room)
    room.clock.move(minutes=3)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    pagerduty.incidents[-1]["status"] = "triggered"

    deliver(room, tell(room, pagerduty, "reassigned", seconds=-30))
    room.settle()

    assert _about(room, channel)[-1].startswith(OPEN)
    assert pages(room, number)[0].status == "sent"
    assert "is acknowledged" in room.ask(COMMANDER, "page ack 1", channel)


@pytest.mark.parametrize("kind", ["escalated", "unacknowledged"])
def test_page_that_was_open_before_the_pager_heard_of_us_stays_taken(
    room: Room, pagerduty: FakePagerDuty, kind: str
) -> None:
    """The pager's own clock says so: it confirmed our acknowledgement after it had asked somebody else."""
    number, channel = paged(room, "ledger")
    room.clock.move(minutes=3)
    before = tell(room, pagerduty, kind, seconds=30)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    deliver(room, tell(room, pagerduty, "acknowledged", agent=OWN_USER, seconds=60))

    deliver(room, before)
    room.settle()

    assert pages(room, number)[0].status == "acknowledged"
    assert [fact for fact, _ in facts(room, number) if fact == "page_acknowledged"] == ["page_acknowledged"]
    assert not [post for post in room.slack.posts(channel) if "is open again" in post["text"]]


def test_card_quotes_the_word_that_waits(room: Room, pagerduty: FakePagerDuty) -> None:
    """Not what lies later by another clock: who reads “acknowledged by cleo” waits, and nobody works on the page."""
    _, channel = paged(room)
    _busy(room, channel, updates=4)
    for _ in range(2):
        room.ask(COMMANDER, "severity SEV1", channel)
        room.ask(COMMANDER, "severity SEV3", channel)
        room.settle()
    room.clock.move(minutes=3)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    early = len(_about(room, channel))

    deliver(room, tell(room, pagerduty, "unacknowledged", seconds=-30))
    room.settle()
    shown = json.dumps(room.card(channel), ensure_ascii=False)
    meanwhile = _about(room, channel)[early:]
    room.settle(horizon=timedelta(minutes=31))

    assert (f"“{OPEN}" in shown, "was acknowledged" in shown, meanwhile) == (True, False, [])
    assert [word.startswith(OPEN) for word in _about(room, channel)[early:]] == [True]


def test_page_that_flaps_leaves_a_rise_its_place(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nobody read that somebody worked on it, so that it is open again is no news; the rise is."""
    _, channel = paged(room)
    _busy(room, channel, updates=3)
    for turn in range(3):
        deliver(room, tell(room, pagerduty, "acknowledged", seconds=61 + 2 * turn))
        deliver(room, tell(room, pagerduty, "unacknowledged", seconds=62 + 2 * turn))
        room.settle()

    room.ask(COMMANDER, "severity SEV1", channel)
    room.settle()

    assert "SEV1" in room.slack.posts(channel)[-1]["text"]
    assert f"“{OPEN}" in json.dumps(room.card(channel), ensure_ascii=False)


def test_page_that_ended_with_its_incident_is_not_said_to_be_open(room: Room, pagerduty: FakePagerDuty) -> None:
    """The word that waited is no longer so, and the end is told."""
    _, channel = paged(room)
    _busy(room, channel, updates=4)
    for turn in range(3):
        deliver(room, tell(room, pagerduty, "unacknowledged", seconds=61 + turn))
        room.settle()
    early = len(_about(room, channel))

    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    shown = json.dumps(room.card(channel), ensure_ascii=False)
    room.settle(horizon=timedelta(minutes=31))

    assert "Posted after" in shown  # the updates
    assert "Page 1" not in shown
    assert _about(room, channel)[early:] == []
    assert any("resolved (was" in post["text"] for post in room.slack.posts(channel))


def _busy(room: Room, channel: str, *, updates: int) -> None:
    """Bring *updates* into the channel, which has its card and whether the page arrived."""
    for count in range(updates):
        room.ask(RESPONDER, f"update We look into it, {count}", channel)
        room.settle()


def _about(room: Room, channel: str) -> list[str]:
    """The posts about the page, without the incident that they begin with, in their order."""
    said = [post["text"].partition("Page 1 ") for post in room.slack.posts(channel)]
    return [f"{found}{rest}" for _, found, rest in said if found]
