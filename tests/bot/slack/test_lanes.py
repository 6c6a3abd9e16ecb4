"""What Slack does to us: slow, limiting, gone, refusing, losing answers. Order is kept and nothing is posted twice."""

import socket
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.store.delivery.waiting import lanes_that_wait
from tests.effort import leading, thinned
from tests.fake_slack import Fault
from tests.slack_room import (
    COMMANDER,
    HOME,
    OPERATIONS,
    OTHER,
    RESPONDER,
    START,
    Room,
    number_in,
    open_room,
    served_again,
)

POSTS = ("chat.postMessage", "chat.update")


def _updates(room: Room, channel: str) -> list[str]:
    """The stakeholder updates in a channel, in the order in which they arrived."""
    posts = sorted(room.slack.posts(channel), key=lambda post: float(post["ts"]))
    return [post["text"].rpartition(": ")[2] for post in posts if "Update from" in post["text"]]


def test_rate_limit_rests_one_lane_for_as_long_as_slack_asks(own_room: Room) -> None:
    """The channel that is limited waits for thirty seconds and keeps its order; the other one goes on."""
    room = own_room
    (_, limited), (_, free) = room.declare(), room.declare()
    room.slack.rate_limit("chat.postMessage", 30, channel=limited)
    began = room.clock.now().timestamp()

    for text in ("one", "two", "three"):
        room.ask(RESPONDER, f"update {text}", limited)
    room.ask(RESPONDER, "update elsewhere", free)
    room.settle()

    elsewhere = room.slack.calls_of("chat.postMessage", channel=free)[-1]
    retried = [call for call in room.slack.calls_of(*POSTS, channel=limited) if call.at > began and not call.error]
    assert _updates(room, limited) == ["one", "two", "three"]
    assert elsewhere.at < began + 30 <= retried[0].at


@pytest.mark.parametrize(
    ("fault", "calls", "told"),
    [
        (Fault(method="chat.postEphemeral", error="ratelimited", status=429, retry_after=5, times=2), 3, 1),
        (Fault(method="chat.postEphemeral", error="invalid_auth"), 2, 1),
        (Fault(method="chat.postEphemeral", loses="answer"), 1, 1),
        (Fault(method="chat.postEphemeral", error="not_in_channel", times=None), 1, 0),
        (Fault(method="chat.postEphemeral", error="channel_not_found", times=None), 1, 0),
    ],
    ids=["limited", "parked", "lost", "outside", "gone"],
)
def test_who_is_told_alone_is_told_once(own_room: Room, fault: Fault, calls: int, told: int) -> None:
    """Nobody can look for such a message: it is sent again where Slack surely did not show it, and not where it may.

    Where nobody can be told, as in a channel that Debrief is not in, what the incident has to say goes on.
    """
    room = own_room
    _, channel = room.declare()
    room.slack.channels[channel].members.add(RESPONDER)
    room.slack.break_down(fault)

    room.react(RESPONDER, channel, room.card(channel)["ts"], author=room.slack.bot)
    room.settle()
    for lane in lanes_that_wait(room.app.store.database):
        room.app.store.outbox.resume(lane.key)
    room.settle()
    room.ask(RESPONDER, "update The queue drains", channel)
    room.settle()

    tried = room.slack.calls_of("chat.postEphemeral")
    assert len(tried) == calls
    assert len(room.slack.ephemerals(RESPONDER)) == told
    assert _updates(room, channel) == ["The queue drains"]


def test_name_of_slack_that_nobody_resolves_leaves_nothing_unknown(
    own_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour without DNS is no hour of messages that may have arrived: none has left."""
    room = own_room
    _, channel = room.declare()
    port, resolve = urlsplit(room.slack.url).port, socket.getaddrinfo

    def unresolved(host: str, asked: int, *more: Any, **others: Any) -> Any:
        if asked == port:
            raise socket.gaierror(-2, "Name or service not known")
        return resolve(host, asked, *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    room.ask(RESPONDER, "update The switch is back", channel)
    room.settle()
    waiting = lanes_that_wait(room.app.store.database)
    monkeypatch.undo()
    room.clock.move(minutes=5)
    room.settle()

    assert [(one.waiting > 0, one.unknown) for one in waiting] == [(True, 0)]
    assert _updates(room, channel) == ["The switch is back"]


def test_channel_gets_at_most_one_post_a_second(own_room: Room) -> None:
    """Posts and edits of one channel keep Slack's pace."""
    room = own_room
    _, channel = room.declare()

    for text in ("one", "two", "three"):
        room.ask(RESPONDER, f"update {text}", channel)
    room.settle()

    times = [call.at for call in room.slack.calls_of(*POSTS, channel=channel)]
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_backlog_of_an_outage_drains_in_order_and_collapses(own_room: Room) -> None:
    """Slack is down for an hour, people go on; afterwards each post arrives once, in order, and edits are few."""
    room = own_room
    number, channel = room.declare()
    edits = len(room.slack.calls_of("chat.update", channel=channel))
    room.slack.is_down = True

    for count, status in enumerate(("investigating", "mitigating", "monitoring"), start=1):
        assert room.ask(RESPONDER, f"status {status}", channel).endswith(f"is now {status}.")
        room.ask(RESPONDER, f"update outage {count}", channel)
        room.ask(RESPONDER, f"note line {count}", channel)
    for _ in range(12):
        room.clock.move(minutes=5)
        room.app.dispatcher.wake()
        room.wait_for("an attempt", lambda: not room.app.dispatcher.is_busy)
    room.slack.is_down = False
    room.settle(horizon=timedelta(minutes=20))

    assert _updates(room, channel) == ["outage 1", "outage 2", "outage 3"]
    assert "monitoring" in room.card(channel)["text"]
    assert len(room.slack.calls_of("chat.update", channel=channel)) - edits <= 2
    assert room.get("/healthz").json["parked_lanes"] == {}
    assert len(room.timeline(RESPONDER, number)) > 9


@pytest.mark.parametrize(
    "error", thinned(["is_archived", "channel_not_found", "not_in_channel", "restricted_action"], every=4)
)
def test_closed_channel_parks_its_lane_and_the_operator_hears_once(own_room: Room, error: str) -> None:
    """One channel's trouble stops that channel alone; people go on recording; resuming sends all of it in order."""
    room = own_room
    (number, closed), (_, free) = room.declare(), room.declare()
    for method in POSTS:
        room.slack.fail(method, error, channel=closed, times=None)

    for text in ("one", "two"):
        assert "is on record" in room.ask(RESPONDER, f"update {text}", closed)
        room.ask(RESPONDER, f"update {text}", free)
        room.settle()
    notes = [post["text"] for post in room.slack.posts(OPERATIONS)]
    parked = room.get("/healthz").json["parked_lanes"]
    room.slack.heal()
    for lane in parked:
        room.app.store.outbox.resume(lane)
    room.settle()

    assert len(notes) == 1
    assert f"Slack answered {error}" in notes[0]
    assert "2 messages wait; nothing is lost." in notes[0]
    assert notes[0].startswith(f"Nothing more of #{number} can be sent")
    assert notes[0].endswith(f"run `debrief lanes resume {next(iter(parked))}`.")
    assert len(parked) == 1
    assert _updates(room, free) == ["one", "two"]
    assert _updates(room, closed) == ["one", "two"]
    assert sum("Update" in line or ": one" in line for line in room.timeline(RESPONDER, number)) >= 1


def test_revoked_token_parks_and_loses_nothing(own_room: Room) -> None:
    """Without a valid token nothing can be posted; what people record is kept, and sent once there is one."""
    room = own_room
    _, channel = room.declare()
    room.slack.fail("*", "token_revoked", times=None)

    answer = room.ask(RESPONDER, "update still here", channel)
    room.settle()
    parked = room.get("/healthz").json["parked_lanes"]
    room.slack.heal()
    for lane in parked:
        room.app.store.outbox.resume(lane)
    room.settle()

    assert "is on record" in answer
    assert parked
    assert _updates(room, channel) == ["still here"]


def test_operator_is_told_later_when_the_operations_channel_is_limited(own_room: Room) -> None:
    """A note that meets a rate limit waits; it is not dropped."""
    room = own_room
    room.slack.rate_limit("chat.postMessage", 5, channel=OPERATIONS)
    room.slack.fail("pins.add", "unknown_method")

    room.declare()
    room.settle()

    assert len(room.slack.posts(OPERATIONS)) == 1


def test_operations_channel_that_is_gone_does_not_echo(own_room: Room) -> None:
    """A note that cannot be delivered causes no chain of further notes."""
    room = own_room
    room.slack.fail("chat.postMessage", "channel_not_found", channel=OPERATIONS, times=None)
    for method in ("pins.add", "conversations.setTopic"):
        room.slack.fail(method, "unknown_method", times=None)

    room.declare()
    room.settle()

    assert len(room.slack.calls_of("chat.postMessage", channel=OPERATIONS)) <= 3


@pytest.mark.parametrize("loses", leading(1, ["answer", "request"]))
def test_lost_connection_posts_once(own_room: Room, loses: str) -> None:
    """Whether the post arrived or not, it is there once: the next attempt looks first."""
    room = own_room
    _, channel = room.declare()
    room.slack.break_down(Fault(method="chat.postMessage", channel=channel, loses=loses))

    for text in ("one", "two"):
        room.ask(RESPONDER, f"update {text}", channel)
    room.settle()

    assert _updates(room, channel) == ["one", "two"]


def test_slow_answer_posts_once(ready_sqlite_url: str, tmp_path: Path) -> None:
    """An answer that comes after we stopped waiting is found again, not repeated."""
    with open_room(ready_sqlite_url, tmp_path, slack_timeout_seconds=1) as room:
        _, channel = room.declare()
        room.slack.break_down(Fault(method="chat.postMessage", channel=channel, delay_seconds=1.3))

        room.ask(RESPONDER, "update slow", channel)
        room.settle()

        assert len(room.slack.calls_of("chat.postMessage", channel=channel)) >= 2
        assert _updates(room, channel) == ["slow"]


@pytest.mark.parametrize("method", leading(1, ["chat.postMessage", "conversations.create"]))
def test_server_error_is_tried_again(own_room: Room, method: str) -> None:
    """A 500 of Slack's costs a moment, and a channel is made once."""
    room = own_room
    room.slack.break_down(Fault(method=method, error="internal_error", status=500, times=2))

    number, channel = room.declare()

    named = [one for one in room.slack.channels.values() if one.name.startswith(f"inc-{number}-")]
    assert len(named) == 1
    assert len(room.slack.posts(channel)) == 1


def test_channel_whose_creation_was_not_answered_is_adopted(own_room: Room) -> None:
    """The name is taken by the channel that we made a moment ago: it is ours."""
    own_room.slack.break_down(Fault(method="conversations.create", loses="answer"))

    number, channel = own_room.declare(text="SEV3 Payouts stuck")

    assert own_room.slack.channels[channel].name == f"inc-{number}-payouts-stuck"
    assert len(own_room.slack.posts(channel)) == 1


@pytest.mark.thorough
def test_channel_is_adopted_where_slacks_clock_is_behind(own_room: Room) -> None:
    """Our clock may be ahead of Slack's by a minute and a half: the channel is ours all the same."""
    slacks = own_room.slack.now
    own_room.slack.now = lambda: slacks() - 90
    own_room.slack.break_down(Fault(method="conversations.create", loses="answer"))

    number, channel = own_room.declare(text="SEV3 Payouts stuck")

    assert own_room.slack.channels[channel].name == f"inc-{number}-payouts-stuck"


def test_name_of_somebody_elses_channel_gets_a_suffix(own_room: Room) -> None:
    """A channel of that name that is not ours is left alone."""
    own_room.slack.add_channel("C0THEIRS", "inc-1-payouts-stuck")

    _, channel = own_room.declare(text="SEV3 Payouts stuck")

    assert own_room.slack.channels[channel].name == "inc-1-payouts-stuck-2"
    assert own_room.slack.posts("C0THEIRS") == []


def test_title_without_latin_letters_still_gets_a_channel(own_room: Room) -> None:
    """A title that leaves no letters for a name does not stop its incident."""
    _, channel = own_room.declare(text="SEV3 支払い障害 💥")

    assert own_room.slack.channels[channel].name.startswith("inc-1-")
    assert "支払い障害 💥" in own_room.card(channel)["text"]


def test_deleted_card_is_posted_anew(own_room: Room) -> None:
    """Somebody deletes the card: the next change posts and pins another, and from then on edits that one."""
    room = own_room
    _, channel = room.declare()
    room.slack.channels[channel].messages.clear()
    room.slack.channels[channel].pins.clear()

    for status in ("investigating", "mitigating"):
        room.ask(RESPONDER, f"status {status}", channel)
        room.settle()

    assert len(room.slack.posts(channel)) == 1
    assert "mitigating" in room.card(channel)["text"]


def test_card_of_an_app_that_is_gone_is_followed_by_one_of_ours(own_room: Room) -> None:
    """The app was deleted in Slack and made again: nobody can edit the old card, so there is one new one."""
    _, channel = own_room.declare()
    own_room.slack.bot = "U0BOTANEW"
    own_room.slack.channels[channel].members.add(own_room.slack.bot)

    with served_again(own_room) as again:
        for status in ("investigating", "mitigating"):
            again.ask(RESPONDER, f"status {status}", channel)
            again.settle()
        (card,) = again.slack.posts(channel)
        waiting = lanes_that_wait(again.app.store.database)

    assert "mitigating" in card["text"]
    assert own_room.slack.channels[channel].pins[-1] == card["ts"]
    assert not any(lane.parked for lane in waiting)


@pytest.mark.thorough
def test_deleted_offer_stops_nothing(own_room: Room) -> None:
    """Somebody deletes the offer of a draft: approving by the verb still works."""
    room = own_room
    _, channel = room.declare(text="SEV4 Typo on the receipt")
    for text in ("role commander me", "resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()
    shown = room.shown_hash(channel)
    room.slack.channels[channel].messages[:] = [room.card(channel)]

    answer = room.ask(COMMANDER, f"approve {shown}", channel)
    room.settle()

    assert answer.startswith("You approved draft 1")
    assert not any(lane.parked for lane in lanes_that_wait(room.app.store.database))


@pytest.mark.thorough
def test_phases_in_one_channel_are_told_in_their_order(own_room: Room) -> None:
    """What waited when the incident was reopened comes before what the next phases say, from one lane."""
    room = own_room
    _, channel = room.declare()
    room.clock.move(hours=1)
    room.slack.is_down = True

    for text in ("update one", "update two", "resolve", "reopen It came back", "update three", "resolve"):
        assert room.ask(COMMANDER, text, channel)
    for text in ("reopen It came back again", "update four"):
        assert room.ask(COMMANDER, text, channel)
    waiting = [one.key for one in lanes_that_wait(room.app.store.database) if one.key.startswith("incident:")]
    room.slack.is_down = False
    room.settle(horizon=timedelta(minutes=10))

    assert len(waiting) == 1
    assert _updates(room, channel) == ["one", "two", "three", "four"]


@pytest.mark.thorough
def test_incident_reopened_before_it_has_a_channel_gets_one(own_room: Room) -> None:
    """Declared, resolved and reopened while Slack is away, it goes on in one channel, not in one a phase."""
    room = own_room
    room.slack.is_down = True
    number = number_in(room.ask(COMMANDER, "declare SEV3 Payouts late"))
    for text in ("resolve", "reopen It came back"):
        room.ask(COMMANDER, f"#{number} {text}")

    room.slack.is_down = False
    room.settle(horizon=timedelta(minutes=10))

    assert len([one for one in room.slack.channels.values() if one.name.startswith(f"inc-{number}-")]) == 1


def test_reopened_incident_of_an_archived_channel_gets_another_one(own_room: Room) -> None:
    """Bots cannot unarchive: a new channel is opened, and the incident goes on there."""
    room = own_room
    number, old = room.declare()
    room.ask(COMMANDER, "resolve", old)
    room.settle()
    room.slack.channels[old].is_archived = True
    room.event({"type": "channel_archive", "channel": old, "user": OTHER, "event_ts": "1772355700.000100"})

    room.ask(COMMANDER, f"#{number} reopen It came back at once")
    room.settle()

    new = room.slack.channel_named(f"inc-{number}-")
    assert new is not None
    assert new.id != old
    assert "investigating" in room.card(new.id)["text"]
    assert room.get("/healthz").json["parked_lanes"] == {}


def test_invitation_that_slack_refuses_harms_nothing(own_room: Room) -> None:
    """Somebody who cannot be invited is not; the incident goes on and nothing is parked."""
    room = own_room
    room.slack.fail("conversations.invite", "user_not_found", times=None)

    _, channel = room.declare()
    room.ask(RESPONDER, f"role scribe <@{OTHER}>", channel)
    room.settle()

    assert "otto" in str(room.card(channel))
    assert room.get("/healthz").json["parked_lanes"] == {}


def test_bot_that_starts_while_slack_is_down_records_all_the_same(own_room: Room) -> None:
    """Commands are taken while Slack answers nothing; the channel follows when it is back."""
    room = own_room
    room.slack.is_down = True

    reply = room.ask(RESPONDER, "declare SEV2 Slack is half gone", HOME)
    room.slack.is_down = False
    room.settle(horizon=timedelta(minutes=10))

    assert "declared: Slack is half gone" in reply
    assert room.slack.channel_named("inc-1-") is not None


def test_rise_in_severity_is_posted_after_many_messages(own_room: Room) -> None:
    """Updates have used up what they may of the first half hour; a rise is a new post all the same, at once."""
    room = own_room
    _, channel = room.declare()
    for count in range(8):
        room.ask(RESPONDER, f"update number {count}", channel)
    room.settle()

    room.ask(COMMANDER, "severity SEV2", channel)
    room.settle()
    told = [post["text"] for post in room.slack.posts(channel)]

    assert sum("Update from" in text for text in told) == 3
    assert told[-1].endswith("SEV2, raised from SEV3: Card payments fail. By cleo")


@pytest.mark.thorough
def test_rise_that_waits_is_on_the_card_and_the_newest_is_told(own_room: Room) -> None:
    """Beyond six messages only the newest rise is posted, after the half hour; until then the card says so."""
    room = own_room
    _, channel = room.declare(text="SEV5 Card payments fail")
    for severity in ("SEV4", "SEV3"):
        room.ask(COMMANDER, f"severity {severity}", channel)
        room.settle()
    for count in range(4):
        room.ask(RESPONDER, f"update number {count}", channel)
    for severity in ("SEV2", "SEV3", "SEV2", "SEV4", "SEV3", "SEV1"):
        room.ask(COMMANDER, f"severity {severity}", channel)
        room.settle()
    early, card = _told(room, channel), str(room.card(channel))

    room.settle(horizon=timedelta(minutes=31))
    late, card_afterwards = _told(room, channel)[len(early) :], str(room.card(channel))

    assert len(early) <= 6
    assert "because this channel has had many messages already: the rise to SEV1 and 3 other messages." in card
    assert sum("raised from" in text for text in late) == 1
    assert any("SEV1, raised from SEV3" in text for text in late)
    assert "many messages already" not in card_afterwards


@pytest.mark.thorough
def test_rise_that_was_taken_back_before_it_was_told_is_not_told(own_room: Room) -> None:
    """While Slack is down the severity rises and falls again: nothing is left that must be noticed."""
    room = own_room
    _, channel = room.declare()
    room.slack.is_down = True
    room.ask(COMMANDER, "severity SEV1", channel)
    room.ask(COMMANDER, "severity SEV3", channel)
    room.slack.is_down = False
    room.settle()

    assert not any("raised from" in text for text in _told(room, channel))
    assert "SEV3" in room.card(channel)["text"]


@pytest.mark.thorough
def test_last_word_that_was_held_back_is_true(own_room: Room) -> None:
    """Ends that were taken back since are not told after the reopening that did it; what still holds is."""
    room = own_room
    number, channel = room.declare(text="SEV5 Card payments fail")
    rises = [f"severity SEV{rank}" for rank in (4, 3, 2, 1)]
    for text in (*rises, "update we watch", "resolve", "reopen back in Odense", "resolve", "reopen back in Aarhus"):
        room.ask(COMMANDER, text, channel)
        room.settle()
    early = len(_told(room, channel))
    room.settle(horizon=timedelta(minutes=31))

    late = _told(room, channel)[early:]
    assert len(late) == 2
    assert any(text.startswith(f"#{number} open again, phase 3 (was resolved) at <!date^") for text in late)
    assert not any(f"#{number} resolved" in text for text in _told(room, channel))
    assert "many messages already" not in str(room.card(channel))


@pytest.mark.thorough
def test_post_that_was_held_back_says_of_when_it_is(own_room: Room) -> None:
    """Posted after the half hour, an update names its time, on each reader's own clock; one in time does not."""
    room = own_room
    _, channel = room.declare()
    for count in range(4):
        room.ask(RESPONDER, f"update number {count}", channel)
    at = int(room.clock.now().timestamp())
    room.settle(horizon=timedelta(minutes=31))

    updates = [post for post in room.slack.posts(channel) if "Update from" in post["text"]]
    assert updates[0]["text"].endswith("Update from remy: number 0")
    assert f"Update from remy at <!date^{at}^" in updates[-1]["text"]
    assert f"Recorded <!date^{at}^" in str(updates[-1]["blocks"])
    assert "posted later" not in str(updates[:-1])


def test_answer_says_when_a_post_that_must_wait_will_come(own_room: Room) -> None:
    """Whoever sends an update or asks for a draft in a busy first half hour reads when, on their own clock, and why."""
    room = own_room
    _, channel = room.declare(text="SEV4 Card payments fail")
    ends = int(START.timestamp()) + 30 * 60
    updates = [room.ask(RESPONDER, f"update number {count}", channel) for count in range(4)]
    for text in ("severity SEV3", "severity SEV2", "resolve"):
        room.ask(COMMANDER, text, channel)
        room.settle()
    draft = room.ask(COMMANDER, "draft", channel)
    room.settle(horizon=timedelta(minutes=31))

    waits = f"at <!date^{ends}^{{time}} {{date_short}}|2026-03-01 09:30 UTC>, because the channel has had many messages"
    assert [update.endswith("will be posted.") for update in updates] == [True, True, True, False]
    assert f"will be posted {waits} already." in updates[-1]
    assert f"it is offered here {waits} already." in draft


def test_update_that_was_corrected_while_it_was_held_is_told_as_it_is_right(own_room: Room) -> None:
    """Of an update and its corrections only the newest words are posted."""
    room = own_room
    number, channel = room.declare()
    for text in ("update 1", "update 2", "update 3", "update with a tpyo"):
        room.ask(RESPONDER, text, channel)
    label = next(line.split("`")[1] for line in room.timeline(RESPONDER, number) if "tpyo" in line)
    for text in ("with a typo", "without one"):
        room.clock.move(seconds=1)
        room.ask(RESPONDER, f"correct {label} {text}", channel)
    room.settle(horizon=timedelta(minutes=31))

    told = [text for text in _told(room, channel) if "tpyo" in text or "corrected" in text]
    assert [text.rpartition(": ")[2] for text in told] == ["without one"]


@pytest.mark.thorough
def test_document_that_somebody_waits_for_and_its_voiding_are_not_held(own_room: Room) -> None:
    """With three messages left the draft is offered at once, and that its approval no longer holds is the sixth."""
    room = own_room
    _, channel = room.declare()
    room.ask(COMMANDER, "role commander me", channel)
    room.ask(RESPONDER, "update all cards fail", channel)
    for text in ("resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()
    approved = room.ask(COMMANDER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "milestone detection 5m ago", channel)
    room.settle()

    told = _told(room, channel)
    assert approved.startswith("You approved draft 1")
    assert len(told) == 6
    assert "The approval of draft 1 no longer holds" in told[-1]


def _told(room: Room, channel: str) -> list[str]:
    """What was posted in a channel, in order."""
    return [str(post["text"]) for post in room.slack.posts(channel)]
