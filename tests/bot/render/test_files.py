import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.document import Document
from bot.render.files import COLUMNS, claims_jsonl, findings_jsonl, incident_json, timeline_csv
from tests.ledgers import Ledger, document_of, eventful


def cells(document: Document) -> list[dict[str, str]]:
    """What a program reads from the timeline's file."""
    return list(csv.DictReader(io.StringIO(timeline_csv(document).decode(), newline="")))


def test_timeline_has_every_event_once_in_order() -> None:
    """A line an entry, with instants in UTC and the words of the record."""
    document = eventful().document()

    rows = cells(document)

    assert tuple(rows[0]) == COLUMNS
    assert [row["label"] for row in rows] == [f"E{number}" for number in range(1, 26)]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert (rows[11]["text"], rows[11]["tags"]) == ("the pool of connections is too small", "cause")
    assert (rows[12]["revised"], rows[13]["deleted"]) == ("yes", "yes")
    assert rows[13]["text"] == "A message was deleted in Slack by its author after it was recorded."


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t1",
        "\r1",
        "  =1",
        "\u200b=1",
        "\uff1d1",
        '=HYPERLINK("https://evil.example")',
    ],
)
def test_formulas_become_text(text: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, text)

    row = cells(ledger.document())[1]

    assert row["text"] == f"'{text}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("db;=cmd|' /C calc'!A0;", "db;'=cmd|' /C calc'!A0;"),
        ("db; \u200b+1", "db;' \u200b+1"),
        ("did\n- roll back\r\n\n@SUM(A1)", "did\n'- roll back\r\n\n'@SUM(A1)"),
        ("a\t=1", "a\t'=1"),
        ("\r=1", "'\r'=1"),
        ("=1;=2", "'=1;'=2"),
        ("p99; 3-4 s, a=b, x\n2 - 1", "p99; 3-4 s, a=b, x\n2 - 1"),
    ],
)
def test_formulas_become_text_where_a_semicolon_divides_cells(text: str, shown: str) -> None:
    """So does Excel in most of Europe, and it takes the line breaks of a quoted cell for ends of its row."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, text)

    row = cells(ledger.document())[1]

    assert row["text"] == shown


@given(st.text(max_size=60))
def test_any_text_comes_back_from_the_timeline(text: str) -> None:
    """Quotes, commas and line breaks neither split a cell nor a line, whatever is done about formulas."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, text)

    rows = cells(ledger.document())

    assert len(rows) == 2
    assert rows[1]["text"].replace("'", "") == (text or "“”").replace("'", "")


def test_claims_are_rows_of_the_contract() -> None:
    """Each line is one claim with section, text, events and verdict."""
    rows = [json.loads(line) for line in claims_jsonl(eventful().document()).splitlines()]

    assert {tuple(row) for row in rows} == {("section", "text", "events", "supported")}
    assert all(row["supported"] and row["events"] for row in rows)


def test_findings_name_their_events_and_figures() -> None:
    """Contradictions first, then gaps, with what a program needs to recompute them."""
    rows = [json.loads(line) for line in findings_jsonl(eventful().document()).splitlines()]

    assert [(row["finding"], row["events"]) for row in rows] == [
        ("contradiction", ["E4", "E3"]),
        ("gap", ["E14", "E15"]),
        ("gap", ["E18", "E19"]),
        ("gap", ["E23", "E24"]),
    ]
    assert rows[1]["seconds"] == 1320
    assert rows[1]["limit_seconds"] == 900
    assert rows[1]["started_at"] == "2024-03-01T10:08:00.000000Z"


def test_incident_has_figures_by_phase_and_nulls() -> None:
    """Durations are seconds, milestones instants, and what nobody set is null."""
    figures = json.loads(incident_json(eventful().document()))

    assert figures["phases"][1] == {
        "phase": 2,
        "started_at": "2024-03-01T11:30:00.000000Z",
        "ended_at": "2024-03-01T12:00:00.000000Z",
        "milestones": {
            "occurrence": None,
            "detection": "2024-03-01T11:28:00.000000Z",
            "awareness": "2024-03-01T11:30:00.000000Z",
            "classification": None,
            "mitigation": None,
            "recovery": None,
            "resolution": "2024-03-01T12:00:00.000000Z",
        },
        "durations": {
            "time_to_detect": None,
            "time_to_acknowledge": 120,
            "time_to_mitigate": None,
            "time_to_resolve": 1920,
        },
    }
    assert figures["phases"][0]["durations"]["time_to_resolve"] == 4320
    assert figures["span_seconds"] == 8520
    assert figures["longest_pause_seconds"] == 1800
    assert sum(pause["seconds"] for pause in figures["pauses"]) == figures["span_seconds"]


def test_empty_record_has_files_too() -> None:
    """Nothing on record is a header, no lines and nulls."""
    ledger = Ledger()
    ledger.declare()

    document = document_of([], ledger.incident())

    assert timeline_csv(document).decode().splitlines() == [",".join(f'"{column}"' for column in COLUMNS)]
    assert claims_jsonl(document) == findings_jsonl(document) == b""
    assert json.loads(incident_json(document))["span_seconds"] is None


def test_files_are_byte_identical() -> None:
    """Equal documents give equal files."""
    made = [
        [write(eventful().document()) for write in (timeline_csv, claims_jsonl, findings_jsonl, incident_json)]
        for _ in range(2)
    ]

    assert made[0] == made[1]
