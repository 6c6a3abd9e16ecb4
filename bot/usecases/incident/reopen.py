"""Reopen an incident: it was not over, so the next phase begins and no earlier approval holds."""

from dataclasses import dataclass

from analysis.events import EventKind
from analysis.incident import Incident, Status
from analysis.lifecycle import Move, check_move
from analysis.milestones import Milestone
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, find, record, tell
from bot.usecases.incident.change_status import milestone_event
from bot.usecases.postmortem.approving import draft_shown
from bot.usecases.signals.messages import signals_again


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
        deliveries=_deliveries(reads, command, incident.in_phase(phase)),
    )


def _deliveries(reads: Reads, command: Reopen, reopened: Incident) -> list[NewDelivery]:
    """Show it in its channel, or in a new one where that was archived: bots cannot unarchive."""
    told = announce(reads, reopened, f"{command.natural_key}:status", must_be_noticed=True)
    if reopened.has_open_channel:
        return [card(reads, reopened), told, *signals_again(reads, reopened), *draft_shown(reads, reopened)]
    people = sorted({*reopened.roles.values(), command.person.id})
    return [
        tell(reads, reopened, DeliveryKind.OPEN_CHANNEL),
        tell(reads, reopened, DeliveryKind.CARD, is_post=True, coalesce="card"),
        tell(reads, reopened, DeliveryKind.INVITE, people=people),
        tell(reads, reopened, DeliveryKind.TOPIC, coalesce="topic"),
        told,
        *signals_again(reads, reopened),
    ]
