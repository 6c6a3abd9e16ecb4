"""Attaching is scored on incidents that people would have declared, beside methods that need no model."""

import pytest

from analysis.alerts.attaching import ATTACHING
from benchmarks.attaching import Run, live, ordered, scored
from benchmarks.attaching_world import World
from benchmarks.grouping_streams import storm
from benchmarks.measuring import SHARED

STORM = SHARED / "alerts" / "storm" / "t1_sparse"


@pytest.fixture(scope="module")
def run() -> Run:
    """A storm on which weights were chosen, lived through."""
    if not STORM.is_dir():
        pytest.skip("shared data is not here; DEBRIEF_SHARED_DATA names its folder")
    return live(World(storm(STORM)))


def test_scores_belong_to_this_configuration() -> None:
    """Whoever changes a weight scores anew, and says so in `docs/benchmarks/alerts.md`."""
    assert ATTACHING.digest() == "b59575eebe11d92e"


def test_attaching_is_right_no_less_often_than_what_needs_no_model(run: Run) -> None:
    """In the same run, of few incidents; what is suggested finds more than what is attached."""
    rows = {row["method"]: row for row in scored("t1", [run])}

    attached, suggested = rows["Debrief, attached"], rows["Debrief, suggested"]
    assert attached["precision"][0] >= rows["same service"]["precision"][0] > rows["time alone"]["precision"][0]
    assert suggested["recall"][0] > attached["recall"][0] > 0


def test_order_by_logit_beats_recency(run: Run) -> None:
    """What belongs to the incident comes first."""
    by = {row["method"]: row["ndcg"][0] for row in ordered([run])}

    assert by["order by logit"] > by["order by recency"]
    assert by["order by logit"] > by["order by number of alerts"]


def test_nothing_is_attached_outside_of_an_incident(run: Run) -> None:
    """Every group that was attached began before its incident ended, and is attached once."""
    for case in run.world.cases:
        groups = [run.world.held[run.world.root(name)] for name in run.debrief.attached[case.name]]
        assert all(held.opened_at <= case.ends_at for held in groups)
        assert len(case.groups) == len(set(case.groups))
