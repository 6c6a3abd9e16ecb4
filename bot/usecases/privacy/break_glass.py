"""Break glass: an admin who may not see a private incident erases or exports in it all the same, on its own record."""

from dataclasses import dataclass, replace

from analysis.errors import Conflict, InvalidInput
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.lifecycle import MINIMUM_REASON_LETTERS
from analysis.people import Action, can_see
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, announce, find, record

EXPORT, ERASE = "export", "erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass(IncidentCommand):
    """Export the ledger of a private incident from outside of it, and say why."""

    reason: str


def break_glass(reads: Reads, command: BreakGlass) -> Changes:
    """Record the export before anything is handed over, and tell the incident's channel."""
    incident = find(reads, command, Action.ADMINISTER, breaks_glass=True)
    reason = reason_given(command.reason)
    if can_see(command.person, incident):
        message = f"You may see {incident.reference}: export it without --break-glass."
        raise Conflict(message)
    return broken(reads, command, incident, act=EXPORT, reason=reason)


def broken(reads: Reads, command: IncidentCommand, incident: Incident, *, act: str, reason: str) -> Changes:
    """The fact that somebody outside of the incident did *act*, with a post that its people notice."""
    wanted = Wanted(kind=EventKind.GLASS_BROKEN, text=reason, payload={"act": act}, key="glass")
    told = announce(reads, incident, f"{command.natural_key}:glass", must_be_noticed=True)
    reply = "That you are not in this private incident is on its record, with your reason, and its channel is told."
    return record(reads, command, incident, [wanted], reply=reply, deliveries=[told])


def with_glass(reads: Reads, command: IncidentCommand, incident: Incident, changes: Changes, reason: str) -> Changes:
    """*changes* of an erasure, with the same said of it where its person is not in the incident."""
    if can_see(command.person, incident):
        return changes
    glass = broken(reads, command, incident, act=ERASE, reason=reason)
    return replace(
        changes,
        reply=replace(changes.reply, text=f"{changes.reply.text} {glass.reply.text}"),
        events=(*glass.events, *changes.events),
        deliveries=(*changes.deliveries, *glass.deliveries),
    )


def reason_given(reason: str) -> str:
    """The reason as it goes on record.

    Raises
    ------
    InvalidInput
        If there is hardly one.
    """
    said = reason.strip()
    if len(said) < MINIMUM_REASON_LETTERS:
        message = f"Say why, in at least {MINIMUM_REASON_LETTERS} letters: the reason stays on record."
        raise InvalidInput(message)
    return said
