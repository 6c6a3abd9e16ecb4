"""Which values are usable, where that takes words, and how one is told of that is not: in those of whoever set it."""

import math
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from analysis.errors import Unavailable

#: Who people and user groups are to Slack, whatever they are called there.
USER, USER_OR_GROUP = re.compile(r"[UW][A-Z0-9]+"), re.compile(r"[SUW][A-Z0-9]+")
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
#: What people named themselves; the library also names places of lists and its own types.
_PART = re.compile(r"[A-Za-z][\w .-]*")
#: How a token begins that is the other one of Slack's two, and what to do with it.
_OTHER_TOKEN = {
    "slack_bot_token": (
        "xapp-",
        "it is an app-level token, which belongs into DEBRIEF_SLACK_APP_TOKEN; bot tokens begin with xoxb-",
    ),
    "slack_app_token": (
        "xox",
        "it is no app-level token: those begin with xapp-; bot tokens (xoxb-) belong into DEBRIEF_SLACK_BOT_TOKEN",
    ),
}
_ODD_NUMBER = "it must be a number that JSON has, which NaN and Infinity are not"
_HALF_LETTER = "it must be whole letters; it holds half of a surrogate pair"
_OUR_WORDS = {
    "Value error, ": "",
    "Field required": "it is missing",
    "valid frozenset": 'list, such as ["…"]',
    "valid tuple": 'list, such as ["…"]',
    "valid dictionary": 'map, such as {"…": …}',
    "Input should": "it must",
}


def wrong_part(place: Sequence[int | str], said: str) -> str:
    """What the library *said* of the value at *place* within a setting."""
    for theirs, ours in _OUR_WORDS.items():
        said = said.replace(theirs, ours)
    return "".join(f"{part}: " for part in place if _PART.fullmatch(str(part))) + said


def require_ids(form: re.Pattern[str], said: Iterable[str], what: str) -> None:
    """Refuse what is no id of Slack's; *what* says of whom one is asked for.

    Raises
    ------
    ValueError
        If one of *said* has not this form, such as a name.
    """
    if strangers := sorted(one for one in said if not form.fullmatch(one)):
        message = f"“{strangers[0]}” is not the id of a Slack {what}"
        raise ValueError(message)


def require_endpoint(url: str) -> str:
    """The address of the language model; refused where what is sent there would not be private on the way.

    Raises
    ------
    ValueError
        If it is none that can be used.
    """
    parts = urlsplit(url)
    # Asked for here, because a port that is no number is an error first when somebody asks for it.
    is_one = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
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


def require_own_token(field: str | None, token: str) -> None:
    """Refuse a token of Slack's that is of the kind that another setting is for; other fields take any.

    Raises
    ------
    ValueError
        If Slack would refuse it wherever the setting *field* is used.
    """
    beginning, message = _OTHER_TOKEN.get(field or "", ("", ""))
    if beginning and token.startswith(beginning):
        raise ValueError(message)


def stranger(name: str, meant: str | None) -> str:
    """What to say of a variable that looks like a setting and is none."""
    return f"{name} is no setting of Debrief{f'; did you mean {meant}' if meant else ''}."
