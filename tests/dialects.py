"""Which database a test runs on: PostgreSQL too in every run, or in a thorough one only."""

import pytest

#: What says how records are kept: each statement of the store is tried on both in every run.
BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
#: What lives through scenarios: others try those statements on PostgreSQL, so only a thorough run repeats them there.
SQLITE_FIRST = ("sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.thorough]))


def on_both(fixture: str) -> pytest.MarkDecorator:
    """Try a test on both databases in every run, where *fixture* alone would leave PostgreSQL to a thorough one."""
    return pytest.mark.parametrize(fixture, BOTH, indirect=True)


def on_sqlite_first(fixture: str) -> pytest.MarkDecorator:
    """Leave a test's run on PostgreSQL to a thorough run, where *fixture* alone would try both in every one."""
    return pytest.mark.parametrize(fixture, SQLITE_FIRST, indirect=True)
