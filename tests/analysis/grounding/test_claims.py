"""What a sentence claims beyond a note: that it worked, who did it, that there were two, that an aim was reached."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.grounding.checking import check
from analysis.grounding.records import Failure, Ground, Sentence, Tier
from analysis.precision import Precision
from tests.analysis.grounding.wording import START, failures_of

GROUND = Ground(at=START, precision=Precision.MINUTE, text="", kind="note", tier=Tier.PROMOTED)

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Tried restarting the ingestion worker, backlog still growing
+The backlog was still growing.
-Restarting the ingestion worker worked.
-The restart of the ingestion worker worked.

Second attempt at importing the ledger succeeded
+The second attempt at importing the ledger worked.

Failover test did not work, second try tonight
-The failover test worked.
-The second try worked.

Moved traffic to the healthy nodes, latency unchanged
-The move worked.

POS terminals in Malmo OK, terminals in Lund dead
+POS terminals in Malmo worked.
-Terminals in Lund worked.

Rolled out hotfix 12. It works now.
+Hotfix 12 worked.

Rolled out hotfix 12. Vendor's portal works.
-Hotfix 12 worked.

Card payments and the app's own login work
+The app's own login worked.

Network maintenance work in the Dublin hall
-Network maintenance worked.

Replaced the disk; array stopped responding
-Replacing the disk worked.

Ana worked on the import with the vendor
+Ana worked on the import with the vendor.

Quota used: uploads 92 % in one day, search at 15 %
+Search was at 15 %.
-Search was at 92 %.
-Uploads were at 15 %.

Disk usage: db-1 at 91 %, db-2 at 44 %, archive host at 99 %
+The archive host was at 99 %.
-db-2 was at 91 %.
-The archive host was at 44 %.

Error rate: peak 20 %, average 4 %
+The peak error rate was 20 %.
-The average error rate was 20 %.

Review with Legal on Monday
+The review with Legal was on Monday.
-Legal reviewed the draft.
-The draft was reviewed.

Drill on Wednesday: standby promoted in 40 s
+The standby was promoted in 40 s.

Released build 55 on Monday, tested by QA
+Build 55 was tested by QA.

Call with Mastercard at 15:00
-Mastercard called.

Reply to Worldline sent
+A reply to Worldline was sent.
-Worldline replied.

Change to the retry policy deployed
+The change to the retry policy was deployed.

Proxies drained, kernel patched
-Both proxies were drained and patched.

Two of the five gateways rebooted and patched
-Both gateways were rebooted and patched.

The two gateways in Oslo were rebooted
+Both gateways in Oslo were rebooted.

Fixed the DNS record and the TLS chain
+Both the DNS record and the TLS chain were fixed.

Decided not to patch, to avoid a second outage
+It was decided not to patch.
-The system was patched.
-A second outage was avoided.

Not restarting the primary, to keep the caches warm
+The primary was not restarted.
-The caches were kept warm.

Raised the pool to 80, so as to serve the batch
+The pool was raised to 80.
-The batch was served.

Paused the batch, to free the lock, lock freed at 14:20
+The lock was freed at 14:20.

Went from 12, to 14 pods
+It went from 12 to 14 pods.

Here is what we do next: disable webhooks
-Webhooks were disabled.

This is what was done next: webhooks disabled
+Webhooks were disabled.

Todo list: rotate tokens, patched image to staging
-Tokens were rotated.

Consumer lag 2.1 M, retention 7 d
+The consumer lag was 2.1 M.
-The consumer lag was 2.1.
-The consumer lag was 2.1 M EUR.

Chargebacks total 1.4 M EUR so far
+Chargebacks totalled 1.4 M EUR.
-Chargebacks totalled 1.4 EUR.
-Chargebacks totalled 1.4 M USD.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]

#: Two entries an hour apart, with what may be counted from the first one (+) and what not (-).
HOURS = """
Member informed of ingress problem for an individual workload | Customer confirmed issue resolved
-The customer confirmed the issue resolved 1 h after the ingress problem.
-1 h after the ingress problem, the customer confirmed the issue resolved.
-The ingress problem was 1 h before the customer confirmed the issue resolved.
+The customer confirmed the issue resolved 1 h after a member was informed of the ingress problem.

Told Finance at 14:05 about missing payouts | Payouts sent again
-Payouts were sent again 1 h after the missing payouts.
+Payouts were sent again 1 h after Finance was told about missing payouts.

Support informed of login errors | Support confirmed that the login errors were gone
-Support confirmed that the login errors were gone 1 h after the login errors.
+Support confirmed that the login errors were gone 1 h after it was informed of them.

Acquirer became aware of duplicate files | Duplicate files deleted
-The duplicate files were deleted 1 h after the duplicate files.
+The duplicate files were deleted 1 h after the acquirer became aware of them.

Payout failure | Merchant notified of the payout failure
+The merchant was notified of the payout failure 1 h after the payout failure.

Vendor informed of the latency and restarted the gateway | Latency back to normal
+Latency was back to normal 1 h after the gateway was restarted.

Grafana alerted about high latency | Latency back to normal
+Latency was back to normal 1 h after high latency.
"""
COUNTED = [
    (block.splitlines()[0].split(" | "), line[1:], line[0] == "-")
    for block in HOURS.strip().split("\n\n")
    for line in block.splitlines()[1:]
]
#: What entries are made of that were made to be slow.
SLOW = [
    *("worked ", "node works, ", "node fine, ", "db at 1 %, ", "list: db 1 %, a 2 %, ", "both a and "),
    *(
        "told of ",
        "informed the bank of ",
        "review on Monday, ",
        "review with Legal on Monday ",
        "next: ",
        ", to drain ",
    ),
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_takes_no_claim_for_told(entry: str, sentence: str, *, is_refused: bool) -> None:
    """What follows from a note stands, and what it only may have come to does not."""
    assert bool(failures_of(entry, sentence)) is is_refused


@pytest.mark.parametrize(("texts", "sentence", "is_refused"), COUNTED)
def test_no_length_is_counted_from_when_somebody_heard_of_a_thing(
    texts: tuple[str, str], sentence: str, *, is_refused: bool
) -> None:
    """Since when a thing was so, an entry about who was told of it does not say."""
    assert bool(_after_an_hour(*texts, sentence)) is is_refused


@pytest.mark.parametrize("unit", SLOW)
def test_entries_of_a_repeated_piece_are_read_in_seconds(unit: str) -> None:
    """The cost of a check stays bounded on an entry made to be slow."""
    text = (unit * 20_000)[:20_000]
    sentence = "The restart worked and both nodes at 2.1 M were reviewed with Legal 1 h after the bank."
    start = time.process_time()

    _after_an_hour(text, f"{text} again", sentence)

    assert time.process_time() - start < 10


def _after_an_hour(first: str, second: str, sentence: str) -> tuple[Failure, ...]:
    record = {
        "E1": replace(GROUND, text=first),
        "E2": replace(GROUND, at=GROUND.at + timedelta(hours=1), text=second),
    }
    return check(Sentence(text=sentence, cites=("E1", "E2")), record)
