"""Nothing reaches any host but the approved one, and every way of not answering is one sentence."""

import gzip
import http.server
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from analysis.errors import Unavailable
from bot.llm.endpoint import Endpoint, EndpointSettings
from bot.llm.transport import AnswerLateError, AnswerTooLongError, ApprovedTransport, EndpointRefusedError, Gate, Origin
from bot.ports.model import KeyRefusedError, NotSentError, Question, QuestionRefusedError, SilentAnswerError
from bot.settings import AnswerForm, AnswerLimits
from tests.effort import leading, thinned
from tests.model_endpoint import Answering, breaks, drips, endpoint, hangs, refuses, says, self_signed, status

SPENT = b'{"error": {"message": "Budget has been exceeded!", "type": "budget_exceeded", "code": "400"}}'
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))
BUSY = b'{"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}'
QUESTION = Question(
    instructions="Write.",
    material='{"events": "the confidential timeline"}',
    schema={"type": "object"},
    answer_tokens=9,
)


def _pass(_: bytes) -> None:
    """Let everything through."""


Asking = Callable[..., Endpoint]


@pytest.fixture
def asking() -> Iterator[Asking]:
    """Return what asks the endpoint at a URL, and let go of its connections afterwards."""
    with ExitStack() as opened:

        def ask_at(url: str, *, gate: Gate = _pass, over: Mapping[str, Any] = {}, **given: Any) -> Endpoint:
            given_key = {"api_key": SecretStr("the-key"), **over}
            settings = EndpointSettings(base_url=url, model="pinned", networks=LOOPBACK, **given_key)
            return opened.enter_context(closing(Endpoint(settings, gate=gate, **given)))

        yield ask_at


def test_question_is_asked_with_the_pinned_model_and_its_schema(asking: Asking) -> None:
    """What is sent is what the caller gave, and no more."""
    with endpoint(says('{"colour": "green"}')) as fake:
        answer = asking(fake.url).ask(QUESTION, seconds=5)

    assert (answer.text, answer.model, answer.fingerprint) == ('{"colour": "green"}', "pinned", "fp1")
    assert (answer.question_tokens, answer.answer_tokens, answer.is_whole) == (11, 7, True)
    [received] = fake.received
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == "Bearer the-key"
    assert b'"model":"pinned"' in received.body
    assert b'"schema":{"type":"object"}' in received.body


def test_cut_answer_says_so(asking: Asking) -> None:
    """An answer that the limit of tokens ended is not whole."""
    with endpoint(says('{"colour": "gr', finish="length")) as fake:
        assert not asking(fake.url).ask(QUESTION, seconds=5).is_whole


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(asking: Asking, code: int) -> None:
    """Not one byte reaches where it leads."""
    with endpoint(says("stolen")) as other, endpoint(status(code, location=f"{other.url}/steal")) as fake:
        with pytest.raises(Unavailable, match="a redirect, which is never followed"):
            asking(fake.url).ask(QUESTION, seconds=5)

        assert len(fake.received) == 1
        assert other.received == []


def test_proxies_and_headers_of_the_environment_are_ignored(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment would add or reroute does not leave."""
    with endpoint(says("stolen")) as proxy, endpoint(says("ours")) as fake:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Leak: user name")
        monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
        monkeypatch.setenv("OPENAI_BASE_URL", proxy.url)

        answer = asking(fake.url).ask(QUESTION, seconds=5)

    assert answer.text == "ours"
    assert proxy.received == []
    names = set(fake.received[0].headers)
    assert names <= {
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("http://127.0.0.1:{port}/v1/chat/completions", id="port"),
        pytest.param("http://localhost:{port}/v1/chat/completions", id="name"),
        pytest.param("https://127.0.0.1:{port}/v1/chat/completions", id="scheme"),
    ],
)
def test_request_for_another_origin_is_not_sent(asking: Asking, other: str) -> None:
    """Even a request that code of ours would make by mistake."""
    with endpoint(says("stolen")) as elsewhere, endpoint(says("ours")) as fake:
        url = other.format(port=elsewhere.port if other.startswith("http://127.0.0.1") else fake.port)
        llm = asking(fake.url)

        with pytest.raises(EndpointRefusedError):
            llm.client.post(url, cast_to=object, body={"a": 1})

        assert elsewhere.received == fake.received == []


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["169.254.169.254"], id="metadata"),
        pytest.param(["fd00:ec2::254"], id="metadata over IPv6"),
        pytest.param(["::ffff:169.254.169.254"], id="metadata in IPv6"),
        pytest.param(["168.63.129.16"], id="metadata at a public address"),
        pytest.param(["10.0.0.7"], id="private"),
        pytest.param(["::"], id="any"),
        pytest.param(["127.0.0.1", "10.0.0.7"], id="one of two"),
        pytest.param([], id="none"),
    ],
)
def test_name_that_stands_for_a_forbidden_address_is_refused(asking: Asking, addresses: Sequence[str]) -> None:
    """A name is as good as the worst of its addresses; nothing is sent."""
    with endpoint(says("stolen")) as fake:
        which = re.escape(addresses[-1] if addresses else "no address")
        with pytest.raises(EndpointRefusedError, match=f"stands for {which}, which.*DEBRIEF_LLM_NETWORKS"):
            asking(fake.url, resolver=lambda _host, _port: addresses).ask(QUESTION, seconds=5)

        assert fake.received == []


def _has_no_address(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    ("host", "given"),
    [
        pytest.param("llm.example.com", {"resolver": _has_no_address}, id="unknown"),
        pytest.param("llm..example.com", {}, id="two dots"),
        pytest.param(f"{'l' * 64}.example.com", {}, id="too long"),
    ],
)
def test_name_without_an_address_is_told_before_anything_leaves(
    asking: Asking, host: str, given: Mapping[str, Any]
) -> None:
    """Also one that no host can have, which the resolver refuses in another way; the gate saw nothing."""
    seen: list[bytes] = []

    with pytest.raises(EndpointRefusedError, match=f"name {host} has no address; nothing was sent"):
        asking(f"http://{host}:9/v1", gate=seen.append, **given).ask(QUESTION, seconds=5)

    assert seen == []


def test_name_that_changes_its_meaning_gains_nothing(asking: Asking) -> None:
    """The connection goes to the address that was checked; the next one is checked anew."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    with endpoint(says("ours")) as fake:
        url = fake.url.replace("127.0.0.1", "llm.example.com")
        llm = asking(url, resolver=lambda _host, _port: answers.pop(0))

        assert llm.ask(QUESTION, seconds=5).text == "ours"
        with pytest.raises(EndpointRefusedError):
            llm.ask(QUESTION, seconds=5)

    [received] = fake.received
    assert received.headers["host"] == f"llm.example.com:{fake.port}"


def test_bytes_that_the_gate_stops_do_not_leave(asking: Asking) -> None:
    """The gate sees the request as it would leave, and its own error comes back."""
    seen = []

    def gate(body: bytes) -> None:
        seen.append(body)
        raise Unavailable("A card number was in it.")

    with endpoint(says("ours")) as fake:
        with pytest.raises(Unavailable, match="A card number was in it"):
            asking(fake.url, gate=gate).ask(QUESTION, seconds=5)

        assert fake.received == []
    assert b"the confidential timeline" in seen[0]


@pytest.mark.parametrize(
    ("answering", "sentence", "kind"),
    thinned(
        [
            pytest.param(status(500), "status 500", Unavailable, id="500"),
            pytest.param(status(429, retry_after="1"), "busy", NotSentError, id="429"),
            pytest.param(
                status(429, b'{"error": {"code": "insufficient_quota"}}'),
                "429, insufficient_quota",
                KeyRefusedError,
                id="quota",
            ),
            pytest.param(status(400, SPENT), "is used up there", KeyRefusedError, id="budget of a gateway"),
            pytest.param(
                status(402, b'{"error": {"message": "Insufficient credits", "code": 402}}'),
                r"is used up there \(status 402\)",
                KeyRefusedError,
                id="402",
            ),
            pytest.param(status(402, b"<html>"), r"answered with status 402\.", Unavailable, id="402 of a proxy"),
            pytest.param(status(422, SPENT), "is used up there", KeyRefusedError, id="budget of a later gateway"),
            pytest.param(status(429, SPENT), r"\(status 429, budget_exceeded\)", KeyRefusedError, id="budget, 429"),
            pytest.param(
                status(400, b'{"error": {"code": "content_filter", "type": null, "innererror": {}}}'),
                "A filter of the model's endpoint kept the question back",
                Unavailable,
                id="filtered question",
            ),
            pytest.param(
                status(404, b'{"error": {"code": "DeploymentNotFound", "message": "Not there."}}'),
                r"no such model, or nothing at its address \(status 404, DeploymentNotFound\)",
                Unavailable,
                id="deployment",
            ),
            pytest.param(
                status(404, b'{"object": "error", "type": "NotFoundError", "code": 404}'),
                r"\(status 404, NotFoundError\); look at DEBRIEF_LLM_MODEL",
                Unavailable,
                id="error without its envelope",
            ),
            pytest.param(
                status(529, b'{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}'),
                r"busy \(status 529, overloaded_error\)",
                NotSentError,
                id="529",
            ),
            pytest.param(status(529, b"<html>"), r"answered with status 529\.", Unavailable, id="529 of a proxy"),
            pytest.param(
                status(403, b'{"message": "The security token included in the request is expired"}'),
                r"DEBRIEF_LLM_API_KEY or DEBRIEF_LLM_HEADERS \(status 403\)",
                KeyRefusedError,
                id="expired token",
            ),
            pytest.param(status(403, b" <html>"), "or a proxy before it", KeyRefusedError, id="403 of a proxy"),
            pytest.param(
                status(400, b'[{"error": {"status": "INVALID_ARGUMENT"}}]'),
                r"status 400, INVALID_ARGUMENT\.",
                QuestionRefusedError,
                id="list of errors",
            ),
            pytest.param(
                status(400, b'{"error": {"code": "the confidential timeline"}}'),
                r"status 400\.",
                QuestionRefusedError,
                id="words",
            ),
            pytest.param(status(503, b"no healthy upstream"), r"status 503\.", Unavailable, id="503 of a proxy"),
            pytest.param(status(503, b'{"message": "away"}'), r"status 503\.", Unavailable, id="503 of a gateway"),
            pytest.param(status(503, BUSY), r"busy \(status 503, unavailable_error\)", NotSentError, id="503"),
            pytest.param(status(401), "DEBRIEF_LLM_API_KEY", KeyRefusedError, id="401"),
            pytest.param(
                status(407, b"<html>"), "Proxy-Authorization, into DEBRIEF_LLM_HEADERS", KeyRefusedError, id="407"
            ),
            pytest.param(status(410), r"retired there \(status 410\); set DEBRIEF_LLM_MODEL", Unavailable, id="410"),
            pytest.param(status(200, b"<html>no</html>"), "a page instead", Unavailable, id="html"),
            pytest.param(status(200, b'data: {"id": "c"}\n\n'), "as a stream", Unavailable, id="stream"),
            pytest.param(
                status(200, b'{"error": {"code": 502}}'),
                r"an error instead of a completion \(status 200 with code 502\)",
                Unavailable,
                id="error with 200",
            ),
            pytest.param(says(None, refusal="I cannot."), "refused to answer", SilentAnswerError, id="refusal"),
            pytest.param(
                says([{"type": "thinking"}], finish="length"), "used up", SilentAnswerError, id="no part is text"
            ),
            pytest.param(
                says("<think>Hm, [{", finish="length"), "used up", SilentAnswerError, id="never thought through"
            ),
            pytest.param(status(200, b"[]"), "no completion", Unavailable, id="list"),
            pytest.param(status(200, b'{"choices": []}'), "no completion", Unavailable, id="no choice"),
            pytest.param(status(200, b'{"choices": 7}'), "no completion", Unavailable, id="choices of another kind"),
            pytest.param(status(200, b"\xff\xfe\x00"), "no completion", Unavailable, id="no text"),
            pytest.param(says(None), "without a text", SilentAnswerError, id="no words"),
            pytest.param(
                says("", finish="length"), "DEBRIEF_LLM_ANSWER_TOKENS", SilentAnswerError, id="thought too long"
            ),
            pytest.param(says(None, finish="content_filter"), "A filter", SilentAnswerError, id="filtered"),
            pytest.param(breaks, "failed", Unavailable, id="breaks"),
        ],
        every=2,
    ),
)
def test_every_way_of_not_answering_is_one_sentence(
    asking: Asking, answering: Answering, sentence: str, kind: type[Unavailable]
) -> None:
    """Said without a word of what was asked, and asked once."""
    with endpoint(answering) as fake:
        with pytest.raises(Unavailable, match=sentence) as told:
            asking(fake.url).ask(QUESTION, seconds=5)

        assert len(fake.received) == 1
    assert "confidential" not in told.value.message
    assert type(told.value) is kind


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("7", "", 7.0),
        ("0.5", "", 0.5),
        # By the endpoint's own clock, which may be another than ours.
        ("Wed, 21 Oct 2015 07:28:30 GMT", "Wed, 21 Oct 2015 07:28:00 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:28:30 -0000", "Wed, 21 Oct 2015 07:28:00 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", "", 0.0),
        ("soon", "", 0.0),
        ("-3", "", 0.0),
        ("Wed, 99 Oct 2015 07:28:30 GMT", "", 0.0),
        ("9" * 40, "", 0.0),
    ],
)
def test_busy_endpoint_may_say_when_to_ask_again(asking: Asking, said: str, date: str, seconds: float) -> None:
    """In seconds or as a date; what cannot be read says nothing."""

    def busy(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        handler.send_response_only(429)
        for name, value in (("Retry-After", said), ("Date", date), ("Content-Length", "0")):
            if value:
                handler.send_header(name, value)
        handler.end_headers()

    with endpoint(busy) as fake, pytest.raises(NotSentError, match="busy") as told:
        asking(fake.url).ask(QUESTION, seconds=5)

    assert told.value.after_seconds == seconds
    assert ("left alone" in told.value.message) is (seconds > 0)


def test_endpoint_that_is_not_there_costs_nothing(asking: Asking) -> None:
    """A refused connection may be tried again."""
    with endpoint(says("gone")) as fake:
        gone = fake.url

    with pytest.raises(NotSentError, match="connection"):
        asking(gone).ask(QUESTION, seconds=2)


def test_name_with_another_address_is_reached_there(asking: Asking) -> None:
    """As of `localhost`, where a server listens at one of two, or of a machine that is down; it leaves once."""
    left: list[bytes] = []
    with endpoint(says("ours")) as fake:
        url = fake.url.replace("127.0.0.1", "llm.example.com")
        llm = asking(url, gate=left.append, resolver=lambda _host, _port: ["::1", "127.0.0.1"])

        assert llm.ask(QUESTION, seconds=5).text == "ours"

    assert len(left) == len(fake.received) == 1


def test_certificate_that_is_not_trusted_is_not_hidden_by_another_address(asking: Asking, tmp_path: Path) -> None:
    """Whoever listens there is the endpoint, or says that it is: nobody else is asked."""
    with endpoint(says("ours"), tls=self_signed(tmp_path)) as fake:
        llm = asking(fake.url, resolver=lambda _host, _port: ["127.0.0.1", "::1"])

        with pytest.raises(NotSentError, match="not trusted here"):
            llm.ask(QUESTION, seconds=5)


@pytest.mark.parametrize(("seconds", "tried"), [(8.0, 3), (0.0, 1)])
def test_addresses_that_stay_silent_are_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch, seconds: float, tried: int
) -> None:
    """Each takes seconds of what the draft has."""
    hosts = []

    class Silent(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            hosts.append(request.url.host)
            raise httpx2.ConnectTimeout("")

    monkeypatch.setattr("bot.llm.transport._CONNECTING_SECONDS", seconds)
    addresses, url = ["127.0.0.1", "127.0.0.2", "127.0.0.3"], httpx2.URL("http://llm.example.com/v1")
    transport = ApprovedTransport(
        Origin.of(url), gate=_pass, networks=LOOPBACK, inner=Silent(), resolver=lambda _host, _port: addresses
    )
    client = httpx2.Client(transport=transport, trust_env=False)
    with closing(client), pytest.raises(httpx2.ConnectTimeout):
        client.post(url, json={})

    assert hosts == addresses[:tried]


def test_no_address_is_tried_when_nobody_waits_any_more() -> None:
    """The first stayed silent for all the time that there was: the second would work, and be paid, for nobody."""

    class FirstIsSilent(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.host == "127.0.0.1":
                return super().handle_request(request)
            time.sleep(request.extensions["timeout"]["connect"])
            raise httpx2.ConnectTimeout("")

    with endpoint(says("late")) as fake:
        url = httpx2.URL(fake.url).copy_with(host="llm.example.com")
        transport = ApprovedTransport(
            Origin.of(url),
            gate=_pass,
            networks=LOOPBACK,
            inner=FirstIsSilent(trust_env=False),
            resolver=lambda *_: ["127.0.0.2", "127.0.0.1"],
        )
        client = httpx2.Client(transport=transport, trust_env=False, timeout=0.5)
        with closing(client), pytest.raises(httpx2.ConnectTimeout):
            client.post(url, json={})

        assert fake.received == []


def test_slow_lookup_leaves_no_time_to_send(asking: Asking) -> None:
    """As of a resolver that waits for its second server."""

    def slow(_host: str, _port: int) -> Sequence[str]:
        time.sleep(0.4)
        return ["127.0.0.1"]

    with endpoint(says("late")) as fake:
        with pytest.raises(NotSentError, match="could not be reached in time"):
            asking(fake.url.replace("127.0.0.1", "llm.example.com"), resolver=slow).ask(QUESTION, seconds=0.3)

        assert fake.received == []


def test_each_address_gets_what_is_left_of_the_time() -> None:
    """Not the whole of it again."""
    given = list[dict[str, float]]()

    class Closed(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            given.append(request.extensions["timeout"])
            time.sleep(0.3)
            raise httpx2.ConnectError("")

    url = httpx2.URL("http://llm.example.com/v1")
    transport = ApprovedTransport(
        Origin.of(url), gate=_pass, networks=LOOPBACK, inner=Closed(), resolver=lambda *_: ["127.0.0.1", "127.0.0.2"]
    )
    client = httpx2.Client(transport=transport, trust_env=False, timeout=httpx2.Timeout(20, connect=19.9))
    with closing(client), pytest.raises(httpx2.ConnectError):
        client.post(url, json={})

    first, second = given
    assert first["connect"] == 19.9
    assert max(second.values()) <= 19.7


def test_connection_that_is_not_made_in_time_costs_nothing(asking: Asking) -> None:
    """A port that lets nobody in, as behind a firewall, has not seen the question."""
    with ExitStack() as opened:
        full = opened.enter_context(closing(socket.create_server(("127.0.0.1", 0), backlog=0)))
        for _ in range(2):  # as many as wait there at most
            waiting = opened.enter_context(closing(socket.socket()))
            waiting.settimeout(0)
            waiting.connect_ex(full.getsockname())

        with pytest.raises(NotSentError, match="in time"):
            asking(f"http://127.0.0.1:{full.getsockname()[1]}/v1").ask(QUESTION, seconds=0.5)


def test_certificate_that_is_not_trusted_is_told(asking: Asking, tmp_path: Path) -> None:
    """Whoever set the endpoint up reads what is wrong with it, and nothing was sent."""
    with endpoint(says("ours"), tls=self_signed(tmp_path)) as fake:
        with pytest.raises(NotSentError, match=r"endpoint is not trusted here \(self-signed certificate\)"):
            asking(fake.url).ask(QUESTION, seconds=5)

        assert fake.received == []


@pytest.mark.parametrize(("host", "is_asked"), [("llm.example.com", True), ("other.example.com", False)])
def test_tls_checks_the_name_at_the_address_that_was_checked(tmp_path: Path, host: str, is_asked: bool) -> None:  # noqa: FBT001 - a table
    """A certificate for another name is refused there, and one for the name is not refused for the address."""
    with endpoint(says("ours"), tls=self_signed(tmp_path)) as fake:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.load_verify_locations(tmp_path / "endpoint.pem")
        url = httpx2.URL(f"https://{host}:{fake.port}/v1")
        transport = ApprovedTransport(
            Origin.of(url),
            gate=_pass,
            networks=LOOPBACK,
            inner=httpx2.HTTPTransport(verify=trusting, trust_env=False),
            resolver=lambda _host, _port: ["127.0.0.1"],
        )
        with closing(httpx2.Client(transport=transport, trust_env=False)) as client, suppress(httpx2.ConnectError):
            client.post(url, json={})

        assert len(fake.received) == is_asked


def test_endpoint_of_a_private_authority_is_asked_by_its_file(asking: Asking, tmp_path: Path) -> None:
    """The file of the company's authority stands for those that the machine trusts, and the name is checked as ever."""
    with endpoint(says("ours"), tls=self_signed(tmp_path)) as fake:
        over, resolver = {"ca_file": tmp_path / "endpoint.pem"}, lambda _host, _port: ["127.0.0.1"]
        url = f"https://llm.example.com:{fake.port}/v1"

        assert asking(url, over=over, resolver=resolver).ask(QUESTION, seconds=5).text == "ours"
        with pytest.raises(NotSentError, match=r"Hostname mismatch.*other\.example\.com'\)\.$"):
            asking(url.replace("llm", "other"), over=over, resolver=resolver).ask(QUESTION, seconds=5)


def test_certificate_that_expired_is_told(asking: Asking, tmp_path: Path) -> None:
    """No file of an authority helps then, so that none is asked for."""
    over, resolver = {"ca_file": tmp_path / "endpoint.pem"}, lambda _host, _port: ["127.0.0.1"]
    with endpoint(says("ours"), tls=self_signed(tmp_path, days=-1)) as fake:
        llm = asking(f"https://llm.example.com:{fake.port}/v1", over=over, resolver=resolver)
        with pytest.raises(NotSentError, match=r"\(certificate has expired\)\.$"):
            llm.ask(QUESTION, seconds=5)


def test_endpoint_that_wants_a_certificate_of_ours_is_shown_it(asking: Asking, tmp_path: Path) -> None:
    """Without one it ends the connection, and the sentence names the setting."""
    tls = self_signed(tmp_path)
    tls.load_verify_locations(tmp_path / "endpoint.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.maximum_version = ssl.TLSVersion.TLSv1_2  # a later one says so after the question was sent, or not in time
    over, resolver = {"ca_file": tmp_path / "endpoint.pem"}, lambda _host, _port: ["127.0.0.1"]
    with endpoint(says("ours"), tls=tls) as fake:
        url = f"https://llm.example.com:{fake.port}/v1"

        shown = asking(url, over={**over, "client_file": tmp_path / "endpoint.pem"}, resolver=resolver)
        assert shown.ask(QUESTION, seconds=5).text == "ours"
        with pytest.raises(NotSentError, match="DEBRIEF_LLM_CLIENT_FILE"):
            asking(url, over=over, resolver=resolver).ask(QUESTION, seconds=5)


@pytest.mark.parametrize("name", ["ca_file", "client_file"])
@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_file_of_certificates_that_is_none_is_named(
    asking: Asking, tmp_path: Path, name: str, content: bytes | None
) -> None:
    """Nothing is asked by other authorities, or without a certificate, instead."""
    if content is not None:
        (tmp_path / "file.pem").write_bytes(content)

    with endpoint(says("ours")) as fake, pytest.raises(Unavailable, match=f"DEBRIEF_LLM_{name.upper()}.*file.pem"):
        asking(fake.url, over={name: tmp_path / "file.pem"})


def test_port_without_tls_is_told(asking: Asking) -> None:
    """An address that begins with https:// by mistake is named as such."""
    with endpoint(says("ours")) as fake, pytest.raises(NotSentError, match=r"by TLS \(wrong version number\)"):
        asking(fake.url.replace("http:", "https:")).ask(QUESTION, seconds=5)


@pytest.mark.parametrize(
    "answering",
    leading(
        1,
        [
            pytest.param(hangs(1.5), id="silent"),
            pytest.param(drips(every=0.05), id="a byte now and then"),
            pytest.param(drips(every=0.0, size=100_000), id="without an end"),
        ],
    ),
)
def test_endpoint_that_takes_too_long_is_left(asking: Asking, answering: Answering) -> None:
    """Neither silence nor a body that never ends holds a draft up."""
    with endpoint(answering) as fake:
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"in time|longer than"):
            asking(fake.url).ask(QUESTION, seconds=0.5)

        assert time.monotonic() - began < 4  # the limit is .5 s; the rest is for a busy machine


def test_answer_that_began_and_is_not_whole_in_time_is_told_as_late() -> None:
    """A byte now and then outlives the wait for any of them; nobody should look for an answer that was too long."""
    with endpoint(drips(every=0.02)) as fake:
        url = httpx2.URL(fake.url)
        transport = ApprovedTransport(Origin.of(url), gate=_pass, networks=LOOPBACK)
        with httpx2.Client(transport=transport, timeout=1) as client, pytest.raises(AnswerLateError, match="not whole"):
            client.post(url, json={})


def test_endpoint_that_refuses_the_usual_arguments_can_be_asked(asking: Asking) -> None:
    """Models that think before they answer take one limit for both, and no temperature."""
    with endpoint(refuses("max_tokens", "temperature", "seed", otherwise="ours")) as fake:
        with pytest.raises(Unavailable, match=r"answered with status 400, unsupported_parameter\."):
            asking(fake.url).ask(QUESTION, seconds=5)
        answer = asking(fake.url, over={"limits": AnswerLimits.REASONING}).ask(replace(QUESTION, seed=1), seconds=5)

    assert answer.text == "ours"
    assert b'"max_completion_tokens":9' in fake.received[1].body


def test_endpoint_that_takes_neither_a_temperature_nor_a_seed_can_be_asked(asking: Asking) -> None:
    """Gateways refuse what the model behind them does not know, such as Bedrock's a seed."""
    with endpoint(refuses("max_completion_tokens", "temperature", "seed", otherwise="ours")) as fake:
        answer = asking(fake.url, over={"limits": AnswerLimits.PLAIN}).ask(replace(QUESTION, seed=1), seconds=5)

    assert answer.text == "ours"
    assert b'"max_tokens":9' in fake.received[0].body


@pytest.mark.parametrize("key", ["", "the-key"])
def test_question_goes_to_a_version_with_what_lets_us_in(
    asking: Asking, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    """As Azure's interface and gateways want it; no key that nobody set is sent, and none is in a log of any level."""
    caplog.set_level("DEBUG")
    with endpoint(says("ours")) as fake:
        url = f"{fake.url}/deployments/gpt-4o?api-version=2024-10-21"
        asking(url, over={"api_key": SecretStr(key), "headers": {"Api-Key": SecretStr("another")}}).ask(
            QUESTION, seconds=5
        )

    [received] = fake.received
    assert received.path == "/v1/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
    assert received.headers["api-key"] == "another"
    assert received.headers.get("authorization", "") == (f"Bearer {key}" if key else "")
    assert "HTTP Response: POST 200" in caplog.text
    assert "the-key" not in caplog.text
    assert "another" not in caplog.text


def test_what_the_settings_add_is_in_the_body_that_the_gate_sees(asking: Asking) -> None:
    """Nothing leaves that nobody has looked at."""
    seen = []
    extra = {"reasoning_effort": "low", "chat_template_kwargs": {"enable_thinking": False}}
    with endpoint(says("ours")) as fake:
        asking(fake.url, over={"extra": extra}, gate=seen.append).ask(QUESTION, seconds=5)

    assert seen == [fake.received[0].body]
    assert extra.items() <= json.loads(seen[0]).items()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('```json\n{"colour": "green"}\n```', id="fenced"),
        pytest.param('\n```\n{"colour": "green"}```\n', id="fenced without a name"),
        pytest.param('<think>Is it [{"blue"}]?</think>\n\n{"colour": "green"}', id="thought"),
        pytest.param(
            'Is it blue?\n</think>```json\n{"colour": "green"}\n```', id="thought, whose beginning is not there"
        ),
        pytest.param([{"type": "reasoning"}, {"type": "text", "text": '{"colour": "green"}'}, 7], id="parts"),
    ],
)
def test_answer_is_taken_out_of_what_servers_put_around_it(asking: Asking, text: object) -> None:
    """What was thought, fences of code and parts are no words of the answer."""
    with endpoint(says(text)) as fake:
        assert json.loads(asking(fake.url).ask(QUESTION, seconds=5).text) == {"colour": "green"}


@pytest.mark.parametrize("text", ['{"text": "a </think> b"}', "Sure: ```[]```", '{"text": "```json\\n{}```"}'])
def test_answer_with_nothing_around_it_is_left_as_it_came(asking: Asking, text: str) -> None:
    """What stands in its sentences is for those who judge them."""
    with endpoint(says(text)) as fake:
        assert asking(fake.url).ask(QUESTION, seconds=5).text == text


def test_answer_that_is_packed_is_not_unpacked(asking: Asking) -> None:
    """None is asked for, and few bytes of one could become more than the machine has."""
    packed = status(200, gzip.compress(b" " * 3_000_000), content_encoding="gzip")

    with endpoint(packed) as fake, pytest.raises(AnswerTooLongError, match="compressed"):
        asking(fake.url).ask(QUESTION, seconds=5)

    assert fake.received[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "usage", [None, {}, 7, {"prompt_tokens": -1, "completion_tokens": None}, {"prompt_tokens": 10**30}]
)
def test_answer_without_usable_costs_is_an_answer(asking: Asking, usage: object) -> None:
    """What it cost is not known then, so that all that was reserved counts."""
    message = {"message": {"role": "assistant", "content": "ours"}, "finish_reason": "stop"}
    completion = {"model": "pinned", "choices": [message], "usage": usage}
    with endpoint(status(200, json.dumps(completion).encode())) as fake:
        answer = asking(fake.url).ask(QUESTION, seconds=5)

    assert (answer.text, answer.question_tokens, answer.answer_tokens) == ("ours", 0, 0)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 900}, (11, 889)),
        ({"prompt_tokens": 11, "total_tokens": 900}, (11, 889)),
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 3}, (11, 7)),
        ({"completion_tokens": 7, "total_tokens": 18}, (0, 7)),
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": None}, (11, 7)),
    ],
)
def test_what_was_thought_counts_where_the_total_alone_has_it(
    asking: Asking, usage: Mapping[str, int], tokens: tuple[int, int]
) -> None:
    """It is billed as the answer is; a total that is less than its parts is not believed."""
    message = {"message": {"role": "assistant", "content": "ours"}, "finish_reason": "stop"}
    completion = {"model": "pinned", "choices": [message], "usage": usage}
    with endpoint(status(200, json.dumps(completion).encode())) as fake:
        answer = asking(fake.url).ask(QUESTION, seconds=5)

    assert (answer.question_tokens, answer.answer_tokens) == tokens


def test_form_that_the_endpoint_does_is_asked_for(asking: Asking) -> None:
    """Where it does no schema, JSON alone is asked for."""
    with endpoint(says("{}")) as fake:
        asking(fake.url, form=AnswerForm.JSON_OBJECT).ask(QUESTION, seconds=5)

    assert b'"response_format":{"type":"json_object"}' in fake.received[0].body
