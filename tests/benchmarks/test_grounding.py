"""The benchmark of the verifier: its intervals, and its judges on sentences whose answer is known."""

import json
from pathlib import Path

import pytest

from benchmarks import grounding
from benchmarks.grounding import SHARED, clustered, configuration_hash, main, wilson


def test_wilson_is_the_textbook_interval() -> None:
    """29 of 29 proves no more than 88 %."""
    assert [round(one, 3) for one in wilson(29, 29)] == [0.883, 1.0]
    assert [round(one, 3) for one in wilson(5, 10)] == [0.237, 0.763]


def test_configuration_changes_with_a_table(tmp_path: Path) -> None:
    """A word more in a table is another configuration."""
    (tmp_path / "tables.py").write_text("one")
    before = configuration_hash(tmp_path)
    (tmp_path / "tables.py").write_text("one two")

    assert configuration_hash(tmp_path) != before


@pytest.mark.skipif(not (SHARED / "grounding").is_dir(), reason="the shared data with labelled sentences is not here")
def test_judges_are_compared_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What checks ids alone finds nothing, amounts find some, everything finds more."""
    assert main(["--splits", "dev", "--json", str(tmp_path / "scores.json")]) == 0

    scores = json.loads((tmp_path / "scores.json").read_text())
    found = [row for key, row in _flat(scores) if key.startswith("all false")]
    assert [hits for hits, *_ in found] == sorted(hits for hits, *_ in found)
    assert found[0][0] == 0
    assert found[-1][0] == found[-1][1]
    assert "false alarms by check" in capsys.readouterr().out


def _flat(value: object) -> list[tuple[str, list[float]]]:
    if not isinstance(value, dict):
        return []
    rows = [(key, row) for key, row in value.items() if isinstance(row, list)]
    return rows + [row for inner in value.values() for row in _flat(inner)]


def test_incidents_are_drawn_whole() -> None:
    """One incident gives no interval to speak of: nothing varies between draws."""
    rows = [
        grounding.Row(
            id=str(number),
            incident="one",
            split="dev",
            family="edits",
            op="time",
            is_true=False,
            text="",
            caught={"everything": number < 3},
            codes=(),
        )
        for number in range(4)
    ]

    assert clustered(rows, "everything") == (0.75, 0.75)
