"""Reading request bodies that nobody can be trusted to have written well."""

import json
import unicodedata
from typing import Any

from starlette.requests import Request

from analysis.errors import InvalidInput

MAXIMUM_BODY_BYTES = 256 * 1024
MAXIMUM_DEPTH = 20
MAXIMUM_KEYS = 1000


class BodyTooLargeError(InvalidInput):
    """The body is too large; nothing was stored."""


async def read_capped(request: Request, limit: int = MAXIMUM_BODY_BYTES) -> bytes:
    """The body, refused as soon as it is larger than *limit*, so that memory stays bounded."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLargeError(_too_large(limit))
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLargeError(_too_large(limit))
        chunks.append(chunk)
    return b"".join(chunks)


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object in strict form.

    Raises
    ------
    analysis.errors.InvalidInput
        For anything but a JSON object in UTF-8 without NaN, repeated keys, NUL or deep nesting.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "The body is not UTF-8."
        raise InvalidInput(message) from error
    _check_shape(text)
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_without_repeats)
    except (json.JSONDecodeError, RecursionError) as error:
        message = "The body is not valid JSON."
        raise InvalidInput(message) from error
    if not isinstance(value, dict):
        message = "The body must be a JSON object."
        raise InvalidInput(message)
    return value


def one_line(value: object, name: str, limit: int, *, required: bool = False) -> str:
    """A text field of a body, without control characters.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is not a text, too long, or missing though required.
    """
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        message = f"`{name}` must be a text."
        raise InvalidInput(message)
    if len(value) > limit:
        message = f"`{name}` is {len(value)} letters long; {limit} fit."
        raise InvalidInput(message)
    return "".join(" " if unicodedata.category(letter) in {"Cc", "Cf"} else letter for letter in value).strip()


def _too_large(limit: int) -> str:
    return f"The body is larger than {limit // 1024} KiB; nothing was stored."


def _check_shape(text: str) -> None:
    if "\x00" in text or "\\u0000" in text:
        message = "The body contains a NUL character."
        raise InvalidInput(message)
    depth = deepest = 0
    for letter in text:
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    if deepest > MAXIMUM_DEPTH:
        message = f"The body is nested more than {MAXIMUM_DEPTH} deep."
        raise InvalidInput(message)


def _no_constant(name: str) -> Any:  # noqa: ANN401 - never returns
    message = f"The body contains {name}, which is not JSON."
    raise InvalidInput(message)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAXIMUM_KEYS:
        message = f"The body has an object with more than {MAXIMUM_KEYS} keys."
        raise InvalidInput(message)
    value = dict(pairs)
    if len(value) != len(pairs):
        message = "The body repeats a key."
        raise InvalidInput(message)
    return value
