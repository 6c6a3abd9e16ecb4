"""Take an entry off the timeline, and put it back: it stays in the ledger, and its label stays its own."""

from dataclasses import dataclass

from analysis.corrections import check_withdrawable
from analysis.errors import InvalidInput, NotFound
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.lifecycle import MINIMUM_REASON_LETTERS
from analysis.people import Action
from analysis.timeline import Entry
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, asked_at, card, find, record
from bot.usecases.timeline.entries import entry_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(IncidentCommand):
    """Take the entry `label` off the timeline and out of the draft."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore(IncidentCommand):
    """Put the withdrawn entry `label` back."""

    label: str
    reason: str = ""


def withdraw(reads: Reads, command: Withdraw) -> Changes:
    """Record that it does not belong on the timeline, and why."""
    incident = find(reads, command, Action.RECORD)
    entry = entry_named(reads, incident, command.label).entry
    check_withdrawable(entry.event, entry.label)
    reason = command.reason.strip()
    if len(reason) < MINIMUM_REASON_LETTERS:
        message = f"Say why, in at least {MINIMUM_REASON_LETTERS} letters: `/incident withdraw {entry.label} reason`."
        raise InvalidInput(message)
    reply = (
        f"{incident.reference}: {entry.label} is off the timeline and stays on record: “{entry.text[:200]}”. "
        f"`/incident restore {entry.label}` puts it back."
    )
    return _said(reads, command, incident, entry, EventKind.WITHDRAWN, reason, reply)


def restore(reads: Reads, command: Restore) -> Changes:
    """Record that it belongs there after all."""
    incident = find(reads, command, Action.RECORD)
    found = entry_named(reads, incident, command.label)
    entry = found.entry
    check_withdrawable(entry.event, entry.label)
    if not any(event.kind is EventKind.WITHDRAWN and event.refers_to == entry.event.id for event in found.about):
        message = f"{entry.label} was not withdrawn: it is on the timeline. Nothing was recorded."
        raise NotFound(message)
    reply = f"{incident.reference}: {entry.label} is on the timeline again: “{entry.text[:200]}”"
    return _said(reads, command, incident, entry, EventKind.RESTORED, command.reason.strip(), reply)


def _said(
    reads: Reads,
    command: IncidentCommand,
    incident: Incident,
    entry: Entry,
    kind: EventKind,
    reason: str,
    reply: str,
) -> Changes:
    wanted = Wanted(kind=kind, text=reason, occurred_at=asked_at(reads, command), refers_to=entry.event.id)
    return record(reads, command, incident, [wanted], reply=reply, deliveries=[card(reads, incident)])
