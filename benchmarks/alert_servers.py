"""A served bot and a real Alertmanager, each a process of its own on loopback."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.alert_load import TOKEN
from benchmarks.measuring import ROOT

START_SECONDS = 60.0
CONFIGURATION = """\
route:
  receiver: nobody
  group_by: [alertname]
receivers:
  - name: nobody
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that runs."""

    name: str
    port: int
    pid: int
    is_ours: bool

    def cpu_seconds(self) -> float:
        """What all of its threads have spent, those that have ended too."""
        return time.clock_gettime((~self.pid << 3) | 2)  # Linux's clock of another process, as clock_getcpuclockid(3)


@contextmanager
def alertmanager(folder: Path) -> Iterator[Server]:
    """Debian's, with its own defaults, alone and with a receiver that is told nothing."""
    configuration, port = folder / "alertmanager.yml", _free_port()
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    command = [
        "prometheus-alertmanager",
        f"--config.file={configuration}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with _running(command, {}, folder / "alertmanager.log", port) as pid:
        yield Server(name="alertmanager", port=port, pid=pid, is_ours=False)


@contextmanager
def bot(name: str, database_url: str, folder: Path) -> Iterator[Server]:
    """`debrief serve` without Slack, as everything else of it runs; no source may send too much."""
    port = _free_port()
    environment = {
        "DEBRIEF_DATABASE_URL": database_url,
        "DEBRIEF_KEY_FILE": str(folder / f"{name}.key"),
        "DEBRIEF_HTTP_PORT": str(port),
        "DEBRIEF_ALERT_SOURCES": json.dumps({"am": {"format": "alertmanager", "secrets": [TOKEN]}}),
        "DEBRIEF_ALERTS_PER_SECOND": "1e9",
        "DEBRIEF_ALERT_BURST": "1000000000",
    }
    with _running([sys.executable, "-m", "bot", "serve"], environment, folder / f"{name}.log", port) as pid:
        yield Server(name=name, port=port, pid=pid, is_ours=True)


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], log: Path, port: int) -> Iterator[int]:
    with log.open("ab") as said:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=said, stderr=said)
    try:
        _wait_until_listening(process, port, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if connection.recv(12).endswith(b"200"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(log.read_text(encoding="utf-8")[-2000:])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
