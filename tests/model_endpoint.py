"""An endpoint on loopback that answers as a test says, and keeps every byte that reached it.

It stands for endpoints that fail, lie or lead elsewhere; how a real model answers is in the recorded cassettes.
"""

import http.server
import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.loopback import listening

#: Writes an answer; the second argument is the parsed body of the request.
Answering = Callable[[http.server.BaseHTTPRequestHandler, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class FakeEndpoint:
    """Where it listens, and what it received."""

    url: str
    port: int
    received: list[Received] = field(default_factory=list)


@contextmanager
def endpoint(answering: Answering, *, tls: ssl.SSLContext | None = None) -> Iterator[FakeEndpoint]:
    """Run an endpoint that answers by *answering* until the block ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            fake.received.append(
                Received(
                    path=self.path, headers={name.lower(): value for name, value in self.headers.items()}, body=body
                )
            )
            answering(self, json.loads(body))

    with listening(Handler, tls=tls) as port:
        fake = FakeEndpoint(url=f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1", port=port)
        yield fake


def self_signed(folder: Path, host: str = "llm.example.com", *, days: int = 1) -> ssl.SSLContext:
    """What an endpoint shows whose certificate for *host* nobody vouches for but `endpoint.pem`, made in *folder*.

    It was made two days ago, and is good until so many *days* from now.
    """
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=days))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "endpoint.pem").write_bytes(plain + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "endpoint.pem")
    return context


def says(text: Any, *, finish: str = "stop", fingerprint: str = "fp1", **message: Any) -> Answering:
    """A completion with *text*, or parts of it, and what else is in its *message*."""
    completion = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "pinned",
        "system_fingerprint": fingerprint,
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return status(200, json.dumps(completion).encode())


def status(code: int, body: bytes = b"{}", **headers: str) -> Answering:
    """An answer with this status, body and headers (`retry_after` is `Retry-After`)."""

    def answer(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        handler.send_response(code)
        for name, value in {"content_type": "application/json", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def refuses(
    *arguments: str, form: str = "", keyword: str = "", code: int = 400, otherwise: str = '{"colour": "green"}'
) -> Answering:
    """Refuse requests with one of these arguments, that form of an answer or that keyword of a schema; else say so."""

    def answer(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        asked_for = body.get("response_format", {})
        is_of_form = (form and asked_for.get("type") == form) or (keyword and f'"{keyword}"' in json.dumps(asked_for))
        if is_of_form or not body.keys().isdisjoint(arguments):
            error = {"message": "Unsupported: what was sent", "code": "unsupported_parameter", "param": "x"}
            return status(code, json.dumps({"error": error}).encode())(handler, body)
        return says(otherwise)(handler, body)

    return answer


def drips(*, every: float, size: int = 1) -> Answering:
    """A body without an end: *size* bytes, again and again, *every* so many seconds."""

    def answer(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" " * size)
                handler.wfile.flush()
                time.sleep(every)
        except OSError:
            handler.close_connection = True

    return answer


def trickles(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
    """A head without an end, a line now and then."""
    handler.send_response(200)
    try:
        while True:
            handler.send_header("X-More", "to come")
            handler.flush_headers()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def hangs(seconds: float) -> Answering:
    """No answer for *seconds*, then none at all."""

    def answer(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return answer


def breaks(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
    """End the connection after the request was read."""
    handler.close_connection = True
