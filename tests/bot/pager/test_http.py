"""One call to another system: where it may go, what is kept of it, and that it ends."""

import http.server
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bot.pager.http import MAXIMUM_ANSWER_BYTES, Call, NotAllowedError, Outside, wait_of
from bot.ports.paging import Egress, EgressPurpose, Unanswered
from tests.model_endpoint import endpoint, says, self_signed

#: Addresses of this machine, of networks that the internet does not reach, and of many at once.
INSIDE = ("169.254.169.254", "127.0.0.1", "10.0.0.7", "::1", "fe80::1", "224.0.0.1", "::ffff:169.254.169.254")
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


class StandingClock:
    """One instant."""

    def now(self) -> datetime:
        """Return it."""
        return NOW


@dataclass
class Kept:
    """The log of what left, in memory."""

    calls: dict[UUID, Egress] = field(default_factory=dict)

    def begin(self, egress: Egress) -> None:
        """Keep a call that is about to leave."""
        self.calls[egress.id] = egress

    def end(self, egress: Egress) -> None:
        """Keep what came back."""
        self.calls[egress.id] = egress

    @property
    def last(self) -> Egress:
        """The newest call."""
        return list(self.calls.values())[-1]


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers by the path."""

    seen: list[str] = []  # noqa: RUF012 - one server a test

    def do_GET(self) -> None:
        """Answer."""
        self.seen.append(self.path)
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        if self.path == "/late":
            time.sleep(1.5)
        self.send_response(200)
        self.end_headers()
        if self.path == "/huge":
            self.wfile.write(b"x" * (MAXIMUM_ANSWER_BYTES + 10))
        elif self.path == "/drip":
            self.drip()
        else:
            self.wfile.write(b'{"fine": true}')

    def drip(self) -> None:
        """Answer a byte at a time, until nobody listens any more."""
        for _ in range(200):
            try:
                self.wfile.write(b"x")
            except ConnectionError:
                return
            time.sleep(0.05)

    def do_POST(self) -> None:
        """Answer likewise."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    """Yield the address of a server on loopback."""
    Answers.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def kept() -> Kept:
    """Return an empty log."""
    return Kept()


@pytest.fixture
def outside(kept: Kept) -> Outside:
    """Return what may call this machine."""
    return Outside(kept, StandingClock(), uuid4, hosts=frozenset({"127.0.0.1", "localhost"}), timeout_seconds=0.5)


def call(url: str, **over: object) -> Call:
    """A call of no consequence."""
    plain = Call(purpose=EgressPurpose.CHECK, policy="test", method="GET", url=url, actor="cli:test")
    return replace(plain, **over)  # type: ignore[arg-type]


def test_answer_is_kept_by_its_hash(outside: Outside, kept: Kept, base: str) -> None:
    """Who, what, where to, and what came back."""
    answer = outside.call(call(f"{base}/fine", method="POST", body=b"key=secret", kept=b"key=..."))

    assert (answer.status, answer.body) == (200, b'{"fine": true}')
    assert (kept.last.body, kept.last.body_hash) == (b"key=...", sha256(b"key=secret").digest())
    assert (kept.last.status, kept.last.answer_hash) == (200, sha256(answer.body).digest())


def test_redirect_is_not_followed(outside: Outside, base: str) -> None:
    """Where an answer points to is nobody's business but the operator's."""
    assert outside.call(call(f"{base}/redirect")).status == 302
    assert Answers.seen == ["/redirect"]


def test_proxy_of_the_environment_is_not_used(outside: Outside, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that somebody set leads nothing elsewhere."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert outside.call(call(f"{base}/fine")).status == 200


def test_huge_answer_is_cut_off(outside: Outside, base: str) -> None:
    """The status has said what became of the call."""
    answer = outside.call(call(f"{base}/huge"))

    assert (answer.status, answer.body) == (200, b"")


def test_dripping_answer_ends_by_the_deadline(outside: Outside, base: str) -> None:
    """However slowly it comes, and although each drop is in time."""
    began = time.monotonic()

    answer = outside.call(call(f"{base}/drip"))

    assert (answer.status, len(answer.body) < 200) == (200, True)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("https://example.com/", "DEBRIEF_OUTSIDE_HOSTS", id="not on the list"),
        pytest.param("http://example.com/", "over https only", id="http elsewhere"),
        pytest.param("ftp://127.0.0.1/", "over https only", id="another scheme"),
        pytest.param("http://169.254.169.254/latest/", "over https only", id="metadata over http"),
        pytest.param("https://user:word@127.0.0.1/", "name or password", id="credentials"),
        pytest.param("https://127.0.0.1.nip.example/", "DEBRIEF_OUTSIDE_HOSTS", id="a name that looks like us"),
        pytest.param("/only/a/path", "over https only", id="no host"),
    ],
)
def test_address_that_is_not_allowed_is_refused_and_kept(outside: Outside, kept: Kept, url: str, said: str) -> None:
    """Nothing leaves, and that somebody tried is on record."""
    with pytest.raises(NotAllowedError, match=said):
        outside.call(call(url))

    assert (kept.last.status, said in kept.last.outcome) == (0, True)


@pytest.mark.parametrize("address", INSIDE)
def test_allowed_name_that_leads_inside_is_refused(kept: Kept, address: str) -> None:
    """A name on the list whose address is this network's, or became so, is not connected to."""
    strict = Outside(kept, StandingClock(), uuid4, hosts=frozenset({"pager.example"}), resolve=leads_to(address))

    with pytest.raises(NotAllowedError, match="inside the network"):
        strict.call(call("https://pager.example/"))


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("10.0.0.7", Unanswered),
        ("100.64.0.7", Unanswered),
        ("fd12::7", Unanswered),
        ("169.254.169.254", NotAllowedError),
        ("fd00:ec2::254", NotAllowedError),
        ("fd00:ec2::254%1", NotAllowedError),
        ("100.100.100.200", NotAllowedError),
        ("127.0.0.1", NotAllowedError),
        ("::ffff:127.0.0.1", NotAllowedError),
    ],
)
def test_private_host_may_be_in_the_network_but_not_this_machine(
    kept: Kept, address: str, outcome: type[Exception]
) -> None:
    """What the operator names as private may have a private address, and never a link-local one or our own."""
    hosts = frozenset({"pager.internal"})
    ways = {"resolve": leads_to(address), "connect": unreachable}
    named = Outside(kept, StandingClock(), uuid4, hosts=hosts, private_hosts=hosts, **ways)

    with pytest.raises(outcome):
        named.call(call("https://pager.internal/"))


def test_dead_addresses_take_one_deadline_together(kept: Kept) -> None:
    """However many a name has, the page is told of in time."""
    asked: list[float] = []

    def is_silent(_: object, *, timeout: float) -> socket.socket:
        asked.append(timeout)
        time.sleep(timeout)
        raise TimeoutError

    hosts = frozenset({"localhost"})
    ways = {"resolve": leads_to(*(f"127.0.0.{last}" for last in range(1, 5))), "connect": is_silent}
    outside = Outside(kept, StandingClock(), uuid4, hosts=hosts, timeout_seconds=0.4, **ways)

    with pytest.raises(Unanswered, match="cannot be reached"):
        outside.call(call("http://localhost/"))

    assert len(asked) == 4
    assert sum(asked) <= 0.45
    assert max(asked) < 0.3  # none takes the time of those behind it


def test_address_behind_dead_ones_is_reached(kept: Kept, base: str) -> None:
    """One that is silent leaves time for the next."""
    port = int(base.rpartition(":")[2])

    def connect(address: tuple[str, int], *, timeout: float) -> socket.socket:
        if address[0] == "127.0.0.1":
            return socket.create_connection(address, timeout=timeout)
        time.sleep(timeout)
        raise TimeoutError

    ways = {"resolve": leads_to("127.0.0.8", "127.0.0.9", "127.0.0.1"), "connect": connect}
    outside = Outside(kept, StandingClock(), uuid4, hosts=frozenset({"localhost"}), timeout_seconds=2.0, **ways)

    assert outside.call(call(f"http://localhost:{port}/fine")).status == 200


def test_first_of_several_addresses_has_the_whole_time_to_answer(kept: Kept, base: str) -> None:
    """Only what is spent on reaching one is shared: a pager that takes its time has not failed."""
    port = int(base.rpartition(":")[2])
    ways = {"resolve": leads_to(*["127.0.0.1"] * 10)}
    outside = Outside(kept, StandingClock(), uuid4, hosts=frozenset({"localhost"}), timeout_seconds=8.0, **ways)

    assert outside.call(call(f"http://localhost:{port}/late")).body == b'{"fine": true}'


def test_secret_address_is_kept_without_what_lets_anybody_in(outside: Outside, kept: Kept, base: str) -> None:
    """Be it in its path or behind a question mark."""
    outside.call(call(f"{base}/ping/secret?token=secret", is_secret=True))

    assert Answers.seen == ["/ping/secret?token=secret"]
    assert "secret" not in repr(kept.last)
    assert (kept.last.path, kept.last.body) == ("/…", b"")


def test_host_that_cannot_be_reached_got_nothing(outside: Outside) -> None:
    """Then it may be asked again without looking."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(Unanswered) as raised:
        outside.call(call(f"http://127.0.0.1:{port}/"))

    assert not raised.value.may_have_arrived


@pytest.mark.parametrize(
    ("path", "over"),
    [
        pytest.param("/hunter2…", {}, id="letters in the path"),
        pytest.param("/a hunter2", {}, id="a space in the path"),
        pytest.param("/", {"headers": {"Authorization": "hunter2\n"}}, id="a line end in a header"),
        pytest.param("/", {"headers": {"From": "hunter2…"}}, id="letters in a header"),
    ],
)
def test_call_that_cannot_be_sent_is_refused_and_quotes_nothing(
    outside: Outside, kept: Kept, base: str, path: str, over: dict[str, object]
) -> None:
    """Nothing left, so it is no matter of trying again; what is wrong may be a secret."""
    with pytest.raises(NotAllowedError, match="cannot be sent") as raised:
        outside.call(call(f"{base}{path}", is_secret=True, **over))

    assert "hunter2" not in "".join(traceback.format_exception(raised.value))
    assert (kept.last.outcome, Answers.seen) == (raised.value.message, [])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999/x", "http://127.0.0.1:0/x", "https://[hunter2/", "http://127.0.0.1:hunter2/"]
)
def test_what_is_no_address_is_refused_and_kept(outside: Outside, kept: Kept, url: str) -> None:
    """The error would quote it, and it may have a secret in it."""
    with pytest.raises(NotAllowedError, match="no address") as raised:
        outside.call(call(url))

    assert kept.last.outcome == raised.value.message
    assert "hunter2" not in "".join(traceback.format_exception_only(raised.value))


def test_name_that_cannot_be_looked_up_is_refused(kept: Kept) -> None:
    """A part of a name longer than names have: the resolver says so in an error of its own."""
    name = f"{'x' * 70}.example"
    strict = Outside(kept, StandingClock(), uuid4, hosts=frozenset({name}))

    with pytest.raises(NotAllowedError, match="cannot be sent"):
        strict.call(call(f"https://{name}/"))


def test_name_without_an_address_just_now_got_nothing(kept: Kept) -> None:
    """The resolver may be down for a moment; then it may be asked again without looking."""

    def is_down(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    strict = Outside(kept, StandingClock(), uuid4, hosts=frozenset({"pager.example"}), resolve=is_down)

    with pytest.raises(Unanswered, match="has no address just now") as raised:
        strict.call(call("https://pager.example/"))

    assert not raised.value.may_have_arrived
    assert kept.last.outcome == "pager.example has no address just now"


@pytest.mark.parametrize("addresses", [("93.184.216.34", "10.0.0.7"), ("10.0.0.7", "93.184.216.34")])
def test_name_one_of_whose_addresses_is_inside_is_not_connected_to(kept: Kept, addresses: tuple[str, str]) -> None:
    """Whoever has the name in hand makes the others fail, and so chooses which is taken."""
    ways = {"resolve": leads_to(*addresses), "connect": unreachable}
    strict = Outside(kept, StandingClock(), uuid4, hosts=frozenset({"pager.example"}), **ways)

    with pytest.raises(NotAllowedError, match="inside the network"):
        strict.call(call("https://pager.example/"))


@pytest.mark.parametrize(
    ("name", "is_trusted", "is_told"),
    [
        pytest.param("localhost", True, True, id="proven"),
        pytest.param("localhost", False, False, id="nobody vouches"),
        pytest.param("pager.example", True, False, id="another name"),
    ],
)
def test_token_leaves_only_to_whoever_proves_the_name(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, is_trusted: bool, is_told: bool
) -> None:
    """Whoever answers at the address may be anybody; until then nothing was said, so it may be asked again."""
    tls = self_signed(tmp_path, name)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "endpoint.pem"))
    outside = Outside(kept, StandingClock(), uuid4, hosts=frozenset({"localhost"}), timeout_seconds=5.0)
    wanted = {"method": "POST", "headers": {"Authorization": "Token token=secret"}, "body": b"{}"}

    with endpoint(says("fine"), tls=tls) as there:
        try:
            status = outside.call(call(f"https://localhost:{there.port}/v2/enqueue", **wanted)).status
        except Unanswered as error:
            status, may_have_arrived = 0, error.may_have_arrived
        else:
            may_have_arrived = True

    assert (status == 200, may_have_arrived, len(there.received)) == (is_told, is_told, int(is_told))
    assert is_told or "does not prove who it is (SSLCertVerificationError)" in kept.last.outcome


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7", "ratelimit-reset": "9"}, 7),
        ({"ratelimit-reset": "9"}, 9),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0),
        ({"retry-after": "-1"}, 0),
        ({}, 0),
    ],
)
def test_wait_that_is_asked_for_is_read(outside: Outside, base: str, headers: dict[str, str], seconds: int) -> None:
    """In seconds, or not at all."""
    answer = replace(outside.call(call(f"{base}/fine")), headers=headers)

    assert wait_of(answer).total_seconds() == seconds


def leads_to(*addresses: str) -> Callable[..., list[tuple[object, ...]]]:
    """What a resolver answers that an attacker has in hand."""
    families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
    found = [
        (family, socket.SOCK_STREAM, 6, "", (address, 443)) for family, address in zip(families, addresses, strict=True)
    ]
    return lambda *_, **__: found


def unreachable(*_: object, **__: object) -> socket.socket:
    """Nothing listens there."""
    raise ConnectionRefusedError
