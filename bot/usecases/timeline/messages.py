"""Slack messages on the timeline: marks, versions, deletions, in whatever order Slack delivers them.

Only messages that somebody marks are stored. An edit or deletion of a message that nobody has marked yet is held
for a few minutes, because Slack may deliver the mark late; then it is forgotten.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident
from analysis.masking import masked
from analysis.mentions import is_same_but_for_names
from analysis.people import Action, Person, may
from analysis.timeline import message_key
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, HeldMessage, NewDelivery
from bot.usecases.asking import IncidentCommand, Wanted, card, record, tell, tell_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of a message; `since` is Slack's edit time, the message's own for its first text.

    Slack's edit times are whole seconds: `change` is the edit's own instant, where it was the edit that told the text.
    `unnamed` is the text with ids in the place of people's names, which change.
    """

    text: str
    since: str
    author: str
    change: str = ""
    unnamed: str = ""


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
    """Slack says, at its instant `at`, that a message was edited to `after`, or deleted (`None`)."""

    ts: str
    at: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureMessage(IncidentCommand):
    """What Slack gave for exactly this message: its present text, or nothing."""

    ts: str
    version: Version | None


_OnMessage = MarkMessage | ChangeMessage | CaptureMessage
C = TypeVar("C", MarkMessage, ChangeMessage, CaptureMessage)


def mark_message(reads: Reads, command: MarkMessage) -> Changes:
    """Record a mark or its removal; the first mark makes the message a fact."""
    incident = _watched(reads, command)
    if incident is None or not may(command.person, Action.RECORD, incident):
        return Changes()
    asked = command
    command, about = _as_recorded(reads, incident, command)
    texts = [command.version] if command.version else []
    wanted = [_mark(command)]
    for held in reads.held_messages(command.channel or "", command.ts) if command.is_on else ():
        change = _held_change(command, held)
        texts += _texts_of(change)
        wanted += _deletion(change)
    recorded = _texts_in(about)
    wanted += _new_texts(command, recorded, texts)
    deliveries = [card(reads, incident)]
    if command.is_on and not recorded and not texts:
        deliveries.append(_fetch(reads, incident, asked))
    reply = f"Added to the timeline of {incident.reference}." if command.is_on else ""
    return record(reads, command, incident, wanted, reply=reply, deliveries=deliveries)


def change_message(reads: Reads, command: ChangeMessage) -> Changes:
    """Record a new version or the deletion of a marked message; hold it for a while if nobody marked it."""
    incident = _watched(reads, command)
    if incident is None:
        return Changes()
    command, about = _as_recorded(reads, incident, command)
    if not about:
        return Changes(held=(_held(command),))
    recorded = _texts_in(about)
    wanted = [*_new_texts(command, recorded, _texts_of(command)), *_deletion(command)]
    return record(reads, command, incident, wanted, reply="", deliveries=[card(reads, incident)])


def capture_message(reads: Reads, command: CaptureMessage) -> Changes:
    """Record the text that a mark was waiting for, or tell who marked it that it could not be read."""
    incident = _watched(reads, command)
    if incident is None:
        return Changes()
    command, about = _as_recorded(reads, incident, command)
    recorded = _texts_in(about)
    if command.version:
        wanted = _new_texts(command, recorded, [command.version])
        return record(reads, command, incident, wanted, reply="", deliveries=[card(reads, incident)])
    if recorded:
        return Changes()
    sentence = (
        "I could not read that exact message, or it has no text, so its text is not on the timeline. "
        "Write it down with `/incident note`."
    )
    return Changes(
        deliveries=tuple(tell_person(reads, incident, person, command.channel, sentence) for person in _markers(about))
    )


def message_instant(ts: str) -> datetime:
    """The instant that a Slack timestamp such as `1571000000.000200` names, exactly."""
    whole, _, fraction = ts.partition(".")
    return datetime.fromtimestamp(int(whole), UTC) + timedelta(microseconds=int(fraction.ljust(6, "0")[:6]))


def _watched(reads: Reads, command: IncidentCommand) -> Incident | None:
    if command.number is not None:
        # A text that was being read when the incident left the message's channel.
        return reads.incident_by_number(command.workspace_id, command.number)
    return reads.incident_by_channel(command.channel) if command.channel else None


def _as_recorded(reads: Reads, incident: Incident, command: C) -> tuple[C, tuple[TimelineEvent, ...]]:
    """*command* with the message's texts, marks and deletions that the ledger has: none before somebody marks it.

    A message of before Slack gave its channel another identifier stays what it is called on record.
    """
    about = reads.events_about(incident.id, _fact(command))
    if about:
        return command, about
    for was in reads.channel_moves(incident.id).earlier(command.channel or ""):
        earlier = replace(command, channel=was)
        if about := reads.events_about(incident.id, _fact(earlier)):
            return earlier, about
    return command, ()


def _texts_in(about: Sequence[TimelineEvent]) -> dict[str, TimelineEvent]:
    """The message's texts, by natural key."""
    return {event.natural_key: event for event in about if event.kind is EventKind.MESSAGE}


def _fact(command: _OnMessage) -> str:
    return message_key(command.channel or "", command.ts)


def _mark(command: MarkMessage) -> Wanted:
    who = hashlib.sha256(f"{command.person.id}\x00{command.emoji}".encode()).hexdigest()[:16]
    kind = EventKind.MESSAGE_MARKED if command.is_on else EventKind.MESSAGE_UNMARKED
    payload: dict[str, Any] = {"channel": command.channel, "ts": command.ts, "emoji": command.emoji, "at": command.at}
    if not command.is_on:
        payload["with_menu"] = True
    return Wanted(
        kind=kind,
        payload=payload,
        occurred_at=message_instant(command.at),
        fact=f"{_fact(command)}:{kind}:{who}:{command.at}",
    )


def _new_texts(command: _OnMessage, recorded: Mapping[str, TimelineEvent], versions: Sequence[Version]) -> list[Wanted]:
    """The texts among *versions* that are not in the ledger, by whichever door they came before.

    A text that an edit told has its key from that edit. One that another door told has its edit time for a key, or
    the next that is free where that second had two texts; the timeline orders them without looking at keys. A text
    that was erased may have been any (`None`), so it does not come back.
    """
    said: dict[str, tuple[str, str | None]] = {
        key: (event.payload["version"], None if "text" in event.erased else event.text)
        for key, event in recorded.items()
    }
    wanted = []
    for version in versions:
        key = _text_key(command, version, said)
        if key not in said:
            said[key] = (version.since, masked(version.text))
            wanted.append(_text(command, version, key))
    return wanted


def _text_key(command: _OnMessage, version: Version, said: Mapping[str, tuple[str, str | None]]) -> str:
    first = f"{_fact(command)}:{version.since}"
    if version.change:
        return f"{first}:{version.change}"
    same = {key: text for key, (since, text) in said.items() if since == version.since}
    known = (key for key, text in same.items() if text is None or _is_said(version, text))
    return next(known, f"{first}:{len(same)}" if first in same else first)


def _is_said(version: Version, text: str) -> bool:
    """Whether *text* on record is that of *version*, whatever the people in it were called then."""
    return text == masked(version.text) or is_same_but_for_names(text, masked(version.unnamed))


def _text(command: _OnMessage, version: Version, key: str) -> Wanted:
    payload = {"channel": command.channel, "ts": command.ts, "version": version.since}
    return Wanted(
        kind=EventKind.MESSAGE,
        text=version.text,
        payload={**payload, "change": version.change} if version.change else payload,
        occurred_at=message_instant(command.ts),
        fact=key,
        actor=version.author,
    )


def _texts_of(change: ChangeMessage) -> list[Version]:
    return [version for version in (change.before, change.after) if version]


def _deletion(change: ChangeMessage) -> list[Wanted]:
    if change.after is not None:
        return []
    payload = {"channel": change.channel, "ts": change.ts, "at": change.at}
    return [
        Wanted(
            kind=EventKind.MESSAGE_DELETED,
            payload=payload,
            occurred_at=message_instant(change.at),
            fact=f"{_fact(change)}:deleted:{change.at}",
            actor=change.person.id,
        )
    ]


def _held(command: ChangeMessage) -> HeldMessage:
    def body(version: Version | None) -> dict[str, str] | None:
        # What came later stands beside it: a replica of an earlier version, as while one is upgraded, reads this.
        return {name: said for name, said in asdict(version).items() if name != "unnamed"} if version else None

    return HeldMessage(
        channel=command.channel or "",
        ts=command.ts,
        body={
            "before": body(command.before),
            "after": body(command.after),
            "at": command.at,
            "by": command.person.id,
            "unnamed": {
                "before": command.before.unnamed if command.before else "",
                "after": command.after.unnamed if command.after else "",
            },
        },
    )


def _held_change(command: MarkMessage, held: HeldMessage) -> ChangeMessage:
    def version(which: str) -> Version | None:
        body, unnamed = held.body[which], held.body.get("unnamed", {})
        return Version(**{"unnamed": unnamed.get(which, ""), **body}) if body else None

    return ChangeMessage(
        person=Person(id=held.body["by"]),
        workspace_id=command.workspace_id,
        natural_key=command.natural_key,
        channel=held.channel,
        ts=held.ts,
        at=held.body["at"],
        before=version("before"),
        after=version("after"),
    )


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


def _markers(about: Sequence[TimelineEvent]) -> list[str]:
    return sorted({event.actor for event in about if event.kind is EventKind.MESSAGE_MARKED})
