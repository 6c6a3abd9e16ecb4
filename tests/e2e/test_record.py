"""What people do in the channel, and what the timeline then says."""

import pytest

from tests.e2e.room import COMMANDER, EMOJI, RESPONDER, Room

pytestmark = pytest.mark.standin


def test_mark_on_a_thread_reply_records_the_reply_and_not_its_thread(room: Room) -> None:
    """The exact message that was marked is on the timeline, without the one it replies to."""
    channel = room.declare(RESPONDER, "SEV3 Statements late")
    root = room.workspace.say(RESPONDER.id, channel, "Where are we")
    reply = room.workspace.say(COMMANDER.id, channel, "The export hangs", thread=root)

    room.workspace.react(RESPONDER.id, channel, reply, EMOJI)

    line = room.wait_for_line(RESPONDER, channel, "The export hangs")
    assert "cleo: The export hangs" in line
    assert not [line for line in room.timeline(RESPONDER, channel) if "Where are we" in line]


def test_marks_of_two_people_make_one_line(room: Room) -> None:
    """Two people who mark one message have stated one fact."""
    channel = room.declare(RESPONDER, "SEV3 Logins slow")
    ts = room.workspace.say(RESPONDER.id, channel, "The cache is cold")

    for person in (RESPONDER, COMMANDER):
        room.workspace.react(person.id, channel, ts, EMOJI)

    room.wait_for_line(RESPONDER, channel, "The cache is cold")
    assert len([line for line in room.timeline(RESPONDER, channel) if "The cache is cold" in line]) == 1


def test_mark_taken_back_takes_the_line_back(room: Room) -> None:
    """A message that nobody marks any more is no line of the timeline."""
    channel = room.declare(RESPONDER, "SEV3 Rates wrong")
    ts = room.workspace.say(RESPONDER.id, channel, "I marked the wrong one")
    room.workspace.react(RESPONDER.id, channel, ts, EMOJI)
    room.wait_for_line(RESPONDER, channel, "I marked the wrong one")

    room.workspace.react(RESPONDER.id, channel, ts, EMOJI, present=False)

    assert not [line for line in room.timeline(RESPONDER, channel) if "I marked the wrong one" in line]


def test_declaration_posts_one_card_that_is_edited_in_place(room: Room) -> None:
    """A note changes the card that is there instead of posting another."""
    channel = room.declare(RESPONDER, "SEV3 Refunds stuck")
    (card,) = room.posts(channel, "Refunds stuck")

    room.ask(RESPONDER, "impact Refunds arrive a day late", channel)

    edited = room.workspace.wait_for_message(
        "the edited card", channel, lambda found: found.ts == card.ts and "a day late" in found.words()
    )
    assert edited.raw["edited"]
    assert len(room.posts(channel, "Refunds stuck")) == 1


def test_unknown_verb_is_answered_with_the_nearest_and_records_nothing(room: Room) -> None:
    """A slip of the finger costs nothing and is explained."""
    channel = room.declare(RESPONDER, "SEV3 Search down")
    before = room.timeline(RESPONDER, channel)

    answer = room.ask(RESPONDER, "severty SEV1", channel)

    assert "severity" in answer
    assert room.timeline(RESPONDER, channel) == before
