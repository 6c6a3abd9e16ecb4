"""A stand-in and a bot that know each other: started together, ready together, stopped together."""

import http.client
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.documents import prepare
from demo.network import free_port
from demo.program import Program
from demo.served import Served
from demo.standin import Channel, StandIn, User
from demo.waiting import wait_for

HOME = Channel(id="C0INCIDENTS", name="incidents")
OPERATIONS = Channel(id="C0OPERATIONS", name="debrief-operations")
ALERTS = Channel(id="C0ALERTS", name="alerts")
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What runs: the stand-in with its workspace, and the bot with its settings."""

    standin: StandIn
    served: Served
    bot: Program


@contextmanager
def stage(
    folder: Path,
    *,
    users: Sequence[User],
    access: Mapping[str, tuple[str, ...]],
    service_graph: Mapping[str, object] | None = None,
    port: int | None = None,
    uses_socket_mode: bool = True,
) -> Iterator[Stage]:
    """Start both in *folder*, wait until the bot can be reached, and stop both at the end.

    Raises
    ------
    demo.standin.StandInMissing
        If the stand-in is not installed.
    demo.waiting.TookTooLong
        If either is not ready in time.
    """
    served = Served(
        folder=folder,
        port=free_port(),
        access=access,
        operations_channel=OPERATIONS.id,
        alerts_channel=ALERTS.id,
        service_graph=service_graph,
        uses_socket_mode=uses_socket_mode,
    )
    standin = StandIn(
        folder=folder,
        port=port or free_port(),
        users=users,
        channels=(HOME, OPERATIONS, ALERTS),
        events_url=None if uses_socket_mode else f"{served.url}/slack/events",
    )
    prepare(served.documents)
    with ExitStack() as running:
        running.enter_context(standin)
        bot = running.enter_context(served.program(standin))
        here = Stage(standin=standin, served=served, bot=bot)
        wait_for("the bot can be reached", lambda: _is_ready(here), seconds=_START_SECONDS)
        yield here


def _is_ready(here: Stage) -> bool:
    here.bot.check()
    if here.served.uses_socket_mode:
        return here.standin.workspace.is_bot_connected()
    return is_healthy(here.served)


def is_healthy(served: Served) -> bool:
    """Whether the bot says of itself that it is well."""
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
