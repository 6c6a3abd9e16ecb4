"""The instant that somebody names for an incident, in their own zone and of the day that it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from analysis.incident import Incident
from analysis.times import GRACE, LEAD, About, When, is_bare_clock, parse_when, refuse_another_day
from bot.ports.ledger import Reads
from bot.usecases.asking import IncidentCommand
from bot.usecases.incident.change_status import phases_on_record

#: Within which every clock is shown once.
_NEAR = timedelta(hours=12)


def spoken_time(
    reads: Reads,
    command: IncidentCommand,
    incident: Incident,
    text: str,
    *,
    about: Callable[[], About | None],
    is_milestone: bool = False,
) -> When:
    """The instant that *text* names.

    Raises
    ------
    analysis.errors.InvalidInput
        If it names none, or is a clock without a day that may as well be of another day that it is *about*.
    """
    zone = command.person.zone
    when = parse_when(text, now=reads.now, zone=zone, declared_at=incident.declared_at, is_milestone=is_milestone)
    known = about() if is_bare_clock(text) else None
    if known:
        passed = replace(known, end=min(known.end, reads.now + GRACE))  # nobody means what is still to come
        refuse_another_day(text, when.at, zone=zone, about=passed)
    return when


def about_entry(at: datetime, because: str) -> About:
    """Of what is on record at *at* already: a clock within half a day of it."""
    return About(at=at, start=at - _NEAR, end=at + _NEAR, because=because)


def about_phase(reads: Reads, incident: Incident, number: int, *, is_beginning: bool = False) -> About | None:
    """Of a phase that is over: until its resolution. Of one that goes on nothing, unless its beginning is meant."""
    phase = next((one for one in phases_on_record(reads, incident) if one.number == number), None)
    if phase is None:
        return None
    named = f"{incident.reference} (phase {number})" if incident.phase > 1 else incident.reference
    if phase.ended_at is None:
        return about_entry(phase.started_at, f"{named} began on") if is_beginning else None
    begun = min(phase.started_at, phase.ended_at) - LEAD
    return About(at=phase.ended_at, start=begun, end=phase.ended_at, because=f"{named} was resolved on")
