"""What a message says: posts of other tools often have no text of their own, but blocks, attachments or files."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from analysis.slacktext import decode, escape

#: Slack names people in a message by their ids alone.
_MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)>")


def said(message: Mapping[str, Any], names: Callable[[str], str] | None = None) -> str:
    """The message's text; where it has none, what its attachments, its blocks or the names of its files say.

    Whom it mentions is called as *names* has them, by the actor's id; without it, and where nobody is known, by the id.
    """
    text = decode(_with_names(str(message.get("text") or ""), names))
    if text.strip():
        return text
    for read in (_of_attachments, _of_blocks, _of_files):
        text = decode(_with_names(_lines(read(message)), names))
        if text.strip():
            return text
    return ""


def _with_names(text: str, names: Callable[[str], str] | None) -> str:
    def mention(found: re.Match[str]) -> str:
        user = found["user"]
        return f"<@{user}|{escape(' '.join(names(f'slack:{user}').split()))}>" if names else found[0]

    return _MENTION.sub(mention, text)


def _of_attachments(message: Mapping[str, Any]) -> Iterator[str]:
    for attachment in message.get("attachments") or ():
        parts = [str(attachment.get(name) or "").strip() for name in ("pretext", "title", "text")]
        own = ": ".join(part for part in parts if part)
        yield own or _lines(_of_blocks(attachment)) or str(attachment.get("fallback") or "")


def _of_blocks(message: Mapping[str, Any]) -> Iterator[str]:
    for block in message.get("blocks") or ():
        yield from (str(_text(part)) for part in (block.get("text"), *(block.get("fields") or ())) if part)
        yield (" " if block.get("type") == "context" else "").join(_of_elements(block))


def _of_elements(block: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a context or rich text block, however deep, without what stands on buttons."""
    for element in block.get("elements") or ():
        if element.get("elements"):
            yield "".join(_of_elements(element)) + "\n"
        elif element.get("type") != "button":
            parts = ("text", "url", "channel_id", "name")
            user = f"<@{element['user_id']}>" if element.get("user_id") else ""
            yield user or next((_text(element[part]) for part in parts if element.get(part)), "")


def _of_files(message: Mapping[str, Any]) -> Iterator[str]:
    for file in message.get("files") or ():
        yield str(file.get("title") or file.get("name") or "")


def _text(part: Any) -> str:  # noqa: ANN401 - a text object of Slack's, or a bare text
    return str(part.get("text") or "") if isinstance(part, Mapping) else str(part or "")


def _lines(texts: Iterator[str]) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())
