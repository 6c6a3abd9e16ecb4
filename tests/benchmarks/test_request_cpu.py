"""A short form of `python -m benchmarks.request_cpu`."""

from pathlib import Path

import pytest

from benchmarks.request_cpu import REQUESTS, ROUNDS, TARGET, Counts, count, measure, opened


def test_command_is_acknowledged_after_one_commit_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    """Before a note's acknowledgement there is one commit, no look at the database, no call and no authorization."""
    with opened(database_url, tmp_path / "served") as (app, slack):
        counts = count(app, slack, REQUESTS)

    assert counts == Counts(requests=REQUESTS, commits=REQUESTS)


@pytest.mark.thorough
def test_command_costs_its_thread_at_most_twice_a_bare_app(sqlite_url: str, tmp_path: Path) -> None:
    """In turn with the bare app and in a tight loop, by the median of many short rounds that each compare the two."""
    row = measure(sqlite_url, tmp_path / "served", rounds=ROUNDS, requests=REQUESTS)

    assert row["ratio"].median <= TARGET
    assert row["ratio_at_once"].median <= TARGET
