"""What is remembered of one series: where it stands, whether it fires now, and its episodes of a day."""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.alerts.topology import Place
from analysis.alerts.views import View

if TYPE_CHECKING:
    from analysis.alerts.groups import Group

_MOST_REMEMBERED = 64
_ONCE_SECONDS = 600.0
_INFINITE = float("inf")


@dataclass(slots=True, kw_only=True, eq=False)
class Series:
    """State of one fingerprint. An episode begins with a firing after a resolution; times are seconds since 1970."""

    fingerprint: str
    rule: str
    family: str
    words: frozenset[str]
    place: Place
    views: tuple[View, ...]
    group: "Group | None" = None  #: of the latest episode
    lane: "Group | None" = None  #: where it was alone
    is_firing: bool = False
    last_id: str = ""
    last_start: float = float("-inf")
    severity_rank: int = 0
    episodes: deque[tuple[float, "Group"]] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))

    def forget_before(self, instant: float) -> None:
        """Drop episodes that started before *instant*."""
        episodes = self.episodes
        while episodes and episodes[0][0] < instant:
            episodes.popleft()

    def own_rhythm(self, credible: int, quick_after: float) -> tuple[int, int]:
        """How many episodes no group explains, where those since *quick_after* count twice; and how many one does.

        A group with *credible* series explains one episode of each of its members in ten minutes.
        """
        if not self.episodes:
            return 0, 0
        explained: dict[int, float] = {}
        alone = with_others = 0
        for start, group in self.episodes:
            root = group if group.merged_into is None else group.root()
            if root.series >= credible and start - explained.get(root.number, -_INFINITE) > _ONCE_SECONDS:
                explained[root.number] = start
                with_others += 1
            else:
                alone += 2 if start >= quick_after else 1
        return alone, with_others
