"""Erase a field of an event on request: it is destroyed with its copies, that it was erased and why is on record."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.chain import CONTENT_FIELDS
from analysis.errors import Conflict, InvalidInput, NeedsConfirmation, NotFound, Refused
from analysis.events import EventKind, TimelineEvent
from analysis.incident import WORKSPACE_LOG_NUMBER, Incident, Visibility
from analysis.people import Action
from analysis.timeline import has_moved
from bot.ports.ledger import Reads
from bot.ports.records import Changes, draft_erasure_key, erasure_key
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record
from bot.usecases.privacy.break_glass import reason_given, with_glass
from bot.usecases.privacy.erased_copies import copies_in_drafts, copies_in_log, left_elsewhere, withdrawn
from bot.usecases.timeline.entries import entry_named

PAYLOAD, TEXT = "payload", "text"
#: Events whose details nothing is derived from; those of the others are what the incident's state is made of.
_DETAILED = frozenset({EventKind.DEPLOY, EventKind.FEATURE_FLAG, EventKind.EXTERNAL})
#: Who erased or looked, and why, is kept whole.
_KEPT = frozenset({EventKind.ERASED, EventKind.GLASS_BROKEN})
#: Events whose details repeat the title: the channel is named after it, and so is the published file.
_NAMED_AFTER_TITLE = frozenset({EventKind.CHANNEL_LINKED, EventKind.PUBLISHED})
#: The reason in the workspace's log, which everybody may read, where a private incident took the change in.
_UNSAID = "erased with a copy of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(IncidentCommand):
    """Destroy `field` (actor, text or payload) of `what`: a label such as `E7`, or an entry's number in the ledger.

    A message's label means all texts that it ever had on record, and that of a corrected entry its corrections, too.
    With `breaks_glass` also in a private incident that the person is not in, which goes on its record.
    """

    what: str
    field: str
    reason: str
    is_confirmed: bool = False
    breaks_glass: bool = False


def erase(reads: Reads, command: Erase) -> Changes:
    """Record the erasure and have content and copies destroyed in the same transaction; the chain goes on verifying."""
    incident = find(reads, command, Action.ADMINISTER, breaks_glass=command.breaks_glass)
    field = command.field.strip().lower()
    if field not in CONTENT_FIELDS:
        message = f"“{field[:40]}” is no field. Erase one of: {', '.join(CONTENT_FIELDS)}."
        raise InvalidInput(message)
    reason = reason_given(command.reason)
    named = _named(reads, incident, command.what.strip(), field)
    events = _erasable(named, command.what.strip(), field)
    if not command.is_confirmed:
        message = f"Destroy the {field} of entry {_numbers(events)} of {incident.reference}? Nobody can bring it back."
        raise NeedsConfirmation(message, verb="erase")
    changes = _erased(reads, replace(command, reason=reason), incident, [(event, field) for event in events])
    return with_glass(reads, command, incident, changes, reason)


def _erased(
    reads: Reads,
    command: Erase,
    incident: Incident,
    asked: Sequence[tuple[TimelineEvent, str]],
) -> Changes:
    fields = [*asked, *_made_from_title(reads, incident, asked)]
    drafts = copies_in_drafts(reads, incident, asked)
    wanted = _recorded(fields, command.reason)
    wanted += [
        Wanted(
            kind=EventKind.ERASED,
            payload={"revision": draft.number, "reason": command.reason},
            fact=draft_erasure_key(draft.number),
        )
        for draft in drafts
    ]
    told = f"{incident.reference}: the {asked[0][1]} of entry {_numbers(event for event, _ in asked)} is erased; "
    logged = copies_in_log(reads, incident, asked)
    reply = " ".join([f"{told}that it was stays on record.", *left_elsewhere(reads, incident, asked, drafts, logged)])
    deliveries = [card(reads, incident), *withdrawn(reads, incident, asked, drafts)]
    changes = record(reads, command, incident, wanted, reply=reply, deliveries=deliveries)
    erasures = tuple((incident.id, event.seq, field) for event, field in fields)
    also = _erased_from_log(reads, command, incident, logged) if logged else ()
    return replace(changes, erasures=erasures, redactions=tuple(drafts), also=also)


def _erased_from_log(
    reads: Reads, command: Erase, incident: Incident, logged: Sequence[tuple[TimelineEvent, str]]
) -> tuple[Changes, ...]:
    """The same said and done in the workspace's log, whose own chain has to verify."""
    log = reads.incident_by_number(incident.workspace_id, WORKSPACE_LOG_NUMBER)
    if log is None:
        return ()
    reason = _UNSAID if incident.visibility is Visibility.PRIVATE else command.reason
    changes = record(reads, command, log, _recorded(logged, reason), reply="")
    return (replace(changes, erasures=tuple((log.id, event.seq, field) for event, field in logged)),)


def _recorded(fields: Iterable[tuple[TimelineEvent, str]], reason: str) -> list[Wanted]:
    """The facts that *fields* were erased."""
    return [
        Wanted(
            kind=EventKind.ERASED,
            payload={"seq": event.seq, "field": field, "reason": reason},
            fact=erasure_key(event.seq, field),
            refers_to=event.id,
        )
        for event, field in fields
    ]


def _made_from_title(
    reads: Reads, incident: Incident, asked: Sequence[tuple[TimelineEvent, str]]
) -> list[tuple[TimelineEvent, str]]:
    """The details of other entries that repeat the title, where that is what is erased."""
    if not any(event.kind is EventKind.DECLARED and field == TEXT for event, field in asked):
        return []
    return [(event, PAYLOAD) for event in reads.events_of_kind(incident.id, _NAMED_AFTER_TITLE)]


def _erasable(named: Sequence[TimelineEvent], what: str, field: str) -> list[TimelineEvent]:
    if not named:
        message = f"“{what[:40]}” is not on record. Give a label of the timeline such as E7, or a number in the ledger."
        raise NotFound(message)
    for event in named:
        if event.kind in _KEPT or (field == PAYLOAD and event.kind not in _DETAILED):
            message = f"The {field} of entry {event.seq} is what the record itself is made of and cannot be erased."
            raise Refused(message)
    left = [event for event in named if field not in event.erased]
    if not left:
        message = f"The {field} of entry {_numbers(named)} is erased already."
        raise Conflict(message)
    return left


def _named(reads: Reads, incident: Incident, what: str, field: str) -> Sequence[TimelineEvent]:
    if re.fullmatch(r"[0-9]{1,9}", what):
        return reads.events_at(incident.id, {int(what)})
    try:
        found = entry_named(reads, incident, what)
    except NotFound:
        return ()
    entry = found.entry.event
    if entry.kind is EventKind.MESSAGE:
        meant = [event for event in found.about if event.kind is EventKind.MESSAGE]
    else:
        meant = [event for event in found.about if event.id == entry.id or _corrects(event, entry, field)]
    if has_moved(reads.places(incident.id), entry.natural_key):
        # Whoever read it when it meant another entry would destroy the wrong words for good.
        message = (
            f"{found.entry.label} has not always meant the entry that it means now, because something earlier was "
            f"recorded later. Give its numbers in the ledger, which never move, one by one: {_numbers(meant)}."
        )
        raise Conflict(message)
    return meant


def _corrects(event: TimelineEvent, corrected: TimelineEvent, field: str) -> bool:
    """Whether *event* has other words of the same entry; its details are what the entry's time is made of."""
    return field != PAYLOAD and event.kind is EventKind.CORRECTED and event.refers_to == corrected.id


def _numbers(events: Iterable[TimelineEvent]) -> str:
    return ", ".join(str(event.seq) for event in events)
