"""The lines of an incident's timeline as Slack shows them."""

from collections.abc import Sequence

from analysis.changes import CHANGE_KINDS
from analysis.events import EventKind, Source, TimelineEvent
from analysis.evidence import evidence_link
from analysis.incident import Incident
from analysis.telling import ERASED, is_erased
from analysis.timeline import Entry
from analysis.wording import counted
from bot.slack.blocks.elements import dated, linked, plain, when, zoned
from bot.slack.blocks.sentences import OF_ALERTS, Names, because, fact
from bot.usecases.asking import moment
from bot.usecases.timeline.entries import place_in

TIMELINE_LENGTH = 40
WITHDRAWN_LENGTH = 10
ENTRY_LETTERS = 240
#: What somebody wrote, and what it is where that is more than a note.
_WRITTEN = {
    EventKind.NOTE: "",
    EventKind.MESSAGE: "",
    EventKind.UPDATE_SENT: "stakeholders were told: ",
    EventKind.IMPACT_SET: "customer impact: ",
}


def timeline_text(
    incident: Incident, entries: Sequence[Entry], withdrawn: Sequence[Entry], names: Names, *, label: str = ""
) -> str:
    """The newest lines of the timeline, or those from *label* on, with their labels, and the newest withdrawn ones.

    Raises
    ------
    analysis.errors.NotFound
        If no line has *label*.
    """
    begin = place_in(entries, label) if label else max(0, len(entries) - TIMELINE_LENGTH)
    end = min(begin + TIMELINE_LENGTH, len(entries))
    lines = [entry_line(entry, names) for entry in entries[begin:end]]
    if begin:
        lines.insert(0, _not_shown(incident, begin, "earlier", entries[0]))
    if end < len(entries):
        lines.append(_not_shown(incident, len(entries) - end, "later", entries[end]))
    title = f"*{incident.reference} {plain(incident.shown_title, 120)}*, {counted(len(entries), 'line')}"
    withdrawals = [withdrawn_line(entry, names) for entry in withdrawn[-WITHDRAWN_LENGTH:]]
    return "\n".join([title, *lines, *withdrawals])


def _not_shown(incident: Incident, count: int, which: str, first: Entry) -> str:
    shows = f"`/incident {incident.reference} timeline {first.label}` shows them from {first.label} on"
    return f"{counted(count, f'{which} line')} not shown here: {shows}."


def entry_line(entry: Entry, names: Names) -> str:
    """One line of the timeline: label, time, who, what."""
    event = entry.event
    if entry.is_deleted:
        said = "a message that its author deleted in Slack afterwards"
    elif is_erased(entry):
        said = ERASED
    elif event.kind in _WRITTEN:
        said = _on_one_line(_WRITTEN[event.kind] + entry.text) + (" (edited)" if entry.is_revised else "")
    else:
        said = f"{_on_one_line(fact(event, names) + because(event))}{link_of(entry)}"
    said = zoned(said) if event.kind in OF_ALERTS else said
    said += _corrected(entry, names)
    tags = f" [{', '.join(sorted(entry.tags))}]" if entry.tags else ""
    at = dated(moment(entry.at, event.precision), [entry.at])
    return f"`{entry.label}` {at} {plain(_who(event, names), 60)}: {said}{tags}"


def _who(event: TimelineEvent, names: Names) -> str:
    """Who said it, as the document has it: what follows from something that a person did, that person did not say."""
    return "Debrief" if event.source is Source.DEBRIEF else names(event.actor)


def withdrawn_line(entry: Entry, names: Names) -> str:
    """One line about an entry that is off the timeline because somebody withdrew it."""
    if entry.withdrawal is None:
        return ""
    said = entry.withdrawal
    return f"`{entry.label}` withdrawn {when(said.at)} by {plain(names(said.by), 60)}: {_on_one_line(said.reason)}"


def link_of(entry: Entry) -> str:
    """Where a deploy, flag or event is to be looked at; of a message its channel is place enough."""
    return linked(evidence_link(entry.event)) if entry.event.kind in CHANGE_KINDS else ""


def _on_one_line(text: str) -> str:
    """User text of an entry, so that nothing in it looks like the entries that follow."""
    return plain(" ".join(text.split()), ENTRY_LETTERS)


def _corrected(entry: Entry, names: Names) -> str:
    if not entry.corrections:
        return ""
    last = entry.corrections[-1]
    return f" (corrected by {plain(names(last.by), 60)}, {when(last.at)})"
