"""Which instants of a record cannot both be right: listed for people, never corrected by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from analysis.events import EventKind
from analysis.incident import Status
from analysis.milestones import Milestone, Phase, phase_of
from analysis.precision import is_before
from analysis.timeline import Entry
from analysis.wording import apart, counted, instant

#: Which milestone cannot lie after which other in one phase.
CANNOT_FOLLOW: tuple[tuple[Milestone, Milestone], ...] = (
    (Milestone.OCCURRENCE, Milestone.DETECTION),
    (Milestone.OCCURRENCE, Milestone.MITIGATION),
    (Milestone.OCCURRENCE, Milestone.RECOVERY),
    (Milestone.OCCURRENCE, Milestone.RESOLUTION),
    (Milestone.DETECTION, Milestone.AWARENESS),
    (Milestone.DETECTION, Milestone.MITIGATION),
    (Milestone.DETECTION, Milestone.RECOVERY),
    (Milestone.DETECTION, Milestone.RESOLUTION),
    (Milestone.MITIGATION, Milestone.RESOLUTION),
)

#: How long before the beginning of its phase the end of a trouble may lie; the trouble itself may begin long before.
LEAD = timedelta(hours=3)
_ENDS = (Milestone.MITIGATION, Milestone.RECOVERY, Milestone.RESOLUTION)
_BEGINNINGS = {EventKind.DECLARED: "declaration", EventKind.REOPENED: "reopening"}


class ContradictionKind(StrEnum):
    """In which way two events cannot both be right."""

    TWO_INSTANTS = "two_instants"  #: one milestone of one phase has two different instants
    REVERSED = "reversed"  #: a milestone lies before one that it must follow
    FAR_BEFORE = "far_before"  #: the trouble ended hours before it was declared or reopened
    ACTIVE_AFTER_END = "active_after_end"  #: an active state is stated after the instant of the resolution
    OVERLAPS = "overlaps"  #: a phase is resolved after the next one began
    FIRED_ON = "fired_on"  #: alerts that belong to it still fired when it was resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two events that cannot both be right, and how."""

    kind: ContradictionKind
    phase: int
    text: str
    labels: tuple[str, ...]


def contradictions(phase: Phase, entries: Sequence[Entry]) -> list[Contradiction]:
    """What cannot be right together in *phase*."""
    labels = {entry.event.id: entry.label for entry in entries}
    chosen = {
        milestone: (event.occurred_at, labels[event.id])
        for milestone, event in phase.milestones.items()
        if event.id in labels
    }
    return [
        *_two_instants(phase, entries, chosen),
        *_reversed(phase, chosen),
        *_far_before(phase, entries, chosen),
        *_active_after_end(phase, entries, chosen),
        *_overlaps(phase, entries, chosen),
        *_fired_on(phase, entries),
    ]


_Chosen = Mapping[Milestone, tuple[datetime, str]]


def _two_instants(phase: Phase, entries: Sequence[Entry], chosen: _Chosen) -> list[Contradiction]:
    """Milestones set again to another instant, unless the later one says that it corrects the earlier."""
    corrected = {entry.event.refers_to for entry in entries if entry.event.refers_to}
    found = []
    for entry in entries:
        event = entry.event
        if event.kind is not EventKind.MILESTONE_SET or event.lost_details or phase_of(entry.event) != phase.number:
            continue
        milestone = Milestone(event.payload["milestone"])
        if milestone not in chosen or chosen[milestone][0] == entry.at or event.id in corrected:
            continue
        label = chosen[milestone][1]
        text = (
            f"The {milestone} of phase {phase.number} has two times, {instant(entry.at, event.precision)} and "
            f"{_shown(phase, milestone)}; the one recorded last ({label}) is used."
        )
        found.append(_contradiction(ContradictionKind.TWO_INSTANTS, phase, text, entry.label, label))
    return found


def _reversed(phase: Phase, chosen: _Chosen) -> list[Contradiction]:
    found = []
    for earlier, later in CANNOT_FOLLOW:
        if earlier in chosen and later in chosen and phase.is_reversed(earlier, later):
            text = (
                f"In phase {phase.number} the {later} ({_shown(phase, later)}) lies before "
                f"the {earlier} ({_shown(phase, earlier)})."
            )
            found.append(_contradiction(ContradictionKind.REVERSED, phase, text, chosen[later][1], chosen[earlier][1]))
    return found


def _far_before(phase: Phase, entries: Sequence[Entry], chosen: _Chosen) -> list[Contradiction]:
    """Ends that lie hours before the phase begins: a clock of today that was taken for yesterday's, or a wrong day."""
    begins = [entry for entry in entries if entry.event.kind in _BEGINNINGS and phase_of(entry.event) == phase.number]
    found = []
    for milestone in _ENDS:
        if not begins or milestone not in chosen:
            continue
        (at, label), known = chosen[milestone], phase.milestones[milestone].precision
        begun, begun_known = begins[0].at, begins[0].event.precision
        if not is_before(at + LEAD, known, begun, begun_known):
            continue
        text = (
            f"In phase {phase.number} the {milestone} ({instant(at, known)}) lies "
            f"{apart(at, known, begun, begun_known)} before the {_BEGINNINGS[begins[0].event.kind]} "
            f"({instant(begun, begun_known)})."
        )
        found.append(_contradiction(ContradictionKind.FAR_BEFORE, phase, text, label, begins[0].label))
    return found


def _active_after_end(phase: Phase, entries: Sequence[Entry], chosen: _Chosen) -> list[Contradiction]:
    if Milestone.RESOLUTION not in chosen:
        return []
    (ended_at, label), known = chosen[Milestone.RESOLUTION], phase.milestones[Milestone.RESOLUTION].precision
    found = []
    for entry in entries:
        event = entry.event
        is_status = event.kind is EventKind.STATUS_CHANGED and not event.lost_details
        if (
            is_status
            and phase_of(entry.event) == phase.number
            and is_before(ended_at, known, entry.at, event.precision)
            and Status(event.payload["to"]).is_active
        ):
            text = (
                f"Phase {phase.number} was resolved at {_shown(phase, Milestone.RESOLUTION)}, and yet "
                f"{event.payload['to']} is stated for {instant(entry.at, event.precision)}."
            )
            found.append(_contradiction(ContradictionKind.ACTIVE_AFTER_END, phase, text, label, entry.label))
    return found


def _overlaps(phase: Phase, entries: Sequence[Entry], chosen: _Chosen) -> list[Contradiction]:
    """A resolution that was set, such as by its clock alone, to a time at which the incident was open again."""
    if Milestone.RESOLUTION not in chosen:
        return []
    resolved = phase.milestones[Milestone.RESOLUTION]
    text = f"Phase {phase.number} was resolved at {_shown(phase, Milestone.RESOLUTION)}, and yet"
    return [
        _contradiction(
            ContradictionKind.OVERLAPS,
            phase,
            f"{text} phase {phase.number + 1} began at {instant(entry.at, entry.event.precision)}, before that.",
            chosen[Milestone.RESOLUTION][1],
            entry.label,
        )
        for entry in entries
        if entry.event.kind is EventKind.REOPENED
        and not entry.event.lost_details
        and phase_of(entry.event) == phase.number + 1
        and is_before(entry.at, entry.event.precision, resolved.occurred_at, resolved.precision)
    ]


def _fired_on(phase: Phase, entries: Sequence[Entry]) -> list[Contradiction]:
    """Alerts that still fired when somebody said that it was over."""
    found = []
    for entry in entries:
        event = entry.event
        is_count = event.kind is EventKind.ALERT_GROUP_COUNTED and not event.erased & {"text", "payload"}
        if is_count and phase_of(event) == phase.number and event.payload["firing"]:
            series = counted(event.payload["series"], "series", "series")
            text = (
                f"The incident was called resolved at {instant(entry.at, event.precision)}, and yet "
                f"{event.payload['firing']} of {series} of its alerts still fired then."
            )
            found.append(_contradiction(ContradictionKind.FIRED_ON, phase, text, entry.label))
    return found


def _shown(phase: Phase, milestone: Milestone) -> str:
    event = phase.milestones[milestone]
    return instant(event.occurred_at, event.precision)


def _contradiction(kind: ContradictionKind, phase: Phase, text: str, *labels: str) -> Contradiction:
    return Contradiction(kind=kind, phase=phase.number, text=text, labels=labels)
