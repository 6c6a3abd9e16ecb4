"""Say that two groups of alerts are one: the later is folded into the earlier, as where grouping finds that out."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from analysis.errors import Refused
from analysis.incident import Visibility
from analysis.people import can_see
from bot.ports.grouping import AlertGroup, Feedback, FeedbackKind, GroupChanges, InputKind, NewInput
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.groups.asking import GroupCommand, feedback, find_group
from bot.usecases.groups.split import MOST_TAKEN
from bot.usecases.pressed import gone as is_gone

#: What was quiet for longer is offered to nobody.
NEAR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOne(GroupCommand):
    """The group `group` is one with G-`other`, which has the id `other_id` where a button names it."""

    other: int
    other_id: UUID | None = None


def make_one(reads: Reads, command: MakeOne) -> Changes:
    """Ask grouping to fold one into the other; *Take apart* takes that back.

    What belongs to an incident stays in its own group. Whoever may not see that incident is answered as always, and
    grouping does not fold it. Whoever asks again reads that, whatever became of it, and grouping tries it again.
    """
    group, other = (find_group(reads, command, number) for number in (command.group, command.other))
    if command.other_id is not None and _id_of(reads, command) != command.other_id:
        raise is_gone(f"G-{command.other}", "alerts")
    if group.id == other.id:
        message = f"G-{command.group} and G-{command.other} are one already."
        raise Refused(message)
    kept, gone = sorted((group, other), key=lambda one: one.number)
    for one, third in ((kept, gone), (gone, kept)):
        for incident in reads.groups.incidents_of(one.id):
            if can_see(command.person, incident):
                does = (
                    f"attach {third.reference} to it, too" if incident.status.is_active else "nothing new goes into it"
                )
                message = f"{one.reference} belongs to {incident.reference} and stays there: {does}."
                raise Refused(message)
    told = NewInput(
        workspace_id=command.workspace_id,
        kind=InputKind.ONE,
        natural_key=f"one:{command.natural_key}",
        content={"kept": str(kept.id), "gone": str(gone.id)},
    )
    labels = _labels(reads, command, kept, gone)
    is_known = reads.learning.known_labels(command.workspace_id, (labels[0].natural_key,))
    text = _again(kept, gone) if is_known else _noted(kept, gone)
    return Changes(reply=Reply(text=text), groups=GroupChanges(inputs=(told,), feedback=labels))


def _noted(kept: AlertGroup, gone: AlertGroup) -> str:
    return (
        f"Noted: {gone.reference} and {kept.reference} are one. It is folded into {kept.reference} in a moment, unless "
        f"an incident has one of them; `alerts {gone.reference} apart` undoes that."
    )


def _again(kept: AlertGroup, gone: AlertGroup) -> str:
    return (
        f"It was asked already that {gone.reference} and {kept.reference} are one: {gone.reference} is folded into "
        f"{kept.reference}, unless an incident has one of them."
    )


def _labels(reads: Reads, command: MakeOne, kept: AlertGroup, gone: AlertGroup) -> tuple[Feedback, ...]:
    """That the groups are one, and which series people had moved into *gone*, for whoever takes them apart again.

    Each is kept once, however often people ask for the same.
    """
    key = f"merged:{kept.id}:{gone.id}"
    came = reads.groups.came_in(gone.id)
    moved = [one.alert_id for one in reads.groups.series_of(gone.id, MOST_TAKEN) if one.alert_id not in came]
    of_group = replace(feedback(reads, command, gone, FeedbackKind.MERGED), natural_key=key)
    of_series = (replace(of_group, id=reads.new_id(), alert_id=one, natural_key=f"{key}:{one}") for one in moved)
    return of_group, *of_series


def near_group(reads: Reads, group: AlertGroup) -> AlertGroup | None:
    """The group that grouping suggested for *group*, while both are of now and everybody sees them in no incident."""
    if group.merged_into or not group.series or group.digest.is_apart:
        return None
    suggested = reads.groups.suggested_for(group.id)
    near = reads.groups.group(suggested) if suggested else None
    near = reads.groups.group(near.merged_into) if near and near.merged_into else near
    if near is None or near.id == group.id or not near.series or near.is_closed or group.is_closed:
        return None
    is_of_now = near.firing or (near.quiet_at or near.last_at) > reads.now - NEAR
    incidents = [each for one in (group, near) for each in reads.groups.incidents_of(one.id)]
    return near if is_of_now and not any(one.visibility is Visibility.PUBLIC for one in incidents) else None


def _id_of(reads: Reads, command: MakeOne) -> UUID | None:
    other = reads.groups.itself(command.workspace_id, command.other)
    return other.id if other else None
