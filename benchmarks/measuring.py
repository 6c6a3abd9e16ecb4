"""What benchmarks share: the facts of the machine, medians with their ranges, and a report for people and programs."""

import argparse
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.alerts.evidence_bounds import exact_interval

ROOT = Path(__file__).resolve().parents[1]
#: What belongs to the field and not to this repository: recorded incidents, storms of alerts, labelled sentences.
SHARED = Path(os.environ.get("DEBRIEF_SHARED_DATA", ROOT.parent / "shared" / "data"))
ROUNDS = 5
_FSYNCS = 200
_PAGE = bytes(4096)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds, and the least and greatest of them."""

    median: float
    low: float
    high: float
    rounds: int

    def shown(self, digits: int = 1, unit: str = "") -> str:
        """Show as `median (low to high)`."""
        unit = f" {unit}" if unit else ""
        return f"{self.median:,.{digits}f}{unit} ({self.low:,.{digits}f} to {self.high:,.{digits}f})"


def spread(values: Sequence[float]) -> Spread:
    """Summarise the rounds of one measure."""
    return Spread(statistics.median(values), min(values), max(values), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of *values* that at least *share* of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


def share_of(hits: int, of: int) -> str:
    """A count of all, with the exact 95 % interval of its share."""
    low, high = exact_interval(hits, of)
    return f"{hits} of {of} ({low:.1%}–{high:.1%})"


def fsync_microseconds(folder: Path) -> Spread:
    """How long an fsync takes after a 4 KiB append to a file in *folder*: the median, and the middle 80 %."""
    taken = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(_FSYNCS):
            file.write(_PAGE)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1e6)
    return Spread(statistics.median(taken), percentile(taken, 0.1), percentile(taken, 0.9), len(taken))


def machine(folder: Path) -> dict[str, Any]:
    """Return what a reader needs to judge the figures; *folder* is where the databases lie."""
    return {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join(["python", "-m", f"benchmarks.{Path(sys.argv[0]).stem}", *sys.argv[1:]]),
        "commit": commit(),
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "fsync_microseconds": asdict(fsync_microseconds(folder)),
    }


def commit() -> str:
    """The commit that is checked out, with `+changes` where tracked code of ours differs from it."""
    head = _git("rev-parse", "--short=10", "HEAD")
    return f"{head}+changes" if _git("status", "--porcelain", "--", "analysis", "bot", "benchmarks") else head


def argument_parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with what every benchmark understands."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured as JSON, too")
    return parser


def print_machine(facts: dict[str, Any]) -> None:
    """Print the facts of the machine."""
    fsync = facts["fsync_microseconds"]
    print(f"$ {facts['command']}")
    print(f"{facts['measured_at']}, commit {facts['commit']}, Python {facts['python']}")
    print(f"{facts['processor']}, {facts['cores']} cores, load {facts['load_before']} before")
    print(f"fsync {fsync['median']:,.0f} µs (80 % between {fsync['low']:,.0f} and {fsync['high']:,.0f})\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns; the first is flush left, the others flush right."""
    widths = [max(len(row[place]) for row in (columns, *rows)) for place in range(len(columns))]
    for row in (columns, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells[1:]]).rstrip())


def write_json(path: Path | None, facts: dict[str, Any], measured: object) -> None:
    """Write *measured* beside the facts of the machine, if a file was asked for."""
    if path:
        path.write_text(json.dumps({"machine": facts, "measured": measured}, indent=2, default=_plain) + "\n")


def _plain(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or ("" if done.returncode == 0 else "unknown")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else platform.machine()
