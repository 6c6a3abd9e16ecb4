"""The door to the endpoint: it opens to one address, follows nothing, and stops reading in time.

An allow-list of base URLs is not enough: an HTTP client that follows a redirect sends the whole timeline again, and one
that obeys the environment sends it to a proxy. This transport decides for each request that really leaves.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import httpx2

from analysis.addresses import Network, is_permitted
from analysis.errors import Unavailable
from bot.llm.addresses import Resolve, resolve

#: An answer of a few thousand tokens is far below this.
MOST_BYTES = 2_000_000
#: After so long no further address of a name is tried: those that stay silent take a few seconds each.
_CONNECTING_SECONDS = 8.0
#: What a request needs to be understood; only these and what lets us in are sent, whatever the environment adds.
HEADERS = frozenset({"accept", "content-length", "content-type", "host", "user-agent"})

#: As `bot.ports.model` has it.
Gate = Callable[[bytes], Callable[[int], object] | None]


class EndpointRefusedError(Unavailable):
    """The request was not sent, because it would not have gone to the approved endpoint."""


class AnswerTooLongError(Unavailable):
    """The endpoint's answer was longer than an answer may be."""


class AnswerLateError(Unavailable):
    """The endpoint began to answer, and its answer was not whole in time."""


class BrokenAnswerError(Unavailable):
    """The endpoint began to answer, and broke off."""


class PackedAnswerError(AnswerTooLongError):
    """The endpoint's answer is compressed, which it was asked not to be, so that it was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the approved endpoint is, as its URL says."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx2.URL) -> "Origin":
        """The origin of *url*, with the port that its scheme implies."""
        return cls(scheme=url.scheme, host=url.host, port=url.port or (443 if url.scheme == "https" else 80))


class ApprovedTransport(httpx2.BaseTransport):
    """Sends to *origin* alone, at an address that is permitted, after *gate* has seen the bytes.

    The name is resolved here and the connection goes to the address that was checked, so that a name which changes its
    meaning between the check and the connection (DNS rebinding) gains nothing. TLS still checks the name.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        gate: Gate,
        headers: Iterable[str] = ("authorization",),
        networks: Sequence[Network] = (),
        inner: httpx2.BaseTransport | None = None,
        resolver: Resolve = resolve,
    ) -> None:
        """*gate* raises where the bytes must not leave; *headers* let us in; *inner* is a plain connection."""
        self._origin = origin
        self._gate = gate
        self._headers = HEADERS | {name.lower() for name in headers}
        self._networks = tuple(networks)
        self._inner = inner or httpx2.HTTPTransport(trust_env=False, retries=0)
        self._resolve = resolver

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send *request* if it may leave.

        Raises
        ------
        EndpointRefusedError
            If it is for another origin, or the name stands for an address that is not permitted.
        """
        if Origin.of(request.url) != self._origin:
            message = "A request to another host than the approved endpoint was refused; nothing was sent."
            raise EndpointRefusedError(message)
        body, ends_at = request.read(), time.monotonic() + _seconds(request)
        addresses = self._addresses()
        # The last step before the first byte, because what the gate lets pass counts as having left.
        begins = self._gate(body)
        response = self._answered(request, addresses, ends_at=ends_at)
        if begins is not None:
            begins(response.status_code)
        _refuse_packed(response)
        response.stream = _Bounded(response.stream, ends_at=ends_at)
        return response

    def close(self) -> None:
        """Let go of the connections."""
        self._inner.close()

    def _answered(self, request: httpx2.Request, addresses: Sequence[str], *, ends_at: float) -> httpx2.Response:
        """What comes back from the first address at which somebody listens; nothing left for those before it.

        After *ends_at* nobody waits, and what would leave then would be worked on for nobody.
        """
        others_until = min(time.monotonic() + _CONNECTING_SECONDS, ends_at)
        for address in addresses[:-1]:
            try:
                return self._inner.handle_request(self._addressed(request, address, ends_at=ends_at))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                if _is_of_tls(error) or time.monotonic() >= others_until:
                    raise
        return self._inner.handle_request(self._addressed(request, addresses[-1], ends_at=ends_at))

    def _addressed(self, request: httpx2.Request, address: str, *, ends_at: float) -> httpx2.Request:
        """The *request* for one address, with what is left of its time."""
        left = ends_at - time.monotonic()
        if left <= 0:  # as after a slow lookup
            raise httpx2.ConnectTimeout("No time is left to connect.", request=request)
        url = request.url.copy_with(host=address)
        headers = [(name, value) for name, value in request.headers.items() if name.lower() in self._headers]
        headers.append(("Accept-Encoding", "identity"))
        extensions = {**request.extensions, "sni_hostname": self._origin.host, "timeout": _within(request, left)}
        return httpx2.Request(request.method, url, headers=headers, content=request.content, extensions=extensions)

    def _addresses(self) -> Sequence[str]:
        try:
            found = self._resolve(self._origin.host, self._origin.port)
        except (OSError, UnicodeError) as error:  # the latter of a name that no host can have, such as with two dots
            message = f"The endpoint's name {self._origin.host} has no address; nothing was sent."
            raise EndpointRefusedError(message) from error
        # One address that is not permitted taints the name: any of them may get the connection.
        strange = [each for each in found if not is_permitted(each, self._networks)]
        if strange or not found:
            message = (
                f"The endpoint's name {self._origin.host} stands for {(*strange, 'no address')[0]}, which is not "
                "permitted; nothing was sent. Name its network in DEBRIEF_LLM_NETWORKS if that is where it should be."
            )
            raise EndpointRefusedError(message)
        return found


class _Bounded(httpx2.SyncByteStream):
    """A body that ends with an error when it becomes too long or goes on too long."""

    def __init__(self, stream: object, *, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        try:
            for part in self._stream:  # type: ignore[attr-defined] # httpx2 types it as sync or async
                length += len(part)
                if length > MOST_BYTES:
                    raise AnswerTooLongError
                if time.monotonic() > self._ends_at:
                    raise AnswerLateError
                yield part
        except httpx2.TimeoutException as error:
            raise AnswerLateError from error
        except httpx2.TransportError as error:
            raise BrokenAnswerError from error

    def close(self) -> None:
        self._stream.close()  # type: ignore[attr-defined]


def _refuse_packed(response: httpx2.Response) -> None:
    """Refuse a body that would become longer than what arrives, such as a few bytes that stand for gigabytes."""
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        response.close()
        raise PackedAnswerError


def _is_of_tls(error: BaseException) -> bool:
    """Whether somebody listened there, who is not to be trusted: another address would only hide that."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _within(request: httpx2.Request, left: float) -> dict[str, float]:
    """The timeouts of *request*, none of them longer than the seconds that are *left*."""
    given = request.extensions.get("timeout") or {}
    most = {name: given.get(name) for name in ("connect", "read", "write", "pool")}
    return {name: left if seconds is None else min(seconds, left) for name, seconds in most.items()}


def _seconds(request: httpx2.Request) -> float:
    """How long this request may take to be answered: the read timeout that its sender gave."""
    seconds = (request.extensions.get("timeout") or {}).get("read")
    return float(seconds) if seconds is not None else 60.0
