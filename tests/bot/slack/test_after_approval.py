"""What becomes of an approved or published document when its incident changes: who is told, how often, and what."""

import pytest

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
