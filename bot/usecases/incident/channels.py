"""What follows from Slack's answers and events about channels: linked, pinned, joined, archived and back."""

from dataclasses import dataclass, replace
from datetime import datetime

from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, Membership
from bot.usecases.asking import Command, IncidentCommand, Wanted, announce, card, incident_lane, record, tell
from bot.usecases.privacy.leaving import leave
from bot.usecases.signals.messages import messages_of_groups
from bot.usecases.timeline.messages import message_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChannel(IncidentCommand):
    """The incident's channel exists in Slack under this name, since the event that Slack dates `at`.

    `is_private` is what Slack said of it, `None` where it did not say.
    """

    channel_name: str
    at: str = ""
    is_private: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConverted(IncidentCommand):
    """A person made the channel private or public in Slack, by the event that Slack dates `at`."""

    is_private: bool
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMoved(Command):
    """Slack calls the channel `was` by the identifier `channel` from now on, by the event that it dates `at`.

    `members` are those who were in it.
    """

    was: str
    channel: str
    at: str
    members: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPosted(IncidentCommand):
    """The incident's card exists in Slack as message `ts` of `channel`."""

    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClosed(IncidentCommand):
    """The channel was archived or deleted in Slack, by the event that Slack dates `at`."""

    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened(IncidentCommand):
    """The channel was unarchived in Slack, by the event that Slack dates `at`; `lanes` go to it by its setting."""

    at: str
    lanes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Command):
    """Somebody joined or left a channel, by the event that Slack dates `at`; `is_ours` where it is Debrief itself.

    `lanes` are those that go to the channel by its setting, such as the one that alerts are told in.
    """

    channel: str
    is_member: bool
    at: datetime
    is_ours: bool = False
    lanes: tuple[str, ...] = ()


def link_channel(reads: Reads, command: LinkChannel) -> Changes:
    """Record which channel is the incident's; a renamed one is known by itself and recorded under its new name."""
    if command.number:
        incident = reads.incident_by_number(command.workspace_id, command.number)
    else:
        incident = reads.incident_by_channel(command.channel or "")
    if incident is None:
        return Changes()
    payload: dict[str, object] = {"channel": command.channel, "name": command.channel_name, "at": command.at}
    if command.is_private is not None:
        payload["is_private"] = command.is_private
    # Without the name: it is made from the title, and a natural key cannot be erased.
    wanted = Wanted(kind=EventKind.CHANNEL_LINKED, payload=payload, key=f"{command.channel}:{command.at}")
    if incident.visibility is Visibility.PRIVATE and command.is_private is False:
        # Made private while its channel was being made, or a person opened its channel to everybody.
        card_ts = incident.card_ts if incident.channel_id == command.channel else None
        exposed = replace(incident, channel_id=command.channel, card_ts=card_ts)
        leaving = leave(reads, exposed, ask=incident.commander or incident.declared_by, at=command.at)
        return record(reads, command, incident, [wanted, leaving.event], reply="", deliveries=leaving.deliveries)
    is_new = command.channel != incident.channel_id and incident.visibility is Visibility.PUBLIC
    deliveries = messages_of_groups(reads, incident) if is_new else []  # they say where the incident goes on
    return record(reads, command, incident, [wanted], reply="", deliveries=deliveries)


def channel_converted(reads: Reads, command: ChannelConverted) -> Changes:
    """Record what the channel is from now on, unless a later conversion is on record."""
    incident = reads.incident_by_channel(command.channel or "")
    if incident is None or _is_overtaken(reads, incident, command):
        return Changes()
    linked = LinkChannel(
        person=command.person,
        workspace_id=command.workspace_id,
        natural_key=command.natural_key,
        source=command.source,
        channel=command.channel,
        channel_name=incident.channel_name or "",
        at=command.at,
        is_private=command.is_private,
    )
    return link_channel(reads, linked)


def channel_moved(reads: Reads, command: ChannelMoved) -> Changes:
    """Go on under the new identifier, with everybody who was in the channel and what could not be posted meanwhile.

    Slack does this where somebody shares a private channel with another organisation: people are told who reads along.
    """
    members = tuple(replace(each, channel=command.channel) for each in command.members)
    incident = reads.incident_by_channel(command.was)
    if incident is None or incident.channel_id != command.was or command.was == command.channel:
        return Changes(memberships=members)
    payload = {
        "channel": command.channel,
        "name": incident.channel_name or "",
        "was": command.was,
        "at": command.at,
    }
    wanted = Wanted(kind=EventKind.CHANNEL_LINKED, payload=payload, key=f"{command.channel}:{command.at}")
    told = announce(reads, incident, f"{command.natural_key}:{wanted.key}", must_be_noticed=True)
    elsewhere = messages_of_groups(reads, incident) if incident.visibility is Visibility.PUBLIC else []
    moved = record(reads, command, incident, [wanted], reply="", deliveries=[card(reads, incident), told, *elsewhere])
    return replace(moved, memberships=members, reopened_lanes=(incident_lane(incident),))


def _is_overtaken(reads: Reads, incident: Incident, command: ChannelConverted) -> bool:
    return any(
        event.payload.get("channel") == command.channel
        and "is_private" in event.payload
        and message_instant(event.payload.get("at") or "0") > message_instant(command.at)
        for event in reads.events_of_kind(incident.id, {EventKind.CHANNEL_LINKED})
    )


def card_posted(reads: Reads, command: CardPosted) -> Changes:
    """Record which message is the card, so that it is edited in place; one in a channel that was left is none."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    if incident is None:
        return Changes()
    if incident.channel_id != command.channel:
        return Changes()
    wanted = Wanted(kind=EventKind.CARD_PINNED, payload={"ts": command.ts}, key=command.ts)
    pin = tell(reads, incident, DeliveryKind.PIN_CARD, coalesce="pin")
    return record(reads, command, incident, [wanted], reply="", deliveries=[pin])


def membership_changed(reads: Reads, command: MembershipChanged) -> Changes:
    """Remember who is in which channel: it decides who may see a private incident.

    Where Debrief itself is let in again, what could not be posted there goes on.
    """
    moved = Membership(channel=command.channel, actor=command.person.id, is_member=command.is_member, at=command.at)
    is_let_in = command.is_ours and command.is_member
    incident = reads.incident_by_channel(command.channel) if is_let_in else None
    reopened = (*(command.lanes if is_let_in else ()), *((incident_lane(incident),) if incident else ()))
    return Changes(memberships=(moved,), reopened_lanes=reopened)


def channel_closed(reads: Reads, command: ChannelClosed) -> Changes:
    """Record that the channel was archived or deleted: bots cannot unarchive, so a reopening opens another."""
    incident = reads.incident_by_channel(command.channel or "")
    if incident is None:
        return Changes()
    wanted = Wanted(kind=EventKind.CHANNEL_CLOSED, payload={"channel": command.channel}, key=f"closed:{command.at}")
    return record(reads, command, incident, [wanted], reply="")


def channel_opened(reads: Reads, command: ChannelOpened) -> Changes:
    """Record that the incident goes on in its channel, whose card then shows what has happened since.

    So does what could not be posted there meanwhile.
    """
    incident = reads.incident_by_channel(command.channel or "")
    if incident is None or incident.channel_id != command.channel:
        return Changes(reopened_lanes=command.lanes)
    reopened = (incident_lane(incident), *command.lanes)
    if not incident.is_channel_closed:
        return Changes(reopened_lanes=reopened)
    payload = {"channel": command.channel, "name": incident.channel_name or ""}
    wanted = Wanted(kind=EventKind.CHANNEL_LINKED, payload=payload, key=f"opened:{command.at}")
    opened = record(reads, command, incident, [wanted], reply="", deliveries=[card(reads, incident)])
    return replace(opened, reopened_lanes=reopened)
