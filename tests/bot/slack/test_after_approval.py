"""What becomes of an approved or published document when its incident changes: who is told, how often, and what."""

from typing import Any

import pytest

from analysis.events import EventKind
from analysis.timeline import timeline
from tests.erasing import erase_field
from tests.slack_room import APPROVER, COMMANDER, RESPONDER, Room


def _approved(room: Room, *before: str, text: str = "SEV2 Wallets empty") -> tuple[int, str]:
    """An incident whose draft is approved, after the first half hour, in which nothing of this would be posted."""
    number, channel = room.declare(text=text)
    for verb in (*before, "resolve"):
        room.ask(COMMANDER, verb, channel)
    room.draft(COMMANDER, channel)
    room.settle()
    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    assert answer.startswith("You approved draft 1"), answer
    room.settle()
    room.clock.move(minutes=31)
    return number, channel


def _published(room: Room, *before: str) -> tuple[int, str]:
    number, channel = _approved(room, *before)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    return number, channel


def test_making_it_private_says_where_its_document_can_be_read_still(room: Room) -> None:
    """What was committed while it was public stays there; only a person can take it away, and hears where it is."""
    number, _ = _published(room)
    (where,) = [one.payload["where"] for one in room.events(number) if one.payload.get("target") == "git"]
    waiting, _ = _approved(room)

    answer = room.ask(COMMANDER, f"#{number} private")
    other = room.ask(COMMANDER, f"#{waiting} private")
    room.settle()

    stays = "there it stays, with its history, until somebody removes it by hand."
    assert answer.endswith(f" Draft 1 is published to git ({where}): {stays}")
    assert stays not in other


@pytest.mark.parametrize(
    ("change", "because"),
    [
        pytest.param("severity SEV1", "the severity changed", id="severity"),
        pytest.param("correct E3 All is fine", "an event that it cites was corrected", id="update"),
    ],
)
def test_lost_approval_is_told_beside_what_took_it(quick_room: Room, change: str, because: str) -> None:
    """The post of a worse severity or a corrected update says nothing of the signature, so that is another one."""
    _, channel = _approved(quick_room, "update All is fien")

    quick_room.ask(RESPONDER, change, channel)
    quick_room.settle()

    told = [post["text"] for post in quick_room.slack.posts(channel)][-2:]
    assert sum("no longer holds" in text for text in told) == 1
    assert f"The approval of draft 1 no longer holds: {because}. Draft and approve another." in "".join(told)


def test_changes_under_a_published_draft_are_posted_once(room: Room) -> None:
    """Each is on record; whoever tidies up ten entries in the review does not post ten times to draft another."""
    number, channel = _published(room)
    before = len(room.slack.posts(channel))

    for text in ("impact 3 % of wallets", "impact 4 % of wallets", "milestone detection 40m ago", "severity SEV3"):
        room.ask(RESPONDER, f"#{number} {text}")
    room.settle()

    flagged = [event for event in room.events(number) if event.kind is EventKind.DOCUMENT_FLAGGED]
    (told,) = [str(post["text"]) for post in room.slack.posts(channel)[before:]]
    assert len(flagged) == 4
    assert "under the published draft 1: the customer impact was stated anew. Draft and approve another." in told


def test_next_published_draft_is_flagged_again(quick_room: Room) -> None:
    """That the draft before it was overtaken says nothing of this one."""
    room = quick_room
    number, channel = _published(room)
    room.ask(RESPONDER, f"#{number} impact 3 % of wallets")
    room.draft(COMMANDER, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    room.ask(RESPONDER, f"#{number} impact 4 % of wallets")
    room.settle()

    assert "The record changed under the published draft 2" in str(room.slack.posts(channel)[-1]["text"])


def test_restored_cause_flags_the_document_that_was_made_without_it(quick_room: Room) -> None:
    """It was off the timeline when that was drafted, so that it asks for the cause which is on record."""
    room = quick_room
    said = ("note The fuse had blown", "promote E3 as cause", "withdraw E3 Of another incident")
    number, channel = _published(room, *said)

    room.ask(RESPONDER, f"#{number} restore E3")
    room.settle()

    told = "The record changed under the published draft 1: a cause was restored. Draft and approve another."
    assert told in str(room.slack.posts(channel)[-1]["text"])
    assert "The record changed since it was published" in str(_offer(room, channel))


def test_cause_that_is_marked_again_flags_the_document(quick_room: Room) -> None:
    """Its mark was taken back before the draft, so that the document asks for the cause which is on record."""
    room = quick_room
    number, channel = room.declare(text="SEV2 Wallets empty")
    ts = room.slack.say(channel, COMMANDER, "The fuse had blown")
    room.react(RESPONDER, channel, ts)
    room.settle()
    (cause,) = [entry for entry in timeline(room.events(number)) if entry.text == "The fuse had blown"]
    assert "stands as cause" in room.ask(COMMANDER, f"promote {cause.label} as cause", channel)
    room.react(RESPONDER, channel, ts, is_on=False)
    room.settle()
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.clock.move(minutes=31)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    room.react(RESPONDER, channel, ts)
    room.settle()

    told = "The record changed under the published draft 1: a cause was restored. Draft and approve another."
    assert told in [event.text for event in room.events(number)]


def test_reopening_is_one_post(quick_room: Room) -> None:
    """It begins the review anew by itself, and nobody is sent to draft what is not over."""
    number, channel = _published(quick_room)
    before = len(quick_room.slack.posts(channel))

    quick_room.ask(RESPONDER, f"#{number} reopen It came back at once")
    quick_room.settle()

    (told,) = [str(post["text"]) for post in quick_room.slack.posts(channel)[before:]]
    assert "open again, phase 2" in told


def test_offer_of_an_overtaken_document_says_so(quick_room: Room) -> None:
    """The post scrolls away; who looks at what was published reads there that it is not what the record says."""
    room = quick_room
    number, channel = _published(room)

    room.ask(RESPONDER, f"#{number} impact 3 % of wallets")
    room.settle()
    flagged = str(_offer(room, channel))
    room.draft(COMMANDER, channel)
    room.settle()

    assert "Published to git" in flagged
    assert "The record changed since it was published: draft and approve another" in flagged


@pytest.mark.parametrize(
    ("move", "state", "left"),
    [
        pytest.param("close The vendor writes it up", "closed", ["Ask for another"], id="closed"),
        pytest.param("reopen It came back at once", "open again", [], id="reopened"),
    ],
)
def test_draft_that_nobody_can_sign_any_more_is_not_offered(
    quick_room: Room, move: str, state: str, left: list[str]
) -> None:
    """What left the review without a signature has no button to sign it, and says why."""
    room = quick_room
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    before = list(room.buttons(_offer(room, channel)["blocks"]))

    room.ask(COMMANDER, move, channel)
    room.settle()

    assert before == ["Approve", "Ask for another"]
    assert list(room.buttons(_offer(room, channel)["blocks"])) == left
    assert f"nobody can sign it now: #{number} is {state}." in str(_offer(room, channel))


def test_approval_of_somebody_who_is_erased_publishes_nothing(room: Room) -> None:
    """A document must not go out as approved by nobody: it is told, and another one can be signed."""
    number, channel = _approved(room)

    erase_field(room, number, _approval(room, number), "actor")
    room.settle()
    told = str(room.slack.posts(channel)[-1]["text"])
    offered = str(_offer(room, channel))
    answer = room.ask(COMMANDER, "publish confirm", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    signed = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert "The approval of draft 1 no longer holds: the name of who gave it was erased." in told
    assert "abel" not in offered
    assert answer.endswith("is not approved, so it cannot be published.")
    assert signed.startswith("You approved draft 2")


def test_erased_name_is_not_written_back_with_the_approval_that_is_voided(quick_room: Room) -> None:
    """The row says that it no longer counts and why, and not who gave it."""
    room = quick_room
    number, _ = _approved(room)

    erase_field(room, number, _approval(room, number), "actor")

    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        kept = [one for head in reads.revision_heads(incident.id) for one in reads.approvals(head.id)]
    assert [(one.approver, one.voided_because) for one in kept] == [("", "the name of who gave it was erased")]


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "signed"])
def test_erased_signature_that_another_replaced_takes_nothing_back(quick_room: Room, *, is_published: bool) -> None:
    """Whoever gave the approval that stands is named in what is published, and that one is not erased."""
    room = quick_room
    number, channel = _approved(room, "note The fuse had blown", "promote E3 as cause", text="SEV3 Wallets empty")
    for verb in ("withdraw E3 Of another incident", "restore E3"):
        room.ask(RESPONDER, f"#{number} {verb}")
    signed = room.ask(COMMANDER, f"approve {room.shown_hash(channel)}", channel)
    if is_published:
        room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    files = [name for name, file in room.slack.files.items() if f"postmortem-{number}" in file["name"]]

    answer = erase_field(room, number, _approval(room, number), "actor")
    room.settle()

    assert signed.startswith("You approved draft 1")
    assert "Approved by cleo" in str(_offer(room, channel))
    assert [name for name, file in room.slack.files.items() if f"postmortem-{number}" in file["name"]] == files
    assert "is published to git" not in answer
    assert sum("no longer holds" in event.text for event in room.events(number)) == 1


def test_erased_approver_is_in_no_message_of_a_published_document(room: Room) -> None:
    """The offer and the file in the channel lose the name, and the answer says where it stays."""
    number, channel = _published(room)
    (where,) = [one.payload["where"] for one in room.events(number) if one.payload.get("target") == "git"]
    before = str(room.slack.posts(channel))

    answer = erase_field(room, number, _approval(room, number), "actor")
    room.settle()

    files = [file["content"].decode() for file in room.slack.files.values() if f"postmortem-{number}-" in file["name"]]
    assert "Approved by abel" in before
    assert "abel" not in str(room.slack.posts(channel))
    assert "Approved by somebody whose name was erased on request" in str(_offer(room, channel))
    assert len(files) == 1
    assert "U0APPROVER" not in files[0]
    assert f"Draft 1 is published to git ({where}): there it stays" in answer


def _approval(room: Room, number: int) -> int:
    """The place in the ledger of who approved the draft."""
    return next(event.seq for event in room.events(number) if event.kind is EventKind.APPROVED)


def _offer(room: Room, channel: str) -> dict[str, Any]:
    return [post for post in room.slack.posts(channel) if "Postmortem #" in str(post.get("blocks"))][-1]
