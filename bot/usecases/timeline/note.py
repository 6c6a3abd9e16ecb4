"""Write a note into the record, now or for an earlier time."""

from dataclasses import dataclass

from analysis.errors import InvalidInput
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.people import Action
from analysis.precision import Precision
from analysis.times import About, leading_time
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, moment, record
from bot.usecases.timeline.spoken_times import about_phase, spoken_time

MAXIMUM_NOTE_LETTERS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(IncidentCommand):
    """`text` may begin with a time in the person's zone, such as `14:02 rolled back`; `when` gives it apart."""

    text: str
    when: str = ""


def note(reads: Reads, command: Note) -> Changes:
    """Record the note at the time it speaks of."""
    incident = find(reads, command, Action.RECORD)
    given, text = (command.when, command.text) if command.when.strip() else leading_time(command.text)
    text = text.strip()
    if not text:
        message = "Say what happened: `/incident note 14:02 rolled back the deploy`."
        raise InvalidInput(message)
    if len(text) > MAXIMUM_NOTE_LETTERS:
        message = f"The note is {len(text)} letters long; {MAXIMUM_NOTE_LETTERS} fit. Split it, nothing was recorded."
        raise InvalidInput(message)
    wanted = _dated(reads, command, incident, given, text)
    at = wanted.occurred_at
    shown = f" at {moment(at, wanted.precision)}" if at else ""
    reply = f"Noted on {incident.reference}{shown}: {wanted.text}"
    instants = [at] if at else []
    return record(
        reads, command, incident, [wanted], reply=reply, instants=instants, deliveries=[card(reads, incident)]
    )


def _dated(reads: Reads, command: Note, incident: Incident, given: str | None, text: str) -> Wanted:
    if not given:
        return Wanted(kind=EventKind.NOTE, text=text)
    when = spoken_time(reads, command, incident, given, about=lambda: _about(reads, incident))
    return Wanted(kind=EventKind.NOTE, text=text, occurred_at=when.at, precision=Precision(when.precision), key="")


def _about(reads: Reads, incident: Incident) -> About | None:
    """The incident, once it is over: what is written afterwards is mostly about it."""
    return None if incident.status.is_active else about_phase(reads, incident, incident.phase)
