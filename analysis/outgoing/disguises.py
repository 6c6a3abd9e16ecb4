"""What the bytes of a request may mean to whoever reads them: every way in which a value could be written there."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator

from analysis.outgoing.found import folded

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}+={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){6,}+")
_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<sign>[nrtbf/\\\"]))")
_SIGNS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\n", "/": "/", "\\": "\\", '"': '"'}
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
#: How deep values may be wrapped in one another.
_DEPTH = 3


def views(body: bytes) -> Iterator[tuple[str, str]]:
    """Each reading of *body* with its name, folded; no reading is given twice."""
    seen: set[str] = set()
    for name, text in _read("as it is", body.decode("utf-8", errors="replace"), _DEPTH):
        plain = folded(text)[0]
        if plain not in seen:
            seen.add(plain)
            yield name, plain


def _read(name: str, text: str, depth: int) -> Iterator[tuple[str, str]]:
    yield name, text
    if not depth:
        return
    for inner, other in (
        ("escapes of JSON", _unescaped(text)),
        ("URL", _unquoted(text)),
        ("HTML", html.unescape(text)),
    ):
        if other != text:
            yield from _read(inner, other, depth - 1)
    for inner, other in (
        ("base64", _joined(_BASE64, _from_base64, text)),
        ("hexadecimal", _joined(_HEX, _from_hex, text)),
    ):
        if other:
            yield from _read(inner, other, depth - 1)


def _unescaped(text: str) -> str:
    """Escapes of JSON read once; a pair of surrogates becomes the character that it stands for."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", errors="replace")


def _character(match: re.Match[str]) -> str:
    code = match["code"] or match["byte"]
    return chr(int(code, 16)) if code else _SIGNS[match["sign"]]


def _unquoted(text: str) -> str:
    return _PERCENT.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", errors="replace"), text)


def _joined(pattern: re.Pattern[str], decode: object, text: str) -> str:
    read = (decode(match[0]) for match in pattern.finditer(text))  # type: ignore[operator]
    return "\n".join(one for one in read if one)


def _from_base64(token: str) -> str:
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _readable(base64.b64decode(plain + "=" * (-len(plain) % 4)))
    except binascii.Error:
        return ""


def _from_hex(token: str) -> str:
    return _readable(bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", token)))


def _readable(content: bytes) -> str:
    """The text in *content*, if it is one."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if json.dumps(text) and sum(map(str.isprintable, text)) > 0.9 * len(text) else ""
