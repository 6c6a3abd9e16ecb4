"""A short form of `python -m benchmarks.bulk_append`."""

from pathlib import Path

from benchmarks.bulk_append import INCIDENTS, Bench, Run, check, declared, opened, run

CALLERS = 50
SINGLE, BULK = 20, 250
#: In CPU of the writer, where other programs disturb least; at least this much cheaper, in one of the rounds.
CHEAPER = 3.0
ROUNDS = 3


def test_changes_in_bulk_cost_the_writer_a_fraction(database_url: str, tmp_path: Path) -> None:
    """Callers at the same time share commits, for the log and for several incidents alike, and all is recorded."""
    with opened(database_url, tmp_path / "debrief.key") as bench:
        workloads = {"the log": (), f"{INCIDENTS} incidents": declared(bench)}
        dear = [
            name
            for name, numbers in workloads.items()
            if not any(cheaper(bench, numbers) >= CHEAPER for _ in range(ROUNDS))
        ]
        check(bench)

    assert dear == []


def cheaper(bench: Bench, incidents: tuple[int, ...]) -> float:
    """How many times more a single change costs the writer than one of a bulk, in one round."""
    single = measured(bench, SINGLE, incidents, is_bulk=False)
    bulk = measured(bench, BULK, incidents, is_bulk=True)

    assert single.batch == 1
    assert bulk.batch > 1
    return single.writer_cpu / bulk.writer_cpu


def measured(bench: Bench, count: int, incidents: tuple[int, ...], *, is_bulk: bool) -> Run:
    """Let callers send so many changes."""
    return run(bench, bench.changes(count, incidents), CALLERS, is_bulk=is_bulk)
