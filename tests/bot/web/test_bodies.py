"""Reading bodies from whoever sends them, before anybody has proved anything."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.requests import Request
from starlette.types import Message

from analysis.errors import Unavailable
from bot.web.bodies import BodyTooLargeError, read_capped


def asked(receive: Callable[[], Awaitable[Message]]) -> Request:
    """A request whose body comes by *receive*."""
    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def parts(*chunks: bytes) -> Callable[[], Awaitable[Message]]:
    """A body in *chunks*, after which the sender is gone."""
    left = list(chunks)

    async def receive() -> Message:
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


def test_body_that_comes_in_parts_is_whole() -> None:
    """However it was cut."""
    assert asyncio.run(read_capped(asked(parts(b"{", b"", b"}")))) == b"{}"


@pytest.mark.parametrize("chunks", [(b"123456",), (b"123", b"456"), (b"123456", b"")])
def test_body_that_is_too_large_is_refused_in_any_parts(chunks: tuple[bytes, ...]) -> None:
    """As soon as it is, and at the last part at the latest."""
    with pytest.raises(BodyTooLargeError):
        asyncio.run(read_capped(asked(parts(*chunks)), 5))


def test_body_that_drips_is_given_up() -> None:
    """Its sender is told to send it again, and keeps nothing here in memory."""

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b" ", "more_body": True}

    with pytest.raises(Unavailable, match="did not arrive within"):
        asyncio.run(read_capped(asked(receive), within_seconds=0.01))


def test_sender_who_leaves_is_not_waited_for() -> None:
    """Nobody is there to be answered."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(Unavailable, match="ended before"):
        asyncio.run(read_capped(asked(receive)))
