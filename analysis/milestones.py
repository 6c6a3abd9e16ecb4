"""The instants that matter for metrics and regulators, and the durations between them.

A milestone is an event with its own instant; one nobody set stays empty. Each phase (a reopening begins the
next) keeps its own, so that reopening overwrites nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from analysis.errors import InvalidInput
from analysis.events import EventKind, TimelineEvent


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

    def _between(self, start: Milestone, end: Milestone) -> timedelta | None:
        first, last = self.at(start), self.at(end)
        if first is None or last is None or last < first:
            return None
        return last - first


def phases(events: Iterable[TimelineEvent]) -> tuple[Phase, ...]:
    """Split the ledger's *events* (in order of `seq`) into phases; a later milestone event corrects an earlier."""
    found: dict[int, dict[Milestone, TimelineEvent]] = {}
    starts: dict[int, datetime] = {}
    for event in sorted(events, key=lambda event: event.seq):
        number = int(event.payload.get("phase", 1))
        if event.kind in {EventKind.DECLARED, EventKind.REOPENED}:
            starts[number] = event.occurred_at
            found.setdefault(number, {})
        elif event.kind is EventKind.MILESTONE_SET:
            found.setdefault(number, {})[Milestone(event.payload["milestone"])] = event
    return tuple(
        Phase(
            number=number,
            started_at=starts[number],
            ended_at=found[number][Milestone.RESOLUTION].occurred_at if Milestone.RESOLUTION in found[number] else None,
            milestones=MappingProxyType(found[number]),
        )
        for number in sorted(starts)
    )
