"""Attach a group of alerts to an incident: they are a part of it."""

from dataclasses import dataclass, replace

from analysis.errors import IllegalTransition, Refused
from analysis.events import EventKind
from analysis.people import Action
from bot.ports.grouping import FeedbackKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.ports.signals import SignalChanges
from bot.usecases.asking import IncidentCommand, announce, card, find, record
from bot.usecases.groups.asking import attachment, attachment_event, find_group, group_words
from bot.usecases.groups.confirm_calls import confirmed
from bot.usecases.groups.messages import edit_of
from bot.usecases.signals.messages import signals_message


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachGroup(IncidentCommand):
    """Attach the group that people call G-`group`."""

    group: int


def attach_group(reads: Reads, command: AttachGroup) -> Changes:
    """Put it on the timeline and into the channel; nothing is attached to an incident that is over."""
    incident = find(reads, command, Action.RECORD)
    group = find_group(reads, command, command.group)
    if not incident.status.is_active:
        state = incident.status.value.replace("_", " ")
        message = f"{incident.reference} is {state}, so nothing is attached to it. Reopen it first if it is not over."
        raise IllegalTransition(message)
    if incident.id in {one.id for one in reads.groups.incidents_of(group.id)}:
        message = f"{group.reference} is attached to {incident.reference} already."
        raise Refused(message)
    wanted = attachment_event(EventKind.ALERT_GROUP_ATTACHED, group)
    changes = record(
        reads,
        command,
        incident,
        [wanted],
        reply=f"{group.reference} is attached to {incident.reference}: {group_words(group)}.",
        instants=[group.opened_at],
        deliveries=[
            card(reads, incident),
            announce(reads, incident, f"{command.natural_key}:{wanted.key}"),
            *signals_message(reads, incident),
            *edit_of(reads, group),
        ],
    )
    return replace(
        changes,
        groups=attachment(reads, command, group, incident, FeedbackKind.ATTACHED),
        signals=SignalChanges(edges=confirmed(reads, incident, group)),
    )
