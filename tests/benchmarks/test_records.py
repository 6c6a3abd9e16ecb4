"""The independent check of replays, and the second long record that it is given."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.long_record import ENTRIES, ZONES, as_bytes, make_record
from benchmarks.records import (
    Timed,
    check,
    claim_problems,
    draft_problems,
    duration_problems,
    figure_problems,
    gap_problems,
    instant,
    severity_problems,
    timeline_problems,
)
from benchmarks.records_evidence import row_problems, sentence_problems

#: The whole record takes longer than a test should; `python -m benchmarks.records` checks it.
BEGINNING = 60
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=2)
WANTED = [Timed(at=AT, kind="note", text="=SUM", value=""), Timed(at=LATER, kind="note", text="back", value="")]
ROWS = [
    {"label": "E1", "at": AT.isoformat(), "text": "'=SUM", "kind": "note"},
    {"label": "E2", "at": LATER.isoformat(), "text": "back", "kind": "note"},
]
FIGURES = {"span_seconds": 7200, "pauses": [{"seconds": 7200}], "longest_pause_seconds": 7200}
GAP = {
    "finding": "gap",
    "started_at": AT.isoformat(),
    "ended_at": LATER.isoformat(),
    "seconds": 7200,
    "severity": "SEV2",
}
RATED = {"severity": "SEV2"}
OPENED = {
    "at": AT.isoformat(),
    "kind": "declared",
    "source": "debrief",
    "text": "Opened by the replay: the record states no severity.",
}
NOTES = [{"at": at.isoformat(), "kind": "note", "source": "import", "text": "x"} for at in (AT, LATER)]
CLOSED = {"at": LATER.isoformat(), "kind": "status_changed", "source": "debrief", "text": "Closed by the replay: none."}
ALL = [OPENED, *NOTES, CLOSED]
CITED = [
    {"label": "E1", "at": "2026-03-01T09:00:00.000000Z", "precision": "minute", "text": "gone"},
    {"label": "E2", "at": "2026-03-01T11:00:20.000000Z", "precision": "second", "text": "12 pods"},
]
CLAIM = {"text": "It is back.", "events": ["E2"], "supported": True}
ENDS = {(1, "occurrence"): AT, (1, "detection"): LATER}
DURATIONS = {"time_to_detect": 7200, "time_to_acknowledge": None, "time_to_mitigate": None, "time_to_resolve": None}


@pytest.mark.thorough
def test_beginning_of_the_second_long_record_passes_the_independent_check(tmp_path: Path) -> None:
    """Every event once, figures as computed apart, files that repeat, and a ledger that verifies."""
    record = tmp_path / "payouts.json"
    whole = make_record()
    record.write_text(json.dumps({**whole, "timeline": whole["timeline"][:BEGINNING]}))

    problems, seen = check(record)

    assert problems == []
    assert seen["events"] == BEGINNING


def test_second_long_record_is_what_it_says() -> None:
    """Five hundred entries in three zones, out of order and at equal instants, through an hour that comes twice."""
    entries = make_record()["timeline"]
    instants = [instant(entry["at"], entry.get("zone") or ZONES[1]) for entry in entries]
    offsets = {entry["at"][-6:] for entry in entries if entry["at"][-6:] in {"+11:00", "+10:30"}}

    assert len(entries) == ENTRIES
    assert {entry.get("zone", ZONES[1]) for entry in entries} == set(ZONES)
    assert offsets == {"+11:00", "+10:30"}
    assert sum(entry.get("kind") == "reopen" for entry in entries) == 2
    assert instants != sorted(instants)
    assert len(set(instants)) < ENTRIES
    assert as_bytes() == as_bytes()


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(lambda: timeline_problems(WANTED, ROWS), id="timeline"),
        pytest.param(lambda: figure_problems({}, WANTED, FIGURES), id="figures"),
        pytest.param(lambda: gap_problems(RATED, WANTED, [GAP]), id="gaps"),
        pytest.param(lambda: claim_problems(ROWS, [CLAIM]), id="claims"),
        pytest.param(lambda: draft_problems("- It is back. (E2)\n- **Detected:** not set"), id="draft"),
        pytest.param(lambda: duration_problems(ENDS, phases(DURATIONS)), id="durations"),
        pytest.param(lambda: row_problems(WANTED, [], ALL), id="rows"),
        pytest.param(lambda: severity_problems({}, WANTED, {"severity": None}), id="severity"),
        pytest.param(lambda: said("At 2026-03-01 11:00:20 UTC, 2 h after 2026-03-01 09:00 UTC: “12 …”"), id="sentence"),
    ],
)
def test_check_passes_what_is_right(look: Callable[[], list[str]]) -> None:
    """Output that agrees with the record has no problem."""
    assert look() == []


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(lambda: timeline_problems(WANTED, ROWS[:1]), id="an entry is missing"),
        pytest.param(lambda: timeline_problems(WANTED, [*ROWS, ROWS[1]]), id="an entry stands twice"),
        pytest.param(lambda: timeline_problems(WANTED, ROWS[::-1]), id="the order is another"),
        pytest.param(lambda: figure_problems({}, WANTED, {**FIGURES, "span_seconds": 7199}), id="the span is another"),
        pytest.param(lambda: figure_problems({}, WANTED, {**FIGURES, "pauses": []}), id="a pause is missing"),
        pytest.param(lambda: gap_problems(RATED, WANTED, []), id="a gap is missing"),
        pytest.param(lambda: gap_problems({"severity": "SEV4"}, WANTED, [GAP]), id="a gap too many"),
        pytest.param(lambda: claim_problems(ROWS, [{**CLAIM, "events": []}]), id="a claim cites nothing"),
        pytest.param(lambda: claim_problems(ROWS, [{**CLAIM, "events": ["E3"]}]), id="a claim cites what is not there"),
        pytest.param(lambda: draft_problems("- It is back."), id="a sentence has no evidence"),
        pytest.param(lambda: duration_problems({}, phases(DURATIONS)), id="a duration without its ends"),
        pytest.param(lambda: row_problems(WANTED, [], [*ALL, CLOSED]), id="a row too many"),
        pytest.param(lambda: row_problems(WANTED, [], ALL[:-1]), id="no end"),
        pytest.param(
            lambda: row_problems(WANTED, [], [{**OPENED, "source": "import"}, *ALL[1:]]), id="an opening of the record"
        ),
        pytest.param(
            lambda: row_problems(WANTED, [], [*ALL[:-1], {**CLOSED, "text": "Status changed to resolved."}]),
            id="an end that does not say that it was added",
        ),
        pytest.param(
            lambda: row_problems([*WANTED, Timed(at=LATER, kind="status", text="", value="resolved")], [], ALL),
            id="an end of the record that was added",
        ),
        pytest.param(lambda: severity_problems({}, WANTED, {"severity": "SEV3"}), id="a severity"),
        pytest.param(lambda: said("At 2026-03-01 09:00:00 UTC."), id="a time too fine"),
        pytest.param(lambda: said("At 2026-03-01 09:01 UTC."), id="a time of no row"),
        pytest.param(lambda: said("It took 2 h 1 min."), id="a length of no rows"),
        pytest.param(lambda: said("It took 2 h 20 s."), id="a length too fine"),
        pytest.param(lambda: said("Ada: “13 pods”"), id="a quotation of no row"),
    ],
)
def test_check_names_what_is_wrong(look: Callable[[], list[str]]) -> None:
    """Output that differs from the record is named."""
    assert look() != []


def said(text: str) -> list[str]:
    """What is wrong with a sentence that cites both rows."""
    return sentence_problems(CITED, [{"text": text, "events": ["E1", "E2"]}])


def phases(durations: dict[str, Any]) -> dict[str, Any]:
    """Return figures with one phase."""
    return {"phases": [{"phase": 1, "durations": durations}]}
