"""What is remembered of one series: whether it fires now, its episodes of a day, and those that it had by itself."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from analysis.alerts.topology import Place

_MOST_REMEMBERED = 64


@dataclass(slots=True, kw_only=True)
class Series:
    """State of one fingerprint. An episode begins with a firing after a resolution; times are seconds since 1970.
    """

    fingerprint: str
    place: Place
    rule: str
    family: str
    role: float
    group: Any = None  # the group of the latest episode
    lane: Any = None  # its own lane, once it has one
    is_firing: bool = False
    last_id: str = ""
    last_start: float = float("-inf")
    last_end: float = float("-inf")
    severity_rank: int = 9
    episodes: deque[tuple[float, Any]] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))

    def forget_before(self, instant: float) -> None:
        """Drop episodes that started before *instant*."""
        episodes = self.episodes
        while episodes and episodes[0][0] < instant:
            episodes.popleft()

    def own_rhythm(self, credible: int) -> int:
        """How many episodes no group explains: a group with *credible* series explains one of each of its members."""
        explained = {id(found) for _, group in self.episodes if (found := group.root()).series >= credible}
        return len(self.episodes) - len(explained)
