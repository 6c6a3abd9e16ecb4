"""What every use case about a group of alerts shares: find it, say what it is, label it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from analysis.alerts.digest import listed
from analysis.chain import stamp
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from analysis.masking import mask
from analysis.people import Action, require
from analysis.wording import counted, instant, joined
from bot.ports.grouping import AlertGroup, Attachment, Feedback, FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.usecases.asking import Command, Wanted

_MOST_LOOKED_AT = 20
_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCommand(Command):
    """A command on the group that people call G-`group`."""

    group: int


def find_group(reads: Reads, command: Command, number: int, action: Action = Action.RECORD) -> AlertGroup:
    """The group with *number*, once the person may do *action*; one that is merged stands for what it is one with.

    Raises
    ------
    analysis.errors.NotFound
        If there is none.
    """
    require(command.person, action)
    group = reads.groups.by_number(command.workspace_id, number)
    if group is None:
        message = f"There is no group G-{number}. `/incident alerts` lists those of now."
        raise NotFound(message)
    return group


def group_words(group: AlertGroup) -> str:
    """The group in words: rules, places, how many alerts since when."""
    rules, _ = listed(group.digest.rules, _NAMES)
    places, _ = listed(group.digest.places, _NAMES)
    where = f" at {joined(list(places))}" if places else ""
    return f"{joined(list(rules))}{where}, {counted(group.alerts, 'alert')} since {instant(group.opened_at)}"


def group_title(group: AlertGroup) -> str:
    """A title for an incident about the group."""
    rules, _ = listed(group.digest.rules, 1)
    places, _ = listed(group.digest.places, 2)
    where = f" at {joined(list(places))}" if places else ""
    return mask(f"{''.join(rules)}{where}"[:150]).text


def attachment_event(kind: EventKind, group: AlertGroup) -> Wanted:
    """The fact that a group was attached or detached, as the timeline tells it."""
    rules, _ = listed(group.digest.rules, 1)
    payload = {
        "group": group.reference,
        "rule": "".join(rules),
        "alerts": group.alerts,
        "since": stamp(group.opened_at),
    }
    did = "attached" if kind is EventKind.ALERT_GROUP_ATTACHED else "detached"
    text = f"Alerts {group.reference} {did}: {group_words(group)}"
    return Wanted(kind=kind, text=text, payload=payload, key=f"{kind}:{group.id}")


def attachment(
    reads: Reads, command: Command, group: AlertGroup, incident: Incident, label: FeedbackKind
) -> GroupChanges:
    """What is written where a group is attached to an incident, or detached from it for the reason *label*."""
    is_attached = label is FeedbackKind.ATTACHED
    one = Attachment(group_id=group.id, incident_id=incident.id, is_attached=is_attached, changed_at=reads.now)
    return GroupChanges(attachments=(one,), feedback=(feedback(reads, command, group, label, incident_id=incident.id),))


def feedback(
    reads: Reads,
    command: Command,
    group: AlertGroup,
    kind: FeedbackKind,
    *,
    alert_id: UUID | None = None,
    incident_id: UUID | None = None,
    reason: str = "",
    until: datetime | None = None,
) -> Feedback:
    """A label by the person who asks, masked."""
    return Feedback(
        id=reads.new_id(),
        workspace_id=command.workspace_id,
        kind=kind,
        at=reads.now,
        group_id=group.id,
        person=command.person.id,
        alert_id=alert_id,
        incident_id=incident_id,
        reason=mask(reason).text,
        until=until,
    )


def suggested_incidents(reads: Reads, group: AlertGroup) -> Sequence[Incident]:
    """The open public incidents that have alerts of the same place, or that name it in their title."""
    places = {name.lower() for name in group.digest.places}
    found = []
    for incident in reads.incidents(group.workspace_id, limit=_MOST_LOOKED_AT) if places else ():
        if incident.visibility is not Visibility.PUBLIC:
            continue
        words = set(incident.title.lower().replace(",", " ").split())
        theirs = {name.lower() for one in reads.groups.attached_to(incident.id) for name in one.digest.places}
        if places & (words | theirs):
            found.append(incident)
    return found
