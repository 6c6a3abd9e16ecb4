"""A document that is too long for blocks: offered only once its file can be seen, and uploaded and shared once."""

from datetime import timedelta

import pytest

from bot.flows.dispatcher import Dispatcher
from bot.late import build_drafts, build_signing
from bot.ports.outbox import Retry, Sent, Step
from bot.ports.records import Delivery, DeliveryKind
from tests.effort import leading
from tests.fake_slack import Fault
from tests.slack_room import COMMANDER, OPERATIONS, RESPONDER, Room

LONG = "It was the cache and nothing else. " * 110
ASKED = ("files.getUploadURLExternal", "files.completeUploadExternal")


def _drafted(room: Room) -> str:
    """The channel of an incident whose draft was asked for; nothing of the draft is sent yet."""
    _, channel = room.declare(text="SEV4 Wallets empty")
    room.ask(COMMANDER, "role commander me", channel)
    for _ in range(5):
        room.ask(RESPONDER, f"note {LONG}", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    return channel


def _files(room: Room, channel: str) -> list[str]:
    return [post["ts"] for post in room.slack.posts(channel) if post.get("files")]


def _offers(room: Room, channel: str) -> list[str]:
    return [post["ts"] for post in room.slack.posts(channel) if "file above this message" in str(post.get("blocks"))]


def _shown_hash(room: Room, channel: str) -> str:
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_channel(channel)
        assert incident is not None
        return reads.revisions(incident.id)[-1].hash.hex()[:8]


def test_offer_waits_for_a_file_that_appears_later(own_room: Room) -> None:
    """Slack answers at once and shares after twenty seconds: until then nothing is offered and nobody may approve."""
    room = own_room
    channel = _drafted(room)
    room.slack.shares_files_after = 20.0

    room.ask(COMMANDER, "draft", channel)
    room.settle(horizon=timedelta(seconds=15))
    early, refusal = _offers(room, channel), room.ask(COMMANDER, f"approve {_shown_hash(room, channel)}", channel)
    room.settle()
    (file,), (offer,) = _files(room, channel), _offers(room, channel)

    assert early == []
    assert "has not arrived whole in Slack yet" in refusal
    assert float(file) < float(offer)
    assert [len(room.slack.calls_of(method)) for method in ASKED] == [1, 1]
    assert "You approved draft 1" in room.ask(COMMANDER, f"approve {_shown_hash(room, channel)}", channel)


def test_file_that_never_appears_is_parked_and_told(own_room: Room) -> None:
    """After a minute the operator hears which incident, why, and what to run; then it is uploaded anew and offered."""
    room = own_room
    channel = _drafted(room)
    room.slack.shares_files_after = None

    room.ask(COMMANDER, "draft", channel)
    room.settle(horizon=timedelta(minutes=3))
    (note,) = [post["text"] for post in room.slack.posts(OPERATIONS)]
    lane = note.rpartition("resume ")[2].rstrip("`.")
    early = _offers(room, channel)
    room.slack.heal()
    room.app.store.outbox.resume(lane)
    room.settle()

    assert note.startswith("One message of #1 was not sent (offer draft): Slack took the file and does not show it")
    assert early == []
    assert [len(room.slack.calls_of(method)) for method in ASKED] == [2, 2]
    assert (len(_files(room, channel)), len(_offers(room, channel))) == (1, 1)


def test_draft_of_an_archived_channel_says_when_it_can_be_read(own_room: Room) -> None:
    """Whoever is to sign it does not wait for what cannot come: the refusal says what has to happen first."""
    room = own_room
    channel = _drafted(room)
    room.slack.channels[channel].is_archived = True
    room.event({"type": "channel_archive", "channel": channel, "user": COMMANDER})
    room.draft(COMMANDER, text="#1 draft")

    refusal = room.ask(COMMANDER, f"#1 approve {_shown_hash(room, channel)}")
    room.slack.channels[channel].is_archived = False
    room.event({"type": "channel_unarchive", "channel": channel, "user": COMMANDER})
    room.settle()

    assert refusal == (
        "Draft 1 has not arrived whole in Slack yet. It comes once its channel is unarchived in Slack; read it first."
    )
    assert "You approved draft 1" in room.ask(COMMANDER, f"approve {_shown_hash(room, channel)}", channel)


@pytest.mark.thorough
def test_file_that_appears_after_it_was_given_up_is_found(own_room: Room) -> None:
    """Slack shares it after ten minutes: told to go on, the lane finds the file and uploads nothing."""
    room = own_room
    channel = _drafted(room)
    room.slack.shares_files_after = 600.0

    room.ask(COMMANDER, "draft", channel)
    room.settle(horizon=timedelta(minutes=3))
    room.clock.move(minutes=12)
    room.app.store.outbox.resume(f"incident:{_incident_id(room, channel)}:1")
    room.settle()

    assert [len(room.slack.calls_of(method)) for method in ASKED] == [1, 1]
    assert (len(_files(room, channel)), len(_offers(room, channel))) == (1, 1)


@pytest.mark.thorough
@pytest.mark.parametrize("loses", ["answer", pytest.param("request", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("method", leading(1, ASKED))
def test_lost_connection_leaves_one_file(own_room: Room, method: str, loses: str) -> None:
    """Whichever request or answer is lost, people see the file once, and then the offer."""
    room = own_room
    channel = _drafted(room)
    room.slack.break_down(Fault(method=method, loses=loses))

    room.ask(COMMANDER, "draft", channel)
    room.settle()

    assert (len(_files(room, channel)), len(_offers(room, channel))) == (1, 1)


@pytest.mark.thorough
def test_file_that_slack_has_lost_is_uploaded_again(own_room: Room) -> None:
    """Slack no longer knows the file that it took a moment ago."""
    room = own_room
    channel = _drafted(room)
    room.slack.fail("files.completeUploadExternal", "file_not_found")

    room.ask(COMMANDER, "draft", channel)
    room.settle()

    assert (len(_files(room, channel)), len(_offers(room, channel))) == (1, 1)


@pytest.mark.parametrize("parts", leading(1, [0, 1, pytest.param(2, marks=pytest.mark.thorough)]))
def test_crash_after_any_part_leaves_one_file_and_one_offer(own_room: Room, parts: int) -> None:
    """A process dies with nothing, the upload, or the share on record, or right after doing the next of them."""
    room = own_room
    channel = _drafted(room)
    room.app.dispatcher.stop()
    room.ask(COMMANDER, "draft", channel)
    claimed = _claim_offer(room)
    for _ in range(parts):
        claimed = _next_part(room, claimed)
    room.app.slack.handlers[claimed.kind](claimed)

    dispatcher = Dispatcher(room.app.store.outbox, room.app.slack.handlers, room.clock)
    dispatcher.start()
    room.wait_for("empty lanes", lambda: _go_on(room, dispatcher))
    dispatcher.stop()

    assert (len(_files(room, channel)), len(_offers(room, channel))) == (1, 1)


@pytest.mark.thorough
def test_publication_in_the_channel_waits_for_its_file(own_room: Room) -> None:
    """The incident closes once the published document can be read, not once Slack has said yes."""
    room = own_room
    channel = _drafted(room)
    room.ask(COMMANDER, "draft", channel)
    room.settle()
    room.ask(COMMANDER, f"approve {_shown_hash(room, channel)}", channel)
    room.settle()
    room.slack.shares_files_after = 20.0

    room.ask(COMMANDER, "publish confirm", channel)
    room.settle(horizon=timedelta(seconds=15))
    early = room.ask(COMMANDER, "#1 status")
    room.settle()

    assert "in review" in early
    assert "closed" in room.ask(COMMANDER, "#1 status")
    assert len(_files(room, channel)) == 2


def _incident_id(room: Room, channel: str) -> str:
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_channel(channel)
        assert incident is not None
        return str(incident.id)


def _claim_offer(room: Room) -> Delivery:
    """Claim what is due until the offer comes out, as a process does that dies with it in its hands."""
    app, outbox = room.app, room.app.store.outbox
    drafts = build_drafts(build_signing(room.settings), app.store.snapshots, app.directory.name)
    while True:
        room.clock.move(seconds=2)
        (claimed,) = outbox.claim(limit=1, busy_lanes=frozenset())
        if claimed.kind is DeliveryKind.OFFER_DRAFT:
            return claimed
        made = drafts.make(claimed) if claimed.kind is DeliveryKind.MAKE_DRAFT else Sent()
        assert isinstance(made, Sent)
        outbox.settle_sent(claimed, made.result, made.follow_up, pause=timedelta(0))


def _next_part(room: Room, claimed: Delivery) -> Delivery:
    """Do one part and put it on record; what comes next is in the hands of the same process."""
    outbox, outcome = room.app.store.outbox, room.app.slack.handlers[claimed.kind](claimed)
    if isinstance(outcome, Step):
        return outbox.remember(claimed, outcome.result)
    assert isinstance(outcome, Retry)
    outbox.settle_retry(claimed, at=room.clock.now(), because=outcome.because, result=outcome.result)
    (again,) = outbox.claim(limit=1, busy_lanes=frozenset())
    return again


def _go_on(room: Room, dispatcher: Dispatcher) -> bool:
    room.clock.move(seconds=1)
    dispatcher.wake()
    return room.app.store.outbox.next_due() is None
