"""Remember which message in Slack is a group's, so that it is edited in place from now on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from bot.ports.grouping import AlertGroup, GroupChanges, Posted
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.groups.asking import incidents_shown
from bot.usecases.groups.messages import former_message, group_message, storm_message


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPosted:
    """The newest message about `group` is `ts`, and shows it as it is given here, with these incidents and titles.

    One that `was_found`, because its answer was lost, shows what was so at an earlier attempt.
    """

    group: AlertGroup
    ts: str
    incidents: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    was_found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPosted:
    """The message about a storm is `ts`, and shows `groups` of it; `was_found` as of `GroupPosted`."""

    storm_id: UUID
    ts: str
    groups: int
    was_found: bool = False


def group_posted(reads: Reads, command: GroupPosted) -> Changes:
    """Remember it; what changed since it was composed is edited in at once, because no edit could know where.

    One that was found may be older than a message that was sent while it was parked: that one stays the newest.
    """
    now = reads.groups.group(command.group.id)
    if now and now.ts and _moment(command.ts) < _moment(now.ts):
        return Changes(deliveries=(former_message(reads, command.group.id, command.ts),))
    is_as_given = now == command.group and incidents_shown(reads, command.group) == command.incidents
    is_current = is_as_given and not command.was_found
    before = now.ts if now and now.ts != command.ts else None
    return Changes(
        groups=GroupChanges(posted_group=Posted(id=command.group.id, ts=command.ts)),
        deliveries=(
            *(() if is_current else (group_message(reads, command.group.id),)),
            *((former_message(reads, command.group.id, before),) if before else ()),
        ),
    )


def storm_posted(reads: Reads, command: StormPosted) -> Changes:
    """Remember it, likewise."""
    storm = reads.groups.storm(command.storm_id)
    is_as_given = len(reads.groups.of_storm(command.storm_id)) == command.groups
    is_current = is_as_given and not command.was_found
    anew = () if is_current or storm is None else (replace(storm, ts=command.ts),)
    return Changes(
        groups=GroupChanges(posted_storm=Posted(id=command.storm_id, ts=command.ts)),
        deliveries=tuple(storm_message(reads, one, is_growing=False) for one in anew),
    )


def _moment(place: str) -> Decimal:
    """When a message was posted, by Slack's own time in its place."""
    return Decimal(place.rpartition(":")[2])
