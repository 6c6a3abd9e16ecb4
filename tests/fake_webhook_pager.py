"""Any other pager on loopback: takes what its OpenAPI document describes, and is the same page for the same key."""

import http.server
import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from analysis.body_signature import sign
from bot.web.page_api import page_api
from tests.loopback import listening

SECRET = "secret-of-the-other-pager"
_SCHEMA = page_api()["components"]["schemas"]["Page"]


@dataclass(slots=True)
class FakeWebhookPager:
    """The pager: what it was asked, whom it woke, and the statuses that it answers before all is well."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    #: What it carried out: each action once for an idempotency key, as its document says.
    done: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    #: Each is answered once, after the request was carried out.
    statuses: list[int] = field(default_factory=list)
    port: int = 0
    opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Switch it on."""
        pager = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = pager.take(dict(self.headers.items()), body)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b'{"id": "X1", "link": "https://pager.bank.example/X1"}' if status < 300 else b"no")

        self.port = self.opened.enter_context(listening(Handler))
        return self

    def __exit__(self, *_: object) -> None:
        """Switch it off."""
        self.opened.close()

    @property
    def url(self) -> str:
        """Where it takes requests."""
        assert self.port
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Carry a request out and return what it is answered."""
        given = {name.lower(): value for name, value in headers.items()}
        if given["x-debrief-signature"] != sign(SECRET, given["x-debrief-timestamp"], body):
            self.wrong.append("signature")
            return 401
        wanted = json.loads(body)
        if wanted.keys() - _SCHEMA["properties"].keys() or not set(_SCHEMA["required"]) <= wanted.keys():
            self.wrong.append(f"fields {sorted(wanted)}")
            return 400
        self.bodies.append(wanted)
        if given["idempotency-key"] not in self.seen:
            self.done.append(wanted["action"])
            self.woken += [wanted["key"]] if wanted["action"] == "page" else []
        self.seen.add(given["idempotency-key"])
        return self.statuses.pop(0) if self.statuses else 201
