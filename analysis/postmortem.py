"""The deterministic postmortem: the same record gives the same document, without a clock, a model or a choice.

Words (see `docs/`): a *statement* is a sentence of the document, a *claim* is a statement with its verdict, and a
claim is *grounded* or supported if the events that it cites are on the timeline and say so. Here every sentence is
written by code from the events that it cites, so it cannot say more than they do; what they do not say is asked.
"""

from collections.abc import Sequence

from analysis.document import (
    Basis,
    Claim,
    Document,
    DurationRow,
    Fact,
    MilestoneRow,
    PhaseRow,
    Row,
    Section,
    Statement,
    cited,
    claim_rows,
    claims,
    summary_line,
)
from analysis.document_tree import from_tree, to_tree
from analysis.events import EventKind
from analysis.evidence import NO_OTHER_LINKS, Links, evidence_link
from analysis.findings import Findings
from analysis.incident import Incident, Role, Severity
from analysis.milestones import DURATION_ENDS, Milestone, Phase
from analysis.narrative import sections
from analysis.replayed import is_added, stated_severity
from analysis.statements import Record, between, in_phase, labels, when
from analysis.telling import history, said, tell
from analysis.timeline import Entry
from analysis.voice import Names, Voice
from analysis.wording import counted, joined, whole

__all__ = [
    "Basis",
    "Claim",
    "Document",
    "Section",
    "Statement",
    "cited",
    "claim_rows",
    "claims",
    "compose",
    "from_tree",
    "summary_line",
    "to_tree",
]

NOT_SET = "not set"


def compose(
    incident: Incident,
    entries: Sequence[Entry],
    phases: Sequence[Phase],
    findings: Findings,
    *,
    names: Names,
    zone: str = "UTC",
    links: Links = NO_OTHER_LINKS,
) -> Document:
    """The postmortem of *incident*.

    Parameters
    ----------
    entries, phases, findings
        As `timeline`, `phases` and `find` give them for the incident's ledger.
    names
        A person's name by actor; people without one appear by role only.
    zone
        The zone whose clock is shown beside UTC in the timeline.
    links
        Which links may stand in the document.
    """
    record = Record(
        incident=incident,
        entries=tuple(entries),
        phases=tuple(phases),
        findings=findings,
        voice=Voice(entries, names),
        by_id={entry.event.id: entry for entry in entries},
    )
    return Document(
        number=incident.number,
        title=incident.shown_title,
        severity=_severity(record),
        visibility=incident.visibility.value,
        zone=zone,
        facts=_facts(record),
        sections=sections(record),
        timeline=tuple(_row(record, entry, links) for entry in record.entries),
        phases=tuple(PhaseRow(number=one.number, started_at=one.started_at, ended_at=one.ended_at) for one in phases),
        durations=tuple(_duration(record, phase, name) for phase in phases for name in DURATION_ENDS),
        milestones=tuple(_milestone(record, phase, one) for phase in phases for one in Milestone),
        findings=findings,
    )


def _facts(record: Record) -> tuple[Fact, ...]:
    once = [_rated(record), _visibility(record), _commander(record), *_declared(record)]
    phased = [[_instant(record, phase, one) for one in _FACT_NAMES] for phase in record.phases]
    known = [fact for fact in (*once, *(fact for facts in phased for fact in facts)) if fact.value]
    return (*known, *_not_on_record(record, once), *_extent(record))


def _not_on_record(record: Record, once: Sequence[Fact]) -> list[Fact]:
    """What a reader looks for in the header and nobody recorded, in one line, by phase where there are several."""
    unset = [fact.name for fact in once if not fact.value]
    by_phase = [
        (phase, [name for one, name in _FACT_NAMES.items() if not record.milestone(phase, one)])
        for phase in record.phases
    ]
    if len(record.phases) < 2:
        unset += [name for _, names in by_phase for name in names]
        by_phase = []
    parts = [_listed(unset), *(f"phase {phase.number}: {_listed(names)}" for phase, names in by_phase if names)]
    value = "; ".join(part for part in parts if part)
    return [Fact(name="Not on record", value=value)] if value else []


def _listed(names: Sequence[str]) -> str:
    return joined([f"{name[:1].lower()}{name[1:]}" for name in names])


def _declared(record: Record) -> list[Fact]:
    return [
        Fact(name="Declared", value=f"{when(entry)}, {record.voice.who(entry)}", events=(entry.label,))
        for entry in record.of_kind(EventKind.DECLARED)[:1]
        if not is_added(entry.event)
    ]


def _instant(record: Record, phase: Phase, milestone: Milestone) -> Fact:
    entry = record.milestone(phase, milestone)
    name = f"{_FACT_NAMES[milestone]}{in_phase(record, phase)}"
    return Fact(name=name, value=when(entry) if entry else "", events=labels([entry] if entry else []))


def _severity(record: Record) -> Severity | None:
    """The severity, where anybody stated one."""
    rated = [entry for entry in record.entries if stated_severity(entry.event)]
    return record.incident.severity if rated else None


def _rated(record: Record) -> Fact:
    severity = _severity(record)
    rated = [entry.label for entry in record.entries if severity and stated_severity(entry.event) is severity]
    return Fact(name="Severity", value=severity.value if severity else "", events=tuple(rated[-1:]))


def _visibility(record: Record) -> Fact:
    """Who may read it; where a replay only opened the incident, the record says nothing of that."""
    stated = [
        entry.label
        for entry in record.of_kind(EventKind.DECLARED, EventKind.VISIBILITY_CHANGED)
        if not is_added(entry.event)
    ]
    value = record.incident.visibility.value if stated else ""
    return Fact(name="Visibility", value=value, events=tuple(stated[-1:]))


def _commander(record: Record) -> Fact:
    assigned = [
        entry
        for entry in record.of_kind(EventKind.ROLE_ASSIGNED)
        if entry.event.payload["role"] == Role.INCIDENT_COMMANDER
    ][-1:]
    if not assigned or not assigned[0].event.payload["person"]:
        return Fact(name="Incident commander", value="")
    who = record.voice.person(assigned[0].event.payload["person"])
    return Fact(name="Incident commander", value=who, events=(assigned[0].label,))


_FACT_NAMES = {
    Milestone.DETECTION: "Detected",
    Milestone.MITIGATION: "Mitigated",
    Milestone.RESOLUTION: "Resolved",
}


def _extent(record: Record) -> list[Fact]:
    span = record.findings.span
    if span is None:
        return [Fact(name="Record", value="empty")]
    added = sum(is_added(entry.event) for entry in record.entries)
    over = between(record.entries[0], record.entries[-1])
    value = f"{counted(len(record.entries) - added, 'entry', 'entries')} over {over}"
    value += f", and {added} added by the replay" if added else ""
    return [Fact(name="Record", value=value, events=tuple(dict.fromkeys((span.first, span.last))))]


def _row(record: Record, entry: Entry, links: Links) -> Row:
    told = tell(entry, record.voice)
    return Row(
        label=entry.label,
        at=entry.at,
        precision=entry.event.precision.value,
        text=told.text,
        said=said(entry),
        who=record.voice.who(entry),
        kind=entry.event.kind.value,
        basis=told.basis,
        source=entry.event.source.value,
        key=entry.event.natural_key,
        link=evidence_link(entry.event, links),
        tags=tuple(sorted(tag.value for tag in entry.tags)),
        is_revised=entry.is_revised,
        is_deleted=entry.is_deleted,
        history=history(entry, record.voice),
        is_added=is_added(entry.event),
    )


def _duration(record: Record, phase: Phase, name: str) -> DurationRow:
    start, end = DURATION_ENDS[name]
    span = phase.durations()[name]
    begun, ended = record.milestone(phase, start), record.milestone(phase, end)
    return DurationRow(
        name=name,
        title=name.replace("_", " ").capitalize(),
        phase=phase.number,
        definition=f"{end} − {start}",
        seconds=None if span is None else whole(span.total_seconds()),
        text=_why_not(phase, start, end) if span is None or not (begun and ended) else between(begun, ended),
        events=() if span is None else tuple(entry.label for entry in (ended, begun) if entry),
    )


def _why_not(phase: Phase, start: Milestone, end: Milestone) -> str:
    missing = [one for one in (start, end) if one in phase.missing]
    if missing:
        return f"{' and '.join(missing)} {NOT_SET}"
    if phase.is_reversed(start, end):
        return f"{end} lies before {start}"
    return f"{end} and {start} are not known well enough to tell which came first"


def _milestone(record: Record, phase: Phase, milestone: Milestone) -> MilestoneRow:
    entry = record.milestone(phase, milestone)
    if entry is None:
        return MilestoneRow(milestone=milestone, phase=phase.number)
    return MilestoneRow(
        milestone=milestone,
        phase=phase.number,
        at=entry.at,
        precision=entry.event.precision.value,
        who=record.voice.who(entry),
        events=(entry.label,),
    )
