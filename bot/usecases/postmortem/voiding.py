"""What new facts do to an approval: they void it, or flag the document once it is published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.approval import SEVERITY_KEYS, authors_of, is_known, worst_severity
from analysis.events import EventKind, NewEvent, Source
from analysis.incident import ACTIVE_STATUSES, FOUR_EYES_SEVERITIES, WORKSPACE_LOG_NUMBER, Incident
from analysis.voiding import voids
from bot.ports.ledger import Reads
from bot.ports.records import Approval, PublicationState, RevisionHead
from bot.usecases.postmortem.news import concerned

#: The states of a publication that a target, which may be away for hours, has not taken yet.
_ON_ITS_WAY = frozenset({PublicationState.WAITING, PublicationState.FAILING})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """A revision with its standing approvals: whether any target has it, and whether one is still to get it."""

    revision: RevisionHead
    standing: tuple[Approval, ...]
    is_published: bool
    is_on_its_way: bool


def voided_by(
    reads: Reads, incident: Incident, events: Sequence[NewEvent]
) -> tuple[tuple[NewEvent, ...], tuple[Approval, ...]]:
    """The events and approvals to write because *events* change what approved revisions rest on.

    The current revision loses its approval, and so does an earlier one that is on its way to its targets; the one that
    was published last is flagged. Where a target has yet to get that one, it loses its approval with the name of who
    gave it: nothing goes out as signed by nobody. While the incident is active again that alone is news to a document.
    """
    is_active = incident.status in ACTIVE_STATUSES
    if incident.number == WORKSPACE_LOG_NUMBER or (is_active and not any(_erases_actor(event) for event in events)):
        return (), ()
    written: list[NewEvent] = []
    voided: list[Approval] = []
    for one in _signed(reads, incident):
        because = None if is_active else _because(reads, incident, events, one.revision.id)
        erased = _erased_approvers(reads, incident, events, one.revision.number)
        is_nameless = any(approval.approver in erased for approval in one.standing)
        is_voided = not one.is_published or (is_nameless and one.is_on_its_way)
        if because is None and is_voided and is_nameless:
            because = "the name of who gave it was erased"
        if because is None:
            continue
        kind = EventKind.APPROVAL_VOIDED if is_voided else EventKind.DOCUMENT_FLAGGED
        written.append(_event(reads, events[0], kind, one.revision.number, because))
        if is_voided:
            voided += [_voided(approval, because, erased) for approval in one.standing]
    return tuple(written), tuple(voided)


def no_longer_holds(revision: int, because: str) -> str:
    """How a lost approval of draft *revision* is told."""
    return f"The approval of draft {revision} no longer holds: {because}. Draft and approve another."


def _voided(approval: Approval, because: str, erased: frozenset[str]) -> Approval:
    """The row is written as a whole, after the erasure took the name out of it."""
    approver = "" if approval.approver in erased else approval.approver
    return replace(approval, voided_because=because, approver=approver)


def was_flagged(reads: Reads, incident: Incident, number: int) -> bool:
    """Whether the record changed since draft *number* was published."""
    flagged = reads.events_of_kind(incident.id, {EventKind.DOCUMENT_FLAGGED})
    return any(event.payload["revision"] == number for event in flagged)


def author_nobody_knows(reads: Reads, incident: Incident, events: Sequence[NewEvent]) -> str:
    """What to do about it that *events* make a login an author that is mapped to nobody, where four eyes are needed."""
    actor = events[0].actor if events and events[0].source is Source.COMMAND_LINE else ""
    if not actor or is_known(actor) or incident.number == WORKSPACE_LOG_NUMBER:
        return ""
    meant = reads.events_by_id(incident.id, {one.refers_to for one in events if one.refers_to})
    rated = reads.events_of_kind(incident.id, SEVERITY_KEYS.keys())
    if actor not in authors_of([*meant, *events], "") or worst_severity(rated, incident) not in FOUR_EYES_SEVERITIES:
        return ""
    return (
        f" Nobody can tell who {actor} is, so no draft of {incident.reference} can be approved until "
        "DEBRIEF_COMMAND_LINE_USERS maps this login to its person in Slack."
    )


def _signed(reads: Reads, incident: Incident) -> list[_Signed]:
    """The revision that was published last, and those that still can be, where each has a standing approval."""
    published, open_ones = [], []
    for revision in reads.revision_heads(incident.id):
        standing = tuple(one for one in reads.approvals(revision.id) if one.voided_because is None)
        if not standing:
            continue
        states = {one.state for one in reads.publications(revision.id)}
        signed = _Signed(
            revision=revision,
            standing=standing,
            is_published=PublicationState.PUBLISHED in states,
            is_on_its_way=bool(states & _ON_ITS_WAY),
        )
        if signed.is_published:
            published = [signed]
        elif not revision.is_superseded or signed.is_on_its_way:
            open_ones.append(signed)
    return [*published, *open_ones]


def _because(reads: Reads, incident: Incident, events: Sequence[NewEvent], revision: UUID) -> str | None:
    for event in events:
        if reads.has_event(incident.id, event.natural_key):
            continue
        # What the event is about is enough to decide on, and most are about nothing that a draft could cite.
        ledger = concerned(reads, incident.id, event)
        cites = reads.cites(revision) if ledger else frozenset()
        because = voids(event, cites=cites, ledger=ledger)
        if because:
            return because
    return None


def _erased_approvers(reads: Reads, incident: Incident, events: Sequence[NewEvent], number: int) -> frozenset[str]:
    """Who of those that ever approved draft *number* is erased.

    Where one of them gave the approval that stands, nobody could check any more that it was somebody else.
    """
    erased = {one.refers_to for one in events if _erases_actor(one)}
    if not erased:
        return frozenset()
    signed = reads.events_of_kind(incident.id, {EventKind.APPROVED})
    return frozenset(one.actor for one in signed if one.id in erased and one.payload.get("revision") == number)


def _erases_actor(event: NewEvent) -> bool:
    return event.kind is EventKind.ERASED and event.payload.get("field") == "actor"


def _event(reads: Reads, cause: NewEvent, kind: EventKind, revision: int, because: str) -> NewEvent:
    return NewEvent(
        id=reads.new_id(),
        kind=kind,
        occurred_at=reads.now,
        recorded_at=reads.now,
        actor=cause.actor,
        source=Source.DEBRIEF,
        natural_key=f"{cause.natural_key}:voids:{revision}",
        text=_told(kind, revision, because),
        payload={"revision": revision, "because": because},
        refers_to=cause.id,
    )


def _told(kind: EventKind, revision: int, because: str) -> str:
    if kind is EventKind.DOCUMENT_FLAGGED:
        return f"The record changed under the published draft {revision}: {because}. Draft and approve another."
    return no_longer_holds(revision, because)
