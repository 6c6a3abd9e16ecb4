"""A small workspace on loopback that answers what the third-party stand-in lacks or gets wrong.

Refusals, rate limits with Retry-After, lost answers, archived channels, metadata in the history, exact replies, pins,
invitations, guests, user groups, triggers that age. Everything else is tested against the stand-in. Each call is kept
in the order of its arrival, with what it was answered.
"""

import http.server
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.fake_slack_methods import METHODS, WITHOUT_JSON, Channel, SlackRefusal, carry_out_shares, unknown

RESPONSE_URL_USES = 5
LONGEST_SLEEP_SECONDS = 0.5
LONGEST_HOLD_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the Web API: when it came by the workspace's clock, and the error it was answered with, if any."""

    method: str
    arguments: Mapping[str, Any]
    at: float
    error: str = ""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with calls of *method* (`*`: all) in *channel* (empty: any), *times* times (`None`: always).

    `loses` is `request` when the connection breaks before anything is done, `answer` when it breaks afterwards.
    A call that finds a `gate` waits for it to open.
    """

    method: str
    channel: str = ""
    times: int | None = 1
    error: str = ""
    status: int = 200
    retry_after: int | None = None
    delay_seconds: float = 0.0
    gate: threading.Event | None = None
    loses: str = ""

    def concerns(self, method: str, arguments: Mapping[str, Any]) -> bool:
        """Whether this call is to go wrong."""
        is_method = self.method in {"*", method}
        return is_method and self.times != 0 and self.channel in {"", str(arguments.get("channel") or "")}


@dataclass(slots=True)
class FakeSlack:
    """The workspace; `url` is the base URL to give to a client."""

    now: Callable[[], float] = time.time
    team: str = "T0HOME"
    bot: str = "U0BOT"
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: How many seconds after an upload was answered its message appears; `None`: never.
    shares_files_after: float | None = 0.0
    shares: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    triggers: dict[str, float] = field(default_factory=dict)
    is_down: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    last_ts: float = 0.0
    delayed: list[str] = field(default_factory=list)
    response_uses: dict[str, int] = field(default_factory=dict)
    server: http.server.ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Listen on a free port of loopback."""
        handler = type("Handler", (_Handler,), {"slack": self})
        self.server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(
            target=self.server.serve_forever, args=(LONGEST_SLEEP_SECONDS,), name="fake-slack", daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the port."""
        if self.server:
            stopping = threading.Thread(target=self.server.shutdown)
            stopping.start()
            # A knock wakes it: looking up all the time, in each room of a run, would cost more than the calls.
            socket.create_connection(("127.0.0.1", self.server.server_address[1])).close()
            stopping.join()
            self.server.server_close()

    @property
    def origin(self) -> str:
        """Where the server is."""
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def url(self) -> str:
        """The base URL of the Web API."""
        return f"{self.origin}/api/"

    def add_user(self, user: str, name: str, **more: Any) -> None:
        """Let somebody be in the workspace; *more* are fields of Slack's user object."""
        known = {"id": user, "name": name, "real_name": name, "tz": "Etc/UTC", "team_id": self.team, "profile": {}}
        self.users[user] = {**known, **more}

    def add_channel(self, channel: str, name: str, *members: str) -> Channel:
        """Let there be a channel, with the bot in it."""
        made = Channel(id=channel, name=name, creator="U0SOMEONE", members={self.bot, *members})
        self.channels[channel] = made
        return made

    def fail(self, method: str, error: str, **more: Any) -> Fault:
        """Refuse calls; see `Fault`."""
        return self.break_down(Fault(method=method, error=error, **more))

    def rate_limit(self, method: str, seconds: int, **more: Any) -> Fault:
        """Answer 429 with Retry-After."""
        return self.break_down(Fault(method=method, error="ratelimited", status=429, retry_after=seconds, **more))

    def break_down(self, fault: Fault) -> Fault:
        """Put a fault in; the first one that concerns a call decides."""
        with self.lock:
            self.faults.append(fault)
        return fault

    def heal(self) -> None:
        """Take all faults away."""
        with self.lock:
            self.faults.clear()
        self.is_down = False
        self.shares_files_after = 0.0

    def trigger(self, age_seconds: float = 0.0) -> str:
        """A new trigger id, as if given out some seconds ago; it works once, for three seconds."""
        # As Slack's do, later ones sort after earlier ones.
        made = f"{next(self.numbers):012}.{self.team}.trigger"
        with self.lock:
            self.triggers[made] = time.monotonic() - age_seconds
        return made

    def response_url(self) -> str:
        """A new address for answers; it takes five."""
        return f"{self.origin}/response/{next(self.numbers)}"

    def next_ts(self) -> str:
        """A message's timestamp, later than all before."""
        with self.lock:
            self.last_ts = max(self.now(), self.last_ts + 0.000_1)
            return f"{self.last_ts:.6f}"

    def say(self, channel: str, user: str, text: str, *, thread: str = "") -> str:
        """Let a person write a message; returns its timestamp. No event is sent."""
        with self.lock:
            ts = self.next_ts()
            message = {"type": "message", "user": user, "text": text, "ts": ts}
            self.channels[channel].messages.append({**message, "thread_ts": thread} if thread else message)
            return ts

    def find_message(self, channel: str, ts: str) -> dict[str, Any]:
        """The message with exactly this timestamp."""
        return next(message for message in self.channels[channel].messages if message["ts"] == ts)

    def calls_of(self, *methods: str, channel: str = "") -> list[Call]:
        """The calls of *methods*, refused ones too, in order."""
        with self.lock:
            return [
                call
                for call in self.calls
                if call.method in methods and channel in {"", str(call.arguments.get("channel") or "")}
            ]

    def posts(self, channel: str) -> list[dict[str, Any]]:
        """What the bot has posted in *channel* for everybody, edits applied, in order."""
        with self.lock:
            return [message for message in self.channels[channel].messages if message.get("user") == self.bot]

    def ephemerals(self, user: str) -> list[str]:
        """What *user* alone was shown by `chat.postEphemeral`."""
        found = self.calls_of("chat.postEphemeral")
        return [str(call.arguments["text"]) for call in found if call.arguments["user"] == user and not call.error]

    def channel_named(self, start: str) -> Channel | None:
        """The newest channel whose name begins like this."""
        with self.lock:
            found = [channel for channel in self.channels.values() if channel.name.startswith(start)]
            return found[-1] if found else None

    def perform(self, method: str, arguments: Mapping[str, Any]) -> tuple[int, dict[str, str], dict[str, Any] | None]:
        """Answer one call: status, headers and body, or no body where the connection is to break."""
        fault = self._fault(method, arguments)
        if fault and (fault.delay_seconds or fault.gate):
            self.delayed.append(method)
            time.sleep(fault.delay_seconds)
            if fault.gate:
                fault.gate.wait(LONGEST_HOLD_SECONDS)
            self.delayed.remove(method)
        if self.is_down or (fault and fault.loses == "request"):
            return 0, {}, None
        if fault and fault.error:
            self._keep(method, arguments, fault.error)
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
            return fault.status, headers, {"ok": False, "error": fault.error}
        body = self._answer(method, arguments)
        return 200, {}, None if fault and fault.loses == "answer" else body

    def respond(self, path: str, body: dict[str, Any]) -> int:
        """Take an answer to a `response_url`."""
        with self.lock:
            self.response_uses[path] = self.response_uses.get(path, 0) + 1
            if self.response_uses[path] > RESPONSE_URL_USES:
                return 404
            self.responses.append(body)
            return 200

    def _answer(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        with self.lock:
            try:
                carry_out_shares(self)
                answer = {"ok": True, **METHODS.get(method, unknown)(self, arguments)}
                carry_out_shares(self)
            except SlackRefusal as refusal:
                answer = {"ok": False, "error": refusal.args[0]}
            self._keep(method, arguments, str(answer.get("error") or ""))
            return answer

    def _keep(self, method: str, arguments: Mapping[str, Any], error: str) -> None:
        with self.lock:
            self.calls.append(Call(method=method, arguments=arguments, at=self.now(), error=error))

    def _fault(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        with self.lock:
            fault = next((one for one in self.faults if one.concerns(method, arguments)), None)
            if fault and fault.times is not None:
                fault.times -= 1
            return fault


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class _Handler(http.server.BaseHTTPRequestHandler):
    slack: FakeSlack
    timeout = 30

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - http.server names it so
        """Say nothing: the calls are kept."""

    def _serve(self, body: bytes) -> None:
        where = urlsplit(self.path)
        if where.path.startswith("/api/"):
            method = where.path.removeprefix("/api/")
            arguments = {**_form(where.query), **({} if self._is_unread(method) else self._arguments(body))}
            self._send(*self.slack.perform(method, arguments))
        elif where.path.startswith("/response/"):
            self._send(self.slack.respond(where.path, json.loads(body)), {}, {"ok": True})
        else:
            self.slack.files[where.path.removeprefix("/upload/")]["content"] = body
            self._send(200, {}, {"ok": True})

    def _is_json(self) -> bool:
        return "json" in (self.headers.get("Content-Type") or "")

    def _is_unread(self, method: str) -> bool:
        return method in WITHOUT_JSON and self._is_json()

    def _arguments(self, body: bytes) -> dict[str, Any]:
        if self._is_json():
            return dict(json.loads(body or b"{}"))
        return _form(body.decode("utf-8", "replace")) if body else {}

    def _send(self, status: int, headers: Mapping[str, str], body: Mapping[str, Any] | None) -> None:
        self.close_connection = True
        if body is None:
            return
        content = json.dumps(body).encode()
        try:
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            # Whoever asked has given up waiting.
            return


def _form(text: str) -> dict[str, Any]:
    """A form's fields; the SDK writes lists and objects in them as JSON."""
    fields = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
    return {name: json.loads(value) if value[:1] in {"[", "{"} else value for name, value in fields.items()}
