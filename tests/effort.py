"""How much is tried: few examples of each property in every run, many in a thorough one (`make test-thorough`)."""

from collections.abc import Iterable

import pytest
from hypothesis import settings

THOROUGH = "thorough"
_BRIEF = "brief"
#: A run of every change tries one in so many examples, each run others.
_SHARE = 5
_FEWEST = 5


def choose_effort(profile: str | None) -> None:
    """Let properties be tried as *profile* of Hypothesis has it, briefly where none is named."""
    # A time limit for an example measures how busy the machine is, not what the code costs.
    thorough = settings(settings.get_profile("default"), deadline=None)
    settings.register_profile(THOROUGH, thorough)
    settings.register_profile(_BRIEF, thorough, max_examples=_brief(thorough.max_examples))
    settings.load_profile(profile or _BRIEF)


def examples(thorough: int, *, fewest: int = _FEWEST) -> int:
    """How many examples a property gets that gets *thorough* of them in a thorough run; *fewest* where each is long."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return thorough if is_thorough else _brief(thorough, fewest)


def thinned(table: Iterable[object], *, every: int) -> list[object]:
    """Parameters of which a run of every change tries the first of so many, and a thorough one all."""
    return [
        one if place % every == 0 else pytest.param(one, marks=pytest.mark.thorough) for place, one in enumerate(table)
    ]


def _brief(thorough: int, fewest: int = _FEWEST) -> int:
    return max(thorough // _SHARE, min(thorough, fewest))
