"""Make a draft of the postmortem from the record, by templates alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from analysis.approval import authors_of
from analysis.document import Document, cited, summary_line
from analysis.document_tree import to_tree
from analysis.errors import Conflict
from analysis.events import EventKind
from analysis.findings import find as find_findings
from analysis.incident import Incident, Status
from analysis.lifecycle import Move, check_move
from analysis.milestones import phases
from analysis.people import Action
from analysis.postmortem import compose
from analysis.timeline import timeline
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, Revision
from bot.usecases.approving import current_revision, erased_since, newer_entries
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record, tell
from bot.usecases.change_status import status_event
from bot.usecases.signing import Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDraft(IncidentCommand):
    """Draft the incident's postmortem as its next revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """The use case `draft`, with what it needs: names for actors, and how revisions are signed."""

    signing: Signing
    names: Callable[[str], str]

    def __call__(self, reads: Reads, command: MakeDraft) -> Changes:
        """Write the next revision, supersede the one before, and offer it in the channel."""
        incident = find(reads, command, Action.DRAFT)
        check_move(incident, Move.DRAFT, Status.IN_REVIEW)
        _check_news(reads, incident, self.signing)
        document = draft_document(reads, incident, self.names)
        earlier = reads.revisions(incident.id)
        revision = self._revision(reads, command, incident, document, number=len(earlier) + 1)
        wanted = [
            Wanted(
                kind=EventKind.DRAFTED,
                payload={"revision": revision.number, "hash": revision.hash.hex(), "templates": self.signing.version},
                key="drafted",
            )
        ]
        if incident.status is Status.RESOLVED:
            wanted.append(status_event(incident, Move.DRAFT, Status.IN_REVIEW))
        changes = record(
            reads,
            command,
            incident,
            wanted,
            reply=summary_line(document, revision.number),
            deliveries=_offers(reads, incident, revision, earlier),
        )
        return replace(changes, revision=revision)

    def _revision(
        self, reads: Reads, command: MakeDraft, incident: Incident, document: Document, *, number: int
    ) -> Revision:
        seq, head = reads.head(incident.id)
        tree = to_tree(document)
        events = reads.events(incident.id)
        return Revision(
            id=reads.new_id(),
            incident_id=incident.id,
            number=number,
            document=tree,
            hash=self.signing.hash_of(tree, ledger_seq=seq, ledger_hash=head),
            ledger_seq=seq,
            ledger_hash=head,
            authors=authors_of(events, command.person.id),
            cites=cited(document, timeline(events)),
            targets=self.signing.targets_of(tree),
            created_at=reads.now,
        )


def _check_news(reads: Reads, incident: Incident, signing: Signing) -> None:
    """Refuse a draft that would say what the current one says, such as for a second click."""
    current = current_revision(reads, incident)
    if current is None or not signing.still_holds(current):
        return
    if newer_entries(reads, incident, current) or erased_since(reads, current):
        return
    message = f"Draft {current.number} of {incident.reference} is up to date: nothing on record changed since."
    raise Conflict(message)


def draft_document(reads: Reads, incident: Incident, names: Callable[[str], str]) -> Document:
    """The document that the record gives now."""
    events = reads.events(incident.id)
    entries, found_phases = timeline(events), phases(events)
    findings = find_findings(entries, found_phases)
    return compose(incident, entries, found_phases, findings, names=names)


def _offers(reads: Reads, incident: Incident, revision: Revision, earlier: Sequence[Revision]) -> list[NewDelivery]:
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
