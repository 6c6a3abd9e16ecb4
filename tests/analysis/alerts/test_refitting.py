"""Fitting a step away from known weights: checked by hand, by its own optimum, and bit by bit."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.alerts.refitting import Example, fit_step

VALUES = st.floats(-3, 3, allow_nan=False)
EXAMPLES = st.lists(
    st.builds(
        Example,
        features=st.lists(st.tuples(st.integers(0, 3), VALUES), max_size=3, unique_by=lambda part: part[0]).map(tuple),
        offset=VALUES,
        is_same=st.booleans(),
    ),
    max_size=30,
)


def posterior(examples: list[Example], step: list[float], spread: float) -> float:
    """The logarithm of the posterior, written down once more."""
    total = -sum(one * one for one in step) / (2 * spread * spread)
    for one in examples:
        logit = one.offset + sum(step[place] * value for place, value in one.features)
        total -= math.log1p(math.exp(-logit if one.is_same else logit))
    return total


def test_one_weight_is_where_its_slope_vanishes() -> None:
    """Three of four say yes: the step s solves 3 (1 - p) - p = s / spread², with p the logistic function of s."""
    examples = [Example(features=((0, 1.0),), offset=0.0, is_same=place > 0) for place in range(4)]

    (step,) = fit_step(examples, weights=1, spread=2.0)

    probability = 1 / (1 + math.exp(-step))
    assert 3 * (1 - probability) - probability == pytest.approx(step / 4, abs=1e-7)
    assert 0.8 < step < math.log(3)


def test_nothing_to_learn_moves_nothing() -> None:
    """Without examples every weight stays as it is known."""
    assert fit_step([], weights=3, spread=1.0) == (0.0, 0.0, 0.0)


def test_narrow_prior_moves_less_than_a_wide_one() -> None:
    """Few labels cannot take weights far from what is believed."""
    chance = random.Random(5)
    examples = [Example(features=((0, chance.gauss(0, 1)),), offset=0.0, is_same=place % 3 > 0) for place in range(40)]

    steps = [abs(fit_step(examples, weights=1, spread=spread)[0]) for spread in (0.05, 0.5, 5.0)]

    assert steps == sorted(steps)
    assert steps[0] < steps[2]


def test_known_truth_is_found_with_many_examples() -> None:
    """Drawn from known weights, the step comes close to what they differ from the offset by."""
    chance = random.Random(11)
    examples = []
    for _ in range(4000):
        first, second = chance.gauss(0, 1), chance.gauss(0, 1)
        offset = 0.5 + first
        logit = offset + 1.5 * first - 0.7 * second
        is_same = chance.random() < 1 / (1 + math.exp(-logit))
        examples.append(Example(features=((0, first), (1, second)), offset=offset, is_same=is_same))

    step = fit_step(examples, weights=2, spread=10.0)

    assert step == pytest.approx((1.5, -0.7), abs=0.15)


@settings(deadline=None)
@given(examples=EXAMPLES, spread=st.sampled_from([0.1, 0.5, 2.0]))
def test_no_small_change_is_better_and_the_same_input_gives_the_same_bits(
    examples: list[Example], spread: float
) -> None:
    """The step is the top of a concave function, whatever the examples."""
    step = list(fit_step(examples, weights=4, spread=spread))

    assert step == list(fit_step(examples, weights=4, spread=spread))
    best = posterior(examples, step, spread)
    for place in range(4):
        for change in (-1e-3, 1e-3):
            moved = [*step[:place], step[place] + change, *step[place + 1 :]]
            assert posterior(examples, moved, spread) <= best + 1e-9
