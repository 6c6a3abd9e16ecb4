"""How much is tried: few examples of each property in every run, many in a thorough one (`make test-thorough`)."""

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


def examples(thorough: int) -> int:
    """How many examples a property gets that gets *thorough* of them in a thorough run."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return thorough if is_thorough else _brief(thorough)


def _brief(thorough: int) -> int:
    return max(thorough // _SHARE, min(thorough, _FEWEST))
