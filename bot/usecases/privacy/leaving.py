"""Leaving a public channel: a private incident goes on in a channel of its own, and the old one shows nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.channels import public_channels
from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from bot.ports.ledger import Reads
from bot.ports.records import DeliveryKind, NewDelivery, Shown
from bot.usecases.asking import Wanted, tell
from bot.usecases.signals.messages import list_goes_on

ELSEWHERE = "This incident is continued elsewhere."


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What is recorded and told when an incident leaves its public channel."""

    event: Wanted
    deliveries: tuple[NewDelivery, ...]


def is_in_public(incident: Incident) -> bool:
    """Whether its channel is one that everybody may read, or may be: only what is on record as private is private."""
    return incident.channel_id is not None and not incident.is_channel_private


def leave(reads: Reads, incident: Incident, *, ask: str, at: str = "") -> Leaving:
    """How *incident*, private from now on, leaves the public channel it has; whoever may know is sent to `ask`.

    It goes on in a lane of its own: the old one may hold messages that wait for the old channel.
    """
    old = incident.channel_id or ""
    after = replace(incident, visibility=Visibility.PRIVATE, channel_id=None, channels_left=incident.channels_left + 1)
    event = Wanted(kind=EventKind.CHANNEL_LEFT, payload={"channel": old}, key=f"left:{old}:{at}")
    elsewhere = [*_opening(reads, after, ask), *list_goes_on(reads, incident, after)]
    return Leaving(event=event, deliveries=(*_emptying(reads, incident, old, ask), *elsewhere))


def earlier_public_channels(reads: Reads, incident: Incident) -> tuple[str, ...]:
    """The channels of phases before that everybody may read, and that still show what was told there."""
    kinds = {EventKind.CHANNEL_LINKED, EventKind.CHANNEL_LEFT, EventKind.CHANNEL_CLOSED}
    found = public_channels(reads.events_of_kind(incident.id, kinds))
    return tuple(channel for channel in found if channel != incident.channel_id)


def leave_earlier(reads: Reads, incident: Incident, channel: str, *, ask: str) -> Leaving:
    """How *channel*, in which the incident was in a phase before, is emptied; it goes on where it is."""
    event = Wanted(kind=EventKind.CHANNEL_LEFT, payload={"channel": channel}, key=f"left:{channel}:")
    emptied = _emptying(reads, replace(incident, card_ts=None), channel, ask)
    return Leaving(event=event, deliveries=tuple(emptied))


def left_channels(reads: Reads, incident: Incident) -> frozenset[str]:
    """The public channels that the incident left: nothing of it may be shown there any more."""
    left = reads.events_of_kind(incident.id, {EventKind.CHANNEL_LEFT})
    return frozenset(event.payload["channel"] for event in left)


def linked_channels(reads: Reads, incident: Incident) -> frozenset[str]:
    """Every channel that is or was the incident's, as far as its entries still say so."""
    kinds = {EventKind.CHANNEL_LINKED, EventKind.CHANNEL_LEFT, EventKind.CHANNEL_CLOSED}
    linked = (event.payload.get("channel") for event in reads.events_of_kind(incident.id, kinds))
    return frozenset(channel for channel in linked if channel)


def hidden(reads: Reads, incident: Incident, shown: Sequence[Shown], sentence: str, *, lane: str) -> list[NewDelivery]:
    """Edit messages of ours so that they say *sentence* alone, and delete their files.

    In a channel that was left they say only that: what is done about a private incident is nobody's matter there.
    """
    left = left_channels(reads, incident)
    messages = dict.fromkeys((one.channel, ts) for one in shown for ts in (one.ts, one.file_ts) if one.channel and ts)
    files = dict.fromkeys(file for one in shown for file in one.files)
    return [
        *(
            tell(
                reads, incident, DeliveryKind.HIDE_MESSAGE, lane=lane, coalesce=f"hide:{channel}:{ts}",
                channel=channel, ts=ts, sentence=ELSEWHERE if channel in left else sentence,
            )
            for channel, ts in messages
        ),
        *(
            tell(reads, incident, DeliveryKind.DELETE_FILE, lane=lane, coalesce=f"file:{file}", file=file)
            for file in files
        ),
    ]  # fmt: skip


def _emptying(reads: Reads, incident: Incident, old: str, ask: str) -> list[NewDelivery]:
    """Take the content out of the old channel, the card first, and say once where to ask."""
    # Which channel a message went to was not always kept: editing one that is elsewhere finds nothing and does no harm.
    shown = [replace(one, channel=old) for one in reads.shown(incident.id) if one.channel in {old, ""}]
    card = [Shown(kind=DeliveryKind.CARD, arguments={}, channel=old, ts=incident.card_ts)] if incident.card_ts else []
    told = tell(reads, incident, DeliveryKind.LEAVE_CHANNEL, lane=leaving_lane(old), channel=old, ask=ask)
    emptied = hidden(reads, incident, [*card, *shown], ELSEWHERE, lane=leaving_lane(old))
    return [*emptied[:1], told, *emptied[1:]]


def _opening(reads: Reads, incident: Incident, ask: str) -> list[NewDelivery]:
    people = sorted({incident.declared_by, *incident.roles.values(), ask})
    return [
        tell(reads, incident, DeliveryKind.OPEN_CHANNEL),
        # Not counted as a post: it stands for the card that was hidden, and must not wait for a quieter half hour.
        tell(reads, incident, DeliveryKind.CARD, coalesce="card"),
        tell(reads, incident, DeliveryKind.INVITE, people=people),
        tell(reads, incident, DeliveryKind.TOPIC, coalesce="topic"),
    ]


def leaving_lane(channel: str) -> str:
    """The lane in which a channel that was left is emptied, beside all others."""
    return f"leave:{channel}"
