"""CPU seconds of one `debrief` command from the start of Python to its end, on a SQLite database with two incidents.

Each round runs every command once, in turn with `python -c pass`; CPU time of the child is what its parent is told by
the operating system. The modules are those that a command had loaded when it ended.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import (
    ROOT,
    ROUNDS,
    Spread,
    argument_parser,
    machine,
    print_machine,
    print_table,
    spread,
    write_json,
)

PYTHON = (sys.executable, "-c", "pass")
#: One incident with a draft, and one that is open.
PREPARATIONS = (
    ("declare", "SEV2", "card payments fail"),
    ("resolve", "-i", "1"),
    ("draft", "-i", "1"),
    ("declare", "SEV3", "drill"),
)
#: What is measured, in the order of the report; `list` and the like read, `note` and `declare` write.
COMMANDS = (
    ("--help",),
    ("note", "--help"),
    ("config",),
    ("list", "--json"),
    ("timeline", "-i", "1", "--json"),
    ("note", "-i", "1", "rolled back"),
    ("declare", "SEV3", "drill"),
    ("draft", "-i", "1"),
    ("document", "-i", "1"),
    ("verify",),
    ("export", "-i", "1"),
    ("doctor",),
    ("migrate",),
)
#: What slows a start: third parties that most commands can do without.
HEAVY = frozenset(
    {"alembic", "fastapi", "jinja2", "mako", "prometheus_client", "slack_bolt", "slack_sdk", "starlette", "uvicorn"}
)
_LISTING = """
import sys
from bot.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), len(sys.modules), file=sys.stderr)
sys.exit(status)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one command cost."""

    command: str
    cpu_seconds: Spread
    ratio: Spread
    modules: int
    heavy: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report."""
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        facts = machine(Path(folder))
        starts = measure(Path(folder), rounds=given.rounds)
    print_machine(facts)
    rows = [
        (one.command, one.cpu_seconds.shown(2), one.ratio.shown(), str(one.modules), ", ".join(one.heavy) or "none")
        for one in starts
    ]
    print_table(("debrief …", "CPU s", "× python -c pass", "modules", "heavy third parties"), rows)
    write_json(given.json, facts, starts)
    return 0


def measure(folder: Path, *, rounds: int) -> list[Start]:
    """Run every command *rounds* times in *folder*, after those that make the incident and its draft."""
    environment = clean_environment()
    for command in PREPARATIONS:
        cpu_seconds((sys.executable, "-m", "bot", *command), folder, environment)
    seconds: dict[tuple[str, ...], list[float]] = {command: [] for command in COMMANDS}
    ratios: dict[tuple[str, ...], list[float]] = {command: [] for command in COMMANDS}
    for _ in range(rounds):
        for command in COMMANDS:
            bare = cpu_seconds(PYTHON, folder, environment)
            taken = cpu_seconds((sys.executable, "-m", "bot", *command), folder, environment)
            seconds[command].append(taken)
            ratios[command].append(taken / bare)
    return [_start(command, seconds[command], ratios[command], folder, environment) for command in COMMANDS]


def clean_environment() -> dict[str, str]:
    """The environment without settings of Debrief, and with this checkout to import from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def cpu_seconds(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> float:
    """User and system time of one process."""
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (command, process.returncode)
    return used.ru_utime + used.ru_stime


def loaded_by(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[frozenset[str], int]:
    """The packages that *command* has loaded when it ends, and how many modules in all."""
    done = subprocess.run(
        (sys.executable, "-c", _LISTING, *command),
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=True,
    )
    *packages, modules = done.stderr.splitlines()[-1].split()
    return frozenset(packages), int(modules)


def _start(
    command: Sequence[str],
    seconds: Sequence[float],
    ratios: Sequence[float],
    folder: Path,
    environment: Mapping[str, str],
) -> Start:
    packages, modules = loaded_by(command, folder, environment)
    return Start(
        command=" ".join(command),
        cpu_seconds=spread(seconds),
        ratio=spread(ratios),
        modules=modules,
        heavy=tuple(sorted(packages & HEAVY)),
    )


if __name__ == "__main__":
    sys.exit(main())
