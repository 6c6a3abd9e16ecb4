"""A company's template runs in a process of its own, with limits that the operating system holds.

The process gets the template and the outline of a document by its input, and no setting, secret or word of the record.
It may compute for two seconds, take 256 MB, and open nothing. What it answers is read up to a limit and believed in
nothing: the layout is checked here.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import InvalidInput
from analysis.layout import Block, layout_tree, read_layout
from bot.render.laying_out import TemplateFailure, lay_out
from bot.render.view import outline

CPU_SECONDS = 2
MEMORY_BYTES = 256 * 1024 * 1024
#: A process that waits for its turn on a busy machine computes nothing, so this one is generous.
DEADLINE_SECONDS = 20.0
MOST_ANSWERED = 32 * 1024 * 1024
_MOST_SAID = 400
#: So deep may a template call itself; each call takes some frames of Python.
_RECURSION = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What Python runs to lay out, and how long it is waited for, in seconds."""

    program: Sequence[str] = ("-m", __name__)
    deadline: float = DEADLINE_SECONDS


def lay_out_confined(
    sources: Mapping[str, str], entry: str, tree: Mapping[str, Any], process: Process = Process()
) -> tuple[Block, ...]:
    """The layout that a company's template makes of *tree*.

    Raises
    ------
    TemplateFailure
        If it makes none, or not within its limits.
    """
    request = json.dumps({"sources": dict(sources), "entry": entry, "outline": outline(tree)})
    answer = _answer(request.encode(), process)
    failure = answer.get("failure")
    if failure is not None:
        because, file = str(failure["because"])[:_MOST_SAID], str(failure["file"])[:_MOST_SAID]
        raise TemplateFailure(because, file=file, line=int(failure["line"]))
    try:
        return read_layout(answer.get("layout"), tree)
    except InvalidInput as error:
        raise TemplateFailure(error.message) from error


def _answer(request: bytes, process: Process) -> Mapping[str, Any]:
    is_late = threading.Event()
    # Started anew, not forked: a fork would hold the ledger's key and every open connection.
    child = subprocess.Popen(
        [sys.executable, "-P", "-s", *process.program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(str(Path(one).resolve()) for one in sys.path), "PYTHONHASHSEED": "0"},
        cwd="/",
    )

    def end() -> None:
        is_late.set()
        child.kill()

    with child:
        timer = threading.Timer(process.deadline, end)
        timer.start()
        try:
            made = _talk(child, request)
        finally:
            timer.cancel()
            child.kill()
    if is_late.is_set():
        raise TemplateFailure(f"it was not done after {process.deadline:.0f} seconds")
    return _read(made, child.returncode)


def _talk(child: subprocess.Popen[bytes], request: bytes) -> bytes:
    assert child.stdin is not None  # noqa: S101 - both are pipes
    assert child.stdout is not None  # noqa: S101
    try:
        child.stdin.write(request)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended before it had read everything, and may have answered all the same
    made = child.stdout.read(MOST_ANSWERED + 1)
    if len(made) <= MOST_ANSWERED:
        child.wait()
    return made


def _read(made: bytes, status: int) -> Mapping[str, Any]:
    if status == -signal.SIGXCPU:
        raise TemplateFailure(f"it computes for more than {CPU_SECONDS} seconds")
    if len(made) > MOST_ANSWERED:
        raise TemplateFailure("it makes more than a document can hold")
    try:
        answer = json.loads(made)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise TemplateFailure("its process ended without an answer; it may need too much memory")
    _check_storable(answer)
    return answer


def _check_storable(answer: Mapping[str, Any]) -> None:
    """Refuse what cannot be written as UTF-8: a draft with it could be neither hashed nor stored."""
    try:
        json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise TemplateFailure("it writes half a character (a surrogate), which is no text") from error


def _main() -> None:
    """What the process does: read, be confined, answer."""
    request = json.loads(sys.stdin.buffer.read())
    _load()
    _confine()
    sys.stdout.buffer.write(json.dumps(_made(request)).encode())
    sys.stdout.buffer.flush()
    # Nothing of the template's is worth tearing down.
    os._exit(0)


def _load() -> None:
    """Have everything loaded that making a layout or failing to needs: afterwards no file can be opened."""
    nothing = {"severity": "", "is_private": False, "facts": [], "sections": [], "durations": []}
    for source in (
        "# {{ 'ä' }}\n\n- *x* [y](https://z.example)\n\n|a|\n|-|\n|b|\n",
        "{{ x.y }}",
        "{% if %}",
        "{{ 1 | x }}",
    ):
        try:
            lay_out({"": source}, "", nothing)
        except TemplateFailure:
            continue


def _confine() -> None:
    sys.setrecursionlimit(_RECURSION)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The whole seconds of the limit begin after those that starting took.
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Three are open: the two pipes, and the one that leads nowhere.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _made(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"layout": layout_tree(lay_out(request["sources"], request["entry"], request["outline"]))}
    except TemplateFailure as failure:
        return {"failure": {"because": failure.because, "file": failure.file, "line": failure.line}}
    except MemoryError:
        return {"failure": {"because": "it needs more memory than it may have", "file": "", "line": 0}}


if __name__ == "__main__":
    _main()
