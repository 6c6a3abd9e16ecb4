"""The postmortem as a record, its JSON form, and its claims.

The tree holds nothing that depends on the order of arrival: events are named by their labels and natural keys,
never by ids, sequence numbers or hashes. So the same facts give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from analysis.events import EventKind
from analysis.findings import Findings
from analysis.incident import Severity
from analysis.milestones import Milestone
from analysis.precision import Precision
from analysis.support import Evidence, disagreements
from analysis.timeline import Entry
from analysis.wording import counted

#: The whole sentence that stands where nobody tagged a contributing factor.
NO_CAUSE = "Cause: not yet established."
MOST_CITED = 3


class Basis(StrEnum):
    """What a statement rests on."""

    FACT = "fact"  #: recorded by Debrief or a system, or vouched for by a responder
    QUOTATION = "quotation"  #: somebody said or wrote it; only that is certain
    DERIVED = "derived"  #: counted or computed from the events it cites
    WRITTEN = "written"  #: a language model wrote it, and code found it in the events it cites


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence and the events that support it: at most three, except where they are counted."""

    text: str
    events: tuple[str, ...]
    basis: Basis = Basis.FACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, what the record says under it, and what it does not say and a person is asked for."""

    key: str
    title: str
    statements: tuple[Statement, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def ask(self) -> str:
        """All that is asked, as one text; empty where the record says enough."""
        return " ".join(self.asks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the header; without events, nothing is on record for it."""

    name: str
    value: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the timeline.

    `text` is what the document shows; `said` is what the record holds word for word, empty where it may not be
    shown (deleted, erased) or where the event has no words. `key` is the event's natural key. `history` tells, a
    sentence each, what stood there before it was corrected. `is_added` says that a replay added it to a record from
    elsewhere.
    """

    label: str
    at: datetime
    precision: str
    text: str
    said: str
    who: str
    kind: str
    basis: Basis
    source: str
    key: str
    link: str = ""
    tags: tuple[str, ...] = ()
    is_revised: bool = False
    is_deleted: bool = False
    history: tuple[str, ...] = ()
    is_added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationRow:
    """One duration of one phase; `seconds` is `None` where an end is not on record or the ends are reversed."""

    name: str
    title: str
    phase: int
    definition: str
    seconds: float | None
    text: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRow:
    """One milestone of one phase; `at` is `None` where nobody set it."""

    milestone: Milestone
    phase: int
    at: datetime | None = None
    precision: str = ""
    who: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    """From a declaration or reopening to the resolution."""

    number: int
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A postmortem: everything that is rendered and signed, in reading order.

    `severity` is `None` where nobody stated one.
    """

    number: int
    title: str
    severity: Severity | None
    visibility: str
    zone: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    timeline: tuple[Row, ...]
    phases: tuple[PhaseRow, ...]
    durations: tuple[DurationRow, ...]
    milestones: tuple[MilestoneRow, ...]
    findings: Findings

    def section(self, key: str) -> Section:
        """The section with this *key*."""
        return next(section for section in self.sections if section.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement with its place and whether it agrees with the entries it cites (see `analysis.support`)."""

    section: str
    text: str
    events: tuple[str, ...]
    supported: bool


def claims(document: Document) -> tuple[Claim, ...]:
    """Every statement of *document* in reading order: header, sections, durations.

    A statement is supported if `analysis.support` finds nothing in it that the entries it cites do not say.
    """
    timeline = evidence(document)
    header = [("facts", f"{fact.name}: {fact.value}", fact.events) for fact in document.facts if fact.events]
    said = [(section.key, one.text, one.events) for section in document.sections for one in section.statements]
    durations = [
        ("durations", f"{row.title}, phase {row.phase}: {row.text}", row.events)
        for row in document.durations
        if row.seconds is not None
    ]
    return tuple(
        Claim(section=section, text=text, events=events, supported=not disagreements(text, events, timeline))
        for section, text, events in (*header, *said, *durations)
    )


def at_odds(document: Document) -> tuple[Claim, ...]:
    """The statements of *document* that are at odds with the entries they cite; nobody may sign it while it has any."""
    return tuple(claim for claim in claims(document) if not claim.supported)


def evidence(document: Document) -> dict[str, Evidence]:
    """What a statement of *document* may rest on, by label."""
    return {row.label: _evidence(row) for row in document.timeline}


def _evidence(row: Row) -> Evidence:
    return Evidence(
        at=row.at,
        precision=Precision(row.precision),
        text=row.text,
        who=row.who,
        kind=EventKind(row.kind),
        has_words=bool(row.said),
        is_revised=row.is_revised and not row.is_deleted,
        is_deleted=row.is_deleted,
        is_corrected=bool(row.history),
        is_counted=not row.is_added,
    )


def claim_rows(document: Document) -> list[dict[str, object]]:
    """The claims as the rows of `claims.jsonl`."""
    return [
        {"section": claim.section, "text": claim.text, "events": list(claim.events), "supported": claim.supported}
        for claim in claims(document)
    ]


def cited(document: Document, entries: Sequence[Entry]) -> frozenset[UUID]:
    """The ids of the events that *document* rests on: all on its timeline, matched by natural key."""
    keys = {row.key for row in document.timeline}
    return frozenset(entry.event.id for entry in entries if entry.event.natural_key in keys)


def summary_line(document: Document, number: int) -> str:
    """How revision *number* stands, in one sentence for the offer."""
    made = claims(document)
    unsupported = sum(not claim.supported for claim in made)
    support = (
        f"{unsupported} at odds with the entries they cite"
        if unsupported
        else "each agrees with the times, counts and quotations of the entries it cites"
    )
    cause = "cause not yet tagged" if document.section("contributing_factors").asks else "cause tagged"
    return (
        f"Draft {number} is ready: {counted(len(made), 'statement')}, {support}; {_to_look_at(document.findings)}; "
        f"{cause}."
    )


def _to_look_at(findings: Findings) -> str:
    parts = [
        counted(len(found), noun)
        for found, noun in ((findings.contradictions, "contradiction"), (findings.gaps, "gap"))
        if found
    ]
    return f"{' and '.join(parts)} to look at" if parts else "no contradictions or gaps"
