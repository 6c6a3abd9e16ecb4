"""Fits a step away from weights that are believed already: the more labels speak for it, the longer it gets.

The model is logistic regression with a Gaussian prior whose mean is the known weights, and the fit its maximum a
posteriori: Chelba and Acero, "Adaptation of maximum entropy capitalizer: little data can help a lot" (EMNLP 2004).
The known weights stay in the offset, so the prior's mean is a step of 0. Newton's method with halved steps finds it,
because the function is concave and there are few weights (Bishop, "Pattern recognition and machine learning", 4.3.3).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

_MOST_ROUNDS = 50
_CLOSE_ENOUGH = 1e-10
_MOST_HALVINGS = 30

Vector = list[float]
Matrix = list[Vector]


class Example(NamedTuple):
    """Two things that people called one, or not: `offset` is the logit of the known weights.

    `features` are pairs of a weight's place and how much a step of that weight adds to the logit.
    """

    features: tuple[tuple[int, float], ...]
    offset: float
    is_same: bool


def fit_step(examples: Sequence[Example], *, weights: int, spread: float) -> tuple[float, ...]:
    """The step for each of so many *weights*; *spread* is the standard deviation of the prior around the known ones.

    The same examples in the same order give the same step, to the last bit.
    """
    step = [0.0] * weights
    precision = 1.0 / (spread * spread)
    value = _posterior(examples, step, precision)
    for _ in range(_MOST_ROUNDS):
        gradient, curvature = _slopes(examples, step, precision)
        towards = _solved(curvature, gradient)
        found = _climbed(examples, step, towards, value, precision)
        if found is None:
            break
        step, value = found
        if max(map(abs, towards), default=0.0) < _CLOSE_ENOUGH:
            break
    return tuple(step)


def _climbed(
    examples: Sequence[Example], step: Vector, towards: Vector, value: float, precision: float
) -> tuple[Vector, float] | None:
    """The step after a part of *towards* that is no worse; none where no part is better."""
    share = 1.0
    for _ in range(_MOST_HALVINGS):
        tried = [one + share * more for one, more in zip(step, towards, strict=True)]
        reached = _posterior(examples, tried, precision)
        if reached > value:
            return tried, reached
        share /= 2
    return None


def _posterior(examples: Sequence[Example], step: Vector, precision: float) -> float:
    """The logarithm of the posterior of *step*, but for a constant."""
    terms = (_log_likelihood(_logit(one, step), is_same=one.is_same) for one in examples)
    return math.fsum(terms) - precision * math.fsum(each * each for each in step) / 2


def _slopes(examples: Sequence[Example], step: Vector, precision: float) -> tuple[Vector, Matrix]:
    """The gradient of the posterior and the negative of its second derivatives."""
    gradient = [-precision * each for each in step]
    curvature = [[0.0] * len(step) for _ in step]
    for place in range(len(step)):
        curvature[place][place] = precision
    for one in examples:
        expected = _probability(_logit(one, step))
        missing, spread = one.is_same - expected, expected * (1.0 - expected)
        for place, value in one.features:
            gradient[place] += missing * value
            row, scaled = curvature[place], spread * value
            for other, another in one.features:
                row[other] += scaled * another
    return gradient, curvature


def _solved(matrix: Matrix, right: Vector) -> Vector:
    """The solution of a symmetric, positive definite system, by the factors of Cholesky."""
    size = len(right)
    lower = [[0.0] * size for _ in right]
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row][column] - math.fsum(lower[row][k] * lower[column][k] for k in range(column))
            lower[row][column] = math.sqrt(rest) if row == column else rest / lower[column][column]
    half = [0.0] * size
    for row in range(size):
        known = math.fsum(lower[row][k] * half[k] for k in range(row))
        half[row] = (right[row] - known) / lower[row][row]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = math.fsum(lower[k][row] * found[k] for k in range(row + 1, size))
        found[row] = (half[row] - known) / lower[row][row]
    return found


def _logit(one: Example, step: Vector) -> float:
    return one.offset + math.fsum(step[place] * value for place, value in one.features)


def _log_likelihood(logit: float, *, is_same: bool) -> float:
    towards = logit if is_same else -logit
    return -math.log1p(math.exp(-towards)) if towards > 0 else towards - math.log1p(math.exp(towards))


def _probability(logit: float) -> float:
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    return math.exp(logit) / (1.0 + math.exp(logit))
