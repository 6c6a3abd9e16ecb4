"""Reading request bodies that nobody can be trusted to have written well."""

import asyncio
import codecs
import json
from typing import Any

from starlette.requests import Request

from analysis.errors import InvalidInput, Unavailable
from analysis.slacktext import clean

MAXIMUM_BODY_BYTES = 256 * 1024
#: So long the rest of a body may take: whoever lets it drip keeps what came of it in memory, without having to prove
#: anything.
BODY_SECONDS = 10.0
MAXIMUM_DEPTH = 20
MAXIMUM_KEYS = 1000
#: Taking apart as many costs less than 50 ms; it is the number of values that costs, not that of letters.
MAXIMUM_PARTS = 100_000
#: What a body begins with that its sender does not see.
_BEGINNINGS = {
    b"\x1f\x8b": "It is compressed: send it as it is.",
    codecs.BOM_UTF8: "It begins with a byte order mark, which nobody sees: leave that out.",
    codecs.BOM_UTF16_LE: "It is UTF-16: send it as UTF-8.",
    codecs.BOM_UTF16_BE: "It is UTF-16: send it as UTF-8.",
}
_TOO_DEEP = f"The body is nested more than {MAXIMUM_DEPTH} deep."


class BodyTooLargeError(InvalidInput):
    """The body is too large; nothing was stored."""


async def read_capped(
    request: Request, limit: int = MAXIMUM_BODY_BYTES, *, within_seconds: float = BODY_SECONDS
) -> bytes:
    """The body, refused once it is larger than *limit* or drips for too long, so that memory stays bounded.

    Raises
    ------
    BodyTooLargeError
        If it is larger.
    analysis.errors.Unavailable
        If its rest does not come in time, or not at all.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLargeError(_too_large(limit))
    body, has_more = await _chunk(request)  # mostly all of it, so that nothing has to be timed
    if not has_more:
        return _within(body, limit)
    try:
        async with asyncio.timeout(within_seconds):
            return await _rest(request, body, limit)
    except TimeoutError as error:
        message = f"The body did not arrive within {within_seconds:g} s; nothing was stored. Send it again."
        raise Unavailable(message) from error


async def _rest(request: Request, first: bytes, limit: int) -> bytes:
    chunks, size, has_more = [first], len(first), True
    while has_more:
        chunk, has_more = await _chunk(request)
        size += len(chunk)
        if size > limit:
            raise BodyTooLargeError(_too_large(limit))
        chunks.append(chunk)
    return b"".join(chunks)


async def _chunk(request: Request) -> tuple[bytes, bool]:
    """The next part of the body, and whether more comes: as `request.stream()`, without a generator."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        ended = "The connection ended before the body was there; nothing was stored. Send it again."
        raise Unavailable(ended)
    return message.get("body", b""), message.get("more_body", False)


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise BodyTooLargeError(_too_large(limit))
    return body


def headers_of(request: Request) -> dict[str, str]:
    """The headers, by lower-case names, the first of those with one name; a look at one is a look into a dictionary."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(request.scope["headers"])}


def parse_sent(body: bytes, *, is_read_in_part: bool = False) -> dict[str, Any]:
    """As `parse_object`, for whoever sent *body* and sees no more of it than the answer: it says where it breaks.

    Raises
    ------
    analysis.errors.InvalidInput
        As `parse_object`; nothing of the body is quoted.
    """
    try:
        return parse_object(body, is_read_in_part=is_read_in_part)
    except InvalidInput as error:
        where = _where_it_breaks(error.__cause__, body)
        if not where:
            raise
        raise InvalidInput(f"{error.message} {where}") from error


def parse_object(body: bytes, *, is_read_in_part: bool = False) -> dict[str, Any]:
    """A JSON object in strict form.

    Where it *is read in part*, most of it is an application's own data, of which no more is kept than a few texts, each
    cleaned: that may be as deep, wide and odd as it likes.

    Raises
    ------
    analysis.errors.InvalidInput
        For anything but a JSON object in UTF-8 without NaN, repeated keys, NUL, deep nesting or very many values.
    """
    if sum(map(body.count, (b",", b"{", b"["))) > MAXIMUM_PARTS:
        message = f"The body has more than {MAXIMUM_PARTS} commas and brackets; send it in parts."
        raise BodyTooLargeError(message)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "The body is not UTF-8."
        raise InvalidInput(message) from error
    try:
        value = (_DECODER_OF_PARTS if is_read_in_part else _DECODER).decode(text)
    except RecursionError as error:
        raise InvalidInput(_TOO_DEEP) from error
    except ValueError as error:  # what is no JSON, and numbers of thousands of digits
        message = "The body is not valid JSON."
        raise InvalidInput(message) from error
    if not isinstance(value, dict):
        message = "The body must be a JSON object."
        raise InvalidInput(message)
    if is_read_in_part:
        return value
    _check_depth(value)
    if b"\\u0000" in body:  # the only way to write one: JSON takes no control character as it is
        _check_texts(value)
    return value


def one_line(value: object, name: str, limit: int, *, required: bool = False) -> str:
    """A text field of a body, in one line and without anything that cannot be seen or stored.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is not a text, too long, or missing though required.
    """
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        message = f"`{name}` must be a text."
        raise InvalidInput(message)
    if len(value) > limit:
        message = f"`{name}` is {len(value)} letters long; {limit} fit."
        raise InvalidInput(message)
    line = " ".join(clean(value).split())
    if required and not line:
        message = f"`{name}` must be a text."
        raise InvalidInput(message)
    return line


def _where_it_breaks(error: BaseException | None, body: bytes) -> str:
    if not isinstance(error, UnicodeDecodeError | json.JSONDecodeError):
        return ""
    beginning = next((words for beginning, words in _BEGINNINGS.items() if body.startswith(beginning)), "")
    if beginning or not body:
        return beginning or "It is empty."
    if isinstance(error, UnicodeDecodeError):
        return f"It breaks at byte {error.start + 1}."
    return f"It breaks at line {error.lineno}, column {error.colno}: {error.msg}."


def _too_large(limit: int) -> str:
    return f"The body is larger than {limit // 1024} KiB; nothing was stored."


def _check_texts(value: object) -> None:
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str) and "\x00" in each:
            message = "The body contains a NUL character."
            raise InvalidInput(message)
        if isinstance(each, dict):
            left += each
            left += each.values()
        elif isinstance(each, list):
            left += each


def _check_depth(value: dict[str, Any]) -> None:
    """Walk level by level through what has something in it; most values of a body are texts and need no look."""
    level: list[Any] = [value]
    for _ in range(MAXIMUM_DEPTH):
        level = [
            inner
            for each in level
            for inner in (each.values() if type(each) is dict else each)
            if type(inner) in _CONTAINERS and inner
        ]
        if not level:
            return
    raise InvalidInput(_TOO_DEEP)


def _no_constant(name: str) -> Any:  # noqa: ANN401 - never returns
    message = f"The body contains {name}, which is not JSON."
    raise InvalidInput(message)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAXIMUM_KEYS:
        message = f"The body has an object with more than {MAXIMUM_KEYS} keys."
        raise InvalidInput(message)
    return _object(pairs)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        message = "The body repeats a key."
        raise InvalidInput(message)
    return value


#: Made once, because making it costs as much as reading an alert.
_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_without_repeats)
_DECODER_OF_PARTS = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_object)
_CONTAINERS = frozenset({dict, list})
