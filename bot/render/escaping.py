"""Text of the record on its way into a document: it stays text, whatever it looks like.

Markdown has many dialects, so nothing here relies on one of them switching a feature off: what any common dialect
would read as markup, link, mention or formula is escaped wherever it stands, and line breaks become spaces, so that
a text can begin no block of its own.
"""

import re

from analysis.invisible import INVISIBLE

_UNSEEN = re.compile(rf"[{INVISIBLE}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SPACE = re.compile(r"\s+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
#: An `@` within an address: a backslash does not stop GitHub's autolinks there, a code span does.
_ADDRESS = re.compile(r"(?<=[\w.+-])@(?=[\w-])")
_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$^#]|@")
_WEB = re.compile(r"(?i)\b(www)(?=\.)")
_BLOCK = re.compile(r"^(?:([-+=:])|(\d+)(?=[.)]))")


class Markdown(str):
    """Text that is Markdown already; only filters of the renderer make it."""

    __slots__ = ()


def clean(text: str) -> str:
    """*text* on one line, without characters that nobody sees."""
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


def escape_markdown(text: str) -> str:
    """*text* so that every Markdown dialect shows it letter by letter."""
    parts = (_escape_part(part) for part in _ADDRESS.split(clean(text)))
    return _BLOCK.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\", "`@`".join(parts))


def _escape_part(text: str) -> str:
    text = _SPECIAL.sub(lambda found: f"\\{found[0]}", text).translate(_ENTITIES)
    return _WEB.sub(r"\1\\", text).replace("://", ":\\//")
