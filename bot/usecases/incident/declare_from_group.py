"""Declare an incident for a group of alerts, which is attached to it from the start."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.events import EventKind
from analysis.incident import Incident
from analysis.people import can_see
from bot.ports.grouping import FeedbackKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import state, with_reply
from bot.usecases.groups.asking import attachment, attachment_event, find_group
from bot.usecases.groups.messages import edit_of
from bot.usecases.incident.declare import Declare, declare


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareFromGroup(Declare):
    """Open an incident with the group that people call G-`group`."""

    group: int


def declare_from_group(reads: Reads, command: DeclareFromGroup) -> Changes:
    """Open the incident and attach the group in one transaction."""
    group = find_group(reads, command, command.group)
    changes = declare(reads, command)
    incident = changes.incident
    if incident is None:
        message = "a declaration without an incident"
        raise ValueError(message)
    others = [
        one for one in reads.groups.incidents_of(group.id) if one.status.is_active and can_see(command.person, one)
    ]
    attached = state(reads, command, attachment_event(EventKind.ALERT_GROUP_ATTACHED, group))
    return with_reply(
        replace(
            changes,
            events=(*changes.events, attached),
            deliveries=(*changes.deliveries, *edit_of(reads, group)),
            groups=attachment(reads, command, group, incident, FeedbackKind.ATTACHED),
        ),
        text=f"{changes.reply.text}\n{group.reference} is attached to it{_too(others)}.",
    )


def _too(others: Sequence[Incident]) -> str:
    """The open incidents that have the group as well, for the one who declared: somebody else may have been faster."""
    if not others:
        return ""
    named = ", ".join(f"{one.reference} “{one.shown_title}”" for one in others)
    return f", as it is to {named}. If it is the same, say `/incident duplicate of {others[-1].number}` in its channel"
