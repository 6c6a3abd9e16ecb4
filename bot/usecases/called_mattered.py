"""Of which alerts people said that they mattered: of a series in a group, wherever they have put it since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.ports.grouping import Feedback, FeedbackKind, StreamEvent
from bot.usecases.group_places import GroupPlaces


@dataclass(frozen=True, slots=True)
class CalledMattered:
    """`groups` are those in which people said so, for each series."""

    places: GroupPlaces
    groups: Mapping[UUID, frozenset[UUID]]

    def group_of(self, event: StreamEvent) -> UUID | None:
        """The group that *event* is in now, if it mattered there."""
        if event.group_id is None:
            return None
        group = self.places.of(event.group_id, event.fingerprint)
        labelled = self.groups.get(event.alert_id, ())
        return group if any(self.places.of(one, event.fingerprint) == group for one in labelled) else None


def called_mattered(labels: Iterable[Feedback], places: GroupPlaces) -> CalledMattered:
    """What *labels* say of series that may be elsewhere by now."""
    found: dict[UUID, frozenset[UUID]] = {}
    for label in labels:
        if label.kind is FeedbackKind.MATTERED and label.alert_id and label.group_id:
            found[label.alert_id] = found.get(label.alert_id, frozenset()) | {label.group_id}
    return CalledMattered(places, found)
