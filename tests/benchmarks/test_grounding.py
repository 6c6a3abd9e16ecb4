"""The benchmark of the verifier: its intervals, and its judges on sentences whose answer is known."""

import json
from pathlib import Path

import pytest

from benchmarks import grounding
from benchmarks.grounding import SHARED, clustered, main, wilson


def test_wilson_is_the_textbook_interval() -> None:
    """29 of 29 proves no more than 88 %."""
    assert [round(one, 3) for one in wilson(29, 29)] == [0.883, 1.0]
    assert [round(one, 3) for one in wilson(5, 10)] == [0.237, 0.763]


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


@pytest.fixture
def made_up_set(tmp_path: Path) -> Path:
    """A third set of one event and three sentences."""
    at, said = "2026-01-05T10:00:00Z", "Cache restarted."
    event = {"id": "E1", "ts": at, "kind": "action", "actor": "operations", "text": said}
    timelines = [{"incident": "made-up", "events": [event]}]
    (tmp_path / "third_timelines.json").write_text(json.dumps(timelines))
    same = {"incident": "made-up", "split": "unseen", "cites": ["E1"]}
    rows = [
        same | {"id": "1", "text": said, "label": "supported", "op": None, "distance": "near"},
        same | {"id": "2", "text": "The cache was restarted at 10:07 UTC.", "label": "corrupted", "op": "time"},
        same | {"id": "3", "text": said, "label": "supported", "op": None, "distance": "far", "split": "seen"},
    ]
    (tmp_path / "third_set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_third_set_counts_false_alarms_by_distance(made_up_set: Path, tmp_path: Path) -> None:
    """Only the sentences of the split asked for are judged, the true ones by how far they are from the event."""
    scores = tmp_path / "scores.json"
    assert main(["--sets", str(made_up_set), "--splits", "third-unseen", "--json", str(scores)]) == 0

    counts = {key: row[:2] for key, row in _flat(json.loads(scores.read_text())) if key.endswith("/ everything")}
    assert counts["true: near / everything"] == [0, 1]
    assert counts["all true (false alarms) / everything"] == [0, 1]
    assert counts["edit: time / everything"] == [1, 1]
    assert "true: far / everything" not in counts


def test_unknown_split_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped split would else print nothing and look like a score."""
    with pytest.raises(SystemExit):
        main(["--splits", "third-unsen"])

    assert "third-unseen" in capsys.readouterr().err


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
