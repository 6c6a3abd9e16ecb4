"""Late links: open groups that one cause explains better than several causes do."""

import math
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter

from analysis.alerts.candidates import Candidates
from analysis.alerts.decisions import Link
from analysis.alerts.groups import Group, Suspicion
from analysis.alerts.prior import DELAY_STEP_SECONDS, Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.series import Series
from analysis.alerts.topology import Relation

_FEWEST_IN_CROWD = 3
_NUMBER = attrgetter("number")


class Linker:
    """Finds groups to link when one of them has grown."""

    __slots__ = ("_candidates", "_delays", "_prior")

    def __init__(self, prior: Prior, candidates: Candidates) -> None:
        self._prior = prior
        self._candidates = candidates
        self._delays = prior.delays(Relation.CALLER)

    def link(self, group: Group, others: Sequence[Group]) -> tuple[Link, ...]:
        """Link *group* with those of *others* with which one cause explains both better than two."""
        links = []
        for other in others:
            group = group.root()
            if other is group or not self._is_open(other) or not self._is_open(group):
                continue
            if group.environment and other.is_elsewhere(group.environment):
                continue
            weight, suspect = self._pair(group, other)
            if weight > self._prior.link_above:
                links.append(self._merge(group, other, weight, suspect))
        return tuple(links)

    def link_crowd(self, group: Group, series: Series, at: float, closed: Collection[str] = ()) -> tuple[Link, ...]:
        """Link several groups that a silent suspect of *series* explains together, though no two of them alone."""
        since: dict[Group, float] = {}
        for view in series.views:
            suspect = view.suspect
            sharing = self._candidates.sharing(suspect)
            if len(sharing) < _FEWEST_IN_CROWD:
                continue
            gains = self._gains(sharing, since, at, group.environment, closed)
            if group not in gains or len(gains) < _FEWEST_IN_CROWD:
                continue
            crowd = sorted(gains, key=_NUMBER)
            is_seen = any(one.suspicions[suspect].is_seen for one in crowd)
            weight = sum([gains[one] for one in crowd]) - self._prior.base
            weight += 0.0 if is_seen else self._prior.silent_crowd
            if weight > self._prior.link_above:
                eldest, *rest = crowd
                return tuple(self._merge(eldest, one, weight, suspect) for one in rest)
        return ()

    def _is_open(self, group: Group) -> bool:
        if group.is_lane or group.merged_into is not None or not group.members:
            return False
        if group.surged_at < math.inf:  # what came at once since then has another cause
            return False
        return group.members == 1 or group.series != 1  # else one series repeats by itself

    def _gains(
        self,
        sharing: Iterable[Suspicion],
        since: dict[Group, float],
        at: float,
        environment: str,
        closed: Collection[str],
    ) -> dict[Group, float]:
        """What each gains by being explained by one suspect as part of something larger, where it gains anything.

        *since* remembers what the delays weigh, and which groups cannot be linked.
        """
        base, silent = self._prior.base, self._prior.silent_suspect
        gains = {}
        for held in sharing:
            group = held.group
            if group not in since:
                is_open = self._is_open(group) and group.environment == environment and group.id not in closed
                since[group] = self._since(at - group.start) if is_open else -math.inf
            score = held.score - group.best + base + since[group]
            if not held.is_seen:
                score -= silent
            if score > 0:
                gains[group] = score
        return gains

    def _pair(self, one: Group, other: Group) -> tuple[float, str]:
        few, many = sorted((one.suspicions, other.suspicions), key=len)
        best, found = float("-inf"), ""
        for suspect, held in few.items():
            known = many.get(suspect)
            if known is None:
                continue
            score = held.score + known.score
            if not (held.is_seen and known.is_seen):  # a suspect is silent once, or not at all
                score -= self._prior.silent_suspect
            if score > best:
                best, found = score, suspect
        apart = self._since(abs(other.start - one.start))
        return best - one.best - other.best + self._prior.base + apart, found

    def _merge(self, one: Group, other: Group, weight: float, suspect: str) -> Link:
        kept, gone = (one, other) if one.number < other.number else (other, one)
        evidence = (kept.first_alert, gone.first_alert)
        self._candidates.merge(kept, gone)
        kept.absorb(gone)
        return Link(kept=kept.id, gone=gone.id, reason=Reason(ReasonCode.LINK, weight, evidence, (suspect,)))

    def _since(self, seconds: float) -> float:
        step = int(seconds) // DELAY_STEP_SECONDS if seconds > 0 else 0
        return self._delays[step if step < len(self._delays) else -1]
