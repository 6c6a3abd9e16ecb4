"""Make a private incident public: everybody can read it from then on, so this asks once first."""

from dataclasses import dataclass

from analysis.errors import NeedsConfirmation
from analysis.incident import Visibility
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.privacy.set_visibility import SetVisibility, set_visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePublic(IncidentCommand):
    """Show it to everybody; `is_confirmed` after the person was asked once."""

    is_confirmed: bool = False


def make_public(reads: Reads, command: MakePublic) -> Changes:
    """Record that everybody may know of it, once the person has said so twice."""
    incident = find(reads, command, Action.RESTRICT)
    if incident.visibility is Visibility.PRIVATE and not command.is_confirmed:
        message = (
            f"{incident.reference} is private. Everybody in the workspace will be able to read its whole record. "
            "Make it public?"
        )
        raise NeedsConfirmation(message, verb=Visibility.PUBLIC, number=incident.number, incident_id=incident.id)
    return set_visibility(reads, _as_visibility(command))


def _as_visibility(command: MakePublic) -> SetVisibility:
    return SetVisibility(
        person=command.person,
        workspace_id=command.workspace_id,
        natural_key=command.natural_key,
        source=command.source,
        asked_at=command.asked_at,
        channel=command.channel,
        number=command.number,
        pressed=command.pressed,
        visibility=Visibility.PUBLIC,
    )
