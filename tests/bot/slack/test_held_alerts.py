"""What people read of an alert that is held back when they ask what fires: that it waits, why, what became of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.ports.grouping import InputKind
from bot.ports.holding import HoldChanges, HoldPolicy, PolicyState, Proof
from bot.ports.records import Changes
from tests.bot.flows.held import RESTARTS, certain_seed
from tests.bot.slack.alert_room import fire
from tests.bot.slack.test_holding import give, let_pass
from tests.slack_room import ALERTS, RESPONDER, START, Room, open_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Yield a room in which restarts may wait during deploys, of which `cart` has just had one."""
    with open_room(f"sqlite:///{tmp_path / 'debrief.db'}", tmp_path, alerts_channel=ALERTS) as opened:
        policy = HoldPolicy(
            id=uuid4(),
            workspace_id=opened.app.workspace_id,
            number=1,
            pattern=RESTARTS,
            is_critical=False,
            state=PolicyState.LIVE,
            changed_at=START,
            proof=Proof(held=1, days=30),
            approved_by=("slack:U0COMMANDER",),
            expires_at=START + timedelta(days=14),
        )
        changes = Changes(holds=HoldChanges(policies=(policy,)))
        opened.app.store.writer.submit(lambda _reads, _command: changes, None).result()
        seed = certain_seed(range(1, 20), "generic", START)
        give(opened, InputKind.HOLDING, {"seed": seed, "is_killed": False, "permits": [], "at": START.isoformat()})
        give(opened, InputKind.HAPPENING, {"at": START.isoformat(), "kind": "deploy", "service": "cart"})
        yield opened


def test_held_alert_is_named_as_such_with_its_reasons(room: Room) -> None:
    """The channel has no message of it yet, so whoever asks what fires reads why; then that it was told, and when."""
    fire(room, "PodRestarting", "cart")
    now, why = room.ask(RESPONDER, "alerts"), room.ask(RESPONDER, "alerts G-1")
    let_pass(room, minutes=5, seconds=10)
    after, then = room.ask(RESPONDER, "alerts"), room.ask(RESPONDER, "alerts G-1")

    held = "Held back as restart alerts during deploys and outages"
    assert "Held back now: G-1. `alerts G-1` says why." in now
    assert f"{held}: waits now. Deploy of cart explains it, Its rule is of the class “restart”" in why
    assert "Held back now" not in after
    assert f"{held}: told, because nothing resolved it, after 5 min. Deploy of cart explains it" in then
