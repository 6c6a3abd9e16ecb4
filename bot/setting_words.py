"""Which values are usable, where that takes words, and how one is told of that is not: in those of whoever set it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

#: Who people and user groups are to Slack, whatever they are called there.
USER, USER_OR_GROUP = re.compile(r"[UW][A-Z0-9]+"), re.compile(r"[SUW][A-Z0-9]+")
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
_OUR_WORDS = {
    "Value error, ": "",
    "Field required": "it is missing",
    "valid frozenset": 'list, such as ["…"]',
    "valid tuple": 'list, such as ["…"]',
    "valid dictionary": 'map, such as {"…": …}',
    "Input should": "it must",
}


#: What a value must be, by the kind of the library's error; whole numbers and others have bounds besides.
_WHOLE, _NUMBER = "a whole number", "a number"
_MUST_BE = {
    **dict.fromkeys(("int_parsing", "int_parsing_size", "int_from_float", "int_type"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number", "decimal_parsing", "decimal_type"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), "true or false"),
    **dict.fromkeys(("ip_v4_network", "ip_v6_network", "ip_any_network"), "a network such as 10.20.0.0/16"),
}


def said_of(error: Mapping[str, Any], bounds: Iterable[object]) -> str:
    """What is wrong with the value of a setting, also where the library's words are about its own types.

    >>> said_of({"type": "int_parsing", "msg": "…"}, ())
    'it must be a whole number'
    """
    must_be = _MUST_BE.get(error["type"])
    if must_be is None:
        return str(error["msg"])
    said = f"it must be {must_be}"
    return f"{said} {_within(bounds)}".rstrip() if must_be in {_WHOLE, _NUMBER} else said


def bounds_of(metadata: Iterable[object], annotation: object) -> tuple[object, ...]:
    """The bounds of a setting's number, also of one that need not be set."""
    optional = [one for part in get_args(annotation) for one in getattr(part, "__metadata__", ())]
    return (*metadata, *(bound for one in optional for bound in getattr(one, "metadata", ())))


def _within(bounds: Iterable[object]) -> str:
    found = {name: getattr(one, name) for one in bounds for name in ("ge", "gt", "le") if hasattr(one, name)}
    if "gt" in found:
        return f"above {found['gt']}" + (f", {found['le']} at most" if "le" in found else "")
    if "ge" in found:
        return f"from {found['ge']} to {found['le']}" if "le" in found else f"of at least {found['ge']}"
    return ""


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
