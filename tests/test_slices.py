"""Every test is run by the default run, a thorough one or a slow one, and no test by two that need not be."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_every_test_is_in_exactly_one_run() -> None:
    """Whatever markers it has: properties alone are in two, with few examples and with all."""
    in_default, in_thorough = _default(), _thorough()

    for slow, thorough, hypothesis in itertools.product([False, True], repeat=3):
        marks = {"slow": slow, "thorough": thorough, "hypothesis": hypothesis}
        runs = [_selects(expression, marks) for expression in (in_default, in_thorough, "slow")]
        is_in_two = hypothesis and not slow and not thorough
        assert sum(runs) == (2 if is_in_two else 1), marks


@pytest.mark.parametrize("run", ["make test-thorough", "make test "])
def test_what_must_hold_before_a_change_lands_includes_both(run: str) -> None:
    """Nothing that is left to a thorough run is left out."""
    assert run in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def _default() -> str:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["addopts"]
    return str(options[options.index("-m") + 1])


def _thorough() -> str:
    found = re.search(r'--hypothesis-profile=thorough -m "([^"]+)"', (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert found
    return found[1]


def _selects(expression: str, marks: dict[str, bool]) -> bool:
    """Whether pytest would run a test with these markers: its expressions are Python's, with names for markers."""
    return bool(eval(expression, {"__builtins__": {}}, marks))  # noqa: S307 - our own two files
