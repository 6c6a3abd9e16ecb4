"""The open groups that could have caused an alert: found by the suspects that both have, never by comparing pairs."""

import math
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat

from analysis.alerts.ages import ROUNDING, Ages
from analysis.alerts.ambient import Ambient
from analysis.alerts.groups import UNMET, Group, Suspicion
from analysis.alerts.prior import Prior
from analysis.alerts.series import Series
from analysis.alerts.views import View

_EVENT_SECONDS = 600.0
_NEARLY = -2.0
_MOST_FROM_OTHER_TERMS = 2.0
_TRIMMED_AT_ONCE = 20


class Candidates:
    """An index of open groups by suspect."""

    __slots__ = (
        "_ages",
        "_ambient",
        "_below",
        "_by_suspect",
        "_floor",
        "_latest",
        "_lift",
        "_prior",
        "_resting",
        "_silent",
    )

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._ages = Ages(prior)
        self._ambient = Ambient(prior.usual_beginnings_per_hour)
        least = prior.suggest_above - prior.base - _MOST_FROM_OTHER_TERMS
        self._below = math.nextafter(least, -math.inf)
        self._resting = least - ROUNDING
        self._by_suspect: dict[str, list[Suspicion]] = {}
        self._latest = -math.inf  #: of the instants that were searched at
        self._silent, self._floor = prior.silent_suspect, prior.other_suspect
        self._lift = max(-prior.silent_suspect, 0.0)

    def find(self, series: Series, at: float, most: int, closed: Collection[str] = ()) -> list[Group]:
        """At most *most* open groups that share a suspect with *series*, the best first, the older of equals first.

        Only what could be lifted to a suggestion is there. `reached` and `found` of a group say how well its best
        suspect for the series explains it, until the next search.
        """
        if at < self._latest:
            self._rest_all(series)
        self._latest = max(self._latest, at)
        met: list[Group] = []
        step_of, below, by_suspect = self._ages.step, self._below, self._by_suspect
        ambient, lift, floor = self._ambient.weight, self._lift, self._floor
        for view in series.views:
            weight = view.weight + ambient if view.is_broad else view.weight
            likely, least = weight + lift if view.is_own else weight, weight + floor
            for held in by_suspect.get(view.suspect, ()):
                group = held.group
                if likely + held.score <= group.bar and least + group.best <= group.bar:
                    continue
                if group.step == UNMET:
                    group.step, group.reached = step_of(group, at), below
                    met.append(group)
                self._reach(held, view, weight, at)
        return self._best(met, most, series.place.environment, closed)

    def _reach(self, held: Suspicion, view: View, weight: float, at: float) -> None:
        """Note how well *view* explains the alert as one of a group, if none before it does as well."""
        group = held.group
        step = group.step
        other = held.score - group.best
        if view.is_own and not held.is_seen:
            other -= self._silent
        if other < self._floor:  # noqa: PLR1730 - calling max takes twice as long
            other = self._floor
        delay = view.delays[step] if step >= 0 else self._ages.off_the_table(group, step, at)
        score = weight + delay + other
        if score > group.reached:
            group.reached = score
            group.bar = score - self._ages.now[step] + group.best
            group.found = (view, weight, delay, other)

    def _best(self, met: Iterable[Group], most: int, environment: str, closed: Collection[str]) -> list[Group]:
        """The groups that a search found, which is over then; what is of another environment has another cause."""
        ranked = []
        below, resting, ever = self._below, self._resting, self._ages.ever
        for group in met:
            is_barred = group.id in closed or (environment and group.is_elsewhere(environment))
            if group.reached > below and not is_barred:
                ranked.append((-group.reached, group.number, group))
            group.bar = resting - ever[group.step] + group.best
            group.step = UNMET
        ranked.sort()
        return [group for _, _, group in ranked[:most]]

    def _rest_all(self, series: Series) -> None:
        """Before a search that goes back in time: what a group was too old for it may not have been then."""
        for view in series.views:
            for held in self._by_suspect.get(view.suspect, ()):
                self._rest(held.group)

    def _rest(self, group: Group) -> None:
        """Let the next search look at *group* however old it is."""
        group.bar = self._resting + group.best

    def add(self, group: Group, series: Series, at: float, alert_id: str) -> None:
        """Let *group* be found by the suspects of a new member, whose evidence counts for each of them."""
        is_first = not group.members and not group.event
        ambient = self._ambient.weight
        if is_first:
            self._ambient.begin(at)
        gains = self._gains(group, series, at, ambient, is_first=is_first)
        silent, new = self._silent, 0.0 if is_first else -self._prior.base
        suspicions = group.suspicions
        best, best_suspect = group.best, group.best_suspect
        for view, gain in zip(series.views, gains, strict=True):
            suspect = view.suspect
            held = suspicions.get(suspect)
            if held is None:
                score = new + gain if view.is_own else new + gain + silent
                held = suspicions[suspect] = Suspicion(group, score, view.is_own, alert_id)
                self._enter(suspect, held)
            else:
                score = held.score + gain
                if view.is_own and not held.is_seen:
                    score -= silent
                    held.is_seen = True
                held.score = score
            if score > best or not best_suspect:
                best, best_suspect = score, suspect
        group.best, group.best_suspect = best, best_suspect
        self._rest(group)
        self._trim(group)

    def start(self, group: Group, suspect: str) -> None:
        """Let a group without members be found by the one suspect that an event named."""
        held = Suspicion(group, 0.0, True, group.event)  # noqa: FBT003 - likewise
        group.suspicions[suspect] = held
        group.settle()
        self._rest(group)
        self._enter(suspect, held)

    def confirm(self, suspect: str, at: float) -> bool:
        """Let an event speak for the group that already suspects it, if one began shortly before."""
        for held in self._by_suspect.get(suspect, ()):
            group = held.group
            if group.members and at - group.start <= _EVENT_SECONDS and held.score >= group.best + _NEARLY:
                held.score += self._prior.base
                held.is_seen = True
                group.settle()
                self._rest(group)
                return True
        return False

    def sharing(self, suspect: str) -> Sequence[Suspicion]:
        """What open groups hold of *suspect*, in no order."""
        return self._by_suspect.get(suspect, ())

    def merge(self, kept: Group, gone: Group) -> None:
        """Hand the suspicions of *gone* to *kept*."""
        prior = self._prior
        for suspect, held in gone.suspicions.items():
            self._leave(suspect, held)
            known = kept.suspicions.get(suspect)
            if known is None:
                held.group, held.score, held.is_found = kept, held.score - prior.base, True
                kept.suspicions[suspect] = held
                self._enter(suspect, held)
                continue
            known.score += held.score + prior.base
            if not (known.is_seen and held.is_seen):
                known.score -= prior.silent_suspect
            known.is_seen = known.is_seen or held.is_seen
        gone.suspicions = {}
        kept.settle()
        self._rest(kept)
        self._trim(kept)

    def drop(self, group: Group) -> None:
        """Forget a group that takes no more alerts."""
        for suspect, held in group.suspicions.items():
            self._leave(suspect, held)
        group.suspicions = {}

    def _gains(self, group: Group, series: Series, at: float, ambient: float, *, is_first: bool) -> Iterable[float]:
        """What the new member adds to each suspect of *series*."""
        if not is_first and series.place.name in group.places:
            # given that a place fails, its further alerts say nothing about why it does
            return repeat(self._prior.repeated_evidence * self._prior.base, len(series.views))
        if is_first:
            return [view.weight + ambient if view.is_broad else view.weight for view in series.views]
        base, step = self._prior.base, self._ages.step(group, at)
        early = self._ages.off_the_table(group, step, at) if step < 0 else 0.0
        gains = []
        for view in series.views:
            gain = base + (view.weight + ambient if view.is_broad else view.weight)
            gain += view.delays[step] if step >= 0 else early
            gains.append(gain if gain > 0.0 else 0.0)  # noqa: FURB136 - likewise
        return gains

    def _trim(self, group: Group) -> None:
        most = self._prior.most_suspects_per_group
        if len(group.suspicions) > most + _TRIMMED_AT_ONCE:
            for name in group.worst(most):
                self._leave(name, group.suspicions.pop(name))

    def _enter(self, suspect: str, held: Suspicion) -> None:
        entries = self._by_suspect.get(suspect)
        if entries is None:
            self._by_suspect[suspect] = [held]
            return
        entries.append(held)
        if len(entries) > self._prior.most_groups_per_suspect:
            stalest = _stalest(entries)
            stalest.is_found = False
            entries.remove(stalest)

    def _leave(self, suspect: str, held: Suspicion) -> None:
        if not held.is_found:
            return
        entries = self._by_suspect[suspect]
        entries.remove(held)
        if not entries:
            del self._by_suspect[suspect]


def _stalest(entries: list[Suspicion]) -> Suspicion:
    """The one whose group was quiet for longest, the older of equals; a loop, because `min` with a key takes twice."""
    found = entries[0]
    group = found.group
    last = group.last
    for held in entries:
        other = held.group
        if other.last < last or (other.last == last and other.number < group.number):
            found, group, last = held, other, other.last
    return found
