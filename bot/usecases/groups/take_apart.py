"""Take two groups apart of which grouping found that they are one: what came in the later is a group again."""

from dataclasses import dataclass

from analysis.errors import Refused
from analysis.wording import counted, joined
from bot.ports.grouping import FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.groups.asking import GroupCommand, feedback, find_group, not_mattered
from bot.usecases.groups.folded_before import folded_before
from bot.usecases.groups.split import MOST_TAKEN, MOST_TOLD, came_in_by, family, put_into


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
    said = [one for one in reads.groups.mattered(kept.id) if one.group_id == gone.id and one.alert_id is None]
    mattered = said[0].person if said else ""
    before = [(one, came_in_by(reads, one.id, kept.id)) for one in folded_before(reads, gone)]
    came_with = {each.alert_id: one.id for one, came in before for each in came}
    into, groups = reads.new_id(), family(reads, kept)
    # what came in the group itself goes last, so that the new one began when that did
    moved = sorted(series[:MOST_TAKEN], key=lambda one: one.alert_id not in came_with)
    inputs = tuple(
        put_into(command, one, groups, into, folded=came_with.get(one.alert_id, gone.id), mattered=mattered)
        for one in moved
    )
    labels = [feedback(reads, command, kept, FeedbackKind.SPLIT, alert_id=one.alert_id) for one in moved]
    left = len(series) - len(moved)
    if not left:
        labels += not_mattered(reads, command, said, reason="taken apart: said of its own group from now on")
    more = f" {left} more are left; take it apart once more for them." if left else ""
    taken = {one.alert_id for one in moved}
    stay = [f"`alerts {one.reference} apart`" for one, came in before if not taken.issuperset(i.alert_id for i in came)]
    if stay and not left:
        more = f" What was folded into {gone.reference} before stays; that leaves by {joined(stay[:MOST_TOLD])}."
    text = (
        f"What came in {gone.reference} leaves {kept.reference}, {counted(len(moved), 'series', 'series')}: it gets a "
        f"group of its own in a moment.{more}"
    )
    return Changes(reply=Reply(text=text), groups=GroupChanges(inputs=inputs, feedback=tuple(labels)))
