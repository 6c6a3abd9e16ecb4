"""What becomes of pages, and of what is said of them, while the pager answers half of what it is asked."""

import json
from datetime import timedelta

import pytest

from analysis.events import EventKind
from bot.store.delivery.waiting import lanes_that_wait
from tests.bot.paging.test_page import kinds, page, posts
from tests.bot.paging.test_page_news import paged, pages
from tests.fake_pagerduty import FakePagerDuty, Trouble
from tests.slack_room import COMMANDER, OPERATIONS, Room


@pytest.mark.parametrize("status", [503, 403], ids=["down", "forbidden"])
def test_page_that_pagerduty_says_it_has_is_no_failure(room: Room, pagerduty: FakePagerDuty, status: int) -> None:
    """Its answer was lost, and it cannot be looked for: asked again, PagerDuty says that it is open, so it rings."""
    pagerduty.troubles.append(Trouble(path="/incidents", method="POST", cut=True, after=True))
    pagerduty.troubles.append(Trouble(path="/incidents", method="GET", times=None, status=status))
    number, channel = room.declare()

    page(room, channel, "ledger")
    room.settle(horizon=timedelta(minutes=15))

    assert len(pagerduty.woken) == 1
    assert kinds(room, number)[-1] == EventKind.PAGE_SENT
    assert "Debrief has stopped trying" not in posts(room, channel)
    assert [one.status for one in pages(room, number)] == ["sent"]


def test_word_that_the_pager_does_not_take_for_an_hour_waits_for_the_operator(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """It rings there although it is over here: the operator reads so, and lets it go on once the pager answers."""
    _, channel = paged(room)
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    room.ask(COMMANDER, "page resolve 1", channel)
    before = len(room.slack.posts(OPERATIONS))

    room.settle(horizon=timedelta(minutes=59))
    early = len(room.slack.posts(OPERATIONS))
    room.settle(horizon=timedelta(minutes=90))
    told = json.dumps(room.slack.posts(OPERATIONS)[before:])
    (waiting,) = [one for one in lanes_that_wait(room.app.store.database) if one.key.startswith("page:")]
    pagerduty.heal()
    room.app.store.outbox.resume(waiting.key)
    room.settle()

    assert early == before
    assert "PagerDuty answered 503" in told
    assert pagerduty.incidents[-1]["status"] == "resolved"
