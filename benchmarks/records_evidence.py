"""What `benchmarks.records` asks of evidence: no row that the record does not account for, no sentence beyond its rows.

Imports nothing of Debrief: times, lengths and quotations are read out of the sentences and compared by this file alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import permutations
from typing import Any, Protocol

#: The rows that an entry of each kind makes, beside the note that its words are.
ROWS = {
    "status": "status_changed",
    "severity": "severity_changed",
    "reopen": "reopened",
    "milestone": "milestone_set",
    "impact": "impact_set",
    "update": "update_sent",
}
WORDLESS = {"status", "severity", "milestone"}
CONSEQUENCES = {"monitoring": "mitigation", "resolved": "resolution"}
OPENED, CLOSED = "Opened by the replay: ", "Closed by the replay: "
TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) UTC")
LENGTH = re.compile(r"\b(?:(\d+) h)?\s?(?:(\d+) min)?\s?(?:(\d+) s\b)?")
LIMIT = re.compile(r"\(limit [^)]*\)")
QUOTATION = re.compile(r"“(.*)”")


class Timed(Protocol):
    """An entry of a record; `key` marks one of its key events."""

    at: datetime
    kind: str
    text: str
    value: str


def row_problems(wanted: Sequence[Timed], key_events: Sequence[Timed], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Whether each row is the record's, or follows from it, or is the opening or closing that says it was added."""
    expected = Counter(_expected(wanted, key_events))
    found = Counter((datetime.fromisoformat(row["at"]), row["kind"], row["source"]) for row in rows)
    differences = (("extra", found - expected), ("missing", expected - found))
    problems = [
        f"{count} × {how}: {source} {kind} at {at:%H:%M}"
        for how, rows_of in differences
        for (at, kind, source), count in rows_of.items()
    ]
    added = [row["text"] for row in rows if row["source"] == "debrief" and row["kind"] != "milestone_set"]
    problems += [f"not said to be added: {text[:40]!r}" for text in added if not text.startswith((OPENED, CLOSED))]
    return problems[:3]


def _expected(wanted: Sequence[Timed], key_events: Sequence[Timed]) -> Iterator[tuple[datetime, str, str]]:
    moments = sorted([*wanted, *key_events], key=lambda one: one.at)
    yield moments[0].at, "declared", "debrief"
    phase, is_active, held = 1, True, set()
    for one in moments:
        if one.text and (one.kind == "note" or one.kind in WORDLESS):
            yield one.at, "note", "import"
        if one.kind in ROWS:
            yield one.at, ROWS[one.kind], "import"
        if one.kind == "reopen":
            phase, is_active = phase + 1, True
            yield one.at, "milestone_set", "debrief"
        if one.kind == "milestone":
            held.add((phase, one.value))
        if one.kind == "status":
            is_active = one.value != "resolved"
            follows = (phase, CONSEQUENCES.get(one.value, ""))
            if follows[1] and follows not in held:
                held.add(follows)
                yield one.at, "milestone_set", "debrief"
    if is_active:
        yield moments[-1].at, "status_changed", "debrief"


def sentence_problems(rows: Sequence[Mapping[str, str]], claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """Whether times, lengths and quotations of every statement are those of the rows it cites."""
    by_label = {row["label"]: row for row in rows}
    problems = []
    for claim in claims:
        cited = [by_label[label] for label in claim["events"] if label in by_label]
        problems += [f"{what} in {claim['text'][:60]!r}" for what in _wrong(claim["text"], cited)]
    return problems[:3]


def _wrong(text: str, cited: Sequence[Mapping[str, str]]) -> Iterator[str]:
    said = " ".join(" ".join(row["text"].split()) for row in cited)
    for words in QUOTATION.findall(text):
        if " ".join(words.removesuffix(" …").split()) not in said:
            yield f"“{words[:30]}” is in no cited row"
    rest = LIMIT.sub(" ", QUOTATION.sub(" ", text))
    for row in cited:
        rest = rest.replace(row["text"], " ")
    for day, clock in TIME.findall(rest):
        if not any(row["at"].startswith(f"{day}T{clock}") and _is_known(row, clock) for row in cited):
            yield f"{day} {clock} is of no cited row"
    for length in LENGTH.finditer(TIME.sub(" ", rest)):
        if any(length.groups()) and not _lies_between(length, cited):
            yield f"{length[0].strip()} lies between no cited rows"


def _is_known(row: Mapping[str, str], clock: str) -> bool:
    """Whether a clock with seconds is shown only for what is known to the second."""
    return clock.count(":") < 2 or row["precision"] == "second"


def _lies_between(length: re.Match[str], cited: Sequence[Mapping[str, str]]) -> bool:
    hours, minutes, seconds = (int(part or 0) for part in length.groups())
    told = 3600 * hours + 60 * minutes + seconds
    for start, end in permutations(cited, 2):
        unit = 1 if start["precision"] == end["precision"] == "second" else 60
        begun, ended = (datetime.fromisoformat(row["at"]).timestamp() // unit for row in (start, end))
        if told == (ended - begun) * unit:
            return True
    return False
