"""The one message in an incident's channel that lists its signals: posted once, edited from then on."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from analysis.incident import Incident, Visibility
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.ports.signals import SignalChanges, SignalMessage
from bot.usecases.asking import IncidentCommand, tell
from bot.usecases.groups.messages import edit_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsPosted(IncidentCommand):
    """The message that lists the signals is `ts` of `channel`.

    One that `was_found`, because its answer was lost, shows what was so at an earlier attempt.
    """

    ts: str
    was_found: bool = False


def signals_message(reads: Reads, incident: Incident, *, may_post: bool = False) -> tuple[NewDelivery, ...]:
    """Edit the message that the incident's channel has; post it where there is none, if that *may* be."""
    ts = reads.signals.message(incident.id, incident.channel_id) if incident.channel_id else None
    if ts is None and not may_post:
        return ()
    return (tell(reads, incident, DeliveryKind.SIGNALS, coalesce="signals", is_post=ts is None),)


def list_goes_on(reads: Reads, before: Incident, after: Incident) -> list[NewDelivery]:
    """Post the list in the channel that the incident has *after*, if that which it had *before* has one."""
    is_there = before.channel_id and reads.signals.message(before.id, before.channel_id)
    return [tell(reads, after, DeliveryKind.SIGNALS, coalesce="signals", is_post=True)] if is_there else []


def messages_of_groups(reads: Reads, incident: Incident) -> list[NewDelivery]:
    """Edit the messages of the groups that are, or may be, a part of the incident: they name it if all may see it."""
    found = {one.group_id for one in reads.signals.of_incident(incident.id) if one.group_id}
    found |= {group.id for group in reads.groups.attached_to(incident.id)}
    groups = sorted(reads.groups.several(found).values(), key=lambda group: group.number)
    return [delivery for group in groups for delivery in edit_of(reads, group)]


def lists_of_signals(reads: Reads, moved: Collection[UUID]) -> tuple[NewDelivery, ...]:
    """Edit the lists of open incidents that show groups that *moved*: whether they are on and how bad stands there."""
    if not moved:
        return ()
    found = {one.id: one for one in reads.groups.incidents_with(moved)}
    near = (reads.incident(each) for each in sorted(reads.signals.incidents_near(moved) - found.keys()))
    incidents = [*found.values(), *filter(None, near)]
    return tuple(each for one in incidents if one.status.is_active for each in signals_message(reads, one))


def signals_over(reads: Reads, incident: Incident) -> list[NewDelivery]:
    """Offer nothing any more of an incident that ends: in its list, and in what the messages of groups suggest."""
    groups = messages_of_groups(reads, incident) if incident.visibility is Visibility.PUBLIC else []
    return [*signals_message(reads, incident), *groups]


def signals_again(reads: Reads, reopened: Incident) -> list[NewDelivery]:
    """Offer again what can be said of the signals on an incident that is open again, where that is read."""
    groups = messages_of_groups(reads, reopened) if reopened.visibility is Visibility.PUBLIC else []
    if not reopened.has_open_channel:
        return [*list_goes_on(reads, reopened, reopened), *groups]
    return [*signals_message(reads, reopened), *groups]


def signals_posted(reads: Reads, command: SignalsPosted) -> Changes:
    """Remember it, so that it is edited in place; one that was found is, at once."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    if incident is None or not command.channel:
        return Changes()
    message = SignalMessage(incident_id=incident.id, channel=command.channel, ts=command.ts)
    edits = (tell(reads, incident, DeliveryKind.SIGNALS, coalesce="signals"),) if command.was_found else ()
    return Changes(signals=SignalChanges(message=message), deliveries=edits)
