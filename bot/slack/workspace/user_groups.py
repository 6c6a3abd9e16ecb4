"""Who is in which user group, by the dates that Slack gives: what it says late undoes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """A user group as Slack described it at `date`; zero where it does not say when.

    Slack names 500 members at most: where `is_whole` is false, others are in it as well.
    """

    id: str
    users: frozenset[str]
    date: float = 0.0
    is_whole: bool = True


def user_group(found: Mapping[str, Any]) -> UserGroup:
    """Read a user group as a list or an event has it; a disabled one gives nobody anything, whomever it names."""
    users = frozenset() if found.get("date_delete") else frozenset(found.get("users") or ())
    count = 0 if found.get("date_delete") else int(found.get("user_count") or 0)
    date = float(found.get("date_update") or 0.0)
    return UserGroup(id=str(found["id"]), users=users, date=date, is_whole=count <= len(users))


class GroupDates:
    """When the newest list of a group is from, and when somebody came into it or left it since."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lists: dict[str, float] = {}
        self._moves: dict[tuple[str, str], float] = {}

    def members(self, group: UserGroup, before: Iterable[str]) -> frozenset[str]:
        """Who is in *group* once it is known, where those of *before* were in it."""
        inside = frozenset(before)
        if group.date and group.date < self._lists.get(group.id, 0.0):
            return inside
        self._lists[group.id] = max(group.date, self._lists.get(group.id, 0.0))
        wanted = group.users if group.is_whole else group.users | inside
        later = {user for user in wanted ^ inside if group.date and self._moves.get((group.id, user), 0.0) > group.date}
        return (wanted - later) | (inside & later)

    def takes(self, group: str, user: str, date: float) -> bool:
        """Whether that *user* came into *group* or left it at *date* is news, which is remembered then."""
        if date and date < max(self._lists.get(group, 0.0), self._moves.get((group, user), 0.0)):
            return False
        self._moves[group, user] = max(date, self._moves.get((group, user), 0.0))
        return True
