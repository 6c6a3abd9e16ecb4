"""The second set of sentences that judges a verifier is the frozen one, and holds what its page says."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "grounding"
RECORDS = Path(__file__).parents[3] / "shared" / "data" / "incidents" / "dfds"
SET = FOLDER / "second_set.jsonl"
MOST_WORDS_OF_WHY = 15


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Every sentence of the set."""
    return [json.loads(line) for line in SET.read_text("utf-8").splitlines()]


def family(row: dict[str, Any]) -> str:
    """Which part of the set *row* belongs to: `supported`, `edit`, `short`, `invented` or `model`."""
    op = row["op"] or "supported"
    if op == "invented:short":
        return "short"
    kind = op.partition(":")[0]
    return kind if kind in {"supported", "invented", "model"} else "edit"


def test_set_is_the_frozen_one() -> None:
    """A changed label would make figures from before and after incomparable."""
    digest, name = (FOLDER / "SHA256SUMS").read_text("utf-8").split()

    assert name == SET.name
    assert hashlib.sha256(SET.read_bytes()).hexdigest() == digest


def test_each_part_is_large_enough(rows: list[dict[str, Any]]) -> None:
    """Rates over fewer sentences would say little."""
    parts = Counter(map(family, rows))
    models = Counter(row["label"] for row in rows if family(row) == "model")

    assert len(rows) >= 320
    assert len({row["incident"] for row in rows}) >= 14
    assert parts["supported"] >= 110
    assert parts["edit"] >= 70
    assert parts["short"] >= 45
    assert parts["short"] + parts["invented"] >= 90
    assert models["corrupted"] >= 60


def test_no_incident_is_in_both_splits(rows: list[dict[str, Any]]) -> None:
    """Who has read an incident's seen sentences knows its words."""
    splits = defaultdict(set)
    for row in rows:
        splits[row["split"]].add(row["incident"])

    assert set(splits) == {"seen", "unseen"}
    assert not splits["seen"] & splits["unseen"]
    assert abs(len(splits["seen"]) - len(splits["unseen"])) <= 1


def test_each_row_is_whole(rows: list[dict[str, Any]]) -> None:
    """Ids are unique, a reason stands beside each label, and only a true sentence is without an `op`."""
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["label"] in {"supported", "corrupted"}
        assert family(row) == "model" or (row["label"] == "supported") == (row["op"] is None)
        assert 1 <= len(row["why"].split()) <= MOST_WORDS_OF_WHY
        assert row.get("disputed", True) is True


def test_each_edit_changes_a_true_sentence_of_its_incident(rows: list[dict[str, Any]]) -> None:
    """In its words, or in the events that it cites."""
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        assert (row["parent"] is not None) == (family(row) == "edit")
        if row["parent"] is not None:
            parent = by_id[row["parent"]]
            assert parent["op"] is None
            assert parent["incident"] == row["incident"]
            changed = "cites" if row["op"] == "citation" else "text"
            assert parent[changed] != row[changed]


@pytest.mark.skipif(not RECORDS.is_dir(), reason="the shared data with the records of dfds is not here")
def test_each_citation_is_an_event_of_its_record(rows: list[dict[str, Any]]) -> None:
    """A corrupted sentence is corrupted by what it says, not by citing nothing."""
    events = {
        name: len(json.loads((RECORDS / f"{name}.json").read_text("utf-8"))["timeline"])
        for name in {row["incident"] for row in rows}
    }
    for row in rows:
        assert 1 <= len(row["cites"]) <= 2
        assert set(row["cites"]) <= {f"E{number}" for number in range(1, events[row["incident"]] + 1)}
