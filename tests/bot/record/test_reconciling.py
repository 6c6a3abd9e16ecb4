"""A post whose outcome nobody knows: looked for in Slack before anything is sent again, and never sent blindly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.dispatcher import Dispatcher
from bot.ports.records import Delivery, DeliveryKind
from tests.dialects import on_both
from tests.fake_slack import FakeSlack, Fault
from tests.slack_room import COMMANDER, RESPONDER, Room, open_room

TEXT = "Card payments recover since 09:10"


@pytest.fixture
def crashing(ready_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room of its own on each database, because its dispatcher is stopped for good."""
    with open_room(ready_url, tmp_path) as room:
        yield room


def updates(room: Room, channel: str) -> list[str]:
    """The stakeholder updates that are in the channel."""
    return [post["text"] for post in room.slack.posts(channel) if TEXT in post["text"]]


def claim_update(room: Room) -> tuple[str, Delivery]:
    """Stop sending and claim the post of an update, as a process does that dies with it in its hands."""
    number, channel = room.declare()
    room.app.dispatcher.stop()
    room.ask(COMMANDER, f"#{number} update {TEXT}")
    room.clock.move(seconds=5)
    outbox = room.app.store.outbox
    while True:
        (claimed,) = outbox.claim(limit=1, busy_lanes=frozenset())
        if claimed.kind is DeliveryKind.ANNOUNCE:
            return channel, claimed
        outbox.settle_sent(claimed, {}, None, pause=timedelta(0))


@contextmanager
def next_process(room: Room) -> Iterator[Dispatcher]:
    """Yield a dispatcher that starts on what the last one left."""
    dispatcher = Dispatcher(room.app.store.outbox, room.app.slack.handlers, room.clock)
    dispatcher.start()
    yield dispatcher
    dispatcher.stop()


def wait_until_sent(room: Room, dispatcher: Dispatcher) -> None:
    """Let everything that waits be sent."""

    def is_empty() -> bool:
        room.clock.move(seconds=1)
        dispatcher.wake()
        return room.app.store.outbox.next_due() is None

    room.wait_for("empty lanes", is_empty)


@on_both("ready_url")
def test_claimed_and_never_posted_is_posted_once(crashing: Room) -> None:
    """A process that died before the POST leaves an attempt; the next one looks, finds nothing, posts (fault 3)."""
    channel, _ = claim_update(crashing)

    with next_process(crashing) as dispatcher:
        wait_until_sent(crashing, dispatcher)

    assert len(updates(crashing, channel)) == 1
    assert crashing.slack.calls_of("conversations.history", channel=channel)


def test_posted_and_never_marked_is_found_again(crashing: Room) -> None:
    """A process that died after the POST leaves a message; the next one finds it and posts nothing (fault 4)."""
    channel, claimed = claim_update(crashing)
    crashing.app.slack.handlers[claimed.kind](claimed)

    with next_process(crashing) as dispatcher:
        wait_until_sent(crashing, dispatcher)

    assert len(updates(crashing, channel)) == 1
    assert len(crashing.slack.calls_of("conversations.history", channel=channel)) == 1


def test_unknown_outcome_is_never_resent_while_slack_cannot_be_asked(room: Room) -> None:
    """With the history down the post stays unknown, backed off and shown; asked at last, it is there (fault 5)."""
    number, channel = room.declare()
    room.slack.break_down(Fault(method="chat.postMessage", channel=channel, loses="answer"))
    room.slack.fail("conversations.history", "internal_error", status=500, channel=channel, times=None)
    room.ask(COMMANDER, f"#{number} update {TEXT}")

    room.settle(horizon=timedelta(hours=1))
    unknown = room.app.store.lane_report()["deliveries"]["unknown"]
    asked = len(room.slack.calls_of("conversations.history", channel=channel))
    tried = len(room.slack.calls_of("chat.postMessage", channel=channel))
    room.slack.heal()
    room.settle(horizon=timedelta(hours=1))

    assert (unknown, len(updates(room, channel))) == (1, 1)
    assert 5 < asked < 30
    assert len(room.slack.calls_of("chat.postMessage", channel=channel)) == tried
    assert room.app.store.lane_report()["deliveries"]["unknown"] == 0


def test_card_of_unknown_outcome_is_not_posted_beside_a_newer_one(room: Room) -> None:
    """The first card's answer is lost and its look-up limited; a change meanwhile must not post a second card."""
    room.slack.break_down(Fault(method="chat.postMessage", loses="answer"))
    room.slack.rate_limit("conversations.history", 3)
    number = int(room.ask(RESPONDER, "declare SEV4 Reports are late").split()[0].removeprefix("#"))
    found = room.wait_for("its channel", lambda: room.slack.channel_named(f"inc-{number}-"))
    room.wait_for("the card", lambda: room.slack.posts(found.id))
    room.wait_for("the look-up", lambda: _after_a_second(room).calls_of("conversations.history", channel=found.id))

    room.ask(RESPONDER, f"#{number} impact nobody sees reports")
    room.settle()

    cards = [post for post in room.slack.posts(found.id) if "Reports are late" in str(post["blocks"])]
    assert len(cards) == 1
    assert "nobody sees reports" in str(cards[0]["blocks"])


def _after_a_second(room: Room) -> FakeSlack:
    room.clock.move(seconds=1)
    room.app.dispatcher.wake()
    return room.slack
