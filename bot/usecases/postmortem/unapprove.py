"""Take one's own signature back, while no target has the document."""

from dataclasses import dataclass, replace

from analysis.errors import Conflict, Forbidden
from analysis.events import EventKind
from analysis.incident import Incident, Status
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Approval, Changes, PublicationState, RevisionHead
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, find, record
from bot.usecases.postmortem.approving import (
    current_head,
    erased_since,
    newer_entries,
    show_state,
    standing_approval,
    was_sent,
)

_BECAUSE = "who gave it took it back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapprove(IncidentCommand):
    """Take back one's approval, for `reason` if one is given; with `hash_prefix`, only of that revision."""

    reason: str = ""
    hash_prefix: str = ""


def unapprove(reads: Reads, command: Unapprove) -> Changes:
    """Record that the approval no longer holds; what waits for a target does not go there any more."""
    incident = find(reads, command, Action.VIEW)
    revision, approval = _signed(reads, incident, command)
    _check_unpublished(reads, incident, revision)
    wanted = Wanted(
        kind=EventKind.APPROVAL_VOIDED,
        text=command.reason.strip(),
        payload={"revision": revision.number, "because": _BECAUSE, "taken_back": True},
        key="unapproved",
    )
    again = (
        "It can be approved again as it is."
        if _can_be_approved_again(reads, incident, revision)
        else "It cannot be approved again as it is; `/incident draft` makes another while the incident is in review."
    )
    changes = record(
        reads,
        command,
        incident,
        [wanted],
        reply=f"You took back your approval of draft {revision.number} of {incident.reference}. {again}",
        deliveries=[
            show_state(reads, incident, revision),
            card(reads, incident),
            announce(reads, incident, f"{command.natural_key}:{wanted.key}", must_be_noticed=True),
        ],
    )
    voided = replace(approval, voided_because=_BECAUSE)
    return replace(changes, voided_approvals=(*changes.voided_approvals, voided))


def _signed(reads: Reads, incident: Incident, command: Unapprove) -> tuple[RevisionHead, Approval]:
    """The newest revision that is meant and that the person approved."""
    others = []
    for revision in reversed(reads.revision_heads(incident.id)):
        approval = standing_approval(reads, revision)
        if approval is None or not revision.hash.hex().startswith(command.hash_prefix.lower()):
            continue
        if approval.approver == command.person.id:
            return revision, approval
        others.append(revision.number)
    if others:
        message = (
            f"Draft {others[0]} of {incident.reference} was approved by somebody else, who alone can take that back."
        )
        raise Forbidden(message)
    message = f"No such approval of {incident.reference} stands any more, so there is nothing to take back."
    raise Conflict(message)


def _can_be_approved_again(reads: Reads, incident: Incident, revision: RevisionHead) -> bool:
    """Whether the same draft would be taken, as far as the record says."""
    current = current_head(reads, incident) if incident.status is Status.IN_REVIEW else None
    if current is None or current.id != revision.id or was_sent(reads, revision) or erased_since(reads, revision):
        return False
    return not newer_entries(reads, incident, revision)


def _check_unpublished(reads: Reads, incident: Incident, revision: RevisionHead) -> None:
    has_it = [one.target for one in reads.publications(revision.id) if one.state is PublicationState.PUBLISHED]
    if has_it:
        message = (
            f"Draft {revision.number} of {incident.reference} is published already ({', '.join(sorted(has_it))}), so "
            "its approval stays. `/incident draft` makes another, which replaces it once it is approved and published."
        )
        raise Conflict(message)
