"""Prometheus' own tool, from Debian, that checks the rules we ship and says which of them fire."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Collection, Mapping
from pathlib import Path

PROGRAM = "promtool"
RULES = Path(__file__).parent.parent / "docs" / "operations" / "debrief.rules.yml"
JOB = "debrief"
#: So many minutes a bot is well before it is as the test makes it.
WELL_MINUTES = 5

_SAMPLE = re.compile(r"^(debrief_\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
_FIRING = 'group by (alertname) (ALERTS{alertstate="firing"})'
#: The tool's clock begins at 0, and not when the bot was looked at.
_BEGINNING_SECONDS = 60 * WELL_MINUTES
Samples = Mapping[str, float]


def is_missing() -> bool:
    """Whether it is not installed here."""
    return shutil.which(PROGRAM) is None


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run it, with *given* to read."""
    return subprocess.run([PROGRAM, *arguments], input=given, capture_output=True, text=True, check=False)


def samples_of(page: str | None) -> Samples:
    """What a scrape of *page* makes, as Prometheus keeps it; nothing but that it is down where there is no page."""
    up = f'up{{job="{JOB}"}}'
    if page is None:
        return {up: 0.0}
    found = {up: 1.0}
    for name, labels, value in _SAMPLE.findall(page):
        if not name.endswith("_created"):
            found[f'{name}{{job="{JOB}"{"," if labels else ""}{labels}}}'] = _shifted(name, float(value))
    return found


def _shifted(name: str, value: float) -> float:
    return value - time.time() + _BEGINNING_SECONDS if name.endswith("timestamp_seconds") else value


def judge(
    folder: Path, well: Samples, after: Samples, minutes: int, firing: Collection[str], *, rules: Path = RULES
) -> subprocess.CompletedProcess[str]:
    """Let it judge: a bot that is *well* for some minutes, then as *after*; then exactly *firing* of *rules* fire."""
    series = [
        {"series": name, "values": f"{_repeated(well.get(name), WELL_MINUTES)} {_repeated(after.get(name), minutes)}"}
        for name in sorted(well.keys() | after.keys())
    ]
    expected = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in firing]
    asked = {"expr": _FIRING, "eval_time": f"{WELL_MINUTES + minutes - 1}m", "exp_samples": expected}
    content = {
        "rule_files": [str(rules)],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": [asked]}],
    }
    path = folder / "rules_test.yml"
    path.write_text(json.dumps(content))
    return run("test", "rules", str(path))


def _repeated(value: float | None, times: int) -> str:
    return f"_x{times}" if value is None else " ".join([repr(value)] * times)
