"""From the record to a revision: everything that a draft takes time for, outside of any transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from analysis.approval import Signatory, authors_of, with_revision
from analysis.authorship import by_whom
from analysis.document import Document, cited, summary_line
from analysis.document_tree import to_tree
from analysis.events import TimelineEvent
from analysis.findings import find as find_findings
from analysis.incident import Incident
from analysis.milestones import phases
from analysis.postmortem import compose
from analysis.styles import Style, how_styled, in_style, style_terms, with_style
from analysis.timeline import timeline
from analysis.writing.marking import model_of, with_writing
from bot.ports.ledger import Reads
from bot.ports.outside import Styled, Styling
from bot.ports.records import Revision
from bot.usecases.postmortem.signing import Signing


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
class Written:
    """A document with what an author made of it; `block` says how, and is nothing where no model is asked at all."""

    document: Document
    block: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class Author(Protocol):
    """Adds to a composed document what rules cannot write, by an instant, or says why not."""

    def __call__(self, material: Material, document: Document, /, *, until: datetime | None) -> Written:
        """*document* with that, or as it is, at the latest at *until*."""
        ...


def nobody_writes(_: Material, document: Document, /, *, until: datetime | None) -> Written:  # noqa: ARG001 - an `Author`
    """The author where no model is set up: the document is that of the templates."""
    return Written(document=document)


class OneStyle:
    """The styling where nothing but the default style is wanted (`bot.ports.outside.Styling`)."""

    def version(self, style: Style) -> str:  # noqa: ARG002 - a `Styling`
        """Nothing lays it out."""
        return ""

    def __call__(self, tree: Mapping[str, Any], style: Style) -> Styled:  # noqa: ARG002 - as above
        """The default style, whatever is asked for."""
        return Styled(block=in_style(Style.SRE))


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
    author: Author = nobody_writes
    styling: Styling = field(default_factory=OneStyle)

    def __call__(
        self, material: Material, requested_by: str, *, until: datetime | None = None, style: Style = Style.SRE
    ) -> Composed:
        """The next revision in *style*, at the latest at *until*; who asked for it is one of its authors."""
        written = self.author(material, self.composer(material.incident, material.events), until=until)
        document = written.document
        authors = authors_of(material.events, requested_by)
        told = with_writing(to_tree(document), written.block)
        tree = with_revision(
            with_style(told, self.styling(told, style).block),
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
            summary=summary_line(document, material.number) + by_whom(tree) + how_styled(tree),
            terms={**self.signing.terms(material.incident.visibility), **model_of(tree), **style_terms(tree)},
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
