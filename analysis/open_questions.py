"""The section of a postmortem that lists what the record leaves unexplained."""

from collections.abc import Sequence

from analysis.document import Basis, Section, Statement
from analysis.statements import Record, labels
from analysis.timeline import Entry
from analysis.wording import counted, joined


def open_questions(record: Record) -> Section:
    """Contradictions and gaps of the record, what changed after it was recorded, times nobody set."""
    statements = [
        Statement(text=one.text, events=one.labels, basis=Basis.DERIVED) for one in record.findings.contradictions
    ]
    statements += [
        Statement(text=gap.text, events=(gap.after, gap.before), basis=Basis.DERIVED) for gap in record.findings.gaps
    ]
    statements += [*_changed_messages(record), *_corrected(record)]
    asks = [
        f"Not set in phase {phase.number}: {joined([missing.value for missing in phase.missing])}. When were they?"
        for phase in record.phases
        if phase.missing
    ]
    asks.append("What is still unknown, and who will find out?")
    return Section(
        key="open_questions",
        title="Open questions: contradictions and gaps",
        statements=tuple(statements),
        asks=tuple(asks),
    )


def _changed_messages(record: Record) -> list[Statement]:
    deleted = [entry for entry in record.entries if entry.is_deleted]
    revised = [entry for entry in record.entries if entry.is_revised and not entry.is_deleted]
    return [*_changed(deleted, "deleted"), *_changed(revised, "revised")]


def _corrected(record: Record) -> list[Statement]:
    entries = [entry for entry in record.entries if entry.corrections]
    if not entries:
        return []
    verb = "was" if len(entries) == 1 else "were"
    text = f"{counted(len(entries), 'entry', 'entries')} {verb} corrected after being recorded."
    return [Statement(text=text, events=labels(entries), basis=Basis.DERIVED)]


def _changed(entries: Sequence[Entry], what: str) -> list[Statement]:
    if not entries:
        return []
    verb = "was" if len(entries) == 1 else "were"
    text = f"{counted(len(entries), 'message')} {verb} {what} in Slack after being recorded."
    return [Statement(text=text, events=labels(entries), basis=Basis.DERIVED)]
