"""The groups and members that one step of grouping touches, from the record and as they are after it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from analysis.alerts.alert import AlertSeverity
from analysis.incident import Visibility
from bot.flows.alerts.group_news import NEVER, gist
from bot.ports.grouping import AlertGroup, Member, StreamEvent
from bot.ports.ledger import Reads

Key = tuple[UUID, UUID]

_MILDEST = AlertSeverity.INFO


class TouchedGroups:
    """Reads each once, and knows what of them is to be written."""

    def __init__(self, reads: Reads, workspace_id: UUID) -> None:
        """Read through *reads*, which must stay open as long as this is used."""
        self._reads = reads.groups
        self._new_id = reads.new_id
        self._workspace_id = workspace_id
        self._number = self._reads.next_number(workspace_id)
        self._groups: dict[UUID, AlertGroup] = {}
        self._read: dict[UUID, AlertGroup] = {}
        self._members: dict[UUID, dict[UUID, Member]] = {}
        self._loaded: set[UUID] = set()
        self._new: set[UUID] = set()
        self._changed: set[UUID] = set()
        self._written: dict[Key, Member] = {}
        self._left: dict[Key, None] = {}

    @property
    def new(self) -> tuple[AlertGroup, ...]:
        """The groups that are new, in order of their numbers."""
        return self._ordered(self._new)

    @property
    def changed(self) -> tuple[AlertGroup, ...]:
        """The others that changed."""
        return self._ordered(self._changed - self._new)

    @property
    def moved(self) -> frozenset[UUID]:
        """Those of them that are on, over, as bad or as large as they were not before."""
        read = self._read
        return frozenset(each for each in self._changed & read.keys() if gist(read[each]) != gist(self._groups[each]))

    @property
    def members(self) -> tuple[Member, ...]:
        """The members as they are now."""
        return tuple(self._written.values())

    @property
    def left(self) -> tuple[Key, ...]:
        """Which series left which group."""
        return tuple(key for key in self._left if key not in self._written)

    def load(self, alert_ids: Collection[UUID]) -> None:
        """Read where these series are members."""
        missing = [alert_id for alert_id in set(alert_ids) if alert_id not in self._loaded]
        self._loaded.update(missing)
        for alert_id in missing:
            self._members.setdefault(alert_id, {})
        self._hold(self._reads.members_with(missing))

    def open(self, named: UUID | None = None) -> UUID:
        """A new group, empty as yet, *named* so: what is about to be put into it says since when it is there."""
        group_id = named or self._new_id()
        self._new.add(group_id)
        self._groups[group_id] = AlertGroup(
            id=group_id,
            workspace_id=self._workspace_id,
            number=self._number,
            opened_at=NEVER,
            last_at=NEVER,
            severity=_MILDEST,
        )
        self._number += 1
        return group_id

    def group(self, group_id: UUID) -> AlertGroup:
        """The group itself, also where it was merged into another."""
        if group_id not in self._groups:
            found = self._reads.several((group_id,))
            self._read.update(found)
            self._groups.update({key: one for key, one in found.items() if key not in self._groups})
        return self._groups[group_id]

    def exists(self, group_id: UUID) -> bool:
        """Whether there is such a group."""
        return group_id in self._groups or bool(self._reads.several((group_id,)))

    def root(self, group_id: UUID) -> AlertGroup:
        """The group that people see for this one."""
        group = self.group(group_id)
        return self.group(group.merged_into) if group.merged_into else group

    def children(self, group_id: UUID) -> set[UUID]:
        """What was merged into a group."""
        here = {one.id for one in self._groups.values() if one.merged_into == group_id}
        return here | self._reads.merged_into((group_id,))

    def with_news(self) -> list[AlertGroup]:
        """The groups of which something waits to be told."""
        known = {group.id: group for group in self._reads.with_news(self._workspace_id)} | self._groups
        return [group for group in known.values() if group.news_at and not group.merged_into]

    def times_of_news(self) -> Iterator[datetime | None]:
        """Since when some of it waits, the longest among them; nothing is read for it but one time."""
        yield self._reads.news_since(self._workspace_id)
        yield from (group.news_at for group in self._groups.values())

    def is_new(self, group_id: UUID) -> bool:
        """Whether this step opened it."""
        return group_id in self._new

    def is_changed(self, group_id: UUID) -> bool:
        """Whether this step has changed it."""
        return group_id in self._changed

    def is_attached(self, group: AlertGroup) -> bool:
        """Whether it is attached to an incident."""
        return group.id not in self._new and bool(self._reads.incidents_of(group.id))

    def is_of_an_incident(self, group: AlertGroup) -> bool:
        """Whether an open incident has it, of those that everybody may see: what follows from it shows no others."""
        attached = () if group.id in self._new else self._reads.incidents_of(group.id)
        return any(one.visibility is Visibility.PUBLIC and one.status.is_active for one in attached)

    def keep(self, group: AlertGroup) -> None:
        """Let it be as *group* says."""
        self._groups[group.id] = group
        self._changed.add(group.id)

    def memberships(self, alert_id: UUID) -> Mapping[UUID, Member]:
        """The groups that a series, which was loaded, is in."""
        return self._members[alert_id]

    def latest(self, alert_id: UUID) -> StreamEvent | None:
        """The newest event of a series, if it is kept still."""
        return self._reads.latest_of((alert_id,)).get(alert_id)

    def latest_in(self, group_id: UUID) -> list[tuple[Member, StreamEvent]]:
        """The series in a group, each with its newest event if that is kept still."""
        members = self.members_of(group_id)
        latest = self._reads.latest_of([one.alert_id for one in members])
        return [(one, latest[one.alert_id]) for one in members if one.alert_id in latest]

    def members_of(self, group_id: UUID) -> list[Member]:
        """The members of a group as they are in this step."""
        if group_id not in self._new:
            self._hold(self._reads.members_of(group_id))
        return [held[group_id] for held in self._members.values() if group_id in held]

    def write_member(self, group_id: UUID, alert_id: UUID, *, is_firing: bool, more: int) -> None:
        """Let a series be in a group, where it fired *more* times."""
        held = self._members[alert_id]
        alerts = (held[group_id].alerts if group_id in held else 0) + more
        member = Member(group_id=group_id, alert_id=alert_id, is_firing=is_firing, alerts=alerts)
        held[group_id] = self._written[group_id, alert_id] = member

    def remove_member(self, member: Member) -> None:
        """Let a series be in a group no longer."""
        key = (member.group_id, member.alert_id)
        self._members[member.alert_id].pop(member.group_id, None)
        self._written.pop(key, None)
        self._left[key] = None

    def _hold(self, members: Iterable[Member]) -> None:
        """Know of *members* on record, unless this step has changed them; their series may be in other groups, too."""
        for member in members:
            key = (member.group_id, member.alert_id)
            if key not in self._written and key not in self._left:
                self._members.setdefault(member.alert_id, {}).setdefault(member.group_id, member)

    def _ordered(self, ids: Iterable[UUID]) -> tuple[AlertGroup, ...]:
        return tuple(sorted((self._groups[each] for each in ids), key=lambda group: group.number))
