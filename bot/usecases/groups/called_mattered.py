"""Of which alerts people said that they mattered: of a group, or of a series wherever they have put it since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.ports.grouping import Feedback, FeedbackOrigin, StreamEvent, standing_mattered
from bot.usecases.groups.places import GroupPlaces


@dataclass(frozen=True, slots=True)
class CalledMattered:
    """`series` has for each series the groups in which people said so of it, `groups` those of which they said so."""

    places: GroupPlaces
    series: Mapping[UUID, frozenset[UUID]]
    groups: frozenset[UUID] = frozenset()

    @property
    def all_groups(self) -> frozenset[UUID]:
        """Every group of which, or of a series in which, people said so."""
        return self.groups.union(*self.series.values())

    def name_of(self, event: StreamEvent) -> str:
        """What names that which mattered and *event* is a part of now; empty where it is part of none."""
        if event.group_id is None:
            return ""
        group = self.places.of(event.group_id, event.fingerprint)
        if group in self.groups:
            return str(group)
        labelled = self.series.get(event.alert_id, ())
        is_labelled = any(self.places.of(one, event.fingerprint) == group for one in labelled)
        return f"{event.alert_id}:{group}" if is_labelled else ""


def called_mattered(labels: Iterable[Feedback], places: GroupPlaces) -> CalledMattered:
    """What stands of *labels*, which are in the order in which they were given; series may be elsewhere by now."""
    series: dict[UUID, frozenset[UUID]] = {}
    groups: set[UUID] = set()
    for label in standing_mattered(one for one in labels if one.origin is FeedbackOrigin.PERSON):
        if label.group_id is None:
            continue
        if label.alert_id:
            series[label.alert_id] = series.get(label.alert_id, frozenset()) | {label.group_id}
        else:
            groups.add(places.root(label.group_id))
    return CalledMattered(places, series, frozenset(groups))
