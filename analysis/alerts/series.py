"""What is remembered of one series: whether it fires now, its episodes of a day, and those that it had by itself."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from analysis.alerts.topology import Place

_MOST_REMEMBERED = 256


@dataclass(slots=True, kw_only=True)
class Series:
    """State of one fingerprint. An episode begins with a firing after a resolution; times are seconds since 1970.

    `alone` are the starts of episodes that nothing else joined: the series' own rhythm.
    """

    fingerprint: str
    place: Place
    rule: str
    family: str
    words: frozenset[str]
    group: Any = None  # the group of the latest episode
    lane: Any = None  # its own lane, once it has one
    is_firing: bool = False
    last_id: str = ""
    last_start: float = float("-inf")
    last_end: float = float("-inf")
    severity_rank: int = 9
    episodes: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))
    alone: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))

    def forget_before(self, instant: float) -> None:
        """Drop episodes that started before *instant*."""
        for starts in (self.episodes, self.alone):
            while starts and starts[0] < instant:
                starts.popleft()

    def not_alone(self, start: float) -> None:
        """The episode that began at *start* was joined by another series after all."""
        if start in self.alone:
            self.alone.remove(start)
