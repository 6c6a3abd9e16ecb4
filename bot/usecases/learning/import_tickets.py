"""Keep what closed tickets say of alerts: that they mattered, or that nobody had to do anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.alerts.tickets import Firing, Ticket, TicketVerdict
from analysis.masking import masked
from analysis.people import Action, require
from bot.ports.grouping import Feedback, FeedbackKind, FeedbackOrigin, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking import Command

_KINDS = {TicketVerdict.MATTERED: FeedbackKind.MATTERED, TicketVerdict.NOISE: FeedbackKind.NOISE}


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLabel:
    """What *ticket* says of one firing."""

    ticket: Ticket
    firing: Firing

    @property
    def natural_key(self) -> str:
        """What makes it the same label: the ticket as it was closed, what it says, and of which firing."""
        closed = self.ticket.closed_at.isoformat() if self.ticket.closed_at else ""
        return f"ticket:{self.ticket.system}:{self.ticket.key}:{self.ticket.verdict}:{closed}:{self.firing.seq}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTickets(Command):
    """A part of a file: the labels that follow from it."""

    labels: Sequence[TicketLabel]


def import_tickets(reads: Reads, command: ImportTickets) -> Changes:
    """Keep those labels that are not on record; the reply's number says how many they were.

    Raises
    ------
    analysis.errors.Forbidden
        If the person may not administer.
    """
    require(command.person, Action.ADMINISTER)
    wanted = {label.natural_key: label for label in command.labels}
    known = reads.learning.known_labels(command.workspace_id, wanted.keys())
    new = [_feedback(reads, command, label) for key, label in wanted.items() if key not in known]
    return Changes(groups=GroupChanges(feedback=tuple(new)), reply=Reply(number=len(new)))


def _feedback(reads: Reads, command: ImportTickets, label: TicketLabel) -> Feedback:
    ticket = label.ticket
    return Feedback(
        id=reads.new_id(),
        workspace_id=command.workspace_id,
        kind=_KINDS[ticket.verdict],
        at=reads.now,
        group_id=None,
        alert_id=label.firing.alert_id,
        seq=label.firing.seq,
        person=command.person.id,
        origin=FeedbackOrigin.TICKET,
        natural_key=label.natural_key,
        reason=masked(f"{ticket.system} {ticket.key}: {ticket.because}"),
    )
