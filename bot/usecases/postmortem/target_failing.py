"""Say that a target has not taken a document for a while: to the operator, to who published it, and on the offer."""

from dataclasses import dataclass, replace
from datetime import datetime

from analysis.incident import Incident, Visibility
from analysis.operator_notes import publishing_fails
from analysis.precision import Precision
from analysis.wording import instant
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery, Publication, PublicationState, Revision
from bot.usecases.asking import IncidentCommand, tell_person
from bot.usecases.postmortem.approving import show_state
from bot.usecases.tell_operator import operator_note


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFailing(IncidentCommand):
    """`target` fails `since` then, for the reason `because`; `publisher` is who asked for it."""

    revision: Revision
    target: str
    since: datetime
    because: str
    publisher: str


def target_failing(reads: Reads, command: TargetFailing) -> Changes:
    """Tell it once: a target that is known to fail, or has taken the document meanwhile, is no news."""
    found = _in_state(reads, command, PublicationState.WAITING)
    if found is None:
        return Changes()
    incident, before = found
    # What a target says may hold the title, in the name of a file.
    because = "see the log" if incident.visibility is Visibility.PRIVATE else command.because
    note = publishing_fails(command.target, because, number=incident.number, since=command.since)
    deliveries = [show_state(reads, incident, command.revision), operator_note(reads, note)]
    return Changes(
        publications=(_failing(before, command),),
        deliveries=(*deliveries, *_to_publisher(reads, incident, command)),
    )


def target_unknown(reads: Reads, command: TargetFailing, changes: Changes) -> Changes:
    """*changes*, and on the offer that nobody knows whether the target has a draft that may go there no more."""
    found = _in_state(reads, command, PublicationState.WAITING)
    if found is None:
        return changes
    incident, before = found
    shown = show_state(reads, incident, command.revision)
    failing = _failing(before, command)
    return replace(changes, publications=(*changes.publications, failing), deliveries=(*changes.deliveries, shown))


def target_answered(reads: Reads, command: TargetFailing, changes: Changes) -> Changes:
    """*changes*, where a target does not have a draft that goes there no more: the offer says so, not that it fails."""
    found = _in_state(reads, command, PublicationState.FAILING)
    if found is None:
        return changes
    incident, before = found
    settled = replace(before, state=PublicationState.WAITING, where="")
    shown = show_state(reads, incident, command.revision)
    return replace(changes, publications=(*changes.publications, settled), deliveries=(*changes.deliveries, shown))


def _in_state(reads: Reads, command: TargetFailing, state: PublicationState) -> tuple[Incident, Publication] | None:
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    known = {publication.target: publication for publication in reads.publications(command.revision.id)}
    before = known.get(command.target)
    return None if incident is None or before is None or before.state is not state else (incident, before)


def _failing(before: Publication, command: TargetFailing) -> Publication:
    return replace(before, state=PublicationState.FAILING, where=command.since.isoformat())


def _to_publisher(reads: Reads, incident: Incident, command: TargetFailing) -> tuple[NewDelivery, ...]:
    """One sentence to the person, in the incident's channel; whoever has no account in Slack reads the offer."""
    if not command.publisher.startswith("slack:") or not incident.has_open_channel:
        return ()
    since = instant(command.since, Precision.MINUTE)
    sentence = (
        f"Draft {command.revision.number} of {incident.reference} has not reached {command.target} since {since}. "
        "It is tried again by itself and nothing is lost; the operator is told."
    )
    return (tell_person(reads, incident, command.publisher, incident.channel_id, sentence),)
