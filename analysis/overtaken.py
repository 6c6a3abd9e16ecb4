"""Whether the record has overtaken what a post would say: a post that waited must not be a false last word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from analysis.corrections import said_order
from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Severity
from analysis.lifecycle import Move

#: What becomes of a page.
OF_PAGES = frozenset({EventKind.PAGE_ACKNOWLEDGED, EventKind.PAGE_RESOLVED, EventKind.PAGE_REOPENED})
#: The kinds of events that can overtake another.
OVERTAKING = OF_PAGES | {
    EventKind.STATUS_CHANGED,
    EventKind.REOPENED,
    EventKind.CORRECTED,
    EventKind.ALERT_GROUP_DETACHED,
}

_STATES = frozenset({EventKind.STATUS_CHANGED, EventKind.REOPENED})
#: Each is told by a post of its own. A review that begins, or another active state, makes no earlier post false.
_ENDS = frozenset({Move.RESOLVE, Move.CLOSE, Move.DECLINE, Move.DUPLICATE, Move.CANCEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWord:
    """What was said of a page: recorded as entry `seq`, of the instant `at`, by the pager or here."""

    kind: EventKind
    at: datetime
    seq: int
    is_of_pager: bool


def page_words(events: Iterable[TimelineEvent], page: object) -> list[PageWord]:
    """What *events* say became of *page*."""
    return [
        PageWord(kind=one.kind, at=one.occurred_at, seq=one.seq, is_of_pager=one.source is Source.WEBHOOK)
        for one in events
        if one.kind in OF_PAGES and one.payload.get("page") == page
    ]


def last_word(words: Sequence[PageWord]) -> PageWord | None:
    """The word that says how a page is: an acknowledgement of what is resolved says nothing.

    The pager's words come in any order, so its clock orders them. A word said here and one of the pager's stand as they
    were recorded, because two clocks cannot be compared; one that the pager says late stands before its later ones.
    """
    placed = [(word.seq, word) for word in words if not word.is_of_pager]
    theirs = sorted((word for word in words if word.is_of_pager), key=lambda word: (word.at, word.seq))
    places = reversed([*accumulate((word.seq for word in reversed(theirs)), min)])
    placed = sorted([*placed, *zip(places, theirs, strict=True)], key=lambda one: one[0])
    last: PageWord | None = None
    for _, word in placed:
        is_over = last is not None and last.kind is EventKind.PAGE_RESOLVED
        if word.kind is not EventKind.PAGE_ACKNOWLEDGED or not is_over:
            last = word
    return last


def is_overtaken(event: TimelineEvent, record: Iterable[TimelineEvent], severity: Severity) -> bool:
    """Whether a post about *event* says what is no longer so, as of *record* and the incident's present *severity*.

    A rise is overtaken by a fall below it, an end or a reopening by the next of them, an attachment of alerts by their
    detachment, what became of a page by its last word, and an update by its correction: what overtakes is
    told by its own post, or nothing is left to notice.
    """
    if event.kind is EventKind.SEVERITY_CHANGED:
        return severity.rank > Severity(event.payload["to"]).rank
    if event.kind in _STATES:
        return any(one.seq > event.seq and _changes_state(one) for one in record)
    if event.kind is EventKind.ALERT_GROUP_ATTACHED:
        return any(one.seq > event.seq and _detaches(one, event.payload.get("group")) for one in record)
    if event.kind in OF_PAGES:
        last = last_word(page_words(record, event.payload.get("page")))
        return last is not None and last.seq != event.seq
    corrections = [one for one in record if one.kind is EventKind.CORRECTED]
    if event.kind is EventKind.CORRECTED:
        same = [one for one in corrections if one.refers_to == event.refers_to]
        return any(said_order(one) > said_order(event) for one in same)
    return any(one.refers_to == event.id for one in corrections)


def _changes_state(event: TimelineEvent) -> bool:
    return event.kind is EventKind.REOPENED or (
        event.kind is EventKind.STATUS_CHANGED and event.payload.get("move") in _ENDS
    )


def _detaches(event: TimelineEvent, group: str | None) -> bool:
    return event.kind is EventKind.ALERT_GROUP_DETACHED and event.payload.get("group") == group
