"""How much is tried: few examples of each property in every run, many in a thorough one (`make test-thorough`)."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings

THOROUGH = "thorough"
_BRIEF = "brief"
#: A run of every change tries one in so many examples, each run others.
_SHARE = 10
_FEWEST = 5
#: A property whose fixture is made once for all its examples; how fast they are made says how busy the machine is.
ON_FIXTURES = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
_Row = type(pytest.param())


def choose_effort(profile: str | None) -> None:
    """Let properties be tried as *profile* of Hypothesis has it, briefly where none is named."""
    # A time limit for an example, or for making some, measures how busy the machine is, not what the code costs.
    default = settings.get_profile("default")
    thorough = settings(default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile(THOROUGH, thorough)
    settings.register_profile(_BRIEF, thorough, max_examples=_brief(thorough.max_examples))
    settings.load_profile(profile or _BRIEF)


def examples(thorough: int, *, fewest: int = _FEWEST) -> int:
    """How many examples a property gets that gets *thorough* of them in a thorough run; *fewest* where each is long."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return thorough if is_thorough else _brief(thorough, fewest)


def thinned(table: Iterable[object], *, every: int) -> list[object]:
    """Parameters of which a run of every change tries the first of so many, and a thorough one all."""
    return [row if place % every == 0 else _thorough(row) for place, row in enumerate(table)]


def leading(count: int, table: Iterable[object]) -> list[object]:
    """Parameters of which a run of every change tries so many, the ones that stand first, and a thorough one all."""
    return [row if place < count else _thorough(row) for place, row in enumerate(table)]


def _thorough(row: object) -> object:
    """One row of a table of parameters, for thorough runs alone: a value, a tuple of them, or `pytest.param`."""
    if isinstance(row, _Row):
        return pytest.param(*row.values, marks=[*row.marks, pytest.mark.thorough], id=row.id)
    values = row if isinstance(row, tuple) else (row,)
    return pytest.param(*values, marks=pytest.mark.thorough)


def _brief(thorough: int, fewest: int = _FEWEST) -> int:
    return max(thorough // _SHARE, min(thorough, fewest))
