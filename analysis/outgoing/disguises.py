"""What the bytes of a request may mean to whoever reads them: every way in which a value could be written there."""

import base64
import html
import re
from collections.abc import Callable, Iterator

from analysis.outgoing.found import folded

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}+={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){6,}+")
_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<sign>[nrtbf/\\\"]))")
_SIGNS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\n", "/": "/", "\\": "\\", '"': '"'}
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_BREAKS = re.compile(r"\\{1,16}(u[0-9a-fA-F]{4}|[nrt\"])")
_BREAK = re.compile(r"\\([nrt])")
#: How deep values may be wrapped in one another.
_DEPTH = 3
_NO_HEX = re.compile(r"[^0-9a-fA-F]")
#: Bytes of which less than this share is text say nothing.
_READABLE = 0.7


def views(body: bytes) -> Iterator[tuple[str, str]]:
    """Each reading of *body* with its name, folded; no reading is given twice."""
    seen: set[str] = set()
    waiting = [("as it is", body.decode("utf-8", errors="replace"))]
    for _ in range(_DEPTH + 1):
        new = [
            (name, plain) for name, plain in ((name, folded(text)[0]) for name, text in waiting) if plain not in seen
        ]
        seen.update(plain for _, plain in new)
        yield from new
        waiting = [inner for _, plain in new for inner in _read(plain) if inner[1]]


def unquoted(text: str) -> str:
    """*text* with what links write as numbers in letters."""
    return _PERCENT.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", errors="replace"), text)


def on_lines(text: str) -> str:
    """*text* with escapes of JSON for breaks, tabs and quotes read however often they were escaped.

    Another letter that was escaped becomes a blank, so that no value goes on over it and none begins with it.
    """
    return _BREAKS.sub(lambda found: _SIGNS.get(found[1], " "), text) if "\\" in text else text


def in_place_on_lines(text: str) -> str:
    """*text* with breaks and tabs that are written as escapes read, each at its place."""
    return _BREAK.sub(lambda found: f" {_SIGNS[found[1]]}", text)


def _read(text: str) -> Iterator[tuple[str, str]]:
    yield "without escapes", html.unescape(unquoted(_unescaped(text)))
    yield "base64", _joined(_BASE64, _from_base64, text)
    yield "hexadecimal", _joined(_HEX, _from_hex, text)


def _unescaped(text: str) -> str:
    """Escapes of JSON read once; a pair of surrogates becomes the character that it stands for."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", errors="replace")


def _character(match: re.Match[str]) -> str:
    code = match["code"] or match["byte"]
    return chr(int(code, 16)) if code else _SIGNS[match["sign"]]


def _joined(pattern: re.Pattern[str], decode: Callable[[str], str], text: str) -> str:
    read = (decode(match[0]) for match in pattern.finditer(text))
    return "\n".join(one for one in read if one)


def _from_base64(token: str) -> str:
    """What *token* says from each of the places at which a group of four may begin."""
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    parts = (plain[start:] for start in range(min(4, len(plain))))
    whole = (part[: len(part) - (len(part) % 4 == 1)] for part in parts)
    return "\n".join(filter(None, (_readable(base64.b64decode(one + "=" * (-len(one) % 4))) for one in whole)))


def _from_hex(token: str) -> str:
    return _readable(bytes.fromhex(_NO_HEX.sub("", token)))


def _readable(content: bytes) -> str:
    """The text in *content*, if most of it is one."""
    text = content.decode("utf-8", errors="ignore")
    printable = sum(len(character.encode()) for character in text if character.isprintable())
    return text if printable > _READABLE * len(content) else ""
