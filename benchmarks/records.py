"""Is everything of a record in what `debrief replay` makes of it? Run `python -m benchmarks.records RECORD.json …`.

An independent check: it imports nothing of Debrief, reads the records and the files that replay leaves, computes times,
span and pauses by itself, and compares. Exit status 0 when every record passed.

Example: `python -m benchmarks.records ../shared/data/incidents/dfds/*.json tests/data/long_record.json`
"""

import argparse
import csv
import html
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.records_evidence import row_problems, sentence_problems

REPEATED = ("timeline.csv", "draft.md", "draft.html", "claims.jsonl", "findings.jsonl", "incident.json")
CITATION = re.compile(r"\((E\d+(?:, E\d+)*)\)$")
COUNTED = re.compile(r"\b\d+ (?:\w+ )*(?:entry|entries|notes?|messages?|updates?|changes?)\b")
MOST_CITED = 3
#: The milestone that a status brings about when a phase enters it for the first time.
MILESTONE_OF_STATUS = {"monitoring": "mitigation", "resolved": "resolution"}


#: Other words for milestones, with or without `_at` behind them.
WORDS = {
    "started": "occurrence",
    "detected": "detection",
    "acknowledged": "awareness",
    "classified": "classification",
    "mitigated": "mitigation",
    "recovered": "recovery",
    "resolved": "resolution",
}
#: What each duration lies between; it is empty where one end is not set, or lies before the other.
DURATIONS = {
    "time_to_detect": ("occurrence", "detection"),
    "time_to_acknowledge": ("detection", "awareness"),
    "time_to_mitigate": ("detection", "mitigation"),
    "time_to_resolve": ("detection", "resolution"),
}
#: Seconds without an entry, while the incident is active, after which a record of that severity has a gap.
LIMITS = {"SEV1": 900, "SEV2": 1800, "SEV3": 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One entry of a record as this script reads it."""

    at: datetime
    kind: str
    text: str
    value: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Check each record and print one line for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("records", nargs="+", type=Path, metavar="RECORD.json")
    options = parser.parse_args(arguments)
    failed = events = claims = 0
    for path in options.records:
        problems, seen = check(path)
        failed += bool(problems)
        events += seen["events"]
        claims += seen["claims"]
        print(f"{path.stem:24} {seen['events']:4} events {seen['claims']:4} claims  {'; '.join(problems) or 'ok'}")
    count = len(options.records)
    print(f"{count - failed} of {count} records passed: {events} timed events, {claims} claims.")
    return 1 if failed else 0


def check(path: Path) -> tuple[list[str], dict[str, int]]:
    """Replay one record twice and list what is wrong with what came out."""
    record = json.loads(path.read_text())
    wanted = list(read(record))
    with tempfile.TemporaryDirectory(prefix="records-") as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        for out in (first, second):
            run("replay", str(path), "--out", str(out))
        problems = [
            f"{name} differs" for name in REPEATED if (first / name).read_bytes() != (second / name).read_bytes()
        ]
        verified = run("verify", "--database", f"sqlite:///{first / 'debrief.db'}", is_checked=False)
        problems += [] if verified == 0 else [f"verify ended with {verified}"]
        with (first / "timeline.csv").open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        figures = json.loads((first / "incident.json").read_text())
        claims = [json.loads(line) for line in (first / "claims.jsonl").read_text().splitlines()]
        problems += [*timeline_problems(wanted, rows), *figure_problems(record, wanted, figures)]
        problems += [*claim_problems(rows, claims), *draft_problems((first / "draft.md").read_text())]
        problems += milestone_problems(record, wanted, figures)
        findings = [json.loads(line) for line in (first / "findings.jsonl").read_text().splitlines()]
        problems += gap_problems(record, wanted, findings)
        problems += [*row_problems(wanted, key_events(record), rows), *sentence_problems(rows, claims)]
        problems += severity_problems(record, wanted, figures)
    return problems, {"events": len(wanted), "claims": len(claims)}


def read(record: dict[str, Any]) -> Iterator[Timed]:
    """The record's entries in its own order, times in UTC."""
    for entry in record["timeline"]:
        yield Timed(
            at=instant(entry["at"], entry.get("zone") or record.get("timezone") or "UTC"),
            kind=entry.get("kind", "note"),
            text=html.unescape(entry.get("text", "")),
            value=entry.get("to") or milestone(entry.get("milestone") or ""),
        )


def key_events(record: dict[str, Any]) -> list[Timed]:
    """The record's key events with a time, as milestones."""
    zone = record.get("timezone") or "UTC"
    return [
        Timed(at=instant(at, zone), kind="milestone", text="", value=milestone(name))
        for name, at in (record.get("key_events") or {}).items()
        if at
    ]


def instant(text: str, zone: str) -> datetime:
    """A time with an offset, or a local time of *zone*."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def run(*arguments: str, is_checked: bool = True) -> int:
    """Run `debrief` and give its exit status."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], capture_output=True, text=True, check=False, timeout=300
    )
    if is_checked and done.returncode:
        message = f"debrief {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}"
        raise SystemExit(message)
    return done.returncode


def timeline_problems(wanted: Sequence[Timed], rows: Sequence[dict[str, str]]) -> list[str]:
    """Whether every text stands on the timeline exactly once at its instant, in order of time."""
    said = Counter((one.at, words(one.text)) for one in wanted if one.text)
    shown = Counter((parsed(row["at"]), words(unguarded(row["text"]))) for row in rows if row["kind"] != "declared")
    problems = [f"{count} × missing: {text[:40]!r}" for (_, text), count in (said - shown).items()][:3]
    extra = [(at, text) for (at, text), count in shown.items() for _ in range(count) if (at, text) in said]
    problems += [f"repeated: {text[:40]!r}" for (at, text), count in Counter(extra).items() if count > said[at, text]]
    instants = [parsed(row["at"]) for row in rows]
    problems += [] if instants == sorted(instants) else ["the timeline is not in order"]
    order = [words(unguarded(row["text"])) for row in rows if row["kind"] == "note"]
    mine = [words(one.text) for one in sorted(wanted, key=lambda one: one.at) if one.kind == "note"]
    positions = iter(order)
    problems += [] if all(text in positions for text in mine) else ["entries of one instant changed places"]
    return problems


def figure_problems(record: dict[str, Any], wanted: Sequence[Timed], figures: dict[str, Any]) -> list[str]:
    """Whether span and pauses are those of the record; its key events are timed events too."""
    instants = sorted(one.at for one in (*wanted, *key_events(record)))
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(instants) if later > earlier]
    problems = []
    if figures["span_seconds"] != (instants[-1] - instants[0]).total_seconds():
        problems.append(
            f"span is {figures['span_seconds']} s, should be {(instants[-1] - instants[0]).total_seconds()}"
        )
    if [pause["seconds"] for pause in figures["pauses"]] != pauses:
        problems.append("the pauses differ")
    if figures["longest_pause_seconds"] != max(pauses, default=None):
        problems.append("the longest pause differs")
    return problems


def severity_problems(record: dict[str, Any], wanted: Sequence[Timed], figures: dict[str, Any]) -> list[str]:
    """Whether the incident has the severity that the record states last, and none where it states none."""
    changes = [one.value for one in sorted(wanted, key=lambda one: one.at) if one.kind == "severity"]
    stated_last = [record.get("severity"), *changes][-1]
    found = figures["severity"]
    return [] if found == stated_last else [f"the severity is {found}, should be {stated_last}"]


def gap_problems(record: dict[str, Any], wanted: Sequence[Timed], findings: Sequence[dict[str, Any]]) -> list[str]:
    """Whether exactly those silences are found that are longer than their severity allows."""
    expected = list(gaps(record, wanted))
    found = [
        (parsed(one["started_at"]), parsed(one["ended_at"]), one["seconds"], one["severity"])
        for one in findings
        if one["finding"] == "gap"
    ]
    return [f"{len(found)} gaps, should be {len(expected)}"] if found != expected else []


def gaps(record: dict[str, Any], wanted: Sequence[Timed]) -> Iterator[tuple[datetime, datetime, float, str | None]]:
    """Each silence with its length and severity; at one instant the record's order counts, key events last.

    Where no severity is stated, the limit is that of SEV3.
    """
    severity, is_active = record.get("severity"), True
    for one, following in pairwise(sorted([*wanted, *key_events(record)], key=lambda moment: moment.at)):
        if one.kind == "severity":
            severity = one.value
        if one.kind in {"status", "reopen"}:
            is_active = one.value != "resolved"
        seconds = (following.at - one.at).total_seconds()
        limit = LIMITS.get(severity or "SEV3")
        if is_active and limit is not None and seconds > limit:
            yield one.at, following.at, seconds, severity


def claim_problems(rows: Sequence[dict[str, str]], claims: Sequence[dict[str, Any]]) -> list[str]:
    """Whether every statement cites entries that exist: at most three, counts aside."""
    labels = {row["label"] for row in rows}
    problems = [f"cites nothing: {claim['text'][:40]!r}" for claim in claims if not claim["events"]]
    problems += [
        f"cites what is not there: {claim['text'][:40]!r}" for claim in claims if set(claim["events"]) - labels
    ]
    problems += [f"not supported: {claim['text'][:40]!r}" for claim in claims if not claim["supported"]]
    problems += [
        f"cites {len(claim['events'])} entries: {claim['text'][:40]!r}"
        for claim in claims
        if len(claim["events"]) > MOST_CITED and not COUNTED.search(claim["text"])
    ]
    return problems[:3]


def draft_problems(draft: str) -> list[str]:
    """Whether every statement of the document ends with its evidence; header facts may say that there is none."""
    statements = [line for line in draft.splitlines() if line.startswith("- ") and not line.startswith("- **")]
    bare = [line for line in statements if not CITATION.search(line)]
    return [f"no evidence: {line[:60]!r}" for line in bare][:3]


def milestone_problems(record: dict[str, Any], wanted: Sequence[Timed], figures: dict[str, Any]) -> list[str]:
    """Whether exactly those milestones are set that the record states; a phase ends at a reopening."""
    expected = stated(record, wanted)
    found = {
        (phase["phase"], name): parsed(value)
        for phase in figures["phases"]
        for name, value in phase["milestones"].items()
        if value
    }
    if set(found) != set(expected):
        return [f"milestones set {sorted(set(found) ^ set(expected))} differ"]
    problems = [
        f"{name} of phase {phase} differs" for (phase, name), at in expected.items() if found[phase, name] != at
    ]
    return [*problems, *duration_problems(expected, figures)]


def duration_problems(expected: dict[tuple[int, str], datetime], figures: dict[str, Any]) -> list[str]:
    """Whether each duration is the difference of its two milestones."""
    problems = []
    for phase in figures["phases"]:
        for name, (start, end) in DURATIONS.items():
            begun, ended = expected.get((phase["phase"], start)), expected.get((phase["phase"], end))
            seconds = (ended - begun).total_seconds() if begun and ended and ended >= begun else None
            if phase["durations"][name] != seconds:
                problems.append(f"{name} of phase {phase['phase']} is {phase['durations'][name]}, should be {seconds}")
    return problems


def stated(record: dict[str, Any], wanted: Sequence[Timed]) -> dict[tuple[int, str], datetime]:
    """The milestones that key events, milestone entries and statuses of the record state."""
    expected: dict[tuple[int, str], datetime] = {}
    phase = 1
    for one in sorted(wanted, key=lambda one: one.at):
        if one.kind == "reopen":
            phase += 1
            expected[phase, "awareness"] = one.at
        elif one.kind == "milestone":
            expected[phase, one.value] = one.at
        elif one.kind == "status" and one.value in MILESTONE_OF_STATUS:
            expected.setdefault((phase, MILESTONE_OF_STATUS[one.value]), one.at)
    return expected | {(1, one.value): one.at for one in key_events(record)}


def milestone(word: str) -> str:
    """The milestone that a record calls so."""
    plain = word.removesuffix("_at")
    return WORDS.get(plain, plain)


def parsed(text: str) -> datetime:
    """An instant of an output file."""
    return datetime.fromisoformat(text)


def words(text: str) -> str:
    """A text without the white space that may differ."""
    return " ".join(text.split())


def unguarded(text: str) -> str:
    """A cell without the mark that keeps spreadsheets from reading it as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r" else text


if __name__ == "__main__":
    sys.exit(main())
