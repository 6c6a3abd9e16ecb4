"""The section of a postmortem that lists what the record leaves unexplained."""

from collections.abc import Sequence

from analysis.document import Basis, Section, Statement
from analysis.findings import Gap
from analysis.milestones import Milestone, Phase
from analysis.statements import Record, in_phase, labels
from analysis.timeline import Entry
from analysis.wording import counted, joined

#: Milestones that the sections on detection and on mitigation and resolution ask for.
ASKED_ELSEWHERE = frozenset({Milestone.DETECTION, Milestone.MITIGATION, Milestone.RECOVERY, Milestone.RESOLUTION})
#: Asked in every document: no entry can say that it is answered.
STILL_UNKNOWN = "What is still unknown, and who will find out?"


def open_questions(record: Record) -> Section:
    """Contradictions and gaps, alerts nobody looked at, what changed after it was recorded, times nobody set."""
    statements = [
        Statement(text=one.text, events=one.labels, basis=Basis.DERIVED) for one in record.findings.contradictions
    ]
    statements += [Statement(text=gap.text, events=_evidence(gap), basis=Basis.DERIVED) for gap in record.findings.gaps]
    statements += [
        Statement(text=one.text, events=(one.label,), basis=Basis.DERIVED) for one in record.findings.unlooked
    ]
    statements += [*_changed_messages(record), *_corrected(record)]
    asks = [_unset(record, phase) for phase in record.phases] + [STILL_UNKNOWN]
    return Section(
        key="open_questions",
        title="Open questions: contradictions and gaps",
        statements=tuple(statements),
        asks=(" ".join(ask for ask in asks if ask),),
    )


def asked_when(missing: Sequence[Milestone]) -> str:
    """The beginning of the question for milestones that nobody has set."""
    return f"When {'was' if len(missing) == 1 else 'were'} the {joined([one.value for one in missing])}"


def _evidence(gap: Gap) -> tuple[str, ...]:
    """Both ends of the silence, and what says how severe it was then."""
    return tuple(dict.fromkeys(label for label in (gap.after, gap.before, gap.rated) if label))


def _unset(record: Record, phase: Phase) -> str:
    """The milestones of *phase* that no section of their own asks for."""
    missing = [one for one in phase.missing if one not in ASKED_ELSEWHERE]
    return f"{asked_when(missing)}{in_phase(record, phase)}?" if missing else ""


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
