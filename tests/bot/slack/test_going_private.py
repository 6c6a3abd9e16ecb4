"""Private means private: what was public leaves its channel, and nothing of it is shown there ever after."""

import json
import time
from functools import partial

import pytest
from sqlalchemy import select, update

from analysis.events import EventKind
from analysis.people import Person
from bot.ports.records import DeliveryKind
from bot.store.record.tables import DELIVERY
from bot.usecases.incident.channels import LinkChannel, link_channel
from tests.effort import leading
from tests.erasing import erase_field
from tests.fake_slack import Fault
from tests.fake_slack_methods import Channel, carry_out_shares
from tests.slack_room import COMMANDER, OPERATIONS, OTHER, RESPONDER, Room, number_in

SECRET = "Payout file leaked"
ELSEWHERE = "This incident is continued elsewhere. Ask cleo."
#: Every call by which an incident leaves its channel and comes into the next, once its answer is lost.
CALLS = (
    "conversations.create",
    "conversations.invite",
    "conversations.rename",
    "conversations.setTopic",
    "chat.postMessage",
    "chat.update",
    "pins.add",
)


def _declared(room: Room, text: str = f"SEV3 {SECRET}") -> tuple[int, Channel]:
    number, channel = room.declare(text=text)
    return number, room.slack.channels[channel]


def _go_private(room: Room, number: int) -> Channel:
    """Make it private and return the channel that it is in then."""
    reply = room.ask(COMMANDER, f"#{number} private")
    assert reply.startswith(f"#{number} is private and goes on in a new private channel"), reply
    room.settle()
    return _channel(room, number)


def _channel(room: Room, number: int) -> Channel:
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
    assert incident is not None
    assert incident.channel_id is not None
    return room.slack.channels[incident.channel_id]


def _everything(channel: Channel) -> str:
    """All that anybody can read of a channel, its name and topic too."""
    return json.dumps([channel.name, channel.topic, channel.messages], ensure_ascii=False).lower()


def _sentences(room: Room, channel: Channel) -> list[str]:
    return [str(message["text"]) for message in room.slack.posts(channel.id)]


def test_incident_goes_on_in_a_private_channel_and_empties_the_old_one(room: Room) -> None:
    """Card, announcements, topic and name show nothing any more; one sentence says whom to ask."""
    number, old = _declared(room)
    room.ask(RESPONDER, f"#{number} update {SECRET} to everybody")
    room.ask(RESPONDER, f"#{number} role scribe <@{OTHER}>")
    room.settle()
    before = _everything(old)

    new = _go_private(room, number)

    assert "payout" in before
    assert "payout" not in _everything(old)
    assert (old.name, old.topic) == (f"inc-{number}-moved", "")
    assert _sentences(room, old).count(ELSEWHERE) == 1
    assert set(_sentences(room, old)) == {ELSEWHERE, "This incident is continued elsewhere."}
    assert new.is_private
    assert {COMMANDER, RESPONDER, OTHER} <= new.members
    assert SECRET in str(room.card(new.id))
    assert new.topic.endswith(SECRET)


@pytest.mark.thorough
def test_private_channel_has_a_first_half_hour_of_its_own(quick_room: Room) -> None:
    """What the channel that was left has had does not keep the new one waiting."""
    number, old = _declared(quick_room)
    for count in range(5):
        quick_room.ask(RESPONDER, f"#{number} update number {count}")
    quick_room.settle()

    new = _go_private(quick_room, number)
    quick_room.join(COMMANDER, new.id)
    answer = quick_room.ask(RESPONDER, f"#{number} update {SECRET} to us")
    for text in ("resolve", "draft"):
        quick_room.ask(COMMANDER, f"#{number} {text}")
    quick_room.settle()

    assert len(_sentences(quick_room, old)) == 5
    assert answer.endswith("will be posted.")
    assert "to us" in _everything(new)
    assert f"Postmortem #{number}, draft 1" in str(quick_room.slack.posts(new.id))


def test_message_of_a_version_that_kept_no_channel_is_emptied_too(room: Room) -> None:
    """Earlier versions stored only when a message was posted: it is looked for in the channel that is left."""
    number, old = _declared(room)
    room.ask(RESPONDER, f"#{number} update {SECRET} to everybody")
    room.settle()
    of_it = DELIVERY.c.incident_id == room.events(number)[0].incident_id
    posted = of_it & (DELIVERY.c.kind == DeliveryKind.ANNOUNCE.value)
    with room.app.store.database.write_engine.begin() as connection:
        (kept,) = [json.loads(one) for one in connection.execute(select(DELIVERY.c.result).where(posted)).scalars()]
        connection.execute(update(DELIVERY).where(posted).values(result=json.dumps({"ts": kept["ts"]})))
    before = _everything(old)

    _go_private(room, number)

    assert kept["channel"] == old.id
    assert "to everybody" in before
    assert "payout" not in _everything(old)


def test_old_channel_is_no_incident_channel_any_more(quick_room: Room) -> None:
    """Commands and marks there are those of any channel, and its members do not see the incident."""
    number, old = _declared(quick_room)
    quick_room.join(OTHER, old.id)
    before = quick_room.ask(OTHER, "status", old.id)
    said = quick_room.slack.say(old.id, OTHER, "I know what it is about")
    _go_private(quick_room, number)
    facts = quick_room.facts(number)

    inside, outside = (quick_room.ask(user, "status", old.id) for user in (RESPONDER, OTHER))
    quick_room.react(OTHER, old.id, said)
    quick_room.react(RESPONDER, old.id, said)

    assert before.startswith(f"#{number} ")
    assert inside == outside
    assert inside.startswith("This is not an incident channel.")
    assert quick_room.ask(OTHER, f"#{number} status").startswith("There is no incident")
    assert quick_room.ask(RESPONDER, f"#{number} status").startswith(f"#{number} ")
    assert quick_room.facts(number) == facts


def test_offer_and_document_in_the_old_channel_are_taken_back(quick_room: Room) -> None:
    """Neither the document nor its file stays where everybody reads it; the next draft is offered in private."""
    number, old = _declared(quick_room)
    for text in ("resolve", "draft"):
        quick_room.ask(COMMANDER, f"#{number} {text}")
    quick_room.settle()
    files = [file for message in quick_room.slack.posts(old.id) for file in message.get("files", ())]

    new = _go_private(quick_room, number)
    quick_room.join(COMMANDER, new.id)
    quick_room.ask(COMMANDER, f"#{number} draft")
    quick_room.settle()

    assert len(files) == 1
    assert "payout" not in _everything(old)
    assert [file["id"] for file in files if file["id"] in quick_room.slack.files] == []
    assert f"Postmortem #{number}, draft 2" in str(quick_room.slack.posts(new.id))
    assert "draft 2" not in _everything(old)


@pytest.mark.thorough
def test_document_that_was_being_shared_in_the_old_channel_is_shared_in_the_new_one(quick_room: Room) -> None:
    """Left between the share and the sight of the file, the old channel loses it; people read it in the new one."""
    number, old = _declared(quick_room)
    for place in range(20):
        quick_room.ask(RESPONDER, f"#{number} note {place} {SECRET} " + "and a word more " * 50)
    for text in ("resolve", "draft"):
        quick_room.ask(COMMANDER, f"#{number} {text}")
    quick_room.slack.break_down(
        Fault(
            method="conversations.history", channel=old.id, times=None, error="ratelimited", status=429, retry_after=1
        )
    )
    shared = quick_room.wait_for("the share", lambda: _go_on(quick_room) or _shared_in(quick_room, old))
    quick_room.ask(COMMANDER, f"#{number} private")
    time.sleep(0.3)  # whoever was looking in the old channel has been refused by now, and nobody looks there again
    quick_room.slack.heal()
    quick_room.settle()
    new = _channel(quick_room, number)

    assert len(shared) == 1
    assert shared[0] not in quick_room.slack.files
    assert len(_shared_in(quick_room, new)) == 1
    assert "payout" not in _everything(old)


@pytest.mark.parametrize("method", leading(2, CALLS))
def test_lost_answer_shows_nothing_and_leaves_nothing_out(quick_room: Room, method: str) -> None:
    """Whichever call has to be repeated, the old channel is empty, told once, and the new one complete."""
    number, old = _declared(quick_room)
    quick_room.slack.break_down(Fault(method=method, loses="answer"))

    new = _go_private(quick_room, number)

    assert "payout" not in _everything(old)
    assert _sentences(quick_room, old).count(ELSEWHERE) == 1
    assert {COMMANDER, RESPONDER} <= new.members
    assert [SECRET in str(quick_room.card(new.id)), len(quick_room.slack.posts(new.id))] == [True, 1]
    named = [one for one in quick_room.slack.channels.values() if one.name.startswith(f"inc-{number}-")]
    assert [one for one in named if not one.is_private] == [old]


def test_what_waited_for_the_old_channel_is_posted_in_the_new_one(quick_room: Room) -> None:
    """Deliveries are rendered when they are sent: one queued while it was public goes where it is by then."""
    number, old = _declared(quick_room)
    quick_room.slack.rate_limit("chat.postMessage", 30, channel=old.id)
    _announce(quick_room, number)
    quick_room.wait_for("the refusal", lambda: quick_room.slack.calls_of("chat.postMessage", channel=old.id)[1:])

    new = _go_private(quick_room, number)

    assert "to everybody" not in _everything(old)
    assert "to everybody" in _everything(new)


def test_post_that_was_on_its_way_is_taken_back(quick_room: Room) -> None:
    """A post that Slack takes only after the commit is emptied as soon as its answer is there."""
    number, old = _declared(quick_room)
    quick_room.hold(Fault(method="chat.postMessage", channel=old.id), lambda: _update(quick_room, number))

    _go_private(quick_room, number)

    assert "payout" not in _everything(old)
    assert len(_sentences(quick_room, old)) == 3


@pytest.mark.thorough
def test_post_whose_answer_was_lost_is_taken_back(quick_room: Room) -> None:
    """Where nobody knows whether a post arrived, the old channel is looked through before it is posted elsewhere."""
    number, old = _declared(quick_room)
    lost = Fault(method="chat.postMessage", channel=old.id, loses="answer")
    quick_room.hold(lost, lambda: _update(quick_room, number))

    new = _go_private(quick_room, number)

    assert "payout" not in _everything(old)
    assert "to everybody" in _everything(new)


@pytest.mark.thorough
def test_channel_that_was_being_made_public_is_left(quick_room: Room) -> None:
    """Made private while Slack made the channel, it goes on in another; the first one says nothing."""
    answers: list[str] = []
    declare = partial(quick_room.ask, COMMANDER, f"declare SEV3 {SECRET}")
    quick_room.hold(Fault(method="conversations.create"), lambda: answers.append(declare()))
    number = number_in(answers[0])
    quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.settle()

    new = _channel(quick_room, number)
    old = next(one for one in quick_room.slack.channels.values() if one.name == f"inc-{number}-moved")
    assert (new.is_private, old.is_private) == (True, False)
    assert "payout" not in _everything(old)
    assert SECRET in str(quick_room.card(new.id))
    assert len(quick_room.slack.posts(new.id)) == 1


def test_incident_made_private_before_its_channel_exists_never_had_a_public_one(quick_room: Room) -> None:
    """The channel is made as the incident is by then, with all in it who may know of it."""
    quick_room.slack.is_down = True
    number = number_in(quick_room.ask(RESPONDER, f"declare SEV3 {SECRET}"))
    quick_room.ask(RESPONDER, f"#{number} role commander <@{COMMANDER}>")
    quick_room.ask(RESPONDER, f"#{number} role scribe <@{OTHER}>")
    reply = quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.wait_for("the refusal", lambda: not _is_sending(quick_room))
    quick_room.slack.is_down = False
    quick_room.settle()

    new = _channel(quick_room, number)
    created = [one for one in quick_room.slack.channels.values() if one.name.startswith(f"inc-{number}-")]
    assert reply.startswith(f"#{number} is now private")
    assert (created, new.is_private) == ([new], True)
    assert {COMMANDER, RESPONDER, OTHER} <= new.members


def test_whoever_lost_the_role_before_it_was_private_is_not_invited_late(quick_room: Room) -> None:
    """An invitation that waited while Slack was away is sent to who may know of it by then, and to nobody else."""
    quick_room.slack.is_down = True
    number = number_in(quick_room.ask(RESPONDER, f"declare SEV3 {SECRET}"))
    for text in (f"role commander <@{COMMANDER}>", f"role scribe <@{OTHER}>", "role scribe none"):
        quick_room.ask(RESPONDER, f"#{number} {text}")
    quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.wait_for("the refusal", lambda: not _is_sending(quick_room))
    quick_room.slack.is_down = False
    quick_room.settle()

    members = _channel(quick_room, number).members

    assert OTHER not in members
    assert {COMMANDER, RESPONDER} <= members


def test_incident_that_is_public_again_stays_in_its_private_channel(quick_room: Room) -> None:
    """Everybody may see it by command; nothing moves, neither then nor when it becomes private once more."""
    number, _ = _declared(quick_room)
    new = _go_private(quick_room, number)
    quick_room.join(COMMANDER, new.id)

    reply = quick_room.ask(COMMANDER, f"#{number} public confirm")
    seen = quick_room.ask(OTHER, f"#{number} status")
    again = quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.settle()

    assert reply == f"#{number} is now public: everybody may see it by command. It stays in its private channel."
    assert seen.startswith(f"#{number} ")
    assert again.startswith(f"#{number} is now private:")
    assert _channel(quick_room, number) is new


@pytest.mark.thorough
def test_second_public_phase_is_left_like_the_first(quick_room: Room) -> None:
    """Public again and reopened elsewhere, it has a public channel again, and leaves that one too."""
    number, first = _declared(quick_room)
    new = _go_private(quick_room, number)
    quick_room.join(COMMANDER, new.id)
    for text in ("public confirm", "resolve"):
        quick_room.ask(COMMANDER, f"#{number} {text}")
    quick_room.settle()
    new.is_archived = True
    quick_room.event({"type": "group_archive", "channel": new.id, "user": COMMANDER, "event_ts": "1772355700.000100"})
    quick_room.ask(COMMANDER, f"#{number} reopen {SECRET} once more")
    quick_room.settle()
    second = _channel(quick_room, number)

    third = _go_private(quick_room, number)

    assert (second.is_private, third.is_private) == (False, True)
    assert "payout" not in _everything(first) + _everything(second)
    assert SECRET in str(quick_room.card(third.id))


def test_channel_that_a_person_made_private_is_kept(quick_room: Room) -> None:
    """What Slack says of a conversion is on record, so the incident may stay where it is."""
    number, old = _declared(quick_room)
    quick_room.join(COMMANDER, old.id)
    old.is_private = True
    quick_room.event(_converted(old, "private", "1772355700.000100"))

    reply = quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.ask(COMMANDER, f"#{number} update {SECRET} to us")
    quick_room.settle()

    assert reply.startswith(f"#{number} is now private:")
    assert _channel(quick_room, number) is old
    assert "to us" in _everything(old)


def test_private_channel_that_a_person_opens_is_left(quick_room: Room) -> None:
    """A conversion to public exposes a private incident, so it leaves; one that Slack tells late changes nothing."""
    number, _ = _declared(quick_room)
    new = _go_private(quick_room, number)
    new.is_private = False

    quick_room.event(_converted(new, "public", "1772355700.000200"))
    quick_room.event(_converted(new, "private", "1772355700.000100"))
    quick_room.settle()

    assert "payout" not in _everything(new)
    assert _channel(quick_room, number).is_private


def test_conversion_that_was_overtaken_does_not_count(quick_room: Room) -> None:
    """Delivered out of order, the later of two conversions decides."""
    number, old = _declared(quick_room)

    quick_room.event(_converted(old, "public", "1772355700.000200"))
    quick_room.event(_converted(old, "private", "1772355700.000100"))
    new = _go_private(quick_room, number)

    assert new is not old
    assert "payout" not in _everything(old)


def test_private_incident_is_silent_where_nothing_says_that_its_channel_is_private(quick_room: Room) -> None:
    """A channel of which the record does not say that it is private gets nothing; saying it again moves on."""
    quick_room.slack.fail("conversations.create", "internal_error", times=1)
    number = number_in(quick_room.ask(COMMANDER, f"declare SEV3 private: {SECRET}"))
    old = quick_room.slack.add_channel(f"C0OLD{number}", f"old-{number}")
    linked = LinkChannel(
        person=Person(id="debrief"),
        workspace_id=quick_room.app.workspace_id,
        natural_key=f"earlier:{number}",
        number=number,
        channel=old.id,
        channel_name=old.name,
    )
    quick_room.app.store.writer.submit(link_channel, linked).result()
    quick_room.settle()
    silent = _everything(old)
    sentence = f"Nothing more of #{number} can be sent to Slack: the record does not say that its channel is private"
    quick_room.wait_for("the note", lambda: _told_operator(quick_room, sentence))
    parked = quick_room.get("/healthz").json["parked_lanes"]

    new = _go_private(quick_room, number)

    assert "payout" not in silent
    assert parked
    assert f"#{number}" not in str(parked)
    assert new.is_private
    assert SECRET in str(quick_room.card(new.id))


def test_archived_channel_is_emptied_once_it_is_open_again(quick_room: Room) -> None:
    """Slack changes nothing in an archived channel: who asks is told so, and resuming the lane empties it."""
    number, old = _declared(quick_room)
    old.is_archived = True
    quick_room.event({"type": "channel_archive", "channel": old.id, "user": COMMANDER, "event_ts": "1772355700.000100"})

    reply = quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.settle()
    still = _everything(old)
    old.is_archived = False
    quick_room.app.store.outbox.resume(f"leave:{old.id}")
    quick_room.settle()

    assert f"unarchive it, then run `debrief lanes resume leave:{old.id}`" in reply
    assert "payout" in still
    assert "payout" not in _everything(old)
    assert _channel(quick_room, number).is_private


@pytest.mark.parametrize("converts", [False, True], ids=["left", "kept"])
def test_channel_of_an_earlier_phase_is_emptied_too(quick_room: Room, *, converts: bool) -> None:
    """What everybody could read before the reopening goes, whether or not the channel of now is left."""
    number, old = _declared(quick_room)
    quick_room.ask(COMMANDER, f"#{number} resolve")
    quick_room.draft(COMMANDER, text=f"#{number} draft")
    quick_room.settle()
    _archive(quick_room, old, "channel_archive", at="1772355700.000100")
    quick_room.ask(COMMANDER, f"#{number} reopen It came back")
    quick_room.settle()
    second = _channel(quick_room, number)
    if converts:
        second.is_private = True
        converted = {"type": "message", "subtype": "channel_convert_to_private", "channel": second.id}
        quick_room.event({**converted, "user": COMMANDER, "ts": "1772355800.000100", "event_ts": "1772355800.000100"})
        quick_room.join(COMMANDER, second.id)
    before = _everything(old)

    reply = quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.settle()
    _archive(quick_room, old, "channel_unarchive", at="1772355900.000100")
    quick_room.app.store.outbox.resume(f"leave:{old.id}")
    quick_room.settle()
    quick_room.join(COMMANDER, _channel(quick_room, number).id)
    again = quick_room.ask(COMMANDER, f"#{number} private")

    assert f"unarchive it, then run `debrief lanes resume leave:{old.id}`" in reply
    assert "payout" in before
    assert "payout" not in _everything(old)
    assert old.name.startswith(f"inc-{number}-moved")
    assert _sentences(quick_room, old).count(ELSEWHERE) == 1
    assert (_channel(quick_room, number) is second) is converts
    assert again == f"#{number} is already private."


def test_channel_of_an_earlier_phase_is_emptied_after_its_title_was_erased(quick_room: Room) -> None:
    """Erasing a title erases which channels were linked; that one was archived is known, and is enough."""
    number, old = _declared(quick_room)
    quick_room.ask(COMMANDER, f"#{number} update Forty merchants wait for payouts")
    quick_room.ask(COMMANDER, f"#{number} resolve")
    quick_room.settle()
    _archive(quick_room, old, "channel_archive", at="1772355700.000100")
    quick_room.ask(COMMANDER, f"#{number} reopen It came back")
    quick_room.settle()
    erase_field(quick_room, number, 1)
    quick_room.settle()

    reply = quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.settle()
    _archive(quick_room, old, "channel_unarchive", at="1772355900.000100")
    quick_room.app.store.outbox.resume(f"leave:{old.id}")
    quick_room.settle()
    quick_room.join(COMMANDER, _channel(quick_room, number).id)

    assert f"unarchive it, then run `debrief lanes resume leave:{old.id}`" in reply
    assert "forty merchants" not in _everything(old)
    assert _sentences(quick_room, old).count(ELSEWHERE) == 1
    assert quick_room.ask(COMMANDER, f"#{number} private") == f"#{number} is already private."


def test_person_who_cannot_be_invited_keeps_nobody_else_out(quick_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack refuses one of those who know of it, such as a closed account: all others are in its private channel."""
    number, _ = _declared(quick_room)
    quick_room.ask(RESPONDER, f"#{number} role scribe <@{OTHER}>")
    quick_room.settle()
    monkeypatch.setitem(quick_room.slack.users, OTHER, {**quick_room.slack.users[OTHER], "is_ultra_restricted": True})

    new = _go_private(quick_room, number)
    sentence = f"One message of #{number} was not sent (invite): Slack answered user_is_ultra_restricted."
    quick_room.wait_for("the note", lambda: _told_operator(quick_room, sentence))

    assert new.members == {quick_room.slack.bot, COMMANDER, RESPONDER}
    assert SECRET in str(quick_room.card(new.id))


def test_whoever_would_lose_sight_of_it_is_refused(quick_room: Room) -> None:
    """Who is in the private channel of a public incident by nothing but that must stay able to see it."""
    number, _ = _declared(quick_room)
    _go_private(quick_room, number)
    quick_room.ask(RESPONDER, f"#{number} role commander <@{COMMANDER}>")
    quick_room.ask(COMMANDER, f"#{number} public confirm")
    quick_room.ask(RESPONDER, f"#{number} role commander none")

    refused = quick_room.ask(COMMANDER, f"#{number} private")

    assert refused.startswith(f"You would not see #{number} any more.")


def test_leaving_is_on_record_and_verifies(quick_room: Room) -> None:
    """The chain says which channel was left, and the incident's own row agrees with it."""
    number, old = _declared(quick_room)
    _go_private(quick_room, number)

    left = [event.payload for event in quick_room.events(number) if event.kind is EventKind.CHANNEL_LEFT]

    assert left == [{"channel": old.id}]


def _archive(room: Room, channel: Channel, kind: str, *, at: str) -> None:
    """Let somebody archive or unarchive it, and tell of it."""
    channel.is_archived = kind == "channel_archive"
    room.event({"type": kind, "channel": channel.id, "user": COMMANDER, "event_ts": at})


def _told_operator(room: Room, sentence: str) -> bool:
    room.settle()
    return sentence in str(room.slack.posts(OPERATIONS))


def _converted(channel: Channel, to: str, at: str) -> dict[str, str]:
    subtype = f"channel_convert_to_{to}"
    return {"type": "message", "subtype": subtype, "user": COMMANDER, "channel": channel.id, "ts": at, "event_ts": at}


def _is_sending(room: Room) -> bool:
    return bool(room.app.store.lane_report()["deliveries"]["sending"])


def _update(room: Room, number: int) -> None:
    room.ask(RESPONDER, f"#{number} update {SECRET} to everybody")


def _announce(room: Room, number: int) -> None:
    """Have an update sent now: what is before it in the lane is waited for, and no rest is kept."""
    edits = len(room.slack.calls_of("chat.update"))
    _update(room, number)
    _go_on(room)
    room.wait_for("the card", lambda: len(room.slack.calls_of("chat.update")) > edits)
    room.wait_for("its end", lambda: not _is_sending(room))
    _go_on(room)


def _go_on(room: Room) -> None:
    room.clock.move(seconds=2)
    room.app.dispatcher.wake()
    with room.slack.lock:
        carry_out_shares(room.slack)


def _shared_in(room: Room, channel: Channel) -> list[str]:
    return [str(file["id"]) for message in room.slack.posts(channel.id) for file in message.get("files", ())]
