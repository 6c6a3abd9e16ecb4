"""The open groups that could have caused an alert: found by the suspects that both have, never by comparing pairs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis.alerts.groups import OWN_PLACE, OWN_RELATIONS, Group, Suspicion
from analysis.alerts.prior import DELAY_STEP_SECONDS, Prior
from analysis.alerts.topology import Place, Relation

_EVENT_SECONDS = 600.0
_NEARLY = -2.0


@dataclass(frozen=True, slots=True)
class Match:
    """How one group would explain an alert, by its best suspect for it."""

    score: float
    group: Group
    suspect: str
    relation: Relation
    relation_weight: float
    delay_weight: float
    suspect_weight: float


class Candidates:
    """An index of open groups by suspect."""

    __slots__ = ("_by_suspect", "_delays", "_last", "_prior", "_weights")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._by_suspect: dict[str, list[Group]] = {}
        self._weights = {relation: prior.relations[relation].weight for relation in Relation}
        self._delays = {relation: prior.delays(relation) for relation in Relation}
        self._last = len(self._delays[Relation.SAME_SERVICE]) - 1

    def find(self, place: Place, role: float, at: float, closed: Collection[str] = ()) -> list[Match]:
        """One match per open group that shares a suspect with *place*, the best first, the older of equals first."""
        found: dict[int, Match] = {}
        oldest = at - self._prior.group_idle_seconds
        for suspect, relation in place.suspects.items():
            for group in self._by_suspect.get(suspect, ()):
                if group.last < oldest or group.merged_into is not None or group.is_lane or group.id in closed:
                    continue
                match = self._match(group, suspect, relation, role, at)
                known = found.get(group.number)
                if known is None or match.score > known.score:
                    found[group.number] = match
        return sorted(found.values(), key=lambda match: (-match.score, match.group.number))

    def add(self, group: Group, place: Place, role: float, at: float, alert_id: str) -> None:
        """Let *group* be found by the suspects of a new member, whose evidence counts for each of them."""
        share = 1.0
        if group.members:
            key = place.service or place.node
            share = self._prior.repeated_evidence if key in group.places else 1.0
        for suspect, relation in place.suspects.items():
            weight = self._weights[relation] + self._role(relation, role)
            if group.members or group.event:
                weight = share * max(0.0, self._prior.base + weight + self._delay(group, relation, at))
            self._suspect(group, suspect, weight, is_own=relation in OWN_RELATIONS, alert_id=alert_id)
        for name in group.forget_worst(self._prior.most_suspects_per_group):
            self._leave(name, group)
        group.settle()

    def start(self, group: Group, suspect: str) -> None:
        """Let a group without members be found by the one suspect that an event named."""
        group.suspicions[suspect] = Suspicion(score=0.0, is_seen=True, evidence=group.event)
        group.settle()
        self._enter(suspect, group)

    def confirm(self, suspect: str, at: float) -> bool:
        """Let an event speak for the group that already suspects it, if one began shortly before."""
        for group in self._by_suspect.get(suspect, ()):
            held = group.suspicions[suspect]
            if group.members and at - group.start <= _EVENT_SECONDS and held.score >= group.best + _NEARLY:
                held.score += self._prior.base
                held.is_seen = True
                group.settle()
                return True
        return False

    def link_weight(self, one: Group, other: Group) -> tuple[float, str]:
        """How much better one cause explains both groups than two causes do, and which; *one* began first."""
        few, many = sorted((one.suspicions, other.suspicions), key=len)
        best, found = float("-inf"), ""
        for suspect, held in few.items():
            known = many.get(suspect)
            if known is None:
                continue
            score = held.score + known.score + self._silence(held, known)
            if score > best:
                best, found = score, suspect
        later = abs(other.start - one.start)
        return best - one.best - other.best + self._prior.base + self._since(later, Relation.CALLER), found

    def merge(self, kept: Group, gone: Group) -> None:
        """Hand the suspicions of *gone* to *kept*."""
        for suspect, held in gone.suspicions.items():
            self._leave(suspect, gone)
            known = kept.suspicions.get(suspect)
            if known is None:
                score = held.score - self._prior.base
                kept.suspicions[suspect] = Suspicion(score=score, is_seen=held.is_seen, evidence=held.evidence)
                self._enter(suspect, kept)
                continue
            known.score += held.score + self._silence(held, known) + self._prior.base
            known.is_seen = known.is_seen or held.is_seen
        gone.suspicions = {}
        for name in kept.forget_worst(self._prior.most_suspects_per_group):
            self._leave(name, kept)
        kept.settle()

    def drop(self, group: Group) -> None:
        """Forget a group that takes no more alerts."""
        for suspect in group.suspicions:
            self._leave(suspect, group)
        group.suspicions = {}

    def _match(self, group: Group, suspect: str, relation: Relation, role: float, at: float) -> Match:
        held = group.suspicions[suspect]
        other = held.score - group.best
        if not held.is_seen and relation in OWN_RELATIONS:
            other -= self._prior.silent_suspect
        other = max(other, self._prior.other_suspect)
        weight, delay = self._weights[relation] + self._role(relation, role), self._delay(group, relation, at)
        return Match(weight + delay + other, group, suspect, relation, weight, delay, other)

    def _role(self, relation: Relation, role: float) -> float:
        return role * (self._prior.role_here if relation in OWN_PLACE else self._prior.role_elsewhere)

    def _delay(self, group: Group, relation: Relation, at: float) -> float:
        seconds = at - group.start
        return self._since(seconds, relation) if seconds >= 0 else self._prior.early(-seconds)

    def _since(self, seconds: float, relation: Relation) -> float:
        return self._delays[relation][min(int(seconds) // DELAY_STEP_SECONDS, self._last)]

    def _suspect(self, group: Group, suspect: str, weight: float, *, is_own: bool, alert_id: str) -> None:
        held = group.suspicions.get(suspect)
        if held is None:
            start = 0.0 if is_own else self._prior.silent_suspect
            if group.members or group.event:
                start -= self._prior.base
            group.suspicions[suspect] = Suspicion(score=start + weight, is_seen=is_own, evidence=alert_id)
            self._enter(suspect, group)
            return
        held.score += weight
        if is_own and not held.is_seen:
            held.score -= self._prior.silent_suspect
            held.is_seen = True

    def _silence(self, one: Suspicion, other: Suspicion) -> float:
        """What is given back when two groups are one: a suspect is silent once, or not at all."""
        return 0.0 if one.is_seen and other.is_seen else -self._prior.silent_suspect

    def _enter(self, suspect: str, group: Group) -> None:
        groups = self._by_suspect.setdefault(suspect, [])
        groups.append(group)
        if len(groups) > self._prior.most_groups_per_suspect:
            eldest = min(groups, key=lambda known: (known.last, known.number))
            groups.remove(eldest)

    def _leave(self, suspect: str, group: Group) -> None:
        groups = self._by_suspect.get(suspect)
        if groups and group in groups:
            groups.remove(group)
            if not groups:
                del self._by_suspect[suspect]


def suspects_of(groups: Mapping[str, Group]) -> dict[str, str]:
    """The best suspect of each group, by the group's id."""
    return {name: group.best_suspect for name, group in groups.items()}
