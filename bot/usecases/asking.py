"""What every command carries, and the three steps that every use case shares: find, record, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from analysis.chain import stamp
from analysis.errors import NotFound
from analysis.events import EventKind, NewEvent, Source
from analysis.incident import Incident
from analysis.masking import masked
from analysis.people import Action, Person, require
from analysis.precision import Precision
from analysis.wording import instant
from bot.ports.grouping import GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, Reply
from bot.usecases.postmortem.voiding import author_nobody_knows, voided_by, was_flagged
from bot.usecases.pressed import Pressed, check_pressed

_MILESTONES = frozenset({EventKind.MILESTONE_SET, EventKind.MILESTONE_CLEARED})
#: Who acts where nobody asked.
DEBRIEF = Person(id="debrief")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who asks, in which workspace, by which door, and the natural key of what they ask.

    `asked_at` is the second in which they asked, by Slack's clock where Slack tells it; where two people say different
    things of one event, it decides which they said last.
    """

    person: Person
    workspace_id: UUID
    natural_key: str
    source: Source = Source.SLACK
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCommand(Command):
    """A command on one incident, named by its number or by the channel it was given in."""

    channel: str | None = None
    number: int | None = None
    pressed: Pressed | None = None


@dataclass(slots=True, kw_only=True)
class Wanted:
    """An event as a use case states it; `record` adds who, when recorded, by which door, and its key.

    Nobody changes it; it is not frozen because one is made for each append, and that would cost several times as much.

    `key` is appended to the command's natural key, so that one command can state several facts; `fact` replaces it
    where the fact has a key of its own, such as a message's. `actor` is who it came from, if not who asked.
    """

    kind: EventKind
    text: str = ""
    payload: Mapping[str, Any] | None = None
    occurred_at: datetime | None = None
    precision: Precision = Precision.SECOND
    key: str = ""
    fact: str = ""
    actor: str = ""
    refers_to: UUID | None = None
    follows: bool = False


def find(reads: Reads, command: IncidentCommand, action: Action, *, breaks_glass: bool = False) -> Incident:
    """The incident that *command* names, once its person may do *action* on it.

    With *breaks_glass*, which erasing and exporting alone may ask for, an admin reaches one that is hidden from them.

    Raises
    ------
    analysis.errors.NotFound
        If there is none, or the person may not know of it: both read the same.
    analysis.errors.Forbidden
        If the person may see it but not do this.
    """
    incident = _named(reads, command)
    if incident is None:
        if command.number is not None:
            message = f"There is no incident #{command.number} here. `/incident list` shows the open ones."
        else:
            message = "This is not an incident channel. Run this in one, or open an incident with `/incident declare`."
        raise NotFound(message)
    try:
        require(command.person, action, incident, breaks_glass=breaks_glass)
    except NotFound:
        message = (
            f"There is no incident #{command.number or incident.number} here. `/incident list` shows the open ones."
        )
        raise NotFound(message) from None
    return incident


def state(reads: Reads, command: Command, wanted: Wanted) -> NewEvent:
    """The fact that *wanted* describes, masked, so that card numbers and secrets never reach the ledger."""
    return NewEvent(
        id=reads.new_id(),
        kind=wanted.kind,
        occurred_at=wanted.occurred_at or reads.now,
        precision=wanted.precision,
        recorded_at=reads.now,
        actor=wanted.actor or command.person.id,
        source=Source.DEBRIEF if wanted.follows else command.source,
        natural_key=_key(command, wanted),
        text=masked(wanted.text),
        payload={**_masked(wanted.payload or {}), **_said_at(reads, command, wanted)},
        refers_to=wanted.refers_to,
    )


def asked_at(reads: Reads, command: Command) -> datetime:
    """When *command* was asked: the instant by which statements about one event are ordered."""
    return command.asked_at or reads.now


def record(
    reads: Reads,
    command: Command,
    incident: Incident,
    wanted: Sequence[Wanted],
    *,
    reply: str,
    instants: Sequence[datetime] = (),
    deliveries: Sequence[NewDelivery] = (),
    groups: GroupChanges | None = None,
) -> Changes:
    """What to write for facts about an existing incident: the events, and the approvals that they void.

    *groups* is what grouping is told of them; *instants* are those that the *reply* names, each as `moment` writes it.
    """
    events = tuple(state(reads, command, each) for each in wanted)
    voiding, voided = voided_by(reads, incident, events)
    reply = f"{reply}{author_nobody_knows(reads, incident, events)}"
    return Changes(
        reply=Reply(text=masked(reply), incident=incident.id, number=incident.number, instants=tuple(instants)),
        incident=incident,
        events=(*events, *voiding),
        voided_approvals=voided,
        deliveries=(
            *deliveries,
            *_draft_state(reads, incident, voiding),
            *_notices(reads, incident, events, voiding),
        ),
        groups=groups,
    )


def moment(at: datetime, precision: Precision) -> str:
    """An instant as an answer names it: at least to the minute, so that it can be shown on any reader's clock."""
    return instant(at, Precision.MINUTE if precision in {Precision.HOUR, Precision.DAY} else precision)


def whole_minute(at: datetime) -> datetime:
    """The first whole minute that is not before *at*: a deadline must not be told as earlier than it is."""
    begun = timedelta(seconds=at.second, microseconds=at.microsecond)
    return at + timedelta(minutes=1) - begun if begun else at


def held_until(reads: Reads, incident: Incident, at: datetime) -> str:
    """When and why a post comes later, as the end of a sentence; nothing where it may be sent now."""
    if reads.is_parked(incident_lane(incident)):
        return " once Slack takes messages in its channel again, which the operator was told"
    if incident.is_channel_closed:
        return " once its channel is unarchived in Slack"
    if at <= reads.now:
        return ""
    return f" at {moment(at, Precision.MINUTE)}, because the channel has had many messages already"


def tell(
    reads: Reads,
    incident: Incident,
    kind: DeliveryKind,
    *,
    coalesce: str | None = None,
    is_post: bool = False,
    must_be_noticed: bool = False,
    lane: str | None = None,
    **arguments: Any,  # noqa: ANN401 - JSON values
) -> NewDelivery:
    """A delivery in the incident's lane (or *lane*), rendered from the record when it is sent."""
    return NewDelivery(
        id=reads.new_id(),
        kind=kind,
        lane=lane or incident_lane(incident),
        arguments=arguments,
        incident_id=incident.id,
        coalesce=coalesce,
        is_post=is_post,
        must_be_noticed=must_be_noticed,
    )


def tell_person(reads: Reads, incident: Incident, person: str, channel: str | None, sentence: str) -> NewDelivery:
    """Say *sentence* to one person alone, in a channel where they are."""
    kind = DeliveryKind.TELL_PERSON
    return tell(reads, incident, kind, person=person, channel=channel, sentence=sentence)


def card(reads: Reads, incident: Incident) -> NewDelivery:
    """Edit the incident's card; edits that wait are replaced by the newest."""
    return tell(reads, incident, DeliveryKind.CARD, coalesce="card")


def announce(
    reads: Reads,
    incident: Incident,
    natural_key: str,
    *,
    must_be_noticed: bool = False,
    is_counted: bool = True,
    coalesce: str | None = None,
) -> NewDelivery:
    """A new post about the event with *natural_key*, because an edit notifies nobody.

    One that is not counted among the first messages is never held back: whether somebody is woken.
    """
    return tell(
        reads,
        incident,
        DeliveryKind.ANNOUNCE,
        coalesce=coalesce,
        is_post=is_counted,
        must_be_noticed=must_be_noticed,
        event=natural_key,
    )


def incident_lane(incident: Incident) -> str:
    """The lane that keeps an incident's messages in order: one for each channel that it may have.

    A phase has one of its own only where the channel before it was closed, and so has what follows after a public
    channel was left.
    """
    lane = f"incident:{incident.id}:{incident.channel_phase}"
    return f"{lane}:{incident.channels_left}" if incident.channels_left else lane


def with_reply(changes: Changes, **values: Any) -> Changes:  # noqa: ANN401 - fields of Reply
    """The same changes with parts of the reply replaced."""
    return replace(changes, reply=replace(changes.reply, **values))


def _named(reads: Reads, command: IncidentCommand) -> Incident | None:
    if command.number is None:
        return reads.incident_by_channel(command.channel) if command.channel else None
    found = reads.incident_by_number(command.workspace_id, command.number) if command.number > 0 else None
    if command.pressed:
        check_pressed(reads, command.pressed, command.number, found)
    return found


def _key(command: Command, wanted: Wanted) -> str:
    return wanted.fact or (f"{command.natural_key}:{wanted.key}" if wanted.key else command.natural_key)


def _notices(
    reads: Reads, incident: Incident, events: Sequence[NewEvent], voiding: Sequence[NewEvent]
) -> tuple[NewDelivery, ...]:
    """Post what no longer holds, once for each published draft: ten corrections ask for one other draft.

    Not for a reopening, which is posted itself and begins the review anew.
    """
    if any(event.kind is EventKind.REOPENED for event in events):
        return ()
    lost = EventKind.APPROVAL_VOIDED  # which is told, also of a draft that was flagged before
    news = [one for one in voiding if one.kind is lost or not was_flagged(reads, incident, one.payload["revision"])]
    return tuple(announce(reads, incident, event.natural_key, must_be_noticed=True) for event in news)


def _draft_state(reads: Reads, incident: Incident, voiding: Sequence[NewEvent]) -> tuple[NewDelivery, ...]:
    numbers = {event.payload["revision"] for event in voiding}
    return tuple(
        tell(
            reads,
            incident,
            DeliveryKind.SHOW_DRAFT_STATE,
            coalesce=f"draft:{head.id}",
            revision=str(head.id),
        )
        for head in (reads.revision_heads(incident.id) if numbers else ())
        if head.number in numbers
    )


def _said_at(reads: Reads, command: Command, wanted: Wanted) -> dict[str, str]:
    """A milestone's own instant is not the one at which it was said."""
    return {"said_at": stamp(asked_at(reads, command))} if wanted.kind in _MILESTONES else {}


def _masked(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: masked(value) if isinstance(value, str) else value for name, value in payload.items()}
