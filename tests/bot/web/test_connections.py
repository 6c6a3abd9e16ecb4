"""What a client may do to a connection before it has proved anything: nothing that grows, and nothing that stays."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.web import connections
from bot.web.connections import HEAD_BYTES
from tests.loopback import serving

PATIENCE_SECONDS = 20.0
REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\n"
#: Each goes on like this for as long as somebody reads it.
ENDLESS = {
    "an address": (b"POST /", b"a" * 4096),
    "a header": (REQUEST + b"X: ", b"a" * 4096),
    "headers": (REQUEST, b"a: b\r\n" * 700),
    "a trailer": (REQUEST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"a" * 4096),
    "trailers": (REQUEST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n" * 700),
    "words on a chunk": (REQUEST + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 4096),
}
#: Each says no more than this.
UNFINISHED = {
    "nothing": b"",
    "empty lines": b"\r\n\r\n",
    "half a head": REQUEST,
    "no body": REQUEST + b"Content-Length: 9\r\n\r\n",
}


async def _counting(scope: Scope, receive: Receive, send: Send) -> None:
    """Say how long the body was; `/early` before it is read."""
    length = 0 if scope["path"] == "/early" else len(await Request(scope, receive).body())
    await PlainTextResponse(str(length))(scope, receive, send)


@pytest.fixture
def port() -> Iterator[int]:
    """Yield where an application is served as the bot is."""
    with serving(_counting) as served_on:
        yield served_on


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)


def _until_the_end(connection: socket.socket) -> bytes:
    """What is read until the server ends the connection, however it does."""
    read = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(4096):
            read += piece
    return read


@pytest.mark.parametrize("what", sorted(ENDLESS))
def test_request_that_has_no_end_is_not_kept_in_memory(port: int, what: str) -> None:
    """The connection ends soon after what a head may be; without a limit a client fills the memory of all."""
    start, goes_on = ENDLESS[what]
    sent = len(start)
    with _connect(port) as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(start)
        while sent < 200 * HEAD_BYTES:
            connection.sendall(goes_on)
            sent += len(goes_on)

    assert sent < 200 * HEAD_BYTES


def test_head_that_is_too_large_is_refused_in_words(port: int) -> None:
    """Its sender reads what to change."""
    with _connect(port) as connection:
        connection.sendall(REQUEST + b"X: " + b"a" * HEAD_BYTES)
        answer = _until_the_end(connection)

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"headers are larger than 64 KiB" in answer


@pytest.mark.parametrize("what", sorted(UNFINISHED))
def test_connection_that_says_nothing_more_ends(port: int, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that is gone without a word, or that waits for ever, takes no place from those that send alerts."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    with _connect(port) as connection:
        connection.sendall(UNFINISHED[what])

        _until_the_end(connection)  # else it takes longer than anybody has patience


def test_rest_of_a_body_that_was_answered_is_not_read_for_ever(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was refused before all was sent, and lets the rest drip, loses the connection."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    ends = time.monotonic() + PATIENCE_SECONDS
    with _connect(port) as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        while time.monotonic() < ends:
            connection.sendall(b"a")
            time.sleep(0.02)

    assert time.monotonic() < ends


def test_request_within_the_limits_is_answered_again_and_again(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large headers, and a body that is larger than a head may be, on one connection that stays open."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 3.0)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    answers = []
    for _ in range(3):
        connection.request("POST", "/", b"a" * 5 * HEAD_BYTES, {"X": "a" * (HEAD_BYTES // 2)})
        answers.append(connection.getresponse().read())
    connection.close()

    assert answers == [str(5 * HEAD_BYTES).encode()] * 3


def test_body_that_comes_slowly_is_waited_for_once_it_has_begun(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long its rest may take the application says, which answers in words: a slow line is no silent client."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    with _connect(port) as connection:
        connection.sendall(REQUEST + b"Content-Length: 3\r\nConnection: close\r\n\r\na")
        for piece in (b"b", b"c"):
            time.sleep(1.2)
            connection.sendall(piece)
        answer = _until_the_end(connection)

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"3")


#: Java's own client offers HTTP/2 with each request in the clear; the body comes in a packet of its own.
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
BODIES = {
    "of a known length": (b"Content-Length: 5\r\n\r\n", b"abcde", b"5"),
    "in chunks": (b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"5"),
    "of no length": (b"Content-Length: 0\r\n\r\n", b"", b"0"),
    "that nobody speaks of": (b"\r\n", b"", b"0"),
}


@pytest.mark.parametrize("what", sorted(BODIES))
@pytest.mark.parametrize("is_at_once", [True, False])
def test_offer_of_another_protocol_is_passed_over(port: int, what: str, *, is_at_once: bool) -> None:
    """The body was lost by it, so that a signature was wrong and an alert no JSON; and the next request, too."""
    length, body, answered = BODIES[what]
    with _connect(port) as connection:
        for _ in range(2):
            if is_at_once:
                connection.sendall(REQUEST + OFFER + length + body)
            else:
                connection.sendall(REQUEST + OFFER + length)
                connection.sendall(body)
            answer = connection.recv(4096)
            while not answer.endswith(b"\r\n\r\n" + answered):
                piece = connection.recv(4096)
                assert piece, answer
                answer += piece

            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


def test_offers_without_an_end_cost_little(port: int) -> None:
    """Thousands in one packet are answered one by one."""
    offer = b"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
    with _connect(port) as connection:
        connection.sendall(offer * 2000 + REQUEST + b"Connection: close\r\n\r\n")
        answers = _until_the_end(connection)

    assert answers.count(b"HTTP/1.1 200 OK") == 2001
