"""Say that a target has not taken a document for a while: to the operator, to who published it, and on the offer."""

from dataclasses import dataclass, replace
from datetime import datetime

from analysis.incident import Incident, Visibility
from analysis.operator_notes import publishing_fails, publishing_over
from analysis.precision import Precision
from analysis.wording import instant
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery, Publication, PublicationState, Revision
from bot.usecases.asking import IncidentCommand, tell_person
from bot.usecases.postmortem.approving import show_state
from bot.usecases.tell_operator import operator_note


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFailing(IncidentCommand):
    """`target` has not taken a document `since` then; `publisher` is who asked for it.

    The trouble of now is `because`, and lasts `because_since`. With `is_alone` it is of this document, which nobody
    knows where that is nothing; with `has_answered` the operator was told before that the target takes nothing.
    Without `tells_operator` the operator is not told of this document.
    """

    revision: Revision
    target: str
    since: datetime
    because: str
    because_since: datetime
    publisher: str
    tells_operator: bool
    has_answered: bool
    is_alone: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAnswered(IncidentCommand):
    """`target` does not have a draft that goes there no more, of which the operator is told with `tells_operator`.

    With `has_answered` the operator was told before that the target takes nothing.
    """

    revision: Revision
    target: str
    tells_operator: bool
    has_answered: bool


def target_failing(reads: Reads, command: TargetFailing) -> Changes:
    """Tell each of them once: the operator, and whoever waits for this document, which nobody has taken meanwhile."""
    found = _in_state(reads, command, PublicationState.WAITING, PublicationState.FAILING)
    if found is None:
        return Changes()
    incident, before = found
    note = (_to_operator(reads, incident, command),) if command.tells_operator else ()
    if before.state is PublicationState.FAILING:
        return Changes(deliveries=note)
    return Changes(
        publications=(_failing(before, command),),
        deliveries=(
            show_state(reads, incident, command.revision),
            *note,
            *_to_publisher(reads, incident, command),
        ),
    )


def target_unknown(reads: Reads, command: TargetFailing, changes: Changes) -> Changes:
    """*changes*, and that nobody knows whether the target has a draft that may go there no more.

    The offer says it, and the operator reads it once; nobody waits for the draft.
    """
    found = _in_state(reads, command, PublicationState.WAITING, PublicationState.FAILING)
    if found is None:
        return changes
    incident, before = found
    deliveries = [*changes.deliveries]
    if command.tells_operator:
        deliveries.append(_to_operator(reads, incident, command))
    if before.state is PublicationState.FAILING:
        return replace(changes, deliveries=tuple(deliveries))
    deliveries.append(show_state(reads, incident, command.revision))
    publications = (*changes.publications, _failing(before, command))
    return replace(changes, publications=publications, deliveries=tuple(deliveries))


def target_answered(reads: Reads, command: TargetAnswered, changes: Changes) -> Changes:
    """*changes*, where a target does not have a draft that goes there no more: the offer says so, not that it fails."""
    found = _in_state(reads, command, PublicationState.FAILING)
    if found is None:
        return changes
    incident, before = found
    settled = replace(before, state=PublicationState.WAITING, where="")
    deliveries = [*changes.deliveries, show_state(reads, incident, command.revision)]
    if command.tells_operator:
        over = publishing_over(command.target, number=incident.number)
        deliveries.append(operator_note(reads, _answers(command, over)))
    return replace(changes, publications=(*changes.publications, settled), deliveries=tuple(deliveries))


def _to_operator(reads: Reads, incident: Incident, command: TargetFailing) -> NewDelivery:
    # What a target says may hold the title, in the name of a file.
    because = "see the log" if incident.visibility is Visibility.PRIVATE else command.because
    told = publishing_fails(
        command.target, because, number=incident.number, since=command.because_since, is_alone=command.is_alone
    )
    return operator_note(reads, _answers(command, told))


def _answers(command: TargetFailing | TargetAnswered, told: str) -> str:
    return f"{command.target} answers again. {told}" if command.has_answered else told


def _in_state(
    reads: Reads, command: TargetFailing | TargetAnswered, *states: PublicationState
) -> tuple[Incident, Publication] | None:
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    known = {publication.target: publication for publication in reads.publications(command.revision.id)}
    before = known.get(command.target)
    return None if incident is None or before is None or before.state not in states else (incident, before)


def _failing(before: Publication, command: TargetFailing) -> Publication:
    return replace(before, state=PublicationState.FAILING, where=command.since.isoformat())


def _to_publisher(reads: Reads, incident: Incident, command: TargetFailing) -> tuple[NewDelivery, ...]:
    """One sentence to the person, in the incident's channel; whoever has no account in Slack reads the offer."""
    if not command.publisher.startswith("slack:") or not incident.has_open_channel:
        return ()
    since = instant(command.since, Precision.MINUTE)
    operator = "; the operator is told" if command.tells_operator else ""
    sentence = (
        f"Draft {command.revision.number} of {incident.reference} has not reached {command.target} since {since}. "
        f"It is tried again by itself and nothing is lost{operator}."
    )
    return (tell_person(reads, incident, command.publisher, incident.channel_id, sentence),)
