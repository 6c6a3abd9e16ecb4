"""What is told of all that an entry limits is limited in a sentence, too."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Restarted all pods that were not responding.
+All pods that were not responding were restarted.
+All pods not responding were restarted.
+All unresponsive pods were restarted.
-All pods were restarted.
-Every pod was restarted.

Retried all failed payments.
+All failed payments were retried.
+Every payment that had failed was retried.
-All payments were retried.

Reverted all transfers above 500 EUR.
+All transfers above 500 EUR were reverted.

Blocked every card used at the terminal.
+Every card used at the terminal was blocked.
-Every card was blocked.

All merchants in Norway were informed.
+All merchants in Norway were informed.
-All merchants were informed.

Both replicas in Dublin are healthy again.
+Both replicas in Dublin were healthy again.
-Both replicas were healthy again.

Each terminal with firmware 4 was updated.
+Each terminal with firmware 4 was updated.
-Each terminal was updated.

None of the payouts of the batch were lost.
+None of the payouts of the batch were lost.
-None of the payouts were lost.

All queues except the card queue were drained.
+All queues except the card queue were drained.
-All queues were drained.

Drained all queues, apart from the card queue.
-All queues were drained.

Notified everyone affected by the delay.
+Everyone affected by the delay was notified.
-Everyone was notified.

All jobs running on the old image were killed.
+All jobs running on the old image were killed.
-All jobs were killed.

All jobs started on the old image failed.
+All jobs started on the old image failed.
-All jobs failed.

Every tenant on cluster B was migrated to cluster C.
+Every tenant on cluster B was migrated to cluster C.
-Every tenant was migrated to cluster C.
-Every tenant on cluster C was migrated.

The freeze was lifted for all teams but payments.
+The freeze was lifted for all teams but payments.
-The freeze was lifted for all teams.

The change spread everywhere but in the office.
-The change spread everywhere.

All pods restarted.
+All pods were restarted.

All 12 pods restarted on the new image.
+All 12 pods were restarted.
+All pods were restarted on the new image.

All nodes replaced, cluster stable.
+All nodes were replaced.

All traffic moved back to the primary link at 14:20.
+All traffic was moved back to the primary link.

All transfers of the batch sent; every transfer was confirmed.
+Every transfer was confirmed.

All systems operational on Monday.
+All systems were operational.

All nodes in prod-eu drained, all nodes back in 5 minutes.
+All nodes in prod-eu were drained.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_keeps_the_limit_of_all(entry: str, sentence: str, *, is_refused: bool) -> None:
    """A relative clause, a participle, a preposition, an adjective or an exception tells which ones."""
    assert bool(failures_of(entry, sentence)) is is_refused
