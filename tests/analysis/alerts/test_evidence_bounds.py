import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.evidence_bounds import (
    anytime_upper,
    exact_interval,
    exact_lower,
    exact_upper,
    level,
    windows_needed,
)
from tests.effort import leading


@pytest.mark.parametrize(
    ("events", "trials", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.3085, id="none of ten"),
        pytest.param(1, 10, 0.0025, 0.4450, id="one of ten"),
        pytest.param(5, 10, 0.1871, 0.8129, id="half of ten"),
        pytest.param(10, 100, 0.0490, 0.1762, id="ten of a hundred"),
        pytest.param(81, 263, 0.2527, 0.3676, id="Newcombe 1998, 81 of 263"),
        pytest.param(15, 148, 0.0578, 0.1617, id="Newcombe 1998, 15 of 148"),
        pytest.param(1, 29, 0.0009, 0.1776, id="Newcombe 1998, 1 of 29"),
        pytest.param(26, 26, 0.8677, 1.0, id="all of twenty-six"),
    ],
)
def test_exact_interval_has_the_published_ends(events: int, trials: int, low: float, high: float) -> None:
    """The ends are those of published tables, to their last digit."""
    assert exact_interval(events, trials) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(
    ("trials", "bound"), [(149, 0.02), (50, 0.058), (65, 0.045), (33, 0.087), (30, 0.095), (3, 0.632)]
)
def test_exact_upper_of_nothing_is_the_rule_of_three(trials: int, bound: float) -> None:
    """No event among n trials excludes every share above 1 − error^(1/n)."""
    assert exact_upper(0, trials, 0.05) == pytest.approx(1 - 0.05 ** (1 / trials), abs=1e-9)
    assert round(exact_upper(0, trials, 0.05), 3) == pytest.approx(bound, abs=0.0005)


@given(trials=st.integers(1, 400), error=st.floats(1e-6, 0.5), share=st.floats(0, 1))
def test_exact_bounds_enclose_the_share_and_are_tight(trials: int, error: float, share: float) -> None:
    """At the upper end the seen count or fewer has exactly the allowed chance."""
    events = round(share * trials)

    low, high = exact_lower(events, trials, error), exact_upper(events, trials, error)

    assert 0 <= low <= events / trials <= high <= 1
    if 0 < events < trials:
        chance = math.fsum(math.comb(trials, k) * high**k * (1 - high) ** (trials - k) for k in range(events + 1))
        assert chance == pytest.approx(error, rel=1e-6)


@given(trials=st.integers(1, 300), events=st.integers(0, 10), error=st.floats(0.0001, 0.2))
def test_anytime_bound_costs_more_than_one_look(trials: int, events: int, error: float) -> None:
    """What is valid at every look is never below what is valid at one."""
    events = min(events, trials)

    assert anytime_upper(events, trials, error) >= exact_upper(events, trials, error)


def excluded_by(bound: Callable[[int, int, float], float], share: float, error: float) -> float:
    """Return the chance that *bound* is below the true share at some look of 60: every path, weighed."""
    alive = {0: 1.0}
    excluded = 0.0
    for trials in range(1, 61):
        stepped: dict[int, float] = {}
        for events, weight in alive.items():
            for count, chance in ((events, 1 - share), (events + 1, share)):
                stepped[count] = stepped.get(count, 0.0) + weight * chance
        out = {events for events in stepped if bound(events, trials, error) < share}
        excluded += sum(stepped[events] for events in out)
        alive = {events: weight for events, weight in stepped.items() if events not in out}
    return excluded


@pytest.mark.parametrize("share", leading(1, [0.1, 0.2, 0.5]))
def test_anytime_bound_excludes_the_truth_no_more_often_than_its_error(share: float) -> None:
    """Whoever looks each time and stops at the best moment is still wrong in at most 20 % of cases; one look is not."""
    assert 0 < excluded_by(anytime_upper, share, 0.2) <= 0.2
    assert excluded_by(exact_upper, share, 0.2) > 0.2


@pytest.mark.parametrize(
    ("rules", "is_anytime", "needed"), [(1, False, 149), (1, True, 183), (85, False, 369), (85, True, 403)]
)
def test_corrections_ask_for_more_windows(rules: int, needed: int, *, is_anytime: bool) -> None:
    """The price of asking each night and of asking about many rules, in windows without an incident."""
    assert windows_needed(0.02, level(0.05, rules), is_anytime=is_anytime) == needed


def test_bound_recovers_after_an_event() -> None:
    """One incident among many windows does not bar a rule by its share for good."""
    assert anytime_upper(1, 500, 0.05) > 0.02 > anytime_upper(1, 700, 0.05)


@pytest.mark.parametrize(("events", "trials", "error"), [(2, 1, 0.05), (-1, 3, 0.05), (0, 3, 0.0), (0, 3, 1.0)])
def test_counts_that_are_none_are_refused(events: int, trials: int, error: float) -> None:
    """More events than trials, or an impossible error, is a mistake of the caller."""
    with pytest.raises(ValueError, match="no count"):
        exact_upper(events, trials, error)
