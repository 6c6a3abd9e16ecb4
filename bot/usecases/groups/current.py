"""The groups of alerts that fire or did just now, for whoever asks what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from analysis.alerts.alert import severity_rank
from analysis.wording import counted
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads

#: How long a group that is quiet counts as one of now.
RECENT = timedelta(hours=1)
#: What fires and was not heard of for longer may be over without a word: its rule, or its host, may be gone. Senders
#: that repeat what fires do so every few hours.
SILENT = timedelta(days=1)
#: In a storm of storms the latest so many are looked at.
MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentGroups:
    """What fires first, and of that the worst; `has_more` where there are more than were looked at.

    `silent` are those that fire as far as anybody said, and were last heard of when `heard` says, the latest first.
    `held` are those in which something waits now, so that the channel may have no message of it.
    """

    groups: tuple[AlertGroup, ...]
    silent: tuple[AlertGroup, ...] = ()
    heard: Mapping[UUID, datetime] = field(default_factory=dict)
    held: tuple[AlertGroup, ...] = ()
    has_more: bool

    @property
    def words(self) -> str:
        """How many there are."""
        return f"{'More than ' if self.has_more else ''}{counted(len(self.groups), 'group')} of alerts"


def current_groups(reads: Reads, workspace_id: UUID) -> CurrentGroups:
    """The groups of now."""
    found = reads.groups.current(workspace_id, since=reads.now - RECENT, limit=MOST + 1)
    heard = silent_since(reads, found)
    now = (one for one in found[:MOST] if one.id not in heard)
    ordered = sorted(now, key=lambda one: (not one.firing, severity_rank(one.severity)))
    silent = sorted((one for one in found[:MOST] if one.id in heard), key=lambda one: heard[one.id], reverse=True)
    return CurrentGroups(
        groups=tuple(ordered),
        silent=tuple(silent),
        heard=heard,
        held=_held(reads, workspace_id),
        has_more=len(found) > MOST,
    )


def _held(reads: Reads, workspace_id: UUID) -> tuple[AlertGroup, ...]:
    """The groups in which something waits, the longest first."""
    waiting = dict.fromkeys(one.group_id for one in reads.holds.open(workspace_id))
    known = reads.groups.several(waiting)
    roots = (known[known[one].merged_into or one] for one in waiting)
    return tuple({one.id: one for one in roots}.values())


def silent_since(reads: Reads, groups: Iterable[AlertGroup]) -> dict[UUID, datetime]:
    """Those of *groups* that fire as far as anybody said, and of which nothing was heard for long: since when."""
    old = [one.id for one in groups if one.firing and reads.now - one.last_at >= SILENT]
    return {group: at for group, at in reads.groups.heard(old).items() if reads.now - at >= SILENT}
