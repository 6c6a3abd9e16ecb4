"""The sections of a postmortem, each built from the events that belong to it and from nothing else.

What the record does not hold is asked of people: a cause, a trigger or an impact stands here only if somebody
recorded or tagged it.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from analysis.document import NO_CAUSE, Basis, Section, Statement
from analysis.events import REVIEW_TAGS, EventKind, Tag
from analysis.incident import Role, Severity
from analysis.milestones import Milestone, Phase
from analysis.open_questions import asked_when, open_questions
from analysis.replayed import is_added, stated_severity
from analysis.statements import (
    Record,
    between,
    in_phase,
    labels,
    line,
    milestone_lines,
    tagged_line,
    tells,
    when,
    with_tag,
)
from analysis.suggestions import questions
from analysis.telling import said, with_words
from analysis.timeline import Entry
from analysis.wording import counted, excerpt

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
    """What it was and how bad; impact, detection and resolution have sections of their own and stand there only."""
    statements = [*_declared(record), *_worst_severity(record)]
    statements += [line(record, entry) for entry in record.of_kind(EventKind.REOPENED)]
    statements += _first_and_last_words(record)
    return _section("summary", "Summary", statements, "What happened, in two sentences for somebody who was not there?")


def impact(record: Record) -> Section:
    """What customers felt, as recorded; numbers only where the record has them."""
    lines = record.of_kind(EventKind.IMPACT_SET)
    tagged = [entry for entry in with_tag(record, Tag.IMPACT) if entry.event.kind is not EventKind.IMPACT_SET]
    statements = [line(record, entry) for entry in lines] + [tagged_line(record, entry, Tag.IMPACT) for entry in tagged]
    statements += [one for phase in record.phases for one in _impact_length(record, phase)]
    asks = []
    if not tells((*lines, *tagged)):
        asks = ["Who was affected, how many, for how long, and what did it cost? No customer impact is on record."]
    elif not any(letter.isdigit() for entry in (*lines, *tagged) for letter in said(entry)):
        asks = ["How many customers or payments were affected? The recorded impact has no number."]
    return Section(key="impact", title="Impact", statements=tuple(statements), asks=tuple(asks))


def detection(record: Record) -> Section:
    """When and how it was noticed."""
    statements = milestone_lines(record, Milestone.DETECTION, "Detected", since=Milestone.OCCURRENCE)
    tagged = with_tag(record, Tag.DETECTION)
    statements += [tagged_line(record, entry, Tag.DETECTION) for entry in tagged]
    asks = _asked_for(record, (Milestone.DETECTION,))
    if not tells(tagged):
        asks.append(f"What noticed it first, an alert or a person? {_why_asked(tagged, 'how it was detected')}")
    return Section(key="detection", title="Detection", statements=tuple(statements), asks=_one(asks))


def trigger(record: Record) -> Section:
    """What set it off, if a person tagged it; not the same as what contributed."""
    tagged = with_tag(record, Tag.TRIGGER)
    ask = f"What set it off? {_why_asked(tagged, 'the trigger')}"
    return _tagged(record, "trigger", "Trigger", Tag.TRIGGER, ask)


def contributing_factors(record: Record) -> Section:
    """The causes that people tagged; without one, exactly that it is not yet established."""
    return _tagged(record, "contributing_factors", "Contributing factors", Tag.CAUSE, NO_CAUSE)


def response(record: Record) -> Section:
    """Who commanded, and every change of status, severity, role, deploy and flag."""
    commanded = _commanded(record)
    lines = [entry for entry in record.entries if _is_response(entry)]
    asks = () if commanded else ("Who was the incident commander? Nobody is on record in that role.",)
    statements = (*commanded, *(line(record, entry) for entry in lines))
    return Section(key="response", title="Response", statements=statements, asks=asks)


def resolution(record: Record) -> Section:
    """What ended the impact and the incident, and when."""
    tagged = with_tag(record, Tag.RESOLUTION)
    statements: list[Statement] = []
    for milestone, word, since in (
        (Milestone.MITIGATION, "Mitigated", Milestone.DETECTION),
        (Milestone.RECOVERY, "Recovered", Milestone.DETECTION),
        (Milestone.RESOLUTION, "Resolved", Milestone.DETECTION),
    ):
        statements += milestone_lines(record, milestone, word, since=since)
    asks = _asked_for(record, (Milestone.MITIGATION, Milestone.RECOVERY, Milestone.RESOLUTION))
    if not tells(tagged):
        asks.append(f"What ended it? {_why_asked(tagged, 'what resolved the incident')}")
    statements += [tagged_line(record, entry, Tag.RESOLUTION) for entry in tagged]
    return Section(key="resolution", title="Mitigation and resolution", statements=tuple(statements), asks=_one(asks))


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


def _asked_for(record: Record, wanted: Sequence[Milestone]) -> list[str]:
    """For each phase one question for those of *wanted* that are not set, with the entries that sound like them."""
    asks = []
    for phase in record.phases:
        missing = [milestone for milestone in wanted if milestone in phase.missing]
        if missing:
            asks += [f"{asked_when(missing)}{in_phase(record, phase)}?", questions(record, phase, missing)]
    return asks if record.phases else [f"{asked_when(wanted)}?"]


def _one(asks: Sequence[str]) -> tuple[str, ...]:
    """Several questions as one to answer; none where nothing is asked."""
    text = " ".join(ask for ask in asks if ask)
    return (text,) if text else ()


def _reviewed(tag: Tag, title: str, ask: str, *, key: str = "") -> Callable[[Record], Section]:
    """What people said of it in the review, and tagged so; until then it is asked."""
    return lambda record: _tagged(record, key or tag.value, title, tag, ask)


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
    _table("durations", "Milestones and durations"),
    _table("timeline", "Timeline"),
    communication,
    _reviewed(Tag.WENT_WELL, "What went well", "What went well? To be completed by the people who were there."),
    _reviewed(
        Tag.NOT_SO_WELL, "What did not go so well", "What made it harder or slower? To be completed in the review."
    ),
    _reviewed(
        Tag.LUCKY, "Where we got lucky", "What could have made it worse and did not? To be completed in the review."
    ),
    open_questions,
    _reviewed(Tag.RECURRENCE, "Recurrence", "Has this happened before, and was it already in the backlog?"),
    _reviewed(
        Tag.ACTION_ITEM,
        "Action items",
        "What will change, who owns it, by when, and which signal should get quieter? No action item is on record.",
        key="action_items",
    ),
    _table("approvals", "Approval"),
)


def _section(key: str, title: str, statements: Sequence[Statement], ask: str) -> Section:
    asks = (ask,) if ask and not statements else ()
    return Section(key=key, title=title, statements=tuple(statements), asks=asks)


def _tagged(record: Record, key: str, title: str, tag: Tag, ask: str) -> Section:
    """What people tagged so; what it was is still asked where nothing of it can be read any more."""
    tagged = with_tag(record, tag)
    statements = tuple(tagged_line(record, entry, tag) for entry in tagged)
    return Section(key=key, title=title, statements=statements, asks=() if tells(tagged) else (ask,))


def _why_asked(tagged: Sequence[Entry], what: str) -> str:
    """Why something is asked that people may have tagged."""
    return "What was tagged cannot be read any more." if tagged else f"Nobody has tagged {what}."


def _declared(record: Record) -> list[Statement]:
    return [
        Statement(
            text=f"Declared as {entry.event.payload['severity']} at {when(entry)} by {record.voice.who(entry)}"
            f"{with_words(entry, record.voice)}",
            events=(entry.label,),
        )
        for entry in record.of_kind(EventKind.DECLARED)
        if not is_added(entry.event)
    ]


def _worst_severity(record: Record) -> list[Statement]:
    """The worst severity it reached, where a change made it worse than declared."""
    declared = [rated for entry in record.of_kind(EventKind.DECLARED) if (rated := stated_severity(entry.event))]
    changes = record.of_kind(EventKind.SEVERITY_CHANGED)
    if not changes:
        return []
    worst = min(changes, key=lambda entry: Severity(entry.event.payload["to"]).rank)
    severity = Severity(worst.event.payload["to"])
    if any(one.rank <= severity.rank for one in declared):
        return []
    return [Statement(text=f"The severity was at worst {severity}, first at {when(worst)}.", events=(worst.label,))]


def _impact_length(record: Record, phase: Phase) -> list[Statement]:
    start, end = record.milestone(phase, Milestone.OCCURRENCE), record.milestone(phase, Milestone.RECOVERY)
    if start is None or end is None or end.at < start.at:
        return []
    text = f"From occurrence to recovery: {between(start, end)}{in_phase(record, phase)}."
    return [Statement(text=text, events=(start.label, end.label), basis=Basis.DERIVED)]


def _first_and_last_words(record: Record) -> list[Statement]:
    """How the notes and messages begin and end, where nobody has said by a tag what matters."""
    if any(entry.tags - REVIEW_TAGS for entry in record.entries):
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
    if entry.event.kind is EventKind.ROLE_ASSIGNED and not entry.event.lost_details:
        return bool(entry.event.payload["role"] != Role.INCIDENT_COMMANDER)
    return entry.event.kind in _RESPONSE_KINDS and not is_added(entry.event)


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
        who = record.voice.subject(entry.event.payload["person"])
        end = f" to {when(next_entry)}" if next_entry else " on"
        statements.append(
            Statement(
                text=f"{who} was incident commander from {when(entry)}{end}.",
                events=(entry.label, next_entry.label) if next_entry else (entry.label,),
            )
        )
    return statements
