"""The instants that matter for metrics and regulators, and the durations between them.

A milestone is an event with its own instant; one nobody set stays empty. Each phase (a reopening begins the
next) keeps its own, so that reopening overwrites nothing. What a person sets stands in the place of what was said
before it; two instants that nobody set as a correction, as records from elsewhere have them, both stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from analysis.corrections import Correction
from analysis.errors import InvalidInput
from analysis.events import EventKind, TimelineEvent
from analysis.precision import is_before


class Milestone(StrEnum):
    """The seven instants of an incident, in the order in which they usually fall."""

    OCCURRENCE = "occurrence"  #: the impact began
    DETECTION = "detection"  #: the first alert or report
    AWARENESS = "awareness"  #: the organisation knew; the declaration
    CLASSIFICATION = "classification"  #: judged as major or not, by a person
    MITIGATION = "mitigation"  #: the impact was reduced; first entry to monitoring
    RECOVERY = "recovery"  #: service was back at its previous level
    RESOLUTION = "resolution"  #: it is over

    @classmethod
    def parse(cls, word: str) -> "Milestone":
        """Read a milestone's name, and refuse everything else."""
        name = word.strip().lower()
        if name not in {member.value for member in cls}:
            message = f"“{word}” is not a milestone. Use one of: {', '.join(member.value for member in cls)}."
            raise InvalidInput(message)
        return cls(name)


#: Which milestones each duration lies between (from, to): the definitions in `docs/reference/durations.md`.
DURATION_ENDS: Mapping[str, tuple[Milestone, Milestone]] = MappingProxyType(
    {
        "time_to_detect": (Milestone.OCCURRENCE, Milestone.DETECTION),
        "time_to_acknowledge": (Milestone.DETECTION, Milestone.AWARENESS),
        "time_to_mitigate": (Milestone.DETECTION, Milestone.MITIGATION),
        "time_to_resolve": (Milestone.DETECTION, Milestone.RESOLUTION),
    }
)
#: What says a milestone, or that nobody knows it.
MILESTONE_KINDS = frozenset({EventKind.MILESTONE_SET, EventKind.MILESTONE_CLEARED})
_BEGINNINGS = frozenset({EventKind.DECLARED, EventKind.REOPENED})
#: What phases are made of.
PHASE_KINDS = _BEGINNINGS | MILESTONE_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """From a declaration or reopening to the resolution, with its milestones' events."""

    number: int
    started_at: datetime
    ended_at: datetime | None = None
    milestones: Mapping[Milestone, TimelineEvent] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def missing(self) -> tuple[Milestone, ...]:
        """The milestones that nobody has set."""
        return tuple(milestone for milestone in Milestone if milestone not in self.milestones)

    def at(self, milestone: Milestone) -> datetime | None:
        """The instant of *milestone*, if set."""
        event = self.milestones.get(milestone)
        return event.occurred_at if event else None

    def durations(self) -> dict[str, timedelta | None]:
        """Each duration of `DURATION_ENDS`, `None` where an end is missing or the ends are reversed."""
        return {name: self._between(*ends) for name, ends in DURATION_ENDS.items()}

    def is_reversed(self, start: Milestone, end: Milestone) -> bool:
        """Whether *end*, which is set, lies before *start*, which is too, as far as both are known."""
        first, last = self.milestones[start], self.milestones[end]
        return is_before(last.occurred_at, last.precision, first.occurred_at, first.precision)

    def _between(self, start: Milestone, end: Milestone) -> timedelta | None:
        first, last = self.at(start), self.at(end)
        if first is None or last is None or last < first:
            return None
        return last - first


def phases(events: Iterable[TimelineEvent]) -> tuple[Phase, ...]:
    """Split the ledger's *events* into phases; of a milestone's settings the one that was said last counts."""
    ledger = tuple(events)
    found: dict[int, dict[Milestone, TimelineEvent]] = {}
    for (number, milestone), group in _settings(ledger).items():
        standing = _standing(group)
        if standing:
            found.setdefault(number, {})[milestone] = standing[-1]
    starts = {
        phase_of(event): event.occurred_at
        for event in ledger
        if event.kind is EventKind.DECLARED or (event.kind in _BEGINNINGS and not event.lost_details)
    }
    return tuple(_phase(number, starts[number], found.get(number, {})) for number in sorted(starts))


def milestone_history(events: Iterable[TimelineEvent]) -> Mapping[str, tuple[Correction, ...]]:
    """The settings that stand, by natural key, each with the corrections that led to it, oldest first."""
    found: dict[str, tuple[Correction, ...]] = {}
    for group in _settings(events).values():
        history: list[Correction] = []
        standing: list[TimelineEvent] = []
        for event in group:
            if event.payload.get("replaces") and standing:
                history.append(_correction(event, standing[-1]))
            if event.kind is EventKind.MILESTONE_CLEARED:
                history = []
            standing = _after(standing, event)
        found.update({event.natural_key: tuple(history) if event is standing[-1] else () for event in standing})
    return found


def _phase(number: int, started_at: datetime, milestones: Mapping[Milestone, TimelineEvent]) -> Phase:
    resolution = milestones.get(Milestone.RESOLUTION)
    return Phase(
        number=number,
        started_at=started_at,
        ended_at=resolution.occurred_at if resolution else None,
        milestones=MappingProxyType(dict(milestones)),
    )


def _settings(events: Iterable[TimelineEvent]) -> Mapping[tuple[int, Milestone], Sequence[TimelineEvent]]:
    """What was said of each milestone of each phase, in the order in which it was said."""
    found: dict[tuple[int, Milestone], list[TimelineEvent]] = {}
    for event in events:
        if event.kind in MILESTONE_KINDS and not event.lost_details:
            found.setdefault((phase_of(event), Milestone(event.payload["milestone"])), []).append(event)
    return {key: _in_order(group) for key, group in found.items()}


def _in_order(group: Sequence[TimelineEvent]) -> Sequence[TimelineEvent]:
    """By the instants at which they were said; by their order in the ledger where one does not tell."""
    if all(event.payload.get("said_at") for event in group):
        return sorted(group, key=lambda event: (event.payload["said_at"], event.natural_key))
    return sorted(group, key=lambda event: event.seq)


def _standing(group: Iterable[TimelineEvent]) -> list[TimelineEvent]:
    standing: list[TimelineEvent] = []
    for event in group:
        standing = _after(standing, event)
    return standing


def _after(standing: list[TimelineEvent], event: TimelineEvent) -> list[TimelineEvent]:
    if event.kind is EventKind.MILESTONE_CLEARED:
        return []
    return [event] if event.payload.get("replaces") else [*standing, event]


def _correction(event: TimelineEvent, before: TimelineEvent) -> Correction:
    return Correction(
        by=event.actor,
        at=datetime.fromisoformat(event.payload["said_at"]).astimezone(UTC),
        before=before.text,
        before_at=before.occurred_at,
        before_precision=before.precision,
    )


def phase_of(event: TimelineEvent) -> int:
    """The number of the phase that *event* says it belongs to."""
    return int(event.payload.get("phase", 1))
