"""Record what was found about an open incident: attach what is sure enough, suggest what may be a part of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.alerts.attaching import Fit
from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from analysis.signals import Verdict, why
from bot.ports.grouping import AlertGroup, Attachment, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery
from bot.ports.signals import FoundSignal, SignalChanges
from bot.usecases.asking import Command, Wanted, card, record
from bot.usecases.groups.asking import Belonging, attachment_event
from bot.usecases.groups.messages import edit_of
from bot.usecases.signals.messages import signals_message


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSignals(Command):
    """What was `found` about the incident."""

    incident_id: UUID
    found: tuple[FoundSignal, ...]


def record_signals(reads: Reads, command: RecordSignals) -> Changes:
    """Write it with the lines and messages that follow; nothing where the incident has ended meanwhile."""
    incident = reads.incident(command.incident_id)
    if incident is None or not incident.status.is_active:
        return Changes()
    found = _still_so(reads, incident, command.found)
    if not found:
        return Changes()  # a message edited for nothing would have all of it looked at again
    attached = {group.id for group in reads.groups.attached_to(incident.id)}
    new = [(one, group) for one, group in found if one.fit is Fit.ATTACH and group.id not in attached]
    shown = {one.subject for one in reads.signals.of_incident(incident.id) if one.fit is not Fit.NONE}
    offered = [group for one, group in found if one.fit is not Fit.NONE and group.id not in attached]
    touched = [
        group for one, group in found if (one.fit is not Fit.NONE or one.subject in shown) and group.id not in attached
    ]
    changes = record(
        reads,
        command,
        incident,
        [_event(incident, one, group) for one, group in new],
        reply="",
        deliveries=[
            *([card(reads, incident)] if touched else []),
            *signals_message(reads, incident, may_post=bool(offered)),
            *_edits(reads, incident, touched),
        ],
    )
    attachments = tuple(
        Attachment(group_id=group.id, incident_id=incident.id, is_attached=True, changed_at=reads.now)
        for _, group in new
    )
    return replace(
        changes,
        groups=GroupChanges(attachments=attachments) if attachments else None,
        signals=SignalChanges(found=tuple(one for one, _ in found)),
    )


def _still_so(reads: Reads, incident: Incident, found: Sequence[FoundSignal]) -> list[tuple[FoundSignal, AlertGroup]]:
    """What is still to be said, with its group: a person may have decided meanwhile, or the group may be gone.

    What a person took off stays off, whatever else was said of it, and what belongs to another incident is not taken
    from it: it may be suggested.
    """
    verdicts, taken_off = reads.signals.verdicts(incident.id), reads.signals.taken_off(incident.id)
    own = {group.id for group in reads.groups.attached_to(incident.id)}
    groups = reads.groups.several({one.group_id for one in found if one.group_id})
    belonging = Belonging(reads, groups.values())
    kept = []
    for one in found:
        group = groups.get(one.group_id) if one.group_id else None
        if group is None or group.merged_into or (group.id not in own and belonging.is_settled(group, incident)):
            continue
        if verdicts.get(group.id) is not Verdict.NOT_RELATED:
            is_new = one.fit is Fit.ATTACH and group.id not in own
            is_taken = is_new and (group.id in taken_off or belonging.is_elsewhere(group, incident))
            kept.append((replace(one, fit=Fit.SUGGEST) if is_taken else one, group))
    return kept


def _event(incident: Incident, found: FoundSignal, group: AlertGroup) -> Wanted:
    """The line that says what was attached, and why; once in a phase, because whoever detaches it has the last word."""
    wanted = attachment_event(EventKind.ALERT_GROUP_ATTACHED, group)
    because = why(found.reasons)
    return replace(
        wanted,
        text=f"{wanted.text}. Debrief attached it, because: {because}",
        payload={**(wanted.payload or {}), "because": because, "logit": f"{found.logit:.3f}"},
        fact=f"signals:{incident.id}:{incident.phase}:{group.id}",
    )


def _edits(reads: Reads, incident: Incident, groups: Sequence[AlertGroup]) -> list[NewDelivery]:
    """The groups' own messages say which public incident they belong to or may belong to."""
    if incident.visibility is not Visibility.PUBLIC:
        return []
    return [delivery for group in groups for delivery in edit_of(reads, group)]
