"""Set one of the seven milestones to its own instant, in the present phase or an earlier one."""

from dataclasses import dataclass
from functools import partial

from analysis.errors import InvalidInput
from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Incident
from analysis.milestones import PHASE_KINDS, Milestone, phases
from analysis.people import Action
from analysis.precision import Precision
from analysis.times import About
from analysis.wording import counted
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, moment, record
from bot.usecases.timeline.spoken_times import about_entry, about_phase, spoken_time


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMilestone(IncidentCommand):
    """Set `milestone` to `when`, in the person's zone; without one, to now. Without a `phase`, of the present one."""

    milestone: Milestone
    when: str = ""
    phase: int | None = None


def set_milestone(reads: Reads, command: SetMilestone) -> Changes:
    """Record the instant in the place of what was said before, which stays in the ledger.

    A record from elsewhere corrects nothing: where it gives two instants, both stand and contradict each other.
    """
    incident = find(reads, command, Action.RECORD)
    phase = checked_phase(incident, command.phase)
    before = present_setting(reads, incident, command.milestone, phase)
    at, precision = reads.now, Precision.SECOND
    if command.when.strip() and command.when.strip().lower() != "now":
        about = partial(_about, reads, incident, command.milestone, phase, before)
        when = spoken_time(reads, command, incident, command.when, about=about, is_milestone=True)
        at, precision = when.at, Precision(when.precision)
    replaces = command.source is not Source.IMPORT
    wanted = Wanted(
        kind=EventKind.MILESTONE_SET,
        text=command.milestone.value,
        payload={
            "milestone": command.milestone.value,
            "phase": phase,
            **({"replaces": True} if replaces else {}),
        },
        occurred_at=at,
        precision=precision,
        refers_to=before.id if before and replaces else None,
    )
    reply = (
        f"{incident.reference}: {command.milestone.value}{of_phase(incident, phase)} was at {moment(at, precision)}."
    )
    instants = [at]
    if before and replaces:
        reply += f" Before, it was {moment(before.occurred_at, before.precision)}."
        instants.append(before.occurred_at)
    return record(
        reads, command, incident, [wanted], reply=reply, instants=instants, deliveries=[card(reads, incident)]
    )


def _about(
    reads: Reads, incident: Incident, milestone: Milestone, phase: int, before: TimelineEvent | None
) -> About | None:
    """What was said of it before, else the phase where that is over; whether it was major is judged after that, too."""
    if before:
        return about_entry(before.occurred_at, f"{milestone.value}{of_phase(incident, phase)} was on")
    if milestone is Milestone.CLASSIFICATION:
        return None
    is_beginning = milestone in {Milestone.OCCURRENCE, Milestone.DETECTION}
    return about_phase(reads, incident, phase, is_beginning=is_beginning)


def checked_phase(incident: Incident, phase: int | None) -> int:
    """The phase that is meant.

    Raises
    ------
    analysis.errors.InvalidInput
        If the incident has none of this number.
    """
    if phase is None:
        return incident.phase
    if not 1 <= phase <= incident.phase:
        message = f"{incident.reference} has {counted(incident.phase, 'phase')}; there is no phase {phase}."
        raise InvalidInput(message)
    return phase


def present_setting(reads: Reads, incident: Incident, milestone: Milestone, phase: int) -> TimelineEvent | None:
    """The setting of *milestone* in *phase* that counts now."""
    found = [one for one in phases(reads.events_of_kind(incident.id, PHASE_KINDS)) if one.number == phase]
    return found[0].milestones.get(milestone) if found else None


def of_phase(incident: Incident, phase: int) -> str:
    """Names the phase where there are several."""
    return f" of phase {phase}" if incident.phase > 1 else ""
