"""Whether the record has overtaken what a post would say: a post that waited must not be a false last word."""

from collections.abc import Iterable

from analysis.corrections import said_order
from analysis.events import EventKind, TimelineEvent
from analysis.incident import Severity
from analysis.lifecycle import Move

_OF_PAGES = frozenset({EventKind.PAGE_ACKNOWLEDGED, EventKind.PAGE_RESOLVED, EventKind.PAGE_REOPENED})
#: The kinds of events that can overtake another.
OVERTAKING = _OF_PAGES | {
    EventKind.STATUS_CHANGED,
    EventKind.REOPENED,
    EventKind.CORRECTED,
    EventKind.ALERT_GROUP_DETACHED,
}

_STATES = frozenset({EventKind.STATUS_CHANGED, EventKind.REOPENED})
#: Each is told by a post of its own. A review that begins, or another active state, makes no earlier post false.
_ENDS = frozenset({Move.RESOLVE, Move.CLOSE, Move.DECLINE, Move.DUPLICATE, Move.CANCEL})


def is_overtaken(event: TimelineEvent, others: Iterable[TimelineEvent], severity: Severity) -> bool:
    """Whether a post about *event* says what is no longer so, as of *others* and the incident's present *severity*.

    A rise is overtaken by a fall below it, an end or a reopening by the next of them, an attachment of alerts by their
    detachment, what became of a page by what became of it since, and an update by its correction: what overtakes is
    told by its own post, or nothing is left to notice.
    """
    if event.kind is EventKind.SEVERITY_CHANGED:
        return severity.rank > Severity(event.payload["to"]).rank
    if event.kind in _STATES:
        return any(one.seq > event.seq and _changes_state(one) for one in others)
    if event.kind is EventKind.ALERT_GROUP_ATTACHED:
        return any(one.seq > event.seq and _detaches(one, event.payload.get("group")) for one in others)
    if event.kind in _OF_PAGES:
        return any(_becomes(one, event) for one in others)
    corrections = [one for one in others if one.kind is EventKind.CORRECTED]
    if event.kind is EventKind.CORRECTED:
        same = [one for one in corrections if one.refers_to == event.refers_to]
        return any(said_order(one) > said_order(event) for one in same)
    return any(one.refers_to == event.id for one in corrections)


def _changes_state(event: TimelineEvent) -> bool:
    return event.kind is EventKind.REOPENED or (
        event.kind is EventKind.STATUS_CHANGED and event.payload.get("move") in _ENDS
    )


def _becomes(one: TimelineEvent, event: TimelineEvent) -> bool:
    """Whether *one* says what became of the same page later; a pager's reports come in any order.

    That it is open again is overtaken only by what was recorded later, too: the pager's clock may be behind ours.
    """
    is_same = one.kind in _OF_PAGES and one.payload.get("page") == event.payload.get("page")
    is_later = (one.occurred_at, one.seq) > (event.occurred_at, event.seq)
    return is_same and is_later and (event.kind is not EventKind.PAGE_REOPENED or one.seq > event.seq)


def _detaches(event: TimelineEvent, group: str | None) -> bool:
    return event.kind is EventKind.ALERT_GROUP_DETACHED and event.payload.get("group") == group
