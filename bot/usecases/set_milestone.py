"""Set one of the seven milestones to its own instant."""

from dataclasses import dataclass

from analysis.events import EventKind
from analysis.milestones import Milestone
from analysis.people import Action
from analysis.precision import Precision
from analysis.times import parse_when
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMilestone(IncidentCommand):
    """Set `milestone` of the present phase to `when`, in the person's zone; without one, to now."""

    milestone: Milestone
    when: str = ""


def set_milestone(reads: Reads, command: SetMilestone) -> Changes:
    """Record the instant; a later setting corrects an earlier, which stays in the record."""
    incident = find(reads, command, Action.RECORD)
    instant, precision = reads.now, Precision.SECOND
    if command.when.strip() and command.when.strip().lower() != "now":
        when = parse_when(command.when, now=reads.now, zone=command.person.zone, declared_at=incident.declared_at)
        instant, precision = when.at, Precision(when.precision)
    wanted = Wanted(
        kind=EventKind.MILESTONE_SET,
        text=command.milestone.value,
        payload={"milestone": command.milestone.value, "phase": incident.phase},
        occurred_at=instant,
        precision=precision,
    )
    reply = f"{incident.reference}: {command.milestone.value} was at {instant:%Y-%m-%d %H:%M:%S} UTC."
    return record(reads, command, incident, [wanted], reply=reply, deliveries=[card(reads, incident)])
