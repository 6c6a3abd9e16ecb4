"""What the record says anew: looked up by what changed, because the whole ledger may be long and others wait."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from analysis.events import (
    BOOKKEEPING_KINDS,
    LINE_KINDS,
    MESSAGE_KINDS,
    EventKind,
    NewEvent,
    TimelineEvent,
)
from analysis.incident import Incident
from analysis.lifecycle import Move
from analysis.milestones import MILESTONE_KINDS
from analysis.timeline import Entry, message_of, timeline
from analysis.voiding import subject
from bot.ports.ledger import Reads
from bot.usecases.timeline.entries import facts_about

#: Facts of these kinds change each other's lines and no others.
_APART = (MILESTONE_KINDS, frozenset({EventKind.STATUS_CHANGED}))
#: Each of these is a line of its own, that was not there before.
_LINES = LINE_KINDS - frozenset().union(*_APART)
#: What says something of another entry, which then reads otherwise.
_CORRECTING = frozenset({EventKind.CORRECTED, EventKind.WITHDRAWN, EventKind.RESTORED, EventKind.FACT_UNPROMOTED})
#: What is looked up here by what it is about; after anything else the whole ledger is asked.
_NARROW = LINE_KINDS | MILESTONE_KINDS | MESSAGE_KINDS | BOOKKEEPING_KINDS | {EventKind.FACT_PROMOTED, EventKind.ERASED}
#: What names its entry by `refers_to`.
_SAYING = _CORRECTING | {EventKind.FACT_PROMOTED}
#: The moves into review and out of it, which say nothing of what happened.
_OF_REVIEW = frozenset({Move.DRAFT.value, Move.CLOSE.value})
#: With more entries than these to look up, reading the whole ledger is less work.
_MANY = 200


def concerned(reads: Reads, incident_id: UUID, event: NewEvent) -> tuple[TimelineEvent, ...]:
    """The facts on record that decide what *event* changes, in order of `seq`."""
    if event.kind in _CORRECTING:
        return tuple(_of_entries(reads, incident_id, _targets(reads, incident_id, [event])).values())
    about = subject(event)
    if about is None:
        return reads.events(incident_id)
    found = {known.seq: known for known in reads.events_by_id(incident_id, about.ids)}
    for key in about.keys:
        found |= {known.seq: known for known in reads.events_about(incident_id, key)}
    if about.puts_back and any(known.kind is EventKind.MESSAGE_UNMARKED for known in found.values()):
        # Of a message that was never off the timeline nothing was said while it was: most marks cost no look-up here.
        ids = {known.id for known in found.values()}
        found |= {known.seq: known for known in reads.events_referring(incident_id, ids)}
    return tuple(found[seq] for seq in sorted(found))


def has_news(reads: Reads, incident: Incident, since: int) -> bool:
    """Whether the timeline reads otherwise than at entry *since* of the ledger.

    The answer is that of `changed_entries` for the whole ledger.
    """
    newer = reads.keys_after(incident.id, since)
    kinds = {kind for kind, _ in newer}
    if not kinds <= _NARROW | _CORRECTING:
        return bool(changed_entries(reads.events(incident.id), since))
    if kinds & _CORRECTING:
        return _reads_otherwise(reads, incident, since, newer)
    if kinds & _LINES:
        return True
    for apart in _APART:
        if kinds & apart and changed_entries(reads.events_of_kind(incident.id, apart), since):
            return True
    messages = dict.fromkeys(message_of(key) for kind, key in newer if kind in MESSAGE_KINDS)
    if any(changed_entries(reads.events_about(incident.id, key), since) for key in messages):
        return True
    return EventKind.FACT_PROMOTED in kinds and _has_new_tags(reads, incident, since)


def changed_entries(events: Iterable[TimelineEvent], since: int) -> tuple[Entry, ...]:
    """The lines of *events* that were not there, read otherwise, or stood there still, at entry *since* of the ledger.

    The move into review that a draft itself causes is no news, nor is the one out of it.
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
            if before.get(entry.event.natural_key) != _said(entry) and entry.event.payload.get("move") not in _OF_REVIEW
        ),
        *(entry for entry in earlier if entry.event.natural_key in left),
    )


def _reads_otherwise(reads: Reads, incident: Incident, since: int, newer: Sequence[tuple[EventKind, str]]) -> bool:
    """The answer where something was corrected: also of new lines, which may have been withdrawn again."""
    kinds = {kind for kind, _ in newer}
    keys = {key for kind, key in newer if kind in LINE_KINDS}
    keys |= {message_of(key) for kind, key in newer if kind in MESSAGE_KINDS}
    said = [one for one in reads.events_of_kind(incident.id, kinds & _SAYING) if one.seq > since]
    keys |= _targets(reads, incident.id, said)
    if len(keys) > _MANY:
        return bool(changed_entries(reads.events(incident.id), since))
    ledger = _of_entries(reads, incident.id, keys)
    if kinds & MILESTONE_KINDS:
        ledger |= {one.seq: one for one in reads.events_of_kind(incident.id, MILESTONE_KINDS)}
    return bool(changed_entries(ledger.values(), since))


def _targets(reads: Reads, incident_id: UUID, said: Iterable[NewEvent]) -> set[str]:
    """The natural keys of the entries that these say something of."""
    about = reads.events_by_id(incident_id, {one.refers_to for one in said if one.refers_to})
    return {message_of(one.natural_key) if one.kind in MESSAGE_KINDS else one.natural_key for one in about}


def _of_entries(reads: Reads, incident_id: UUID, keys: Iterable[str]) -> dict[int, TimelineEvent]:
    """What decides how the entries with these natural keys read, by `seq` and in its order."""
    found = {one.seq: one for key in keys for one in facts_about(reads, incident_id, key)}
    return dict(sorted(found.items()))


def _has_new_tags(reads: Reads, incident: Incident, since: int) -> bool:
    promotions = reads.events_of_kind(incident.id, {EventKind.FACT_PROMOTED})
    ledger = {event.seq: event for event in promotions}
    for promotion in promotions:
        if promotion.seq > since:
            ledger |= {event.seq: event for event in concerned(reads, incident.id, promotion)}
    return bool(changed_entries(ledger.values(), since))


def _said(entry: Entry) -> tuple[object, ...]:
    return (entry.text, entry.at, entry.event.precision, entry.is_deleted, entry.tags)
