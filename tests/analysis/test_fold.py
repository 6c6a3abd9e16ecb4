"""The state of an incident is a fold over its events."""

from typing import Any
from uuid import UUID

import pytest

from analysis.events import EventKind
from analysis.fold import apply, begin
from analysis.incident import Incident, Role, Severity, Status, Visibility
from tests.ledgers import START, Ledger, eventful

SILENT = set(EventKind) - {
    EventKind.STATUS_CHANGED,
    EventKind.REOPENED,
    EventKind.SEVERITY_CHANGED,
    EventKind.VISIBILITY_CHANGED,
    EventKind.ROLE_ASSIGNED,
    EventKind.IMPACT_SET,
    EventKind.CHANNEL_LINKED,
    EventKind.CHANNEL_CLOSED,
    EventKind.CHANNEL_LEFT,
    EventKind.CARD_PINNED,
}


def declared() -> tuple[Ledger, Incident]:
    """An incident that has just begun, with its ledger."""
    ledger = Ledger()
    event = ledger.declare(severity="SEV2", title="Card payments fail")
    return ledger, begin(event, incident_id=UUID(int=1), workspace_id=UUID(int=2), number=12)


def test_declaration_opens_the_incident() -> None:
    """Everything that a declaration states is in the first state, and nothing else."""
    _, incident = declared()

    assert incident == Incident(
        id=UUID(int=1),
        workspace_id=UUID(int=2),
        number=12,
        title="Card payments fail",
        severity=Severity.SEV2,
        status=Status.DECLARED,
        visibility=Visibility.PUBLIC,
        declared_at=START,
        declared_by="slack:UADA",
        changed_at=START,
    )


@pytest.mark.parametrize(
    ("kind", "text", "payload", "field", "value"),
    [
        (EventKind.STATUS_CHANGED, "", {"to": "mitigating"}, "status", Status.MITIGATING),
        (EventKind.STATUS_CHANGED, "", {"to": "duplicate", "duplicate_of": 7}, "duplicate_of", 7),
        (EventKind.REOPENED, "", {"to": "investigating", "phase": 2}, "phase", 2),
        (EventKind.REOPENED, "", {"to": "investigating", "phase": 2}, "status", Status.INVESTIGATING),
        (EventKind.SEVERITY_CHANGED, "", {"from": "SEV2", "to": "SEV1"}, "severity", Severity.SEV1),
        (EventKind.VISIBILITY_CHANGED, "", {"to": "private"}, "visibility", Visibility.PRIVATE),
        (EventKind.ROLE_ASSIGNED, "", {"role": "scribe", "person": "slack:UBO"}, "roles", {Role.SCRIBE: "slack:UBO"}),
        (EventKind.IMPACT_SET, "3 % fail", {}, "impact", "3 % fail"),
        (EventKind.CHANNEL_LINKED, "", {"channel": "C9", "name": "inc-12"}, "channel_id", "C9"),
        (EventKind.CHANNEL_LINKED, "", {"channel": "C9", "name": "inc-12"}, "channel_name", "inc-12"),
        (EventKind.CARD_PINNED, "", {"ts": "17.1"}, "card_ts", "17.1"),
    ],
)
def test_event_changes_the_state_that_it_states(
    kind: EventKind, text: str, payload: dict[str, Any], field: str, value: object
) -> None:
    """Each kind with a state of its own sets just that, and when it was recorded."""
    ledger, incident = declared()
    event = ledger.add(kind, 5, text, payload)

    after = apply(incident, event)

    assert (getattr(after, field), after.changed_at) == (value, event.recorded_at)


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_other_facts_leave_the_state_as_it_is(kind: EventKind) -> None:
    """A fact without a state gives back the very same record, so that nothing is written for it."""
    ledger, incident = declared()

    assert apply(incident, ledger.add(kind, 5, "words", {"to": "closed"})) is incident


def test_role_taken_back_is_held_by_nobody() -> None:
    """An empty person ends a role; others keep theirs."""
    ledger, incident = declared()
    ledger.role(1, "scribe", "slack:UADA")
    ledger.role(2, "deputy", "slack:UBO")
    ledger.role(3, "scribe", "")

    for event in ledger.events[1:]:
        incident = apply(incident, event)

    assert incident.roles == {Role.DEPUTY: "slack:UBO"}


def test_new_channel_has_no_card_yet() -> None:
    """A card pinned in an old channel is not edited in the new one."""
    ledger, incident = declared()
    pinned = apply(incident, ledger.add(EventKind.CARD_PINNED, 1, payload={"ts": "17.1"}))

    moved = apply(pinned, ledger.add(EventKind.CHANNEL_LINKED, 2, payload={"channel": "C9", "name": "inc-12-again"}))

    assert (pinned.card_ts, moved.card_ts) == ("17.1", None)


def test_channel_is_private_only_where_the_record_says_so() -> None:
    """What was linked before that was kept counts as public, a renamed one is as private as it was."""
    ledger, incident = declared()
    old = apply(incident, ledger.add(EventKind.CHANNEL_LINKED, 1, payload={"channel": "C9", "name": "inc-12"}))
    said = {"channel": "C9", "name": "inc-12", "is_private": True}

    private = apply(old, ledger.add(EventKind.CHANNEL_LINKED, 2, payload=said))
    renamed = apply(private, ledger.add(EventKind.CHANNEL_LINKED, 3, payload={"channel": "C9", "name": "inc-12-b"}))
    another = apply(renamed, ledger.add(EventKind.CHANNEL_LINKED, 4, payload={"channel": "C10", "name": "inc-12-c"}))

    assert [one.is_channel_private for one in (old, private, renamed, another)] == [False, True, True, False]


def test_private_incident_speaks_only_where_it_is_private() -> None:
    """A channel that may be public is no place for it; a public incident speaks anywhere."""
    ledger, incident = declared()
    said = {"channel": "C9", "name": "inc-12"}
    linked = apply(incident, ledger.add(EventKind.CHANNEL_LINKED, 1, payload=said))

    hidden = apply(linked, ledger.add(EventKind.VISIBILITY_CHANGED, 2, payload={"from": "public", "to": "private"}))
    inside = apply(hidden, ledger.add(EventKind.CHANNEL_LINKED, 3, payload={**said, "is_private": True}))

    assert [one.may_speak_in_channel for one in (linked, hidden, inside)] == [True, False, True]


def test_channel_that_was_left_is_no_longer_the_incidents() -> None:
    """Its card and name go with it, it counts once, and leaving one that is not the incident's changes nothing."""
    ledger, incident = declared()
    linked = apply(incident, ledger.add(EventKind.CHANNEL_LINKED, 1, payload={"channel": "C9", "name": "inc-12"}))
    pinned = apply(linked, ledger.add(EventKind.CARD_PINNED, 2, payload={"ts": "17.1"}))

    left = apply(pinned, ledger.add(EventKind.CHANNEL_LEFT, 3, payload={"channel": "C9"}))
    again = apply(left, ledger.add(EventKind.CHANNEL_LEFT, 4, payload={"channel": "C9"}))

    assert (left.channel_id, left.channel_name, left.card_ts, left.channels_left) == (None, None, None, 1)
    assert again is left


def test_closed_channel_stays_the_incidents_own() -> None:
    """After its channel was archived an incident still belongs there, until it gets another that is open."""
    ledger, incident = declared()
    linked = apply(incident, ledger.add(EventKind.CHANNEL_LINKED, 1, payload={"channel": "C9", "name": "inc-12"}))
    pinned = apply(linked, ledger.add(EventKind.CARD_PINNED, 2, payload={"ts": "17.1"}))

    closed = apply(pinned, ledger.add(EventKind.CHANNEL_CLOSED, 3, payload={"channel": "C9"}))
    moved = apply(closed, ledger.add(EventKind.CHANNEL_LINKED, 4, payload={"channel": "C10", "name": "inc-12-2"}))
    late = apply(moved, ledger.add(EventKind.CHANNEL_CLOSED, 5, payload={"channel": "C9"}))

    found = [(one.channel_id, one.card_ts, one.has_open_channel) for one in (incident, pinned, closed, moved)]
    assert found == [(None, None, False), ("C9", "17.1", True), ("C9", "17.1", False), ("C10", None, True)]
    assert late is moved


def test_phase_begins_in_a_channel_of_its_own_only_where_the_last_one_is_closed() -> None:
    """A reopening goes on in the channel that is there, also in one that is still to be made."""
    ledger, incident = declared()
    second = apply(incident, ledger.reopen(1, phase=2))
    linked = apply(second, ledger.add(EventKind.CHANNEL_LINKED, 2, payload={"channel": "C9", "name": "inc-12"}))
    third = apply(linked, ledger.reopen(3, phase=3))
    closed = apply(third, ledger.add(EventKind.CHANNEL_CLOSED, 4, payload={"channel": "C9"}))

    fourth = apply(closed, ledger.reopen(5, phase=4))

    assert [one.channel_phase for one in (incident, second, third, closed, fourth)] == [1, 1, 1, 1, 4]


def test_fold_of_an_eventful_ledger_is_its_last_state() -> None:
    """Two phases, roles, severities: the state after all of them."""
    incident = eventful().incident()

    found = (incident.status, incident.phase, incident.severity, dict(incident.roles), incident.impact)

    assert found == (
        Status.RESOLVED,
        2,
        Severity.SEV1,
        {Role.INCIDENT_COMMANDER: "slack:UBO", Role.SCRIBE: "slack:UADA"},
        "3 % of card payments fail",
    )
