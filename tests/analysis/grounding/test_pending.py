"""What is still to be done, planned or only aimed at was not done."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Payment links back, invoices still to be sent
+The invoices were still to be sent.
-The invoices were sent.

Fire drill held at 10:00, exits to be cleared
+The fire drill was held at 10:00.
-The exits were cleared.

Door badge reader fixed, 30 badges left to reprint
-30 badges were reprinted.

Gas leak sealed, refilling of the tank planned for Monday
+The gas leak was sealed.
+Refilling of the tank was planned for Monday.
-The tank was refilled.
-The tank was refilled on Monday.

Two windows replaced; repainting of the corridor still outstanding
+Two windows were replaced.
-The corridor was repainted.

Samples taken, analysis due tomorrow
-The samples were analysed.

Bridge closed pending an inspection of the cables
+The bridge was closed.
-The cables were inspected.

Exam moved to room 12 for the repair of the heating
+The exam was moved to room 12.
-The heating was repaired.

Opened the sluice to lower the water level
+The sluice was opened to lower the water level.
+The sluice was opened.
-The water level was lowered.

Raised the mash temperature to speed up the conversion
+The mash temperature was raised.
-The conversion was sped up.

Rerouted buses so that the square can be cleared
+Buses were rerouted.
-The square was cleared.

Applied a manual fix to remove finalizers from the cluster
+Finalizers were removed from the cluster.

Pods deleted, enabling daemonsets to be scheduled
+Daemonsets were scheduled.

Files sent to manual review
+The files were sent to manual review.

Three disks were found to be corrupt
+Three disks were found to be corrupt.

Noise on the line since the upgrade of the exchange
+There was noise on the line since the upgrade of the exchange.
+There was noise on the line after the exchange was upgraded.
-The line was upgraded.

Certificate chain incomplete on lb-2 since the renewal
-The certificate chain was renewed.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_lets_nothing_outstanding_be_done(entry: str, sentence: str, *, is_refused: bool) -> None:
    """A purpose need not have been reached, and a noun of doing does not say of what."""
    assert bool(failures_of(entry, sentence)) is is_refused
