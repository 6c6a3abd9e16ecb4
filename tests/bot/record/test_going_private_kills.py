"""Killed between any two steps by which an incident leaves its public channel, it shows nothing there."""

import contextlib
import http.client
import json
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import pytest

from benchmarks.kill import environment
from benchmarks.kill_bot import Bot, Moment, Trap, open_nursery
from benchmarks.kill_slack import DeadlySlack
from bot.store.database.engine import open_database
from bot.store.proof.verification import verify_database
from tests import slack_requests as requests
from tests.fake_slack_methods import Channel
from tests.slack_room import COMMANDER, populate

SECRET = "Payout file leaked"
#: What leaving a channel and coming into the next calls; the calls of a start are left alone.
STEPS = frozenset(
    {
        "conversations.create",
        "conversations.invite",
        "conversations.rename",
        "conversations.setTopic",
        "chat.postMessage",
        "chat.update",
        "pins.add",
    }
)
#: With which step lives end, in turn: one that only ever asks again what the last one asked gets no further.
LAST_STEPS = (1, 2, 3, 4)
MOST_LIVES = 40
QUIET_SECONDS = 3.0
PATIENCE_SECONDS = 30.0

T = TypeVar("T")


@pytest.mark.slow
@pytest.mark.parametrize("moment", [Moment.CALLED, Moment.PERFORMED])
def test_killed_at_every_step_shows_nothing_in_the_old_channel(
    database_url: str, tmp_path: Path, moment: Moment
) -> None:
    """Lives end with each step in turn: all is done once, and the old channel is as empty as without kills."""
    with DeadlySlack() as slack, open_nursery(tmp_path) as nursery:
        populate(slack)
        bot = Bot(environment(slack, database_url, tmp_path), tmp_path, nursery)
        bot.start()
        try:
            bot.await_up()
            _say(bot, slack, f"declare SEV3 {SECRET}")
            old = _wait(lambda: slack.channel_named("inc-1-"))
            _say(bot, slack, f"#1 update {SECRET} to everybody")
            _wait(lambda: old.topic if len(slack.posts(old.id)) == 2 else None)
            lives = _live_on(bot, slack, moment)
        except BaseException:
            bot.strike()
            raise
        bot.stop()

    new = [one for one in slack.channels.values() if one.is_private]
    told = [str(message["text"]) for message in slack.posts(old.id)]
    assert lives > len(LAST_STEPS)
    assert "payout" not in _everything(old)
    assert sum(text.endswith("Ask cleo.") for text in told) == 1
    assert [len(new), COMMANDER in new[0].members, len(new[0].pins)] == [1, True, 1]
    assert "to everybody" not in _everything(old)
    assert SECRET in json.dumps(slack.posts(new[0].id))
    database = open_database(database_url, only_to_read=True)
    assert verify_database(database, sealer=None, anchors=None).findings == ()
    database.close()


def _live_on(bot: Bot, slack: DeadlySlack, moment: Moment) -> int:
    """Make it private, and let life after life end until one has nothing left to do; returns how many there were."""
    last_steps = cycle(LAST_STEPS)
    slack.trap = trap = Trap(moment, count=next(last_steps), methods=STEPS)
    trap.arm(bot)
    # The first step may end the life before the answer is out; it follows from what is committed.
    with contextlib.suppress(OSError, http.client.HTTPException):
        _say(bot, slack, "#1 private")
    for lives in range(1, MOST_LIVES):
        if not trap.sprung.wait(QUIET_SECONDS):
            return lives
        bot.bury()
        slack.trap = trap = Trap(moment, count=next(last_steps), methods=STEPS)
        bot.start(trap)
        bot.await_up(trap)
    raise TimeoutError(f"still not done after {MOST_LIVES} lives")


def _say(bot: Bot, slack: DeadlySlack, text: str) -> None:
    signed = requests.command(
        COMMANDER, text, channel="C0HOME", trigger=slack.trigger(), response_url=slack.response_url()
    )
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        connection = http.client.HTTPConnection("127.0.0.1", bot.port, timeout=5)
        connection.request("POST", "/slack/events", signed.body, dict(signed.headers))
        answer = json.loads(connection.getresponse().read())["text"]
        connection.close()
        if not answer.startswith("I do not know you yet"):
            assert answer.startswith("#1"), answer
            return
        time.sleep(0.2)
        signed = requests.command(
            COMMANDER, text, channel="C0HOME", trigger=slack.trigger(), response_url=slack.response_url()
        )
    raise TimeoutError(text)


def _wait(look: Callable[[], T | None]) -> T:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError


def _everything(channel: Channel) -> str:
    return json.dumps([channel.name, channel.topic, channel.messages], ensure_ascii=False).lower()
