"""Messages on the timeline: marks, their removal, threads, edits, deletions, in whatever order Slack tells of them."""

from datetime import timedelta

import pytest

from bot.store.delivery.waiting import lanes_that_wait
from tests import slack_requests as requests
from tests.effort import leading, thinned
from tests.slack_room import APPROVER, COMMANDER, GONE, GUEST, HOME, OTHER, RESPONDER, Room


def test_mark_puts_the_message_on_the_timeline_as_its_author_said_it(room: Room) -> None:
    """One reaction makes the exact text a line, by its author and at its own time."""
    number, channel = room.declare()
    room.clock.move(minutes=3)
    ts = room.slack.say(channel, OTHER, "The queue &gt; 5,000 &amp; growing")
    room.clock.move(minutes=3)

    room.react(RESPONDER, channel, ts)
    room.settle()

    line = room.timeline(RESPONDER, number)[-1]
    assert line.endswith("otto: The queue &gt; 5,000 &amp; growing")
    assert f"<!date^{int(float(ts))}^" in line


@pytest.mark.parametrize(
    ("emoji", "lines"),
    thinned([("pushpin", 1), ("stopwatch", 1), ("pushpin::skin-tone-4", 1), ("eyes", 0), ("+1", 0)], every=3),
)
def test_only_configured_emoji_mark(quick_room: Room, emoji: str, lines: int) -> None:
    """Other reactions leave the record as it is."""
    number, channel = quick_room.declare()
    ts = quick_room.slack.say(channel, OTHER, "The queue grows")

    quick_room.react(RESPONDER, channel, ts, emoji=emoji)
    quick_room.settle()

    assert len(_lines(quick_room, number, "The queue grows")) == lines


def test_marks_of_many_people_are_one_line(room: Room) -> None:
    """Three people pin one message: one line, and Slack is read once."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")
    reads = len(room.slack.calls_of("conversations.replies"))

    for user in (RESPONDER, COMMANDER, APPROVER):
        room.react(user, channel, ts)
        room.settle()

    assert len(_lines(room, number, "The queue grows")) == 1
    assert len(room.slack.calls_of("conversations.replies")) == reads + 1


def test_line_stays_until_the_last_mark_is_taken_back(room: Room) -> None:
    """A message leaves the timeline when nobody marks it any more, and comes back with the next mark."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")
    seen = []

    for user, is_on in ((RESPONDER, True), (COMMANDER, True), (RESPONDER, False), (COMMANDER, False), (OTHER, True)):
        room.react(user, channel, ts, is_on=is_on)
        room.settle()
        seen.append(len(_lines(room, number, "The queue grows")))

    assert seen == [1, 1, 1, 0, 1]


def test_message_is_promoted_as_a_whole_until_that_is_taken_back(room: Room) -> None:
    """Also where a mark that comes late, from before it was edited, lets it begin with an earlier text."""
    number, channel = room.declare()
    ts, early = room.slack.say(channel, OTHER, "The queue grows"), room.slack.next_ts()
    room.edit(channel, ts, "The queue has grown")
    room.react(RESPONDER, channel, ts)
    room.settle()
    label, seen = room.timeline(RESPONDER, number)[-1].split("`")[1], []

    room.ask(RESPONDER, f"promote {label} as cause", channel)
    seen.append(_lines(room, number, "The queue has grown"))
    room.react(COMMANDER, channel, ts, at=early)
    room.settle()
    seen.append(_lines(room, number, "The queue has grown"))
    said = room.ask(OTHER, f"unpromote {label} as cause", channel)
    seen.append(_lines(room, number, "The queue has grown"))

    assert ["cause" in line for (line,) in seen] == [True, True, False]
    assert said.startswith(f"#{number}: {label} is no longer promoted")


def test_mark_on_a_thread_reply_records_exactly_the_reply(room: Room) -> None:
    """Neither the thread's root nor another reply is taken for it."""
    number, channel = room.declare()
    root = room.slack.say(channel, OTHER, "Where are we")
    room.slack.say(channel, OTHER, "Looking", thread=root)
    reply = room.slack.say(channel, OTHER, "The export hangs", thread=root)

    room.react(RESPONDER, channel, reply)
    room.settle()

    assert len(_lines(room, number, "The export hangs")) == 1
    assert not _lines(room, number, "Where are we")
    assert not _lines(room, number, "Looking")


def test_message_that_cannot_be_read_is_refused_to_who_marked_it(room: Room) -> None:
    """A marked message that is gone becomes no line; who marked it is told, and what to do."""
    number, channel = room.declare()
    room.slack.channels[channel].members.add(RESPONDER)

    room.react(RESPONDER, channel, "1772355600.424242")
    room.settle()

    assert room.slack.ephemerals(RESPONDER)[-1].startswith("I could not read that exact message")
    assert not [event for event in room.events(number) if event.kind == "message"]


def test_marker_who_has_left_is_told_nothing_and_stops_nobody(room: Room) -> None:
    """Where who marked a message is no longer in the channel, the refusal is dropped and the lane goes on."""
    _, channel = room.declare()
    before = [lane.key for lane in lanes_that_wait(room.app.store.database) if lane.parked]

    room.react(OTHER, channel, "1772355600.525252")
    room.settle()

    assert OTHER not in room.slack.channels[channel].members
    assert [lane.key for lane in lanes_that_wait(room.app.store.database) if lane.parked] == before


@pytest.mark.parametrize(
    "error", leading(2, ["missing_scope", "channel_not_found", "not_in_channel", "thread_not_found"])
)
def test_message_that_slack_refuses_to_show_stops_nobody(room: Room, error: str) -> None:
    """Who marked it hears that its text is missing; the next one is read as ever, and no lane waits."""
    number, channel = room.declare()
    room.slack.channels[channel].members.add(RESPONDER)
    refused, read = room.slack.say(channel, OTHER, "The queue grows"), room.slack.say(channel, OTHER, "It shrinks")
    room.slack.fail("conversations.replies", error)

    for ts in (refused, read):
        room.react(RESPONDER, channel, ts)
        room.settle()

    assert room.slack.ephemerals(RESPONDER)[-1].startswith("I could not read that exact message")
    assert _lines(room, number, "It shrinks")
    assert f"read:{channel}" not in room.get("/healthz").json["parked_lanes"]


def test_edit_is_a_revision_and_the_first_text_stays_in_the_record(room: Room) -> None:
    """The line shows the new text, marked as edited; the ledger has both."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "It was the cache")
    room.react(RESPONDER, channel, ts)
    room.settle()
    room.clock.move(seconds=2)

    room.edit(channel, ts, "It was the queue")

    assert _lines(room, number, "It was the queue (edited)")
    assert not _lines(room, number, "It was the cache")
    assert [event.text for event in room.events(number) if event.kind == "message"] == [
        "It was the cache",
        "It was the queue",
    ]


@pytest.mark.parametrize("leaves_tombstone", [False, True], ids=["deleted", "tombstone"])
def test_deletion_leaves_a_tombstone(room: Room, *, leaves_tombstone: bool) -> None:
    """A deleted message is a line that says so, also where Slack keeps a tombstone for its replies."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "It was the cache")
    room.react(RESPONDER, channel, ts)
    room.settle()
    before = room.slack.find_message(channel, ts)

    if leaves_tombstone:
        changed = requests.edit(channel, before, "This message was deleted.", at=room.slack.next_ts())
        tombstone = {"type": "message", "subtype": "tombstone", "ts": ts, "user": "USLACKBOT", "hidden": True}
        room.event({**changed, "message": {**tombstone, "text": "This message was deleted."}})
    else:
        room.delete(channel, ts)

    assert _lines(room, number, "a message that its author deleted in Slack afterwards")
    assert not _lines(room, number, "It was the cache")


def test_edit_that_overtakes_the_mark_gives_the_same_line(room: Room) -> None:
    """An edit that Slack tells of before the mark that preceded it is not lost."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "It was the cache")
    marked_at = room.slack.next_ts()
    room.clock.move(seconds=2)
    edited_at = room.slack.next_ts()

    room.edit(channel, ts, "It was the queue", at=edited_at)
    room.react(RESPONDER, channel, ts, at=marked_at)
    room.settle()

    assert _lines(room, number, "It was the queue (edited)")


def test_messages_nobody_marks_are_not_stored(room: Room) -> None:
    """Chat, its edits and its deletion leave nothing in the incident's record."""
    number, channel = room.declare()
    before = room.facts(number)
    ts = room.slack.say(channel, OTHER, "Lunch anyone")

    room.event({"type": "message", "channel": channel, "user": OTHER, "text": "Lunch anyone", "ts": ts})
    room.edit(channel, ts, "Dinner anyone")
    room.delete(channel, ts)

    assert room.facts(number) == before


def test_unfurled_link_is_no_edit(room: Room) -> None:
    """Slack changes a message when it unfurls a link in it; its text did not change."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "See <https://status.example>")
    room.react(RESPONDER, channel, ts)
    room.settle()
    message, before = room.slack.find_message(channel, ts), room.facts(number)

    changed = {"type": "message", "subtype": "message_changed", "channel": channel, "event_ts": room.slack.next_ts()}
    room.event({**changed, "message": {**message, "attachments": [{"id": 1}]}, "previous_message": message})

    assert room.facts(number) == before


@pytest.mark.parametrize("repeat", ["same delivery", "another delivery"])
def test_event_delivered_again_has_one_effect(room: Room, repeat: str) -> None:
    """A retry of Slack, or the same reaction under another id, adds nothing."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")
    mark = requests.reaction(RESPONDER, channel, ts)
    event_id = f"Ev{next(room.slack.numbers)}X"
    room.event(mark, event_id=event_id)
    room.settle()
    before = room.facts(number)

    again = event_id if repeat == "same delivery" else f"{event_id}2"
    answers = [room.event(mark, event_id=again, retry=count).status for count in (1, 2)]
    room.settle()

    assert answers == [200, 200]
    assert room.facts(number) == before


def test_first_delivery_that_is_a_retry_is_recorded(room: Room) -> None:
    """A retry whose first attempt never arrived is not dropped."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")

    room.event(requests.reaction(RESPONDER, channel, ts), retry=3)
    room.settle()

    assert _lines(room, number, "The queue grows")


@pytest.mark.parametrize("user", leading(1, [GUEST, GONE, "U0BOT"]), ids=["guest", "deactivated", "bot"])
def test_marks_of_who_may_not_record_are_ignored(quick_room: Room, user: str) -> None:
    """Such a reaction is acknowledged, so that Slack stops sending it, and changes nothing."""
    number, channel = quick_room.declare()
    ts, before = quick_room.slack.say(channel, OTHER, "The queue grows"), quick_room.facts(number)

    answer = quick_room.react(user, channel, ts)

    assert answer.status == 200
    assert quick_room.facts(number) == before


def test_mark_of_somebody_new_is_asked_for_again(room: Room) -> None:
    """Slack is told to come back, and by then the person is known."""
    number, channel = room.declare()
    ts, user = room.slack.say(channel, OTHER, "The queue grows"), f"U0NEWER{next(room.slack.numbers)}"
    room.slack.add_user(user, "nora")
    mark = requests.reaction(user, channel, ts)

    first = room.event(mark, event_id=f"Ev{user}")
    room.wait_for("the look-up", lambda: room.app.directory.is_known(user))
    second = room.event(mark, event_id=f"Ev{user}", retry=1)
    room.settle()

    assert (first.status, second.status) == (503, 200)
    assert _lines(room, number, "The queue grows")


def test_mark_outside_incident_channels_is_nothing(room: Room) -> None:
    """Reactions elsewhere are none of our business."""
    ts = room.slack.say(HOME, OTHER, "Coffee is ready")
    reads = len(room.slack.calls_of("conversations.replies"))

    answer = room.react(RESPONDER, HOME, ts)
    room.settle()

    assert answer.status == 200
    assert len(room.slack.calls_of("conversations.replies")) == reads


def test_shortcut_adds_the_message_that_came_with_it(room: Room) -> None:
    """*Add to incident timeline* needs no reading of Slack and tells who chose it."""
    number, channel = room.declare()
    ts, answers = room.slack.say(channel, OTHER, "The queue grows"), len(room.slack.responses)
    reads = len(room.slack.calls_of("conversations.replies"))

    room.shortcut(RESPONDER, "add_to_timeline", channel, ts)
    room.wait_for("an answer", lambda: len(room.slack.responses) > answers)
    room.settle()

    assert room.slack.responses[-1]["text"] == (
        f"Added to the timeline of #{number}. To take it off again, react to it with :pushpin: and take that back."
    )
    assert _lines(room, number, "otto: The queue grows")
    assert len(room.slack.calls_of("conversations.replies")) == reads


def test_message_that_was_added_from_its_menu_is_taken_off_by_who_added_it(room: Room) -> None:
    """Nothing in Slack shows that mark, so any mark that they set and take back takes it along; nobody else's does."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")

    def add() -> None:
        message, trigger, url = room.slack.find_message(channel, ts), room.slack.trigger(), room.slack.response_url()
        where = {"channel": channel, "trigger": trigger, "url": url, "at": room.slack.next_ts()}
        room.send(requests.shortcut(RESPONDER, "add_to_timeline", message, **where))

    def set_and_taken_back(user: str) -> list[str]:
        for is_on in (True, False):
            room.react(user, channel, ts, is_on=is_on)
        return _lines(room, number, "The queue grows")

    add()
    others, own = set_and_taken_back(COMMANDER), set_and_taken_back(RESPONDER)
    add()

    assert len(others) == 1
    assert own == []
    assert len(_lines(room, number, "The queue grows")) == 1


@pytest.mark.parametrize(
    ("user", "words"),
    [(RESPONDER, "This is not an incident channel, so nothing was added."), (GUEST, "Guests and people from other")],
    ids=["elsewhere", "guest"],
)
def test_shortcut_says_why_it_adds_nothing(quick_room: Room, user: str, words: str) -> None:
    """Outside an incident's channel, or for a guest, the answer says so."""
    ts, answers = quick_room.slack.say(HOME, OTHER, "Coffee is ready"), len(quick_room.slack.responses)

    quick_room.shortcut(user, "add_to_timeline", HOME, ts)
    quick_room.wait_for("an answer", lambda: len(quick_room.slack.responses) > answers)

    assert quick_room.slack.responses[-1]["text"].startswith(words)


def test_shortcut_declares_from_a_message(room: Room) -> None:
    """*Declare incident from this message* fills in the title with the message's words, shortened."""
    ts = room.slack.say(HOME, OTHER, "Payouts  <@U0OTHER|otto> are\nstuck &amp; late " + "again " * 60)

    view = room.shortcut_form(RESPONDER, "declare_from_message", HOME, ts)
    (title,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "title"]
    told = room.submit(RESPONDER, view)

    assert title["initial_value"].startswith("Payouts @otto are stuck & late again")
    assert told["response_action"] == "update"


@pytest.mark.parametrize(
    "subtype",
    [
        "bot_message",
        "channel_join",
        "channel_topic",
        "pinned_item",
        "file_share",
        "thread_broadcast",
        "message_replied",
    ],
)
def test_other_messages_are_acknowledged_and_left_alone(quick_room: Room, subtype: str) -> None:
    """Slack is not asked to send again what we do not keep."""
    number, channel = quick_room.kept_incident()
    before = quick_room.facts(number)

    answer = quick_room.event(
        {"type": "message", "subtype": subtype, "channel": channel, "user": OTHER, "ts": "1.000100"}
    )

    assert answer.status == 200
    assert quick_room.facts(number) == before


def test_renamed_channel_keeps_its_card(room: Room) -> None:
    """After a rename the same card is edited; no second one appears."""
    number, channel = room.declare()
    room.event({"type": "channel_rename", "channel": {"id": channel, "name": "payments-down"}, "event_ts": "1.2"})

    room.ask(RESPONDER, "note The queue grows", channel)
    room.settle()

    assert len(room.slack.posts(channel)) == 1
    assert "The queue grows" in str(room.card(channel))
    assert "payments-down" in str([event.payload for event in room.events(number)])


def test_half_hour_holds_at_most_six_messages_and_loses_none(quick_room: Room) -> None:
    """A rise in severity is posted behind four other messages, which wait; edits go on meanwhile."""
    number, channel = quick_room.declare()
    sent = [f"Update number {count}" for count in range(1, 9)]

    for text in sent:
        quick_room.ask(RESPONDER, f"update {text}", channel)
    quick_room.settle()
    early = len(quick_room.slack.posts(channel))
    quick_room.ask(RESPONDER, f"#{number} severity SEV2")
    quick_room.settle()
    early_and_risen = len(quick_room.slack.posts(channel))
    edited = "SEV2" in str(quick_room.card(channel))
    quick_room.clock.move(minutes=31)
    quick_room.settle(horizon=timedelta(minutes=1))

    texts = [post["text"] for post in quick_room.slack.posts(channel)]
    updates = [text[text.index("Update number") :] for text in texts if "Update from remy" in text]
    assert (early, early_and_risen) == (4, 5)
    assert edited
    assert updates == sent


def _lines(room: Room, number: int, text: str) -> list[str]:
    return [line for line in room.timeline(RESPONDER, number) if text in line]
