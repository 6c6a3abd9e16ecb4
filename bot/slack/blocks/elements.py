"""Small pieces of Block Kit, each within Slack's limits and with user text escaped."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from analysis.evidence import host_of
from analysis.precision import Precision
from analysis.slacktext import escape, truncate
from analysis.wording import instant

Block = dict[str, Any]

#: Slack's limits (docs.slack.dev, Block Kit reference).
SECTION_LETTERS = 3000
HEADER_LETTERS = 150
ALTERNATIVE_LETTERS = 2000
BLOCKS_PER_MESSAGE = 50
#: Slack refuses a message with more than 13,200 letters in its blocks; what is left is for a line or two beside a list.
MESSAGE_LETTERS = 12_000
#: What of a section is left for user text beside a few words of ours.
PIECE_LETTERS = 2800
#: An instant to the minute or second, as code writes it; not what stands for one where Slack cannot show it.
_WRITTEN = re.compile(r"(?<!\|)\b(\d{4}-\d\d-\d\d \d\d:\d\d)(:\d\d)? UTC\b")
#: So many letters fit even if each of them is escaped.
_SURE_LETTERS = PIECE_LETTERS // len("&amp;")


def section(markdown: str, **more: Any) -> Block:  # noqa: ANN401 - Block Kit JSON
    """A section of mrkdwn that is already escaped."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": truncate(markdown, SECTION_LETTERS)}, **more}


def header(text: str) -> Block:
    """A headline; plain text, so nothing in it is active."""
    return {"type": "header", "text": {"type": "plain_text", "text": truncate(text, HEADER_LETTERS), "emoji": False}}


def context(markdown: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": truncate(markdown, SECTION_LETTERS)}]}


def picture(file: str, alternative: str) -> Block:
    """An uploaded picture, and what it shows in words."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": truncate(alternative, ALTERNATIVE_LETTERS)}


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


def when(at: datetime, *, form: str = "{time} {date_short}") -> str:
    """A time in each reader's own zone, UTC where Slack cannot say."""
    fallback = instant(at, Precision.SECOND if "secs" in form else Precision.MINUTE)
    return f"<!date^{int(at.timestamp())}^{form}|{fallback}>"


def linked(link: str) -> str:
    """A link that shows the host it goes to, after a space; nothing where it is not plain https."""
    host = host_of(link)
    return f" <{escape(link)}|{escape(host)}>" if host else ""


def dated(escaped: str, instants: Iterable[datetime]) -> str:
    """An escaped text with the *instants* that it names in UTC shown in each reader's own zone instead."""
    tokens: dict[str, str] = {}
    for at in instants:
        tokens[instant(at, Precision.SECOND)] = when(at, form="{time_secs} {date_short}")
        tokens[instant(at, Precision.MINUTE)] = when(at)
    if not tokens:
        return escaped
    named = re.compile("|".join(re.escape(written) for written in tokens))
    return named.sub(lambda found: tokens[found[0]], escaped)


def zoned(escaped: str) -> str:
    """An escaped text of ours with every instant that it names in UTC shown in each reader's own zone instead."""
    return _WRITTEN.sub(_zoned, escaped)


def _zoned(written: re.Match[str]) -> str:
    try:
        at = datetime.fromisoformat(f"{written[1]}{written[2] or ''}+00:00")
    except ValueError:  # digits in the name of a rule
        return written[0]
    return when(at, form="{time_secs} {date_short}") if written[2] else when(at)


def plain(text: str, limit: int = SECTION_LETTERS) -> str:
    """User text, escaped, and shortened so that it still fits then: an escaped text must not be cut."""
    kept = truncate(text, limit)
    escaped = escape(kept)
    while len(escaped) > limit and kept:
        kept = truncate(text, min(len(kept) * limit // len(escaped), len(kept) - 1))
        escaped = escape(kept)
    return escaped


def phrase(text: str, limit: int = SECTION_LETTERS) -> str:
    """User text as a part of a line of ours, as `plain`: with a break in it the rest would read as what we say."""
    return plain(" ".join(text.splitlines()), limit)


def pieces(text: str) -> list[str]:
    """User text, escaped and whole, in as many pieces as sections need to hold it."""
    escaped = escape(text)
    if len(escaped) <= PIECE_LETTERS:
        return [escaped]
    parts = (text[start : start + _SURE_LETTERS] for start in range(0, len(text), _SURE_LETTERS))
    return [escape(part) for part in parts]


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """As few sections as hold *lines* whole; a line is never cut, unless no section could hold it."""
    blocks, text = [], ""
    for line in lines:
        if text and len(text) + len(line) + 1 > SECTION_LETTERS:
            blocks.append(section(text))
            text = line
        else:
            text = f"{text}\n{line}" if text else line
    return [*blocks, section(text)] if text else blocks


def fitting(lines: Sequence[str]) -> list[str]:
    """The first of escaped *lines*, as many as one message takes."""
    ends = accumulate(len(line) + 1 for line in lines)
    return [line for line, end in zip(lines, ends, strict=True) if end <= MESSAGE_LETTERS]
