"""Which events take an approval back: those that change what the approved revision rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from analysis.events import EventKind, NewEvent, Tag, TimelineEvent
from analysis.incident import Role
from analysis.timeline import Entry, message_key, timeline

_ALWAYS = {
    EventKind.MILESTONE_SET: "a milestone was set",
    EventKind.MILESTONE_CLEARED: "a milestone was taken back",
    EventKind.SEVERITY_CHANGED: "the severity changed",
    EventKind.REOPENED: "the incident was reopened",
    EventKind.VISIBILITY_CHANGED: "its audience changed",
    EventKind.IMPACT_SET: "the customer impact was stated anew",
}
_CORRECTION = {
    EventKind.CORRECTED: "an event that it cites was corrected",
    EventKind.WITHDRAWN: "an event that it cites was withdrawn",
    EventKind.RESTORED: "an event that it cites was restored",
    EventKind.FACT_UNPROMOTED: "an event that it cites is no longer promoted",
}
_MESSAGE = {
    EventKind.MESSAGE: "a message that it cites was revised",
    EventKind.MESSAGE_DELETED: "a message that it cites was deleted",
    EventKind.MESSAGE_MARKED: "a message that it cites changed",
    EventKind.MESSAGE_UNMARKED: "a message that it cites is no longer marked",
}
_CHANGE = {**_CORRECTION, **_MESSAGE}
#: What puts an entry back that had left the timeline, with what was said of it before.
_PUTTING_BACK = frozenset({EventKind.RESTORED, EventKind.MESSAGE_MARKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What of the record an event is about: entries by id, and facts by their own or their message's natural key.

    With `puts_back`, what says something of an entry that these facts have taken off the timeline decides as well.
    """

    ids: frozenset[UUID] = frozenset()
    keys: frozenset[str] = frozenset()
    puts_back: bool = False


def subject(event: NewEvent) -> Subject | None:
    """What of the record decides whether *event* voids an approval; `None` where that may be all of it.

    It is empty where the event is about nothing that was there before.
    """
    if event.kind in _MESSAGE:
        key = message_key(event.payload["channel"], event.payload["ts"])
        return Subject(keys=frozenset({key}), puts_back=event.kind is EventKind.MESSAGE_MARKED)
    if event.kind in _CORRECTION:
        return None
    ids = frozenset({event.refers_to} if event.refers_to else ())
    if event.kind is EventKind.FACT_PROMOTED:
        named = (event.payload.get("message"), event.payload.get("event"))
        return Subject(ids=ids, keys=frozenset(key for key in named if key))
    if event.kind in _ALWAYS or not ids:
        return Subject()
    return Subject(ids=ids) if event.kind is EventKind.ERASED else None


def voids(event: NewEvent, *, cites: frozenset[UUID], ledger: Sequence[TimelineEvent]) -> str | None:
    """Why *event* voids the approval of a revision that rests on *cites*, as a clause; `None` if it does not.

    *ledger* is the incident's record before the event, or what of it the event's `subject` names. A fact that it has
    already voids nothing. Chat, new entries and marks on messages that the revision does not cite void nothing either.
    """
    if any(known.natural_key == event.natural_key for known in ledger):
        return None
    always = _always(event)
    if always:
        return always
    if event.kind is EventKind.FACT_PROMOTED:
        return _promotion(event, cites, ledger)
    if event.kind is EventKind.ERASED:
        erased = {known.id for known in ledger if known.seq == event.payload.get("seq")}
        return "an event that it cites was erased" if erased & cites else None
    if event.kind in _CHANGE:
        is_about_message = event.kind in _MESSAGE
        changes = _changes_cited_message if is_about_message else _changes_cited_entry
        return _CHANGE[event.kind] if changes(event, cites, ledger) else _restored(event, ledger)
    return "an event that it cites was corrected" if event.refers_to in cites else None


def _always(event: NewEvent) -> str | None:
    """Why *event* voids whatever was signed: it changes what every document states."""
    if event.kind is EventKind.ROLE_ASSIGNED and event.payload["role"] == Role.INCIDENT_COMMANDER:
        return "the incident commander changed"
    return _ALWAYS.get(event.kind)


def _promotion(event: NewEvent, cites: frozenset[UUID], ledger: Sequence[TimelineEvent]) -> str | None:
    tag = Tag(event.payload["as"])
    if tag is Tag.CAUSE:
        return "a cause was tagged"
    keys = {known.natural_key for known in ledger if known.id in cites} | {
        message_key(*where) for where in _cited_messages(cites, ledger)
    }
    is_cited = event.refers_to in cites or bool({event.payload.get("message"), event.payload.get("event")} & keys)
    return f"an event that it cites was promoted to {tag.value}" if is_cited else None


def _changes_cited_entry(event: NewEvent, cites: frozenset[UUID], ledger: Sequence[TimelineEvent]) -> bool:
    """Whether a cited entry reads otherwise, or is gone from the timeline, once *event* is recorded."""
    cited = {message_key(*where) for where in _cited_messages(cites, ledger)}
    if event.refers_to not in cites and event.payload.get("message") not in cited:
        return False
    return _read(ledger) != _read([*ledger, _placed(event, ledger)])


def _restored(event: NewEvent, ledger: Sequence[TimelineEvent]) -> str | None:
    """What *event* puts back on the timeline that changes every document, as if it were stated now."""
    if event.kind not in _PUTTING_BACK or not ledger:
        return None
    before = {entry.event.id for entry in timeline(ledger)}
    for entry in timeline([*ledger, _placed(event, ledger)]):
        if entry.event.id in before:
            continue
        if Tag.CAUSE in entry.tags:
            return "a cause was restored"
        if entry.event.kind in _ALWAYS:
            return "an entry of which every document tells was restored"
    return None


def _read(ledger: Sequence[TimelineEvent]) -> list[tuple[object, ...]]:
    return [(one.label, one.text, one.at, one.event.precision, one.tags) for one in timeline(ledger)]


def _changes_cited_message(event: NewEvent, cites: frozenset[UUID], ledger: Sequence[TimelineEvent]) -> bool:
    """Whether the cited message reads differently, or is gone from the timeline, once *event* is recorded."""
    where = (event.payload["channel"], event.payload["ts"])
    if where not in _cited_messages(cites, ledger):
        return False
    about = [known for known in ledger if _where(known) == where]
    before, after = _entry(about), _entry([*about, _placed(event, about)])
    if before is None or after is None:
        return before is not after
    return (before.versions, before.is_deleted) != (after.versions, after.is_deleted)


def _cited_messages(cites: frozenset[UUID], ledger: Sequence[TimelineEvent]) -> set[tuple[str, str]]:
    found = {_where(known) for known in ledger if known.kind is EventKind.MESSAGE and known.id in cites}
    return {where for where in found if where is not None}


def _where(event: NewEvent) -> tuple[str, str] | None:
    return (event.payload["channel"], event.payload["ts"]) if event.kind in _MESSAGE else None


def _entry(about: Sequence[TimelineEvent]) -> Entry | None:
    entries = timeline(about)
    return entries[0] if entries else None


def _placed(event: NewEvent, about: Sequence[TimelineEvent]) -> TimelineEvent:
    """*event* as if it stood at the end of the ledger."""
    values = {field.name: getattr(event, field.name) for field in fields(NewEvent)}
    last = about[-1]
    return TimelineEvent(**values, incident_id=last.incident_id, seq=last.seq + 1, hash=b"")
