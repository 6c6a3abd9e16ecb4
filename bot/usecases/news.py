"""What the record says anew: looked up by what changed, because the whole ledger may be long and others wait."""

from collections.abc import Iterable
from uuid import UUID

from analysis.events import BOOKKEEPING_KINDS, LINE_KINDS, MESSAGE_KINDS, EventKind, NewEvent, TimelineEvent
from analysis.incident import Incident
from analysis.lifecycle import Move
from analysis.milestones import MILESTONE_KINDS
from analysis.timeline import Entry, timeline
from analysis.voiding import subject
from bot.ports.ledger import Reads

#: Facts of these kinds change each other's lines and no others.
_APART = (MILESTONE_KINDS, frozenset({EventKind.STATUS_CHANGED}))
#: Each of these is a line of its own, that was not there before.
_LINES = LINE_KINDS - frozenset().union(*_APART)
#: What is looked up here by what it is about; after anything else, such as a correction, the whole ledger is asked.
_NARROW = LINE_KINDS | MILESTONE_KINDS | MESSAGE_KINDS | BOOKKEEPING_KINDS | {EventKind.FACT_PROMOTED, EventKind.ERASED}


def concerned(reads: Reads, incident_id: UUID, event: NewEvent) -> tuple[TimelineEvent, ...]:
    """The facts on record that decide what *event* changes, in order of `seq`."""
    about = subject(event)
    if about is None:
        return reads.events(incident_id)
    found = {known.seq: known for known in reads.events_by_id(incident_id, about.ids)}
    for key in about.keys:
        found |= {known.seq: known for known in reads.events_about(incident_id, key)}
    return tuple(found[seq] for seq in sorted(found))


def has_news(reads: Reads, incident: Incident, since: int) -> bool:
    """Whether the timeline reads otherwise than at entry *since* of the ledger.

    The answer is that of `changed_entries` for the whole ledger.
    """
    newer = reads.keys_after(incident.id, since)
    kinds = {kind for kind, _ in newer}
    if not kinds <= _NARROW:
        return bool(changed_entries(reads.events(incident.id), since))
    if kinds & _LINES:
        return True
    for apart in _APART:
        if kinds & apart and changed_entries(reads.events_of_kind(incident.id, apart), since):
            return True
    messages = dict.fromkeys(_message_of(key) for kind, key in newer if kind in MESSAGE_KINDS)
    if any(changed_entries(reads.events_about(incident.id, key), since) for key in messages):
        return True
    return EventKind.FACT_PROMOTED in kinds and _has_new_tags(reads, incident, since)


def changed_entries(events: Iterable[TimelineEvent], since: int) -> tuple[Entry, ...]:
    """The lines of *events* that were not there, read otherwise, or stood there still, at entry *since* of the ledger.

    The move into review that a draft itself causes is no news.
    """
    ledger = tuple(events)
    earlier = timeline(event for event in ledger if event.seq <= since)
    before = {entry.event.natural_key: _said(entry) for entry in earlier}
    present = timeline(ledger)
    left = before.keys() - {entry.event.natural_key for entry in present}
    return (
        *(
            entry
            for entry in present
            if before.get(entry.event.natural_key) != _said(entry) and entry.event.payload.get("move") != Move.DRAFT
        ),
        *(entry for entry in earlier if entry.event.natural_key in left),
    )


def _has_new_tags(reads: Reads, incident: Incident, since: int) -> bool:
    promotions = reads.events_of_kind(incident.id, {EventKind.FACT_PROMOTED})
    ledger = {event.seq: event for event in promotions}
    for promotion in promotions:
        if promotion.seq > since:
            ledger |= {event.seq: event for event in concerned(reads, incident.id, promotion)}
    return bool(changed_entries(ledger.values(), since))


def _message_of(natural_key: str) -> str:
    """The key of the message that a fact with *natural_key* belongs to."""
    return ":".join(natural_key.split(":")[:3])


def _said(entry: Entry) -> tuple[object, ...]:
    return (entry.text, entry.at, entry.event.precision, entry.is_deleted, entry.tags)
