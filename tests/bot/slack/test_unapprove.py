"""Taking one's own signature back: on record, told, and without a dead end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.events import EventKind
from tests.erasing import erase_field
from tests.slack_room import APPROVER, COMMANDER, OTHER, RESPONDER, Room, open_room

REASON = "the cause is wrong"


@pytest.fixture
def room_with_git(ready_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room of its own on each database, whose repository is moved away."""
    with open_room(ready_url, tmp_path) as room:
        yield room


def _approved(room: Room) -> tuple[int, str]:
    number, channel = room.declare(text="SEV2 Wallets empty")
    for verb in ("note The switch was thrown", "resolve"):
        room.ask(COMMANDER, verb, channel)
    room.draft(COMMANDER, channel)
    room.settle()
    assert room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel).startswith("You approved")
    room.settle()
    return number, channel


def _offer(room: Room, channel: str) -> list[dict[str, object]]:
    return list([post for post in room.slack.posts(channel) if "hash" in str(post.get("blocks"))][-1]["blocks"])


def test_approver_takes_a_signature_back_by_its_button_and_gives_it_again(quick_room: Room) -> None:
    """Nothing is published meanwhile, everybody reads who took it back, and the same draft can be signed anew."""
    room = quick_room
    number, channel = _approved(room)
    button = room.buttons(_offer(room, channel))["Take back approval"]

    answer = room.press(APPROVER, str(button["action_id"]), str(button["value"]), channel)
    room.settle(horizon=timedelta(minutes=31))
    refused = room.ask(COMMANDER, "publish", channel)
    offered = room.buttons(_offer(room, channel))
    again = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert answer == f"You took back your approval of draft 1 of #{number}. It can be approved again as it is."
    assert refused == f"Draft 1 of #{number} is not approved, so it cannot be published."
    assert {"Approve", "Ask for another"} <= set(offered)
    assert "Publish" not in offered
    assert any("abel took back their approval of draft 1." in post["text"] for post in room.slack.posts(channel))
    assert again.startswith("You approved draft 1")
    voided = [one for one in room.events(number) if one.kind is EventKind.APPROVAL_VOIDED]
    assert [(one.actor, one.payload["revision"]) for one in voided] == [(f"slack:{APPROVER}", 1)]


def test_nobody_else_takes_a_signature_back(quick_room: Room) -> None:
    """Not a commander either; and without a signature there is nothing to take back."""
    room = quick_room
    number, channel = _approved(room)

    others = [room.ask(user, f"unapprove {REASON}", channel) for user in (COMMANDER, OTHER)]
    room.ask(APPROVER, f"unapprove {REASON}", channel)
    room.settle(horizon=timedelta(minutes=31))
    twice = room.ask(APPROVER, "unapprove", channel)

    assert set(others) == {f"Draft 1 of #{number} was approved by somebody else, who alone can take that back."}
    assert any(f"took back their approval of draft 1: {REASON}" in post["text"] for post in room.slack.posts(channel))
    assert twice == f"No such approval of #{number} stands any more, so there is nothing to take back."


def test_signature_of_another_stands_though_the_name_of_an_earlier_one_is_erased(quick_room: Room) -> None:
    """Who took a signature back is destroyed; whoever signed the same draft after that is still shown to have."""
    room = quick_room
    number, channel = room.declare(text="SEV4 Wallets empty")
    room.ask(RESPONDER, f"role commander <@{COMMANDER}>", channel)
    for verb in ("note The switch was thrown", "resolve"):
        room.ask(COMMANDER, verb, channel)
    room.draft(COMMANDER, channel)
    room.settle()
    shown = room.shown_hash(channel)
    for user, verb in ((APPROVER, f"approve {shown}"), (APPROVER, "unapprove"), (COMMANDER, f"approve {shown}")):
        room.ask(user, verb, channel)

    erase_field(room, number, next(one.seq for one in room.events(number) if one.kind is EventKind.APPROVED), "actor")

    assert room.ask(COMMANDER, "publish confirm", channel) == "Publishing draft 1 to: git, channel."
    room.settle()
    assert [one.payload["target"] for one in room.events(number) if one.kind is EventKind.PUBLISHED]


def test_signature_of_a_draft_stands_though_its_name_is_erased_from_an_earlier_one(quick_room: Room) -> None:
    """The same person signed both; who signed the draft that counts is on record still."""
    room = quick_room
    number, channel = _approved(room)
    room.clock.move(minutes=31)
    room.ask(RESPONDER, "note The fuse is in stock", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    erase_field(room, number, next(one.seq for one in room.events(number) if one.kind is EventKind.APPROVED), "actor")

    assert room.ask(COMMANDER, "publish confirm", channel) == "Publishing draft 2 to: git, channel."


def test_published_document_keeps_its_signature(quick_room: Room) -> None:
    """What readers have is corrected by another draft; the offer has no such button any more."""
    room = quick_room
    number, channel = _approved(room)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    answer = room.ask(APPROVER, "unapprove", channel)

    assert answer.startswith(f"Draft 1 of #{number} is published already (channel, git), so its approval stays.")
    assert "Take back approval" not in room.buttons(_offer(room, channel))


def test_document_on_its_way_goes_nowhere_and_another_can_be_signed(room_with_git: Room) -> None:
    """A target that was away gets nothing once it is back; the draft that follows is made although it has no news."""
    room = room_with_git
    number, channel = _approved(room)
    folder = room.settings.publish_git_dir
    assert folder is not None
    room.slack.channels[channel].is_archived = True
    folder.rename(folder.with_name("away"))
    room.ask(COMMANDER, f"#{number} publish confirm")
    room.settle()

    answer = room.ask(APPROVER, f"#{number} unapprove")
    room.slack.channels[channel].is_archived = False
    room.event({"type": "channel_unarchive", "channel": channel, "user": COMMANDER})
    folder.with_name("away").rename(folder)
    room.settle(horizon=timedelta(minutes=40))
    published = [one for one in room.events(number) if one.kind is EventKind.PUBLISHED]
    signed = room.ask(APPROVER, f"#{number} approve {room.shown_hash(channel)}")
    room.draft(COMMANDER, channel)
    room.settle(horizon=timedelta(minutes=40))
    again = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    assert "It cannot be approved again as it is; `/incident draft` makes another" in answer
    assert published == []
    assert signed.startswith("Draft 1 was on its way to its targets when its approval was taken back.")
    assert again.startswith("You approved draft 2")
    assert [one.payload["revision"] for one in room.events(number) if one.kind is EventKind.PUBLISHED] == [2, 2]
