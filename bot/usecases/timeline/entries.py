"""Finding the entry that a person names, by what the ledger has about it: the whole may be long and others wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.errors import NotFound
from analysis.events import TimelineEvent
from analysis.incident import Incident
from analysis.milestones import MILESTONE_KINDS
from analysis.timeline import Entry, placed, taken_off, timeline
from bot.ports.ledger import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry with the facts that decide how it reads, in order of `seq`."""

    entry: Entry
    about: tuple[TimelineEvent, ...]


def entry_named(reads: Reads, incident: Incident, label: str) -> Found:
    """The entry with this label, also one that has left the timeline.

    Raises
    ------
    analysis.errors.NotFound
        If no entry ever had it.
    """
    keys = keys_in_order(reads, incident)
    place = place_of(label, keys)
    found = None if place is None else entry_at(reads, incident, keys, place)
    if found is None:
        message = f"“{label[:80]}” is not on the timeline. `/incident timeline` shows the labels."
        raise NotFound(message)
    return found


def place_in(entries: Sequence[Entry], label: str) -> int:
    """Where among *entries*, in the order in which people read them, the one with *label* stands.

    Raises
    ------
    analysis.errors.NotFound
        If none of them has it.
    """
    place = next((place for place, entry in enumerate(entries) if entry.label == label), None)
    if place is None:
        message = f"“{label[:80]}” is not on the timeline. `/incident timeline` shows the labels."
        raise NotFound(message)
    return place


def keys_in_order(reads: Reads, incident: Incident) -> tuple[str, ...]:
    """The natural keys of all entries that ever were on the timeline, in the order of their labels."""
    return placed(reads.places(incident.id))


def place_of(label: str, keys: Sequence[str]) -> int | None:
    """Where among *keys* the entry is that people call *label*."""
    number = label[1:] if label[:1] in {"e", "E"} else ""
    is_number = number.isascii() and number.isdecimal() and not number.startswith("0")
    return int(number) - 1 if is_number and len(number) < 10 and int(number) <= len(keys) else None


def entry_at(reads: Reads, incident: Incident, keys: Sequence[str], place: int) -> Found | None:
    """The entry at *place* among *keys*, as the whole ledger would have it."""
    about = facts_about(reads, incident.id, keys[place])
    entries = (*timeline(about), *taken_off(about))
    entry = next((each for each in entries if each.event.natural_key == keys[place]), None)
    return Found(entry=replace(entry, label=f"E{place + 1}"), about=about) if entry else None


def facts_about(reads: Reads, incident_id: UUID, natural_key: str) -> tuple[TimelineEvent, ...]:
    """What decides how the entry with *natural_key* reads: its own facts, and those that say something of them."""
    found = {event.seq: event for event in reads.events_about(incident_id, natural_key)}
    if any(event.kind in MILESTONE_KINDS for event in found.values()):
        # Which setting of a milestone stands is told by all of them together.
        found |= {event.seq: event for event in reads.events_of_kind(incident_id, MILESTONE_KINDS)}
    ids = {event.id for event in found.values()}
    found |= {event.seq: event for event in reads.events_referring(incident_id, ids)}
    return tuple(found[seq] for seq in sorted(found))
