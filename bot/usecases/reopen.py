"""Reopen an incident: it was not over, so the next phase begins and no earlier approval holds."""

from dataclasses import dataclass

from analysis.events import EventKind
from analysis.incident import Status
from analysis.lifecycle import Move, check_move
from analysis.milestones import Milestone
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, find, record
from bot.usecases.change_status import milestone_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(IncidentCommand):
    """Begin the next phase, for `reason`."""

    reason: str


def reopen(reads: Reads, command: Reopen) -> Changes:
    """Record the next phase; its awareness is this instant, its other milestones are its own."""
    incident = find(reads, command, Action.REOPEN)
    check_move(incident, Move.REOPEN, Status.INVESTIGATING, reason=command.reason)
    phase = incident.phase + 1
    reopened = Wanted(
        kind=EventKind.REOPENED,
        text=command.reason.strip(),
        payload={"from": incident.status.value, "to": Status.INVESTIGATING.value, "phase": phase},
        key="status",
    )
    return record(
        reads,
        command,
        incident,
        [reopened, milestone_event(incident, Milestone.AWARENESS, phase=phase)],
        reply=f"{incident.reference} is open again, phase {phase}.",
        deliveries=[card(reads, incident), announce(reads, incident, f"{command.natural_key}:status")],
    )
