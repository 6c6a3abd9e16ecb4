"""Take back that somebody vouched for an event, or the tag that they gave it."""

from dataclasses import dataclass

from analysis.errors import NotFound
from analysis.events import EventKind, Tag, TimelineEvent
from analysis.people import Action
from analysis.timeline import Entry
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, asked_at, find, record
from bot.usecases.timeline.entries import entry_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpromote(IncidentCommand):
    """Take `tag` from the entry `label`; without one, every tag."""

    label: str
    tag: Tag | None = None


def unpromote(reads: Reads, command: Unpromote) -> Changes:
    """Record that it no longer stands for this; who promoted it stays an author of the revisions since."""
    incident = find(reads, command, Action.RECORD)
    found = entry_named(reads, incident, command.label)
    entry = found.entry
    tag = command.tag.value if command.tag else ""
    if not any(_promotes(event, entry, tag) for event in found.about):
        message = f"{entry.label} was never promoted{f' to {tag}' if tag else ''}. Nothing was recorded."
        raise NotFound(message)
    wanted = Wanted(
        kind=EventKind.FACT_UNPROMOTED,
        payload={"as": tag, **_message(entry)},
        occurred_at=asked_at(reads, command),
        refers_to=entry.event.id,
    )
    left = sorted(each.value for each in entry.tags if tag and each.value != tag)
    stands = f"stands as {', '.join(left)} only" if left else "is no longer promoted"
    reply = f"{incident.reference}: {entry.label} {stands}: “{entry.text[:200]}”"
    return record(reads, command, incident, [wanted], reply=reply)


def _promotes(event: TimelineEvent, entry: Entry, tag: str) -> bool:
    if event.kind is not EventKind.FACT_PROMOTED or (tag and event.payload["as"] != tag):
        return False
    return event.refers_to == entry.event.id or event.payload.get("message") == entry.event.natural_key


def _message(entry: Entry) -> dict[str, str]:
    """A message is promoted as a whole, not one of its texts."""
    return {"message": entry.event.natural_key} if entry.event.kind is EventKind.MESSAGE else {}
