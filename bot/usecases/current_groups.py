"""The groups of alerts that fire or did just now, for whoever asks what is wrong."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from analysis.alerts.alert import severity_rank
from analysis.wording import counted
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads

#: How long a group that is quiet counts as one of now.
RECENT = timedelta(hours=1)
#: In a storm of storms the latest so many are looked at.
MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentGroups:
    """What fires first, and of that the worst; `has_more` where there are more than were looked at."""

    groups: tuple[AlertGroup, ...]
    has_more: bool

    @property
    def words(self) -> str:
        """How many there are."""
        return f"{'More than ' if self.has_more else ''}{counted(len(self.groups), 'group')} of alerts"


def current_groups(reads: Reads, workspace_id: UUID) -> CurrentGroups:
    """The groups of now."""
    found = reads.groups.current(workspace_id, since=reads.now - RECENT, limit=MOST + 1)
    ordered = sorted(found[:MOST], key=lambda one: (not one.firing, severity_rank(one.severity)))
    return CurrentGroups(groups=tuple(ordered), has_more=len(found) > MOST)
