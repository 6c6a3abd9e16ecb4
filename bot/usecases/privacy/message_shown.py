"""What arrived in Slack may no longer be shown by the time that its arrival is recorded: then it is taken back."""

from dataclasses import dataclass

from analysis.chain import CONTENT_FIELDS
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, Shown, draft_erasure_key, erasure_key
from bot.usecases.asking import IncidentCommand
from bot.usecases.privacy.erased_copies import GONE, erasing_lane, gone_from_draft
from bot.usecases.privacy.leaving import ELSEWHERE, hidden, leaving_lane, left_channels


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShown(IncidentCommand):
    """Something of the incident arrived in `channel`: message `ts` (edited or new), or files in message `file_ts`.

    `entry` is the number of the one entry that the message is about, `draft` that of the draft that it shows.
    """

    ts: str = ""
    file_ts: str = ""
    files: tuple[str, ...] = ()
    entry: int | None = None
    draft: int | None = None


def message_shown(reads: Reads, command: MessageShown) -> Changes:
    """Empty it if the incident left its channel, or what it shows was erased, while it was on its way."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    if incident is None:
        return Changes()
    channel = command.channel or ""
    arrived = Shown(
        kind=DeliveryKind.ANNOUNCE,
        arguments={},
        channel=channel,
        ts=command.ts,
        file_ts=command.file_ts,
        files=command.files,
    )
    if _was_left(reads, incident, channel):
        return Changes(deliveries=tuple(hidden(reads, incident, [arrived], ELSEWHERE, lane=leaving_lane(channel))))
    sentence = _erased(reads, incident, command)
    if sentence is None:
        return Changes()
    return Changes(deliveries=tuple(hidden(reads, incident, [arrived], sentence, lane=erasing_lane(incident))))


def _was_left(reads: Reads, incident: Incident, channel: str) -> bool:
    if incident.channel_id == channel and incident.may_speak_in_channel:
        return False
    return channel in left_channels(reads, incident)


def _erased(reads: Reads, incident: Incident, command: MessageShown) -> str | None:
    """What to say in its place, if something that it shows was erased."""
    entry, draft = command.entry, command.draft
    if entry and any(reads.has_event(incident.id, erasure_key(entry, field)) for field in CONTENT_FIELDS):
        return GONE
    if draft and reads.has_event(incident.id, draft_erasure_key(draft)):
        return gone_from_draft(incident, draft)
    return None
