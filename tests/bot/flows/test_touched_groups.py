"""What one step of grouping knows of members: all groups of a series, however the step came upon it."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from bot.flows.alerts.touched_groups import TouchedGroups
from bot.ports.grouping import Member
from bot.ports.ledger import Reads

ONE, OTHER, SERIES, WORKSPACE = (uuid.uuid5(uuid.NAMESPACE_OID, name) for name in ("one", "other", "series", "here"))


@dataclass(frozen=True, slots=True)
class Recorded:
    """Reads of groups with these members."""

    members: tuple[Member, ...]

    @property
    def groups(self) -> "Recorded":
        """The same."""
        return self

    def new_id(self) -> UUID:
        """Return an id."""
        return uuid.uuid4()

    def next_number(self, _: UUID) -> int:
        """Return the first number."""
        return 1

    def members_of(self, group_id: UUID) -> Iterator[Member]:
        """Yield those of a group."""
        return (one for one in self.members if one.group_id == group_id)

    def members_with(self, alert_ids: Collection[UUID]) -> Iterator[Member]:
        """Yield those of series."""
        return (one for one in self.members if one.alert_id in alert_ids)


def member(group_id: UUID, **over: Any) -> Member:
    """The series in a group, where it fires for the third time."""
    return Member(group_id=group_id, alert_id=SERIES, **{"is_firing": True, "alerts": 3, **over})


def touched(*members: Member) -> TouchedGroups:
    """A step that begins with these members on record."""
    return TouchedGroups(cast("Reads", Recorded(members)), WORKSPACE)


def test_series_that_was_met_in_one_group_is_known_in_all() -> None:
    """Else it would be counted in the other once more when it fires there, and for ever."""
    step = touched(member(ONE), member(OTHER))
    step.members_of(ONE)

    step.load((SERIES,))

    assert step.memberships(SERIES) == {ONE: member(ONE), OTHER: member(OTHER)}


def test_what_a_step_changed_stays_so_when_it_looks_again() -> None:
    """What is on record is of before the step."""
    step = touched(member(ONE), member(OTHER))
    step.load((SERIES,))
    step.write_member(OTHER, SERIES, is_firing=False, more=1)
    step.remove_member(member(ONE))

    assert step.members_of(ONE) == []
    assert step.members_of(OTHER) == [member(OTHER, is_firing=False, alerts=4)]
    assert (step.left, step.members) == (((ONE, SERIES),), (member(OTHER, is_firing=False, alerts=4),))
