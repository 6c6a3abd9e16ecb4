"""One HTTP call to another system, as strict as the record of it.

Only hosts on the allow-list, over https except to this machine itself; the address that was checked is the one that is
connected to, so that a name which changes in between leads nowhere; no redirect is followed, no proxy of the
environment is used, no answer is read beyond its cap, and the whole call ends by its deadline, however slowly it drips.
"""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from ipaddress import ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from analysis.addresses import is_permitted, plain
from analysis.errors import Refused
from bot.ports.outside import Clock
from bot.ports.paging import Egress, EgressLog, EgressPurpose, Unanswered

MAXIMUM_ANSWER_BYTES = 1024 * 1024
TIMEOUT_SECONDS = 10.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: A network's inside can be anywhere that the internet does not reach.
_INSIDE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_PORTS = {"https": 443, "http": 80}
#: What an address may be written in; a name in other letters has a form in these.
_LETTERS = re.compile(r"[!-~]+")
_NOWHERE = SplitResult("", "", "", "", "")

Resolve = Callable[..., Sequence[tuple[Any, ...]]]


class NotAllowedError(Refused):
    """Debrief may not call this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked, of whom and why.

    Of the body `kept` is kept, where it is given: the same without the secret that some APIs want there. Headers are
    never kept, because they hold secrets; nor is the path of an address that `is_secret`, which lets anybody in.
    """

    purpose: EgressPurpose
    policy: str
    method: str
    url: str
    actor: str
    incident_id: UUID | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    kept: bytes | None = None
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `headers` by lower-case names, `body` empty where it was too long or cut off."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outside:
    """Calls other systems, each call on record before its first byte leaves."""

    def __init__(
        self,
        log: EgressLog,
        clock: Clock,
        new_id: Callable[[], UUID],
        *,
        hosts: frozenset[str],
        private_hosts: frozenset[str] = frozenset(),
        timeout_seconds: float = TIMEOUT_SECONDS,
        resolve: Resolve = socket.getaddrinfo,
        connect: Callable[..., socket.socket] = socket.create_connection,
    ) -> None:
        """Only *hosts* are called; those of *private_hosts* may have addresses that the internet cannot reach.

        *resolve* gives a name's addresses and *connect* a line to one of them, as the standard library's do.
        """
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._hosts = hosts
        self._private_hosts = private_hosts
        self._timeout = timeout_seconds
        self._resolve = resolve
        self._connect_to = connect

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made for the first call: reading the machine's certificates takes a third of the building of a bot."""
        return ssl.create_default_context()

    def call(self, call: Call) -> Answer:
        """Make it; the answer, whatever its status.

        Raises
        ------
        NotAllowedError
            If its address is not one that may be called; that is on record, too.
        bot.ports.paging.Unanswered
            If no answer came; it says whether the call may have arrived.
        """
        parts = _split(call.url)
        egress = self._begin(call, parts)
        try:
            answer = self._exchange(call, parts)
        except (NotAllowedError, Unanswered) as error:
            self._log.end(replace(egress, ended_at=self._clock.now(), outcome=error.message))
            raise
        ended = replace(
            egress,
            ended_at=self._clock.now(),
            status=answer.status,
            outcome=f"answered {answer.status}",
            answer_hash=sha256(answer.body).digest(),
        )
        self._log.end(ended)
        return answer

    def _begin(self, call: Call, parts: SplitResult) -> Egress:
        left = call.body or (b"" if call.is_secret else parts.query.encode())
        egress = Egress(
            id=self._new_id(),
            purpose=call.purpose,
            method=call.method,
            host=parts.hostname or "",
            path="/…" if call.is_secret else parts.path,
            policy=call.policy,
            actor=call.actor,
            incident_id=call.incident_id,
            began_at=self._clock.now(),
            body=left if call.kept is None else call.kept,
            body_hash=sha256(left).digest(),
        )
        self._log.begin(egress)
        return egress

    def _exchange(self, call: Call, parts: SplitResult) -> Answer:
        host = _allowed_host(parts, self._hosts)
        ends_at = time.monotonic() + self._timeout
        line = [self._connect(host, parts, ends_at)]
        watchdog = threading.Timer(_seconds_until(ends_at), _hang_up, args=(line,))
        watchdog.daemon = True
        watchdog.start()
        try:
            if parts.scheme == "https":
                self._secure(line, host)
            return _talk(line[0], host, call, parts)
        finally:
            watchdog.cancel()
            line[0].close()

    def _connect(self, host: str, parts: SplitResult, ends_at: float) -> socket.socket:
        """A line to the first address that answers; each has its share of the time that is left."""
        port = parts.port or _PORTS[parts.scheme]
        try:
            found = self._resolve(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            message = f"{host} has no address just now"
            raise Unanswered(message, may_have_arrived=False) from error
        except ValueError:
            raise NotAllowedError(_unsendable(host)) from None
        addresses = [str(each[4][0]) for each in found]
        _check_addresses(host, addresses, is_private=host in self._private_hosts)
        for place, address in enumerate(addresses):
            try:
                share = _seconds_until(ends_at) / (len(addresses) - place)
                line = self._connect_to((address, port), timeout=share)
            except OSError:
                continue
            line.settimeout(_seconds_until(ends_at))
            return line
        message = f"{host} cannot be reached"
        raise Unanswered(message, may_have_arrived=False)

    def _secure(self, line: list[socket.socket], host: str) -> None:
        """Put TLS around the line, in its place from the start, so that the deadline ends a slow handshake, too."""
        try:
            line[0] = secure = self._tls.wrap_socket(line[0], server_hostname=host, do_handshake_on_connect=False)
            secure.do_handshake()
        except OSError as error:
            message = f"{host} does not prove who it is ({type(error).__name__})"
            raise Unanswered(message, may_have_arrived=False) from error
        except ValueError:
            raise NotAllowedError(_unsendable(host)) from None


def check_url(url: str, hosts: frozenset[str]) -> None:
    """Pass if Debrief may call *url*, as far as that can be told without asking the network.

    Raises
    ------
    NotAllowedError
        Otherwise, with what to do.
    """
    _allowed_host(_split(url), hosts)
    if not _LETTERS.fullmatch(url):
        message = "it has letters that no address has; write others as % and their number"
        raise NotAllowedError(message)


def wait_of(answer: Answer) -> timedelta:
    """How long the other system asks to wait: `Retry-After`, else PagerDuty's `ratelimit-reset`, in seconds."""
    for name in ("retry-after", "ratelimit-reset"):
        value = answer.headers.get(name, "")
        if value.isascii() and value.isdecimal() and len(value) <= 6:
            return timedelta(seconds=int(value))
    return timedelta(0)


def _split(url: str) -> SplitResult:
    """The parts of *url*; those of no address where it cannot be read, because the error would quote it."""
    try:
        parts = urlsplit(url)
        is_nowhere = parts.port == 0
    except ValueError:
        return _NOWHERE
    return _NOWHERE if is_nowhere else parts


def _unsendable(host: str) -> str:
    """What is wrong with a call that cannot be written down; never what it is, which may be a secret."""
    return f"the call of {host} has letters in its address, token or sender that cannot be sent"


def _allowed_host(parts: SplitResult, hosts: frozenset[str]) -> str:
    if parts is _NOWHERE:
        message = "it is no address with a port from 1 to 65535"
        raise NotAllowedError(message)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        message = f"{host or 'the address'} is called over https only"
        raise NotAllowedError(message)
    if parts.username or parts.password:
        message = f"the address of {host} has a name or password in it, which does not belong there"
        raise NotAllowedError(message)
    if host not in hosts:
        message = f"{host or 'the address'} is not in DEBRIEF_OUTSIDE_HOSTS, so it is not called"
        raise NotAllowedError(message)
    return host


def _check_addresses(host: str, addresses: list[str], *, is_private: bool) -> None:
    """Refuse a name that leads into this machine's or network's inside, unless the operator says that it may."""
    for address in addresses:
        is_ours = plain(address).is_loopback
        may_be_inside = host in _LOOPBACK if is_ours else is_private
        if is_permitted(address, _INSIDE if may_be_inside else ()):
            continue
        so = ", where nothing is called" if is_private else "; if it may, name it in DEBRIEF_OUTSIDE_PRIVATE_HOSTS"
        message = f"{host} leads to {plain(address)}, inside the network{so}"
        raise NotAllowedError(message)


def _talk(line: socket.socket, host: str, call: Call, parts: SplitResult) -> Answer:
    connection = http.client.HTTPConnection(host, parts.port)
    connection.sock = line
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request(call.method, path, call.body or None, dict(call.headers))
        response = connection.getresponse()
    except (ValueError, http.client.InvalidURL):  # found out before the first byte; both quote what they found
        raise NotAllowedError(_unsendable(host)) from None
    except (OSError, http.client.HTTPException) as error:
        message = f"{host} did not answer ({type(error).__name__})"
        raise Unanswered(message) from error
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, headers=headers, body=_body_of(response))


def _seconds_until(ends_at: float) -> float:
    """How long is left; never nothing, which would mean not to wait, or for ever."""
    return max(ends_at - time.monotonic(), 0.001)


def _hang_up(line: list[socket.socket]) -> None:
    """End whatever the call waits for."""
    try:
        line[0].shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _body_of(response: http.client.HTTPResponse) -> bytes:
    """The body; nothing where it is too long or cut off, because the status has said what became of the call."""
    try:
        body = response.read(MAXIMUM_ANSWER_BYTES + 1)
    except (OSError, http.client.HTTPException):
        return b""
    return body if len(body) <= MAXIMUM_ANSWER_BYTES else b""
