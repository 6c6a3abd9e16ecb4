"""Take the title of an incident out of what its duplicates told of it, once it is private or erased."""

from analysis.events import EventKind
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.records import DeliveryKind, NewDelivery
from bot.usecases.asking import card
from bot.usecases.privacy.leaving import hidden


def original_hidden(reads: Reads, incident: Incident) -> list[NewDelivery]:
    """Edit the posts that sent people from a duplicate to *incident*, and the card of each."""
    told: list[NewDelivery] = []
    for duplicate in reads.duplicates_of(incident):
        ends = {
            event.natural_key
            for event in reads.events_of_kind(duplicate.id, {EventKind.STATUS_CHANGED})
            if event.payload.get("duplicate_of") == incident.number
        }
        shown = reads.shown(duplicate.id)
        posts = [one for one in shown if one.kind is DeliveryKind.ANNOUNCE and one.arguments.get("event") in ends]
        sentence = f"{duplicate.reference} is a duplicate of {incident.reference}."
        told += [
            *hidden(reads, duplicate, posts, sentence, lane=f"duplicate:{duplicate.id}"),
            card(reads, duplicate),
        ]
    return told
