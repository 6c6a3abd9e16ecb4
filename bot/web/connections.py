"""Connections of clients that nobody knows: how much a request may say before its body, and how long that may take."""

import asyncio
import logging
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

log = logging.getLogger(__name__)

#: As much as uvicorn's slower parser lets a request say before its body; this one reads on until memory is full.
HEAD_BYTES = 64 * 1024
#: So long a client may take for that, to begin with the body, or for the rest of one that nobody waits for any more.
HEAD_SECONDS = 10.0
#: What says how long a body is.
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})
_ERROR = b'{"error":"The address and headers are larger than 64 KiB; nothing was stored. Send them shorter."}'
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(_ERROR), _ERROR)
)


class BoundedConnection(HttpToolsProtocol):
    """Ends where no whole head or no body comes in time although it is awaited, or where a head has no end."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as uvicorn makes them
        """Nothing was heard yet."""
        super().__init__(*args, **more)
        #: What came since the last head or piece of a body was whole: of a head, of a trailer, or between two chunks.
        self._unread = 0
        self._is_body_there = False
        self._giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._stop_waiting()

    def data_received(self, data: bytes) -> None:
        """Read on, within the limits."""
        self._unread += len(data)
        self._unset_keepalive_if_required()
        try:
            self._read(memoryview(data))
        except HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        if self.transport.is_closing():
            return
        if self._unread > HEAD_BYTES:
            self._refuse()
        elif self._giving_up is None and self._is_awaited():
            self._wait()

    def _read(self, data: memoryview) -> None:
        """Read on where a head offers another protocol, as Java's client does by itself (`Upgrade: h2c`).

        Whoever offers one goes on in HTTP/1.1 where the offer is passed over. The parser has stopped behind that head
        and has lost sight of its body; so another one goes on, which is told how long the body is.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as offer:
                data = data[offer.args[0] :]
                self.parser = self._go_on_after_offer()
            else:
                return

    def _go_on_after_offer(self) -> HttpRequestParser:
        """A parser that is behind the head which was read."""
        rest = _Rest(self)
        parser = HttpRequestParser(rest)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
        length = b"".join(b"%b: %b\r\n" % header for header in self.headers if header[0] in _LENGTHS)
        if length:
            self.cycle.more_body = True
            self.cycle.message_event.clear()
            parser.feed_data(b"POST / HTTP/1.1\r\n" + length + b"\r\n")
        rest.is_head_known = False
        return parser

    def on_headers_complete(self) -> None:
        """What follows is a body, or the next request."""
        self._unread, self._is_body_there = 0, False
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body is there; for the time that the rest takes the application cares."""
        self._unread, self._is_body_there = 0, True
        if self._is_answering():
            self._stop_waiting()
        super().on_body(body)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn does not say that at first there is none
        return cycle is not None and not cycle.response_complete

    def _is_awaited(self) -> bool:
        """Whether it is the client's turn: to ask for something, or to begin with the body that it announced."""
        return not self._is_answering() or (self.cycle.more_body and not self._is_body_there)

    def _wait(self) -> None:
        self._giving_up = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self) -> None:
        self._giving_up = None
        if self._is_awaited():
            self.transport.close()

    def _refuse(self) -> None:
        log.info("request refused", extra={"status": 431, "because": "its head is too large"})
        if not self._is_answering():
            self.transport.write(_TOO_LARGE)
        self.transport.close()


class _Rest:
    """What a parser tells *connection*, but for the head that it has read already."""

    def __init__(self, connection: BoundedConnection) -> None:
        """The head that is known comes first."""
        self._connection = connection
        self.is_head_known = True
        self.on_body = connection.on_body
        self.on_message_complete = connection.on_message_complete

    def on_message_begin(self) -> None:
        """A head begins."""
        if not self.is_head_known:
            self._connection.on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of its address is there."""
        if not self.is_head_known:
            self._connection.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers is there."""
        if not self.is_head_known:
            self._connection.on_header(name, value)

    def on_headers_complete(self) -> None:
        """It ends."""
        if not self.is_head_known:
            self._connection.on_headers_complete()
