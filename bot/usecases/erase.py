"""Erase a field of an event on request: its content is destroyed, that it was erased and why is on record."""

import re
from dataclasses import dataclass, replace

from analysis.chain import CONTENT_FIELDS
from analysis.errors import Conflict, InvalidInput, NeedsConfirmation, NotFound, Refused
from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident
from analysis.lifecycle import MINIMUM_REASON_LETTERS
from analysis.people import Action
from analysis.timeline import taken_off, timeline
from bot.ports.ledger import Reads
from bot.ports.records import Changes, erasure_key
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record

PAYLOAD = "payload"
#: Events whose details nothing is derived from; those of the others are what the incident's state is made of.
_DETAILED = frozenset({EventKind.DEPLOY, EventKind.FEATURE_FLAG, EventKind.EXTERNAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(IncidentCommand):
    """Destroy `field` (actor, text or payload) of `what`: a label such as `E7`, or an entry's number in the ledger.

    A message's label means all texts that it ever had on record, and that of a corrected entry its corrections, too.
    """

    what: str
    field: str
    reason: str
    is_confirmed: bool = False


def erase(reads: Reads, command: Erase) -> Changes:
    """Record the erasure and have the content destroyed in the same transaction; the chain goes on verifying."""
    incident = find(reads, command, Action.ADMINISTER)
    reason, field = command.reason.strip(), command.field.strip().lower()
    if field not in CONTENT_FIELDS:
        message = f"“{field[:40]}” is no field. Erase one of: {', '.join(CONTENT_FIELDS)}."
        raise InvalidInput(message)
    if len(reason) < MINIMUM_REASON_LETTERS:
        message = f"Say why, in at least {MINIMUM_REASON_LETTERS} letters: the reason stays on record."
        raise InvalidInput(message)
    events = _erasable(reads, incident, command.what.strip(), field)
    if not command.is_confirmed:
        message = f"Destroy the {field} of entry {_numbers(events)} of {incident.reference}? Nobody can bring it back."
        raise NeedsConfirmation(message, verb="erase")
    wanted = [
        Wanted(
            kind=EventKind.ERASED,
            payload={"seq": event.seq, "field": field, "reason": reason},
            fact=erasure_key(event.seq, field),
            refers_to=event.id,
        )
        for event in events
    ]
    reply = f"{incident.reference}: the {field} of entry {_numbers(events)} is erased; that it was stays on record."
    changes = record(reads, command, incident, wanted, reply=reply, deliveries=[card(reads, incident)])
    return replace(changes, erasures=tuple((incident.id, event.seq, field) for event in events))


def _erasable(reads: Reads, incident: Incident, what: str, field: str) -> list[TimelineEvent]:
    named = _named(reads.events(incident.id), what, field)
    if not named:
        message = f"“{what[:40]}” is not on record. Give a label of the timeline such as E7, or a number in the ledger."
        raise NotFound(message)
    for event in named:
        if event.kind is EventKind.ERASED or (field == PAYLOAD and event.kind not in _DETAILED):
            message = f"The {field} of entry {event.seq} is what the record itself is made of and cannot be erased."
            raise Refused(message)
    left = [event for event in named if field not in event.erased]
    if not left:
        message = f"The {field} of entry {_numbers(named)} is erased already."
        raise Conflict(message)
    return left


def _named(events: tuple[TimelineEvent, ...], what: str, field: str) -> list[TimelineEvent]:
    if re.fullmatch(r"[0-9]{1,9}", what):
        return [event for event in events if event.seq == int(what)]
    entries = (*timeline(events), *taken_off(events))
    found = next((entry for entry in entries if entry.label.lower() == what.lower()), None)
    if found is None:
        return []
    if found.event.kind is not EventKind.MESSAGE:
        return [event for event in events if event.id == found.event.id or _corrects(event, found.event, field)]
    where = _where(found.event)
    return [event for event in events if event.kind is EventKind.MESSAGE and _where(event) == where]


def _corrects(event: TimelineEvent, corrected: TimelineEvent, field: str) -> bool:
    """Whether *event* has other words of the same entry; its details are what the entry's time is made of."""
    return field != PAYLOAD and event.kind is EventKind.CORRECTED and event.refers_to == corrected.id


def _where(event: TimelineEvent) -> tuple[object, object]:
    return event.payload["channel"], event.payload["ts"]


def _numbers(events: list[TimelineEvent]) -> str:
    return ", ".join(str(event.seq) for event in events)
