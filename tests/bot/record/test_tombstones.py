"""What Slack leaves in the place of a deleted message is not what was said."""

from analysis.events import EventKind
from analysis.timeline import timeline
from tests import slack_requests as requests
from tests.slack_room import OTHER, RESPONDER, Room


def test_deleted_root_of_a_thread_is_a_tombstone_with_its_words(room: Room) -> None:
    """Slack changes a deleted message that has replies into a notice of its own; the record keeps what was said."""
    number, channel = room.declare()
    root = room.slack.find_message(channel, room.slack.say(channel, OTHER, "we store the key in plain text"))
    room.slack.say(channel, RESPONDER, "delete that!", thread=root["ts"])
    room.react(RESPONDER, channel, root["ts"], at=room.slack.next_ts())
    room.settle()
    notice = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
    at = room.slack.next_ts()
    changed = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": channel}
    tombstone = {**notice, "ts": root["ts"], "thread_ts": root["ts"]}

    room.event({**changed, "message": tombstone, "previous_message": dict(root), "ts": at, "event_ts": at})
    room.event(requests.deletion(channel, tombstone, at=room.slack.next_ts()))

    entry = next(one for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE)
    assert (entry.is_deleted, entry.text) == (True, "we store the key in plain text")
    assert [version.text for version in entry.versions] == ["we store the key in plain text"]
