"""Record what grouping decided about a stretch of alerts: all of it, once, and only if nothing came in between."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.errors import Conflict
from bot.ports.grouping import Feedback, GroupChanges, GroupingBatch, InputKind, Notice
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.ports.services import ServiceEdge
from bot.ports.signals import SignalChanges
from bot.usecases.groups.asking import mattered_too
from bot.usecases.groups.charts import chart_of
from bot.usecases.groups.messages import messages_about
from bot.usecases.signals.messages import lists_of_signals


class OvertakenError(Conflict):
    """What was decided rests on what is no longer so; decide again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecisions:
    """`batch` as it was decided while the groups in `closed` took nothing; `is_told` where a channel hears of them.

    `notices` are what is told of groups one by one, `together` the groups told of in one message; those `as_shown` are
    as their own messages show them. `moved` are those that incidents with them show otherwise from now on. `edges` are
    calls that labels of its alerts name for the first time.
    """

    batch: GroupingBatch
    closed: frozenset[UUID]
    notices: Mapping[UUID, Notice]
    is_told: bool
    together: frozenset[UUID] = frozenset()
    as_shown: frozenset[UUID] = frozenset()
    moved: frozenset[UUID] = frozenset()
    edges: tuple[ServiceEdge, ...] = ()


def record_decisions(reads: Reads, command: RecordDecisions) -> Changes:
    """Write the decisions with what they make of the groups, and the messages that follow.

    Raises
    ------
    OvertakenError
        If other decisions were recorded meanwhile, or an incident ended or was reopened: nothing may be put into a
        group of an incident that is over; or if a group that is to be folded was attached: what people name stays.
    """
    batch = command.batch
    if reads.groups.position(batch.workspace_id) != batch.expected:
        raise OvertakenError
    if reads.groups.closed(batch.workspace_id) != command.closed or _folds_attached(reads, batch):
        raise OvertakenError
    changed = (*batch.new_groups, *batch.changed_groups)
    labels = _mattered(reads, batch)
    lists = lists_of_signals(reads, command.moved)
    if not changed or not command.is_told:
        groups = GroupChanges(batch=batch, feedback=labels)
        return Changes(groups=groups, deliveries=lists, signals=SignalChanges(edges=command.edges))
    told = messages_about(reads, batch.workspace_id, changed, command.notices, command.together, command.as_shown)
    written = replace(
        batch,
        new_groups=tuple(told.groups.get(group.id, group) for group in batch.new_groups),
        changed_groups=tuple(told.groups.get(group.id, group) for group in batch.changed_groups),
        as_shown=command.as_shown,
        storms=told.storms,
    )
    shown = command.as_shown - command.notices.keys()
    now = (told.groups.get(group.id, group) for group in changed if group.id not in shown)
    charts = [chart for group in now if group.announced_at for chart in chart_of(reads, group)]
    return Changes(
        groups=GroupChanges(batch=written, feedback=labels),
        deliveries=(*told.deliveries, *charts, *lists),
        signals=SignalChanges(edges=command.edges),
    )


def _mattered(reads: Reads, batch: GroupingBatch) -> tuple[Feedback, ...]:
    """What was said of groups that were taken apart, that they mattered, said of what they are from now on."""
    apart = [one.content for one in batch.placed if one.kind is InputKind.APART and one.content.get("mattered")]
    said = {content["into"]: content["mattered"] for content in apart}
    new = [group.id for group in batch.new_groups if str(group.id) in said]
    reason = "said before it was taken apart"
    return tuple(mattered_too(reads, batch.workspace_id, one, said[str(one)], reason) for one in new)


def _folds_attached(reads: Reads, batch: GroupingBatch) -> bool:
    """Whether one of two groups that become one is attached to something by now."""
    folded = {group.id: group.merged_into for group in batch.changed_groups if group.merged_into}
    known = reads.groups.several(folded.keys()) if folded else {}
    both = {one for gone, kept in folded.items() if known[gone].merged_into is None for one in (gone, kept)}
    return any(reads.groups.incidents_of(one) for one in sorted(both))
