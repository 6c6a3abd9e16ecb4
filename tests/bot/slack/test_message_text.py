"""Messages without a text of their own: what other tools post, files, and nothing at all; and shortcuts on them."""

from typing import Any

import pytest

from bot.slack.incoming.message_text import said
from tests.effort import leading
from tests.slack_room import COMMANDER, GUEST, HOME, OTHER, RESPONDER, Room

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Payouts* are late"}, "fields": [{"text": "env: eu"}]}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "see "}, {"type": "link", "url": "https://graphs.test"}],
        }
    ],
}
BUTTONS = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}]}
ALERT = {"title": "[FIRING:1] QueueTooLong", "text": "5 &gt; 4", "fallback": "[FIRING:1] see graph"}
SAYS: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({"text": "of &amp; its own", "attachments": [ALERT]}, "of & its own"),
    "attachment": ({"text": "", "attachments": [ALERT]}, "[FIRING:1] QueueTooLong: 5 > 4"),
    "fallback": ({"attachments": [{"fallback": "Incident opened"}]}, "Incident opened"),
    "blocks in an attachment": ({"attachments": [{"blocks": [SECTION], "fallback": "[no preview]"}]}, "*Payouts*"),
    "blocks": ({"blocks": [SECTION, RICH, BUTTONS]}, "*Payouts* are late\nenv: eu\nsee https://graphs.test"),
    "files": ({"text": " ", "files": [{"name": "graph.png"}, {"title": "Logs", "name": "a.txt"}]}, "graph.png\nLogs"),
    "nothing": ({"text": "\u200b", "blocks": [BUTTONS], "attachments": [{"id": 1}]}, ""),
}


@pytest.mark.parametrize("kind", sorted(SAYS))
def test_message_says_what_its_reader_sees(kind: str) -> None:
    """Its text goes first, then attachments, blocks, and the names of files."""
    message, words = SAYS[kind]

    found = said(message)

    assert found.startswith(words)
    assert bool(found) == bool(words)
    assert "Acknowledge" not in found


def test_whom_a_message_mentions_stands_on_the_timeline_by_name(room: Room) -> None:
    """Slack writes ids alone into messages; whoever nobody knows stays one, and an edit is an edit of the same text."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, f"<@{RESPONDER}> rolled back, <@U0NOBODY1> &amp; <@{COMMANDER}> watch")
    chosen = _post(
        room,
        channel,
        blocks=[
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "user", "user_id": RESPONDER}, {"type": "text", "text": " is on it"}],
                    }
                ],
            }
        ],
    )

    room.react(COMMANDER, channel, ts)
    room.shortcut(COMMANDER, "add_to_timeline", channel, chosen)
    room.settle()
    marked = "\n".join(room.timeline(COMMANDER, number))
    room.edit(channel, ts, f"<@{RESPONDER}> rolled back twice")
    room.settle()

    assert "otto: @remy rolled back, @U0NOBODY1 &amp; @cleo watch\n" in f"{marked}\n"
    assert "otto: @remy is on it" in marked
    assert [event.text for event in room.events(number) if event.kind == "message" and event.payload["ts"] == ts] == [
        "@remy rolled back, @U0NOBODY1 & @cleo watch",
        "@remy rolled back twice",
    ]
    form = room.shortcut_form(COMMANDER, "declare_from_message", channel, ts)
    assert "@remy rolled back twice" in str(form["blocks"])


def test_text_that_an_earlier_version_recorded_with_ids_is_no_other_text(room: Room) -> None:
    """What Slack gives again of a message that is on record is the same text, by whatever it calls people."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, f"<@{RESPONDER}> rolled back")
    known = room.app.directory.name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room.app.directory, "name", lambda actor: actor.removeprefix("slack:"))
        room.react(COMMANDER, channel, ts)
        room.settle()
    assert room.app.directory.name == known

    room.delete(channel, ts)
    room.settle()

    texts = [event.text for event in room.events(number) if event.kind == "message"]
    assert texts == [f"@{RESPONDER} rolled back"]


@pytest.mark.parametrize(
    ("said_as", "recorded"),
    [
        ({RESPONDER: "old name", OTHER: "otto"}, "@old name rolled back, @otto watches"),
        ({RESPONDER: "remy"}, f"@remy rolled back, @{OTHER} watches"),
    ],
    ids=["renamed", "learned"],
)
def test_text_is_no_other_one_because_somebody_is_called_otherwise(
    room: Room, said_as: dict[str, str], recorded: str
) -> None:
    """Who was renamed since, or became known, made no edit."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, f"<@{RESPONDER}> rolled back, <@{OTHER}> watches")
    with pytest.MonkeyPatch.context() as patch:
        names = {f"slack:{user}": name for user, name in said_as.items()}
        patch.setattr(room.app.directory, "name", lambda actor: names.get(actor, actor.removeprefix("slack:")))
        room.react(COMMANDER, channel, ts)
        room.settle()

    room.delete(channel, ts)
    room.settle()

    assert [event.text for event in room.events(number) if event.kind == "message"] == [recorded]


def test_deletion_that_waits_for_a_mark_is_read_by_the_version_before(room: Room) -> None:
    """Both serve while one is upgraded, and what it was called without names is kept beside what both read."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, f"<@{RESPONDER}> rolled back")
    message = dict(room.slack.find_message(channel, ts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room.app.directory, "name", lambda actor: actor.removeprefix("slack:"))
        room.delete(channel, ts)
        room.settle()
    with room.app.store.snapshots.snapshot() as reads:
        (held,) = reads.held_messages(channel, ts)

    room.slack.channels[channel].messages.append(message)
    room.shortcut(COMMANDER, "add_to_timeline", channel, ts)
    room.settle()

    assert set(held.body["before"]) == {"text", "since", "author", "change"}
    assert [event.text for event in room.events(number) if event.kind == "message"] == ["@remy rolled back"]


def _post(room: Room, channel: str, **parts: Any) -> str:
    """Let a tool post a message that has no text; returns its timestamp."""
    ts = room.slack.say(channel, OTHER, "")
    room.slack.find_message(channel, ts).update(parts)
    return ts


def test_mark_on_an_alert_puts_what_the_alert_says_on_the_timeline(room: Room) -> None:
    """An alert that is all attachment is a line like any other, by whichever door."""
    number, channel = room.declare()
    marked, chosen = _post(room, channel, attachments=[ALERT]), _post(room, channel, blocks=[SECTION])

    room.react(RESPONDER, channel, marked)
    room.shortcut(RESPONDER, "add_to_timeline", channel, chosen)
    room.settle()

    lines = "\n".join(room.timeline(RESPONDER, number))
    assert "[FIRING:1] QueueTooLong: 5 &gt; 4" in lines
    assert "Payouts" in lines


def test_message_without_words_is_refused_to_who_marked_it(room: Room) -> None:
    """Nothing is recorded as its text: who marked it is told what to do, and the shortcut answers so at once."""
    number, channel = room.declare()
    room.slack.channels[channel].members.add(RESPONDER)
    ts, answers = _post(room, channel, blocks=[BUTTONS]), len(room.slack.responses)

    room.react(RESPONDER, channel, ts)
    room.settle()
    room.shortcut(RESPONDER, "add_to_timeline", channel, ts)
    room.wait_for("an answer", lambda: len(room.slack.responses) > answers)

    assert "or it has no text" in room.slack.ephemerals(RESPONDER)[-1]
    assert room.slack.responses[-1]["text"].startswith("That message has no text, so nothing was added.")
    assert not [event for event in room.events(number) if event.kind == "message"]


def test_shortcut_to_declare_is_refused_to_who_may_not(quick_room: Room) -> None:
    """A guest reads why, and sees no form."""
    ts, views = quick_room.slack.say(HOME, OTHER, "Payouts are stuck"), len(quick_room.slack.views)
    answers = len(quick_room.slack.responses)

    quick_room.shortcut(GUEST, "declare_from_message", HOME, ts)
    quick_room.wait_for("an answer", lambda: len(quick_room.slack.responses) > answers)

    assert quick_room.slack.responses[-1]["text"].startswith("Guests and people from other")
    assert len(quick_room.slack.views) == views


@pytest.mark.parametrize("shortcut", ["add_to_timeline", "declare_from_message"])
def test_shortcut_of_somebody_new_learns_who_they_are(quick_room: Room, shortcut: str) -> None:
    """They are asked to try again, and then they are known."""
    user = f"U0FRESH{next(quick_room.slack.numbers)}"
    quick_room.slack.add_user(user, "fay")
    ts, answers = quick_room.slack.say(HOME, OTHER, "Payouts are stuck"), len(quick_room.slack.responses)

    quick_room.shortcut(user, shortcut, HOME, ts)
    quick_room.wait_for("an answer", lambda: len(quick_room.slack.responses) > answers)

    assert quick_room.slack.responses[-1]["text"].startswith("I do not know you yet")
    quick_room.wait_for("the look-up", lambda: quick_room.app.directory.is_known(user))


PAGERS = {
    "username": ({"bot_id": "B9", "username": "PagerDuty", "subtype": "bot_message"}, "PagerDuty"),
    "profile": ({"bot_id": "B9", "bot_profile": {"name": "Grafana"}, "user": "U0GRAFANA"}, "Grafana"),
    "nameless": ({"bot_id": "B9"}, "B9"),
    "hostile": (
        {"bot_id": "B9", "username": "<!channel>\u202e  4111 1111 1111 1111"},
        "&lt;!channel&gt; [card ****1111]",
    ),
}


@pytest.mark.parametrize("kind", leading(1, sorted(PAGERS)))
def test_alert_of_a_tool_is_told_under_the_name_it_posts_as(quick_room: Room, kind: str) -> None:
    """In Slack and in the document it is the tool, whichever way Slack names it, and no responder."""
    number, channel = quick_room.declare(text="SEV3 Queue too long")
    parts, name = PAGERS[kind]
    for door in ("mark", "shortcut"):
        ts = _post(quick_room, channel, attachments=[ALERT])
        message = quick_room.slack.find_message(channel, ts)
        message.pop("user")
        message.update(parts)
        if door == "mark":
            quick_room.react(RESPONDER, channel, ts)
        else:
            quick_room.shortcut(RESPONDER, "add_to_timeline", channel, ts)
        quick_room.settle()
    quick_room.settle()
    quick_room.ask(COMMANDER, "resolve", channel)

    quick_room.draft(COMMANDER, channel)
    quick_room.settle()

    lines = [line for line in quick_room.timeline(RESPONDER, number) if "QueueTooLong" in line]
    document = str(quick_room.slack.posts(channel))
    assert [f"> {name}: [FIRING:1] QueueTooLong: 5 &gt; 4" in line for line in lines] == [True, True]
    assert "responder (B9)" not in document
    assert f"tool ({name})" in document


def test_own_message_is_no_evidence(room: Room) -> None:
    """Debrief's card and posts show the record, so marking one is refused in words and never stored."""
    number, channel = room.declare(text="SEV3 Queue too long")
    room.slack.channels[channel].members.add(RESPONDER)
    card, facts, answers = room.card(channel), room.facts(number), len(room.slack.responses)

    room.react(RESPONDER, channel, card["ts"], author=room.slack.bot)
    room.settle()
    told = room.slack.ephemerals(RESPONDER)[-1]
    room.react(RESPONDER, channel, card["ts"], author=room.slack.bot, is_on=False)
    room.shortcut(RESPONDER, "add_to_timeline", channel, card["ts"])
    room.wait_for("an answer", lambda: len(room.slack.responses) > answers)
    room.edit(channel, card["ts"], "edited")
    room.delete(channel, card["ts"])
    room.settle()

    assert told.startswith("That is a message of Debrief itself")
    assert room.slack.responses[-1]["text"] == told
    assert room.facts(number) == facts


def test_mark_of_who_may_not_record_is_not_answered(room: Room) -> None:
    """A guest who marks our message hears nothing, as with any other message."""
    _, channel = room.declare(text="SEV3 Queue too long")
    room.slack.channels[channel].members.add(GUEST)
    before = len(room.slack.ephemerals(GUEST))

    room.react(GUEST, channel, room.card(channel)["ts"], author=room.slack.bot)
    room.settle()

    assert len(room.slack.ephemerals(GUEST)) == before
