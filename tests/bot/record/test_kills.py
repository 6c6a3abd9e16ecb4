"""A short form of `python -m benchmarks.kill`: the same clients, kills and checker, a few lives long."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kill import run
from benchmarks.kill_bot import Nursery, open_nursery
from benchmarks.kill_check import Books, judge
from benchmarks.kill_clients import Asked, Told
from benchmarks.kill_slack import DeadlySlack
from tests.effort import leading
from tests.slack_room import HOME, populate

NOTHING = Books(records=(), deliveries={}, repeated_attempts=0, tampered=())


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Yield a process that has imported the bot, so that a life costs less than its imports."""
    with open_nursery(tmp_path_factory.mktemp("nursery")) as opened:
        yield opened


@pytest.mark.parametrize("kills", leading(1, [1, 8]))
def test_kills_lose_nothing_acknowledged_and_repeat_nothing(
    database_url: str, tmp_path: Path, nursery: Nursery, kills: int
) -> None:
    """A served bot that is killed again and again keeps what it acknowledged, posts it once, in order, chain whole."""
    campaign = run(database_url, tmp_path, kills=kills, seed=11, nursery=nursery, clients=4, disturbed_share=0.0)

    assert campaign.verdict.violations == []
    assert sum(campaign.moments.values()) == kills
    assert campaign.verdict.acknowledged > 5 * kills
    assert campaign.verdict.posts > 0


def test_kills_checker_names_what_was_acknowledged_and_lost() -> None:
    """An acknowledged note that the ledger lacks is a violation by its name; one that nobody confirmed is none."""
    asked = [
        Asked(kind="note", token="k1z", told=Told.RECORDED),
        Asked(kind="note", token="k2z", told=Told.UNKNOWN),
        Asked(kind="note", token="k3z", told=Told.REFUSED),
    ]

    verdict = judge(asked, NOTHING, DeadlySlack())

    assert len(verdict.violations) == 1
    assert "k1z" in verdict.lost[0]


def test_kills_checker_names_a_delivery_that_was_posted_twice() -> None:
    """Two posts that carry one delivery are a violation, whatever they say."""
    slack = DeadlySlack()
    populate(slack)
    arguments = {
        "channel": HOME,
        "text": "Payments recover",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Recover"}, "block_id": "delivery:d1"}],
        "metadata": {"event_type": "debrief_delivery", "event_payload": {"delivery": "d1"}},
    }
    for _ in range(2):
        slack.perform("chat.postMessage", arguments)

    verdict = judge([], NOTHING, slack)

    assert verdict.violations == ["delivery d1 posted 2 ×"]
    assert Counter(call.method for call in slack.calls) == {"chat.postMessage": 2}


def test_kills_checker_names_deliveries_that_were_left_and_broken_chains() -> None:
    """A delivery that nobody knows the fate of and a chain that does not verify are violations."""
    books = Books(records=(), deliveries={"sent": 3, "unknown": 1}, repeated_attempts=0, tampered=("#1, entry 2",))

    verdict = judge([], books, DeadlySlack())

    assert verdict.violations == ["the chain: #1, entry 2", "1 deliveries are left unknown"]
