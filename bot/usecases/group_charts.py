"""The chart of a group's rate: drawn and uploaded beside its message, and replaced now and then as alerts come."""

from dataclasses import dataclass
from datetime import timedelta

from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.ports.signals import GroupChart, SignalChanges
from bot.usecases.group_messages import EDITS_LANE, group_message

#: While a group fires, its chart is drawn anew no more often; once it is quiet, at once.
CHART_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDrawn:
    """What the chart `file` of the group shows is `drawn`."""

    group: AlertGroup
    file: str
    drawn: str


def chart_of(reads: Reads, group: AlertGroup) -> tuple[NewDelivery, ...]:
    """Draw the group's chart, if it has something new to show and was not drawn just now."""
    if not group.digest.rate or group.storm_id or group.merged_into:
        return ()
    lane, known = f"{EDITS_LANE}:chart:{group.id}", reads.signals.chart(group.id)
    is_fresh = known is not None and group.firing > 0 and reads.now - known.made_at < CHART_EVERY
    if is_fresh or (known and known.drawn == group.digest.drawn) or reads.is_queued(lane):
        return ()
    arguments = {"group": str(group.id)}
    return (NewDelivery(id=reads.new_id(), kind=DeliveryKind.GROUP_CHART, lane=lane, arguments=arguments),)


def chart_drawn(reads: Reads, command: ChartDrawn) -> Changes:
    """Show it in the group's message from now on, then delete the one before it."""
    before = reads.signals.chart(command.group.id)
    chart = GroupChart(group_id=command.group.id, file=command.file, drawn=command.drawn, made_at=reads.now)
    shown = group_message(reads, command.group.id)
    gone = [_deletion(reads, before)] if before else []
    return Changes(signals=SignalChanges(chart=chart), deliveries=(shown, *gone))


def _deletion(reads: Reads, chart: GroupChart) -> NewDelivery:
    """In the lane of edits, behind the one that shows the new chart."""
    arguments = {"file": chart.file}
    return NewDelivery(id=reads.new_id(), kind=DeliveryKind.DELETE_FILE, lane=EDITS_LANE, arguments=arguments)
