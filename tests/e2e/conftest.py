"""A bot served as a program, and the third-party Slack stand-in that it connects to as to Slack.

Both run for the whole session, in a network namespace where that is allowed; a test is in it while it runs.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from demo.network import NoOwnNetwork, OwnNetwork
from demo.stage import stage
from demo.standin import StandInMissing, find_binary
from demo.waiting import wait_for
from tests.e2e.room import ACCESS, PEOPLE, RESPONDER, Room


@pytest.fixture(scope="session")
def network() -> Iterator[OwnNetwork | None]:
    """Yield a network with nothing but loopback; none where that is not allowed."""
    try:
        own = OwnNetwork()
    except NoOwnNetwork:
        yield None
        return
    yield own
    own.close()


@pytest.fixture(autouse=True)
def inside(network: OwnNetwork | None) -> Iterator[None]:
    """Be where the stand-in is, whose every interface is loopback, while the test runs."""
    with _entered(network):
        yield


@pytest.fixture(scope="session")
def binary() -> None:
    """Skip where the stand-in is not installed."""
    try:
        find_binary()
    except StandInMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def room(binary: None, network: OwnNetwork | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a workspace whose bot is connected by Socket Mode."""
    yield from _room(network, tmp_path_factory.mktemp("socket"), uses_socket_mode=True)


@pytest.fixture(scope="session")
def http_room(binary: None, network: OwnNetwork | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a workspace whose bot gets signed requests over HTTP."""
    yield from _room(network, tmp_path_factory.mktemp("http"), uses_socket_mode=False)


def _room(network: OwnNetwork | None, folder: Path, *, uses_socket_mode: bool) -> Iterator[Room]:
    running = stage(folder, users=PEOPLE, access=ACCESS, uses_socket_mode=uses_socket_mode)
    with _entered(network):
        here = running.__enter__()
    try:
        room = Room(stage=here)
        with _entered(network):
            wait_for("the people are known", lambda: "I do not know you" not in room.ask(RESPONDER, "list"), every=0.2)
        yield room
    finally:
        running.__exit__(None, None, None)


def _entered(network: OwnNetwork | None) -> AbstractContextManager[None]:
    return network.entered() if network else nullcontext()
