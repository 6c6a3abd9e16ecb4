"""What happens around an archived channel: late events count, its people still see, nobody waits in silence."""

import pytest

from analysis.events import EventKind
from analysis.timeline import timeline
from tests.dialects import on_both
from tests.slack_room import COMMANDER, OPERATIONS, OTHER, RESPONDER, Room


def archive(room: Room, channel: str) -> None:
    """Let somebody archive the channel."""
    room.slack.channels[channel].is_archived = True
    room.event({"type": "channel_archive", "channel": channel, "user": OTHER, "event_ts": room.slack.next_ts()})


def drafted_after_the_archiving(room: Room) -> tuple[int, str]:
    """Return an incident and its archived channel, of whose draft the asker and the operator were told."""
    number, channel = room.declare()
    room.ask(COMMANDER, f"#{number} resolve")
    room.settle()
    archive(room, channel)
    told = len(room.slack.posts(OPERATIONS))
    answer = room.ask(COMMANDER, f"#{number} draft")
    room.settle()
    room.wait_for("the operator's note", lambda: room.slack.posts(OPERATIONS)[told:])
    assert answer.endswith("it is offered in its channel once its channel is unarchived in Slack.")
    return number, channel


def test_mark_that_is_delivered_after_the_archiving_is_recorded(room: Room) -> None:
    """Slack delivers out of order: a mark made in time counts, whenever it arrives."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "the pool is exhausted")
    marked_at = room.slack.next_ts()

    archive(room, channel)
    room.react(RESPONDER, channel, ts, at=marked_at)
    room.settle()

    found = [one.text for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE]
    assert found == ["the pool is exhausted"]
    assert room.parked_lanes(number) == []


@on_both("room")
def test_members_of_an_archived_private_channel_still_see_the_incident(room: Room) -> None:
    """Archiving is tidying up, not locking out: the review begins after it."""
    number, channel = room.declare(RESPONDER, "SEV3 private: Payout file leaked")
    room.join(OTHER, channel)
    before = room.ask(OTHER, f"#{number} timeline")

    archive(room, channel)

    assert "Payout file leaked" in before
    assert room.ask(OTHER, f"#{number} timeline") == before


@pytest.mark.thorough
def test_draft_for_an_archived_channel_is_parked_and_told(room: Room) -> None:
    """What cannot be shown any more does not wait in silence: the asker and the operator are told."""
    told = len(room.slack.posts(OPERATIONS))

    number, channel = drafted_after_the_archiving(room)

    (lane,) = room.parked_lanes(number)
    room.settle()
    assert len(room.slack.posts(OPERATIONS)) == told + 1
    room.slack.channels[channel].is_archived = False
    room.app.store.outbox.resume(lane)
    room.settle()
    assert any(post["text"].startswith(f"#{number}: Draft 1 is ready") for post in room.slack.posts(channel))


@pytest.mark.thorough
def test_unarchived_channel_is_the_incidents_again(room: Room) -> None:
    """What the operator is told to do helps: with the channel open again, the incident goes on there by itself."""
    number, channel = drafted_after_the_archiving(room)
    answer = room.ask(COMMANDER, f"#{number} update It is over")
    note = room.slack.posts(OPERATIONS)[-1]["text"]

    room.slack.channels[channel].is_archived = False
    room.event({"type": "channel_unarchive", "channel": channel, "user": OTHER, "event_ts": room.slack.next_ts()})
    room.settle()
    offers = [post for post in room.slack.posts(channel) if post["text"].startswith(f"#{number}: Draft 1 is ready")]
    room.ask(COMMANDER, f"#{number} reopen It came back at once")
    room.settle()

    assert "its channel was archived; unarchive it, or reopen the incident that it is of" in note
    assert answer.endswith(" once Slack takes messages in its channel again, which the operator was told.")
    assert len(offers) == 1
    assert room.parked_lanes(number) == []
    assert room.slack.channel_named(f"inc-{number}-") == room.slack.channels[channel]
    assert "investigating" in room.card(channel)["text"]


@on_both("room")
def test_channel_that_debrief_is_let_into_again_hears_what_it_missed(room: Room) -> None:
    """Somebody removes the bot and invites it back: the rise in severity is posted then, without a command."""
    number, channel = room.declare()
    members, bot = room.slack.channels[channel].members, room.slack.bot
    members.discard(bot)
    room.ask(COMMANDER, f"#{number} severity SEV1")
    room.settle()
    silent = room.parked_lanes(number)

    members.add(bot)
    room.event({"type": "member_joined_channel", "user": bot, "channel": channel, "event_ts": room.slack.next_ts()})
    room.settle()

    assert len(silent) == 1
    assert room.parked_lanes(number) == []
    assert room.slack.posts(channel)[-1]["text"].startswith(f"#{number} SEV1, raised from SEV3")


def test_offer_in_the_archived_channel_of_an_earlier_phase_holds_nothing_up(room: Room) -> None:
    """Reopened, the incident goes on in a new channel; what became of the old draft cannot be shown in the old one."""
    number, old = room.declare()
    room.ask(COMMANDER, "resolve", old)
    room.draft(COMMANDER, old)
    room.settle()
    archive(room, old)
    room.ask(COMMANDER, f"#{number} reopen It came back at once")
    room.settle()
    room.clock.move(minutes=31)

    room.ask(COMMANDER, f"#{number} resolve")
    room.draft(COMMANDER, text=f"#{number} draft")
    room.settle()

    texts = [str(post["text"]) for channel in room.slack.channels.values() for post in room.slack.posts(channel.id)]
    assert any(text.startswith(f"#{number}: Draft 2 is ready") for text in texts)
    assert room.parked_lanes(number) == []


def test_unarchiving_of_a_channel_that_is_nobodys_changes_nothing(room: Room) -> None:
    """A channel that the incident has left for another, or never had, is none of its business."""
    number, channel = room.declare()
    before = len(room.events(number))

    for opened in (channel, "C0NOBODYS"):
        answer = room.event({"type": "group_unarchive", "channel": opened, "user": OTHER, "event_ts": "1772355600.5"})
        assert answer.status == 200

    assert len(room.events(number)) == before
