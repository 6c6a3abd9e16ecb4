"""Alerts as two systems write them, made before they are sent, and one thread that sends them as fast as it can."""

import hashlib
import json
import random
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

MIXES = ("new", "storm", "groups")
TOKEN = "ingest-0123456789abcdef"  # noqa: S105 - lets nobody in anywhere else
KNOWN = 2000
#: Of so many alerts of a storm one is of a new series.
ONE_NEW_OF = 100
_HEADER_END = b"\r\n\r\n"
_NO_END = "0001-01-01T00:00:00Z"


class Target(Protocol):
    """Whom to send to."""

    name: str
    port: int
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The same alerts for both kinds of server, ready to be sent."""

    ours: Sequence[bytes]
    real: Sequence[bytes]
    alerts: int

    @property
    def requests(self) -> int:
        """How many each server gets."""
        return len(self.ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How long it took to be answered, and what the sender itself spent."""

    seconds: float
    cpu_seconds: float


@dataclass(slots=True)
class Series:
    """Numbers of series: those below `KNOWN` were sent first, those from `fresh` on never."""

    fresh: int = KNOWN
    value: int = 0
    group: int = 0
    began: dict[int, str] = field(default_factory=dict)
    over: dict[int, str] = field(default_factory=dict)
    draw: random.Random = field(default_factory=lambda: random.Random(7))
    _start: str = field(default_factory=lambda: _written(datetime.now(UTC)))

    def known(self) -> Load:
        """Tell the known series for the first time."""
        numbers = iter(range(KNOWN))
        return _load([[self._alert(next(numbers)) for _ in range(100)] for _ in range(KNOWN // 100)])

    def load(self, mix: str, size: int, requests: int) -> Load:
        """So many requests of *size* alerts each."""
        make = {"new": self._new, "storm": self._storm, "groups": self._group}[mix]
        return _load([make(size) for _ in range(requests)])

    def _new(self, size: int) -> list[dict[str, Any]]:
        self.fresh += size
        return [self._alert(number) for number in range(self.fresh - size, self.fresh)]

    def _storm(self, size: int) -> list[dict[str, Any]]:
        return [
            self._new(1)[0] if self.draw.randrange(ONE_NEW_OF) == 0 else self._alert(self.draw.randrange(KNOWN))
            for _ in range(size)
        ]

    def _group(self, size: int) -> list[dict[str, Any]]:
        self.group = (self.group + 1) % (KNOWN // size)
        numbers = range(self.group * size, (self.group + 1) * size)
        changed = numbers[self.draw.randrange(size)]
        now = _written(datetime.now(UTC) + timedelta(microseconds=self.value))
        if changed in self.over:
            del self.over[changed]
            self.began[changed] = now
        else:
            self.over[changed] = now
        return [self._alert(number) for number in numbers]

    def _alert(self, number: int) -> dict[str, Any]:
        self.value += 1
        return {
            "labels": {
                "alertname": f"Rule{number % 50}",
                "severity": "warning",
                "pod": f"cart-{number}",
                "service": f"svc-{number % 40}",
                "namespace": "prod",
                "instance": f"10.0.{number % 250}.{number // 250 % 250}:9090",
            },
            "annotations": {
                "summary": "Cart is slow",
                "description": f"p99 latency {500 + self.value % 400} ms for 5 minutes",
            },
            "startsAt": self.began.get(number, self._start),
            "endsAt": self.over.get(number, _NO_END),
            "generatorURL": f"http://prometheus.example/graph?g0.expr=rule{number % 50}&g0.tab=1",
            "fingerprint": hashlib.blake2b(str(number).encode(), digest_size=8).hexdigest(),
        }


def send(server: Target, load: Load, connections: int) -> Sent:
    """Send every request of *load* over so many connections, each once the one before it is answered."""
    waiting = iter(load.ours if server.is_ours else load.real)
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            selector.register(socket.create_connection(("127.0.0.1", server.port)), selectors.EVENT_READ, bytearray())
        began, cpu = time.perf_counter(), time.thread_time()
        for key in list(selector.get_map().values()):
            _next(selector, key, waiting)
        while selector.get_map():
            for key, _ in selector.select(timeout=30):
                _take(selector, key, waiting)
        return Sent(seconds=time.perf_counter() - began, cpu_seconds=time.thread_time() - cpu)


def _take(selector: selectors.BaseSelector, key: selectors.SelectorKey, waiting: Iterator[bytes]) -> None:
    """Read what has come, and go on once the answer is whole."""
    connection, got = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    got += connection.recv(65536)
    head, end, body = got.partition(_HEADER_END)
    if not end:
        assert got, "the server closed the connection"
        return
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    if len(body) < int(length or 0):
        return
    assert head.startswith(b"HTTP/1.1 200"), bytes(got)
    got.clear()
    _next(selector, key, waiting)


def _next(selector: selectors.BaseSelector, key: selectors.SelectorKey, waiting: Iterator[bytes]) -> None:
    connection = key.fileobj
    assert isinstance(connection, socket.socket)
    request = next(waiting, None)
    if request is None:
        selector.unregister(connection)
        connection.close()
    else:
        connection.sendall(request)


def _load(groups: Sequence[list[dict[str, Any]]]) -> Load:
    return Load(
        ours=[_request("/webhooks/alerts/am", _webhook(alerts), TOKEN) for alerts in groups],
        real=[_request("/api/v2/alerts", _posted(alerts)) for alerts in groups],
        alerts=sum(map(len, groups)),
    )


def _webhook(alerts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What Alertmanager tells a receiver."""
    told = [{"status": "firing" if alert["endsAt"] == _NO_END else "resolved", **alert} for alert in alerts]
    return {
        "version": "4",
        "groupKey": '{}:{alertname="Rule1"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "debrief",
        "groupLabels": {"alertname": "Rule1"},
        "commonLabels": {"namespace": "prod"},
        "commonAnnotations": {"summary": "Cart is slow"},
        "externalURL": "http://alertmanager.example",
        "alerts": told,
    }


def _posted(alerts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Prometheus tells Alertmanager."""
    return [{name: value for name, value in alert.items() if name != "fingerprint"} for alert in alerts]


def _request(path: str, body: object, token: str = "") -> bytes:
    content = json.dumps(body, separators=(",", ":")).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: Alertmanager/0.25.0",
        "Content-Type: application/json",
        *([f"Authorization: Bearer {token}"] if token else []),
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join(lines).encode() + _HEADER_END + content


def _written(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
