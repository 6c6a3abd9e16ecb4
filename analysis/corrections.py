"""What later events say of earlier ones: that they are wrong, or do not belong on the timeline.

Nothing is changed in place: the event that is corrected stays in the ledger, and the one that corrects it points at
it. Of several the one that was said last counts, by the instant at which it was said and then by natural key, never by
the order of arrival; who corrects only the time leaves the text as the others have it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from analysis.errors import Refused
from analysis.events import EventKind, TimelineEvent
from analysis.precision import Precision

TEXT, TIME = "text", "time"

#: What of an entry may be corrected, by its kind. What systems report and what stakeholders were told happened as it
#: did: of the one only the time may be wrong, of the other only the words.
CORRECTABLE: Mapping[EventKind, frozenset[str]] = {
    EventKind.NOTE: frozenset({TEXT, TIME}),
    EventKind.IMPACT_SET: frozenset({TEXT, TIME}),
    EventKind.UPDATE_SENT: frozenset({TEXT}),
    EventKind.DEPLOY: frozenset({TIME}),
    EventKind.FEATURE_FLAG: frozenset({TIME}),
    EventKind.EXTERNAL: frozenset({TIME}),
}
#: What may be taken off the timeline; the rest has a verb of its own.
WITHDRAWABLE = frozenset({EventKind.NOTE, EventKind.DEPLOY, EventKind.FEATURE_FLAG, EventKind.EXTERNAL})

_INSTEAD: Mapping[EventKind, str] = {
    EventKind.MESSAGE: (
        "is a Slack message: its author edits it in Slack, and the record follows; taking its marks away takes it off "
        "the timeline"
    ),
    EventKind.STATUS_CHANGED: "is a change of status: set the right one with `/incident status`, `resolve` or `reopen`",
    EventKind.REOPENED: "is a reopening: set the right status with `/incident status` or `resolve`",
    EventKind.SEVERITY_CHANGED: "is a change of severity: set the right one with `/incident severity`",
    EventKind.ROLE_ASSIGNED: "is a change of roles: give the role to the right person with `/incident role`",
    EventKind.VISIBILITY_CHANGED: "is a change of visibility: use `/incident private` or `/incident public`",
    EventKind.MILESTONE_SET: (
        "is a milestone: set it anew with `/incident milestone detection 09:12 phase 1`, or take it back with `none` "
        "in place of the time"
    ),
    EventKind.DECLARED: (
        "is the declaration: its instant is corrected by `/incident milestone awareness 09:12`, its severity by "
        "`/incident severity`; its title stays as it was declared"
    ),
    EventKind.IMPACT_SET: "is the customer impact: correct it with `/incident correct`, or state it anew",
    EventKind.ALERT_GROUP_ATTACHED: "is an attached group of alerts: take it off the incident with `/incident detach`",
    EventKind.ALERT_GROUP_DETACHED: "is a detached group of alerts: put it back with `/incident attach`",
    EventKind.ALERT_GROUP_COUNTED: "is what alerts had come to at the resolution, which Debrief counted",
    EventKind.PAGED: "is a page: end it with `/incident page resolve 1`",
    EventKind.PAGE_FAILED: "is what became of a page: page again with `/incident page`",
    EventKind.PAGE_ACKNOWLEDGED: "is what the pager or a responder said of a page",
    EventKind.PAGE_RESOLVED: "is what the pager or a responder said of a page",
    EventKind.PAGE_REOPENED: "is what the pager said of a page",
    EventKind.UPDATE_SENT: "is what stakeholders were told: correct it with `/incident correct`, which tells them so",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One correction of an entry: who said so and when, and what the entry had said before."""

    by: str
    at: datetime
    before: str
    before_at: datetime
    before_precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That an entry is off the timeline: who said so, when and why."""

    by: str
    at: datetime
    reason: str


def said_order(event: TimelineEvent) -> tuple[datetime, str]:
    """The order of what was said of others: by the instant at which it was said, then by natural key."""
    return event.occurred_at, event.natural_key


def corrections_of(events: Iterable[TimelineEvent]) -> Mapping[UUID, tuple[TimelineEvent, ...]]:
    """The `corrected` events of each event, by its id, in the order in which they were said."""
    return _by_target(events, frozenset({EventKind.CORRECTED}))


def withdrawals(events: Iterable[TimelineEvent]) -> Mapping[UUID, Withdrawal]:
    """What is withdrawn and not restored since, by id."""
    found = _by_target(events, frozenset({EventKind.WITHDRAWN, EventKind.RESTORED}))
    return {
        target: Withdrawal(by=said[-1].actor, at=said[-1].occurred_at, reason=said[-1].text)
        for target, said in found.items()
        if said[-1].kind is EventKind.WITHDRAWN
    }


def as_corrected(
    event: TimelineEvent, corrections: Sequence[TimelineEvent]
) -> tuple[TimelineEvent, tuple[Correction, ...]]:
    """*event* as its *corrections* leave it, and what each of them changed."""
    history = []
    for said in corrections:
        history.append(
            Correction(
                by=said.actor,
                at=said.occurred_at,
                before=event.text,
                before_at=event.occurred_at,
                before_precision=event.precision,
            )
        )
        event = _corrected(event, said)
    return event, tuple(history)


def check_correctable(event: TimelineEvent, label: str, changes: frozenset[str]) -> None:
    """Pass if these parts of *event* may be corrected, or refuse with what to do instead."""
    allowed = CORRECTABLE.get(event.kind)
    if allowed is None:
        message = f"{label} {_INSTEAD[event.kind]}. Nothing was recorded."
        raise Refused(message)
    if changes <= allowed:
        return
    if TEXT in allowed:
        message = f"{label} was told when it was posted: its words can be corrected, its time cannot."
    else:
        message = f"{label} is what a system reported: its time can be corrected, its words cannot. Write a note."
    raise Refused(message)


def check_withdrawable(event: TimelineEvent, label: str) -> None:
    """Pass if *event* may be taken off the timeline or put back, or refuse with what to do instead."""
    if event.kind not in WITHDRAWABLE:
        message = f"{label} {_INSTEAD[event.kind]}. Nothing was recorded."
        raise Refused(message)


def _corrected(event: TimelineEvent, said: TimelineEvent) -> TimelineEvent:
    changes = said.payload["changes"]
    if TIME in changes:
        at = datetime.fromisoformat(said.payload["at"]).astimezone(UTC)
        event = replace(event, occurred_at=at, precision=Precision(said.payload["precision"]))
    if TEXT in changes:
        # What is shown is the last text, so whether a text was erased is said of that one.
        event = replace(event, text=said.text, erased=event.erased - {TEXT} | said.erased & {TEXT})
    return event


def _by_target(
    events: Iterable[TimelineEvent], kinds: frozenset[EventKind]
) -> Mapping[UUID, tuple[TimelineEvent, ...]]:
    found: dict[UUID, list[TimelineEvent]] = {}
    for event in sorted((event for event in events if event.kind in kinds), key=said_order):
        if event.refers_to is not None:
            found.setdefault(event.refers_to, []).append(event)
    return {target: tuple(said) for target, said in found.items()}
