"""Notes and posts as channels have them: whose a thing is, who stayed where, guesses, shares, great numbers."""

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
Lag 2.1 M, threshold 5k
+The lag was 2.1 M.
-The lag was 2.1 minutes.
-The lag was 2.1 thousand.

Volume fell from 3.2 Mio EUR to 1.1 Mio EUR within 20 m
+The volume fell from 3.2 million EUR to 1.1 million EUR within 20 minutes.
-The volume fell from 3.2 million EUR to 1.1 million EUR within 20 million.

Suspect: the new rate limiter counts retries twice, Tom is looking
-The new rate limiter counted retries twice.
+Tom was looking.

Hypothesis: a stale DNS record sends traffic to the old gateway
+A stale DNS record was suspected to send traffic to the old gateway.
-A stale DNS record sent traffic to the old gateway.

Likely cause: expired intermediate certificate
-The intermediate certificate had expired.

Root cause (suspected): disk full on db-3
-The disk was full on db-3.

Suspect deploy rolled back: errors gone
+Errors were gone.

Next: failover to replica 2
-The failover to replica 2 was done.

Option 2: disable the flag and drain node 4
-The flag was disabled.
-Node 4 was drained.

Plan B worked: traffic moved to the second region
+Traffic was moved to the second region.

We have raised a case with Adyen, their engineer joined the call
+Adyen's engineer joined the call.
+Their engineer joined the call.
-Our engineer joined the call.

We restarted our gateway, their team restarted the HSM
+Their team restarted the HSM.
-Our team restarted the HSM.
-Their gateway was restarted.

Our certificates were valid, theirs had expired
+Our certificates were valid.
-Our certificates had expired.

The provider's window was extended, our window stayed as planned
+The provider's window was extended.
+Our window stayed as planned.
-Our window was extended.
-The provider's window stayed as planned.

Our fraud team disabled the rule
+The fraud team disabled the rule.
+The fraud team disabled its rule.

Vendor on the call, they want a core dump, we are against it
+The vendor wanted a core dump.
-We wanted a core dump.

We are hesitant, Visa wants a rollback
+Visa wanted a rollback.
-Visa was hesitant.

Dublin traffic moved to London, Paris stayed in Frankfurt
+Paris stayed in Frankfurt.
-Dublin stayed in London.

Traffic moved from Dublin to London, batch jobs stay in Dublin
+Batch jobs stayed in Dublin.
-Traffic stayed in Dublin.
-London stayed in Dublin.
-Dublin stayed in London.

Failed over from Dublin to London, customers stayed connected
+Customers stayed connected.
-Dublin stayed in London.

Took the US shard offline, kept the EU shard online
+The EU shard stayed online.
-The US shard stayed online.

Suspect: a leak in the batch job, Tom is looking
-Tom confirmed that the batch job leaked.

Index rebuild on the ledger replica, lag back to 3 s
+The index was rebuilt on the ledger replica.
-The ledger replica was rebuilt.

Schema migration in prod-eu finished, config reload on the gateways pending
+The schema migration in prod-eu finished.
-prod-eu was migrated.

CloudWatch showed a tenfold increase in network traffic
+Network traffic increased tenfold.

Holding the release until risk approves
+The release was held.
-Risk approved.

Errors continued until the restart of pod 3
+Errors continued until the restart of pod 3.

We got 60 alerts, 12 about disks, 9 resolved by themselves
+12 alerts were about disks.
-60 alerts were about disks.

Filters leaked by a vendor, our routes were withdrawn at 03:05 and announced again at 03:41
+The routes were withdrawn at 03:05.
+The routes were announced again at 03:41.
-The routes were withdrawn at 03:41.

HTTP 500 from the partner's sandbox, production endpoints answer normally
+Production endpoints answered normally.
-The partner's production endpoints returned HTTP 500.

Moved reads to the replica, writes remain on primary, replica CPU 88 %
+The replica CPU was 88%.
-The CPU of the primary was 88%.

Monitor went to no data, agents themselves were healthy
+The agents were healthy.

Breaker open, onboarding in manual mode
+Onboarding was in manual mode.
+The breaker was open.
-Onboarding was open.

Rolled over 3 nodes after 2 h
+3 nodes were rolled over.

Member informed of ingress problem for an individual workload
+A member was informed of the ingress problem.
-An individual workload had an ingress problem.
-There was an ingress problem.

Support notified that card payments fail in DE
+Support was notified that card payments failed in DE.
+Support was notified at 2026-03-02 14:05 UTC that card payments failed in DE.
-Card payments failed in DE.

Bank was notified about the fraud and the rule was disabled
+The rule was disabled.
-There was a fraud.

Confirmed hypothesis: disk full on db-3
+The disk was full on db-3.

Here is our plan: keys rotated
-The keys were rotated.

These are the next steps: keys rotated
-The keys were rotated.

Memory limit 512 M, downtime 12 M
-The memory limit was 512 million.
-The downtime was 12 million.

We rolled 20 nodes, the link carried 2 Gbps
-We rolled over 20 nodes.
-The link carried over 2 Gbps.

Bank informed about the fraud rule, it approved the change
+The bank was informed about the fraud rule.
+The change was approved.

Onboarding slow, billing down
+Onboarding was slow.
+Billing was down.
-Billing was slow.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


def test_over_of_a_verb_limits_no_length_behind_it() -> None:
    """`rolled over 3 h after` tells when the node was rolled over, and not that it took more than that."""
    record = {
        "E3": replace(GROUND, text="Pods started crashlooping"),
        "E5": replace(GROUND, at=GROUND.at + timedelta(minutes=210), text="Rolled over sick node"),
    }

    def failures(text: str) -> tuple[Failure, ...]:
        return check(Sentence(text=text, cites=("E3", "E5")), record)

    assert not failures("The sick node was rolled over 3 h 30 min after pods started crashlooping.")
    assert failures("The sick node was rolled over 2 h 30 min after pods started crashlooping.")


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_reads_a_note_as_a_channel_means_it(entry: str, sentence: str, *, is_refused: bool) -> None:
    """What follows from a note stands, and what only has its words does not."""
    assert bool(failures_of(entry, sentence)) is is_refused
