"""What follows from Slack's answers and events about channels: linked, pinned, joined, archived and back."""

from dataclasses import dataclass
from datetime import datetime

from analysis.events import EventKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, Membership
from bot.usecases.asking import Command, IncidentCommand, Wanted, card, record, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChannel(IncidentCommand):
    """The incident's channel exists in Slack under this name, since the event that Slack dates `at`."""

    channel_name: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPosted(IncidentCommand):
    """The incident's card exists in Slack as message `ts`."""

    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClosed(IncidentCommand):
    """The channel was archived or deleted in Slack, by the event that Slack dates `at`."""

    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened(IncidentCommand):
    """The channel was unarchived in Slack, by the event that Slack dates `at`."""

    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Command):
    """Somebody joined or left a channel, by the event that Slack dates `at`."""

    channel: str
    is_member: bool
    at: datetime


def link_channel(reads: Reads, command: LinkChannel) -> Changes:
    """Record which channel is the incident's; a renamed one is known by itself and recorded under its new name."""
    if command.number:
        incident = reads.incident_by_number(command.workspace_id, command.number)
    else:
        incident = reads.incident_by_channel(command.channel or "")
    if incident is None:
        return Changes()
    payload = {"channel": command.channel, "name": command.channel_name}
    wanted = Wanted(
        kind=EventKind.CHANNEL_LINKED, payload=payload, key=f"{command.channel}:{command.channel_name}:{command.at}"
    )
    return record(reads, command, incident, [wanted], reply="")


def card_posted(reads: Reads, command: CardPosted) -> Changes:
    """Record which message is the card, so that it is edited in place from now on."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    if incident is None:
        return Changes()
    wanted = Wanted(kind=EventKind.CARD_PINNED, payload={"ts": command.ts}, key=command.ts)
    pin = tell(reads, incident, DeliveryKind.PIN_CARD, coalesce="pin")
    return record(reads, command, incident, [wanted], reply="", deliveries=[pin])


def membership_changed(_: Reads, command: MembershipChanged) -> Changes:
    """Remember who is in which channel: it decides who may see a private incident."""
    moved = Membership(channel=command.channel, actor=command.person.id, is_member=command.is_member, at=command.at)
    return Changes(memberships=(moved,))


def channel_closed(reads: Reads, command: ChannelClosed) -> Changes:
    """Record that the channel was archived or deleted: bots cannot unarchive, so a reopening opens another."""
    incident = reads.incident_by_channel(command.channel or "")
    if incident is None:
        return Changes()
    wanted = Wanted(kind=EventKind.CHANNEL_CLOSED, payload={"channel": command.channel}, key=f"closed:{command.at}")
    return record(reads, command, incident, [wanted], reply="")


def channel_opened(reads: Reads, command: ChannelOpened) -> Changes:
    """Record that the incident goes on in its channel, whose card then shows what has happened since."""
    incident = reads.incident_by_channel(command.channel or "")
    if incident is None or not incident.is_channel_closed:
        return Changes()
    payload = {"channel": command.channel, "name": incident.channel_name or ""}
    wanted = Wanted(kind=EventKind.CHANNEL_LINKED, payload=payload, key=f"opened:{command.at}")
    return record(reads, command, incident, [wanted], reply="", deliveries=[card(reads, incident)])
