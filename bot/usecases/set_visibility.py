"""Make an incident private or public."""

from dataclasses import dataclass, replace

from analysis.errors import Refused
from analysis.events import EventKind
from analysis.incident import Visibility
from analysis.people import Action, can_see
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVisibility(IncidentCommand):
    """Show it to everybody, or only to role holders and channel members."""

    visibility: Visibility


def set_visibility(reads: Reads, command: SetVisibility) -> Changes:
    """Record who may know of it from now on."""
    incident = find(reads, command, Action.RESTRICT)
    if command.visibility is incident.visibility:
        message = f"{incident.reference} is already {incident.visibility}."
        raise Refused(message)
    if not can_see(command.person, replace(incident, visibility=command.visibility)):
        message = (
            f"You would not see {incident.reference} any more. "
            "Join its channel or take a role in it first, then repeat this."
        )
        raise Refused(message)
    wanted = Wanted(
        kind=EventKind.VISIBILITY_CHANGED,
        payload={"from": incident.visibility.value, "to": command.visibility.value},
    )
    reply = f"{incident.reference} is now {command.visibility}."
    if command.visibility is Visibility.PRIVATE:
        reply += " Its Slack channel stays as it is: convert it to private in Slack too."
    return record(reads, command, incident, [wanted], reply=reply, deliveries=[card(reads, incident)])
