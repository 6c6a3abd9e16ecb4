"""The Web API methods of the fake workspace, with the refusals and limits that Slack documents."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fake_slack_limits import check_blocks, check_text, check_view

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

TRIGGER_SECONDS = 3.0
NAME_LETTERS = 80
#: So many members of a user group Slack names (docs.slack.dev, subteam_updated); `user_count` has all.
GROUP_USERS = 500
#: Of these Slack reads forms and what stands in the address, no JSON (docs.slack.dev, usergroups.users.list).
WITHOUT_JSON = frozenset({"usergroups.users.list"})


class SlackRefusal(Exception):
    """The word that Slack answers instead."""


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel as the workspace has it; messages are in the order in which they were written."""

    id: str
    name: str
    creator: str
    members: set[str] = field(default_factory=set)
    created: int = 0
    is_private: bool = False
    is_archived: bool = False
    topic: str = ""
    pins: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """As Slack describes it."""
        return {
            "id": self.id,
            "name": self.name,
            "creator": self.creator,
            "created": self.created,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
        }


Arguments = Mapping[str, Any]
Answer = dict[str, Any]


def _open_channel(slack: "FakeSlack", arguments: Arguments) -> Channel:
    channel = slack.channels.get(str(arguments.get("channel") or ""))
    if channel is None:
        raise SlackRefusal("channel_not_found")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if slack.bot not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def _auth_test(slack: "FakeSlack", _: Arguments) -> Answer:
    return {"team_id": slack.team, "team": "Home", "user_id": slack.bot, "bot_id": "B0BOT"}


def _users_list(slack: "FakeSlack", arguments: Arguments) -> Answer:
    users, cursor = _page(list(slack.users.values()), arguments)
    return {"members": users, "response_metadata": {"next_cursor": cursor}}


def _users_info(slack: "FakeSlack", arguments: Arguments) -> Answer:
    user = slack.users.get(str(arguments["user"]))
    if user is None:
        raise SlackRefusal("user_not_found")
    return {"user": user}


def _users_lookup(slack: "FakeSlack", arguments: Arguments) -> Answer:
    email = str(arguments["email"]).lower()
    found = [user for user in slack.users.values() if str(user["profile"].get("email", "")).lower() == email]
    if not found:
        raise SlackRefusal("users_not_found")
    return {"user": found[0]}


def _usergroups_list(slack: "FakeSlack", _: Arguments) -> Answer:
    found = slack.groups.items()
    return {"usergroups": [{"id": group, "users": who[:GROUP_USERS], "user_count": len(who)} for group, who in found]}


def _usergroup_users(slack: "FakeSlack", arguments: Arguments) -> Answer:
    if "usergroup" not in arguments:
        raise SlackRefusal("invalid_arguments")
    return {"users": slack.groups[str(arguments["usergroup"])]}


def _create(slack: "FakeSlack", arguments: Arguments) -> Answer:
    name = str(arguments["name"])
    if len(name) > NAME_LETTERS:
        raise SlackRefusal("invalid_name_maxlength")
    if not name or any(letter not in "abcdefghijklmnopqrstuvwxyz0123456789-_" for letter in name):
        raise SlackRefusal("invalid_name_specials")
    if any(channel.name == name for channel in slack.channels.values()):
        raise SlackRefusal("name_taken")
    made = Channel(
        id=f"C0NEW{next(slack.numbers)}",
        name=name,
        creator=slack.bot,
        members={slack.bot},
        created=int(slack.now()),
        is_private=str(arguments.get("is_private")).lower() in {"true", "1"},
    )
    slack.channels[made.id] = made
    return {"channel": made.shown()}


def _list(slack: "FakeSlack", arguments: Arguments) -> Answer:
    hides_archived = str(arguments.get("exclude_archived")).lower() in {"true", "1"}
    found = [one.shown() for one in slack.channels.values() if not (hides_archived and one.is_archived)]
    channels, cursor = _page(found, arguments)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def _info(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = slack.channels.get(str(arguments.get("channel") or ""))
    if channel is None:
        raise SlackRefusal("channel_not_found")
    return {"channel": channel.shown()}


def _members(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = slack.channels.get(str(arguments.get("channel") or ""))
    if channel is None or (channel.is_private and slack.bot not in channel.members):
        raise SlackRefusal("channel_not_found")
    members, cursor = _page(sorted(channel.members), arguments)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def _invite(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = _open_channel(slack, arguments)
    people = str(arguments["users"]).split(",")
    for person in people:
        if person not in slack.users:
            raise SlackRefusal("user_not_found")
        if person in channel.members:
            raise SlackRefusal("cant_invite_self" if person == slack.bot else "already_in_channel")
        if slack.users[person].get("is_ultra_restricted"):
            raise SlackRefusal("user_is_ultra_restricted")
    channel.members.update(people)
    return {"channel": channel.shown()}


def _topic(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = _open_channel(slack, arguments)
    topic = str(arguments["topic"])
    if len(topic) > 250:
        raise SlackRefusal("too_long")
    channel.topic = topic
    return {"channel": channel.shown()}


def _rename(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel, name = _open_channel(slack, arguments), str(arguments["name"])
    if channel.creator != slack.bot:
        raise SlackRefusal("not_authorized")
    if any(one.name == name and one is not channel for one in slack.channels.values()):
        raise SlackRefusal("name_taken")
    channel.name = name
    return {"channel": channel.shown()}


def _archive(slack: "FakeSlack", arguments: Arguments) -> Answer:
    _open_channel(slack, arguments).is_archived = True
    return {}


def _history(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = slack.channels.get(str(arguments.get("channel") or ""))
    if channel is None:
        raise SlackRefusal("channel_not_found")
    roots = [one for one in channel.messages if one.get("thread_ts") in {None, one["ts"]}]
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    found = [one for one in reversed(roots) if oldest < float(one["ts"]) < latest]
    keeps_metadata = str(arguments.get("include_all_metadata")).lower() in {"true", "1"}
    shown = [one if keeps_metadata else {k: v for k, v in one.items() if k != "metadata"} for one in found]
    messages, cursor = _page(shown, arguments)
    return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _replies(slack: "FakeSlack", arguments: Arguments) -> Answer:
    """The thread of a root, or exactly the one reply that was asked for."""
    channel = slack.channels.get(str(arguments.get("channel") or ""))
    if channel is None:
        raise SlackRefusal("channel_not_found")
    if slack.bot not in channel.members:
        raise SlackRefusal("not_in_channel")
    ts = str(arguments["ts"])
    asked = [one for one in channel.messages if one["ts"] == ts]
    if not asked:
        raise SlackRefusal("thread_not_found")
    replies = [one for one in channel.messages if one.get("thread_ts") == ts and one["ts"] != ts]
    latest = float(arguments.get("latest") or "inf")
    found = [one for one in (*asked, *replies) if float(one["ts"]) <= latest]
    messages, _ = _page(found, arguments)
    return {"messages": messages}


def _post(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = _open_channel(slack, arguments)
    message = _message(slack, arguments)
    channel.messages.append(message)
    return {"ts": message["ts"], "channel": channel.id, "message": message}


def _message(slack: "FakeSlack", arguments: Arguments) -> dict[str, Any]:
    blocks = arguments.get("blocks") or []
    text = str(arguments.get("text") or "")
    _limit(check_text(text), check_blocks(blocks), _check_pictures(slack, blocks))
    message = {"type": "message", "user": slack.bot, "bot_id": "B0BOT", "ts": slack.next_ts(), "text": text}
    return {**message, "blocks": blocks, "metadata": arguments.get("metadata") or {}}


def _update(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = _open_channel(slack, arguments)
    found = [one for one in channel.messages if one["ts"] == str(arguments["ts"])]
    if not found:
        raise SlackRefusal("message_not_found")
    # Slack updates regular messages and those of /me, no other subtype (docs.slack.dev, chat.update).
    if found[0]["user"] != slack.bot or "subtype" in found[0]:
        raise SlackRefusal("cant_update_message")
    blocks = arguments.get("blocks") or []
    _limit(check_text(str(arguments.get("text") or "")), check_blocks(blocks), _check_pictures(slack, blocks))
    found[0].update(text=str(arguments.get("text") or ""), blocks=blocks, edited={"ts": slack.next_ts()})
    return {"ts": found[0]["ts"], "channel": channel.id}


def _delete(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = _open_channel(slack, arguments)
    found = [one for one in channel.messages if one["ts"] == str(arguments["ts"])]
    if not found:
        raise SlackRefusal("message_not_found")
    if found[0]["user"] != slack.bot:
        raise SlackRefusal("cant_delete_message")
    channel.messages.remove(found[0])
    return {"ts": found[0]["ts"], "channel": channel.id}


def _ephemeral(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel = _open_channel(slack, arguments)
    if str(arguments["user"]) not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    _limit(check_text(str(arguments.get("text") or "")), check_blocks(arguments.get("blocks") or []))
    return {"message_ts": slack.next_ts()}


def _pin(slack: "FakeSlack", arguments: Arguments) -> Answer:
    channel, ts = _open_channel(slack, arguments), str(arguments["timestamp"])
    if ts in channel.pins:
        raise SlackRefusal("already_pinned")
    if all(one["ts"] != ts for one in channel.messages):
        raise SlackRefusal("message_not_found")
    channel.pins.append(ts)
    return {}


def _views_open(slack: "FakeSlack", arguments: Arguments) -> Answer:
    given = slack.triggers.pop(str(arguments["trigger_id"]), None)
    if given is None:
        raise SlackRefusal("invalid_trigger_id")
    age = time.monotonic() - given
    if age > TRIGGER_SECONDS:
        raise SlackRefusal("expired_trigger_id")
    view = arguments["view"]
    _limit(check_view(view))
    opened = {**view, "id": f"V{next(slack.numbers)}", "trigger_age_seconds": age}
    slack.views.append(opened)
    return {"view": opened}


def _views_publish(slack: "FakeSlack", arguments: Arguments) -> Answer:
    _limit(check_blocks(arguments["view"]["blocks"], most=100))
    slack.homes[str(arguments["user_id"])] = arguments["view"]
    return {"view": arguments["view"]}


def _upload_url(slack: "FakeSlack", arguments: Arguments) -> Answer:
    file = f"F{next(slack.numbers)}"
    slack.files[file] = {"id": file, "name": str(arguments["filename"]), "content": b""}
    return {"upload_url": f"{slack.origin}/upload/{file}", "file_id": file}


def _complete_upload(slack: "FakeSlack", arguments: Arguments) -> Answer:
    for one in arguments["files"]:
        slack.files[one["id"]]["is_complete"] = True
    if not arguments.get("channel_id"):
        return {"files": [{"id": one["id"], "name": slack.files[one["id"]]["name"]} for one in arguments["files"]]}
    channel = _open_channel(slack, {"channel": arguments.get("channel_id")})
    files = [{"id": one["id"], "name": slack.files[one["id"]]["name"]} for one in arguments["files"]]
    message = {"type": "message", "subtype": "file_share", "user": slack.bot, "ts": slack.next_ts(), "files": files}
    shared = {**message, "text": str(arguments.get("initial_comment") or "")}
    if slack.shares_files_after is not None:
        slack.shares.append((slack.now() + slack.shares_files_after, channel.id, shared))
    return {"files": [{**one, "shares": {}, "channels": []} for one in files]}


def carry_out_shares(slack: "FakeSlack") -> None:
    """Let the files appear whose time has come."""
    due = [each for each in slack.shares if each[0] <= slack.now()]
    slack.shares[:] = [each for each in slack.shares if each[0] > slack.now()]
    for _, channel, message in due:
        slack.channels[channel].messages.append({**message, "ts": slack.next_ts()})


def _delete_file(slack: "FakeSlack", arguments: Arguments) -> Answer:
    file = str(arguments["file"])
    if slack.files.pop(file, None) is None:
        raise SlackRefusal("file_not_found")
    for channel in slack.channels.values():
        for message in channel.messages:
            message["files"] = [one for one in message.get("files") or () if one["id"] != file]
    return {}


def unknown(_: "FakeSlack", __: Arguments) -> Answer:
    """Answer a method that this workspace lacks."""
    raise SlackRefusal("unknown_method")


def _check_pictures(slack: "FakeSlack", blocks: list[dict[str, Any]]) -> str | None:
    """Refuse a picture that is not uploaded, or of which nothing is said to those who cannot see it."""
    pictures = [block for block in blocks if block["type"] == "image"]
    known = [slack.files.get(block["slack_file"]["id"], {}) for block in pictures]
    is_fine = all(file.get("is_complete") for file in known) and all(0 < len(b["alt_text"]) <= 2000 for b in pictures)
    return None if is_fine else "invalid_blocks"


def _limit(*found: str | None) -> None:
    for error in found:
        if error:
            raise SlackRefusal(error)


def _page(found: Sequence[Any], arguments: Arguments) -> tuple[list[Any], str]:
    start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
    end = start + limit
    return list(found[start:end]), str(end) if end < len(found) else ""


METHODS: Mapping[str, Callable[["FakeSlack", Arguments], Answer]] = {
    "auth.test": _auth_test,
    "users.list": _users_list,
    "users.info": _users_info,
    "users.lookupByEmail": _users_lookup,
    "usergroups.list": _usergroups_list,
    "usergroups.users.list": _usergroup_users,
    "conversations.create": _create,
    "conversations.list": _list,
    "conversations.info": _info,
    "conversations.members": _members,
    "conversations.invite": _invite,
    "conversations.setTopic": _topic,
    "conversations.rename": _rename,
    "conversations.archive": _archive,
    "conversations.history": _history,
    "conversations.replies": _replies,
    "chat.postMessage": _post,
    "chat.update": _update,
    "chat.delete": _delete,
    "chat.postEphemeral": _ephemeral,
    "pins.add": _pin,
    "views.open": _views_open,
    "views.publish": _views_publish,
    "files.getUploadURLExternal": _upload_url,
    "files.completeUploadExternal": _complete_upload,
    "files.delete": _delete_file,
}
