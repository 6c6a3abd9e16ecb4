"""Where else something that is erased is shown: earlier drafts, messages of ours in Slack, and what left our hands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from analysis.approval import UNKNOWN_AUTHOR
from analysis.changes import logged_key, reference
from analysis.events import EventKind, TimelineEvent
from analysis.incident import WORKSPACE_LOG_NUMBER, Incident, Visibility
from analysis.redaction import Erased, phrases, redact, rests_on
from analysis.timeline import message_key
from analysis.wording import joined
from bot.ports.ledger import Reads
from bot.ports.records import DeliveryKind, NewDelivery, Publication, PublicationState, Revision, RevisionHead, Shown
from bot.usecases.asking import tell
from bot.usecases.postmortem.approving import OFFER, show_state
from bot.usecases.postmortem.publishing import CHANNEL, published_elsewhere
from bot.usecases.privacy.leaving import hidden
from bot.usecases.privacy.original_hidden import original_hidden
from bot.usecases.signals.messages import messages_of_groups

Asked = Sequence[tuple[TimelineEvent, str]]

GONE = "What stood here was erased on request."
_GONE_WITH_APPROVER = (
    "The postmortem that was published here named who approved it, whose name was erased on request. What was signed "
    "is the file of the draft."
)


def copies_in_drafts(reads: Reads, incident: Incident, asked: Asked) -> list[Revision]:
    """The drafts that show what is erased, without it; a person who is erased is no author of them any more."""
    actors = frozenset(event.actor for event, field in asked if field == "actor" and event.actor)
    what = Erased(keys=_keys(reads, incident, asked), phrases=phrases(_texts(asked)), actors=actors)
    return [_redacted(revision, what) for revision in reads.revisions(incident.id) if _is_touched(revision, what)]


def copies_in_log(reads: Reads, incident: Incident, asked: Asked) -> list[tuple[TimelineEvent, str]]:
    """The same fields of the changes that the incident's record took in, as the workspace's log still has them."""
    fields = {key: field for event, field in asked if (key := logged_key(event))}
    log = reads.incident_by_number(incident.workspace_id, WORKSPACE_LOG_NUMBER) if fields else None
    if log is None:
        return []
    found = [event for key in fields for event in reads.events_about(log.id, key) if event.natural_key == key]
    wanted = [(event, fields[event.natural_key]) for event in found]
    return [(event, field) for event, field in wanted if field not in event.erased]


def gone_from_draft(incident: Incident, number: int) -> str:
    """What an offer says instead of a draft that lost content."""
    return (
        f"Draft {number} of the postmortem of {incident.reference} showed something that was erased on "
        "request. It can no longer be approved or published; make another with `/incident draft`."
    )


def withdrawn(reads: Reads, incident: Incident, asked: Asked, drafts: Sequence[Revision]) -> list[NewDelivery]:
    """Take what is erased out of what we have posted: announcements, earlier cards, offers and uploads."""
    lane = erasing_lane(incident)
    shown = reads.shown(incident.id)
    names = {event.natural_key for event, _ in asked}
    # The notification of every announcement says the title.
    says_title = _is_title(asked)
    announced = [one for one in shown if one.kind is DeliveryKind.ANNOUNCE]
    posts = [one for one in announced if says_title or one.arguments.get("event") in names]
    posts += [one for one in shown if one.kind is DeliveryKind.CARD and one.ts != incident.card_ts]
    taken = hidden(reads, incident, posts, GONE, lane=lane)
    for draft in drafts:
        taken += hidden(
            reads, incident, _of_draft(reads, shown, draft), gone_from_draft(incident, draft.number), lane=lane
        )
    for head in _signed_by(reads, incident, asked):
        files = _deliveries_of(shown, head.id, DeliveryKind.PUBLISH)
        taken += hidden(reads, incident, files, _GONE_WITH_APPROVER, lane=lane)
        taken.append(show_state(reads, incident, head))
    if says_title and incident.visibility is Visibility.PUBLIC:
        taken += [*messages_of_groups(reads, incident), *original_hidden(reads, incident)]
    if says_title and incident.channel_id:
        taken.append(tell(reads, incident, DeliveryKind.TOPIC, lane=lane, coalesce="topic"))
        taken.append(
            tell(
                reads, incident, DeliveryKind.RENAME_CHANNEL, lane=lane, coalesce="rename", channel=incident.channel_id
            )
        )
    return taken


def erasing_lane(incident: Incident) -> str:
    """The lane in which what was erased is taken out of Slack, beside all others."""
    return f"erase:{incident.id}"


def left_elsewhere(
    reads: Reads, incident: Incident, asked: Asked, drafts: Sequence[Revision], logged: Asked
) -> Iterator[str]:
    """What was destroyed beside the entry, and exactly what remains where we cannot reach it, a sentence each."""
    for event, field in logged:
        yield f"The {field} of {reference(event)}, from which it was taken, is erased in the workspace's log, too."
    if any(logged_key(event) for event, _ in asked):
        yield "Other incidents that took in the same change keep it: erase it in each."
    if drafts:
        numbers = joined([str(draft.number) for draft in drafts])
        noun = "Draft" if len(drafts) == 1 else "Drafts"
        yield f"{noun} {numbers} showed it and can no longer be approved or published."
    shown = reads.shown(incident.id)
    touched = {draft.id for draft in drafts}
    approved = [head for head in _signed_by(reads, incident, asked) if head.id not in touched]
    yield from published_elsewhere(reads, [*drafts, *approved])
    for draft in (*drafts, *approved):
        yield from _files_unknown(draft, reads.publications(draft.id), shown)
    if any(event.kind is EventKind.MESSAGE for event, _ in asked):
        yield "The message itself stays in Slack until its author or an admin of the workspace deletes it there."
    yield "Exports, backups and archives of the database that were made before still hold it."


def _signed_by(reads: Reads, incident: Incident, asked: Asked) -> list[RevisionHead]:
    """The drafts that name in their approval a person who is erased; what is signed of them does not."""
    erased = {
        (event.payload.get("revision"), event.actor)
        for event, field in asked
        if field == "actor" and event.kind is EventKind.APPROVED
    }
    if not erased:
        return []
    events = reads.events_of_kind(incident.id, {EventKind.APPROVED, EventKind.PUBLISHED})
    heads = reads.revision_heads(incident.id)
    return [head for head in heads if any((head.number, one) in erased for one in _named_in(events, head.number))]


def _named_in(events: Sequence[TimelineEvent], number: int) -> set[str]:
    """Who signed what went out of draft *number*, and what stands of it: a signature that was replaced is nowhere."""
    named, last = set(), ""
    for event in events:
        if event.payload.get("revision") != number:
            continue
        if event.kind is EventKind.APPROVED:
            last = event.actor
        else:
            named.add(last)
    return {*named, last}


def _files_unknown(draft: RevisionHead, publications: Sequence[Publication], shown: Sequence[Shown]) -> Iterator[str]:
    for one in publications:
        if one.target != CHANNEL or one.state is not PublicationState.PUBLISHED:
            continue
        if not any(each.files for each in _deliveries_of(shown, draft.id, DeliveryKind.PUBLISH)):
            yield f"The file of draft {draft.number} in {one.where} is not known by its id: delete it in Slack."


def _of_draft(reads: Reads, shown: Sequence[Shown], draft: Revision) -> list[Shown]:
    offered = [one.where.partition(":") for one in reads.publications(draft.id) if one.target == OFFER]
    offers = [Shown(kind=DeliveryKind.OFFER_DRAFT, arguments={}, channel=channel, ts=ts) for channel, _, ts in offered]
    return [*offers, *_deliveries_of(shown, draft.id, DeliveryKind.OFFER_DRAFT, DeliveryKind.PUBLISH)]


def _deliveries_of(shown: Sequence[Shown], revision: UUID, *kinds: DeliveryKind) -> list[Shown]:
    return [one for one in shown if one.kind in kinds and one.arguments.get("revision") == str(revision)]


def _is_touched(revision: Revision, what: Erased) -> bool:
    return bool(what.actors & revision.authors) or rests_on(revision.document, what)


def _redacted(revision: Revision, what: Erased) -> Revision:
    authors = revision.authors
    if what.actors & authors:
        authors = authors - what.actors | {UNKNOWN_AUTHOR}
    return replace(revision, document=redact(revision.document, what), authors=authors, is_erased=True)


def _keys(reads: Reads, incident: Incident, asked: Asked) -> frozenset[str]:
    """The natural keys of the timeline's lines that show the events, or what a person said of another line."""
    corrected = {event.refers_to for event, _ in asked if event.kind is EventKind.CORRECTED and event.refers_to}
    keys = {event.natural_key for event in reads.events_by_id(incident.id, corrected)}
    for event, _ in asked:
        keys |= {event.natural_key, str(event.payload.get("message") or ""), str(event.payload.get("event") or "")}
        if event.kind is EventKind.MESSAGE and "payload" not in event.erased:
            keys.add(message_key(event.payload["channel"], event.payload["ts"]))
    return frozenset(key for key in keys if key)


def _texts(asked: Asked) -> Iterator[str]:
    """The words that are erased; names are no words: the same person may stand elsewhere, by other events."""
    for event, field in asked:
        if field == "text":
            yield event.text
        elif field == "payload":
            yield from (value for value in event.payload.values() if isinstance(value, str))


def _is_title(asked: Asked) -> bool:
    return any(event.kind is EventKind.DECLARED and field == "text" for event, field in asked)
