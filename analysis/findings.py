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
from itertools import pairwise
from types import MappingProxyType

from analysis.contradictions import Contradiction, contradictions
from analysis.events import EventKind
from analysis.incident import DEFAULT_SEVERITY, Severity, Status
from analysis.milestones import Phase
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
            f", while the incident was {self.severity} (limit {limit})"
            if self.rated
            else f" (limit {limit}, as for a {self.severity}, because no severity was on record)"
        )
        return f"Nothing is on record for {silent} from {instant(self.started_at, self.started_known)}{rated}."


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
    contradicting = [finding for phase in phases for finding in contradictions(phase, entries)]
    return Findings(
        contradictions=tuple(contradicting),
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
