"""The open groups that could have caused an alert: found by the suspects that both have, never by comparing pairs."""

from collections.abc import Collection
from typing import NamedTuple

from analysis.alerts.ambient import Ambient
from analysis.alerts.groups import Group, Suspicion
from analysis.alerts.prior import DELAY_STEP_SECONDS, Prior
from analysis.alerts.series import Series, View
from analysis.alerts.topology import EVERYWHERE, OWN_PLACE, OWN_RELATIONS, Place, Relation

_EVENT_SECONDS = 600.0
_NEARLY = -2.0
_MOST_FROM_OTHER_TERMS = 2.0


class Match(NamedTuple):
    """How one group would explain an alert, by its best suspect for it."""

    score: float
    group: Group
    view: View
    relation_weight: float
    delay_weight: float
    suspect_weight: float


class Candidates:
    """An index of open groups by suspect."""

    __slots__ = ("_ambient", "_by_suspect", "_delays", "_prior")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._ambient = Ambient(prior.usual_beginnings_per_hour)
        self._by_suspect: dict[str, list[Group]] = {}
        self._delays = {relation: prior.delays(relation) for relation in Relation}

    def views(self, place: Place, role: float) -> tuple[View, ...]:
        """The suspects of a series at *place*, as its rule's *role* weighs them."""
        return tuple(
            View(
                suspect,
                relation,
                self._prior.relations[relation].weight + self._role(relation, role),
                self._delays[relation],
                relation in OWN_RELATIONS,
            )
            for suspect, relation in place.suspects.items()
        )

    def find(self, series: Series, at: float, closed: Collection[str] = ()) -> list[Match]:
        """One match per open group that shares a suspect with *series*, the best first, the older of equals first.

        Matches that nothing could lift to a suggestion are left out.
        """
        best: dict[int, tuple[float, Group, View]] = {}
        prior, by_suspect = self._prior, self._by_suspect
        oldest, longest = at - prior.group_idle_seconds, prior.longest_group_seconds
        least = prior.suggest_above - prior.base - _MOST_FROM_OTHER_TERMS
        ambient = self._ambient.weight()
        for view in series.views:
            suspect, _, weight, delays, is_own = view
            if suspect is EVERYWHERE:
                weight += ambient
            for group in by_suspect.get(suspect, ()):
                seconds = self._age(group, at)
                if group.last < oldest or seconds >= longest or (closed and group.id in closed):
                    continue
                score = weight + (delays[int(seconds) // DELAY_STEP_SECONDS] if seconds >= 0 else prior.early(seconds))
                if score < least:
                    continue
                held = group.suspicions[suspect]
                score += self._other(held, group, is_own=is_own)
                known = best.get(group.number)
                if score >= least and (known is None or score > known[0]):
                    best[group.number] = (score, group, view)
        found = [self._match(group, view, at) for _, group, view in best.values()]
        found.sort(key=lambda match: (-match.score, match.group.number))
        return found

    def add(self, group: Group, series: Series, at: float, alert_id: str) -> None:
        """Let *group* be found by the suspects of a new member, whose evidence counts for each of them."""
        base = self._prior.base
        is_first = not group.members and not group.event
        is_repeated = series.place.name in group.places
        seconds = self._age(group, at)
        seconds = min(seconds, self._prior.longest_group_seconds)
        step = int(seconds) // DELAY_STEP_SECONDS if seconds >= 0 else -1
        early = 0.0 if step >= 0 else self._prior.early(seconds)
        ambient = self._ambient.weight()
        if is_first:
            self._ambient.begin(at)
        for suspect, _, weight, delays, is_own in series.views:
            if suspect is EVERYWHERE:
                weight += ambient
            gain = weight
            if is_repeated:  # given that the place fails, its further alerts say nothing about why it does
                gain = self._prior.repeated_evidence * base
            elif not is_first:
                gain = max(0.0, base + weight + (delays[step] if step >= 0 else early))
            held = group.suspicions.get(suspect)
            if held is None:
                start = (0.0 if is_own else self._prior.silent_suspect) - (0.0 if is_first else base)
                group.suspicions[suspect] = Suspicion(score=start + gain, is_seen=is_own, evidence=alert_id)
                self._enter(suspect, group)
                continue
            held.score += gain
            if is_own and not held.is_seen:
                held.score -= self._prior.silent_suspect
                held.is_seen = True
        self._settle(group)

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

    def sharing(self, suspect: str) -> list[Group]:
        """The open groups with *suspect*, the oldest first."""
        found = (group for group in self._by_suspect.get(suspect, ()) if group.members and not group.is_lane)
        return sorted(found, key=lambda group: group.number)

    def merge(self, kept: Group, gone: Group) -> None:
        """Hand the suspicions of *gone* to *kept*."""
        prior = self._prior
        for suspect, held in gone.suspicions.items():
            self._leave(suspect, gone)
            known = kept.suspicions.get(suspect)
            if known is None:
                score = held.score - prior.base
                kept.suspicions[suspect] = Suspicion(score=score, is_seen=held.is_seen, evidence=held.evidence)
                self._enter(suspect, kept)
                continue
            known.score += held.score + prior.base
            if not (known.is_seen and held.is_seen):
                known.score -= prior.silent_suspect
            known.is_seen = known.is_seen or held.is_seen
        gone.suspicions = {}
        self._settle(kept)

    def drop(self, group: Group) -> None:
        """Forget a group that takes no more alerts."""
        for suspect in group.suspicions:
            self._leave(suspect, group)
        group.suspicions = {}

    def _match(self, group: Group, view: View, at: float) -> Match:
        seconds = self._age(group, at)
        delay = view.delays[int(seconds) // DELAY_STEP_SECONDS] if seconds >= 0 else self._prior.early(seconds)
        other = self._other(group.suspicions[view.suspect], group, is_own=view.is_own)
        relation = view.weight + (self._ambient.weight() if view.suspect is EVERYWHERE else 0.0)
        return Match(relation + delay + other, group, view, relation, delay, other)

    def _age(self, group: Group, at: float) -> float:
        """Seconds since the group began, fewer while alerts keep coming."""
        seconds = at - group.start
        quiet = (at - group.last) * self._prior.pace
        return max(quiet, seconds * self._prior.slowed) if quiet < seconds > 0 else seconds

    def _other(self, held: Suspicion, group: Group, *, is_own: bool) -> float:
        """What it costs that *held* may not be the best suspicion of *group*."""
        other = held.score - group.best
        if is_own and not held.is_seen:
            other -= self._prior.silent_suspect
        return other if other > self._prior.other_suspect else self._prior.other_suspect

    def _role(self, relation: Relation, role: float) -> float:
        return role * (self._prior.role_here if relation in OWN_PLACE else self._prior.role_elsewhere)

    def _settle(self, group: Group) -> None:
        for name in group.forget_worst(self._prior.most_suspects_per_group):
            self._leave(name, group)
        group.settle()

    def _enter(self, suspect: str, group: Group) -> None:
        groups = self._by_suspect.setdefault(suspect, [])
        groups.append(group)
        if len(groups) > self._prior.most_groups_per_suspect:
            groups.remove(min(groups, key=lambda known: (known.last, known.number)))

    def _leave(self, suspect: str, group: Group) -> None:
        groups = self._by_suspect.get(suspect)
        if groups and group in groups:
            groups.remove(group)
            if not groups:
                del self._by_suspect[suspect]
