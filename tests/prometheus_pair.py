"""A real Prometheus with two real Alertmanagers as an HA pair, all on loopback, that watch a small exporter of ours."""

import http.server
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.loopback import listening

PROGRAMS = ("prometheus", "prometheus-alertmanager")
PATIENCE_SECONDS = 15.0
_LOOPBACK = "127.0.0.1"
#: Whoever runs the tests may have a proxy for everything else.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))

PROMETHEUS = """\
global: {{scrape_interval: 250ms, scrape_timeout: 200ms, evaluation_interval: 250ms}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: shop
    static_configs: [{{targets: ["127.0.0.1:{exporter}"]}}]
alerting:
  alertmanagers:
    - static_configs: [{{targets: [{alertmanagers}]}}]
"""
RULES = """\
groups:
  - name: shop
    rules:
      - alert: QueueLong
        expr: shop_queue_length > 10
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.queue }} holds {{ $value }}"}
"""
ALERTMANAGER = """\
route:
  receiver: debrief
  group_by: [alertname, queue]
  group_wait: 200ms
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: debrief
    webhook_configs:
      - url: {url}
        send_resolved: true
        http_config:
          authorization: {{type: Bearer, credentials_file: {secret_file}}}
"""


@dataclass(slots=True)
class Exporter:
    """Serves the length of each queue as a metric."""

    lengths: dict[str, int] = field(default_factory=dict)

    def page(self) -> bytes:
        """What Prometheus reads."""
        lines = (f'shop_queue_length{{queue="{queue}"}} {length}\n' for queue, length in self.lengths.items())
        return b"# TYPE shop_queue_length gauge\n" + "".join(lines).encode()


def missing_programs() -> Sequence[str]:
    """The programs that are not installed here."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server((_LOOPBACK, 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def watched(folder: Path, url: str, secret: str) -> Iterator[Exporter]:
    """Let all of them run, with *url* told of alerts by whoever knows *secret*; gone afterwards."""
    exporter = Exporter()
    with ExitStack() as stack:
        port = stack.enter_context(_serving(exporter))
        ports = [stack.enter_context(_alertmanager(folder / name, url, secret, peer)) for name, peer in _peers()]
        _wait_until_paired(ports)
        (folder / "prometheus").mkdir()
        targets = ", ".join(f'"127.0.0.1:{each}"' for each in ports)
        config = folder / "prometheus" / "prometheus.yml"
        config.write_text(PROMETHEUS.format(exporter=port, alertmanagers=targets), encoding="utf-8")
        (folder / "prometheus" / "rules.yml").write_text(RULES, encoding="utf-8")
        web = free_port()
        options = [f"--config.file={config}", f"--storage.tsdb.path={folder / 'prometheus' / 'data'}"]
        stack.enter_context(_running(["prometheus", *options, f"--web.listen-address={_LOOPBACK}:{web}"], folder, web))
        yield exporter


def _peers() -> list[tuple[str, tuple[int, int]]]:
    """The two of the pair: each with its own port for gossip and the other's."""
    one, two = free_port(), free_port()
    return [("one", (one, two)), ("two", (two, one))]


@contextmanager
def _alertmanager(folder: Path, url: str, secret: str, gossip: tuple[int, int]) -> Iterator[int]:
    folder.mkdir()
    (folder / "secret").write_text(secret, encoding="utf-8")
    config = folder / "alertmanager.yml"
    config.write_text(ALERTMANAGER.format(url=url, secret_file=folder / "secret"), encoding="utf-8")
    web = free_port()
    options = [
        f"--config.file={config}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={_LOOPBACK}:{web}",
        f"--cluster.listen-address={_LOOPBACK}:{gossip[0]}",
        f"--cluster.advertise-address={_LOOPBACK}:{gossip[0]}",
        f"--cluster.peer={_LOOPBACK}:{gossip[1]}",
        "--cluster.gossip-interval=50ms",
        "--cluster.pushpull-interval=1s",
        "--cluster.settle-timeout=1s",
        "--cluster.peer-timeout=1s",
        "--cluster.reconnect-interval=200ms",
    ]
    with _running(["prometheus-alertmanager", *options], folder, web):
        yield web


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """Run *command* until it is no longer needed; it is up once it says so on *port*."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, port, folder / "log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _wait_until_paired(ports: Sequence[int]) -> None:
    """A pair that does not know of each other would be two senders, not one."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while any(_peers_of(port) < len(ports) for port in ports):
        if time.monotonic() > ends:
            message = "the Alertmanagers do not find each other"
            raise TimeoutError(message)
        time.sleep(0.05)


def _peers_of(port: int) -> int:
    with _OPENER.open(f"http://{_LOOPBACK}:{port}/api/v2/status", timeout=1) as answer:
        return len(json.load(answer)["cluster"].get("peers", ()))


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with _OPENER.open(f"http://{_LOOPBACK}:{port}/-/ready", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(log.read_text(encoding="utf-8")[-2000:])


@contextmanager
def _serving(exporter: Exporter) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers every path with the metrics."""

        def do_GET(self) -> None:
            """Answer with the metrics."""
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(exporter.page())

    with listening(Handler) as port:
        yield port
