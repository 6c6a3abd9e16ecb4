"""Give somebody a role in an incident, or take it back."""

from dataclasses import dataclass

from analysis.errors import Forbidden, Refused
from analysis.events import EventKind
from analysis.incident import Role, Status
from analysis.lifecycle import Move, check_not_ended
from analysis.people import Action, Person, may
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record, tell
from bot.usecases.incident.change_status import status_event


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole(IncidentCommand):
    """Give `role` to `holder`, or to nobody."""

    role: Role
    holder: Person | None


def assign_role(reads: Reads, command: AssignRole) -> Changes:
    """Record the role; with a commander, a declared incident is being investigated."""
    incident = find(reads, command, Action.STEER)
    check_not_ended(incident, "its roles stay as they are")
    holder = command.holder
    if holder and not may(holder, Action.RECORD):
        message = "Guests, people from other organisations and viewers cannot hold a role here."
        raise Forbidden(message)
    before = incident.roles.get(command.role)
    if before == (holder.id if holder else None):
        message = f"That is already so on {incident.reference}."
        raise Refused(message)
    wanted = [
        Wanted(
            kind=EventKind.ROLE_ASSIGNED,
            payload={"role": command.role.value, "person": holder.id if holder else "", "before": before or ""},
            key="role",
        )
    ]
    if holder and command.role is Role.INCIDENT_COMMANDER and incident.status is Status.DECLARED:
        wanted.append(status_event(incident, Move.STATUS, Status.INVESTIGATING))
    deliveries = [card(reads, incident)]
    if holder:
        invited = tell(reads, incident, DeliveryKind.INVITE, people=[holder.id], role=command.role.value)
        deliveries.append(invited)
    reply = f"{incident.reference}: {command.role.title} is now {holder.name or holder.id if holder else 'nobody'}."
    return record(reads, command, incident, wanted, reply=reply, deliveries=deliveries)
