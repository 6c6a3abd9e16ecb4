"""Take a milestone back: it is empty again, and asked for, rather than wrong."""

from dataclasses import dataclass

from analysis.errors import NotFound
from analysis.events import EventKind, TimelineEvent
from analysis.milestones import Milestone
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, asked_at, card, find, record
from bot.usecases.timeline.set_milestone import checked_phase, of_phase, present_setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearMilestone(IncidentCommand):
    """Say that nobody knows `milestone` after all; without a `phase`, of the present one."""

    milestone: Milestone
    phase: int | None = None


def clear_milestone(reads: Reads, command: ClearMilestone) -> Changes:
    """Record that it is empty; what was said before stays in the ledger."""
    incident = find(reads, command, Action.RECORD)
    phase = checked_phase(incident, command.phase)
    name = f"{command.milestone.value}{of_phase(incident, phase)}"
    if not any(
        _sets(event, command.milestone, phase) for event in reads.events_of_kind(incident.id, {EventKind.MILESTONE_SET})
    ):
        message = f"{incident.reference} has no {name} on record. Nothing was recorded."
        raise NotFound(message)
    before = present_setting(reads, incident, command.milestone, phase)
    wanted = Wanted(
        kind=EventKind.MILESTONE_CLEARED,
        text=command.milestone.value,
        payload={"milestone": command.milestone.value, "phase": phase},
        occurred_at=asked_at(reads, command),
        refers_to=before.id if before else None,
    )
    reply = f"{incident.reference}: {name} is not set any more. What was said of it stays on record."
    return record(reads, command, incident, [wanted], reply=reply, deliveries=[card(reads, incident)])


def _sets(event: TimelineEvent, milestone: Milestone, phase: int) -> bool:
    """Whether *event* ever set it, so that there is something to take back."""
    if event.kind is not EventKind.MILESTONE_SET:
        return False
    return (event.payload["milestone"], int(event.payload.get("phase", 1))) == (milestone.value, phase)
