"""A pager that says again and again that a page is open does not fill a channel whose first half hour is busy."""

import json
from datetime import timedelta

from analysis.quiet import FIRST_MESSAGES, KEPT_FOR_NOTICE
from tests.bot.paging.test_page_news import deliver, facts, paged, tell
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
    assert meanwhile == FIRST_MESSAGES + arrived
    *at_once, waited = _about(room, channel)[early:]
    assert (len(at_once), waited.startswith(OPEN)) == (KEPT_FOR_NOTICE, True)
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


def test_page_that_ended_with_its_incident_is_not_said_to_be_open(room: Room, pagerduty: FakePagerDuty) -> None:
    """The word that waited is no longer so, and the end is told."""
    _, channel = paged(room)
    _busy(room, channel, updates=4)
    for turn in range(3):
        deliver(room, tell(room, pagerduty, "unacknowledged", seconds=61 + turn))
        room.settle()
    early = len(_about(room, channel))

    room.ask(COMMANDER, "resolve", channel)
    room.settle(horizon=timedelta(minutes=31))

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
