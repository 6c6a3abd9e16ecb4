"""The side exits and the end: decline, duplicate of another, cancel, close."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.errors import IllegalTransition, InvalidInput, NotFound
from analysis.incident import ENDED_STATUSES, Incident, Status
from analysis.lifecycle import Move, check_move
from analysis.people import Action, can_see
from analysis.wording import joined
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Publication, PublicationState, RevisionHead
from bot.usecases.asking import IncidentCommand, announce, card, find, record
from bot.usecases.incident.change_status import status_event
from bot.usecases.incident.reminding import tell_of_duplicate
from bot.usecases.paging.news import resolve_pages
from bot.usecases.postmortem.approving import OFFER, current_head, draft_shown, standing_approval
from bot.usecases.postmortem.settings_apart import held_back, told_people
from bot.usecases.postmortem.signing import Signing
from bot.usecases.signals.messages import signals_over

_TARGETS = {
    Move.DECLINE: Status.DECLINED,
    Move.CANCEL: Status.CANCELLED,
    Move.DUPLICATE: Status.DUPLICATE,
    Move.CLOSE: Status.CLOSED,
}
_CLOSE_NOW = "To close it now all the same, say why: `/incident close reason`."


@dataclass(frozen=True, slots=True, kw_only=True)
class EndIncident(IncidentCommand):
    """End it by `move`; `duplicate_of` is the number of the incident it belongs to."""

    move: Move
    reason: str = ""
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The use case `close`: `signing` tells whether settings hold back a draft that was published."""

    signing: Signing

    def __call__(self, reads: Reads, command: EndIncident) -> Changes:
        """Record that it is closed."""
        return end_incident(reads, command, self.signing)


def end_incident(reads: Reads, command: EndIncident, signing: Signing | None = None) -> Changes:
    """Record the end with its reason; a close goes by `Closing`."""
    incident = find(reads, command, Action.END)
    target = _TARGETS[command.move]
    more: dict[str, object] = {}
    reason = command.reason.strip()
    other = _original(reads, command, incident) if command.move is Move.DUPLICATE else None
    if other:
        more["duplicate_of"] = other.number
        reason = reason or f"duplicate of {other.reference}"
    check_move(incident, command.move, target, reason=reason)
    more_to_come = _check_close(reads, incident, reason, signing) if command.move is Move.CLOSE else ""
    paged, to_pager, pages = resolve_pages(reads, incident)
    changes = record(
        reads,
        command,
        incident,
        [status_event(incident, command.move, target, reason=reason, **more), *paged],
        reply=f"{incident.reference} is {_ended(target, other)}.{more_to_come}",
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


def _check_close(reads: Reads, incident: Incident, reason: str, signing: Signing | None) -> str:
    """Ask why it closes where the draft in review was not published, whatever an earlier phase published.

    What is on its way goes on, or is held back as before: the sentence that says so.
    """
    draft = current_head(reads, incident)
    targets = [one for one in reads.publications(draft.id) if one.target != OFFER] if draft else []
    going = _on_their_way(reads, draft, targets) if draft else ""
    held = _held_back(reads, incident, draft, signing) if draft and going and signing else ""
    if reason:
        if held:
            return f" {held} Whoever approved it can stop that by `/incident unapprove`."
        return f" {going}; whoever approved it can stop that by `/incident unapprove`." if going else ""
    if any(one.state is PublicationState.PUBLISHED for one in targets):
        return ""
    if held:
        message = f"{held} {_CLOSE_NOW}"
    elif going:
        message = f"{going}, and closes the incident once it is there. {_CLOSE_NOW}"
    else:
        message = "The draft in review was not published. Say why it closes: `/incident close reason`."
    raise InvalidInput(message)


def _on_their_way(reads: Reads, draft: RevisionHead, targets: Sequence[Publication]) -> str:
    """That *draft* is still to arrive, where no target has it; nothing where its approval was taken back."""
    is_out = any(one.state is PublicationState.PUBLISHED for one in targets)
    if not targets or is_out or not standing_approval(reads, draft):
        return ""
    return f"Draft {draft.number} is on its way to {joined([one.target for one in targets])}"


def _held_back(reads: Reads, incident: Incident, draft: RevisionHead, signing: Signing) -> str:
    """That settings keep *draft*, which is on its way, from arriving, as its offer says it."""
    revision = reads.revision(draft.id)
    apart = held_back(reads, incident, revision, signing) if revision else ""
    return told_people(incident, revision, apart) if revision and apart else ""
