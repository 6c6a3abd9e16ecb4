"""The socket that is listened on."""

import os
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path

from bot.web.serving import listen, open_many_files

ROOT = Path(__file__).parents[3]
#: `python -m bot`; a shell lets what runs in its background ignore Ctrl-C.
HEARS_INTERRUPTS = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from bot.cli import main; main()"
)


def test_answers_are_sent_without_waiting_for_the_client() -> None:
    """Connections send each piece of an answer at once: on those that stay open it waited 40 ms."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_process_may_have_as_many_connections_open_as_it_is_let() -> None:
    """The first limit is for programs of another kind: senders that leave connections open would meet it soon."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
    try:
        open_many_files()
        given = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))

    assert given == (65_536 if most == resource.RLIM_INFINITY else min(most, 65_536), most)


def test_second_interrupt_waits_for_the_first(tmp_path: Path) -> None:
    """Whoever presses Ctrl-C twice sees the server end as it does after one, and no traceback."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
    with subprocess.Popen(
        [sys.executable, "-c", HEARS_INTERRUPTS, "serve"],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT), "DEBRIEF_HTTP_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        while "startup complete" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        while "Shutting down" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()

    assert process.returncode == 130
    assert "Traceback" not in said
    assert '"stopped"' in said
