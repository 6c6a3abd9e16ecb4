"""The chart of a group's rate: drawn and uploaded beside its message, and replaced now and then as alerts come."""

from dataclasses import dataclass
from datetime import timedelta

from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.ports.signals import GroupChart, SignalChanges
from bot.usecases.groups.messages import EDITS_LANE, group_message

#: A group's chart is drawn anew no more often: its lane rests for so long, and then draws what has come meanwhile.
CHART_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDrawn:
    """What the chart `file` of the group shows is `drawn`."""

    group: AlertGroup
    file: str
    drawn: str


def chart_of(reads: Reads, group: AlertGroup) -> tuple[NewDelivery, ...]:
    """Draw the group's chart, if it has something new to show and is not about to be drawn."""
    known = reads.signals.chart(group.id)
    return _drawing(reads, group, known.drawn if known else "")


def chart_drawn(reads: Reads, command: ChartDrawn) -> Changes:
    """Show it in the group's message from now on, delete the one before it, and draw what came during the upload."""
    before = reads.signals.chart(command.group.id)
    chart = GroupChart(group_id=command.group.id, file=command.file, drawn=command.drawn, made_at=reads.now)
    shown = group_message(reads, command.group.id)
    gone = [_deletion(reads, before)] if before else []
    now = reads.groups.group(command.group.id)
    anew = _drawing(reads, now, command.drawn) if now else ()
    return Changes(signals=SignalChanges(chart=chart), deliveries=(shown, *gone, *anew))


def _drawing(reads: Reads, group: AlertGroup, drawn: str) -> tuple[NewDelivery, ...]:
    lane, digest = f"{EDITS_LANE}:chart:{group.id}", group.digest
    if not digest.rate or not group.announced_at or group.merged_into or digest.drawn == drawn or reads.is_queued(lane):
        return ()
    arguments = {"group": str(group.id)}
    return (NewDelivery(id=reads.new_id(), kind=DeliveryKind.GROUP_CHART, lane=lane, arguments=arguments),)


def _deletion(reads: Reads, chart: GroupChart) -> NewDelivery:
    """In the lane of edits, behind the one that shows the new chart."""
    arguments = {"file": chart.file}
    return NewDelivery(id=reads.new_id(), kind=DeliveryKind.DELETE_FILE, lane=EDITS_LANE, arguments=arguments)
