"""Small pieces of Block Kit, each within Slack's limits and with user text escaped."""

from datetime import datetime
from typing import Any

from analysis.slacktext import escape, truncate

Block = dict[str, Any]

#: Slack's limits (docs.slack.dev, Block Kit reference).
SECTION_LETTERS = 3000
HEADER_LETTERS = 150
BLOCKS_PER_MESSAGE = 50
LETTERS_PER_MESSAGE = 13200


def section(markdown: str, **more: Any) -> Block:  # noqa: ANN401 - Block Kit JSON
    """A section of mrkdwn that is already escaped."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": truncate(markdown, SECTION_LETTERS)}, **more}


def header(text: str) -> Block:
    """A headline; plain text, so nothing in it is active."""
    return {"type": "header", "text": {"type": "plain_text", "text": truncate(text, HEADER_LETTERS), "emoji": False}}


def context(markdown: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": truncate(markdown, SECTION_LETTERS)}]}


def fields(*pairs: tuple[str, str]) -> Block:
    """Up to ten name and value pairs, two in a row."""
    texts = [f"*{name}*\n{value}" for name, value in pairs]
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": truncate(text, 2000)} for text in texts]}


def button(text: str, action_id: str, value: str, *, style: str | None = None, ask: str | None = None) -> Block:
    """A verb to press; with *ask*, Slack asks once before it counts."""
    block: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": text, "emoji": False},
        "action_id": action_id,
        "value": value,
    }
    if style:
        block["style"] = style
    if ask:
        block["confirm"] = {
            "title": {"type": "plain_text", "text": "Are you sure?"},
            "text": {"type": "plain_text", "text": truncate(ask, 300)},
            "confirm": {"type": "plain_text", "text": text},
            "deny": {"type": "plain_text", "text": "Cancel"},
        }
    return block


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def when(instant: datetime, *, form: str = "{time} {date_short}") -> str:
    """A time in each reader's own zone, UTC where Slack cannot say."""
    fallback = instant.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(instant.timestamp())}^{form}|{fallback}>"


def plain(text: str, limit: int = SECTION_LETTERS) -> str:
    """User text, shortened and escaped."""
    return escape(truncate(text, limit))
