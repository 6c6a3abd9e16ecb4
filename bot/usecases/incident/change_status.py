"""Move an incident between its active states."""

from dataclasses import dataclass

from analysis.events import EventKind
from analysis.incident import Incident, Status
from analysis.lifecycle import Move, check_move
from analysis.milestones import PHASE_KINDS, Milestone, Phase, phases
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus(IncidentCommand):
    """Go to `target`, one of the active states."""

    target: Status


def change_status(reads: Reads, command: ChangeStatus) -> Changes:
    """Record the move; the first entry to monitoring in a phase is its mitigation."""
    incident = find(reads, command, Action.STEER)
    check_move(incident, Move.STATUS, command.target)
    wanted = [status_event(incident, Move.STATUS, command.target)]
    if command.target is Status.MONITORING and not has_milestone(reads, incident, Milestone.MITIGATION):
        wanted.append(milestone_event(incident, Milestone.MITIGATION))
    reply = f"{incident.reference} is now {command.target.value}."
    return record(reads, command, incident, wanted, reply=reply, deliveries=[card(reads, incident)])


def status_event(incident: Incident, move: Move, target: Status, *, reason: str = "", **more: object) -> Wanted:
    """The event of a move, with the states it lies between."""
    return Wanted(
        kind=EventKind.STATUS_CHANGED,
        text=reason,
        payload={
            "move": move.value,
            "from": incident.status.value,
            "to": target.value,
            "phase": incident.phase,
            **more,
        },
        key="status",
    )


def milestone_event(incident: Incident, milestone: Milestone, *, phase: int | None = None) -> Wanted:
    """The milestone that follows from a move, at the instant of that move."""
    return Wanted(
        kind=EventKind.MILESTONE_SET,
        text=milestone.value,
        payload={"milestone": milestone.value, "phase": phase or incident.phase},
        key=milestone.value,
        follows=True,
    )


def has_milestone(reads: Reads, incident: Incident, milestone: Milestone) -> bool:
    """Whether the incident's present phase has this milestone already."""
    found = [phase for phase in phases_on_record(reads, incident) if phase.number == incident.phase]
    return bool(found) and milestone in found[-1].milestones


def phases_on_record(reads: Reads, incident: Incident) -> tuple[Phase, ...]:
    """The incident's phases with their milestones."""
    return phases(reads.events_of_kind(incident.id, PHASE_KINDS))
