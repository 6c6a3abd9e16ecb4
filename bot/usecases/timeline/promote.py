"""Vouch for an event: a message becomes a fact, or an event is named as trigger, cause, impact or the like."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from analysis.errors import InvalidInput, NotFound
from analysis.events import EventKind, Tag
from analysis.incident import Incident
from analysis.people import Action
from analysis.timeline import Entry, message_key
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, asked_at, find, record
from bot.usecases.timeline.entries import entry_at, keys_in_order, place_of

_LINK = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<whole>\d{10})(?P<fraction>\d{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote(IncidentCommand):
    """Promote `what` (a label such as `E7`, or a link to a message on the timeline) to `tag`."""

    what: str
    tag: Tag = Tag.FACT


def promote(reads: Reads, command: Promote) -> Changes:
    """Record who vouches for it, quoting its text back so that a slip is seen at once."""
    incident = find(reads, command, Action.RECORD)
    entry = _entry(reads, incident, command.what.strip())
    _check_told(entry)
    is_message = entry.event.kind is EventKind.MESSAGE
    payload = {"as": command.tag.value, "event": entry.event.natural_key}
    wanted = Wanted(
        kind=EventKind.FACT_PROMOTED,
        payload={**payload, "message": entry.event.natural_key} if is_message else payload,
        occurred_at=asked_at(reads, command),
        refers_to=entry.event.id,
    )
    reply = f"{incident.reference}: {entry.label} stands as {command.tag.value}: “{entry.text[:200]}”"
    return record(reads, command, incident, [wanted], reply=reply)


#: Entries that only say what was decided about the incident: none of them is what happened, or why.
_DECIDED: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.MILESTONE_SET: "a milestone",
        EventKind.STATUS_CHANGED: "a change of status",
        EventKind.REOPENED: "a reopening",
        EventKind.SEVERITY_CHANGED: "a change of severity",
        EventKind.ROLE_ASSIGNED: "a role",
        EventKind.VISIBILITY_CHANGED: "a change of visibility",
    }
)


def _check_told(entry: Entry) -> None:
    """Refuse a tag for what tells nothing that happened: it is a slip, mostly of a label that has moved."""
    if entry.event.kind in _DECIDED:
        message = (
            f"{entry.label} is {_DECIDED[entry.event.kind]} and takes no tag. Tag what somebody wrote or a system "
            "reported, or write it down with `/incident note`; `/incident timeline` shows the labels."
        )
        raise InvalidInput(message)


def _entry(reads: Reads, incident: Incident, what: str) -> Entry:
    """The entry on the timeline that *what* names."""
    keys = keys_in_order(reads, incident)
    place = _place(reads, incident, what, keys)
    found = None if place is None else entry_at(reads, incident, keys, place)
    if found and not found.entry.is_off:
        return found.entry
    if not what:
        message = "Say which: `/incident promote E7 as cause`, or paste the link of a message on the timeline."
        raise InvalidInput(message)
    message = f"“{what[:80]}” is not on the timeline. `/incident timeline` shows the labels."
    raise NotFound(message)


def _place(reads: Reads, incident: Incident, what: str, keys: Sequence[str]) -> int | None:
    link = _LINK.search(what)
    if link is None:
        return place_of(what, keys)
    moved = reads.channel_moves(incident.id)
    known = (
        message_key(channel, f"{link['whole']}.{link['fraction']}")
        for channel in (link["channel"], *moved.earlier(link["channel"]))
    )
    return next((keys.index(key) for key in known if key in keys), None)
