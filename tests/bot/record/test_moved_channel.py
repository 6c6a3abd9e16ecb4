"""A private channel that is shared with another organisation gets another identifier, and is the same channel."""

from analysis.channels import moves
from analysis.events import EventKind
from analysis.timeline import timeline
from tests.dialects import on_both
from tests.fake_slack import Fault
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, OTHER, RESPONDER, Room


def share(room: Room, channel: str) -> str:
    """Let somebody share the channel through Slack Connect; gives its new identifier."""
    moved = room.slack.channels.pop(channel)
    moved.id = f"{channel}S"
    room.slack.channels[moved.id] = moved
    return moved.id


def tell(room: Room, channel: str, shared: str) -> None:
    """Say what Slack says of it."""
    at = room.slack.next_ts()
    room.event({"type": "channel_id_changed", "old_channel_id": channel, "new_channel_id": shared, "event_ts": at})


@on_both("room")
def test_incident_goes_on_under_the_channels_new_identifier(room: Room) -> None:
    """The card, the draft's offer and all access stay; what is said there is recorded; people hear who reads it."""
    number, channel = room.declare(RESPONDER, "SEV3 private: Payout file leaked")
    room.join(OTHER, channel)
    for person in (COMMANDER, APPROVER):
        room.join(person, channel)
    before = room.ask(OTHER, f"#{number} timeline")
    room.settle()
    room.ask(COMMANDER, f"#{number} resolve")
    room.draft(COMMANDER, text=f"#{number} draft")
    room.settle()
    card, posts = room.card(channel)["ts"], len(room.slack.posts(channel))

    shared = share(room, channel)
    tell(room, channel, shared)
    room.settle()
    room.press(APPROVER, "draft.approve", f"{number}|{room.shown_hash(shared)}", shared)
    room.settle()
    (offer,) = [dict(post) for post in room.slack.posts(shared) if f"#{number}: Draft 1" in post["text"]]
    ts = room.slack.say(shared, OTHER, "their side is clean")
    room.react(RESPONDER, shared, ts)
    room.ask(COMMANDER, "impact A file left", shared)
    room.settle()

    found = [one.text for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE]
    news = [post["text"] for post in room.slack.posts(shared)[posts:] if "another organisation" in post["text"]]
    assert found == ["their side is clean"]
    assert room.card(shared)["ts"] == card
    assert "A file left" in str(room.card(shared)["blocks"])
    assert len(news) == 1
    assert news[0].endswith("this channel is shared with another organisation, whose people read what is posted here")
    assert "Payout file leaked" in before
    assert "Payout file leaked" in room.ask(OTHER, f"#{number} timeline")
    assert "pproved by" in str(offer["blocks"])


def test_message_of_before_is_the_same_message(room: Room) -> None:
    """Edits, marks and deletions under the new identifier are of the message that is on record under the old one."""
    number, channel = room.declare(RESPONDER, "SEV3 private: Payout file leaked")
    ts, gone = (room.slack.say(channel, RESPONDER, text) for text in ("The share is open", "They have the file"))
    for one in (ts, gone):
        room.react(RESPONDER, channel, one)
    room.settle()
    shared = share(room, channel)
    tell(room, channel, shared)
    room.settle()

    room.edit(shared, ts, "The share was open")
    room.delete(shared, gone)
    room.react(RESPONDER, shared, ts, emoji="pushpin")
    room.settle()
    link = f"https://bank.slack.com/archives/{shared}/p{ts.replace('.', '')}"
    tagged = room.ask(RESPONDER, f"#{number} promote {link} as trigger")

    found = [one for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE]
    assert [(one.text, one.is_deleted) for one in found] == [
        ("The share was open", False),
        ("They have the file", True),
    ]
    assert "trigger" in tagged


def test_what_could_not_be_posted_meanwhile_follows(room: Room) -> None:
    """Slack's message comes late: what waited for the old identifier goes on under the new one, once."""
    number, channel = room.declare(RESPONDER, "SEV3 private: Payout file leaked")
    room.join(COMMANDER, channel)
    room.settle()
    shared = share(room, channel)
    room.ask(COMMANDER, f"#{number} severity SEV1")
    room.settle()
    waiting = room.parked_lanes(number)
    room.wait_for("the operator's note", lambda: room.slack.posts(OPERATIONS))

    tell(room, channel, shared)
    tell(room, channel, shared)
    room.settle()

    raised = [post for post in room.slack.posts(shared) if "raised from SEV3" in post["text"]]
    assert waiting
    assert room.parked_lanes(number) == []
    assert len(raised) == 1


def test_refusal_of_a_call_that_was_on_its_way_parks_nothing(room: Room) -> None:
    """Slack refuses the old identifier while its message of the new one is recorded: the lane goes on."""
    number, channel = room.declare(RESPONDER, "SEV3 private: Payout file leaked")
    room.join(COMMANDER, channel)
    room.settle()
    refused = Fault(method="chat.postMessage", channel=channel, error="channel_not_found")
    room.hold(refused, lambda: room.ask(COMMANDER, f"#{number} severity SEV1"))

    shared = share(room, channel)
    tell(room, channel, shared)
    room.settle()

    assert room.parked_lanes(number) == []
    assert len([post for post in room.slack.posts(shared) if "raised from SEV3" in post["text"]]) == 1


def test_identifiers_are_followed_to_the_newest(room: Room) -> None:
    """A channel that changed twice is found under its newest identifier, and any other under its own."""
    number, channel = room.declare()
    room.settle()
    shared = share(room, channel)
    tell(room, channel, shared)
    newest = share(room, shared)
    tell(room, shared, newest)

    followed = moves(room.events(number))

    assert followed.newest(channel) == followed.newest(shared) == newest
    assert followed.newest("C0ELSE0001") == "C0ELSE0001"


def test_identifier_that_a_channel_has_again_is_its_newest(room: Room) -> None:
    """A channel that is shared and taken back is found under what it is called now, and not under what it was."""
    number, channel = room.declare()
    room.settle()
    shared = share(room, channel)
    tell(room, channel, shared)
    tell(room, shared, channel)

    followed = moves(room.events(number))

    assert followed.newest(channel) == followed.newest(shared) == channel
