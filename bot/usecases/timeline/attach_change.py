"""Take a deploy, feature flag or other event of the workspace's log into an incident's record."""

from dataclasses import dataclass, replace
from uuid import UUID

from analysis.changes import CHANGE_KINDS, change_key, reference
from analysis.errors import Conflict, NotFound, Refused
from analysis.events import Source, TimelineEvent
from analysis.incident import WORKSPACE_LOG_NUMBER
from analysis.people import Action
from analysis.times import REACH
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, moment, record
from bot.usecases.pressed import gone


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachChange(IncidentCommand):
    """Take in the change that people call C-`change`; a button says which `event` of the log that is."""

    change: int
    event: UUID | None = None


def attach_change(reads: Reads, command: AttachChange) -> Changes:
    """Record it at its own time, as its sender reported it, with who took it in; the log keeps it, too."""
    incident = find(reads, command, Action.RECORD)
    event = _change(reads, command)
    if event.occurred_at < incident.declared_at - REACH:
        message = (
            f"{reference(event)} is from more than 24 hours before the declaration of {incident.reference}. "
            "Write a note that says what it has to do with it."
        )
        raise Refused(message)
    if reads.has_event(incident.id, change_key(event)):
        message = f"{reference(event)} is on the record of {incident.reference} already."
        raise Conflict(message)
    wanted = Wanted(
        kind=event.kind,
        text=event.text,
        payload={**event.payload, "attached_by": command.person.id},
        occurred_at=event.occurred_at,
        precision=event.precision,
        fact=change_key(event),
        actor=event.actor,
    )
    at = moment(event.occurred_at, event.precision)
    return record(
        reads,
        replace(command, source=Source.WEBHOOK),
        incident,
        [wanted],
        reply=f"{reference(event)} is on the timeline of {incident.reference} at {at}: {event.text}",
        instants=[event.occurred_at],
        deliveries=[card(reads, incident)],
    )


def _change(reads: Reads, command: AttachChange) -> TimelineEvent:
    log = reads.incident_by_number(command.workspace_id, WORKSPACE_LOG_NUMBER)
    found = reads.events_at(log.id, {command.change}) if log else ()
    if command.event and (not found or found[0].id != command.event):
        raise gone(f"C-{command.change}", "changes")
    if not found or found[0].kind not in CHANGE_KINDS:
        message = f"There is no change C-{command.change}. `/incident changes` lists those around an incident's start."
        raise NotFound(message)
    if found[0].erased:
        message = f"{reference(found[0])} was erased on request, so there is nothing left to take in."
        raise Refused(message)
    return found[0]
