"""Where alerts are now: merged groups stand for what they went into, and people may have put series apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bot.ports.grouping import InputKind, PlacedInput


@dataclass(slots=True)
class GroupPlaces:
    """`roots` is the group that each merged group went into; give it every `APART` input in order.

    A series may be put apart again from where it was put. What it goes into holds it from then on, so no way is a ring.
    """

    roots: Mapping[UUID, UUID]
    touched: set[UUID] = field(default_factory=set)
    _apart: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    def put_apart(self, given: PlacedInput) -> None:
        """Let a series be where a person put it."""
        into = UUID(given.content["into"]) if given.content.get("into") else None
        if into is None:
            return
        series = given.content["series"]
        for named in given.content["groups"]:
            if UUID(named) != into:
                self._apart[UUID(named), series] = into
                self.touched |= {UUID(named), into}
        self._apart.pop((into, series), None)

    def of(self, group_id: UUID, series: str) -> UUID:
        """The group that has now what was put into *group_id* of the series with this fingerprint."""
        while (into := self._apart.get((group_id, series))) is not None:
            group_id = into
        return self.root(group_id)

    def root(self, group_id: UUID) -> UUID:
        """The group that people see for this one."""
        return self.roots.get(group_id, group_id)


def places_of(roots: Mapping[UUID, UUID], inputs: Iterable[PlacedInput]) -> GroupPlaces:
    """Where alerts are after all that people put apart among *inputs*."""
    places = GroupPlaces(roots)
    for given in inputs:
        if given.kind is InputKind.APART:
            places.put_apart(given)
    return places
