"""What arrived in Slack may no longer be shown by the time that its arrival is recorded: then it is taken back."""

from dataclasses import dataclass
from uuid import UUID

from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, Shown
from bot.usecases.asking import IncidentCommand
from bot.usecases.erased_copies import GONE, erasing_lane, gone_from_draft
from bot.usecases.leaving import ELSEWHERE, hidden, leaving_lane, left_channels


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShown(IncidentCommand):
    """Something of the incident arrived in `channel`: message `ts` (edited or new) or files.

    `event` is the natural key of the one event that the message is about, `revision` the draft that it shows.
    """

    ts: str = ""
    files: tuple[str, ...] = ()
    event: str = ""
    revision: UUID | None = None


def message_shown(reads: Reads, command: MessageShown) -> Changes:
    """Empty it if the incident left its channel, or what it shows was erased, while it was on its way."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    if incident is None:
        return Changes()
    channel = command.channel or ""
    shown = [Shown(kind=DeliveryKind.ANNOUNCE, arguments={}, channel=channel, ts=command.ts, files=command.files)]
    if _was_left(reads, incident, channel):
        return Changes(deliveries=tuple(hidden(reads, incident, shown, ELSEWHERE, lane=leaving_lane(channel))))
    sentence = _erased(reads, incident, command)
    if sentence is None:
        return Changes()
    return Changes(deliveries=tuple(hidden(reads, incident, shown, sentence, lane=erasing_lane(incident))))


def _was_left(reads: Reads, incident: Incident, channel: str) -> bool:
    if incident.channel_id == channel and incident.may_speak_in_channel:
        return False
    return channel in left_channels(reads.events(incident.id))


def _erased(reads: Reads, incident: Incident, command: MessageShown) -> str | None:
    """What to say in its place, if something that it shows was erased."""
    if command.event:
        events = reads.events(incident.id)
        is_erased = any(event.erased for event in events if event.natural_key == command.event)
        return GONE if is_erased else None
    if command.revision is None:
        return None
    revisions = reads.revisions(incident.id)
    erased = (one for one in revisions if one.id == command.revision and one.is_erased)
    return next((gone_from_draft(incident, one) for one in erased), None)
