"""Messages without a text of their own: what other tools post, files, and nothing at all; and shortcuts on them."""

from typing import Any

import pytest

from bot.slack.message_text import said
from tests.slack_room import GUEST, HOME, OTHER, RESPONDER, Room

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
