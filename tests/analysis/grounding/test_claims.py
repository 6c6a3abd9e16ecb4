"""What a sentence claims beyond a note: who did it, whose an amount is, that an aim was reached, since when."""

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

Call with Mastercard at 15:00
+There was a call with Mastercard at 15:00 UTC.
-Mastercard called.

Call with Nets at 15:00, Nets called back at 15:20
+Nets called back at 15:20 UTC.

Handover to Bo by Ana at 18:00
+Ana handed over to Bo at 18:00 UTC.
-Bo handed over at 18:00 UTC.

Review by Ana with Bo
+Ana and Bo reviewed it.

Joint review with Legal done
+Legal reviewed it.

Deploy with ArgoCD at 14:02
+ArgoCD deployed at 14:02 UTC.

Joint restart with vendor at 15:00
+The vendor restarted at 15:00 UTC.

Restart of core by Ana with Bo
+Ana and Bo restarted core.

Reply to Worldline sent
+A reply to Worldline was sent.
-Worldline replied.

Change to the retry policy deployed
+The change to the retry policy was deployed.

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

Consumer lag 2.1 M, retention 7 d
+The consumer lag was 2.1 M.
-The consumer lag was 2.1.
-The consumer lag was 2.1 M EUR.

Chargebacks total 1.4 M EUR so far
+Chargebacks totalled 1.4 M EUR.
-Chargebacks totalled 1.4 EUR.
-Chargebacks totalled 1.4 M.
-Chargebacks totalled 1.4 M USD.
+Chargebacks totalled EUR 1.4 M.

Total loss EUR 2.1 M
+The total loss was 2.1 M EUR.
+The total loss was EUR 2.1 M.
-The total loss was 2.1 M.
-The total loss was USD 2.1 M.

Total loss EUR 2.1M
+The total loss was 2.1M EUR.

Revenue at risk: 2.1 M (EUR)
+2.1 M EUR of revenue was at risk.

€2.1 M stuck in payouts
+2.1 M EUR were stuck in payouts.

Refunded 40 EUR, 2 M rows left
+2 M rows were left.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]

#: Entries an hour apart, or at the minutes that they begin with: what counts from a thing (+) or not (-).
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

Notification of latency from Datadog | Latency OK
+Latency was OK 1 h after the latency.

Ana warned about duplicates -> stopped job | Job started again
+The job was started again 1 h after the job was stopped.
-The job was started again 1 h after the duplicates.

Ana warned about duplicates - job stopped | Job started again
+The job was started again 1 h after the job was stopped.
-The job was started again 1 h after the duplicates.

Payout job failed | 1 Finance informed of failed payout job | 60 Payout job rerun
+The job was rerun 1 h after the payout job failed.
+The payout job was rerun 1 h after it failed.

Payout job failed | 5 Finance informed of failed payout job | 60 Payout job rerun
+The job was rerun 1 h after the payout job failed.

Payout job failed | Finance informed of failed payout job | Payout job rerun
-The payout job was rerun 1 h after it failed.

Leak of tokens | Legal informed about leak | Tokens revoked
+Legal was informed 1 h after the leak.
-The tokens were revoked 1 h after the leak.

Nets informed of failover | Failover done | Failback done
+The failback was done 1 h after the failover.
"""
COUNTED = [
    (block.splitlines()[0].split(" | "), line[1:], line[0] == "-")
    for block in HOURS.strip().split("\n\n")
    for line in block.splitlines()[1:]
]
#: What entries are made of that were made to be slow.
SLOW = (
    *("db at 1 %, ", "list: db 1 %, a 2 %, ", "told of ", "informed the bank of ", "informed of a -> b - "),
    *("review with Legal on Monday ", "next: ", ", to drain ", "2.1 M EUR "),
)


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_takes_no_claim_for_told(entry: str, sentence: str, *, is_refused: bool) -> None:
    """What follows from a note stands, and what it only may have come to does not."""
    assert bool(failures_of(entry, sentence)) is is_refused


@pytest.mark.parametrize(("texts", "sentence", "is_refused"), COUNTED)
def test_no_length_is_counted_from_when_somebody_heard_of_a_thing(
    texts: list[str], sentence: str, *, is_refused: bool
) -> None:
    """Since when a thing was so, an entry about who was told of it does not say, and another entry may."""
    assert bool(_apart(texts, sentence)) is is_refused


@pytest.mark.parametrize("unit", SLOW)
def test_entries_of_a_repeated_piece_are_read_in_seconds(unit: str) -> None:
    """The cost of a check stays bounded on an entry made to be slow."""
    text = (unit * 20_000)[:20_000]
    sentence = "The replica at 2.1 M EUR was reviewed with Legal 1 h after the bank was informed."
    start = time.process_time()

    _apart([text, f"{text} again"], sentence)

    assert time.process_time() - start < 10


def test_many_lengths_between_many_notices_are_checked_at_once() -> None:
    """The words of a sentence are looked up once in each entry, not for each pair of entries and each length."""
    texts = [f"{60 * (number % 2)} Bank informed of restart of node {number}" for number in range(40)]
    start = time.process_time()

    _apart(texts, "1 h after the bank, " * 50)

    assert time.process_time() - start < 5


def _apart(texts: list[str], sentence: str) -> tuple[Failure, ...]:
    """What fails of a sentence on entries an hour apart each, or so many minutes after the first as they begin with."""
    record = {}
    for number, text in enumerate(texts):
        minutes, _, rest = text.partition(" ")
        given = minutes.isdigit()
        at = START + timedelta(minutes=int(minutes) if given else 60 * number)
        record[f"E{number}"] = replace(GROUND, at=at, text=rest if given else text)
    return check(Sentence(text=sentence, cites=tuple(record)), record)
