"""The life of an incident: the table of `product.md`, written here a second time and compared."""

from typing import Any

import pytest

from analysis.errors import IllegalTransition, InvalidInput
from analysis.incident import Status
from analysis.lifecycle import (
    MINIMUM_REASON_LETTERS,
    MOVES,
    Move,
    MoveRule,
    check_move,
    check_not_ended,
    offered_moves,
    offered_statuses,
)
from analysis.people import Action
from tests.factories import make_incident

ACTIVE = {Status.DECLARED, Status.INVESTIGATING, Status.MITIGATING, Status.MONITORING}
WORKING = ACTIVE - {Status.DECLARED}
OVER = {Status.RESOLVED, Status.IN_REVIEW, Status.CLOSED}
ENDED = {Status.DECLINED, Status.DUPLICATE, Status.CANCELLED}

#: (from, move, to): every legal move, and no other.
LEGAL = {
    *((source, Move.STATUS, target) for source in ACTIVE for target in WORKING - {source}),
    *((source, Move.RESOLVE, Status.RESOLVED) for source in ACTIVE),
    *((source, Move.DRAFT, Status.IN_REVIEW) for source in OVER),
    (Status.IN_REVIEW, Move.CLOSE, Status.CLOSED),
    *((source, Move.REOPEN, Status.INVESTIGATING) for source in OVER),
    *((source, Move.DECLINE, Status.DECLINED) for source in (Status.DECLARED, Status.INVESTIGATING)),
    *((source, Move.DUPLICATE, Status.DUPLICATE) for source in ACTIVE),
    *((source, Move.CANCEL, Status.CANCELLED) for source in ACTIVE),
}
NEEDS_REASON = {Move.REOPEN, Move.DECLINE, Move.DUPLICATE, Move.CANCEL}
ASKS = {
    Move.STATUS: Action.STEER,
    Move.RESOLVE: Action.STEER,
    Move.DRAFT: Action.DRAFT,
    Move.CLOSE: Action.END,
    Move.REOPEN: Action.REOPEN,
    Move.DECLINE: Action.END,
    Move.DUPLICATE: Action.END,
    Move.CANCEL: Action.END,
}
REASON = "It was a drill, not an incident."


def accepted(status: Status) -> set[tuple[Status, Move, Status]]:
    """Every move that is let through from *status*, with a reason given."""
    incident, found = make_incident(status=status), set()
    for move in Move:
        for target in Status:
            try:
                check_move(incident, move, target, reason=REASON)
            except IllegalTransition:
                continue
            found.add((status, move, target))
    return found


@pytest.mark.parametrize("status", Status)
def test_move_is_accepted_exactly_where_the_table_has_it(status: Status) -> None:
    """Of all moves to all states, those of the product's table pass and every other one is refused."""
    expected = {move for move in LEGAL if move[0] is status}

    found = accepted(status)

    assert found == expected


@pytest.mark.parametrize("status", Status)
def test_buttons_offer_exactly_what_is_accepted(status: Status) -> None:
    """An offered move or state would be accepted, and an accepted one is offered."""
    possible = accepted(status)

    moves, targets = offered_moves(status), offered_statuses(status)

    assert set(moves) == {move for _, move, _ in possible}
    assert set(targets) == {target for _, move, target in possible if move is Move.STATUS}


@pytest.mark.parametrize("status", sorted(ENDED))
def test_ended_incident_goes_nowhere(status: Status) -> None:
    """What was declined, merged or cancelled offers nothing more."""
    assert offered_moves(status) == ()


def test_active_states_are_offered_in_the_order_of_a_life() -> None:
    """Buttons for the state stand in the same order whatever the present state is."""
    assert offered_statuses(Status.MITIGATING) == (Status.INVESTIGATING, Status.MONITORING)


@pytest.mark.parametrize("rule", MOVES, ids=lambda rule: rule.move)
def test_move_asks_for_the_permission_of_its_line(rule: MoveRule) -> None:
    """Who may make a move, and whether a reason is asked for, stand in the table."""
    assert (rule.action, rule.needs_reason) == (ASKS[rule.move], rule.move in NEEDS_REASON)


def test_table_has_one_line_for_each_move() -> None:
    """No move has two rules, and none is without."""
    assert [rule.move for rule in MOVES] == list(Move)


@pytest.mark.parametrize(("source", "move", "target"), sorted(one for one in LEGAL if one[1] in NEEDS_REASON))
def test_reason_is_asked_for_where_the_table_says_so(source: Status, move: Move, target: Status) -> None:
    """Blanks around a reason do not count, and one letter too few is refused with the verb's usage."""
    incident = make_incident(status=source)
    short = "  " + "x" * (MINIMUM_REASON_LETTERS - 1) + "  "

    with pytest.raises(InvalidInput, match=f"`{move.value} reason`"):
        check_move(incident, move, target, reason=short)
    check_move(incident, move, target, reason=short.strip() + "x")


@pytest.mark.parametrize(("source", "move", "target"), sorted(one for one in LEGAL if one[1] not in NEEDS_REASON))
def test_reason_is_not_asked_for_elsewhere(source: Status, move: Move, target: Status) -> None:
    """Working an incident needs no justification."""
    check_move(make_incident(status=source), move, target)


def test_refusal_names_the_state_and_what_is_possible() -> None:
    """A refused move says where the incident is and what can be done from there."""
    with pytest.raises(IllegalTransition) as refused:
        check_move(make_incident(status=Status.IN_REVIEW), Move.RESOLVE, Status.RESOLVED)

    assert (
        refused.value.message
        == "#12 is in review, so it cannot be resolved. Possible here: `draft`, `close`, `reopen`."
    )


@pytest.mark.parametrize(
    ("incident", "move", "sentence"),
    [
        pytest.param(
            {"status": Status.RESOLVED},
            Move.RESOLVE,
            "#12 is resolved already. Possible here: `draft`, `reopen`.",
            id="resolved",
        ),
        pytest.param(
            {"status": Status.DUPLICATE, "duplicate_of": 9},
            Move.REOPEN,
            "#12 is a duplicate of #9, so it cannot be reopened. Go on in #9; here notes, milestones and corrections "
            "are still taken.",
            id="duplicate",
        ),
        pytest.param(
            {"status": Status.CANCELLED},
            Move.STATUS,
            "#12 is cancelled, so it cannot be moved to another state. Declare a new incident if it goes on; here "
            "notes, milestones and corrections are still taken.",
            id="cancelled",
        ),
    ],
)
def test_refusal_where_little_is_left_says_where_to_go_on(incident: dict[str, Any], move: Move, sentence: str) -> None:
    """Nobody is left with a list of nothing."""
    with pytest.raises(IllegalTransition) as refused:
        check_move(make_incident(**incident), move, Status.RESOLVED, reason=REASON)

    assert refused.value.message == sentence


@pytest.mark.parametrize("status", list(Status))
def test_ended_incident_takes_nothing_that_people_act_on(status: Status) -> None:
    """Exactly the states that no move leads out of are ended, and the refusal says what is left as it is."""
    incident = make_incident(status=status)
    if offered_moves(status) or status is Status.CLOSED:
        check_not_ended(incident, "its severity stays as it is")
        return

    with pytest.raises(IllegalTransition, match=r"^#12 is .*, so its severity stays as it is\. Nothing was recorded\."):
        check_not_ended(incident, "its severity stays as it is")


def test_refusal_of_the_present_state_says_so() -> None:
    """Going where the incident is already is refused as what it is."""
    with pytest.raises(IllegalTransition, match=r"^#12 is already monitoring\.$"):
        check_move(make_incident(status=Status.MONITORING), Move.STATUS, Status.MONITORING)


def test_refusal_to_go_back_says_where_it_can_go() -> None:
    """An incident that people work on is not declared once more; the states it can have are named."""
    with pytest.raises(IllegalTransition) as refused:
        check_move(make_incident(status=Status.MONITORING), Move.STATUS, Status.DECLARED)

    assert refused.value.message == (
        "#12 is monitoring and does not go back to declared. Use `status investigating` or `status mitigating`."
    )
