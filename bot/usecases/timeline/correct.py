"""Correct what an entry of the timeline says, or when it happened: the entry stays on record as it was."""

from dataclasses import dataclass
from datetime import datetime

from analysis.chain import stamp
from analysis.corrections import CORRECTABLE, TEXT, TIME, check_correctable, corrections_of
from analysis.errors import InvalidInput
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.people import Action
from analysis.precision import Precision
from analysis.timeline import Entry
from analysis.times import When, leading_time, says_only_when
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery
from bot.usecases.asking import IncidentCommand, Wanted, announce, asked_at, card, find, moment, record
from bot.usecases.incident.inform import MAXIMUM_IMPACT_LETTERS, MAXIMUM_UPDATE_LETTERS
from bot.usecases.timeline.entries import Found, entry_named
from bot.usecases.timeline.note import MAXIMUM_NOTE_LETTERS
from bot.usecases.timeline.spoken_times import about_entry, spoken_time

_LIMITS = {
    EventKind.NOTE: MAXIMUM_NOTE_LETTERS,
    EventKind.IMPACT_SET: MAXIMUM_IMPACT_LETTERS,
    EventKind.UPDATE_SENT: MAXIMUM_UPDATE_LETTERS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(IncidentCommand):
    """Correct the entry `label`: `text` may begin with a time, as a note does; `when` gives it apart."""

    label: str
    text: str = ""
    when: str = ""


def correct(reads: Reads, command: Correct) -> Changes:
    """Record the correction; of several, the one that was said last counts."""
    incident = find(reads, command, Action.RECORD)
    found = entry_named(reads, incident, command.label)
    entry = found.entry
    check_correctable(entry.event, entry.label, frozenset())
    given, text = _split(command, entry)
    changes = frozenset({part for part, said in ((TEXT, text), (TIME, given)) if said})
    _check(entry, changes, text)
    when = _when(reads, command, incident, entry, given)
    said_at = asked_at(reads, command)
    wanted = Wanted(
        kind=EventKind.CORRECTED,
        text=text,
        payload={
            "changes": sorted(changes),
            **({"at": stamp(when.at), "precision": when.precision.value} if when else {}),
            **({"sets_impact": True} if _sets_impact(reads, command, said_at, found, changes) else {}),
        },
        occurred_at=said_at,
        refers_to=entry.event.id,
    )
    deliveries = _deliveries(reads, command, incident, entry)
    return record(
        reads,
        command,
        incident,
        [wanted],
        reply=_reply(incident, entry, when, text),
        instants=[entry.at, *([when.at] if when else [])],
        deliveries=deliveries,
    )


def _split(command: Correct, entry: Entry) -> tuple[str, str]:
    """The time and the text that were given; no time is looked for where none can be corrected."""
    given, text = command.when.strip(), command.text.strip()
    if not given and TIME in CORRECTABLE[entry.event.kind]:
        found, rest = leading_time(text)
        given, text = found or "", rest.strip()
        if not given and says_only_when(text):
            message = (
                f"“{text}” says when, and not exactly enough to be taken. Write a time such as 14:02, yesterday 23:10, "
                "2026-10-25 02:30 or 5m ago, or the whole text as it is right. Nothing was recorded."
            )
            raise InvalidInput(message)
    return given, " ".join(text.split()) if entry.event.kind is EventKind.IMPACT_SET else text


def _check(entry: Entry, changes: frozenset[str], text: str) -> None:
    if not changes:
        message = f"Say what is right: `/incident correct {entry.label} [time] text`. Nothing was recorded."
        raise InvalidInput(message)
    check_correctable(entry.event, entry.label, changes)
    limit = _LIMITS.get(entry.event.kind)
    if limit is not None and len(text) > limit:
        message = f"This is {len(text)} letters long; {limit} fit. Shorten it, nothing was recorded."
        raise InvalidInput(message)


def _when(reads: Reads, command: Correct, incident: Incident, entry: Entry, given: str) -> When | None:
    if not given:
        return None
    return spoken_time(reads, command, incident, given, about=lambda: about_entry(entry.at, f"{entry.label} is of"))


def _sets_impact(reads: Reads, command: Correct, said_at: datetime, found: Found, changes: frozenset[str]) -> bool:
    """Whether the incident's customer impact, which its card shows, reads as this correction says from now on."""
    event = found.entry.event
    if TEXT not in changes or event.kind is not EventKind.IMPACT_SET:
        return False
    if reads.events_of_kind(event.incident_id, {EventKind.IMPACT_SET})[-1].id != event.id:
        return False
    others = [one for one in corrections_of(found.about).get(event.id, ()) if TEXT in one.payload["changes"]]
    return all((one.occurred_at, one.natural_key) <= (said_at, command.natural_key) for one in others)


def _deliveries(reads: Reads, command: Correct, incident: Incident, entry: Entry) -> list[NewDelivery]:
    """Whoever was told something wrong is told so."""
    told = [announce(reads, incident, command.natural_key)] if entry.event.kind is EventKind.UPDATE_SENT else []
    return [card(reads, incident), *told]


def _reply(incident: Incident, entry: Entry, when: When | None, text: str) -> str:
    before = f"before: {moment(entry.at, entry.event.precision)}, “{entry.text[:200]}”"
    at = f" at {moment(when.at, Precision(when.precision))}" if when else ""
    off = f" It stays off the timeline; `/incident restore {entry.label}` puts it back." if entry.withdrawal else ""
    return f"{incident.reference}: {entry.label} is corrected{at}: “{(text or entry.text)[:200]}” ({before}).{off}"
