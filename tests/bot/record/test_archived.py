"""What happens around an archived channel: late events count, its people still see, nobody waits in silence."""

from analysis.events import EventKind
from analysis.timeline import timeline
from tests.slack_room import COMMANDER, OPERATIONS, OTHER, RESPONDER, Room


def archive(room: Room, channel: str) -> None:
    """Let somebody archive the channel."""
    room.slack.channels[channel].is_archived = True
    room.event({"type": "channel_archive", "channel": channel, "user": OTHER, "event_ts": room.slack.next_ts()})


def parked(room: Room, number: int) -> list[str]:
    """The lanes of the incident that wait for somebody."""
    incident = str(room.events(number)[0].incident_id)
    return [lane for lane in room.app.store.lane_report()["parked_lanes"] if incident in lane]


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
    assert parked(room, number) == []


def test_members_of_an_archived_private_channel_still_see_the_incident(room: Room) -> None:
    """Archiving is tidying up, not locking out: the review begins after it."""
    number, channel = room.declare(RESPONDER, "SEV3 private Payout file leaked")
    room.join(OTHER, channel)
    before = room.ask(OTHER, f"#{number} timeline")

    archive(room, channel)

    assert "Payout file leaked" in before
    assert room.ask(OTHER, f"#{number} timeline") == before


def test_draft_for_an_archived_channel_is_parked_and_told(room: Room) -> None:
    """What cannot be shown any more does not wait in silence: its lane is parked, the operator hears once."""
    number, channel = room.declare()
    room.ask(COMMANDER, f"#{number} resolve")
    room.settle()
    archive(room, channel)
    told = len(room.slack.posts(OPERATIONS))

    room.ask(COMMANDER, f"#{number} draft")
    room.settle()

    (lane,) = parked(room, number)
    room.wait_for("the operator's note", lambda: room.slack.posts(OPERATIONS)[told:])
    room.settle()
    assert len(room.slack.posts(OPERATIONS)) == told + 1
    room.slack.channels[channel].is_archived = False
    room.app.store.outbox.resume(lane)
    room.settle()
    assert any("Draft 1" in str(post["blocks"]) or "draft 1" in post["text"] for post in room.slack.posts(channel))
