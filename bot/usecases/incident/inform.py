"""Say what customers feel, and tell stakeholders."""

from dataclasses import dataclass

from analysis.errors import InvalidInput
from analysis.events import EventKind
from analysis.lifecycle import check_not_ended
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, find, held_until, record

MAXIMUM_UPDATE_LETTERS = 2000
MAXIMUM_IMPACT_LETTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImpact(IncidentCommand):
    """State the customer impact in one line."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendUpdate(IncidentCommand):
    """Tell stakeholders, in the channel."""

    text: str


def set_impact(reads: Reads, command: SetImpact) -> Changes:
    """Record the impact and show it on the card."""
    incident = find(reads, command, Action.RECORD)
    text = checked_impact(command.text)
    wanted = Wanted(kind=EventKind.IMPACT_SET, text=text)
    reply = f"{incident.reference}: customer impact is on record."
    return record(reads, command, incident, [wanted], reply=reply, deliveries=[card(reads, incident)])


def send_update(reads: Reads, command: SendUpdate) -> Changes:
    """Record the update and post it."""
    incident = find(reads, command, Action.RECORD)
    check_not_ended(incident, "stakeholders are told nothing from it")
    text = _checked(command.text.strip(), MAXIMUM_UPDATE_LETTERS, "update Payments recover since 14:10")
    wanted = Wanted(kind=EventKind.UPDATE_SENT, text=text)
    deliveries = [card(reads, incident), announce(reads, incident, command.natural_key)]
    at = reads.may_post_at(incident, DeliveryKind.ANNOUNCE)
    reply = f"{incident.reference}: the update is on record and will be posted{held_until(reads, incident, at)}."
    return record(reads, command, incident, [wanted], reply=reply, instants=[at], deliveries=deliveries)


def checked_impact(text: str) -> str:
    """The impact on one line.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is empty, or longer than the card shows.
    """
    return _checked(" ".join(text.split()), MAXIMUM_IMPACT_LETTERS, "impact 3 % of card payments fail")


def _checked(text: str, limit: int, example: str) -> str:
    if not text:
        message = f"Say it in words: `/incident {example}`."
        raise InvalidInput(message)
    if len(text) > limit:
        message = f"This is {len(text)} letters long; {limit} fit. Shorten it, nothing was recorded."
        raise InvalidInput(message)
    return text
