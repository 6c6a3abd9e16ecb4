"""Publish an approved revision, and settle what became of each target."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.errors import Conflict, NeedsConfirmation, NotFound
from analysis.events import EventKind
from analysis.incident import Incident, Status, Visibility
from analysis.lifecycle import Move
from analysis.operator_notes import publishing_works
from analysis.people import Action
from analysis.timeline import Entry
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, Publication, PublicationState, Revision, RevisionHead
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, find, record, tell
from bot.usecases.incident.change_status import status_event
from bot.usecases.postmortem.approving import (
    OFFER,
    current_head,
    current_revision,
    newer_entries,
    show_state,
    shown_hash,
    standing_approval,
)
from bot.usecases.postmortem.news import has_news
from bot.usecases.postmortem.settings_apart import held_back, refused, settings_apart, told_people
from bot.usecases.postmortem.signing import Signing, is_private_document
from bot.usecases.tell_operator import operator_note

#: The target that is the incident's own channel; the others have lanes of their own.
CHANNEL = "channel"
#: What that is called once its name, which was made of the title, is erased.
NAMELESS_CHANNEL = "the incident’s channel"

#: What follows the hash where somebody has read what was recorded since, before up to which row of the ledger.
DESPITE = "despite"
_MOST_NAMED = 5
_STAYS = "there it stays, with its history, until somebody removes it by hand."


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(IncidentCommand):
    """Publish the approved revision, once the person was asked; with `hash_prefix`, only if it is that one.

    Without `knows_news` they were not asked about lines that were recorded after it was made, or only about those up
    to row `knows_up_to` of the ledger.
    """

    is_confirmed: bool = False
    hash_prefix: str = ""
    knows_news: bool = True
    knows_up_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettled(IncidentCommand):
    """A target took the document, and where it is now; `was_told` says that the operator heard that it did not."""

    revision: Revision
    target: str
    where: str
    was_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """The use case `publish`."""

    signing: Signing

    def __call__(self, reads: Reads, command: Publish) -> Changes:
        """Send exactly the approved bytes to every target that does not have them yet."""
        incident = find(reads, command, Action.PUBLISH)
        revision = approved_revision(reads, incident, self.signing)
        if not revision.hash.hex().startswith(command.hash_prefix.lower()):
            message = f"The approved one is draft {revision.number}, hash {shown_hash(revision)}: publish that one."
            raise Conflict(message)
        _ask(reads, command, incident, revision)
        begun = {publication.target for publication in reads.publications(revision.id)}
        fresh = [target for target in revision.targets if target not in begun]
        publications = [
            Publication(id=reads.new_id(), revision_id=revision.id, target=target, state=PublicationState.WAITING)
            for target in fresh
        ]
        deliveries = [_publish(reads, incident, revision, target, command.person.id) for target in fresh]
        changes = record(
            reads,
            command,
            incident,
            [],
            reply=f"Publishing draft {revision.number} to: {', '.join(fresh)}.",
            # First in the lane, so that the offer says that it is on its way while a target is away.
            deliveries=[show_state(reads, incident, revision), *deliveries],
        )
        return replace(changes, publications=tuple(publications))


def _ask(reads: Reads, command: Publish, incident: Incident, revision: Revision) -> None:
    """Ask once before it is published, and say what the signed document does not have."""
    if command.is_confirmed and command.knows_news:
        return
    newer = newer_entries(reads, incident, revision)
    if command.is_confirmed and (not newer or _is_told(reads, command, incident)):
        return
    question = f"Publish draft {revision.number} of {incident.reference} to: {', '.join(revision.targets)}?"
    about = shown_hash(revision)
    if newer:
        question = f"{_missing(newer)} {question} Otherwise draft and approve another."
        about = f"{about} {DESPITE} {reads.head(incident.id)[0]}"
    raise NeedsConfirmation(question, verb="publish", number=incident.number, incident_id=incident.id, about=about)


def _is_told(reads: Reads, command: Publish, incident: Incident) -> bool:
    """Whether the person read of all that is new: the question may have stood in the channel for days."""
    return command.knows_up_to is not None and not has_news(reads, incident, command.knows_up_to)


def _missing(newer: Sequence[Entry]) -> str:
    """Which lines changed since the document was made."""
    labels = ", ".join(entry.label for entry in newer[:_MOST_NAMED])
    more = f" and {len(newer) - _MOST_NAMED} more" if len(newer) > _MOST_NAMED else ""
    lines = "1 line of the timeline is" if len(newer) == 1 else f"{len(newer)} lines of the timeline are"
    return f"{lines} new or changed since the draft was made, and not in it: {labels}{more}."


def approved_revision(reads: Reads, incident: Incident, signing: Signing) -> Revision:
    """The current revision with a standing approval, whose bytes are still the signed ones.

    Raises
    ------
    analysis.errors.NotFound
        If there is no draft.
    analysis.errors.Conflict
        If it is not approved, is on its way to all of its targets, or would not be published as it was signed.
    """
    revision = current_revision(reads, incident)
    if revision is None:
        message = f"{incident.reference} has no draft. Make one with `/incident draft`."
        raise NotFound(message)
    if revision.is_erased:
        message = f"Something that draft {revision.number} showed was erased, so it cannot be published. Draft again."
        raise Conflict(message)
    if standing_approval(reads, revision) is None:
        message = f"Draft {revision.number} of {incident.reference} is not approved, so it cannot be published."
        raise Conflict(message)
    if is_private_document(revision.document) is not (incident.visibility is Visibility.PRIVATE):
        message = f"The audience of {incident.reference} changed since draft {revision.number} was made. Draft again."
        raise Conflict(message)
    if set(revision.targets) <= {one.target for one in reads.publications(revision.id)}:
        message = f"Draft {revision.number} of {incident.reference} is published already, or on its way."
        apart = held_back(reads, incident, revision, signing)
        raise Conflict(told_people(incident, revision, apart) if apart else message)
    if not signing.still_holds(revision):
        apart = settings_apart(reads, incident, revision, signing)
        message = (
            "The templates or targets changed after the approval, so what was signed cannot be published. Draft again."
        )
        raise Conflict(refused(incident, revision, apart) if apart else message)
    return revision


def target_settled(reads: Reads, command: TargetSettled) -> Changes:
    """Record that a target has it; with the last one, the incident closes, unless a newer draft is in review."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    if incident is None:
        return Changes()
    # Each revision is published and closes the incident by itself, also after a reopening.
    command = replace(command, natural_key=f"{command.natural_key}:{command.revision.number}")
    is_erased = any(one.is_erased for one in reads.revision_heads(incident.id) if one.id == command.revision.id)
    if is_erased:
        command = replace(command, where=_without_title(command))
    known = {publication.target: publication for publication in reads.publications(command.revision.id)}
    done = replace(known[command.target], state=PublicationState.PUBLISHED, where=command.where, published_at=reads.now)
    payload = {"revision": command.revision.number, "target": command.target, "where": command.where}
    wanted = [Wanted(kind=EventKind.PUBLISHED, payload=payload, key=f"published:{command.target}")]
    waits = any(
        known[target].state is not PublicationState.PUBLISHED
        for target in command.revision.targets
        if target != command.target and target in known
    )
    current = current_head(reads, incident)
    is_current = current is not None and current.id == command.revision.id
    if not waits and is_current and incident.status is Status.IN_REVIEW:
        wanted.append(status_event(incident, Move.CLOSE, Status.CLOSED))
    deliveries = [show_state(reads, incident, command.revision), card(reads, incident)]
    if command.was_told:
        deliveries.append(operator_note(reads, publishing_works(command.target, number=incident.number)))
    if standing_approval(reads, command.revision) is None:
        stays = _stays(reads, incident, command, is_erased=is_erased)
        wanted.append(_overtaken(command, stays))
        deliveries.append(announce(reads, incident, f"{command.natural_key}:{wanted[-1].key}", must_be_noticed=True))
        if stays:
            deliveries.append(operator_note(reads, f"{incident.reference}: {stays}"))
    changes = record(reads, command, incident, wanted, reply="", deliveries=deliveries)
    return replace(changes, publications=(done,))


def _overtaken(command: TargetSettled, stays: str) -> Wanted:
    """The approval was voided while a target was already being written: what is out there is flagged."""
    text = (
        f"{stays} Draft and approve another."
        if stays
        else f"{_reached(command)} although its approval was voided meanwhile; draft and approve another."
    )
    payload = {"revision": command.revision.number, "because": "the approval was voided while it was published"}
    return Wanted(kind=EventKind.DOCUMENT_FLAGGED, text=text, payload=payload, key=f"overtaken:{command.target}")


def _without_title(command: TargetSettled) -> str:
    """Where it is, without a name that was made of the title, which may be what was erased meanwhile."""
    return NAMELESS_CHANNEL if command.target == CHANNEL else command.where.partition(":")[0]


def _stays(reads: Reads, incident: Incident, command: TargetSettled, *, is_erased: bool) -> str:
    """That something stands where only a person can take it away, which whoever erased or hid it was not told."""
    if command.target == CHANNEL:
        return ""
    is_nameless = any(not one.approver for one in reads.approvals(command.revision.id))
    is_hidden = incident.visibility is Visibility.PRIVATE
    if not (is_erased or is_nameless or is_hidden):
        return ""
    # The operator reads it, too, who may not know the title of a private incident.
    return f"{_reached(command)} ({_without_title(command)}) although its approval was voided meanwhile: {_STAYS}"


def _reached(command: TargetSettled) -> str:
    return f"Draft {command.revision.number} reached {command.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDelivered(IncidentCommand):
    """The whole revision arrived in Slack, its buttons in message `ts`."""

    revision: Revision
    ts: str


def offer_delivered(reads: Reads, command: OfferDelivered) -> Changes:
    """Remember where the offer is: from now on the revision may be approved there."""
    row = Publication(
        id=reads.new_id(),
        revision_id=command.revision.id,
        target=OFFER,
        state=PublicationState.DELIVERED,
        where=f"{command.channel}:{command.ts}",
        published_at=reads.now,
    )
    return Changes(publications=(row,))


def published_elsewhere(reads: Reads, drafts: Iterable[RevisionHead]) -> Iterator[str]:
    """Where *drafts* went that nothing here can take back, a sentence each; the incident's channel is no such place."""
    for draft in drafts:
        for one in reads.publications(draft.id):
            if one.state is PublicationState.PUBLISHED and one.target not in {OFFER, CHANNEL}:
                where = f" ({one.where})" if one.where else ""
                yield f"Draft {draft.number} is published to {one.target}{where}: {_STAYS}"


def _publish(reads: Reads, incident: Incident, revision: Revision, target: str, publisher: str) -> NewDelivery:
    is_post = target == CHANNEL
    return tell(
        reads,
        incident,
        DeliveryKind.PUBLISH,
        lane=None if is_post else f"publish:{target}",
        is_post=is_post,
        must_be_noticed=is_post,
        revision=str(revision.id),
        target=target,
        publisher=publisher,
    )
