"""A PagerDuty account on loopback: takes only what its documentation describes, wakes people, and fails on request.

Shapes, answers and de-duplication follow "Events API v2", "Incident Creation API", "Errors", "Rate Limits" and
"Pagination" of PagerDuty's developer documentation; what those leave open is refused, so that nothing passes by luck.
"""

import http.server
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.loopback import listening

ROUTING_KEY = "r0ut1ngk3yr0ut1ngk3yr0ut1ngk3y01"
TOKEN = "u+t0k3nOfTheAccount"
SENDER = "debrief@bank.example"
SERVICE, POLICY = "PSVC001", "PESC001"
NADIA, OLE, OTTO, BOT = "PUSER01", "PUSER02", "POTTO01", "PBOT001"
_EVENT_FIELDS = {"routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"}
_PAYLOAD_FIELDS = {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}
_SEVERITIES = {"critical", "error", "warning", "info"}
_INCIDENT_FIELDS = {
    "type", "title", "service", "urgency", "incident_key", "body", "assignments", "escalation_policy", "priority",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came, and what it was answered (0: the connection was cut)."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    status: int

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        return dict(json.loads(self.body))


@dataclass(slots=True, kw_only=True)
class Trouble:
    """What goes wrong with requests to a path that begins with *path*, *times* times (`None`: always).

    With *method* only requests by that one fail. With *after* the request is carried out before; `cut` ends the
    connection without an answer.
    """

    path: str = "/"
    method: str = ""
    times: int | None = 1
    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    cut: bool = False
    after: bool = False


class Refused(Exception):
    """What the account answers instead."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        """Answer *status* with *body*."""
        super().__init__(status)
        self.status, self.body = status, body


@dataclass(slots=True)
class FakePagerDuty:
    """The account; `url` is the base of both of its APIs."""

    asked: list[Asked] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    #: The keys of the pages that woke somebody, one for each time.
    woken: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    users: list[dict[str, Any]] = field(
        default_factory=lambda: [_user(NADIA, "Nadia Novak"), _user(OLE, "Ole Olsen"), _user(OTTO, "Otto Oster")]
    )
    on_calls: list[dict[str, Any]] = field(default_factory=list)
    #: The escalation policy of the service.
    policy: str = POLICY
    policies: set[str] = field(default_factory=lambda: {POLICY, "PESC009"})
    #: The state of the service.
    status: str = "active"
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    lock: threading.RLock = field(default_factory=threading.RLock)
    port: int = 0
    opened: ExitStack = field(default_factory=ExitStack)
    #: Called once a request was carried out and before it is answered.
    before_answer: Callable[[Asked], None] | None = None

    def __enter__(self) -> Self:
        """Open the account."""
        self.users.append({**_user(BOT, "Debrief"), "email": SENDER})
        account = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def do_GET(self) -> None:
                account.serve(self)

            def do_POST(self) -> None:
                account.serve(self)

            def do_PUT(self) -> None:
                account.serve(self)

        self.port = self.opened.enter_context(listening(Handler))
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.opened.close()

    @property
    def url(self) -> str:
        """The base of both APIs."""
        assert self.port
        return f"http://127.0.0.1:{self.port}"

    def bodies(self, path: str = "/v2/enqueue") -> list[dict[str, Any]]:
        """What was sent to a path, in order, also what was not answered."""
        return [one.json for one in self.asked if one.path.startswith(path) and one.body]

    def incident(self, key: str) -> dict[str, Any]:
        """The newest incident with this key."""
        return next(one for one in reversed(self.incidents) if one["incident_key"] == key)

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self.troubles.clear()

    def serve(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        """Answer one request, or let it fail."""
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        trouble = self._trouble(handler.command, parts.path)
        status, answer = 0, b""
        if trouble is None or trouble.after:
            status, answer = self._carry_out(handler.command, parts.path, parse_qs(parts.query), headers, body)
        if trouble is not None:
            status, answer = (0, b"") if trouble.cut else (trouble.status or status, trouble.body or answer)
        asked = Asked(
            method=handler.command,
            path=parts.path,
            query=parse_qs(parts.query),
            headers=headers,
            body=body,
            status=status,
        )
        with self.lock:
            self.asked.append(asked)
        if self.before_answer:
            self.before_answer(asked)
        if trouble and trouble.delay_seconds:
            time.sleep(trouble.delay_seconds)
        if not status:
            handler.close_connection = True
            return
        handler.send_response(status)
        for name, value in (trouble.headers if trouble else {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def _trouble(self, method: str, path: str) -> Trouble | None:
        with self.lock:
            for trouble in self.troubles:
                if path.startswith(trouble.path) and trouble.method in {"", method} and trouble.times != 0:
                    if trouble.times is not None:
                        trouble.times -= 1
                    return trouble
        return None

    def _carry_out(
        self, method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        try:
            with self.lock:
                if path == "/v2/enqueue":
                    status, answer = self._enqueue(method, headers, body)
                else:
                    status, answer = self._rest(method, path, query, headers, body)
        except Refused as refusal:
            status, answer = refusal.status, refusal.body
        return status, json.dumps(answer).encode()

    def _enqueue(self, method: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, Any]]:
        errors = _event_errors(method, headers, body)
        event = {} if errors else json.loads(body)
        if not errors and event["routing_key"] != ROUTING_KEY:
            errors = ["'routing_key' is not known"]
        if errors:
            raise Refused(400, {"status": "invalid event", "message": "Event object is invalid", "errors": errors})
        key = event.get("dedup_key") or f"auto{next(self.numbers)}"
        self._apply(event, key)
        return 202, {"status": "success", "message": "Event processed", "dedup_key": key}

    def _apply(self, event: Mapping[str, Any], key: str) -> None:
        still_open = self._open(SERVICE, key)
        if event["event_action"] == "trigger":
            if still_open is None:
                self._open_incident(SERVICE, key, event["payload"]["summary"], wakes=True)
        elif still_open is not None:
            still_open["status"] = {"acknowledge": "acknowledged", "resolve": "resolved"}[event["event_action"]]

    def _rest(
        self, method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, Any]]:
        if headers.get("authorization") != f"Token token={TOKEN}":
            raise Refused(401, _error("Authentication failed", 2006))
        if "version=2" not in headers.get("accept", ""):
            raise Refused(406, _error("Not Acceptable", 2015))
        match (method, path.split("/")[1:]):
            case ("GET", [name]):
                return 200, self._list(name, query)
            case ("GET", ["services", service]) if service == SERVICE:
                policy = {"id": self.policy, "type": "escalation_policy_reference", "summary": "Payments"}
                found = {"id": SERVICE, "type": "service", "status": self.status, "escalation_policy": policy}
                return 200, {"service": found}
            case ("GET", ["escalation_policies", known]) if known in self.policies:
                return 200, {"escalation_policy": {"id": known, "type": "escalation_policy"}}
            case ("GET", ["users", known]) if user := next((one for one in self.users if one["id"] == known), None):
                return 200, {"user": user}
            case ("POST", ["incidents"]):
                return 201, {"incident": self._create(headers, body)}
            case ("PUT", ["incidents", incident_id]):
                return 200, {"incident": self._update(headers, incident_id, body)}
        raise Refused(404, _error("Not Found", 2100))

    def _list(self, name: str, query: Mapping[str, list[str]]) -> Mapping[str, Any]:
        if name == "incidents":
            found = [one for one in self.incidents if _is_asked(one, query)]
        elif name == "users":
            word = query.get("query", [""])[0].lower()
            found = [one for one in self.users if word in one["email"].lower() or word in one["name"].lower()]
        elif name == "oncalls":
            wanted = set(query.get("escalation_policy_ids[]", ()))
            found = [one for one in self.on_calls if not wanted or one["escalation_policy"]["id"] in wanted]
        else:
            raise Refused(404, _error("Not Found", 2100))
        return self._page(name, found, query)

    def _page(self, name: str, found: list[dict[str, Any]], query: Mapping[str, list[str]]) -> Mapping[str, Any]:
        limit, offset = int(query.get("limit", ["25"])[0]), int(query.get("offset", ["0"])[0])
        if limit > 100 or limit + offset > 10000:
            raise Refused(400, _error("Invalid Input Provided", 2001))
        part = found[offset : offset + limit]
        return {name: part, "limit": limit, "offset": offset, "more": len(found) > offset + limit, "total": None}

    def _create(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        wanted = _incident_of(headers, body)
        service = wanted["service"]["id"]
        if service != SERVICE:
            raise Refused(400, _error("Service Not Found", 5002))
        if self._open(service, wanted.get("incident_key", "")):
            said = "Open incident with matching dedup key already exists on this service"
            raise Refused(400, _error("Arguments Caused Error", 2002, said))
        assignees = [each["assignee"]["id"] for each in wanted.get("assignments", ())]
        sender = next((one["id"] for one in self.users if one["email"] == headers["from"]), None)
        if sender is None:
            raise Refused(400, _error("Requester User Not Found", 1008))
        if any(one not in {user["id"] for user in self.users} for one in assignees):
            raise Refused(400, _error("Assigned To User Not Found", 1007))
        is_own = assignees == [sender]
        made = self._open_incident(service, wanted.get("incident_key", ""), wanted["title"], wakes=not is_own)
        made["assignees"] = assignees
        made["policy"] = wanted.get("escalation_policy", {}).get("id", POLICY)
        made["status"] = "acknowledged" if is_own else "triggered"
        return made

    def _update(self, headers: Mapping[str, str], incident_id: str, body: bytes) -> dict[str, Any]:
        wanted = json.loads(body)["incident"]
        if "@" not in headers.get("from", "") or wanted["type"] not in {"incident", "incident_reference"}:
            raise Refused(400, _error("Invalid Input Provided", 2001))
        found = next((one for one in self.incidents if one["id"] == incident_id), None)
        if found is None:
            raise Refused(404, _error("Incident Not Found", 5001))
        if found["status"] == "resolved":
            raise Refused(400, _error("Incident Already Resolved", 1001))
        found["status"] = wanted["status"]
        return found

    def _open(self, service: str, key: str) -> dict[str, Any] | None:
        for one in self.incidents:
            if key and one["incident_key"] == key and one["service"]["id"] == service and one["status"] != "resolved":
                return one
        return None

    def _open_incident(self, service: str, key: str, title: str, *, wakes: bool) -> dict[str, Any]:
        number = next(self.numbers)
        made: dict[str, Any] = {
            "id": f"Q{number:08d}",
            "type": "incident",
            "incident_number": number,
            "title": title,
            "incident_key": key or f"auto{number}",
            "status": "triggered",
            "service": {"id": service, "type": "service_reference", "summary": "Payments"},
            "html_url": f"https://bank.pagerduty.com/incidents/Q{number:08d}",
        }
        self.incidents.append(made)
        if wakes:
            self.woken.append(made["incident_key"])
        return made


def on_call(user: str, name: str, *, level: int = 1, end: str | None = None, policy: str = POLICY) -> dict[str, Any]:
    """An entry of the list of who is on call, with the user as `include[]=users` gives it."""
    return {
        "escalation_policy": {"id": policy, "type": "escalation_policy_reference", "summary": "Payments"},
        "escalation_level": level,
        "schedule": {"id": "PSCHED1", "type": "schedule_reference", "summary": "Payments primary"},
        "user": _user(user, name),
        "start": "2026-03-01T06:00:00Z",
        "end": end,
    }


def report(incident: Mapping[str, Any], kind: str, *, event: str, at: str, agent: Mapping[str, str]) -> bytes:
    """The body of a webhook of version 3 about *incident*."""
    data = {
        **{name: incident[name] for name in ("id", "type", "title", "incident_key", "service", "html_url", "status")},
        "number": incident["incident_number"],
        "created_at": "2026-03-01T09:00:00Z",
        "urgency": "high",
        "priority": None,
    }
    told = {"id": event, "event_type": kind, "resource_type": "incident", "occurred_at": at, "agent": dict(agent)}
    return json.dumps({"event": {**told, "client": None, "data": data}}).encode()


def _user(user_id: str, name: str) -> dict[str, Any]:
    email = f"{name.split(maxsplit=1)[0].lower()}@bank.example"
    return {"id": user_id, "type": "user", "name": name, "summary": name, "email": email, "time_zone": "Europe/Prague"}


def _is_asked(incident: Mapping[str, Any], query: Mapping[str, list[str]]) -> bool:
    return query.get("incident_key", [incident["incident_key"]])[0] == incident["incident_key"]


def _error(message: str, code: int, *errors: str) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "errors": list(errors)}}


def _event_errors(method: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    if method != "POST" or headers.get("content-type") != "application/json" or len(body) > 512 * 1024:
        return ["not a JSON event"]
    event = json.loads(body)
    found = [f"'{name}' is not a field" for name in event.keys() - _EVENT_FIELDS]
    if len(str(event.get("routing_key", ""))) != 32:
        found.append("'routing_key' must have 32 letters")
    if not 0 < len(event.get("dedup_key", "x")) <= 255:
        found.append("'dedup_key' is too long")
    if event.get("event_action") not in {"trigger", "acknowledge", "resolve"}:
        found.append("'event_action' is invalid")
    if event.get("event_action") == "trigger":
        payload = event.get("payload") or {}
        found += [f"'payload.{name}' is not a field" for name in payload.keys() - _PAYLOAD_FIELDS]
        found += [f"'payload.{name}' is missing" for name in ("summary", "source", "severity") if not payload.get(name)]
        if len(payload.get("summary", "")) > 1024 or payload.get("severity") not in _SEVERITIES:
            found.append("'payload' is invalid")
    elif not event.get("dedup_key"):
        found.append("'dedup_key' is missing")
    return found


def _incident_of(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    wanted = json.loads(body).get("incident", {})
    is_whole = (
        headers.get("content-type") == "application/json"
        and "@" in headers.get("from", "")
        and wanted.get("type") == "incident"
        and bool(wanted.get("title"))
        and wanted.get("service", {}).get("type") == "service_reference"
        and not wanted.keys() - _INCIDENT_FIELDS
        and not ("assignments" in wanted and "escalation_policy" in wanted)
        and len(wanted.get("assignments", ())) <= 1
    )
    if not is_whole:
        raise Refused(400, _error("Invalid Input Provided", 2001))
    return dict(wanted)
