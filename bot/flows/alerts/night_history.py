"""What alerts of the past belonged to, as the nightly replay counts it: wherever people have put them since."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from analysis.alerts.backtest import Past
from analysis.alerts.noise_evidence import Membership
from analysis.duplicates import meant_by
from bot.ports.grouping import InputKind, StreamEvent
from bot.ports.learning import said_by_tickets
from bot.ports.ledger import Reads
from bot.usecases.groups.called_mattered import CalledMattered, called_mattered
from bot.usecases.groups.places import GroupPlaces, places_of

#: The id of an incident begins so where a label stands for one.
LABEL = "label:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """The incidents of groups, and what people or tickets said that mattered, series by series or firing by firing."""

    places: GroupPlaces
    incidents: Mapping[UUID, Membership]
    mattered: CalledMattered
    tickets: Mapping[int, str]

    def as_past(self, event: StreamEvent) -> Past:
        """The alert of *event* with what it belonged to."""
        return Past(alert=event.alert, membership=self._of(event))

    def groups(self) -> frozenset[UUID]:
        """Every group in which something may be that belonged to an incident, or mattered."""
        known = {*self.incidents, *self.mattered.all_groups}
        merged = {group for group, root in self.places.roots.items() if root in known}
        return frozenset(known | merged | self.places.touched)

    def _of(self, event: StreamEvent) -> Membership | None:
        group = self.places.of(event.group_id, event.fingerprint) if event.group_id else None
        if group is not None and group in self.incidents:
            return self.incidents[group]
        if event.seq in self.tickets:
            return Membership(incident=f"{LABEL}{self.tickets[event.seq]}")
        if named := self.mattered.name_of(event):
            return Membership(incident=f"{LABEL}{named}")
        return None


def read_belonging(reads: Reads, workspace_id: UUID) -> Belonging:
    """What is known now of everything that was ever grouped."""
    inputs = reads.groups.placed(workspace_id, since=0, kinds=(InputKind.APART,))
    places = places_of(reads.learning.roots(workspace_id), inputs)
    labels = reads.learning.feedback(workspace_id)
    return Belonging(
        places=places,
        incidents=_incidents(reads, workspace_id, places),
        mattered=called_mattered(labels, places),
        tickets=said_by_tickets(labels).mattered,
    )


def _incidents(reads: Reads, workspace_id: UUID, places: GroupPlaces) -> Mapping[UUID, Membership]:
    """Which incident each group belongs to: a public one where it belongs to several, the earliest of these."""
    found: dict[UUID, Membership] = {}
    by_number = partial(reads.incident_by_number, workspace_id)
    for one in reads.learning.attached(workspace_id):
        meant = meant_by(one.incident, by_number)
        group = places.root(one.group_id)
        if meant and (group not in found or (found[group].is_private and not meant.is_private)):
            found[group] = Membership(incident=str(meant.incident.id), is_private=meant.is_private)
    return found
