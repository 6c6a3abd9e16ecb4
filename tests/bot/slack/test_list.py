"""The list of incidents: it says where it ends, and how to go on."""

import pytest

from bot.slack.blocks import cards
from tests.slack_room import RESPONDER, Room


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
