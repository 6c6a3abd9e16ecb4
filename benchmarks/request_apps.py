"""The two apps of `benchmarks.request_cpu` beside the whole one, and the requests that all of them answer."""

import itertools
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from slack_bolt import App as BoltApp
from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.app import App
from bot.parts import SystemClock
from bot.ports.ledger import Reads
from bot.ports.records import Changes, InboxKey, Reply
from bot.slack.client import Degrading
from bot.slack.incoming.listeners import build_bolt
from bot.slack.serving import dispatch_http
from tests.slack_requests import SIGNING_SECRET, Signed, command
from tests.slack_room import RESPONDER

CHANNEL = "C0INCIDENT"

Dispatch = Callable[[bytes, Mapping[str, str]], tuple[int, Mapping[str, str], str]]

_NUMBERS = itertools.count(1)


def bare_app(listeners: int) -> Dispatch:
    """A Bolt app of the same settings with as many listeners, each of which only acknowledges."""
    app = BoltApp(
        client=WebClient(base_url="http://127.0.0.1:9/"),
        signing_secret=SIGNING_SECRET,
        authorize=_identity,
        process_before_response=True,
        token_verification_enabled=False,
    )
    for name in ("/incident", *(f"/other-{number}" for number in range(1, listeners))):
        app.command(name)(lambda ack: ack())

    def dispatch(body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, Any], str]:
        request = BoltRequest(body=body.decode(), headers={name: [value] for name, value in headers.items()})
        response = app.dispatch(request)
        return response.status, response.headers, response.body

    return dispatch


def app_at_once(app: App) -> Dispatch:
    """Our Slack side with a writer that has always answered already."""
    context = replace(app.slack.context, writer=AtOnce(), clock=SystemClock())
    client = WebClient(base_url="http://127.0.0.1:9/")
    bolt, _ = build_bolt(context, client, Degrading(client, print), _identity)
    return lambda body, headers: dispatch_http(
        bolt, SIGNING_SECRET, body, headers, dropped=lambda: None, mistimed=lambda _: None
    )


def note(text: str, channel: str = CHANNEL) -> Signed:
    """Sign `/incident text`, with a trigger of its own."""
    number = next(_NUMBERS)
    signed = command(RESPONDER, text, channel=channel, trigger=f"{number}.trigger", response_url="http://127.0.0.1:9/")
    return replace(signed, headers={name.lower(): value for name, value in signed.headers.items()})


class AtOnce:
    """A writer that records nothing and has always answered already: not even the answer is made while it is asked."""

    def __init__(self) -> None:
        """Have the answer ready."""
        self._answered: Future[Reply] = Future()
        self._answered.set_result(Reply(text="Noted on #1: error rate of card-auth is 1 per 10,000", number=1))

    def submit(
        self,
        use_case: Callable[[Reads, Any], Changes],  # noqa: ARG002 - the port's signature
        command: Any,  # noqa: ANN401, ARG002
        *,
        key: InboxKey | None = None,  # noqa: ARG002
        bulk: bool = False,  # noqa: ARG002
    ) -> Future[Reply]:
        """Answer."""
        return self._answered


def _identity() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None,
        team_id="T0HOME",
        bot_token="xoxb-fake",  # noqa: S106 - of a fake workspace
        bot_id="B0BOT",
        bot_user_id="U0BOT",
    )
