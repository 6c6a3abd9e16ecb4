"""Who may do what: the permission table cell by cell, private incidents, people from outside."""

import itertools

import pytest

from analysis.errors import Forbidden, NotFound
from analysis.incident import Role, Visibility
from analysis.people import PERMISSIONS, Access, Action, Person, can_see, holds_role, may, require
from tests.factories import make_incident, make_person

V, R, C, A, X = Access.VIEWER, Access.RESPONDER, Access.COMMANDER, Access.APPROVER, Access.ADMIN

#: Every cell of the table in `docs/reference/permissions.md`.
TABLE = {
    Action.VIEW: {V, R, C, A, X},
    Action.DECLARE: {R, C, A, X},
    Action.RECORD: {R, C, A, X},
    Action.STEER: {R, C, A, X},
    Action.RESOLVE: {C, X},
    Action.REOPEN: {R, C, A, X},
    Action.END: {C, X},
    Action.RESTRICT: {C, X},
    Action.DRAFT: {C, X},
    Action.APPROVE: {A},
    Action.PUBLISH: {C, A, X},
    Action.HOLD: {C, X},
    Action.ACCEPT: {A, X},
    Action.ADMINISTER: {X},
}
CELLS = list(itertools.product(Action, Access))


def test_table_has_a_line_for_every_action() -> None:
    """No action is without a rule, and no rule without an action."""
    assert set(PERMISSIONS) == set(Action) == set(TABLE)


@pytest.mark.parametrize(("action", "access"), CELLS)
def test_person_may_what_the_table_says(action: Action, access: Access) -> None:
    """Each cell: one kind of access, one action, with and without an incident."""
    person, incident = make_person(access), make_incident()

    found = [may(person, action), may(person, action, incident)]

    assert found == [access in TABLE[action]] * 2


@pytest.mark.parametrize("action", Action)
def test_person_without_access_may_nothing(action: Action) -> None:
    """Being in the workspace gives nothing by itself."""
    assert not may(make_person(), action, make_incident())


@pytest.mark.parametrize("role", Role)
def test_commanding_role_gives_a_commanders_permissions_on_that_incident_alone(role: Role) -> None:
    """Commander and deputy decide on their incident; no other role does, and none does elsewhere."""
    holder = make_person(R)
    incident = make_incident(roles={role: holder.id})
    commands = role in {Role.INCIDENT_COMMANDER, Role.DEPUTY}

    there = {action for action in Action if may(holder, action, incident)}
    elsewhere = {action for action in Action if may(holder, action, make_incident())}

    assert there == {action for action in Action if TABLE[action] & ({R, C} if commands else {R})}
    assert elsewhere == {action for action in Action if R in TABLE[action]}


def test_commanding_role_lends_nothing_to_a_viewer() -> None:
    """Somebody who may only look stays so whatever role stands beside their name."""
    holder = make_person(V)

    found = {action for action in Action if may(holder, action, make_incident(roles={Role.DEPUTY: holder.id}))}

    assert found == {Action.VIEW}


@pytest.mark.parametrize("action", Action)
def test_outsider_may_nothing(action: Action) -> None:
    """A guest with every access and the commander's role still may do nothing."""
    guest = make_person(*Access, is_outsider=True)
    incident = make_incident(roles={Role.INCIDENT_COMMANDER: guest.id}, declared_by=guest.id)

    assert not may(guest, action, incident)


def test_outsider_is_told_to_ask_a_colleague() -> None:
    """The refusal says why, and who can help."""
    with pytest.raises(Forbidden, match="Ask a colleague"):
        require(make_person(X, is_outsider=True), Action.DECLARE)


PRIVATE = make_incident(
    visibility=Visibility.PRIVATE, roles={Role.SCRIBE: "slack:U0SCRIBE"}, declared_by="slack:U0DECLARER"
)


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        pytest.param(make_person(X), False, id="an admin"),
        pytest.param(make_person(C), False, id="a commander"),
        pytest.param(make_person(V, id="slack:U0SCRIBE"), True, id="who holds a role in it"),
        pytest.param(make_person(R, id="slack:U0DECLARER"), True, id="who declared it"),
        pytest.param(make_person(V, channels=frozenset({"C0INCIDENT"})), True, id="a member of its channel"),
        pytest.param(make_person(X, channels=frozenset({"C0OTHER"})), False, id="a member of another channel"),
        pytest.param(
            make_person(X, id="slack:U0SCRIBE", channels=frozenset({"C0INCIDENT"}), is_outsider=True),
            False,
            id="an outsider in its channel",
        ),
    ],
)
def test_private_incident_is_seen_by_its_own_people_alone(person: Person, sees: bool) -> None:  # noqa: FBT001
    """Role holders, who declared it and the members of its channel; for everybody else it does not exist."""
    assert can_see(person, PRIVATE) is sees


def test_private_incident_without_a_channel_is_no_open_door() -> None:
    """Before its channel exists, nobody is a member of it."""
    incident = make_incident(visibility=Visibility.PRIVATE, channel_id=None)

    assert not can_see(make_person(X, channels=frozenset()), incident)


@pytest.mark.parametrize("action", Action)
def test_private_incident_reads_like_one_that_does_not_exist(action: Action) -> None:
    """Whatever is asked, and whatever they may elsewhere, outsiders to it get the answer of an unknown number."""
    with pytest.raises(NotFound) as refused:
        require(make_person(*Access), action, PRIVATE)

    assert refused.value.message == NotFound().message


@pytest.mark.parametrize(("action", "access"), [cell for cell in CELLS if cell[1] not in TABLE[cell[0]]])
def test_refusal_names_who_may(action: Action, access: Access) -> None:
    """Somebody who may not learns whom to ask."""
    with pytest.raises(Forbidden) as refused:
        require(make_person(access), action, make_incident())

    assert all(needed.value in refused.value.message for needed in TABLE[action])


def test_holding_a_role_means_that_very_role() -> None:
    """A role counts for its holder only, and only among those asked about."""
    incident, asked = make_incident(roles={Role.DEPUTY: "slack:U0DEPUTY"}), frozenset({Role.DEPUTY})

    found = [
        holds_role(make_person(id="slack:U0DEPUTY"), incident, asked),
        holds_role(make_person(id="slack:U0DEPUTY"), incident, frozenset({Role.SCRIBE})),
        holds_role(make_person(id="slack:U0OTHER"), incident, asked),
    ]

    assert found == [True, False, False]


def test_slack_id_is_known_of_slack_people_only() -> None:
    """An actor of another door has no Slack id to mention."""
    assert [make_person(id=one).slack_id for one in ("slack:U1", "webhook:ci")] == ["U1", None]
