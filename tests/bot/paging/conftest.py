"""One bot that pages for all scenarios of a database, at rest and without trouble before each."""

import itertools
from collections.abc import Iterator

import pytest

from tests.fake_pagerduty import FakePagerDuty
from tests.paging import open_paging_room
from tests.slack_room import Room

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, FakePagerDuty]]:
    """Yield a bot on SQLite and its account at PagerDuty, shared by a module."""
    folder = tmp_path_factory.mktemp("paging")
    with open_paging_room(f"sqlite:///{folder / 'debrief.db'}", folder) as pair:
        yield pair


@pytest.fixture
def room(served: tuple[Room, FakePagerDuty]) -> Iterator[Room]:
    """Yield the shared bot at rest, a day later."""
    room, pagerduty = served
    yield room
    pagerduty.heal()
    pagerduty.before_answer = None
    room.slack.heal()
    room.settle()
    room.clock.move(hours=1)


@pytest.fixture
def pagerduty(served: tuple[Room, FakePagerDuty]) -> FakePagerDuty:
    """Return its account, with nothing asked yet."""
    _, pagerduty = served
    pagerduty.asked.clear()
    pagerduty.woken.clear()
    pagerduty.incidents.clear()
    return pagerduty
