"""Sign a revision: by a person who did not write it where four eyes are needed, and only what they were shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from analysis.approval import SEVERITY_KEYS, check_approver, people_behind, worst_severity
from analysis.document import at_odds
from analysis.document_tree import from_tree, is_marked, is_readable
from analysis.errors import Conflict, Forbidden, IllegalTransition, NotFound, Refused
from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Incident, Severity, Status
from analysis.lifecycle import possible
from analysis.people import Action
from analysis.timeline import Entry
from analysis.wording import counted
from bot.ports.ledger import Reads
from bot.ports.records import Approval, Changes, DeliveryKind, NewDelivery, PublicationState, Revision, RevisionHead
from bot.usecases.asking import IncidentCommand, Wanted, card, find, held_until, record, tell
from bot.usecases.postmortem.news import changed_entries, has_news
from bot.usecases.postmortem.signing import Signing

#: The first letters of a hash that a person must give: as many as the offer shows.
SHOWN_HASH_LETTERS = 8
#: The bookkeeping row that says that a revision was delivered whole to Slack.
OFFER = "offer"
_OTHER_TERMS = "The templates or targets changed since this draft was made. Ask for another with `/incident draft`."
_SHOWN_ODDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What reading a revision's document says of signing it: who wrote it, and why nobody can, if so."""

    revision: UUID
    hash: bytes
    authors: frozenset[str]
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(IncidentCommand):
    """Sign the revision whose hash begins with `hash_prefix`.

    Reading and rendering the document takes as long as it is: `checked` is what that gave beside the writer.
    """

    hash_prefix: str
    checked: Checked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approving:
    """The use case `approve`; `floor` are the severities that need four eyes.

    `logins` say which person in Slack each mapped login of the command line is, by their ids in the ledger: one that is
    mapped after it did something is its person from then on.
    """

    signing: Signing
    floor: frozenset[Severity]
    logins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def prepare(self, reads: Reads, command: Approve) -> Approve:
        """The same command with the document read, from a snapshot; what is to be refused is refused when it counts."""
        try:
            head = current_head(reads, find(reads, command, Action.VIEW))
        except Refused:
            return command
        return replace(command, checked=self._checked(reads, head)) if head else command

    def __call__(self, reads: Reads, command: Approve) -> Changes:
        """Record the signature, if the record is still what the document was made from."""
        incident = find(reads, command, Action.VIEW)
        if incident.status is not Status.IN_REVIEW:
            raise IllegalTransition(_none_in_review(incident))
        revision = shown_head(reads, incident, command.hash_prefix)
        checked = command.checked
        if checked is None or (checked.revision, checked.hash) != (revision.id, revision.hash):
            checked = self._checked(reads, revision)
        severity = worst_severity(reads.events_of_kind(incident.id, SEVERITY_KEYS.keys()), incident)
        authors = people_behind(checked.authors, self.logins)
        is_alone = check_approver(command.person, incident, authors, self.floor, severity=severity)
        if severity in self.floor and command.source is not Source.SLACK:
            message = (
                f"{incident.reference} counts as {severity}: approve it in Slack, where it is certain who you are."
            )
            raise Forbidden(message)
        _check_shown(reads, command, incident, revision, checked)
        approval = Approval(
            id=reads.new_id(),
            revision_id=revision.id,
            approver=command.person.id,
            hash=revision.hash,
            approved_at=reads.now,
            is_alone=is_alone,
        )
        payload = {"revision": revision.number, "hash": revision.hash.hex(), "alone": is_alone}
        changes = record(
            reads,
            command,
            incident,
            [Wanted(kind=EventKind.APPROVED, payload=payload)],
            reply=f"You approved draft {revision.number} of {incident.reference}, hash {shown_hash(revision)}.",
            deliveries=[show_state(reads, incident, revision), card(reads, incident)],
        )
        return replace(changes, approval=approval)

    def _checked(self, reads: Reads, head: RevisionHead) -> Checked:
        revision = reads.revision(head.id)
        if revision is None:
            raise NotFound
        refusal = _unsignable_content(revision)
        if not refusal and not self.signing.still_holds(revision):
            refusal = _OTHER_TERMS
        return Checked(revision=head.id, hash=head.hash, authors=revision.authors, refusal=refusal)


def _none_in_review(incident: Incident) -> str:
    status = incident.status.value.replace("_", " ")
    return f"{incident.reference} has no draft to approve while it is {status}. {possible(incident)}"


def _check_shown(reads: Reads, command: Approve, incident: Incident, revision: RevisionHead, checked: Checked) -> None:
    if standing_approval(reads, revision):
        message = f"Draft {revision.number} is approved already."
        raise Conflict(message)
    delivered = any(
        publication.target == OFFER and publication.state is PublicationState.DELIVERED
        for publication in reads.publications(revision.id)
    )
    if command.source is Source.SLACK and not delivered:
        held = held_until(reads, incident, reads.now)
        first = f"It comes{held}; read it first." if held else "Wait for it and read it first."
        message = f"Draft {revision.number} has not arrived whole in Slack yet. {first}"
        raise Conflict(message)
    if was_sent(reads, revision):
        message = (
            f"Draft {revision.number} was on its way to its targets when its approval was taken back. Ask for another "
            "with `/incident draft`."
        )
        raise Conflict(message)
    reason = _lost(reads, revision) or checked.refusal
    if reason:
        raise Conflict(reason)
    news = newer_entries(reads, incident, revision)
    if news:
        lines = "; ".join(f"{entry.label} {entry.text[:80]}".strip() for entry in news[:3])
        message = (
            f"The record changed since this draft ({counted(len(news), 'line')}: {lines}). "
            "Ask for another with `/incident draft`."
        )
        raise Conflict(message)


def shown_head(reads: Reads, incident: Incident, prefix: str) -> RevisionHead:
    """The current revision, which must be the one whose hash the person was shown.

    Raises
    ------
    analysis.errors.NotFound
        If there is no draft.
    analysis.errors.Conflict
        If the hash is missing or of another revision.
    """
    revision = current_head(reads, incident)
    if revision is None:
        message = f"{incident.reference} has no draft. Make one with `/incident draft`."
        raise NotFound(message)
    shown = prefix.strip().lower()
    if len(shown) < SHOWN_HASH_LETTERS or not revision.hash.hex().startswith(shown):
        current = f"draft {revision.number}: `/incident approve {shown_hash(revision)}`"
        message = f"Name the draft you read by its hash. The current one is {current}."
        raise Conflict(message)
    return revision


def shown_hash(revision: RevisionHead) -> str:
    """The first letters of a revision's hash, as the offer shows them."""
    return revision.hash.hex()[:SHOWN_HASH_LETTERS]


def current_revision(reads: Reads, incident: Incident) -> Revision | None:
    """The newest revision that no other one has superseded."""
    head = current_head(reads, incident)
    return reads.revision(head.id) if head else None


def current_head(reads: Reads, incident: Incident) -> RevisionHead | None:
    """What can be said of the newest revision without opening its document."""
    standing = [head for head in reads.revision_heads(incident.id) if not head.is_superseded]
    return standing[-1] if standing else None


def standing_approval(reads: Reads, revision: RevisionHead) -> Approval | None:
    """The approval of exactly this revision's hash that nothing has voided.

    The chained record decides, not the approval's row: whoever can write rows cannot write a sealed event.
    """
    signatures = reads.events_of_kind(revision.incident_id, {EventKind.APPROVED, EventKind.APPROVAL_VOIDED})
    approver = _approver_on_record(signatures, revision)
    return next(
        (
            approval
            for approval in reads.approvals(revision.id)
            if approval.voided_because is None and approval.hash == revision.hash and approval.approver == approver
        ),
        None,
    )


def nameless_approval(reads: Reads, revision: RevisionHead) -> Approval | None:
    """The approval under which the revision was published, where the name of who gave it was erased since.

    Not while a target is still to get it: without a name nothing goes there any more.
    """
    states = {one.state for one in reads.publications(revision.id)}
    if PublicationState.PUBLISHED not in states or states & {PublicationState.WAITING, PublicationState.FAILING}:
        return None
    approvals = reads.approvals(revision.id)
    return next((one for one in approvals if one.voided_because is None and not one.approver), None)


def _approver_on_record(events: Sequence[TimelineEvent], revision: RevisionHead) -> str | None:
    """Who signed exactly this hash as the ledger's last word on the revision; `None` if nobody, or it was voided."""
    approver = None
    for event in events:
        if event.payload.get("revision") != revision.number:
            continue
        if event.kind is EventKind.APPROVED:
            # Whose name was erased is nobody who could be shown to have signed.
            approver = event.actor or None if event.payload["hash"] == revision.hash.hex() else None
        elif event.kind is EventKind.APPROVAL_VOIDED:
            approver = None
    return approver


def was_sent(reads: Reads, revision: RevisionHead) -> bool:
    """Whether *revision* is, or was, on its way to a target: none is sent there twice."""
    return any(one.target != OFFER for one in reads.publications(revision.id))


def erased_since(reads: Reads, revision: RevisionHead) -> bool:
    """Whether the revision may still hold words that were erased after it was made."""
    return any(kind is EventKind.ERASED for kind, _ in reads.keys_after(revision.incident_id, revision.ledger_seq))


def _lost(reads: Reads, revision: RevisionHead) -> str:
    """Why it cannot be signed by what was erased of it; empty where nothing was."""
    if revision.is_erased or erased_since(reads, revision):
        return "Something this draft shows was erased since. Ask for another with `/incident draft`."
    return ""


def _unsignable_content(revision: Revision) -> str:
    """Why nobody can sign what stands in it, whatever else is on record by now; empty where it can be signed."""
    if not is_readable(revision.document):
        return _OTHER_TERMS
    return _told_of(revision) if is_marked(revision.document) else ""


def _told_of(revision: Revision) -> str:
    """Which statements nobody may sign, and what to do about them."""
    odds = at_odds(from_tree(revision.document))
    shown = "; ".join(f"“{claim.text[:200]}” ({', '.join(claim.events) or 'no entry'})" for claim in odds[:_SHOWN_ODDS])
    more = f"; and {len(odds) - _SHOWN_ODDS} more" if len(odds) > _SHOWN_ODDS else ""
    return (
        f"Draft {revision.number} cannot be signed: {counted(len(odds), 'statement')} at odds with the entries cited: "
        f"{shown}{more}. Correct or withdraw those entries, and ask for another with `/incident draft`."
    )


def newer_entries(reads: Reads, incident: Incident, revision: RevisionHead) -> tuple[Entry, ...]:
    """The timeline's lines that were not in the record, read otherwise, or stood there still, when it was made."""
    if not has_news(reads, incident, revision.ledger_seq):
        return ()
    return changed_entries(reads.events(incident.id), revision.ledger_seq)


def show_state(reads: Reads, incident: Incident, revision: RevisionHead) -> NewDelivery:
    """Edit the offer so that it shows how the revision stands."""
    return tell(
        reads,
        incident,
        DeliveryKind.SHOW_DRAFT_STATE,
        coalesce=f"draft:{revision.id}",
        revision=str(revision.id),
    )


def draft_shown(reads: Reads, incident: Incident) -> tuple[NewDelivery, ...]:
    """Edit the offer of the current revision, where there is one: what can be done with it goes by the state."""
    current = current_head(reads, incident)
    return (show_state(reads, incident, current),) if current else ()
