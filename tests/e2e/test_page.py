"""What a person sees and presses in the browser."""

import pytest

from demo.browser import ChromiumMissing, find_chromium, screen
from demo.waiting import wait_for
from tests.e2e.room import APPROVE, APPROVER, COMMANDER, RESPONDER, Room

pytestmark = [pytest.mark.standin, pytest.mark.chromium]


@pytest.fixture
def chromium() -> None:
    """Skip where Chromium is not installed."""
    try:
        find_chromium()
    except ChromiumMissing as missing:
        pytest.skip(str(missing))


def test_page_lets_the_approver_sign_and_publish_the_draft(room: Room, chromium: None) -> None:
    """The whole draft is readable in the channel, and two presses of another person publish it."""
    already = len(room.documents())
    channel = room.declare(RESPONDER, "SEV2 Wallets empty")
    room.ask(RESPONDER, "note Balances read from a stale replica", channel)
    room.ask(RESPONDER, "resolve confirm", channel)
    room.workspace.command(COMMANDER.id, channel, "draft")
    room.wait_for_button(channel, APPROVE)
    room.close_forms()
    name = next(name for name, id_ in room.workspace.channels().items() if id_ == channel)

    with screen(room.stage.standin.url) as look:
        look.act_as(APPROVER.real_name)
        look.open_channel(name)
        card = look.message("Wallets empty").inner_text()
        look.press("Approve")
        look.press("Publish")
        wait_for("a commit", lambda: len(room.documents()) > already, seconds=60.0)

    assert "SEV2" in card
    assert "stale replica" in room.documents()[-1].text
