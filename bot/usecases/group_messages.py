"""Which messages about groups follow from what changed: few, and a storm is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from analysis.alerts.alert import severity_rank
from bot.ports.grouping import AlertGroup, Notice, Storm
from bot.ports.ledger import Reads
from bot.ports.records import DeliveryKind, NewDelivery

#: So many messages about groups are posted within `BUDGET_WHILE`; what comes on top is told of in one.
BUDGET = 6
BUDGET_WHILE = timedelta(minutes=5)
#: A storm that nothing was added to for this long is over; the next begins with a message of its own.
STORM_ENDS_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """The groups as they are once these messages were asked for, and the storm that some are part of."""

    groups: Mapping[UUID, AlertGroup]
    storms: tuple[Storm, ...]
    deliveries: tuple[NewDelivery, ...]


def messages_about(
    reads: Reads, workspace_id: UUID, channel: str, changed: Sequence[AlertGroup], notices: Mapping[UUID, Notice]
) -> Messages:
    """Post anew what must be noticed, the worst first, as far as the budget reaches; edit the rest."""
    if not channel:
        return Messages(groups={}, storms=(), deliveries=())
    left = BUDGET - reads.groups.announced_since(workspace_id, reads.now - BUDGET_WHILE)
    noticed = [group for group in changed if group.id in notices and group.merged_into is None]
    noticed.sort(key=lambda group: (severity_rank(group.severity), group.number))
    posted = {group.id: replace(group, announced_at=reads.now, storm_id=None) for group in noticed[: max(left, 0)]}
    storm = _storm(reads, workspace_id, changed, is_growing=len(noticed) > len(posted))
    stormy = {group.id: replace(group, storm_id=storm.id) for group in noticed[len(posted) :] if storm}
    edited = [group for group in changed if group.id not in posted and (group.announced_at or group.ts)]
    return Messages(
        groups={**posted, **stormy},
        storms=(storm,) if storm else (),
        deliveries=(
            *(group_message(reads, channel, group_id, notices[group_id]) for group_id in posted),
            *(group_message(reads, channel, group.id) for group in edited),
            *([_storm_message(reads, channel, storm)] if storm else []),
        ),
    )


def group_message(reads: Reads, channel: str, group_id: UUID, notice: Notice | None = None) -> NewDelivery:
    """Post a group's message anew, or edit it where there is nothing to notice; only the newest of each is sent."""
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.ALERT_GROUP,
        lane=posts_lane(channel) if notice else edits_lane(channel),
        arguments={"group": str(group_id), "notice": notice.value if notice else ""},
        coalesce=f"group:{group_id}",
        is_post=notice is not None,
    )


def posts_lane(channel: str) -> str:
    """The lane of new messages about groups."""
    return f"alerts:{channel}"


def edits_lane(channel: str) -> str:
    """The lane of edits, apart from the posts so that none waits for hundreds of edits."""
    return f"alerts:{channel}:edits"


def _storm(reads: Reads, workspace_id: UUID, changed: Sequence[AlertGroup], *, is_growing: bool) -> Storm | None:
    """The storm whose message must be posted or edited, if any."""
    latest = reads.groups.latest_storm(workspace_id)
    is_on = latest is not None and reads.now - latest.last_at <= STORM_ENDS_AFTER
    if is_growing:
        if latest is not None and is_on:
            return replace(latest, last_at=reads.now)
        return Storm(id=reads.new_id(), workspace_id=workspace_id, began_at=reads.now, last_at=reads.now)
    is_touched = latest is not None and any(group.storm_id == latest.id for group in changed)
    return latest if is_touched else None


def _storm_message(reads: Reads, channel: str, storm: Storm) -> NewDelivery:
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.ALERT_STORM,
        lane=edits_lane(channel) if storm.ts else posts_lane(channel),
        arguments={"storm": str(storm.id)},
        coalesce=f"storm:{storm.id}",
        is_post=storm.ts is None,
    )
