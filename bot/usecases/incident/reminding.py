"""Posts about what waits for somebody, or is not as it seems: rendered when they are sent, so they hold no content.

What must be told once has an event of its own, in the transaction that queues the post: a restart changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident, Role, Status, Visibility
from analysis.operator_notes import unsigned_draft
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, RevisionHead
from bot.usecases.asking import IncidentCommand, Wanted, card, record, tell
from bot.usecases.postmortem.approving import OFFER, current_head, standing_approval
from bot.usecases.tell_operator import operator_note


class About(StrEnum):
    """What a post is about."""

    DUPLICATES = "duplicates"  #: other incidents turned out to be this one
    DRAFT = "draft"  #: nobody has approved a draft; arguments: revision
    COMMANDER = "commander"  #: the incident commander's account in Slack is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfDraft(IncidentCommand):
    """Nobody has approved `revision`, of which that was to be said."""

    revision: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCommanderGone(IncidentCommand):
    """Slack has closed the account of `holder`, who is the incident commander."""

    holder: str


def remind_of_draft(reads: Reads, command: RemindOfDraft) -> Changes:
    """Say it once for each draft; where the incident's channel is closed, to the operator unless it is private."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    waiting = untold_draft(reads, incident) if incident else None
    if incident is None or waiting is None or waiting[0].id != command.revision:
        return Changes()
    revision, since = waiting
    if incident.has_open_channel:
        told = [remind(reads, incident, About.DRAFT, revision=str(revision.id))]
    elif incident.visibility is Visibility.PUBLIC:
        told = [operator_note(reads, unsigned_draft(revision.number, incident.number, since))]
    else:
        told = []
    return record(reads, command, incident, [_reminded(About.DRAFT, revision.id)], reply="", deliveries=told)


def untold_draft(reads: Reads, incident: Incident) -> tuple[RevisionHead, datetime] | None:
    """The same, unless somebody was reminded of it."""
    waiting = unsigned(reads, incident)
    return None if waiting is None or reads.has_event(incident.id, _fact(About.DRAFT, waiting[0].id)) else waiting


def unsigned(reads: Reads, incident: Incident) -> tuple[RevisionHead, datetime] | None:
    """The draft in review that nobody has approved, with when it arrived in Slack."""
    revision = current_head(reads, incident) if incident.status is Status.IN_REVIEW else None
    if revision is None:
        return None
    arrived = next((one.published_at for one in reads.publications(revision.id) if one.target == OFFER), None)
    return (revision, arrived) if arrived and not standing_approval(reads, revision) else None


def tell_commander_gone(reads: Reads, command: TellCommanderGone) -> Changes:
    """Say it once for each time that they were given the role."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    given = untold_commander(reads, incident, lambda holder: holder == command.holder) if incident else None
    if incident is None or given is None:
        return Changes()
    told = [card(reads, incident), remind(reads, incident, About.COMMANDER, must_be_noticed=True)]
    return record(reads, command, incident, [_reminded(About.COMMANDER, given.id)], reply="", deliveries=told)


def untold_commander(reads: Reads, incident: Incident, is_gone: Callable[[str], bool]) -> TimelineEvent | None:
    """The event that gave the role to a commander who *is_gone*, unless that was told or nobody can be."""
    commander = incident.commander
    if commander is None or not is_gone(commander) or not incident.has_open_channel:
        return None
    given = [
        event
        for event in reads.events_of_kind(incident.id, {EventKind.ROLE_ASSIGNED})
        if event.payload.get("role") == Role.INCIDENT_COMMANDER
    ]
    is_told = not given or reads.has_event(incident.id, _fact(About.COMMANDER, given[-1].id))
    return None if is_told else given[-1]


def tell_of_duplicate(reads: Reads, original: Incident, duplicate: Incident) -> tuple[NewDelivery, ...]:
    """Say in the channel of *original* which incidents turned out to be it; not of a private one."""
    if duplicate.visibility is Visibility.PRIVATE or not original.has_open_channel:
        return ()
    return (remind(reads, original, About.DUPLICATES),)


def remind(
    reads: Reads, incident: Incident, about: About, *, must_be_noticed: bool = False, revision: str = ""
) -> NewDelivery:
    """The post; one that waits is replaced by the next of its kind, which says what that one would have."""
    return tell(
        reads,
        incident,
        DeliveryKind.REMINDER,
        coalesce=f"reminder:{about}",
        is_post=True,
        must_be_noticed=must_be_noticed,
        about=about.value,
        revision=revision,
    )


def _reminded(about: About, what: UUID) -> Wanted:
    return Wanted(kind=EventKind.REMINDED, payload={"about": about.value}, fact=_fact(about, what))


def _fact(about: About, what: UUID) -> str:
    return f"reminded:{about}:{what}"
