"""Each verb of `/incident`, typed by a person in the stand-in, is answered as documented."""

import re

import pytest

from demo.stage import HOME
from demo.waiting import wait_for
from tests.e2e.room import APPROVE, APPROVER, COMMANDER, PUBLISH, RESPONDER, Room

pytestmark = pytest.mark.standin

VERBS = (
    ("list", "Payouts late"),
    ("status", "declared"),
    ("status mitigating", "is now mitigating"),
    ("severity SEV1 all regions", "is now SEV1"),
    (f"role scribe <@{APPROVER.id}>", "scribe is now abel"),
    ("note the export hangs", "Noted"),
    ("note 2h ago the export hangs", "Noted"),
    ("impact Payouts arrive tomorrow", "on record"),
    ("update Payouts recover", "on record"),
    ("milestone recovery now", "recovery was at"),
    ("timeline", "Payouts late"),
    ("signals", "Nothing stands out so far"),
    ("changes", "No deploy, feature flag or event is known"),
    ("promote E1 as impact", "stands as impact"),
    ("page payments the disk is full", "No pager is set up"),
    (f"page <@{APPROVER.id}> please join", "No pager is set up"),
    ("page", "Nobody was paged"),
    ("oncall payments", "No pager is set up"),
    ("resolve confirm", "is resolved"),
    ("help", "/incident declare"),
)


@pytest.mark.parametrize(("typed", "answer"), VERBS, ids=[typed for typed, _ in VERBS])
def test_verb_is_answered_to_its_author_alone(room: Room, typed: str, answer: str) -> None:
    """A verb after an incident's number works in any channel."""
    number = _number(room.ask(RESPONDER, "declare SEV3 Payouts late"))

    said = room.ask(RESPONDER, f"#{number} {typed}")

    assert answer in said


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("decline it was a planned test", "is declined"), ("cancel nobody is affected after all", "is cancelled")],
    ids=["decline", "cancel"],
)
def test_verb_that_ends_an_incident_is_the_commanders(room: Room, typed: str, answer: str) -> None:
    """Ending an incident otherwise than by resolving it is refused to a responder."""
    number = _number(room.ask(RESPONDER, "declare SEV3 Payouts late"))

    refused = room.ask(RESPONDER, f"#{number} {typed}")
    accepted = room.ask(COMMANDER, f"#{number} {typed}")

    assert answer not in refused
    assert answer in accepted


@pytest.mark.thorough
def test_verbs_of_the_review_sign_by_hash_and_ask_before_they_publish(room: Room) -> None:
    """A draft is signed by the hash its reader saw, and publishing asks once."""
    channel = room.declare(RESPONDER, "SEV4 Payouts late")
    room.ask(RESPONDER, "resolve confirm", channel)
    room.workspace.command(COMMANDER.id, channel, "draft")
    shown = re.search(r"hash ([0-9a-f]{8})", room.wait_for_button(channel, APPROVE).words())
    assert shown

    unsigned = room.ask(APPROVER, "publish", channel)
    approved = room.ask(APPROVER, f"approve {shown[1]}", channel)
    question = room.ask_message(APPROVER, "publish", channel)

    assert "not approved" in unsigned
    assert "You approved" in approved
    assert question.words().startswith("Publish draft 1")
    assert PUBLISH in {button.action_id for button in question.buttons()}


def test_verb_close_needs_a_reason_where_nothing_was_published(room: Room) -> None:
    """An incident in review can be finished without a document, for a reason."""
    number = _number(room.ask(RESPONDER, "declare SEV5 Payouts late"))
    room.ask(RESPONDER, f"#{number} resolve confirm")
    room.workspace.command(COMMANDER.id, HOME.id, f"#{number} draft")
    wait_for("the draft", lambda: "in review" in room.ask(COMMANDER, f"#{number} status"), every=0.2)

    without = room.ask(COMMANDER, f"#{number} close")
    closed = room.ask(COMMANDER, f"#{number} close too small for a document")

    assert "is closed" not in without
    assert "is closed" in closed


def test_verbs_private_and_public_change_who_may_see_it(room: Room) -> None:
    """A private incident does not exist for a person without a role in it, and comes back when it is public."""
    number = _number(room.ask(COMMANDER, "declare SEV3 Payouts late"))

    hidden = room.ask(COMMANDER, f"#{number} private")
    refused = room.ask(RESPONDER, f"#{number} timeline")
    asked = room.ask(COMMANDER, f"#{number} public")
    still_hidden = room.ask(RESPONDER, f"#{number} timeline")
    shown = room.ask(COMMANDER, f"#{number} public confirm")
    found = room.ask(RESPONDER, f"#{number} timeline")

    assert "private" in hidden
    assert "There is no incident" in refused
    assert "Make it public?" in asked
    assert "There is no incident" in still_hidden
    assert "public" in shown
    assert "Payouts late" in found


def test_verbs_around_a_reopening_keep_both_phases(room: Room) -> None:
    """What was resolved can be opened again with a reason, in the next phase."""
    number = _number(room.ask(RESPONDER, "declare SEV3 Payouts late"))
    room.ask(RESPONDER, f"#{number} resolve confirm")

    without = room.ask(RESPONDER, f"#{number} reopen")
    reopened = room.ask(RESPONDER, f"#{number} reopen it came back within the hour")

    assert "Say why" in without
    assert "phase 2" in reopened


def test_verbs_that_correct_leave_the_label_where_it_was(room: Room) -> None:
    """What was wrong is corrected, taken off, put back and vouched for no longer, under one label."""
    number = _number(room.ask(RESPONDER, "declare SEV3 Payouts late"))
    room.ask(RESPONDER, f"#{number} note 2h ago the exprt hangs")
    found = re.search(r"`(E\d+)`[^\n]*the exprt hangs", room.ask(RESPONDER, f"#{number} timeline"))
    assert found
    label = found[1]

    answers = [
        room.ask(RESPONDER, f"#{number} {typed}")
        for typed in (
            f"correct {label} 3h ago the export hangs",
            f"promote {label} as cause",
            f"unpromote {label} as cause",
            f"withdraw {label} it was another incident",
            f"restore {label}",
        )
    ]

    assert "is corrected at" in answers[0]
    assert "is no longer promoted" in answers[2]
    assert "is off the timeline" in answers[3]
    assert answers[4].endswith(f"{label} is on the timeline again: “the export hangs”")


def test_verb_duplicate_names_the_other_incident(room: Room) -> None:
    """An incident can be folded into another by its commander."""
    first = _number(room.ask(RESPONDER, "declare SEV3 Payouts late"))
    second = _number(room.ask(RESPONDER, "declare SEV3 Payouts missing"))

    answer = room.ask(COMMANDER, f"#{second} duplicate of {first} the same payouts")

    assert f"#{second} is a duplicate of #{first}" in answer


def _number(declared: str) -> str:
    found = re.search(r"#(\d+)", declared)
    assert found, declared
    return found[1]
