"""Show an incident as it is now, where nothing about it changed but what its channel has been told."""

from dataclasses import dataclass
from uuid import UUID

from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import card


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """Edit the card of `incident_id`."""

    incident_id: UUID


def show_card(reads: Reads, command: ShowCard) -> Changes:
    """Queue the edit; one that waits already is replaced."""
    incident = reads.incident(command.incident_id)
    return Changes(deliveries=(card(reads, incident),)) if incident else Changes()
