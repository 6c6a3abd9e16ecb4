"""What a request of Slack must be like to be read: what its reference documents, as far as anything here relies on it.

What is in no such shape is refused before anything is done about it. Fields that nobody reads may be anything.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from analysis.errors import InvalidInput

Shape = Callable[[Any], bool]

#: Deeper than any message of Slack's; reading goes down one step for each.
MOST_LEVELS = 60
#: Before the year 5139, so that it is an instant.
_INSTANT = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,9})?")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
#: Half of a letter that was cut, which no database takes; nor does any take the null byte, which stands for nothing.
_HALF = re.compile("[\ud800-\udfff]")
_REPLACED = "\ufffd"


class UnreadableError(InvalidInput):
    """This request is in no shape that Slack documents."""


def readable(body: Any) -> dict[str, Any]:  # noqa: ANN401 - what a stranger may have sent
    """*body*, with a replacement for each half of a letter, and without null bytes.

    Raises
    ------
    UnreadableError
        If it is not in the shape that a request of its kind has.
    """
    if not _request(body):
        raise UnreadableError
    return {name: _with_letters(value, MOST_LEVELS) for name, value in body.items()}


def _with_letters(value: Any, levels: int) -> Any:  # noqa: ANN401 - anything that JSON has
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _HALF.sub(_REPLACED, value.replace("\0", ""))
    if not levels and isinstance(value, dict | list):
        raise UnreadableError
    if isinstance(value, dict):
        return {_with_letters(name, levels): _with_letters(each, levels - 1) for name, each in value.items()}
    return [_with_letters(each, levels - 1) for each in value] if isinstance(value, list) else value


def _anything(_: Any) -> bool:  # noqa: ANN401
    return True


def _text(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str)


def _instant(value: Any) -> bool:  # noqa: ANN401
    return _is_written(value) and bool(_INSTANT.fullmatch(str(value)))


def _number(value: Any) -> bool:  # noqa: ANN401
    return _is_written(value) and bool(_NUMBER.fullmatch(str(value)))


def _is_written(value: Any) -> bool:  # noqa: ANN401
    """Whether it is a number, or may be one in quotes: Slack has both."""
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _address(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str) and (not value or value.startswith(("https://", "http://")))


def _maybe(shape: Shape) -> Shape:
    return lambda value: value is None or shape(value)


def _rows(shape: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(shape(each) for each in value)


def _by_name(shape: Shape) -> Shape:
    return lambda value: isinstance(value, dict) and all(shape(each) for each in value.values())


def _object(required: Mapping[str, Shape] | None = None, **optional: Shape) -> Shape:
    """An object with what is *required*; what is *optional* has that shape where it is there."""
    needed = required or {}

    def fits(value: Any) -> bool:  # noqa: ANN401
        if not isinstance(value, dict):
            return False
        for name, shape in needed.items():
            if name not in value or not shape(value[name]):
                return False
        for name, shape in optional.items():  # noqa: SIM110 - a generator costs a request more than what it looks at
            if name in value and not shape(value[name]):
                return False
        return True

    return fits


def _element(value: Any) -> bool:  # noqa: ANN401
    """An element of a block, which may hold others."""
    return _ELEMENT(value)


def _item(value: Any) -> bool:  # noqa: ANN401
    """What somebody reacted to: of what is no message nothing is read."""
    return _object({"type": _text})(value) and (value["type"] != "message" or _MESSAGE_ITEM(value))


def _event(value: Any) -> bool:  # noqa: ANN401
    if not _EVENT(value):
        return False
    kind, subtype = value["type"], value.get("subtype")
    return _EVENTS.get(f"{kind}.{subtype}" if subtype else kind, _anything)(value)


def _request(value: Any) -> bool:  # noqa: ANN401
    if not _COMMON(value):
        return False
    kind = value.get("type")
    if kind is None:
        return "ssl_check" in value or _COMMAND(value)
    return _KINDS.get(kind, _anything)(value)


_NAMED = _object({"id": _text})
_ELEMENT = _object(elements=_maybe(_rows(_element)))
_BLOCK = _object(fields=_maybe(_rows(_anything)), elements=_maybe(_rows(_element)))
_MESSAGE = _object(
    ts=_maybe(_instant),
    text=_maybe(_text),
    user=_maybe(_text),
    bot_id=_maybe(_text),
    bot_profile=_maybe(_object()),
    edited=_maybe(_object(ts=_maybe(_instant))),
    blocks=_maybe(_rows(_BLOCK)),
    attachments=_maybe(_rows(_object(blocks=_maybe(_rows(_BLOCK))))),
    files=_maybe(_rows(_object())),
)
_MESSAGE_ITEM = _object({"channel": _text, "ts": _instant})
_FIELD = _object(value=_maybe(_text), selected_user=_maybe(_text), selected_option=_maybe(_object()))
_PERSON = _object(
    {"id": _text},
    profile=_maybe(_object()),
    enterprise_user=_maybe(_object(teams=_maybe(_rows(_text)))),
    team_id=_maybe(_text),
    updated=_maybe(_number),
)
_GROUP = _object({"id": _text}, users=_maybe(_rows(_text)), user_count=_maybe(_number), date_update=_maybe(_number))

_REACTION = _object({"user": _text, "reaction": _text, "item": _item}, item_user=_maybe(_text))
_MEMBERSHIP = _object({"user": _text, "channel": _text})
_OF_CHANNEL = _object({"channel": _text})
_OF_MESSAGE = _object(
    {"channel": _text}, message=_maybe(_MESSAGE), previous_message=_maybe(_MESSAGE), deleted_ts=_maybe(_instant)
)
_RENAMED = _object({"channel": _object({"id": _text, "name": _text})})
_EVENTS: Mapping[str, Shape] = {
    "reaction_added": _REACTION,
    "reaction_removed": _REACTION,
    "message.message_changed": _OF_MESSAGE,
    "message.message_deleted": _OF_MESSAGE,
    "message.channel_convert_to_private": _OF_CHANNEL,
    "message.channel_convert_to_public": _OF_CHANNEL,
    "member_joined_channel": _MEMBERSHIP,
    "member_left_channel": _MEMBERSHIP,
    "channel_archive": _OF_CHANNEL,
    "channel_deleted": _OF_CHANNEL,
    "group_archive": _OF_CHANNEL,
    "group_deleted": _OF_CHANNEL,
    "channel_unarchive": _OF_CHANNEL,
    "group_unarchive": _OF_CHANNEL,
    "channel_id_changed": _object({"old_channel_id": _text, "new_channel_id": _text}),
    "channel_rename": _RENAMED,
    "group_rename": _RENAMED,
    "team_join": _object({"user": _PERSON}),
    "user_change": _object({"user": _PERSON}),
    "subteam_updated": _object(subteam=_maybe(_GROUP)),
    "subteam_created": _object(subteam=_maybe(_GROUP)),
    "subteam_members_changed": _object(
        {"subteam_id": _text},
        added_users=_maybe(_rows(_text)),
        removed_users=_maybe(_rows(_text)),
        date_update=_maybe(_number),
    ),
    "app_home_opened": _object({"user": _text}),
}
_EVENT = _object({"type": _text}, subtype=_maybe(_text), event_ts=_instant)

_COMMON = _object(
    type=_maybe(_text),
    view=_maybe(_object()),
    actions=_maybe(_rows(_object())),
    callback_id=_maybe(_text),
    response_url=_maybe(_address),
)
_COMMAND = _object({"user_id": _text, "trigger_id": _text, "command": _text})
_VIEW = _object({"id": _text, "callback_id": _text}, state=_maybe(_object(values=_maybe(_by_name(_by_name(_FIELD))))))
_KINDS: Mapping[str, Shape] = {
    "event_callback": _object({"event_id": _text, "event": _event}),
    "block_actions": _object(
        {
            "user": _NAMED,
            "trigger_id": _text,
            "actions": lambda value: bool(value) and _object({"action_id": _text})(value[0]),
        },
        channel=_maybe(_object()),
    ),
    "view_submission": _object({"user": _NAMED, "view": _VIEW}),
    "message_action": _object(
        {"user": _NAMED, "trigger_id": _text, "callback_id": _text, "channel": _NAMED, "message": _MESSAGE},
        action_ts=_maybe(_instant),
    ),
}
