"""The sections of a postmortem, each built from the events that belong to it and from nothing else.

What the record does not hold is asked of people: a cause, a trigger or an impact stands here only if somebody
recorded or tagged it.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from analysis.document import NO_CAUSE, Basis, Section, Statement
from analysis.events import EventKind, Tag
from analysis.incident import Role, Severity
from analysis.milestones import Milestone, Phase
from analysis.open_questions import open_questions
from analysis.statements import (
    Record,
    in_phase,
    labels,
    line,
    milestone_line,
    milestone_lines,
    tagged_line,
    when,
    with_tag,
)
from analysis.telling import said
from analysis.timeline import Entry
from analysis.wording import capital, counted, excerpt, length, quoted

_RESPONSE_KINDS = frozenset(
    {
        EventKind.STATUS_CHANGED,
        EventKind.REOPENED,
        EventKind.SEVERITY_CHANGED,
        EventKind.VISIBILITY_CHANGED,
        EventKind.DEPLOY,
        EventKind.FEATURE_FLAG,
        EventKind.EXTERNAL,
    }
)


def sections(record: Record) -> tuple[Section, ...]:
    """All sections in reading order; timeline, durations, appendix and approvals are tables of the document."""
    return tuple(build(record) for build in _BUILDERS)


def summary(record: Record) -> Section:
    """What happened, from declaration to resolution, in a few sentences."""
    statements = [*_declared(record), *_worst_severity(record)]
    statements += [line(record, entry) for entry in record.of_kind(EventKind.IMPACT_SET)[-1:]]
    for phase in record.phases:
        statements += [line(record, entry) for entry in record.of_kind(EventKind.REOPENED) if _begins(entry, phase)]
        statements += milestone_line(record, phase, Milestone.MITIGATION, "Mitigated", since=Milestone.DETECTION)
        statements += milestone_line(record, phase, Milestone.RESOLUTION, "Resolved", since=Milestone.DETECTION)
    statements += [*_extent(record), *_first_and_last_words(record)]
    return _section("summary", "Summary", statements, "What happened, in two sentences for somebody who was not there?")


def impact(record: Record) -> Section:
    """What customers felt, as recorded; numbers only where the record has them."""
    lines = record.of_kind(EventKind.IMPACT_SET)
    tagged = [entry for entry in with_tag(record, Tag.IMPACT) if entry.event.kind is not EventKind.IMPACT_SET]
    statements = [line(record, entry) for entry in lines] + [tagged_line(record, entry, Tag.IMPACT) for entry in tagged]
    statements += [one for phase in record.phases for one in _impact_length(record, phase)]
    asks = []
    if not lines and not tagged:
        asks = ["Who was affected, how many, for how long, and what did it cost? No customer impact is on record."]
    elif not any(letter.isdigit() for entry in (*lines, *tagged) for letter in entry.text):
        asks = ["How many customers or payments were affected? The recorded impact has no number."]
    return Section(key="impact", title="Impact", statements=tuple(statements), asks=tuple(asks))


def detection(record: Record) -> Section:
    """When and how it was noticed."""
    statements, asks = milestone_lines(record, Milestone.DETECTION, "Detected", since=Milestone.OCCURRENCE)
    tagged = [tagged_line(record, entry, Tag.DETECTION) for entry in with_tag(record, Tag.DETECTION)]
    if not tagged:
        asks.append("What noticed it first, an alert or a person? Nobody has tagged how it was detected.")
    return Section(key="detection", title="Detection", statements=(*statements, *tagged), asks=tuple(asks))


def trigger(record: Record) -> Section:
    """What set it off, if a person tagged it; not the same as what contributed."""
    statements = [tagged_line(record, entry, Tag.TRIGGER) for entry in with_tag(record, Tag.TRIGGER)]
    return _section("trigger", "Trigger", statements, "What set it off? Nobody has tagged the trigger.")


def contributing_factors(record: Record) -> Section:
    """The causes that people tagged; without one, exactly that it is not yet established."""
    statements = [tagged_line(record, entry, Tag.CAUSE) for entry in with_tag(record, Tag.CAUSE)]
    return _section("contributing_factors", "Contributing factors", statements, NO_CAUSE)


def response(record: Record) -> Section:
    """Who commanded, and every change of status, severity, role, deploy and flag."""
    commanded = _commanded(record)
    lines = [entry for entry in record.entries if _is_response(entry)]
    asks = () if commanded else ("Who was the incident commander? Nobody is on record in that role.",)
    statements = (*commanded, *(line(record, entry) for entry in lines))
    return Section(key="response", title="Response", statements=statements, asks=asks)


def resolution(record: Record) -> Section:
    """What ended the impact and the incident, and when."""
    tagged = [tagged_line(record, entry, Tag.RESOLUTION) for entry in with_tag(record, Tag.RESOLUTION)]
    asks = [] if tagged else ["What ended it? Nobody has tagged what resolved the incident."]
    statements: list[Statement] = []
    for milestone, word, since in (
        (Milestone.MITIGATION, "Mitigated", Milestone.DETECTION),
        (Milestone.RECOVERY, "Recovered", Milestone.OCCURRENCE),
        (Milestone.RESOLUTION, "Resolved", Milestone.DETECTION),
    ):
        found, missing = milestone_lines(record, milestone, word, since=since)
        statements += found
        asks += missing
    return Section(
        key="resolution", title="Mitigation and resolution", statements=(*statements, *tagged), asks=tuple(asks)
    )


def communication(record: Record) -> Section:
    """What stakeholders were told, and when."""
    updates = record.of_kind(EventKind.UPDATE_SENT)
    if not updates:
        return _section(
            "communication", "Communication", [], "Who was told, when and how? No update to stakeholders is on record."
        )
    verb = "was" if len(updates) == 1 else "were"
    count = Statement(
        text=f"{counted(len(updates), 'update')} {verb} sent to stakeholders.",
        events=labels(updates),
        basis=Basis.DERIVED,
    )
    return _section("communication", "Communication", [count, *(line(record, entry) for entry in updates)], "")


def _asked(key: str, title: str, ask: str) -> Callable[[Record], Section]:
    section = Section(key=key, title=title, asks=(ask,))
    return lambda _record: section


def _table(key: str, title: str) -> Callable[[Record], Section]:
    section = Section(key=key, title=title)
    return lambda _record: section


_BUILDERS: tuple[Callable[[Record], Section], ...] = (
    summary,
    impact,
    detection,
    trigger,
    contributing_factors,
    response,
    resolution,
    _table("durations", "Durations"),
    _table("timeline", "Timeline"),
    communication,
    _asked("went_well", "What went well", "What went well? To be completed by the people who were there."),
    _asked("not_so_well", "What did not go so well", "What made it harder or slower? To be completed in the review."),
    _asked("lucky", "Where we got lucky", "What could have made it worse and did not? To be completed in the review."),
    open_questions,
    _asked("recurrence", "Recurrence", "Has this happened before, and was it already in the backlog?"),
    _asked(
        "action_items",
        "Action items",
        "What will change, who owns it, by when, and which signal should get quieter? No action item is on record.",
    ),
    _table("appendix", "Appendix: milestones"),
    _table("approvals", "Approval"),
)


def _section(key: str, title: str, statements: Sequence[Statement], ask: str) -> Section:
    asks = (ask,) if ask and not statements else ()
    return Section(key=key, title=title, statements=tuple(statements), asks=asks)


def _declared(record: Record) -> list[Statement]:
    return [
        Statement(
            text=f"Declared as {entry.event.payload['severity']} at {when(entry)} by {record.voice.who(entry)}: "
            f"{quoted(entry.text)}",
            events=(entry.label,),
        )
        for entry in record.of_kind(EventKind.DECLARED)
    ]


def _worst_severity(record: Record) -> list[Statement]:
    """The worst severity it reached, where a change made it worse than declared."""
    declared = [Severity(entry.event.payload["severity"]) for entry in record.of_kind(EventKind.DECLARED)]
    changes = record.of_kind(EventKind.SEVERITY_CHANGED)
    if not changes:
        return []
    worst = min(changes, key=lambda entry: Severity(entry.event.payload["to"]).rank)
    severity = Severity(worst.event.payload["to"])
    if any(one.rank <= severity.rank for one in declared):
        return []
    return [Statement(text=f"The severity was at worst {severity}, first at {when(worst)}.", events=(worst.label,))]


def _begins(entry: Entry, phase: Phase) -> bool:
    return int(entry.event.payload["phase"]) == phase.number


def _impact_length(record: Record, phase: Phase) -> list[Statement]:
    start, end = record.milestone(phase, Milestone.OCCURRENCE), record.milestone(phase, Milestone.RECOVERY)
    if start is None or end is None or end.at < start.at:
        return []
    text = f"The impact lasted {length(end.at - start.at)}, from occurrence to recovery{in_phase(record, phase)}."
    return [Statement(text=text, events=(start.label, end.label), basis=Basis.DERIVED)]


def _extent(record: Record) -> list[Statement]:
    """How much is on record."""
    span = record.findings.span
    if span is None:
        return []
    first, last = record.entries[0], record.entries[-1]
    text = (
        f"The record holds {counted(len(record.entries), 'entry', 'entries')} over {length(span.length)}, "
        f"from {when(first)} to {when(last)}."
    )
    return [Statement(text=text, events=tuple(dict.fromkeys((first.label, last.label))), basis=Basis.DERIVED)]


def _first_and_last_words(record: Record) -> list[Statement]:
    """How the notes and messages begin and end, where nobody has said by a tag or an impact what matters."""
    if record.of_kind(EventKind.IMPACT_SET) or any(entry.tags for entry in record.entries):
        return []
    written = [entry for entry in record.of_kind(EventKind.NOTE, EventKind.MESSAGE) if said(entry)]
    ends = (("first", written[0]), ("last", written[-1])) if len(written) > 1 else ()
    return [
        Statement(
            text=f"The {place} of {len(written)} notes and messages, {when(entry)}, {record.voice.who(entry)}: "
            f"{excerpt(record.voice.plain(said(entry)))}",
            events=(entry.label,),
            basis=Basis.QUOTATION,
        )
        for place, entry in ends
    ]


def _is_response(entry: Entry) -> bool:
    if entry.event.kind is EventKind.ROLE_ASSIGNED:
        return bool(entry.event.payload["role"] != Role.INCIDENT_COMMANDER)
    return entry.event.kind in _RESPONSE_KINDS


def _commanded(record: Record) -> list[Statement]:
    """Who was incident commander from when to when."""
    changes = [
        entry
        for entry in record.of_kind(EventKind.ROLE_ASSIGNED)
        if entry.event.payload["role"] == Role.INCIDENT_COMMANDER
    ]
    statements = []
    for entry, next_entry in pairwise((*changes, None)):
        if entry is None or not entry.event.payload["person"]:
            continue
        who = record.voice.person(entry.event.payload["person"])
        end = f" to {when(next_entry)}" if next_entry else " on"
        statements.append(
            Statement(
                text=f"{capital(who)} was incident commander from {when(entry)}{end}.",
                events=(entry.label, next_entry.label) if next_entry else (entry.label,),
            )
        )
    return statements
