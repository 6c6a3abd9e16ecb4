"""Keep alerts of the past, as an administrator has them in a file."""

from dataclasses import dataclass

from analysis.people import Action, Person, require
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.alerts.receive import ReceiveAlerts, receive_alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAlerts:
    """A part of a file: what it says, in the order in which it happened."""

    person: Person
    delivery: ReceiveAlerts


def import_alerts(reads: Reads, command: ImportAlerts) -> Changes:
    """Keep them as if they had been heard when they happened.

    Raises
    ------
    analysis.errors.Forbidden
        If the person may not administer.
    """
    require(command.person, Action.ADMINISTER)
    return receive_alerts(reads, command.delivery)
