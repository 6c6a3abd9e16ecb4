"""What the record leaves unexplained: gaps and contradictions, listed and never smoothed; and its span.

Definitions, so that anybody can recompute them from a timeline:

* span = instant of the last entry - instant of the first;
* a pause = difference of two consecutive entries in the timeline's order, where it is greater than zero;
* a gap = a pause longer than the severity's limit (`GAP_LIMITS`), both ends inside one phase, while the incident
  was active. The severity and the state are those after the entry that begins the pause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from analysis.events import EventKind
from analysis.incident import DEFAULT_SEVERITY, Severity, Status
from analysis.milestones import Milestone, Phase
from analysis.precision import Precision
from analysis.replayed import stated_severity
from analysis.timeline import Entry
from analysis.unlooked import Unlooked, unlooked
from analysis.wording import apart, instant, length

#: How long the record may be silent at each severity before it is asked about. Set by convention (a commander's
#: usual rhythm of updates at that severity), never fitted to records; a site may pass its own table to `find`.
GAP_LIMITS: Mapping[Severity, timedelta] = MappingProxyType(
    {
        Severity.SEV1: timedelta(minutes=15),
        Severity.SEV2: timedelta(minutes=30),
        Severity.SEV3: timedelta(minutes=60),
    }
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two events that cannot both be right, and how."""

    kind: ContradictionKind
    phase: int
    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A silence of the record from the entry `after` to the entry `before`, longer than `limit`.

    `rated` is the entry that states the severity; it is empty where none does and the default one is assumed.
    """

    after: str
    before: str
    started_at: datetime
    ended_at: datetime
    severity: Severity
    limit: timedelta
    phase: int
    rated: str = ""
    started_known: Precision = Precision.SECOND
    ended_known: Precision = Precision.SECOND

    @property
    def length(self) -> timedelta:
        """How long the record is silent."""
        return self.ended_at - self.started_at

    @property
    def text(self) -> str:
        """The finding as a sentence."""
        silent = apart(self.started_at, self.started_known, self.ended_at, self.ended_known)
        limit = length(self.limit)
        rated = (
            f"the incident was {self.severity} (limit {limit})"
            if self.rated
            else f"no severity was on record (limit {limit}, that of {self.severity})"
        )
        return f"Nothing is on record for {silent} from {instant(self.started_at, self.started_known)}, while {rated}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The time between two consecutive entries."""

    after: str
    before: str
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first entry of a timeline to its last, and all its pauses in order."""

    first: str
    last: str
    started_at: datetime
    ended_at: datetime
    pauses: tuple[Pause, ...] = ()

    @property
    def length(self) -> timedelta:
        """The last instant minus the first."""
        return self.ended_at - self.started_at

    @property
    def longest(self) -> Pause | None:
        """The longest pause; of equals the earliest."""
        return max(self.pauses, key=lambda pause: pause.length, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything about a record that a person should look at."""

    contradictions: tuple[Contradiction, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unlooked: tuple[Unlooked, ...] = ()
    span: Span | None = None


def find(
    entries: Sequence[Entry], phases: Sequence[Phase], *, limits: Mapping[Severity, timedelta] = GAP_LIMITS
) -> Findings:
    """Look through a timeline and its phases."""
    contradictions = [finding for phase in phases for finding in _contradictions(phase, entries)]
    return Findings(
        contradictions=tuple(contradictions),
        gaps=tuple(_gaps(entries, phases, limits)),
        unlooked=unlooked(entries),
        span=span(entries),
    )


def span(entries: Sequence[Entry]) -> Span | None:
    """The span of *entries* as defined above; `None` for an empty timeline."""
    if not entries:
        return None
    pauses = (
        Pause(after=one.label, before=next_one.label, length=next_one.at - one.at)
        for one, next_one in pairwise(entries)
    )
    return Span(
        first=entries[0].label,
        last=entries[-1].label,
        started_at=entries[0].at,
        ended_at=entries[-1].at,
        pauses=tuple(pause for pause in pauses if pause.length),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    severity: Severity = DEFAULT_SEVERITY
    rated: str = ""
    is_active: bool = False


def _gaps(entries: Sequence[Entry], phases: Sequence[Phase], limits: Mapping[Severity, timedelta]) -> list[Gap]:
    found = []
    state = _State()
    for one, next_one in pairwise(entries):
        state = _after(state, one)
        limit = limits.get(state.severity)
        phase = _phase_holding(phases, one.at, next_one.at)
        if limit is None or phase is None or not state.is_active or next_one.at - one.at <= limit:
            continue
        found.append(
            Gap(
                after=one.label,
                before=next_one.label,
                started_at=one.at,
                ended_at=next_one.at,
                severity=state.severity,
                limit=limit,
                phase=phase.number,
                rated=state.rated,
                started_known=one.event.precision,
                ended_known=next_one.event.precision,
            )
        )
    return found


def _after(state: _State, entry: Entry) -> _State:
    payload = entry.event.payload
    if entry.event.lost_details:
        return state
    match entry.event.kind:
        case EventKind.DECLARED:
            rated = entry.label if stated_severity(entry.event) else ""
            return replace(state, severity=Severity(payload["severity"]), rated=rated, is_active=True)
        case EventKind.SEVERITY_CHANGED:
            return replace(state, severity=Severity(payload["to"]), rated=entry.label)
        case EventKind.STATUS_CHANGED | EventKind.REOPENED:
            return replace(state, is_active=Status(payload["to"]).is_active)
        case _:
            return state


def _phase_holding(phases: Sequence[Phase], start: datetime, end: datetime) -> Phase | None:
    for phase in phases:
        if phase.started_at <= start and (phase.ended_at is None or end <= phase.ended_at):
            return phase
    return None


def _contradictions(phase: Phase, entries: Sequence[Entry]) -> list[Contradiction]:
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
    ]


_Chosen = Mapping[Milestone, tuple[datetime, str]]


def _two_instants(phase: Phase, entries: Sequence[Entry], chosen: _Chosen) -> list[Contradiction]:
    """Milestones set again to another instant, unless the later one says that it corrects the earlier."""
    corrected = {entry.event.refers_to for entry in entries if entry.event.refers_to}
    found = []
    for entry in entries:
        event = entry.event
        if event.kind is not EventKind.MILESTONE_SET or event.lost_details or _phase_number(entry) != phase.number:
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
    begins = [entry for entry in entries if entry.event.kind in _BEGINNINGS and _phase_number(entry) == phase.number]
    found = []
    for milestone in _ENDS:
        if not begins or milestone not in chosen or chosen[milestone][0] >= begins[0].at - LEAD:
            continue
        (at, label), known = chosen[milestone], phase.milestones[milestone].precision
        begun, begun_known = begins[0].at, begins[0].event.precision
        text = (
            f"In phase {phase.number} the {milestone} ({instant(at, known)}) lies "
            f"{apart(at, known, begun, begun_known)} before the {_BEGINNINGS[begins[0].event.kind]} "
            f"({instant(begun, begun_known)})."
        )
        found.append(_contradiction(ContradictionKind.FAR_BEFORE, phase, text, label, begins[0].label))
    return found


def _phase_number(entry: Entry) -> int:
    return int(entry.event.payload.get("phase", 1))


def _active_after_end(phase: Phase, entries: Sequence[Entry], chosen: _Chosen) -> list[Contradiction]:
    if Milestone.RESOLUTION not in chosen:
        return []
    ended_at, label = chosen[Milestone.RESOLUTION]
    found = []
    for entry in entries:
        event = entry.event
        is_status = event.kind is EventKind.STATUS_CHANGED and not event.lost_details
        if (
            is_status
            and _phase_number(entry) == phase.number
            and entry.at > ended_at
            and Status(event.payload["to"]).is_active
        ):
            text = (
                f"Phase {phase.number} was resolved at {_shown(phase, Milestone.RESOLUTION)}, and yet "
                f"{event.payload['to']} is stated for {instant(entry.at, event.precision)}."
            )
            found.append(_contradiction(ContradictionKind.ACTIVE_AFTER_END, phase, text, label, entry.label))
    return found


def _shown(phase: Phase, milestone: Milestone) -> str:
    event = phase.milestones[milestone]
    return instant(event.occurred_at, event.precision)


def _contradiction(kind: ContradictionKind, phase: Phase, text: str, *labels: str) -> Contradiction:
    return Contradiction(kind=kind, phase=phase.number, text=text, labels=labels)
