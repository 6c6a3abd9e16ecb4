"""Suspects as a series sees them: what it weighs that each explains its alerts, and by which delay."""

from dataclasses import dataclass

from analysis.alerts.prior import Prior
from analysis.alerts.topology import BROAD, OWN_PLACE, OWN_RELATIONS, THROUGH_CALLEES, Place, Relation

_MOST_VIEWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """One suspect, shared by all series that see it so."""

    suspect: str
    relation: Relation
    weight: float
    delays: tuple[float, ...]
    is_own: bool  #: the series' alerts come from the suspect itself
    is_broad: bool  #: it is shared by so much that it matters how much happens at any time
    is_behind: bool  #: it reaches the series' place through what that calls


class Views:
    """The views of every place and role that fired of late."""

    __slots__ = ("_delays", "_known", "_prior", "_texts", "_views")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._delays = {relation: prior.delays(relation) for relation in Relation}
        self._known: dict[tuple[Place, float], tuple[View, ...]] = {}
        self._views: dict[tuple[str, Relation, float], View] = {}
        self._texts: dict[str, str] = {}

    def of(self, place: Place, role: float) -> tuple[View, ...]:
        """The suspects of a series at *place*, as its rule's *role* weighs them."""
        known = self._known.get((place, role))
        if known is None:
            if len(self._known) >= _MOST_VIEWS:
                self._known.clear()
                self._views.clear()
                self._texts.clear()
            suspects = place.suspects.items()
            known = self._known[place, role] = tuple([self._view(one, relation, role) for one, relation in suspects])
        return known

    def _view(self, suspect: str, relation: Relation, role: float) -> View:
        known = self._views.get((suspect, relation, role))
        if known is not None:
            return known
        weight = self._prior.relations[relation].weight
        weight += role * (self._prior.role_here if relation in OWN_PLACE else self._prior.role_elsewhere)
        known = View(
            suspect=self._texts.setdefault(suspect, suspect),  # one text for all places is found faster
            relation=relation,
            weight=weight,
            delays=self._delays[relation],
            is_own=relation in OWN_RELATIONS,
            is_broad=relation in BROAD,
            is_behind=relation in THROUGH_CALLEES,
        )
        self._views[suspect, relation, role] = known
        return known
