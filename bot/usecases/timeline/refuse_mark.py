"""Tell who marked a message of Debrief itself that it is no evidence: what it shows is the record already."""

from dataclasses import dataclass

from analysis.people import Action, may
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, tell_person

OWN_MESSAGE = (
    "That is a message of Debrief itself, which shows what is on record already, so it was not added. Mark what a "
    "person or a tool wrote, or write down what you mean with `/incident note`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseMark(IncidentCommand):
    """Somebody marked one of our own messages in the channel of an incident."""


def refuse_mark(reads: Reads, command: RefuseMark) -> Changes:
    """Record nothing, and say so to whoever would be allowed to mark something there."""
    incident = reads.incident_by_channel(command.channel) if command.channel else None
    if incident is None or not may(command.person, Action.RECORD, incident):
        return Changes()
    return Changes(deliveries=(tell_person(reads, incident, command.person.id, command.channel, OWN_MESSAGE),))
