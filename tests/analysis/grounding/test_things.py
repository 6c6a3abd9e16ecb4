"""What is told of a thing is told neither of the noun beside it nor without what limits it."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Purged the CDN cache for the checkout page
+The CDN cache for the checkout page was purged.
-The CDN was purged.
-The checkout page was purged.

Rotated the door codes of the pharmacy
+The door codes of the pharmacy were rotated.
+The door codes were rotated.
-The pharmacy was rotated.
-The door was rotated.

Root access of the contractor revoked, shell history saved
+The root access of the contractor was revoked.
-The contractor was revoked.

Labels for the export bottles misprinted
-The export bottles were misprinted.

Invalidated the session tokens of the clinic
+Session tokens were invalidated.
-The session was invalidated.
-The clinic was invalidated.

Restarted the ingest pods
+The ingest pods were restarted.
+The ingest was restarted.

Checkout service restarted
+The checkout service was restarted.

Healthy nodes all get killed
+Healthy nodes were killed.

Configuration data of the control plane was lost
+Configuration data of the control plane was lost.

Exporter up alert triggered
+The exporter up alert was triggered.

Only requests with a coupon fail
+Only requests with a coupon failed.
+Requests with a coupon failed.
-Requests failed.

Patients older than 80 were moved to ward 2
+Patients older than 80 were moved to ward 2.
-Patients were moved to ward 2.

Only parcels over 20 kg are held at the depot
+Parcels over 20 kg were held at the depot.
-Parcels were held at the depot.

Passengers who missed the ferry were booked on the night bus
+Passengers who missed the ferry were booked on the night bus.
-Passengers were booked on the night bus.

Indexed new documents only for tenants with the archive option
+New documents were indexed only for tenants with the archive option.
-New documents were indexed.

Kegs with a dented collar were scrapped
+Some kegs were scrapped.
-Kegs were scrapped.

Refunds stay disabled
+Refunds stayed disabled.
+Refunds are disabled.
+Refunds were still disabled.

Card payments stay blocked
+Card payments remained blocked.
-Cards stayed blocked.

Checkout is back, refunds continue to be disabled
+Refunds continued to be disabled.
-Checkout was disabled.

CDN cache remains disabled
+The CDN cache remained disabled.
-The CDN remained disabled.

Payout job kept paused until Monday
+The payout job was paused.

Kept the pumps from being restarted
-The pumps were restarted.

The errors in our database were related to maintenance
+The errors were related to maintenance.

Monitoring raised alerts for numerous faults
+Monitoring raised alerts.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_keeps_the_thing_and_its_limit(entry: str, sentence: str, *, is_refused: bool) -> None:
    """The head of a noun is what a verb is about; `with`, `who` and `older than` say which ones."""
    assert bool(failures_of(entry, sentence)) is is_refused
