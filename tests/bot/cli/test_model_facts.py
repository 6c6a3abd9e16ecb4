"""What a card says of incidents that would have been missed, some of which nobody may know of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analysis.alerts.backtest import FirstTold
from analysis.alerts.grouping_scores import score
from analysis.alerts.training import Judgement, Obstacle, obstacles_of
from bot.cli.learning.model_facts import metrics, safety

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NOTHING = score({"1": "fault"}, {"1": "group"})


def told(incident: str, *, after: timedelta | None = timedelta(0)) -> FirstTold:
    """An incident that would have been told so much later, or never."""
    return FirstTold(incident=incident, without=BEGAN, with_policy=None if after is None else BEGAN + after)


def judgement(*incidents: FirstTold, private: frozenset[str] = frozenset({"secret"})) -> Judgement:
    """A judgement by these incidents."""
    return Judgement(
        before=NOTHING,
        after=NOTHING,
        fault_before=NOTHING,
        fault_after=NOTHING,
        gain=0.1,
        gain_interval=(0.05, 0.15),
        fault_gain_interval=(0.05, 0.15),
        told=incidents,
        held=incidents,
        private=private,
    )


def test_private_incident_decides_and_is_in_no_number() -> None:
    """That one was hidden is said without saying of how many."""
    seen = judgement(told("one"), told("two", after=timedelta(minutes=2)))
    hidden = replace(seen, told=(*seen.told, told("secret", after=None)))
    safe = replace(seen, told=(told("one"),), held=(told("one"),))

    assert obstacles_of(hidden) == (Obstacle.HIDDEN,)
    assert metrics(hidden) == metrics(seen)
    assert safety(hidden) == safety(seen)
    assert safety(seen).startswith("Of 2 incidents 0 would have been hidden by groups (at most ")
    assert safety(seen).endswith(" Some would have been hidden or told too late, private incidents included.")
    assert safety(safe).endswith(" None would have been hidden or told too late, private incidents included.")


def test_where_all_are_private_only_a_hidden_one_is_told_of() -> None:
    """With none that anybody may know of it reads like no incident at all, unless the weights are refused for it."""
    none, safe, hidden = judgement(), judgement(told("secret")), judgement(told("secret", after=None))

    assert safety(none) == safety(safe) == "No incident that all may know of began after the cut."
    assert safety(hidden) == (
        "No incident that all may know of began after the cut. "
        "Some would have been hidden or told too late, private incidents included."
    )
    assert metrics(none) == metrics(safe) == metrics(hidden)
