"""From the record to a revision: everything that a draft takes time for, outside of any transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from analysis.approval import Signatory, authors_of, with_revision
from analysis.document import Document, cited, summary_line
from analysis.document_tree import to_tree
from analysis.events import TimelineEvent
from analysis.findings import find as find_findings
from analysis.incident import Incident
from analysis.milestones import phases
from analysis.postmortem import compose
from analysis.timeline import timeline
from bot.ports.ledger import Reads
from bot.ports.records import Revision
from bot.usecases.signing import Signing


class Composer(Protocol):
    """Writes the document; it may take as long as it needs."""

    def __call__(self, incident: Incident, events: Sequence[TimelineEvent]) -> Document:
        """The document that the record gives."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The record as one snapshot had it; `number` and `revision_id` are those of the revision to be made from it."""

    incident: Incident
    events: tuple[TimelineEvent, ...]
    ledger_seq: int
    ledger_hash: bytes
    number: int
    revision_id: UUID
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A revision that is not stored yet, how it stands in one sentence, and the terms it was made under."""

    revision: Revision
    summary: str
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatesAlone:
    """Composes by rules; *names* gives the name of an actor."""

    names: Callable[[str], str]

    def __call__(self, incident: Incident, events: Sequence[TimelineEvent]) -> Document:
        """The same document for the same record."""
        entries, found_phases = timeline(events), phases(events)
        findings = find_findings(entries, found_phases)
        return compose(incident, entries, found_phases, findings, names=self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composing:
    """Makes revisions: what the composer writes, rendered and hashed as an approval will sign it.

    `names` gives the name of an author.
    """

    signing: Signing
    composer: Composer
    names: Callable[[str], str]

    def __call__(self, material: Material, requested_by: str) -> Composed:
        """The next revision; who asked for it is one of its authors."""
        document = self.composer(material.incident, material.events)
        authors = authors_of(material.events, requested_by)
        tree = with_revision(
            to_tree(document),
            number=material.number,
            authors=[Signatory(id=author, name=self.names(author)) for author in authors],
            ledger_seq=material.ledger_seq,
            ledger_hash=material.ledger_hash,
        )
        revision = Revision(
            id=material.revision_id,
            incident_id=material.incident.id,
            number=material.number,
            document=tree,
            hash=self.signing.hash_of(tree, ledger_seq=material.ledger_seq, ledger_hash=material.ledger_hash),
            ledger_seq=material.ledger_seq,
            ledger_hash=material.ledger_hash,
            authors=authors,
            cites=cited(document, timeline(material.events)),
            targets=self.signing.targets_of(tree),
            created_at=material.taken_at,
        )
        return Composed(
            revision=revision,
            summary=summary_line(document, material.number),
            terms=self.signing.terms(material.incident.visibility),
        )


def gather(reads: Reads, incident: Incident) -> Material:
    """What the next revision of *incident* is to be made from."""
    seq, head = reads.head(incident.id)
    return Material(
        incident=incident,
        events=reads.events(incident.id),
        ledger_seq=seq,
        ledger_hash=head,
        number=len(reads.revision_heads(incident.id)) + 1,
        revision_id=reads.new_id(),
        taken_at=reads.now,
    )
