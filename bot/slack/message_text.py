"""What a message says: posts of other tools often have no text of their own, but blocks, attachments or files."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.slacktext import decode


def said(message: Mapping[str, Any]) -> str:
    """The message's text; where it has none, what its attachments, its blocks or the names of its files say."""
    text = decode(str(message.get("text") or ""))
    if text.strip():
        return text
    for read in (_of_attachments, _of_blocks, _of_files):
        text = decode(_lines(read(message)))
        if text.strip():
            return text
    return ""


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
            names = ("text", "url", "user_id", "channel_id", "name")
            yield next((_text(element[name]) for name in names if element.get(name)), "")


def _of_files(message: Mapping[str, Any]) -> Iterator[str]:
    for file in message.get("files") or ():
        yield str(file.get("title") or file.get("name") or "")


def _text(part: Any) -> str:  # noqa: ANN401 - a text object of Slack's, or a bare text
    return str(part.get("text") or "") if isinstance(part, Mapping) else str(part or "")


def _lines(texts: Iterator[str]) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())
