"""Which messages about groups follow from what changed: few, and what is new of several groups is one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from analysis.alerts.alert import severity_rank
from analysis.operator_notes import ALERTS_LANE
from bot.ports.grouping import AlertGroup, Notice, Storm
from bot.ports.ledger import Reads
from bot.ports.records import DeliveryKind, NewDelivery

#: Where new messages about groups wait, and where edits do: no post waits for hundreds of edits.
POSTS_LANE = ALERTS_LANE
EDITS_LANE = f"{ALERTS_LANE}:edits"
#: So many messages about groups are posted within `BUDGET_WHILE`; what comes on top is told of in one.
BUDGET = 6
#: How many of them only the worst severity may use, so that it is posted in a storm, too.
KEPT_FOR_WORST = 2
BUDGET_WHILE = timedelta(minutes=5)
#: What comes on top is added to the message about several groups for so long; then there is a new one, because an edit
#: notifies nobody.
STORM_POSTED_EVERY = timedelta(minutes=5)
_GROUP = "group:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """The groups as they are once these messages were asked for, and the storm that some are part of."""

    groups: Mapping[UUID, AlertGroup]
    storms: tuple[Storm, ...]
    deliveries: tuple[NewDelivery, ...]


def messages_about(
    reads: Reads,
    workspace_id: UUID,
    changed: Sequence[AlertGroup],
    notices: Mapping[UUID, Notice],
    together: Collection[UUID] = (),
    as_shown: Collection[UUID] = (),
) -> Messages:
    """Post anew what must be noticed, the worst first, as far as the budget reaches; edit the rest.

    Groups that are told of *together* are in one new message, with what the budget does not reach. What is new of a
    group waits no longer once a new message tells of it. Those *as_shown* need no edit.
    """
    noticed = [group for group in changed if group.id in notices and group.merged_into is None]
    noticed.sort(key=lambda group: (severity_rank(group.severity), group.number))
    waiting = reads.replaceable(POSTS_LANE) if noticed or together else frozenset()
    recent = reads.groups.announced_since(workspace_id, reads.now - BUDGET_WHILE, now=reads.now)
    chosen = _within_budget(noticed, recent, waiting)
    posted = {group.id: replace(without_news(group), announced_at=reads.now, storm_id=None) for group in chosen}
    waited = [group for group in changed if group.id in together and group.merged_into is None]
    gathered = [group for group in waited if group.id not in posted]
    rest = [group for group in (*noticed, *gathered) if group.id not in posted]
    growing = _growing(reads, workspace_id, waiting, rest, must_post=bool(gathered)) if rest else None
    stormy = {group.id: _in_storm(group, growing) for group in rest if growing}
    others = [group for group in changed if group.id not in posted and group.id not in as_shown]
    edited = [group for group in others if group.announced_at or group.ts]
    return Messages(
        groups={**posted, **stormy},
        storms=(growing,) if growing else (),
        deliveries=(
            *(group_message(reads, group_id, notices[group_id]) for group_id in posted),
            *(group_message(reads, group.id) for group in edited),
            *(storm_message(reads, one, is_growing=one is growing) for one in _storms(reads, changed, growing)),
        ),
    )


def without_news(group: AlertGroup) -> AlertGroup:
    """With nothing of it waiting to be told, also not that it is back: later news would be taken for that."""
    said = replace(group.digest, is_back=False) if group.digest.is_back else group.digest
    return replace(group, news_at=None, digest=said)


def group_message(reads: Reads, group_id: UUID, notice: Notice | None = None) -> NewDelivery:
    """Post a group's message anew, or edit it where there is nothing to notice; only the newest of each is sent."""
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.ALERT_GROUP,
        lane=POSTS_LANE if notice else EDITS_LANE,
        arguments={"group": str(group_id), "notice": notice.value if notice else ""},
        coalesce=_group_key(group_id),
        is_post=notice is not None,
    )


def edit_of(reads: Reads, group: AlertGroup) -> tuple[NewDelivery, ...]:
    """The edit of a group's message, if it has one."""
    return (group_message(reads, group.id),) if group.ts else ()


def former_message(reads: Reads, group_id: UUID, ts: str) -> NewDelivery:
    """Let the message that a newer one follows say so and nothing else: it is not edited when anything changes."""
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.ALERT_GROUP,
        lane=EDITS_LANE,
        arguments={"group": str(group_id), "notice": "", "former": ts},
        coalesce=f"{_group_key(group_id)}:{ts}",
    )


def storm_message(reads: Reads, storm: Storm, *, is_growing: bool) -> NewDelivery:
    """Post the one message about a storm, or edit it where it is posted.

    Where somebody has deleted it, one that *is growing* is posted anew: nothing else tells of what is new in it.
    """
    is_posted = storm.ts is not None
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.ALERT_STORM,
        lane=EDITS_LANE if is_posted else POSTS_LANE,
        arguments={"storm": str(storm.id)},
        coalesce=_storm_key(storm.id),
        is_post=is_growing or not is_posted,
    )


def _in_storm(group: AlertGroup, storm: Storm) -> AlertGroup:
    """As a part of *storm*, whose message is an edit where it is posted."""
    return replace(group if storm.ts else without_news(group), storm_id=storm.id)


def _within_budget(noticed: Sequence[AlertGroup], recent: int, waiting: Collection[str]) -> list[AlertGroup]:
    """Those that may be posted, the worst first, where so many were lately and some posts are *waiting*.

    While Slack takes nothing posts wait for hours, and would come all at once then, what is over before what fires: so
    what waits counts, too. What replaces one of them is no further message.
    """
    already = max(recent, sum(key.startswith(_GROUP) for key in waiting))
    chosen: list[AlertGroup] = []
    for group in noticed:
        most = BUDGET if severity_rank(group.severity) == 0 else BUDGET - KEPT_FOR_WORST
        is_replacing = _group_key(group.id) in waiting
        if is_replacing or already < most:
            chosen.append(group)
            already += not is_replacing
    return chosen


def _storms(reads: Reads, changed: Sequence[AlertGroup], growing: Storm | None) -> Sequence[Storm]:
    """The storms whose messages say something else from now on, be it that their groups are told again elsewhere."""
    touched = {group.storm_id for group in changed if group.storm_id} - ({growing.id} if growing else set())
    known = (reads.groups.storm(each) for each in sorted(touched))
    return [*filter(None, known), *([growing] if growing else [])]


def _growing(
    reads: Reads, workspace_id: UUID, waiting: Collection[str], more: Sequence[AlertGroup], *, must_post: bool
) -> Storm:
    """The storm that *more* groups become a part of; where it *must post*, that has its message yet to come.

    So has what is worse than all that the latest told of: what people were woken by was not as bad as that.
    """
    latest = reads.groups.latest_storm(workspace_id)
    if latest is not None:
        is_on = timedelta(0) <= reads.now - latest.began_at < STORM_POSTED_EVERY
        if _storm_key(latest.id) in waiting or (is_on and not must_post and not _is_worse(reads, latest, more)):
            return replace(latest, last_at=reads.now)
    return Storm(id=reads.new_id(), workspace_id=workspace_id, began_at=reads.now, last_at=reads.now)


def _is_worse(reads: Reads, storm: Storm, more: Sequence[AlertGroup]) -> bool:
    told = (severity_rank(each) for each in reads.groups.severities_of_storm(storm.id))
    return min(severity_rank(group.severity) for group in more) < min(told, default=0)


def _group_key(group_id: UUID) -> str:
    """What makes a newer message about a group replace one that waits."""
    return f"{_GROUP}{group_id}"


def _storm_key(storm_id: UUID) -> str:
    return f"storm:{storm_id}"
