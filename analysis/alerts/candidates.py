"""The open groups that could have caused an alert: found by the suspects that both have, never by comparing pairs."""

import math
from collections.abc import Collection, Iterable
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

from analysis.alerts.ambient import Ambient
from analysis.alerts.groups import UNMET, Group, Suspicion
from analysis.alerts.prior import DELAY_STEP_SECONDS, Prior
from analysis.alerts.series import Series, View
from analysis.alerts.topology import BROAD, OWN_PLACE, OWN_RELATIONS, Place, Relation

_EVENT_SECONDS = 600.0
_NEARLY = -2.0
_MOST_FROM_OTHER_TERMS = 2.0
_EARLY, _TOO_OLD = -1, -2
_TRIMMED_AT_ONCE = 20
_MOST_VIEWS = 50_000
_INFINITE = math.inf
_ROUNDING = 1e-9
_NUMBER = attrgetter("number")


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

    __slots__ = ("_ambient", "_below", "_by_suspect", "_delays", "_prior", "_quickest", "_views")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._ambient = Ambient(prior.usual_beginnings_per_hour)
        least = prior.suggest_above - prior.base - _MOST_FROM_OTHER_TERMS
        self._below = math.nextafter(least, -math.inf)
        self._views: dict[tuple[Place, float], tuple[View, ...]] = {}
        self._by_suspect: dict[str, list[Suspicion]] = {}
        self._delays = {relation: prior.delays(relation) for relation in Relation}
        # a little more than that, so that the order of a sum leaves nothing out
        self._quickest = [delay + _ROUNDING for delay in prior.least_delays()]

    def views(self, place: Place, role: float) -> tuple[View, ...]:
        """The suspects of a series at *place*, as its rule's *role* weighs them."""
        known = self._views.get((place, role))
        if known is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            known = self._views[place, role] = self._viewed(place, role)
        return known

    def _viewed(self, place: Place, role: float) -> tuple[View, ...]:
        return tuple(
            View(
                suspect,
                relation,
                self._prior.relations[relation].weight + self._role(relation, role),
                self._delays[relation],
                relation in OWN_RELATIONS,
                relation in BROAD,
            )
            for suspect, relation in place.suspects.items()
        )

    def find(self, series: Series, at: float, most: int, closed: Collection[str] = ()) -> list[Match]:
        """At most *most* open groups that share a suspect with *series*, the best first, the older of equals first.

        A group is there once, with its best suspect for the series, and only if it could be lifted to a suggestion.
        """
        met: list[Group] = []
        by_suspect, silent, floor = self._by_suspect, self._prior.silent_suspect, self._prior.other_suspect
        ambient, faint = self._ambient.weight, floor + min(silent, 0.0)
        for view in series.views:
            suspect, _, weight, _, is_own, is_broad = view
            if is_broad:
                weight += ambient
            least = weight + floor
            for held in by_suspect.get(suspect, ()):
                group = held.group
                if held.is_faint:
                    if least <= group.limit:
                        continue
                    other = floor
                else:
                    other = held.score - group.best
                    held.is_faint = other < faint
                    if is_own and not held.is_seen:
                        other -= silent
                    if other < floor:  # noqa: PLR1730 - calling max takes twice as long
                        other = floor
                    if weight + other <= group.limit:  # whatever its delay
                        continue
                if group.step == UNMET:
                    self._meet(group, at, series.place.environment, closed)
                    met.append(group)
                self._reach(group, view, weight, other, at)
        return self._best(met, most)

    def _meet(self, group: Group, at: float, environment: str, closed: Collection[str]) -> None:
        """Look at *group* for the first time in a search; what is of another environment has another cause."""
        is_barred = (closed and group.id in closed) or (environment and group.is_elsewhere(environment))
        step = group.step = _TOO_OLD if is_barred else self._step(group, at)
        group.reached = self._below
        if step == _TOO_OLD:
            group.limit = _INFINITE
        elif step >= 0:
            group.limit = self._below - self._quickest[step]

    def _reach(self, group: Group, view: View, weight: float, other: float, at: float) -> None:
        """Note how well *view* explains the alert as one of *group*, if none before it does as well."""
        step = group.step
        if step == _TOO_OLD:
            return
        delay = view.delays[step] if step >= 0 else self._early(group, at)
        score = weight + delay + other
        if score > group.reached:
            group.reached = score
            group.limit = score - self._quickest[step] if step >= 0 else score
            group.found = (view, weight, delay, other)

    def _best(self, met: Iterable[Group], most: int) -> list[Match]:
        """The matches of a search, which is over then."""
        ranked = []
        for group in met:
            if group.reached > self._below:
                ranked.append((-group.reached, group.number, group))
            group.step, group.limit = UNMET, self._below
        ranked.sort()
        return [Match(-score, group, *group.found) for score, _, group in ranked[:most] if group.found]

    def add(self, group: Group, series: Series, at: float, alert_id: str) -> None:
        """Let *group* be found by the suspects of a new member, whose evidence counts for each of them."""
        is_first = not group.members and not group.event
        ambient = self._ambient.weight
        if is_first:
            self._ambient.begin(at)
            group.limit = self._below
        gains = self._gains(group, series, at, ambient, is_first=is_first)
        silent, new = self._prior.silent_suspect, 0.0 if is_first else -self._prior.base
        suspicions = group.suspicions
        best, best_suspect = group.best, group.best_suspect
        for view, gain in zip(series.views, gains, strict=True):
            suspect, is_own = view.suspect, view.is_own
            held = suspicions.get(suspect)
            if held is None:
                score = new + gain if is_own else new + gain + silent
                held = suspicions[suspect] = Suspicion(group, score, is_own, alert_id)
                self._enter(suspect, held)
            else:
                score = held.score + gain
                if is_own and not held.is_seen:
                    score -= silent
                    held.is_seen = True
                held.score, held.is_faint = score, False
            if score > best or not best_suspect:
                best, best_suspect = score, suspect
        group.best, group.best_suspect = best, best_suspect
        self._trim(group)

    def start(self, group: Group, suspect: str) -> None:
        """Let a group without members be found by the one suspect that an event named."""
        held = Suspicion(group, 0.0, True, group.event)  # noqa: FBT003 - likewise
        group.limit = self._below
        group.suspicions[suspect] = held
        group.settle()
        self._enter(suspect, held)

    def confirm(self, suspect: str, at: float) -> bool:
        """Let an event speak for the group that already suspects it, if one began shortly before."""
        for held in self._by_suspect.get(suspect, ()):
            group = held.group
            if group.members and at - group.start <= _EVENT_SECONDS and held.score >= group.best + _NEARLY:
                held.score += self._prior.base
                held.is_seen = True
                group.settle()
                return True
        return False

    def sharing(self, suspect: str, fewest: int) -> list[Group]:
        """The open groups with *suspect*, the oldest first; none where they are fewer than *fewest*."""
        entries = self._by_suspect.get(suspect, ())
        if len(entries) < fewest:
            return []
        found = [held.group for held in entries if held.group.members and not held.group.is_lane]
        if len(found) < fewest:
            return []
        found.sort(key=_NUMBER)
        return found

    def merge(self, kept: Group, gone: Group) -> None:
        """Hand the suspicions of *gone* to *kept*."""
        prior = self._prior
        for suspect, held in gone.suspicions.items():
            self._leave(suspect, held)
            known = kept.suspicions.get(suspect)
            if known is None:
                held.group, held.score = kept, held.score - prior.base
                kept.suspicions[suspect] = held
                self._enter(suspect, held)
                continue
            known.score += held.score + prior.base
            if not (known.is_seen and held.is_seen):
                known.score -= prior.silent_suspect
            known.is_seen = known.is_seen or held.is_seen
        gone.suspicions = {}
        kept.settle()
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
        weights = [view.weight + (ambient if view.is_broad else 0.0) for view in series.views]
        if is_first:
            return weights
        base, step = self._prior.base, self._step(group, at)
        if step < 0:
            early = self._early(group, at) if step == _EARLY else float("-inf")
            return [max(0.0, base + weight + early) for weight in weights]
        found = [base + weight + view.delays[step] for view, weight in zip(series.views, weights, strict=True)]
        return [gain if gain > 0.0 else 0.0 for gain in found]  # noqa: FURB136 - likewise

    def _step(self, group: Group, at: float) -> int:
        """Where in the table of delays an alert at *at* stands: the group's age, less while alerts keep coming."""
        prior, last, seconds = self._prior, group.last, at - group.start
        if seconds < 0:
            return _EARLY
        if seconds >= prior.longest_group_seconds or last < at - prior.group_idle_seconds or group.is_lane:
            return _TOO_OLD
        quiet = (at - last) * prior.pace
        if quiet < seconds:
            seconds *= prior.slowed
            if seconds < quiet:  # noqa: PLR1730 - likewise
                seconds = quiet
        return int(seconds) // DELAY_STEP_SECONDS

    def _early(self, group: Group, at: float) -> float:
        return self._prior.early(at - group.start)

    def _role(self, relation: Relation, role: float) -> float:
        return role * (self._prior.role_here if relation in OWN_PLACE else self._prior.role_elsewhere)

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
            entries.remove(_stalest(entries))

    def _leave(self, suspect: str, held: Suspicion) -> None:
        entries = self._by_suspect.get(suspect, [])
        try:
            entries.remove(held)
        except ValueError:  # it had to make room
            return
        if not entries:
            del self._by_suspect[suspect]


def _stalest(entries: list[Suspicion]) -> Suspicion:
    """The one whose group was quiet for longest, the older of equals; a loop, because `min` with a key takes twice."""
    found = entries[0]
    group = found.group
    for held in entries:
        other = held.group
        if other.last < group.last or (other.last == group.last and other.number < group.number):
            found, group = held, other
    return found
