"""Take two groups apart of which grouping found that they are one: what came in the later is a group again."""

from dataclasses import dataclass

from analysis.errors import Refused
from analysis.wording import counted
from bot.ports.grouping import FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking_groups import GroupCommand, feedback, find_group, not_mattered
from bot.usecases.split_group import MOST_TAKEN, came_in_by, family, put_into


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeApart(GroupCommand):
    """Of the group `group`, which was folded into another."""


def take_apart(reads: Reads, command: TakeApart) -> Changes:
    """Ask grouping to put what came in it into one new group; each series can be put back, as one that was split.

    Raises
    ------
    analysis.errors.Refused
        If it is one with no other group, or nothing of it is left there.
    """
    kept = find_group(reads, command, command.group)
    gone = reads.groups.itself(command.workspace_id, command.group)
    if gone is None or gone.merged_into is None:
        message = f"{kept.reference} was folded into no other group; `split` takes one series out of it."
        raise Refused(message)
    series = came_in_by(reads, gone.id, kept.id)
    if not series:
        message = f"Nothing that came in {gone.reference} is in {kept.reference} any more."
        raise Refused(message)
    into, groups, moved = reads.new_id(), family(reads, kept), series[:MOST_TAKEN]
    said = [one for one in reads.groups.mattered(kept.id) if one.group_id == gone.id and one.alert_id is None]
    mattered = said[0].person if said else ""
    inputs = tuple(put_into(command, one, groups, into, folded=gone.id, mattered=mattered) for one in moved)
    labels = [feedback(reads, command, kept, FeedbackKind.SPLIT, alert_id=one.alert_id) for one in moved]
    left = len(series) - len(moved)
    if not left:
        labels += not_mattered(reads, command, said, reason="taken apart: said of its own group from now on")
    more = f" {left} more are left; take it apart once more for them." if left else ""
    text = (
        f"What came in {gone.reference} leaves {kept.reference}, {counted(len(moved), 'series', 'series')}: it gets a "
        f"group of its own in a moment.{more}"
    )
    return Changes(reply=Reply(text=text), groups=GroupChanges(inputs=inputs, feedback=tuple(labels)))
