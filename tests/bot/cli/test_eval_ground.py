"""`debrief eval ground`: file in, file out."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measuring import SHARED
from tests.bot.cli.conftest import Debrief

GROUNDING = SHARED / "grounding"
TIMELINE = {
    "incident": "pay-7",
    "events": [
        {"id": "E1", "ts": "2026-03-02T14:05:00Z", "text": "Alerts of the payment gateway fired.", "kind": "alert"},
        {"id": "E2", "ts": "2026-03-02T14:09:00Z", "text": "the pool is empty", "actor": "Ada", "tier": "said"},
    ],
}
ROWS = [
    {"id": "s1", "incident": "pay-7", "text": "Alerts of the payment gateway fired at 14:05 UTC.", "cites": ["E1"]},
    {"id": "s2", "incident": "pay-7", "text": "Alerts of the payment gateway fired at 14:50 UTC.", "cites": ["E1"]},
    {"id": "s3", "incident": "pay-7", "text": "The pool was empty.", "cites": ["E2"]},
    {"id": "s4", "incident": "pay-7", "text": "Ada said that the pool was empty.", "cites": ["E2"]},
    {"id": "s5", "incident": "pay-7", "text": "Alerts fired.", "cites": ["E9"]},
]


@pytest.fixture
def files(own_folder: Path) -> tuple[str, str]:
    """Return the names of a file of timelines and one of sentences."""
    timelines, sentences = own_folder / "timelines.json", own_folder / "sentences.jsonl"
    timelines.write_text(json.dumps([TIMELINE]))
    sentences.write_text(lines(ROWS))
    return str(timelines), str(sentences)


def lines(rows: Sequence[object]) -> str:
    """Return rows as a file has them."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def rows_of(text: str) -> list[dict[str, Any]]:
    """Return the rows in a text."""
    return [json.loads(line) for line in text.splitlines()]


def test_ground_says_of_each_sentence_whether_it_follows(debrief: Debrief, files: tuple[str, str]) -> None:
    """One row a sentence in their order, with a code and words for each reason."""
    answer = debrief("eval", "ground", "--timelines", files[0], "--in", files[1])

    rows = rows_of(answer.out)
    assert (answer.status, answer.err) == (0, "")
    assert [(row["id"], row["supported"]) for row in rows] == [
        ("s1", True),
        ("s2", False),
        ("s3", False),
        ("s4", True),
        ("s5", False),
    ]
    assert rows[1]["failures"] == [{"code": "time", "detail": "14:50 is not the time of a cited entry"}]
    assert [one["code"] for one in rows[2]["failures"]] == ["tier"]
    assert [one["code"] for one in rows[4]["failures"]] == ["citation"]


def test_ground_gives_the_same_bytes_from_packed_files(
    debrief: Debrief, own_folder: Path, files: tuple[str, str]
) -> None:
    """Gzipped input is read whatever its name, and gzipped output has no time in it."""
    plain = debrief("eval", "ground", "--timelines", files[0], "--in", files[1]).out
    packed = own_folder / "packed"
    packed.write_bytes(gzip.compress(Path(files[1]).read_bytes()))

    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        debrief("eval", "ground", "--timelines", files[0], "--in", str(packed), "--out", name)

    one, two = (own_folder / "one.jsonl.gz").read_bytes(), (own_folder / "two.jsonl.gz").read_bytes()
    assert one == two
    assert gzip.decompress(one).decode() == plain


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param({"id": "x", "incident": "pay-8", "text": "a", "cites": []}, "No timeline has", id="incident"),
        pytest.param({"id": "x", "incident": "pay-7", "text": "a", "cites": "E1"}, "cites must be a list", id="cites"),
        pytest.param({"incident": "pay-7", "text": "a", "cites": []}, "id must be a text", id="id"),
        pytest.param([1], "A sentence must be an object", id="object"),
        pytest.param({**ROWS[0], "id": "\ud800"}, "half of a character (a lone surrogate)", id="half of a character"),
        pytest.param({**ROWS[0], "text": "\udfff"}, "half of a character (a lone surrogate)", id="half in the text"),
    ],
)
def test_ground_names_the_line_of_a_bad_sentence(
    debrief: Debrief, own_folder: Path, files: tuple[str, str], row: object, said: str
) -> None:
    """Wrong usage, one sentence, and no half a file."""
    Path(files[1]).write_text(lines([ROWS[0], row]))

    answer = debrief("eval", "ground", "--timelines", files[0], "--in", files[1], "--out", "out.jsonl")

    assert answer.status == 2
    assert "Line 2" in answer.err
    assert said in answer.err
    assert not (own_folder / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(
            {"id": "E1", "ts": "2026-03-02T14:05:00", "text": "a"}, "ts must be a time with its zone", id="ts"
        ),
        pytest.param({"id": "E1", "ts": "2026-03-02T14:05:00Z", "text": "a", "tier": "x"}, "tier must be", id="tier"),
        pytest.param({"id": "E1", "ts": "2026-03-02T14:05:00Z"}, "text must be a text", id="text"),
        pytest.param(
            {"id": "E\ud800", "ts": "2026-03-02T14:05:00Z", "text": "a"},
            "half of a character",
            id="half of a character",
        ),
    ],
)
def test_ground_refuses_timelines_that_it_cannot_read(
    debrief: Debrief, files: tuple[str, str], event: object, said: str
) -> None:
    """The sentence names the file and the field."""
    Path(files[0]).write_text(json.dumps([{"incident": "pay-7", "events": [event]}]))

    answer = debrief("eval", "ground", "--timelines", files[0], "--in", files[1])

    assert answer.status == 2
    assert said in answer.err


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Z", None])
def test_ground_takes_timelines_in_utc(debrief: Debrief, files: tuple[str, str], zone: str | None) -> None:
    """The zone in which a time without one is read, said or not."""
    Path(files[0]).write_text(json.dumps([{**TIMELINE, "tz": zone}]))

    assert debrief("eval", "ground", "--timelines", files[0], "--in", files[1]).status == 0


@pytest.mark.parametrize("zone", ["Europe/Oslo", "", 1, ["UTC"]])
def test_ground_refuses_timelines_in_another_zone(debrief: Debrief, files: tuple[str, str], zone: object) -> None:
    """It would judge times in a zone that it does not read them in."""
    Path(files[0]).write_text(json.dumps([{**TIMELINE, "tz": zone}]))

    answer = debrief("eval", "ground", "--timelines", files[0], "--in", files[1])

    assert answer.status == 2
    assert "pay-7 has the tz" in answer.err
    assert "write tz as UTC" in answer.err


@pytest.mark.skipif(not GROUNDING.is_dir(), reason="the shared data with labelled sentences is not here")
def test_ground_finds_every_corrupted_sentence_of_two_public_incidents(debrief: Debrief) -> None:
    """Each time, number, unit, length, name, negation, order, cause and citation that was changed; one false alarm."""
    labelled = {row["id"]: row["label"] for row in rows_of((GROUNDING / "sentences.jsonl").read_text())}

    answer = debrief(
        *("eval", "ground", "--timelines", str(GROUNDING / "timelines.json")),
        *("--in", str(GROUNDING / "sentences.jsonl")),
    )

    found = {row["id"]: row["supported"] for row in rows_of(answer.out)}
    assert len(found) == len(labelled)
    assert not [name for name, label in labelled.items() if label == "corrupted" and found[name]]
    assert sum(label == "supported" and not found[name] for name, label in labelled.items()) <= 1
