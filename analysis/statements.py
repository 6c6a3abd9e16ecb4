"""The sentences that sections are made of, each with the events that support it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from analysis.document import Basis, Statement
from analysis.events import EventKind, Tag
from analysis.findings import Findings
from analysis.incident import Incident
from analysis.milestones import Milestone, Phase
from analysis.telling import is_erased, tell
from analysis.timeline import Entry
from analysis.voice import Voice
from analysis.wording import apart, instant

_TAG_WORDS: Mapping[Tag, str] = {
    Tag.FACT: "fact",
    Tag.IMPACT: "impact",
    Tag.TRIGGER: "trigger",
    Tag.CAUSE: "contributing factor",
    Tag.DETECTION: "detection",
    Tag.RESOLUTION: "resolution",
    Tag.WENT_WELL: "what went well",
    Tag.NOT_SO_WELL: "what did not go so well",
    Tag.LUCKY: "luck",
    Tag.RECURRENCE: "recurrence",
    Tag.ACTION_ITEM: "action item",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that the sections are built from."""

    incident: Incident
    entries: tuple[Entry, ...]
    phases: tuple[Phase, ...]
    findings: Findings
    voice: Voice
    by_id: Mapping[UUID, Entry]

    def of_kind(self, *kinds: EventKind) -> tuple[Entry, ...]:
        """The entries of these kinds whose details can be read, in order."""
        return tuple(entry for entry in self.entries if entry.event.kind in kinds and not entry.event.lost_details)

    def milestone(self, phase: Phase, milestone: Milestone) -> Entry | None:
        """The entry that sets *milestone* in *phase*."""
        event = phase.milestones.get(milestone)
        return self.by_id.get(event.id) if event else None


def when(entry: Entry) -> str:
    """The instant of *entry* as its document shows it."""
    return instant(entry.at, entry.event.precision)


def between(start: Entry, end: Entry) -> str:
    """The length of time between two entries, no finer than both are known."""
    return apart(start.at, start.event.precision, end.at, end.event.precision)


def in_phase(record: Record, phase: Phase) -> str:
    """`, phase 2` where there are several phases."""
    return f", phase {phase.number}" if len(record.phases) > 1 else ""


def labels(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The labels of *entries*, in their order."""
    return tuple(entry.label for entry in entries)


def line(record: Record, entry: Entry) -> Statement:
    """An entry as a sentence of a section, attributed where it is somebody's words."""
    told = tell(entry, record.voice)
    author = f", {record.voice.who(entry)}" if told.basis is Basis.QUOTATION else ""
    return Statement(text=f"{when(entry)}{author}: {told.text}", events=(entry.label,), basis=told.basis)


def with_tag(record: Record, tag: Tag) -> list[Entry]:
    """The entries that people tagged so, in order."""
    return [entry for entry in record.entries if tag in entry.tags]


def tells(entries: Iterable[Entry]) -> bool:
    """Whether what one of *entries* says can still be read: that something was deleted or erased answers nothing."""
    return any(not entry.is_deleted and not is_erased(entry) for entry in entries)


def tagged_line(record: Record, entry: Entry, tag: Tag) -> Statement:
    """A tagged entry with who vouches for it."""
    told = tell(entry, record.voice)
    by = f" by {record.voice.taggers(entry)}" if entry.tagged_by else ""
    text = f"{when(entry)}, {record.voice.who(entry)}: {told.text} (tagged as {_TAG_WORDS[tag]}{by})"
    return Statement(text=text, events=(entry.label,), basis=told.basis)


def milestone_line(
    record: Record, phase: Phase, milestone: Milestone, word: str, *, since: Milestone
) -> list[Statement]:
    """One milestone of one phase, with the time that had passed since another where that is on record."""
    entry, earlier = record.milestone(phase, milestone), record.milestone(phase, since)
    if entry is None:
        return []
    text = f"{word} at {when(entry)}"
    if earlier is None or earlier.at > entry.at:
        return [Statement(text=f"{text}{in_phase(record, phase)}.", events=(entry.label,))]
    text = f"{text}, {between(earlier, entry)} after the {since}{in_phase(record, phase)}."
    return [Statement(text=text, events=(entry.label, earlier.label), basis=Basis.DERIVED)]


def milestone_lines(record: Record, milestone: Milestone, word: str, *, since: Milestone) -> list[Statement]:
    """The milestone of every phase that has it."""
    return [one for phase in record.phases for one in milestone_line(record, phase, milestone, word, since=since)]
