"""A draft in Slack: the whole document as a file, a summary of it in blocks, and the buttons that its state allows.

What is signed is the file, byte for byte. The blocks repeat lines of it, so that nobody reads a time, a count or a
sentence there that the signed document has otherwise; the timeline with its evidence stands in the file only.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from analysis.authorship import by_whom
from analysis.document import Claim, Document, Section, at_odds, summary_line
from analysis.document_tree import from_tree, is_readable
from analysis.incident import Incident, Status
from analysis.lifecycle import Move, offered_moves
from analysis.open_questions import STILL_UNKNOWN
from analysis.places import to_look_at
from analysis.slacktext import escape, truncate
from analysis.styles import has_timeline, how_styled, stands_in, wanted_style
from bot.ports.records import Approval, Publication, PublicationState, Revision
from bot.slack.blocks import ids
from bot.slack.blocks.elements import Block, actions, button, context, header, paragraphs, plain, section, when
from bot.slack.blocks.numbered_rows import of_incident
from bot.usecases.postmortem.settings_apart import told_people
from bot.usecases.privacy.erased_copies import gone_from_draft

HASH_LETTERS = 8
OFFER = "offer"
#: What an approver looks at first; the order is the document's.
_SHOWN_SECTIONS = ("summary", "impact", "contributing_factors", "open_questions")
_SHOWN_LINES = 5
_LINE_LETTERS = 300
_WHOLE = (
    "This is a summary. The whole document, with its timeline and evidence and letter by letter as it is signed and "
    "published, is the file above this message: read that one before you sign."
)
_WITHOUT_TIMELINE = (
    "This is a summary. The document, letter by letter as it is signed and published, is the file above this message: "
    "read that one before you sign. Its style leaves the timeline out; `draft sre` makes one with it."
)
_HOW_TO_ANSWER = (
    "What it asks is answered on record: by `milestone`, or a `note` and `promote E7 as went_well`, `not_so_well`, "
    "`lucky`, `recurrence`, `action_item`, `cause` or another tag. `draft` then makes the next one."
)
_OUTDATED = "An earlier version of Debrief made this draft, and it can no longer be signed. Ask for another."


def offer(
    incident: Incident,
    revision: Revision,
    approval: Approval | None,
    publications: Sequence[Publication],
    names: Callable[[str], str],
    *,
    is_flagged: bool = False,
    apart: str = "",
) -> tuple[str, list[Block]]:
    """The message that offers a revision, under its file: its text for the notification, and its blocks.

    Of a draft that lost something to an erasure only that is said. One that *is_flagged* was published, and the record
    changed since. Settings that are *apart* keep a signed one from its targets.
    """
    if revision.is_erased:
        gone = gone_from_draft(incident, revision.number)
        return gone, [section(plain(gone))]
    document = from_tree(revision.document) if is_readable(revision.document) else None
    made = by_whom(revision.document) + how_styled(revision.document)
    line = f"{summary_line(document, revision.number)}{made}" if document else _OUTDATED
    blocks = [header(f"Postmortem {incident.reference}, draft {revision.number}"), section(plain(line))]
    odds = at_odds(document) if document else ()
    blocks += (
        [*summary_blocks(document, revision.document), *_odds(odds), section(_whole(revision))] if document else []
    )
    if document and approval is None and not revision.is_superseded and _asks(document, revision.document):
        blocks.append(context(_HOW_TO_ANSWER))
    is_sound = document is not None and not odds
    standing = (incident, revision, approval, publications, names)
    blocks += _state(*standing, is_sound=is_sound, is_flagged=is_flagged, apart=apart)
    return f"{incident.reference}: {line}", blocks


def summary_blocks(document: Document, tree: Mapping[str, Any]) -> list[Block]:
    """The header facts and the first lines of some sections, in the document's words, as far as its file has them."""
    stands = stands_in(tree)
    facts = [
        f"*{_shown(fact.name)}:* {_shown(fact.value)}{_labels(fact.events)}"
        for number, fact in enumerate(document.facts)
        if stands("facts", f"fact:{number}")
    ]
    blocks = paragraphs(facts)
    for part in (document.section(key) for key in _SHOWN_SECTIONS):
        lines = _lines(part, stands)
        if part.key == "open_questions" and stands("to_look_at"):
            lines += [f"• {_shown(line.name)}: {_shown(line.text)}" for line in to_look_at(tree)]
        more = len(lines) - _SHOWN_LINES
        rest = [f"… and {more} more in the file."] if more > 0 else []
        blocks += paragraphs([f"*{escape(part.title)}*", *lines[:_SHOWN_LINES], *rest]) if lines else []
    return blocks


def _lines(part: Section, stands: Callable[..., bool]) -> list[str]:
    """The statements and questions of a section that stand in the file."""
    whole = f"section:{part.key}"
    said = [
        f"• {_shown(one.text)}{_labels(one.events)}"
        for number, one in enumerate(part.statements)
        if stands(whole, f"statement:{part.key}:{number}")
    ]
    return said + [
        f"_{_shown(ask)}_" for number, ask in enumerate(part.asks) if stands(whole, f"ask:{part.key}:{number}")
    ]


def _asks(document: Document, tree: Mapping[str, Any]) -> bool:
    """Whether the file asks its readers anything that the record can answer."""
    stands = stands_in(tree)
    return any(
        ask != STILL_UNKNOWN and stands(f"section:{part.key}", f"ask:{part.key}:{number}")
        for part in document.sections
        for number, ask in enumerate(part.asks)
    )


def _whole(revision: Revision) -> str:
    """What there is to read before signing."""
    return _WHOLE if has_timeline(revision.document) else _WITHOUT_TIMELINE


def _odds(odds: Sequence[Claim]) -> list[Block]:
    """The statements at odds, so that an approver need not look for them; they are marked in the file, too."""
    if not odds:
        return []
    lines = [f"• {_shown(one.text)}{_labels(one.events)}" for one in odds[:_SHOWN_LINES]]
    rest = [f"… and {len(odds) - _SHOWN_LINES} more in the file."] if len(odds) > _SHOWN_LINES else []
    return paragraphs(["*At odds with the entries cited, so nobody can sign this draft*", *lines, *rest])


def _shown(text: str) -> str:
    return escape(truncate(text, _LINE_LETTERS))


def _labels(events: Sequence[str]) -> str:
    return f" [{', '.join(events)}]" if events else ""


def _state(
    incident: Incident,
    revision: Revision,
    approval: Approval | None,
    publications: Sequence[Publication],
    names: Callable[[str], str],
    *,
    is_sound: bool,
    is_flagged: bool,
    apart: str,
) -> list[Block]:
    shown = revision.hash.hex()[:HASH_LETTERS]
    value = f"{of_incident(incident)}|{shown}"
    notes = [f"Draft {revision.number}, hash {shown}, from the record up to row {revision.ledger_seq} of its ledger."]
    targets = [one for one in publications if one.target != OFFER]
    wanted = wanted_style(revision.document).value
    another = button("Ask for another", ids.DRAFT, f"{of_incident(incident)}|{wanted}")
    buttons: list[Block] = []
    if revision.is_superseded:
        notes.append("A newer draft replaced this one.")
    elif approval is None:
        notes.append(_unsigned(incident))
        ask = f"Sign draft {revision.number}, hash {shown}, as it stands in the file above?"
        if is_sound and incident.status is Status.IN_REVIEW and not targets:
            buttons.append(button("Approve", ids.APPROVE, value, style="primary", ask=ask))
        if Move.DRAFT in offered_moves(incident.status):
            buttons.append(another)
    else:
        alone = ", alone and as its own author" if approval.is_alone else ""
        who = plain(names(approval.approver), 80) if approval.approver else "somebody whose name was erased on request"
        notes.append(f"Approved by {who}{alone}, {when(approval.approved_at)}.")
        buttons += _of_signed(revision, approval, targets, value)
        if apart and Move.DRAFT in offered_moves(incident.status):
            buttons.append(another)
    notes += [_target_note(one, is_approved=approval is not None, is_held_back=bool(apart)) for one in targets]
    if apart:
        notes.append(escape(told_people(incident, revision, apart)))
    if is_flagged and not revision.is_superseded:
        notes.append("The record changed since it was published: draft and approve another, which then replaces it.")
    return [context(" ".join(notes)), *([actions(*buttons)] if buttons else [])]


def _of_signed(revision: Revision, approval: Approval, targets: Sequence[Publication], value: str) -> list[Block]:
    """The buttons of a draft whose approval stands."""
    buttons = []
    if not targets:
        ask = f"Publish draft {revision.number} to: {', '.join(revision.targets)}?"
        buttons.append(button("Publish", ids.PUBLISH, value, style="primary", ask=ask))
    if approval.approver and all(one.state is not PublicationState.PUBLISHED for one in targets):
        ask = f"Take back your approval of draft {revision.number}? That it was given stays on record."
        buttons.append(button("Take back approval", ids.UNAPPROVE, value, ask=ask))
    return buttons


def _unsigned(incident: Incident) -> str:
    """That nobody has signed it, and why nobody can where the review is over."""
    if incident.status is Status.IN_REVIEW:
        return "Not approved yet."
    state = "open again" if incident.status.is_active else incident.status.value
    return f"Not approved, and nobody can sign it now: {incident.reference} is {state}."


def _target_note(publication: Publication, *, is_approved: bool, is_held_back: bool) -> str:
    if publication.state is PublicationState.FAILING and not is_approved:
        since = when(datetime.fromisoformat(publication.where))
        return f"{publication.target}: goes there no more; whether an attempt since {since} has arrived is not known."
    if publication.published_at is None and not is_approved:
        return f"{publication.target}: not published, because the approval no longer holds."
    if publication.published_at is None and is_held_back:
        return f"{publication.target}: held back."
    if publication.state is PublicationState.FAILING:
        since = when(datetime.fromisoformat(publication.where))
        return f"{publication.target}: failing since {since}, tried again by itself."
    if publication.published_at is None:
        return f"{publication.target}: on its way."
    return f"Published to {publication.target} ({plain(publication.where, 200)}), {when(publication.published_at)}."


def offer_message(publications: Sequence[Publication]) -> tuple[str, str] | None:
    """Where the offer is: its channel and `ts`."""
    for publication in publications:
        if publication.target == OFFER and publication.where:
            channel, _, ts = publication.where.partition(":")
            return channel, ts
    return None


def file_name(incident: Incident, revision: Revision) -> str:
    """The uploaded file's name."""
    return f"postmortem-{incident.number}-draft-{revision.number}.md"
