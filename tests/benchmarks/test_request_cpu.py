"""A short form of `python -m benchmarks.request_cpu`."""

from pathlib import Path

import pytest

from benchmarks.request_cpu import TARGET, Counts, count, measure, opened

REQUESTS = 20


def test_command_is_acknowledged_after_one_commit_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    """Before a note's acknowledgement there is one commit, no look at the database, no call and no authorization."""
    with opened(database_url, tmp_path / "served") as (app, slack):
        counts = count(app, slack, REQUESTS)

    assert counts == Counts(requests=REQUESTS, commits=REQUESTS)


@pytest.mark.thorough
def test_command_costs_its_thread_at_most_twice_a_bare_app(sqlite_url: str, tmp_path: Path) -> None:
    """In turn with the bare app and in a tight loop, the best round of each: whatever disturbs one adds to it alone."""
    row = measure(sqlite_url, tmp_path / "served", rounds=8, requests=40)

    assert row["ours_microseconds"].low <= TARGET * row["bare_microseconds"].low
    assert row["at_once_microseconds"].low <= TARGET * row["bare_at_once_microseconds"].low
