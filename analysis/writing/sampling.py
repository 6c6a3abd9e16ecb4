"""Which entries of a long record a model is shown: never simply the first ones.

The policy, in this order until the room is full: the first and the last entry; what states a status, a severity or a
milestone; what people tagged; then the others, evenly over the record. The order of the timeline stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.events import EventKind
from analysis.timeline import Entry
from analysis.wording import counted

#: Raised when the same record would be sampled in another way than before.
POLICY = "ends-states-tags-even/1"
_STATES = frozenset(
    {
        EventKind.DECLARED,
        EventKind.STATUS_CHANGED,
        EventKind.REOPENED,
        EventKind.SEVERITY_CHANGED,
        EventKind.MILESTONE_SET,
        EventKind.IMPACT_SET,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The entries that are shown, in order, and how many are not."""

    entries: tuple[Entry, ...]
    left_out: int = 0

    @property
    def note(self) -> str:
        """What a reader must know of it, as a sentence; empty where nothing was left out."""
        if not self.left_out:
            return ""
        whole = len(self.entries) + self.left_out
        return (
            f"The model was shown {len(self.entries)} of the {counted(whole, 'entry', 'entries')} of the record that "
            "it may be shown: the first and the last, all that state a status, severity, impact or milestone and all "
            "that people tagged as far as they fit, and the others evenly."
        )


def sample(entries: Sequence[Entry], *, most: int) -> Sample:
    """At most *most* of *entries* by the policy above; the same entries give the same sample.

    >>> sample([], most=5).left_out
    0
    """
    if len(entries) <= most:
        return Sample(entries=tuple(entries))
    chosen: set[int] = set()
    for places in _ranks(entries):
        free = most - len(chosen)
        chosen.update(spread([place for place in places if place not in chosen], free))
    kept = tuple(entry for place, entry in enumerate(entries) if place in chosen)
    return Sample(entries=kept, left_out=len(entries) - len(kept))


def spread(places: Sequence[int], most: int) -> list[int]:
    """At most *most* of *places*, evenly, with both ends where there is room for two.

    >>> spread(range(10), 4)
    [0, 3, 6, 9]
    """
    if most <= 0:
        return []
    if len(places) <= most:
        return list(places)
    if most == 1:
        return [places[0]]
    return [places[step * (len(places) - 1) // (most - 1)] for step in range(most)]


def _ranks(entries: Sequence[Entry]) -> tuple[list[int], ...]:
    every = range(len(entries))
    return (
        [0, len(entries) - 1],
        [place for place in every if entries[place].event.kind in _STATES],
        [place for place in every if entries[place].tags],
        list(every),
    )
