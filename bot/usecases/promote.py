"""Vouch for an event: a message becomes a fact, or an event is named as trigger, cause, impact or the like."""

import re
from dataclasses import dataclass

from analysis.errors import InvalidInput, NotFound
from analysis.events import EventKind, Tag
from analysis.people import Action
from analysis.timeline import Entry, timeline
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, asked_at, find, record

_LINK = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<whole>\d{10})(?P<fraction>\d{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote(IncidentCommand):
    """Promote `what` (a label such as `E7`, or a link to a message on the timeline) to `tag`."""

    what: str
    tag: Tag = Tag.FACT


def promote(reads: Reads, command: Promote) -> Changes:
    """Record who vouches for it, quoting its text back so that a slip is seen at once."""
    incident = find(reads, command, Action.RECORD)
    entry = _entry(timeline(reads.events(incident.id)), command.what.strip())
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


def _entry(entries: tuple[Entry, ...], what: str) -> Entry:
    link = _LINK.search(what)
    if link:
        key = f"message:{link['channel']}:{link['whole']}.{link['fraction']}"
        found = [entry for entry in entries if entry.event.natural_key == key]
    else:
        found = [entry for entry in entries if entry.label.lower() == what.lower()]
    if found:
        return found[0]
    if not what:
        message = "Say which: `/incident promote E7 as cause`, or paste the link of a message on the timeline."
        raise InvalidInput(message)
    message = f"“{what[:80]}” is not on the timeline. `/incident timeline` shows the labels."
    raise NotFound(message)
