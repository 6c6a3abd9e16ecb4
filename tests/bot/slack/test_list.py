"""The list of incidents: it says where it ends, and how to go on."""

import pytest

from bot.slack.blocks import cards
from tests.slack_room import COMMANDER, RESPONDER, Room


def test_list_that_ends_says_how_to_go_on(quick_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says to type shows the next ones."""
    monkeypatch.setattr(cards, "LIST_LENGTH", 1)
    first, _ = quick_room.declare(text="SEV4 The first of two")
    second, _ = quick_room.declare(text="SEV4 The second of two")

    answer = quick_room.ask(RESPONDER, "list all")
    rest = quick_room.ask(RESPONDER, f"list all before {second}")

    assert "The second of two" in answer
    assert answer.endswith(f"more: `/incident list all before {second}` shows the next ones.")
    assert f"*#{first}*" in rest


def test_list_of_all_has_what_is_over_and_says_when_none_is_left(quick_room: Room) -> None:
    """That of open incidents has it no more."""
    number, channel = quick_room.declare()
    quick_room.ask(COMMANDER, "decline It was a planned test", channel)

    listed = {words: quick_room.ask(RESPONDER, words) for words in ("list", "list all", "list all before 1")}

    assert [f"*#{number}*" in answer for answer in listed.values()] == [False, True, False]
    assert listed["list all before 1"] == "No incidents."


def test_list_says_that_its_time_is_the_declaration(quick_room: Room) -> None:
    """Beside a later state, a bare “since” read as the time of that state, which the card tells otherwise."""
    declared_at = int(quick_room.clock.now().timestamp())
    number, channel = quick_room.declare(text="SEV4 Statements are late")
    quick_room.clock.move(minutes=40)
    quick_room.ask(COMMANDER, "resolve", channel)

    (line,) = [one for one in quick_room.ask(RESPONDER, "list all").splitlines() if f"*#{number}*" in one]

    assert f"SEV4 resolved, no commander, declared <!date^{declared_at}^" in line
