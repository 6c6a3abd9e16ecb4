"""Say that a group of alerts has nothing to do with what it is attached to."""

from dataclasses import dataclass

from analysis.errors import Refused
from analysis.incident import Visibility
from analysis.people import Action, can_see
from bot.ports.grouping import FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking_groups import GroupCommand, feedback, find_group, suggested_incidents
from bot.usecases.detach_group import DetachGroup, detach_group
from bot.usecases.judge_signal import judged


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRelated(GroupCommand):
    """Not to the incident that it is attached to, else not to those that were suggested."""


def not_related(reads: Reads, command: NotRelated) -> Changes:
    """Detach it from the newest incident that the person may see; where there is none, decline the suggestion.

    A public one comes first: it is what the message beside the button names.
    """
    group = find_group(reads, command, command.group, Action.RECORD)
    attached = [one for one in reads.groups.incidents_of(group.id) if can_see(command.person, one)]
    attached.sort(key=lambda one: one.visibility is Visibility.PUBLIC)
    if attached:
        detach = DetachGroup(
            person=command.person,
            workspace_id=command.workspace_id,
            natural_key=command.natural_key,
            source=command.source,
            asked_at=command.asked_at,
            number=attached[-1].number,
            group=group.number,
            label=FeedbackKind.NOT_RELATED,
        )
        return detach_group(reads, detach)
    suggested = suggested_incidents(reads, group)
    if not suggested:
        message = f"{group.reference} is attached to no incident, and none is suggested for it."
        raise Refused(message)
    labels = [
        feedback(reads, command, group, FeedbackKind.NOT_RELATED, incident_id=one.incident.id) for one in suggested
    ]
    named = ", ".join(one.incident.reference for one in suggested)
    reply = Reply(text=f"Noted: {group.reference} has nothing to do with {named}.")
    shown = [delivery for one in suggested for delivery in judged(reads, one.incident, group)]
    return Changes(reply=reply, groups=GroupChanges(feedback=tuple(labels)), deliveries=tuple(shown))
