"""How the templates write times, citations and links."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analysis.document_tree import AT_ODDS
from analysis.evidence import is_safe_link
from analysis.precision import Precision
from analysis.wording import instant
from bot.render.escaping import Markdown, escape_markdown

_SOURCE_WORDS = {
    "slack": "Slack",
    "command_line": "command line",
    "webhook": "webhook",
    "import": "imported record",
    "debrief": "Debrief",
}


def utc(at: str, precision: str) -> str:
    """An instant of the tree in UTC, as exactly as it is known."""
    return instant(datetime.fromisoformat(at), Precision(precision))


def local(at: str, precision: str, zone: str) -> str:
    """The same instant on the clocks of *zone*, with its offset, since an hour may exist twice."""
    if precision in {Precision.DAY, Precision.HOUR}:
        return ""
    time = "%H:%M:%S" if precision == Precision.SECOND else "%H:%M"
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).strftime(f"%Y-%m-%d {time} %z")


def labels(events: Sequence[str]) -> str:
    """The labels of events in a row."""
    return ", ".join(events)


def cite(events: Sequence[str]) -> Markdown:
    """The labels of events as they follow a Markdown sentence; nothing where none is cited."""
    return Markdown(f" ({escape_markdown(labels(events))})" if events else "")


def is_at_odds(said: Mapping[str, Any]) -> bool:
    """Whether a statement, header fact or duration of the tree does not agree with the entries it cites."""
    return AT_ODDS in said


def mark(said: Mapping[str, Any]) -> Markdown:
    """What follows a Markdown sentence that does not agree with the entries it cites."""
    return Markdown(" **(at odds with the entries cited)**" if is_at_odds(said) else "")


def words(source: str) -> str:
    """By which door an event came in."""
    return _SOURCE_WORDS.get(source, source)


def safe_link(link: str) -> str:
    """*link* if it is plain https, otherwise nothing."""
    return link if is_safe_link(link) else ""


def markdown_link(text: str, link: str) -> Markdown:
    """A Markdown link, or only the text where the link is not plain https."""
    return Markdown(f"[{escape_markdown(text)}]({link})" if is_safe_link(link) else escape_markdown(text))
