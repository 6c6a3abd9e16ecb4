"""What settings of the language model's endpoint may hold, and the key that is in a file of its own."""

import math
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from analysis.errors import Unavailable

#: What a header may have: one line of ASCII.
HEADER_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
#: What requests have anyhow; a key for `authorization` is in DEBRIEF_LLM_API_KEY.
_OTHER_HEADERS = frozenset(
    {
        *("accept", "accept-encoding", "authorization", "connection", "content-encoding", "content-length"),
        *("content-type", "host", "te", "transfer-encoding", "upgrade", "user-agent"),
    }
)
#: Far above any key or token, and far below what takes long to read.
_MOST_KEY_BYTES = 16_384
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
#: What is asked for is added to the endpoint's address; which version of an interface answers may stand there.
_CHAT, _VERSION = "/chat/completions", "api-version"
_ODD_NUMBER = "it must be a number that JSON has, which NaN and Infinity are not"
_HALF_LETTER = "it must be whole letters; it holds half of a surrogate pair"


def require_endpoint(url: str) -> str:
    """The address of the language model; refused where what is sent there would not be private on the way.

    Raises
    ------
    ValueError
        If it is none that can be used.
    """
    try:
        parts = urlsplit(url)
        # Asked for here, because a port that is no number is an error first when somebody asks for it.
        is_one = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError as error:
        message = "its host or port is none; it must be a URL such as https://llm.example.com:8443/v1"
        raise ValueError(message) from error
    if url and not (is_one and url.isprintable() and " " not in url):
        message = "it must be a URL such as https://llm.example.com/v1"
        raise ValueError(message)
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        message = "it must begin with https://, because what is sent there is confidential"
        raise ValueError(message)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if "@" in parts.netloc or names - {_VERSION}:
        message = f"it must hold no user, password or query but {_VERSION}; the key belongs into DEBRIEF_LLM_API_KEY"
        raise ValueError(message)
    if parts.path.rstrip("/").endswith(_CHAT):
        message = f"it must end before {_CHAT}, which is added"
        raise ValueError(message)
    return url


def require_headers(headers: Mapping[str, str]) -> None:
    """Refuse what is no header, or one that a request has anyhow.

    Raises
    ------
    ValueError
        If one of them may not be added to a request.
    """
    wrong = [name for name in headers if not _HEADER.fullmatch(name) or name.lower() in _OTHER_HEADERS]
    if wrong:
        message = f"{', '.join(sorted(wrong))} is no header that may be added; api-key is one"
        raise ValueError(message)
    for name, value in headers.items():
        if not HEADER_VALUE.fullmatch(value):
            message = f"what {name} has must be one line of ASCII without spaces around it"
            raise ValueError(message)


def require_json(values: Mapping[str, object]) -> None:
    """Refuse what no request can carry, and this language's own reader of JSON takes all the same.

    Raises
    ------
    ValueError
        If there is such a value; it says where.
    """
    left: list[tuple[str, object]] = [("", values)]
    while left:
        place, value = left.pop()
        if isinstance(value, Mapping):
            for name, each in value.items():
                _require_letters(place, name)
                left.append((f"{place}{name}: ", each))
        elif isinstance(value, list | tuple):
            left += [(f"{place}{number}: ", each) for number, each in enumerate(value, start=1)]
        elif isinstance(value, str):
            _require_letters(place, value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{place}{_ODD_NUMBER}")


def _require_letters(place: str, text: str) -> None:
    if any(unicodedata.category(letter) == "Cs" for letter in text):
        raise ValueError(f"{place}{_HALF_LETTER}")


def key_in(path: Path) -> str:
    """The key that a file has, which DEBRIEF_LLM_API_KEY_FILE names.

    Raises
    ------
    analysis.errors.Unavailable
        If it has none.
    """
    try:
        key = _held_in(path).decode("ascii").strip()
    except (OSError, UnicodeError) as error:
        message = f"DEBRIEF_LLM_API_KEY_FILE ({path}) is no file with a key that can be read."
        raise Unavailable(message) from error
    if key.startswith(("{", "[", '"')):
        message = f"DEBRIEF_LLM_API_KEY_FILE ({path}) holds JSON; put the key alone there, without quotes, on one line."
        raise Unavailable(message)
    if not key or not HEADER_VALUE.fullmatch(key):
        message = f"DEBRIEF_LLM_API_KEY_FILE ({path}) does not hold one line with a key."
        raise Unavailable(message)
    return key


def _held_in(path: Path) -> bytes:
    """What a small regular file holds: of anything else, such as a pipe, a draft would wait for the end for ever."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            message = f"DEBRIEF_LLM_API_KEY_FILE ({path}) is no regular file; name one that holds the key in one line."
            raise Unavailable(message)
        with os.fdopen(handle, "rb", closefd=False) as file:
            held = file.read(_MOST_KEY_BYTES + 1)
    finally:
        os.close(handle)
    if len(held) > _MOST_KEY_BYTES:
        message = (
            f"DEBRIEF_LLM_API_KEY_FILE ({path}) is longer than {_MOST_KEY_BYTES:,} bytes; put the key alone there."
        )
        raise Unavailable(message)
    return held
