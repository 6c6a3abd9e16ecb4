"""Change how bad an incident is."""

from dataclasses import dataclass

from analysis.errors import Refused
from analysis.events import EventKind
from analysis.incident import Severity
from analysis.lifecycle import check_not_ended
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, find, record

#: The coalesce key of a post about a rise: of several that wait, the newest says it all.
RISE = "rise"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity(IncidentCommand):
    """Set `severity`, with the reason in words where one was given."""

    severity: Severity
    reason: str = ""


def change_severity(reads: Reads, command: ChangeSeverity) -> Changes:
    """Record the change; a rise is a new post, because it must be noticed, and the newest of those that wait."""
    incident = find(reads, command, Action.STEER)
    check_not_ended(incident, "its severity stays as it is")
    if command.severity is incident.severity:
        message = f"{incident.reference} is already {incident.severity}."
        raise Refused(message)
    wanted = Wanted(
        kind=EventKind.SEVERITY_CHANGED,
        text=command.reason.strip(),
        payload={"from": incident.severity.value, "to": command.severity.value},
    )
    deliveries = [card(reads, incident)]
    if command.severity.rank < incident.severity.rank:
        deliveries.append(announce(reads, incident, command.natural_key, must_be_noticed=True, coalesce=RISE))
    reply = f"{incident.reference} is now {command.severity}, was {incident.severity}."
    return record(reads, command, incident, [wanted], reply=reply, deliveries=deliveries)
