"""Resolve an incident: it is over, and what is still missing is asked for."""

from dataclasses import dataclass, replace

from analysis.errors import Conflict, NeedsConfirmation
from analysis.incident import Status
from analysis.lifecycle import Move, check_move
from analysis.milestones import Milestone
from analysis.people import Action, may
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, announce, card, find, record
from bot.usecases.incident.alerts_at_resolution import alerts_at_resolution
from bot.usecases.incident.change_status import has_milestone, milestone_event, phases_on_record, status_event
from bot.usecases.paging.news import resolve_pages
from bot.usecases.signals.messages import signals_over

#: What a resolution asks for; the others set themselves or belong to the regulatory worksheet.
ASKED_FOR = (Milestone.OCCURRENCE, Milestone.DETECTION, Milestone.MITIGATION, Milestone.RECOVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(IncidentCommand):
    """Say that it is over; `is_confirmed` after a person who is not the commander was asked once, about `phase`."""

    is_confirmed: bool = False
    phase: int | None = None


def resolve(reads: Reads, command: Resolve) -> Changes:
    """Record the resolution and what the alerts had come to; name what still fires, and milestones nobody has set."""
    incident = find(reads, command, Action.STEER)
    check_move(incident, Move.RESOLVE, Status.RESOLVED)
    if command.phase not in {None, incident.phase}:
        message = (
            f"You were asked about phase {command.phase} of {incident.reference}, before it was reopened. It is in "
            f"phase {incident.phase} now, so nothing was done. If that is over, too: `/incident resolve`."
        )
        raise Conflict(message)
    if not may(command.person, Action.RESOLVE, incident) and not command.is_confirmed:
        message = f"You are not the incident commander of {incident.reference}. Resolve it all the same?"
        about = str(incident.phase)
        raise NeedsConfirmation(message, verb="resolve", number=incident.number, incident_id=incident.id, about=about)
    wanted = [status_event(incident, Move.RESOLVE, Status.RESOLVED)]
    if not has_milestone(reads, incident, Milestone.RESOLUTION):
        wanted.append(milestone_event(incident, Milestone.RESOLUTION))
    present = phases_on_record(reads, incident)[-1]
    missing = [milestone.value for milestone in ASKED_FOR if milestone in present.missing]
    asks = (
        f" Not on record yet: {', '.join(missing)}. Set one with `/incident milestone {missing[0]} TIME`."
        if missing
        else ""
    )
    alerts, still_firing = alerts_at_resolution(reads, incident)
    paged, to_pager, pages = resolve_pages(reads, incident)
    changes = record(
        reads,
        command,
        incident,
        [*wanted, *alerts, *paged],
        reply=f"{incident.reference} is resolved.{still_firing}{asks}",
        deliveries=[
            card(reads, incident),
            announce(reads, incident, f"{command.natural_key}:status"),
            *signals_over(reads, incident),
            *to_pager,
        ],
    )
    return replace(changes, pages=pages)
