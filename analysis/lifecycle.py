"""An incident's life: one table of moves that drives the code and the buttons.

A move that is not in `MOVES` cannot be made and is never offered.
"""

from dataclasses import dataclass
from enum import StrEnum

from analysis.errors import IllegalTransition, InvalidInput
from analysis.incident import ACTIVE_STATUSES, ENDED_STATUSES, Incident, Status
from analysis.people import Action

MINIMUM_REASON_LETTERS = 10


class Move(StrEnum):
    """A verb that changes where an incident is."""

    STATUS = "status"  #: between the active states
    RESOLVE = "resolve"  #: it is over
    DRAFT = "draft"  #: the first draft begins the review, and one of a closed incident begins it anew
    CLOSE = "close"  #: finished without, or after, publication
    REOPEN = "reopen"  #: it was not over; the next phase begins
    DECLINE = "decline"  #: it was not an incident
    DUPLICATE = "duplicate"  #: it belongs to another incident
    CANCEL = "cancel"  #: given up


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRule:
    """From where to where, who may, and whether a reason is asked for."""

    move: Move
    sources: frozenset[Status]
    targets: frozenset[Status]
    action: Action
    needs_reason: bool = False


_OVER = frozenset({Status.RESOLVED, Status.IN_REVIEW, Status.CLOSED})

MOVES: tuple[MoveRule, ...] = (
    MoveRule(
        move=Move.STATUS,
        sources=ACTIVE_STATUSES,
        targets=ACTIVE_STATUSES - {Status.DECLARED},
        action=Action.STEER,
    ),
    MoveRule(move=Move.RESOLVE, sources=ACTIVE_STATUSES, targets=frozenset({Status.RESOLVED}), action=Action.STEER),
    MoveRule(
        move=Move.DRAFT,
        sources=_OVER,
        targets=frozenset({Status.IN_REVIEW}),
        action=Action.DRAFT,
    ),
    MoveRule(
        move=Move.CLOSE,
        sources=frozenset({Status.IN_REVIEW}),
        targets=frozenset({Status.CLOSED}),
        action=Action.END,
    ),
    MoveRule(
        move=Move.REOPEN,
        sources=_OVER,
        targets=frozenset({Status.INVESTIGATING}),
        action=Action.REOPEN,
        needs_reason=True,
    ),
    MoveRule(
        move=Move.DECLINE,
        sources=frozenset({Status.DECLARED, Status.INVESTIGATING}),
        targets=frozenset({Status.DECLINED}),
        action=Action.END,
        needs_reason=True,
    ),
    MoveRule(
        move=Move.DUPLICATE,
        sources=ACTIVE_STATUSES,
        targets=frozenset({Status.DUPLICATE}),
        action=Action.END,
        needs_reason=True,
    ),
    MoveRule(
        move=Move.CANCEL,
        sources=ACTIVE_STATUSES,
        targets=frozenset({Status.CANCELLED}),
        action=Action.END,
        needs_reason=True,
    ),
)

_RULES = {rule.move: rule for rule in MOVES}


def offered_moves(status: Status) -> tuple[Move, ...]:
    """The moves that buttons may offer in *status*, in the table's order."""
    return tuple(rule.move for rule in MOVES if status in rule.sources)


def offered_statuses(status: Status) -> tuple[Status, ...]:
    """The active states that `status` may go to from *status*, in the order of a life."""
    if status not in _RULES[Move.STATUS].sources:
        return ()
    return tuple(target for target in Status if target in _RULES[Move.STATUS].targets and target is not status)


def check_move(incident: Incident, move: Move, target: Status, *, reason: str = "") -> None:
    """Pass when *incident* may move to *target*, or say why not.

    Raises
    ------
    IllegalTransition
        If the table has no such move from the incident's state, or it is there already.
    InvalidInput
        If the move needs a reason of at least `MINIMUM_REASON_LETTERS` letters and got none.
    """
    rule = _RULES[move]
    if incident.status not in rule.sources:
        raise IllegalTransition(_cannot(incident, move))
    if target is incident.status and move is Move.STATUS:
        message = f"{incident.reference} is already {_words(target)}."
        raise IllegalTransition(message)
    if target not in rule.targets:
        raise IllegalTransition(_not_there(incident, target))
    if rule.needs_reason and len(reason.strip()) < MINIMUM_REASON_LETTERS:
        message = f"Say why, in at least {MINIMUM_REASON_LETTERS} letters: `{move.value} reason`."
        raise InvalidInput(message)


def check_not_ended(incident: Incident, what: str) -> None:
    """Pass unless *incident* has left the life that *what* belongs to.

    Raises
    ------
    IllegalTransition
        If it is declined, cancelled or a duplicate: it takes what completes its record, and nothing that people act on.
    """
    if incident.status in ENDED_STATUSES:
        raise IllegalTransition(f"{_state(incident)}, so {what}. Nothing was recorded. {_instead(incident)}")


def possible(incident: Incident) -> str:
    """What can be done with *incident* as it is, as a sentence."""
    offered = [f"`{move.value}`" for move in offered_moves(incident.status)]
    return f"Possible here: {', '.join(offered)}." if offered else _instead(incident)


def _cannot(incident: Incident, move: Move) -> str:
    if _PASSIVE[move] == incident.status:
        return f"{_state(incident)} already. {possible(incident)}"
    return f"{_state(incident)}, so it cannot be {_PASSIVE[move]}. {possible(incident)}"


def _not_there(incident: Incident, target: Status) -> str:
    offered = " or ".join(f"`status {status.value}`" for status in offered_statuses(incident.status))
    return f"{_state(incident)} and does not go back to {_words(target)}. Use {offered}."


def _state(incident: Incident) -> str:
    """`#3 is resolved`, or `#3 is a duplicate of #1`."""
    if incident.status is Status.DUPLICATE:
        return f"{incident.reference} is a duplicate" + (
            f" of #{incident.duplicate_of}" if incident.duplicate_of else ""
        )
    return f"{incident.reference} is {_words(incident.status)}"


def _instead(incident: Incident) -> str:
    where = f"Go on in #{incident.duplicate_of}" if incident.duplicate_of else "Declare a new incident if it goes on"
    return f"{where}; here notes, milestones and corrections are still taken."


_PASSIVE = {
    Move.STATUS: "moved to another state",
    Move.RESOLVE: "resolved",
    Move.DRAFT: "drafted",
    Move.CLOSE: "closed",
    Move.REOPEN: "reopened",
    Move.DECLINE: "declined",
    Move.DUPLICATE: "marked as a duplicate",
    Move.CANCEL: "cancelled",
}


def _words(status: Status) -> str:
    return status.value.replace("_", " ")
