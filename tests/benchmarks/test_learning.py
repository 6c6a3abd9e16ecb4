"""The learning curve: what is labelled, what is judged, and that nothing is promised that chance explains."""

import pytest

from analysis.alerts.training import divided
from benchmarks.grouping_streams import storm
from benchmarks.learning import history_of, learnt, sampled
from benchmarks.measuring import SHARED

STORMS = SHARED / "alerts" / "storm"
needs_data = pytest.mark.skipif(
    not STORMS.is_dir(), reason="shared data is not here; DEBRIEF_SHARED_DATA names its folder"
)


@pytest.mark.thorough
@needs_data
def test_few_labels_judge_on_every_cause_after_the_cut() -> None:
    """A quarter is labelled, all that comes later is scored, and so few pairs are never offered for approval."""
    whole = history_of(storm(STORMS / "t1_sparse"))
    parts = divided(whole)
    assert parts is not None

    some = sampled(parts, 0.25, 1)
    found = learnt(whole, some)

    assert some == sampled(parts, 0.25, 1) != sampled(parts, 0.25, 2)
    assert (len(parts.learning), len(some.learning), found.labelled) == (70, 18, 18)
    assert found.judgement.before.causes == len(parts.judging) == 47
    assert found.pairs < 200
    assert not found.is_approvable
