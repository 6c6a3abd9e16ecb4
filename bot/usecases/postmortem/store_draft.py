"""Store a draft that was composed from a snapshot, if it is still what the record gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.errors import Conflict, NotFound
from analysis.events import BOOKKEEPING_KINDS, EventKind
from analysis.incident import Incident, Status
from analysis.lifecycle import Move, check_move
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, Revision, RevisionHead
from bot.usecases.asking import IncidentCommand, Wanted, card, record, tell
from bot.usecases.incident.change_status import status_event
from bot.usecases.postmortem.composing import Composed
from bot.usecases.postmortem.drafted import drafted_key


class OutdatedError(Conflict):
    """The record changed while the draft was composed; nothing was stored. Ask for it again."""


class MadeAlreadyError(Conflict):
    """Another request made this draft in the meantime; it is in the incident's channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDraft(IncidentCommand):
    """Store what was composed as the next revision; `person` is who asked for it, before it was begun or then.

    They asked when the incident's ledger had the entries up to `asked_after`, where that was before.
    """

    composed: Composed
    asked_after: int | None = None

    @property
    def asked_at_entry(self) -> int:
        """The last entry of the ledger when it was asked for."""
        return self.composed.revision.ledger_seq if self.asked_after is None else self.asked_after


def store_draft(reads: Reads, command: StoreDraft) -> Changes:
    """Write the revision, supersede the one before, and offer it in the channel.

    It is stored once, however often it is composed, and only while the ledger says what it was composed from.

    Raises
    ------
    OutdatedError
        If something that the document could show was recorded meanwhile.
    MadeAlreadyError
        If there is a revision with its number.
    analysis.errors.Conflict
        If somebody closed the incident meanwhile: that must not be undone by what was asked for before.
    """
    revision = command.composed.revision
    incident = reads.incident(revision.incident_id)
    if incident is None:
        message = "The incident of this draft is gone."
        raise NotFound(message)
    earlier = reads.revision_heads(incident.id)
    if any(head.number >= revision.number for head in earlier):
        raise MadeAlreadyError
    check_move(incident, Move.DRAFT, Status.IN_REVIEW)
    since_asked = {kind for kind, _ in reads.keys_after(incident.id, command.asked_at_entry)}
    if incident.status is Status.CLOSED and EventKind.STATUS_CHANGED in since_asked:
        message = f"{incident.reference} was closed meanwhile. `/incident draft` makes it all the same."
        raise Conflict(message)
    if any(kind not in BOOKKEEPING_KINDS for kind, _ in reads.keys_after(incident.id, revision.ledger_seq)):
        raise OutdatedError
    changes = record(
        reads,
        command,
        incident,
        _wanted(command, incident),
        reply=command.composed.summary,
        deliveries=_offers(reads, incident, revision, earlier),
    )
    return replace(changes, revision=revision)


def _wanted(command: StoreDraft, incident: Incident) -> list[Wanted]:
    revision = command.composed.revision
    payload = {"revision": revision.number, "hash": revision.hash.hex(), **command.composed.terms}
    wanted = [Wanted(kind=EventKind.DRAFTED, payload=payload, fact=drafted_key(incident, revision.number))]
    if incident.status is not Status.IN_REVIEW:
        wanted.append(status_event(incident, Move.DRAFT, Status.IN_REVIEW))
    return wanted


def _offers(reads: Reads, incident: Incident, revision: Revision, earlier: Sequence[RevisionHead]) -> list[NewDelivery]:
    offer = tell(
        reads, incident, DeliveryKind.OFFER_DRAFT, is_post=True, must_be_noticed=True, revision=str(revision.id)
    )
    outdated = [
        tell(
            reads,
            incident,
            DeliveryKind.SHOW_DRAFT_STATE,
            coalesce=f"draft:{old.id}",
            revision=str(old.id),
        )
        for old in earlier
        if not old.is_superseded
    ]
    return [*outdated, offer, card(reads, incident)]
