"""Rows on a terminal: whatever its width, nothing that a person needs is left out."""

import io
from collections.abc import Sequence

import pytest

from bot.cli.tables import table

COLUMNS = ("lane", "incident", "waiting", "since", "why", "run")
ROW = (
    "incident:01a21c4b-a50d-73ad-b3ba-95062f2f5d16:1",
    "#12",
    "7",
    "09:17 UTC on 2026-11-27",
    "Slack answered token_revoked",
    "debrief lanes resume incident:01a21c4b-a50d-73ad-b3ba-95062f2f5d16:1",
)


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, width: int, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return what is printed on a terminal of this width that shows no styles."""
    terminal = Terminal()
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LINES", "25")  # a dumb terminal is otherwise taken for one of 80 columns
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", terminal)
        table(columns, rows)
    return terminal.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_row_that_does_not_fit_is_shown_whole_below_each_other(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """A lane, and the command that lets it go on, are there to be copied in one piece."""
    lines = shown(monkeypatch, width, COLUMNS, [ROW, ("operator", "", *ROW[2:])]).splitlines()

    assert lines[:6] == [f"{name:<8}  {cell}" for name, cell in zip(COLUMNS, ROW, strict=True)]
    assert lines[6:9] == ["", "lane      operator", "waiting   7"]


def test_row_that_fits_is_a_line_below_its_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last column may wrap, as long as there is room for words."""
    rows = [("ok", "database", "writable"), ("look", "anchors", "not written " * 6)]

    lines = shown(monkeypatch, 60, ("", "check", "what was found"), rows).splitlines()

    assert [line.rstrip() for line in lines[:3]] == [
        "      check     what was found",
        "ok    database  writable",
        "look  anchors   not written not written not written not",
    ]


def test_cell_without_a_heading_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As labels such as G-42 do."""
    said = shown(monkeypatch, 20, ("", "began", "what"), [("G-42", "2026-03-01 07:00:00 UTC", "BackupLate")])

    assert said == "G-42\nbegan  2026-03-01 07:00:00 UTC\nwhat   BackupLate\n"
