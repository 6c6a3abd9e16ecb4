"""The benchmark of redaction sees a canary wherever it is, and so a sink without one means something."""

import json

import pytest

from analysis.alerts.evidence_bounds import exact_interval
from benchmarks.redaction_canaries import DISGUISES, canaries
from benchmarks.redaction_names import NAMES
from benchmarks.redaction_path import run, seen
from benchmarks.redaction_standings import STANDINGS, look, shows, standings


def test_every_canary_is_seen_where_it_leaves() -> None:
    """Whatever its kind and disguise, and however the body was written."""
    planted = [*canaries(280, 3), *NAMES["seen"](40, 3)]

    missed = [
        (one.kind, one.disguise)
        for one in planted
        for is_ascii in (True, False)
        if not seen([one], [json.dumps({"text": f"then {one.text}"}, ensure_ascii=is_ascii).encode()])
    ]

    assert missed == []
    assert {one.disguise for one in planted} >= set(DISGUISES)


def test_no_canary_reaches_the_sink() -> None:
    """A few of each kind, in every field, over a real socket."""
    found = run(canaries(14, 3))

    assert (found.at_sink, found.in_log, found.in_files, found.stopped) == ([], [], [], 0)
    assert (found.requests, found.bytes_sent > 5_000) == (1, True)


@pytest.mark.parametrize("part", ["seen", "unseen"])
def test_every_value_is_seen_where_it_leaves(part: str) -> None:
    """Of every kind, in every way of its part."""
    placed = standings(part, 3)

    assert [(one.kind, one.way) for one in placed if not shows(one.text, one.cores)] == []
    assert {one.way for one in placed} <= set(STANDINGS)


def test_no_value_of_another_kind_reaches_the_sink() -> None:
    """The first kinds, each in a few ways and fields, over a real socket."""
    found = look(standings("seen", 3)[:40])

    assert (found.requests, found.stopped, found.leaked) == (1, 0, {})


@pytest.mark.parametrize(("hits", "count", "high"), [(0, 10_000, 0.000369), (1, 100, 0.0545)])
def test_intervals_are_exact(hits: int, count: int, high: float) -> None:
    """As the tables of Clopper and Pearson have them."""
    assert exact_interval(hits, count)[1] == pytest.approx(high, rel=0.01)
