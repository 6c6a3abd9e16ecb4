"""Detach a group of alerts from an incident: they are not a part of it after all."""

from dataclasses import dataclass, replace

from analysis.errors import Refused
from analysis.events import EventKind
from analysis.people import Action
from bot.ports.grouping import FeedbackKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.ports.signals import SignalChanges
from bot.usecases.asking import Command, IncidentCommand, card, find, record
from bot.usecases.groups.asking import attachment, attachment_event, find_group
from bot.usecases.groups.confirm_calls import unconfirmed
from bot.usecases.groups.messages import edit_of
from bot.usecases.signals.messages import signals_message


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachGroup(IncidentCommand):
    """Detach the group that people call G-`group`; `label` is what that says of it."""

    group: int
    label: FeedbackKind = FeedbackKind.DETACHED


def detach_as_unrelated(reads: Reads, command: Command, number: int, group: int) -> Changes:
    """Detach G-`group` from incident `number`, asked for by another *command*, as having nothing to do with it."""
    detach = DetachGroup(
        person=command.person,
        workspace_id=command.workspace_id,
        natural_key=command.natural_key,
        source=command.source,
        asked_at=command.asked_at,
        number=number,
        group=group,
        label=FeedbackKind.NOT_RELATED,
    )
    return detach_group(reads, detach)


def detach_group(reads: Reads, command: DetachGroup) -> Changes:
    """Put that on the timeline, too: that it was attached stays on record."""
    incident = find(reads, command, Action.RECORD)
    group = find_group(reads, command, command.group)
    if incident.id not in {one.id for one in reads.groups.incidents_of(group.id)}:
        message = f"{group.reference} is not attached to {incident.reference}. `/incident alerts` lists what is."
        raise Refused(message)
    changes = record(
        reads,
        command,
        incident,
        [attachment_event(EventKind.ALERT_GROUP_DETACHED, group)],
        reply=f"{group.reference} is not attached to {incident.reference} any more.",
        deliveries=[
            *([card(reads, incident)] if incident.status.is_active else []),
            *signals_message(reads, incident),
            *edit_of(reads, group),
        ],
    )
    return replace(
        changes,
        groups=attachment(reads, command, group, incident, command.label),
        signals=SignalChanges(edges=unconfirmed(reads, incident, group)),
    )
