"""Late links: open groups that one cause explains better than several causes do."""

from collections.abc import Collection, Sequence

from analysis.alerts.candidates import Candidates
from analysis.alerts.decisions import Link
from analysis.alerts.groups import Group
from analysis.alerts.prior import DELAY_STEP_SECONDS, Prior
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.series import Series
from analysis.alerts.topology import Relation

_FEWEST_IN_CROWD = 3


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
            weight, suspect = self._pair(group, other)
            if weight > self._prior.link_above:
                links.append(self._merge(group, other, weight, suspect))
        return tuple(links)

    def link_crowd(self, group: Group, series: Series, at: float, closed: Collection[str] = ()) -> tuple[Link, ...]:
        """Link several groups that a silent suspect of *series* explains together, though no two of them alone."""
        for view in series.views:
            sharing = self._candidates.sharing(view.suspect)
            crowd = [one for one in sharing if self._is_open(one) and one.id not in closed]
            if len(crowd) < _FEWEST_IN_CROWD or group not in crowd:
                continue
            gains = {one.number: self._gain(one, view.suspect, at) for one in crowd}
            members = [one for one in crowd if gains[one.number] > 0]
            if group not in members or len(members) < _FEWEST_IN_CROWD:
                continue
            is_seen = any(one.suspicions[view.suspect].is_seen for one in members)
            weight = sum(gains[one.number] for one in members) - self._prior.base
            weight += 0.0 if is_seen else self._prior.silent_crowd
            if weight > self._prior.link_above:
                eldest, *rest = members
                return tuple(self._merge(eldest, one, weight, view.suspect) for one in rest)
        return ()

    def _is_open(self, group: Group) -> bool:
        is_repeating = group.is_alone and group.members > 1
        return group.members > 0 and group.merged_into is None and not group.is_lane and not is_repeating

    def _gain(self, group: Group, suspect: str, at: float) -> float:
        """What it gains to have *group* explained by *suspect* as part of something larger."""
        held = group.suspicions[suspect]
        score = held.score - group.best + self._prior.base + self._since(at - group.start)
        return score if held.is_seen else score - self._prior.silent_suspect

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
        return self._delays[min(int(max(0.0, seconds)) // DELAY_STEP_SECONDS, len(self._delays) - 1)]
