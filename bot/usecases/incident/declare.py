"""Declare an incident: the record begins, and its channel and card follow."""

from dataclasses import dataclass

from analysis.errors import InvalidInput
from analysis.events import EventKind, NewEvent
from analysis.fold import begin
from analysis.incident import DEFAULT_SEVERITY, Incident, Severity, Visibility
from analysis.lookalike import lookalikes
from analysis.milestones import Milestone
from analysis.people import Action, can_see, require
from analysis.precision import Precision
from analysis.times import When
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, Reply
from bot.usecases.asking import Command, Wanted, state, tell
from bot.usecases.incident.inform import checked_impact

MAXIMUM_TITLE_LETTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare(Command):
    """Open an incident; occurrence and detection may be given and are never guessed."""

    title: str
    severity: Severity = DEFAULT_SEVERITY
    visibility: Visibility = Visibility.PUBLIC
    occurrence: When | None = None
    detection: When | None = None
    impact: str = ""
    with_channel: bool = True


def declare(reads: Reads, command: Declare) -> Changes:
    """Open the incident with the next number; its channel is created once this is committed."""
    require(command.person, Action.DECLARE)
    title = _title(command.title)
    declared = state(
        reads,
        command,
        Wanted(
            kind=EventKind.DECLARED,
            text=title,
            payload={"severity": command.severity, "visibility": command.visibility, "phase": 1},
        ),
    )
    incident = begin(
        declared,
        incident_id=reads.new_id(),
        workspace_id=command.workspace_id,
        number=reads.next_number(command.workspace_id),
    )
    text = f"{incident.reference} {incident.severity} declared: {incident.title}"
    if incident.visibility is Visibility.PRIVATE:
        text += "\nIt is private: only those with a role in it and the members of its channel know of it."
    text += _alike(reads, command, incident)
    return Changes(
        reply=Reply(text=text, incident=incident.id, number=incident.number),
        incident=incident,
        is_new_incident=True,
        events=(declared, *_milestones(reads, command), *_impact(reads, command)),
        deliveries=_opening(reads, command, incident) if command.with_channel else (),
    )


def _alike(reads: Reads, command: Declare, incident: Incident) -> str:
    """Which open incidents look the same, for the one who declared: the channel does not wait for the answer."""
    open_ones = {one.number: one for one in reads.incidents(command.workspace_id) if can_see(command.person, one)}
    found = lookalikes(incident.title, [(number, one.title) for number, one in open_ones.items()])
    if not found:
        return ""
    named = ", ".join(f"{open_ones[each.number].reference} “{open_ones[each.number].title}”" for each in found)
    return (
        f"\nOpen and alike: {named}. If it is the same, say `/incident duplicate of {found[0].number}` in its channel."
    )


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        message = "Give the incident a title: `/incident declare SEV2 card authorisations failing`."
        raise InvalidInput(message)
    if len(title) > MAXIMUM_TITLE_LETTERS:
        message = f"The title is {len(title)} letters long; {MAXIMUM_TITLE_LETTERS} fit. Put the rest in a note."
        raise InvalidInput(message)
    return title


def _milestones(reads: Reads, command: Declare) -> list[NewEvent]:
    given = {
        Milestone.OCCURRENCE: command.occurrence,
        Milestone.DETECTION: command.detection,
        Milestone.AWARENESS: When(at=reads.now, precision=Precision.SECOND),
    }
    return [
        state(
            reads,
            command,
            Wanted(
                kind=EventKind.MILESTONE_SET,
                text=milestone.value,
                payload={"milestone": milestone, "phase": 1},
                occurred_at=when.at,
                precision=when.precision,
                key=milestone.value,
                follows=milestone is Milestone.AWARENESS,
            ),
        )
        for milestone, when in given.items()
        if when is not None
    ]


def _impact(reads: Reads, command: Declare) -> list[NewEvent]:
    if not command.impact.strip():
        return []
    return [state(reads, command, Wanted(kind=EventKind.IMPACT_SET, text=checked_impact(command.impact), key="impact"))]


def _opening(reads: Reads, command: Declare, incident: Incident) -> tuple[NewDelivery, ...]:
    return (
        tell(reads, incident, DeliveryKind.OPEN_CHANNEL),
        tell(reads, incident, DeliveryKind.CARD, is_post=True, coalesce="card"),
        tell(reads, incident, DeliveryKind.INVITE, people=[command.person.id]),
        tell(reads, incident, DeliveryKind.TOPIC, coalesce="topic"),
    )
