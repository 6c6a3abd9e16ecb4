"""Slack messages on the timeline: marks, versions, deletions, in whatever order Slack delivers them.

Only messages that somebody marks are stored. An edit or deletion of a message that nobody has marked yet is held
for a few minutes, because Slack may deliver the mark late; then it is forgotten.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident
from analysis.people import Action, may
from analysis.timeline import marked_messages, message_key
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, HeldMessage, NewDelivery
from bot.usecases.asking import IncidentCommand, Wanted, card, record, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of a message; `since` is Slack's edit time, the message's own for its first text."""

    text: str
    since: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkMessage(IncidentCommand):
    """A person marked a message with `emoji` (`shortcut` for the message menu) at Slack's instant `at`.

    `version` is the message's text where the mark brought it along; otherwise it is fetched after the answer.
    """

    ts: str
    emoji: str
    at: str
    is_on: bool = True
    version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMessage(IncidentCommand):
    """Slack says that a message was edited to `after`, or deleted (`None`); `before` is what it was."""

    ts: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureMessage(IncidentCommand):
    """What Slack gave for exactly this message: its present text, or nothing."""

    ts: str
    version: Version | None


def mark_message(reads: Reads, command: MarkMessage) -> Changes:
    """Record a mark or its removal; the first mark makes the message a fact."""
    incident = _watched(reads, command)
    if incident is None or not may(command.person, Action.RECORD, incident):
        return Changes()
    wanted = [_mark(command)]
    if command.version:
        wanted.append(_version(command, command.version))
    held = reads.held_messages(command.channel or "", command.ts) if command.is_on else ()
    for message in held:
        wanted += _held_events(command, message)
    deliveries = [card(reads, incident)]
    if command.is_on and len(wanted) == 1 and not _has_text(reads, incident, command):
        deliveries.append(_fetch(reads, incident, command))
    reply = f"Added to the timeline of {incident.reference}." if command.is_on else ""
    return record(reads, command, incident, wanted, reply=reply, deliveries=deliveries)


def change_message(reads: Reads, command: ChangeMessage) -> Changes:
    """Record a new version or the deletion of a marked message; hold it for a while if nobody marked it."""
    incident = _watched(reads, command)
    if incident is None:
        return Changes()
    if (command.channel, command.ts) not in marked_messages(reads.events(incident.id)):
        return Changes(held=(_held(command),))
    wanted = _change_events(command, command.before, command.after)
    return record(reads, command, incident, wanted, reply="", deliveries=[card(reads, incident)])


def capture_message(reads: Reads, command: CaptureMessage) -> Changes:
    """Record the text that a mark was waiting for, or tell who marked it that it could not be read."""
    incident = _watched(reads, command)
    if incident is None:
        return Changes()
    if command.version:
        wanted = [_version(command, command.version)]
        return record(reads, command, incident, wanted, reply="", deliveries=[card(reads, incident)])
    if _has_text(reads, incident, command):
        return Changes()
    sentence = (
        "I could not read that exact message, so its text is not on the timeline. Write it down with `/incident note`."
    )
    people = _markers(reads.events(incident.id), command)
    return Changes(
        deliveries=tuple(
            tell(reads, incident, DeliveryKind.TELL_PERSON, person=person, channel=command.channel, sentence=sentence)
            for person in people
        )
    )


def message_instant(ts: str) -> datetime:
    """The instant that a Slack timestamp such as `1571000000.000200` names, exactly."""
    whole, _, fraction = ts.partition(".")
    return datetime.fromtimestamp(int(whole), UTC) + timedelta(microseconds=int(fraction.ljust(6, "0")[:6]))


def _watched(reads: Reads, command: IncidentCommand) -> Incident | None:
    return reads.incident_by_channel(command.channel) if command.channel else None


def _has_text(reads: Reads, incident: Incident, command: MarkMessage | CaptureMessage) -> bool:
    where = (command.channel, command.ts)
    return any(
        event.kind is EventKind.MESSAGE and (event.payload["channel"], event.payload["ts"]) == where
        for event in reads.events(incident.id)
    )


def _fact(command: MarkMessage | ChangeMessage | CaptureMessage) -> str:
    return message_key(command.channel or "", command.ts)


def _mark(command: MarkMessage) -> Wanted:
    who = hashlib.sha256(f"{command.person.id}\x00{command.emoji}".encode()).hexdigest()[:16]
    kind = EventKind.MESSAGE_MARKED if command.is_on else EventKind.MESSAGE_UNMARKED
    payload = {"channel": command.channel, "ts": command.ts, "emoji": command.emoji, "at": command.at}
    return Wanted(
        kind=kind,
        payload=payload,
        occurred_at=message_instant(command.at),
        fact=f"{_fact(command)}:{kind}:{who}:{command.at}",
    )


def _version(command: MarkMessage | ChangeMessage | CaptureMessage, version: Version) -> Wanted:
    return Wanted(
        kind=EventKind.MESSAGE,
        text=version.text,
        payload={"channel": command.channel, "ts": command.ts, "version": version.since},
        occurred_at=message_instant(command.ts),
        fact=f"{_fact(command)}:{version.since}",
        actor=version.author,
    )


def _change_events(command: MarkMessage | ChangeMessage, before: Version | None, after: Version | None) -> list[Wanted]:
    wanted = [_version(command, version) for version in (before, after) if version]
    if after is None:
        payload = {"channel": command.channel, "ts": command.ts}
        wanted.append(Wanted(kind=EventKind.MESSAGE_DELETED, payload=payload, fact=f"{_fact(command)}:deleted"))
    return wanted


def _held(command: ChangeMessage) -> HeldMessage:
    def body(version: Version | None) -> dict[str, str] | None:
        return {"text": version.text, "since": version.since, "author": version.author} if version else None

    return HeldMessage(
        channel=command.channel or "",
        ts=command.ts,
        body={"before": body(command.before), "after": body(command.after)},
    )


def _held_events(command: MarkMessage, held: HeldMessage) -> list[Wanted]:
    def version(body: dict[str, Any] | None) -> Version | None:
        return Version(**body) if body else None

    return _change_events(command, version(held.body["before"]), version(held.body["after"]))


def _fetch(reads: Reads, incident: Incident, command: MarkMessage) -> NewDelivery:
    return tell(
        reads,
        incident,
        DeliveryKind.FETCH_MESSAGE,
        lane=f"read:{command.channel}",
        coalesce=f"{command.channel}:{command.ts}",
        channel=command.channel,
        ts=command.ts,
    )


def _markers(events: tuple[TimelineEvent, ...], command: CaptureMessage) -> list[str]:
    where = (command.channel, command.ts)
    return sorted(
        {
            event.actor
            for event in events
            if event.kind is EventKind.MESSAGE_MARKED and (event.payload["channel"], event.payload["ts"]) == where
        }
    )
