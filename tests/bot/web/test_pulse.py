"""Whether the web server answers, as any other thread may ask."""

import asyncio
import errno
import os
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Receive, Scope, Send

from bot.web.pulse import Pulse


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers nobody."""


async def receive() -> Message:
    """Nothing comes."""
    return {"type": "http.disconnect"}


async def send(_: Message) -> None:
    """Nothing is sent."""


def test_server_that_has_ended_answers_no_more() -> None:
    """Before anybody asked anything nothing is known to be wrong; once its loop is closed, that is."""
    with ThreadPoolExecutor(1) as reader:
        pulse = Pulse(nothing, reader, refusing=lambda: "")
        before = pulse.problem()
        asyncio.run(pulse({"type": "lifespan"}, receive, send))

        assert (before, pulse.problem()) == ("", "requests are not answered any more")


def test_server_that_can_take_no_connection_is_told() -> None:
    """Its loop turns on, and nobody gets in: each connection costs a file, and the process may open no more."""

    async def ask(pulse: Pulse) -> tuple[str, str]:
        await pulse({"type": "lifespan"}, receive, send)
        return await asyncio.to_thread(_without_files, pulse.problem), await asyncio.to_thread(pulse.problem)

    with ThreadPoolExecutor(1) as reader:
        told, afterwards = asyncio.run(ask(Pulse(nothing, reader, refusing=lambda: "refused")))

    assert told.startswith("no connection is taken any more (Too many open files)")
    assert afterwards == "refused"


@pytest.mark.parametrize(
    ("code", "told"),
    [(errno.ENFILE, "no connection is taken any more (Too many open files in system)"), (errno.ENOENT, "refused")],
    ids=["of the system", "no device"],
)
def test_only_files_that_are_used_up_take_no_connection(monkeypatch: pytest.MonkeyPatch, code: int, told: str) -> None:
    """Where what is tried is not there, as in a bare chroot, nothing is wrong with connections."""

    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    async def ask(pulse: Pulse) -> str:
        await pulse({"type": "lifespan"}, receive, send)
        monkeypatch.setattr("bot.web.pulse.os.open", refuse)
        return await asyncio.to_thread(pulse.problem)

    with ThreadPoolExecutor(1) as reader:
        problem = asyncio.run(ask(Pulse(nothing, reader, refusing=lambda: "refused")))
    monkeypatch.undo()

    assert problem.startswith(told)


def _without_files(look: Callable[[], str]) -> str:
    """What *look* finds while the process may open nothing more."""
    limits, free = resource.getrlimit(resource.RLIMIT_NOFILE), os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))
    try:
        return look()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_refusals_are_told_where_all_else_is_well() -> None:
    """What must be taken and is refused is as bad as no answer."""

    async def ask(pulse: Pulse) -> str:
        await pulse({"type": "lifespan"}, receive, send)
        return await asyncio.to_thread(pulse.problem)

    with ThreadPoolExecutor(1) as reader:
        assert asyncio.run(ask(Pulse(nothing, reader, refusing=lambda: ""))) == ""
        assert asyncio.run(ask(Pulse(nothing, reader, refusing=lambda: "refused"))) == "refused"
