"""The side exits and the end: decline, duplicate of another, cancel, close."""

from dataclasses import dataclass, replace

from analysis.errors import IllegalTransition, InvalidInput, NotFound
from analysis.incident import ENDED_STATUSES, Incident, Status
from analysis.lifecycle import Move, check_move
from analysis.people import Action, can_see
from bot.ports.ledger import Reads
from bot.ports.records import Changes, PublicationState
from bot.usecases.asking import IncidentCommand, announce, card, find, record
from bot.usecases.incident.change_status import status_event
from bot.usecases.incident.reminding import tell_of_duplicate
from bot.usecases.paging.news import resolve_pages
from bot.usecases.postmortem.approving import current_head, draft_shown
from bot.usecases.signals.messages import signals_over

_TARGETS = {
    Move.DECLINE: Status.DECLINED,
    Move.CANCEL: Status.CANCELLED,
    Move.DUPLICATE: Status.DUPLICATE,
    Move.CLOSE: Status.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndIncident(IncidentCommand):
    """End it by `move`; `duplicate_of` is the number of the incident it belongs to."""

    move: Move
    reason: str = ""
    duplicate_of: int | None = None


def end_incident(reads: Reads, command: EndIncident) -> Changes:
    """Record the end with its reason."""
    incident = find(reads, command, Action.END)
    target = _TARGETS[command.move]
    more: dict[str, object] = {}
    reason = command.reason.strip()
    other = _original(reads, command, incident) if command.move is Move.DUPLICATE else None
    if other:
        more["duplicate_of"] = other.number
        reason = reason or f"duplicate of {other.reference}"
    check_move(incident, command.move, target, reason=reason)
    if command.move is Move.CLOSE:
        _check_close(reads, incident, reason)
    paged, to_pager, pages = resolve_pages(reads, incident)
    changes = record(
        reads,
        command,
        incident,
        [status_event(incident, command.move, target, reason=reason, **more), *paged],
        reply=f"{incident.reference} is {_ended(target, other)}.",
        deliveries=[
            card(reads, incident),
            announce(reads, incident, f"{command.natural_key}:status"),
            *draft_shown(reads, incident),
            *signals_over(reads, incident),
            *to_pager,
            *(tell_of_duplicate(reads, other, incident) if other else ()),
        ],
    )
    return replace(changes, pages=pages)


def _original(reads: Reads, command: EndIncident, incident: Incident) -> Incident:
    number = command.duplicate_of
    if number is None:
        message = "Say of which incident: `/incident duplicate of 12`."
        raise InvalidInput(message)
    other = reads.incident_by_number(command.workspace_id, number)
    if other is None or not can_see(command.person, other):
        message = f"There is no incident #{number} here. `/incident list` shows the open ones."
        raise NotFound(message)
    if other.id == incident.id:
        message = f"{incident.reference} cannot be a duplicate of itself."
        raise InvalidInput(message)
    if other.status in ENDED_STATUSES:
        raise IllegalTransition(_not_an_original(incident, other, _pointed_to(reads, command, other)))
    return other


def _pointed_to(reads: Reads, command: EndIncident, other: Incident) -> Incident | None:
    """The incident that *other* is a duplicate of, if the person may know of it."""
    further = reads.incident_by_number(command.workspace_id, other.duplicate_of) if other.duplicate_of else None
    return further if further and can_see(command.person, further) else None


def _not_an_original(incident: Incident, other: Incident, further: Incident | None) -> str:
    if other.status is not Status.DUPLICATE:
        return f"{other.reference} is {other.status.value}, so nothing can belong to it. Nothing was recorded."
    if further is None:
        return f"{other.reference} is itself a duplicate, so nothing can belong to it. Nothing was recorded."
    if further.id == incident.id:
        return f"{other.reference} is a duplicate of {incident.reference} already. Nothing was recorded."
    return (
        f"{other.reference} is itself a duplicate of {further.reference} “{further.shown_title[:80]}”. If that is the "
        f"same, say `/incident duplicate of {further.number}`. Nothing was recorded."
    )


def _ended(target: Status, original: Incident | None) -> str:
    if original is None:
        return target.value
    return f"a duplicate of {original.reference} “{original.shown_title[:80]}”; go on there"


def _check_close(reads: Reads, incident: Incident, reason: str) -> None:
    """Ask why it closes where the draft in review was not published, whatever an earlier phase published."""
    draft = current_head(reads, incident)
    states = [one.state for one in reads.publications(draft.id)] if draft else []
    if PublicationState.PUBLISHED not in states and not reason:
        message = "The draft in review was not published. Say why it closes: `/incident close reason`."
        raise InvalidInput(message)
