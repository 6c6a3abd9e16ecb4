"""A draft in Slack: the whole document with its evidence, and the buttons that its state allows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from analysis.document import Document, Section, summary_line
from analysis.document_tree import from_tree
from analysis.incident import Incident
from analysis.slacktext import escape
from bot.ports.records import Approval, Publication, Revision
from bot.slack import ids
from bot.slack.elements import (
    BLOCKS_PER_MESSAGE,
    LETTERS_PER_MESSAGE,
    SECTION_LETTERS,
    Block,
    actions,
    button,
    context,
    header,
    paragraphs,
    plain,
    section,
    when,
)
from bot.usecases.publishing import FAILING

HASH_LETTERS = 8
_BLOCKS_FOR_STATE = 4
_LETTERS_FOR_STATE = 1500
OFFER = "offer"


def offer(
    incident: Incident,
    revision: Revision,
    approval: Approval | None,
    publications: Sequence[Publication],
    names: Callable[[str], str],
    *,
    is_whole: bool,
) -> tuple[str, list[Block]]:
    """The message that offers a revision: its text for the notification, and its blocks.

    With *is_whole* the document itself is in the blocks; otherwise it was uploaded beside it.
    """
    document = from_tree(revision.document)
    text = f"{incident.reference}: {summary_line(document, revision.number)}"
    blocks = [header(f"Postmortem {incident.reference}, draft {revision.number}")]
    blocks += [section(plain(summary_line(document, revision.number)))]
    blocks += (
        document_blocks(document) if is_whole else [section("The whole document is in the file above this message.")]
    )
    blocks += _state(incident, revision, approval, publications, names)
    return text, blocks


def fits(revision: Revision) -> bool:
    """Whether the whole document fits into one message of blocks."""
    document = from_tree(revision.document)
    if any(len(line) > SECTION_LETTERS for _, lines in _parts(document) for line in lines):
        return False
    blocks = document_blocks(document)
    letters = sum(len(block["text"]["text"]) for block in blocks if "text" in block)
    return len(blocks) + _BLOCKS_FOR_STATE <= BLOCKS_PER_MESSAGE and letters + _LETTERS_FOR_STATE <= LETTERS_PER_MESSAGE


def document_blocks(document: Document) -> list[Block]:
    """Every part of the document, in reading order, each statement with the labels of its evidence."""
    return [block for title, lines in _parts(document) if lines for block in paragraphs([f"*{title}*", *lines])]


def _parts(document: Document) -> Iterator[tuple[str, list[str]]]:
    """The document's titles with their lines, escaped and whole."""
    yield "Facts", [f"*{escape(fact.name)}:* {escape(fact.value)}{_labels(fact.events)}" for fact in document.facts]
    for part in document.sections:
        yield part.title, _section_lines(part)
    yield (
        "Durations",
        [
            f"{row.title}, phase {row.phase}: {escape(row.text)} ({escape(row.definition)}){_labels(row.events)}"
            for row in document.durations
        ],
    )
    yield (
        "Timeline",
        [
            f"`{row.label}` {when(row.at, form='{date_short} {time_secs}')} {escape(row.who)}: "
            f"{escape(' '.join([row.text, *(f'{before}.' for before in row.history)]))}"
            for row in document.timeline
        ],
    )
    yield (
        "Milestones",
        [
            f"{row.milestone.value.capitalize()}, phase {row.phase}: "
            f"{when(row.at) if row.at else 'not set'}{_labels(row.events)}"
            for row in document.milestones
        ],
    )


def _section_lines(part: Section) -> list[str]:
    lines = [f"• {escape(one.text)}{_labels(one.events)}" for one in part.statements]
    return lines + [f"_{escape(ask)}_" for ask in part.asks]


def _labels(events: Sequence[str]) -> str:
    return f" [{', '.join(events)}]" if events else ""


def _state(
    incident: Incident,
    revision: Revision,
    approval: Approval | None,
    publications: Sequence[Publication],
    names: Callable[[str], str],
) -> list[Block]:
    shown = revision.hash.hex()[:HASH_LETTERS]
    value = f"{incident.number}|{shown}"
    notes = [f"Draft {revision.number}, hash {shown}, from the record up to entry {revision.ledger_seq}."]
    targets = [one for one in publications if one.target != OFFER]
    buttons: list[Block] = []
    if revision.is_superseded:
        notes.append("A newer draft replaced this one.")
    elif approval is None:
        notes.append("Not approved yet.")
        ask = f"Sign draft {revision.number}, hash {shown}, as it stands here?"
        buttons.append(button("Approve", ids.APPROVE, value, style="primary", ask=ask))
        buttons.append(button("Ask for another", ids.DRAFT, str(incident.number)))
    else:
        alone = ", alone and as its own author" if approval.is_alone else ""
        notes.append(f"Approved by {plain(names(approval.approver), 80)}{alone}, {when(approval.approved_at)}.")
        if not targets:
            ask = f"Publish draft {revision.number} to: {', '.join(revision.targets)}?"
            buttons.append(button("Publish", ids.PUBLISH, value, style="primary", ask=ask))
    notes += [_target_note(one, is_approved=approval is not None) for one in targets]
    return [context(" ".join(notes)), *([actions(*buttons)] if buttons else [])]


def _target_note(publication: Publication, *, is_approved: bool) -> str:
    if publication.published_at is None and not is_approved:
        return f"{publication.target}: not published, because the approval no longer holds."
    if publication.state == FAILING:
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
