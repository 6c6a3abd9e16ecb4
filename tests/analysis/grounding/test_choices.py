"""Which of several things an entry tells of, by what stands beside it, and what it tells only as to come."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Retries found on the west queue only; the east queue carried no jobs.
+Retries were found only on the west queue.
-Retries were found only on the east queue.

The owner of the store stopped the export at the request of the auditor.
+The export was stopped at the request of the auditor.
-The export was stopped at the request of the owner.

The checker of the parser crashed.
-The parser of the checker crashed.

The worker copied addresses of customer records with the stolen keys.
-The worker copied the stolen keys of customer records.

The job dropped all indexes of the store.
-The job dropped one index of the store.

The small store served 40% of all requests.
+The small store served 40% of all requests.
-The small store served all requests.

The review found no misuse after May 3.
-The review found no misuse before May 3.

Latencies and error rates high; idle workers not affected.
-Idle workers had high latencies.

A second replica will be ready next month.
-A second replica is ready.
-A second replica was ready.

User reported wrong totals on the statements page.
+The user reported wrong totals.
-The incident was reported by the user with wrong totals.

Begin manual cleanup of the stuck nodes.
-The team began manual cleanup of the stuck nodes.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_tells_one_of_several_from_another(entry: str, sentence: str, *, is_refused: bool) -> None:
    """Every word stands in the entry; what is beside it decides."""
    assert bool(failures_of(entry, sentence)) is is_refused
