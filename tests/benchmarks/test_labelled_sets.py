"""The sets of sentences that judge a verifier are the frozen ones, and hold what their page says."""

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from benchmarks.grounding import SPLITS
from benchmarks.measuring import SHARED
from tests.shared_data import RECORDS

FOLDER = Path(__file__).parents[2] / "benchmarks" / "grounding"
STATUS = SHARED / "status" / "github_incidents.jsonl.gz"
MOST_WORDS_OF_WHY = 15

Labelled = dict[str, Any]


def dfds_events() -> dict[str, set[str]]:
    """The event ids of each record of dfds."""
    return {
        path.stem: {f"E{number}" for number, _ in enumerate(json.loads(path.read_text("utf-8"))["timeline"], 1)}
        for path in RECORDS
    }


def written_events(file: str) -> dict[str, set[str]]:
    """The event ids of each timeline that was written for a set and put in *file*."""
    timelines = json.loads((FOLDER / file).read_text("utf-8"))
    return {one["incident"]: {event["id"] for event in one["events"]} for one in timelines}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """A set, where the events are that it cites, the fewest sentences of each part that its rates need, its halves."""

    file: str
    events: Callable[[], dict[str, set[str]]]
    least: Mapping[str, int]
    splits: tuple[str, str] = ("seen", "unseen")


SECOND = LabelledSet(
    file="second_set.jsonl",
    events=dfds_events,
    least={"all": 320, "supported": 110, "edit": 70, "short": 45, "inventions": 90, "model, corrupted": 60},
)
THIRD = LabelledSet(
    file="third_set.jsonl",
    events=partial(written_events, "third_timelines.json"),
    least={
        "all": 330,
        "supported": 150,
        "supported, unseen": 70,
        "edit": 110,
        "short": 35,
        "inventions": 70,
        "near": 50,
        "mid": 50,
        "far": 50,
    },
)
SEVENTH = LabelledSet(
    file="seventh_set.jsonl",
    events=partial(written_events, "seventh_timelines.json"),
    least={
        "all": 330,
        "supported": 160,
        "supported, plain-3": 80,
        "supported, plain-4": 80,
        "edit": 110,
        "short": 50,
    },
    splits=("plain-3", "plain-4"),
)
EIGHTH = LabelledSet(
    file="eighth_set.jsonl",
    events=partial(written_events, "eighth_timelines.json"),
    least={
        "all": 450,
        "supported": 190,
        "supported, plain-5": 95,
        "supported, plain-6": 95,
        "edit": 200,
        "short": 50,
    },
    splits=("plain-5", "plain-6"),
)


def read(labelled: LabelledSet) -> list[Labelled]:
    """Every sentence of *labelled*."""
    return [json.loads(line) for line in (FOLDER / labelled.file).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module", params=[SECOND, THIRD, SEVENTH, EIGHTH], ids=lambda labelled: labelled.file)
def labelled(request: pytest.FixtureRequest) -> LabelledSet:
    """Each set in turn."""
    assert isinstance(request.param, LabelledSet)
    return request.param


@pytest.fixture(scope="module")
def rows(labelled: LabelledSet) -> list[Labelled]:
    """Every sentence of the set in turn."""
    return read(labelled)


def family(row: Labelled) -> str:
    """Which part of the set *row* belongs to: `supported`, `edit`, `short`, `invented` or `model`."""
    op = row["op"] or "supported"
    if op == "invented:short":
        return "short"
    kind = op.partition(":")[0]
    return kind if kind in {"supported", "invented", "model"} else "edit"


def parts(row: Labelled) -> set[str]:
    """Every part of the set in which *row* is counted."""
    own = family(row)
    named = {"all", own, f"{own}, {row['split']}", f"{own}, {row['label']}", row.get("distance", "no distance")}
    return named | ({"inventions"} if own in {"short", "invented"} else set())


def test_files_are_the_frozen_ones() -> None:
    """A changed label, or a changed event, would make figures from before and after incomparable."""
    frozen = dict(reversed(line.split()) for line in (FOLDER / "SHA256SUMS").read_text("utf-8").splitlines())

    assert set(frozen) == {path.name for path in FOLDER.glob("*.json*")}
    for name, digest in frozen.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_each_part_is_large_enough(labelled: LabelledSet, rows: list[Labelled]) -> None:
    """Rates over fewer sentences would say little."""
    found = Counter(part for row in rows for part in parts(row))

    assert {part: found[part] for part, least in labelled.least.items() if found[part] < least} == {}
    assert len({row["incident"] for row in rows}) >= 14


def test_no_incident_is_in_both_splits(labelled: LabelledSet, rows: list[Labelled]) -> None:
    """Who has read an incident's seen sentences knows its words."""
    seen, unseen = labelled.splits
    splits = defaultdict(set)
    for row in rows:
        splits[row["split"]].add(row["incident"])

    assert set(splits) == {seen, unseen}
    assert not splits[seen] & splits[unseen]
    assert abs(len(splits[seen]) - len(splits[unseen])) <= 1


def test_no_incident_is_in_two_sets() -> None:
    """Who has tuned a verifier on one set knows the words of its incidents."""
    for one, other in combinations((SECOND, THIRD, SEVENTH, EIGHTH), 2):
        assert not {row["incident"] for row in read(one)} & {row["incident"] for row in read(other)}


def test_each_row_is_whole(rows: list[Labelled]) -> None:
    """Ids are unique, a reason stands beside each label, and only a true sentence is without an `op`."""
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["label"] in {"supported", "corrupted"}
        assert family(row) == "model" or (row["label"] == "supported") == (row["op"] is None)
        assert 1 <= len(row["why"].split()) <= MOST_WORDS_OF_WHY
        assert row.get("disputed", True) is True


def test_each_true_sentence_of_the_third_set_has_a_distance() -> None:
    """False alarms are counted by how far a sentence is from its events' words."""
    for row in read(THIRD):
        assert (row.get("distance") in {"near", "mid", "far"}) == (row["label"] == "supported")


def test_each_edit_changes_a_true_sentence_of_its_incident(rows: list[Labelled]) -> None:
    """In its words, or in the events that it cites."""
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        assert (row["parent"] is not None) == (family(row) == "edit")
        if row["parent"] is not None:
            parent = by_id[row["parent"]]
            assert parent["op"] is None
            assert parent["incident"] == row["incident"]
            changed = "cites" if row["op"] in {"citation", "cite"} else "text"
            assert parent[changed] != row[changed]


def test_each_citation_is_an_event_of_its_record(labelled: LabelledSet, rows: list[Labelled]) -> None:
    """A corrupted sentence is corrupted by what it says, not by citing nothing."""
    if labelled is SECOND and not RECORDS:
        pytest.skip("the shared data with the records of dfds is not here")
    events = labelled.events()
    for row in rows:
        assert 1 <= len(row["cites"]) <= 2
        assert set(row["cites"]) <= events[row["incident"]]


def test_fourth_set_is_whole() -> None:
    """Ids are unique, each part has true sentences, and only a true sentence is without an `op`."""
    rows = [json.loads(line) for line in (FOLDER / "fourth_set.jsonl").read_text("utf-8").splitlines()]
    true = Counter(row["split"] for row in rows if row["label"] == "supported")

    assert len({row["id"] for row in rows}) == len(rows) == 476
    assert true == {"plain-1": 113, "plain-2": 118, "long-1": 84, "long-2": 51}
    assert all((row["label"] == "supported") == (row["op"] is None) for row in rows)


def test_fifth_set_is_whole() -> None:
    """Ids are unique, no incident is one of another set, and each false sentence says of which kind it is."""
    rows = [json.loads(line) for line in (FOLDER / "fifth_set.jsonl").read_text("utf-8").splitlines()]
    others = {json.loads(line)["incident"] for line in (FOLDER / "fourth_set.jsonl").read_text("utf-8").splitlines()}

    assert len({row["id"] for row in rows}) == len(rows) == 146
    assert len({row["incident"] for row in rows} - others) == 12
    assert Counter(row["label"] for row in rows) == {"supported": 46, "corrupted": 100}
    assert all(("kind" in row) == (row["op"] == "invented:short") == (row["label"] == "corrupted") for row in rows)


SIXTH_KINDS = {
    "plan": 40,
    "limit": 25,
    "order": 15,
    "role": 20,
    "attribute": 15,
    "cause": 15,
    "quantity": 10,
    "time": 5,
    "condition": 5,
    "negation": 10,
    "scope": 10,
}


def test_sixth_set_is_whole() -> None:
    """Ids are unique, no incident is one of another set, and each kind has enough false sentences."""
    rows = [json.loads(line) for line in (FOLDER / "sixth_set.jsonl").read_text("utf-8").splitlines()]
    older = [(FOLDER / f"{name}_set.jsonl").read_text("utf-8").splitlines() for name in ("fourth", "fifth")]
    kinds = Counter(row["kind"] for row in rows if row["label"] == "corrupted")

    assert len({row["id"] for row in rows}) == len(rows) == 338
    assert not {row["incident"] for row in rows} & {json.loads(line)["incident"] for line in chain(*older)}
    assert set(kinds) == set(SIXTH_KINDS)
    assert all(kinds[kind] >= least for kind, least in SIXTH_KINDS.items())
    assert all(("kind" in row) == (row["op"] == "invented:short") == (row["label"] == "corrupted") for row in rows)
    assert all((row.get("distance") in {"near", "mid"}) == (row["label"] == "supported") for row in rows)


def test_halves_of_the_sixth_set_share_no_incident() -> None:
    """`long-5` says something about posts that nobody tuned on only if `long-4` has none of its incidents."""
    rows = [json.loads(line) for line in (FOLDER / "sixth_set.jsonl").read_text("utf-8").splitlines()]
    of = {split: {row["incident"] for row in rows if row["split"] == split} for split in ("long-4", "long-5")}

    assert {row["split"] for row in rows} == set(of) < set(SPLITS)
    assert not of["long-4"] & of["long-5"]
    assert [len(incidents) for incidents in of.values()] == [8, 8]


def test_each_citation_of_the_sixth_set_is_the_last_post_of_its_incident() -> None:
    """A sentence about another post than the one that was read would be labelled by chance."""
    if not STATUS.is_file():
        pytest.skip("the shared data with the posts of a status page is not here")
    rows = [json.loads(line) for line in (FOLDER / "sixth_set.jsonl").read_text("utf-8").splitlines()]
    with gzip.open(STATUS, "rt", encoding="utf-8") as file:
        last = {one["id"]: f"E{len(one['updates'])}" for one in map(json.loads, file)}

    assert all(row["cites"] == [last[row["incident"]]] for row in rows)


def test_answers_set_is_whole() -> None:
    """Ids are unique, the halves share no incident, and each sentence cites what a model may cite."""
    rows = [json.loads(line) for line in (FOLDER / "answers_set.jsonl").read_text("utf-8").splitlines()]
    events = written_events("answers_timelines.json")
    of = {split: {row["incident"] for row in rows if row["split"] == split} for split in ("answers-1", "answers-2")}
    by_id = {row["id"]: row for row in rows}

    assert len(by_id) == len(rows) == 212
    assert {row["split"] for row in rows} == set(of) < set(SPLITS)
    assert not of["answers-1"] & of["answers-2"]
    assert [len(incidents) for incidents in of.values()] == [6, 6]
    assert Counter(row["label"] for row in rows) == {"supported": 132, "corrupted": 80}
    for row in rows:
        assert (row["op"] is None) == (row["label"] == "supported")
        assert ("draw" in row) == (family(row) in {"supported", "model"})
        assert (row["parent"] is not None) == (family(row) == "edit")
        assert row["parent"] is None or by_id[row["parent"]]["incident"] == row["incident"]
        assert 1 <= len(row["why"].split()) <= MOST_WORDS_OF_WHY
        assert 1 <= len(row["cites"]) <= 2
        assert set(row["cites"]) <= events[row["incident"]]


def test_answers_are_about_the_records_beside_them() -> None:
    """Whoever lives through a record again finds the words of its timeline there."""
    timelines = json.loads((FOLDER / "answers_timelines.json").read_text("utf-8"))
    records = {path.stem: path for path in (FOLDER / "answers_records").glob("*.json")}

    assert set(records) == {one["incident"] for one in timelines}
    for one in timelines:
        entries = json.loads(records[one["incident"]].read_text("utf-8"))["timeline"]
        shown = {event["text"] for event in one["events"]}
        told = {"impact": "Customer impact: “{}”", "update": "Stakeholders were told: “{}”"}
        words = {
            told.get(entry.get("kind", "note"), "{}").format(entry["text"]) for entry in entries if "text" in entry
        }
        assert words <= shown
