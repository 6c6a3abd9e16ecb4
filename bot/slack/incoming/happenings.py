"""Slack's events: reactions, edits, deletions, memberships, channels, people."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from analysis.errors import Refused
from analysis.events import Source
from analysis.people import Access, Action, Person, require
from analysis.timeline import MENU_MARK
from analysis.tools import tool_actor
from bot.ports.outbox import OPERATOR_LANE
from bot.ports.records import InboxKey, Membership
from bot.slack.blocks.sentences import Names
from bot.slack.context import SlackContext, UnknownPersonError, inbox_key, wait
from bot.slack.incoming.message_text import said
from bot.slack.workspace.user_groups import user_group
from bot.usecases.groups.messages import EDITS_LANE, POSTS_LANE
from bot.usecases.incident.channels import (
    ChannelClosed,
    ChannelConverted,
    ChannelMoved,
    ChannelOpened,
    LinkChannel,
    MembershipChanged,
    channel_closed,
    channel_converted,
    channel_moved,
    channel_opened,
    link_channel,
    membership_changed,
)
from bot.usecases.timeline.messages import (
    ChangeMessage,
    MarkMessage,
    Version,
    change_message,
    mark_message,
    message_instant,
)
from bot.usecases.timeline.refuse_mark import OWN_MESSAGE, RefuseMark, refuse_mark
from bot.usecases.verbs import Request

log = logging.getLogger(__name__)

#: What Slack leaves in the place of a deleted message that has replies.
TOMBSTONE = "tombstone"


def handle_event(context: SlackContext, body: Mapping[str, Any]) -> None:
    """Record what an event says, once; returns when it is committed.

    Raises
    ------
    analysis.errors.DebriefError
        If it was not committed: Slack must send it again.
    """
    event = {"event_ts": str(body.get("event_time") or 0), **body["event"]}
    name = f"{event['type']}.{event['subtype']}" if event.get("subtype") else str(event["type"])
    read = _READERS.get(name)
    request = read(context, event) if read else None
    if request is None:
        return
    key = inbox_key("slack.event", str(body["event_id"]), body["event"])
    if isinstance(request.command, MembershipChanged):
        _record_membership(context, request.command, key)
        return
    wait(context.writer.submit(request.use_case, request.command, key=key))
    if isinstance(request.command, ChannelMoved):
        for member in request.command.members:
            context.directory.set_membership(replace(member, channel=request.command.channel))


def _record_membership(context: SlackContext, changed: MembershipChanged, key: InboxKey) -> None:
    """Record who joined or left, then remember it; by Slack's instant, so that one delivered late undoes nothing.

    One that is repeated may have been committed too late to be remembered: it is remembered then.
    """
    wait(context.writer.submit(membership_changed, changed, key=key))
    context.directory.set_membership(
        Membership(channel=changed.channel, actor=changed.person.id, is_member=changed.is_member, at=changed.at)
    )


def message_mark(context: SlackContext, body: Mapping[str, Any]) -> tuple[Request, InboxKey]:
    """What the message shortcut *Add to incident timeline* asks for: the message came with it."""
    message, channel = body["message"], str(body["channel"]["id"])
    asker = context.asker(str(body["user"]["id"]), f"slack:{body['trigger_id']}", channel=channel)
    require(asker.person, Action.RECORD)
    if _is_own(context, message):
        raise Refused(OWN_MESSAGE)
    version = message_version(message, context.directory.name)
    if version is None:
        text = "That message has no text, so nothing was added. Write down what it shows with `/incident note`."
        raise Refused(text)
    command = MarkMessage(
        **asker.on_incident(),
        ts=str(message["ts"]),
        emoji=MENU_MARK,
        at=str(body.get("action_ts") or message["ts"]),
        version=version,
    )
    key = inbox_key("slack.shortcut", str(body["trigger_id"]), {"ts": message["ts"], "channel": channel})
    return Request(use_case=mark_message, command=command), key


def message_version(message: Mapping[str, Any] | None, names: Names) -> Version | None:
    """What a message object says, from when, and by whom; `None` where it says nothing, as a tombstone does.

    Whom it mentions is called as *names* has them.
    """
    if not message or not message.get("ts") or message.get("subtype") == TOMBSTONE:
        return None
    text = said(message, names)
    if not text:
        return None
    since = str((message.get("edited") or {}).get("ts") or message["ts"])
    return Version(text=text, since=since, author=_author(message), unnamed=said(message))


def _author(message: Mapping[str, Any]) -> str:
    """Who wrote a message: a tool under the name that it posts as, else the user."""
    tool, user = message.get("bot_id"), message.get("user")
    name = message.get("username") or (message.get("bot_profile") or {}).get("name") or ""
    if tool and (name or not user):
        return tool_actor(str(tool), str(name))
    return f"slack:{user or 'unknown'}"


def _is_own(context: SlackContext, message: Mapping[str, Any] | None) -> bool:
    """Whether a message is Debrief's own, by its user or its bot."""
    ids = ((message or {}).get(name) for name in ("user", "bot_id"))
    return any(context.directory.is_own(str(found or "")) for found in ids)


def _reaction(context: SlackContext, event: Mapping[str, Any], *, is_on: bool) -> Request | None:
    item = event.get("item") or {}
    is_own = context.directory.is_own(str(event.get("item_user") or ""))
    # Slack adds the skin tone of whoever reacts: `raised_hand::skin-tone-3`.
    emoji = str(event.get("reaction")).partition("::")[0]
    is_mark = item.get("type") == "message" and emoji in context.settings.timeline_emoji
    if not is_mark or (is_own and not is_on):
        return None
    if not context.directory.is_known(str(event["user"])):
        raise UnknownPersonError
    person = context.directory.person(str(event["user"]))
    if person is None:
        return None
    where: dict[str, Any] = {
        "person": person,
        "workspace_id": context.workspace_id,
        "natural_key": f"slack:{item['channel']}:{item['ts']}",
        "channel": str(item["channel"]),
    }
    if is_own:
        return Request(use_case=refuse_mark, command=RefuseMark(**where))
    command = MarkMessage(
        **where,
        ts=str(item["ts"]),
        emoji=str(event["reaction"]),
        at=str(event["event_ts"]),
        is_on=is_on,
    )
    return Request(use_case=mark_message, command=command)


def _reaction_added(context: SlackContext, event: Mapping[str, Any]) -> Request | None:
    return _reaction(context, event, is_on=True)


def _reaction_removed(context: SlackContext, event: Mapping[str, Any]) -> Request | None:
    return _reaction(context, event, is_on=False)


def _message_changed(context: SlackContext, event: Mapping[str, Any]) -> Request | None:
    """Read an edit; an unfurled link or a new reply changes a message too, but neither its text nor edit time.

    Of a deleted message that has replies Slack leaves a tombstone, which arrives as a change.
    """
    if _is_own(context, event.get("message")):
        return None
    if (event.get("message") or {}).get("subtype") == TOMBSTONE:
        return _message_deleted(context, event)
    names = context.directory.name
    before, after = (message_version(event.get(name), names) for name in ("previous_message", "message"))
    if after is None or (before and (before.since, before.text) == (after.since, after.text)):
        return None
    return _message_change(context, event, before, replace(after, change=str(event["event_ts"])))


def _message_deleted(context: SlackContext, event: Mapping[str, Any]) -> Request | None:
    if _is_own(context, event.get("previous_message")):
        return None
    before = message_version(event.get("previous_message"), context.directory.name)
    return _message_change(context, event, before, None)


def _message_change(
    context: SlackContext, event: Mapping[str, Any], before: Version | None, after: Version | None
) -> Request:
    message = event.get("message") or event.get("previous_message") or {}
    ts = str(event.get("deleted_ts") or message.get("ts"))
    author = after or before
    command = ChangeMessage(
        person=Person(id=author.author if author else "slack:unknown", access=frozenset({Access.VIEWER})),
        workspace_id=context.workspace_id,
        natural_key=f"slack:{event['channel']}:{ts}",
        channel=str(event["channel"]),
        ts=ts,
        at=str(event["event_ts"]),
        before=before,
        after=after,
    )
    return Request(use_case=change_message, command=command)


def _membership(*, is_member: bool) -> Callable[[SlackContext, Mapping[str, Any]], Request | None]:
    def read(context: SlackContext, event: Mapping[str, Any]) -> Request:
        command = MembershipChanged(
            **_system(context, f"slack:{event['user']}"),
            channel=str(event["channel"]),
            is_member=is_member,
            at=message_instant(str(event["event_ts"])),
            is_ours=context.directory.is_own(str(event["user"])),
            lanes=_lanes_of(context, str(event["channel"])),
        )
        return Request(use_case=membership_changed, command=command)

    return read


def _channel_renamed(context: SlackContext, event: Mapping[str, Any]) -> Request:
    channel = event["channel"]
    command = LinkChannel(
        **_system(context, "debrief"),
        channel=str(channel["id"]),
        channel_name=str(channel["name"]),
        at=str(event.get("event_ts") or ""),
    )
    return Request(use_case=link_channel, command=command)


def _channel_moved(context: SlackContext, event: Mapping[str, Any]) -> Request:
    was = str(event["old_channel_id"])
    command = ChannelMoved(
        **_system(context, "debrief"),
        was=was,
        channel=str(event["new_channel_id"]),
        at=str(event.get("event_ts") or ""),
        members=context.directory.members(was),
    )
    return Request(use_case=channel_moved, command=command)


def _channel_closed(context: SlackContext, event: Mapping[str, Any]) -> Request:
    command = ChannelClosed(
        **_system(context, "debrief"), channel=str(event["channel"]), at=str(event.get("event_ts") or "")
    )
    return Request(use_case=channel_closed, command=command)


def _channel_opened(context: SlackContext, event: Mapping[str, Any]) -> Request:
    channel = str(event["channel"])
    command = ChannelOpened(
        **_system(context, "debrief"),
        channel=channel,
        at=str(event.get("event_ts") or ""),
        lanes=_lanes_of(context, channel),
    )
    return Request(use_case=channel_opened, command=command)


def _lanes_of(context: SlackContext, channel: str) -> tuple[str, ...]:
    """The lanes that go to the channel because a setting names it."""
    settings = context.settings
    alerts = (POSTS_LANE, EDITS_LANE) if channel == settings.alerts_channel else ()
    return (*alerts, OPERATOR_LANE) if channel == settings.operations_channel else alerts


def _channel_converted(*, is_private: bool) -> Callable[[SlackContext, Mapping[str, Any]], Request]:
    def read(context: SlackContext, event: Mapping[str, Any]) -> Request:
        command = ChannelConverted(
            **_system(context, "debrief"),
            channel=str(event["channel"]),
            is_private=is_private,
            at=str(event["event_ts"]),
        )
        return Request(use_case=channel_converted, command=command)

    return read


def _person_changed(context: SlackContext, event: Mapping[str, Any]) -> None:
    context.directory.learn([event["user"]])


def _group_changed(context: SlackContext, event: Mapping[str, Any]) -> None:
    group = event.get("subteam") or {}
    if group.get("date_delete") or "users" in group:
        context.directory.learn_groups([user_group(group)])


def _group_members_changed(context: SlackContext, event: Mapping[str, Any]) -> None:
    """Read who came and who left, which a big group's list, cut off after 500, does not show."""
    added, removed = event.get("added_users") or (), event.get("removed_users") or ()
    date = float(event.get("date_update") or 0.0)
    context.directory.move_in_group(str(event["subteam_id"]), added=added, removed=removed, date=date)


def _system(context: SlackContext, actor: str) -> dict[str, Any]:
    return {
        "person": Person(id=actor, access=frozenset({Access.VIEWER})),
        "workspace_id": context.workspace_id,
        "natural_key": f"debrief:channel:{actor}",
        "source": Source.DEBRIEF,
    }


_READERS: Mapping[str, Callable[[SlackContext, Mapping[str, Any]], Request | None]] = {
    "reaction_added": _reaction_added,
    "reaction_removed": _reaction_removed,
    "message.message_changed": _message_changed,
    "message.message_deleted": _message_deleted,
    "message.channel_convert_to_private": _channel_converted(is_private=True),
    "message.channel_convert_to_public": _channel_converted(is_private=False),
    "member_joined_channel": _membership(is_member=True),
    "member_left_channel": _membership(is_member=False),
    "channel_archive": _channel_closed,
    "channel_deleted": _channel_closed,
    "group_archive": _channel_closed,
    "group_deleted": _channel_closed,
    "channel_unarchive": _channel_opened,
    "group_unarchive": _channel_opened,
    "channel_id_changed": _channel_moved,
    "channel_rename": _channel_renamed,
    "group_rename": _channel_renamed,
    "team_join": _person_changed,
    "user_change": _person_changed,
    "subteam_updated": _group_changed,
    "subteam_created": _group_changed,
    "subteam_members_changed": _group_members_changed,
}
