"""Say that a group of alerts has nothing to do with what it is attached to."""

from dataclasses import dataclass

from analysis.errors import Refused
from analysis.incident import Visibility
from analysis.people import Action, can_see
from bot.ports.grouping import FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.groups.asking import GroupCommand, feedback, find_group, suggested_incidents
from bot.usecases.groups.detach import detach_as_unrelated
from bot.usecases.signals.judge import judged


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRelated(GroupCommand):
    """Not to the incident that it is attached to, else not to those that were suggested."""


def not_related(reads: Reads, command: NotRelated) -> Changes:
    """Take it off what its message names: the incident that it is attached to, else those that are suggested.

    Of several one that is open is meant, of these the newest. Only where everybody's message names none, a private
    incident is meant that the person may see.
    """
    group = find_group(reads, command, command.group, Action.RECORD)
    seen = [one for one in reads.groups.incidents_of(group.id) if can_see(command.person, one)]
    attached = sorted(seen, key=lambda one: (one.status.is_active, one.number))
    public = [one for one in attached if one.visibility is Visibility.PUBLIC]
    if public:
        return detach_as_unrelated(reads, command, public[-1].number, group.number)
    suggested = suggested_incidents(reads, group)
    if not suggested and attached:
        return detach_as_unrelated(reads, command, attached[-1].number, group.number)
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
