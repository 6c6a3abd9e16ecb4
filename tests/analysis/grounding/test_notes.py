"""Terse notes of responders: what follows from them in an able writer's words, and what is made to look so."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Enabled the instant-payout flag at 10 %, errors rose, flag disabled
+The instant-payout flag was disabled.
+The instant-payout flag was enabled at 10%.
+Errors rose after the instant-payout flag was enabled.

Deployed fraud-scorer 2.9.0 to canary, p99 doubled, rolled it back
+fraud-scorer 2.9.0 was rolled back.
+The p99 doubled after fraud-scorer 2.9.0 was deployed to canary.
+fraud-scorer 2.9.0 was deployed to the canary.

Read-only replica promoted, old primary fenced
+The read-only replica was promoted.
+The old primary was fenced.
-The primary was fenced.

Partial restore of the ledger finished, full restore still running
+The partial restore of the ledger finished.
+The full restore was still running.
-The partial restore was still running.

EU merchants paid out, US merchants waiting for Monday's run
+EU merchants were paid out.
+US merchants were waiting for Monday's run.
-Merchants were paid out.

Consumer lag on settlement-events 2.1 M, normally under 5k
+Consumer lag on settlement-events was normally under 5k.
-Consumer lag on settlement-events was under 5k.

Cert for api.pay.example renewed, two of five load balancers still serve the old one
+The certificate for api.pay.example was renewed.
+Two of five load balancers still served the old certificate.

Raised the quota for pub/sub from 200 to 500 MB/s, Google confirms within an hour
+The quota for pub/sub was raised from 200 to 500 MB/s.
+Google confirmed within an hour.
-The quota for pub/sub was raised within an hour.
-Google raised the quota for pub/sub.

Rotated the webhook signing key, old key valid until Friday
+The webhook signing key was rotated.
+The old key was valid until Friday.
-The webhook signing key was valid until Friday.
-The old key was rotated until Friday.

Blocked the /24 at the WAF, login errors dropped, one real customer blocked too
+The /24 was blocked at the WAF.
+One real customer was blocked too.
-The WAF was blocked.

Index build cancelled by Ravi, retry planned tonight with CONCURRENTLY
+The index build was cancelled by Ravi.
+A retry with CONCURRENTLY was planned for tonight.

HPA maxed out at 20 pods, bumped max to 60, 35 running now
+The HPA maxed out at 20 pods.
+35 pods were running.

Removed node ip-10-2-3-4 from the pool, errors gone, node kept for forensics
+Node ip-10-2-3-4 was removed from the pool.
+The node was kept for forensics.
+Node ip-10-2-3-4 was kept for forensics.
+Errors were gone after node ip-10-2-3-4 was removed from the pool.

Disabled autoscaler so it stops fighting us, set 12 replicas by hand
+The autoscaler was disabled.
+12 replicas were set by hand.
-The autoscaler was set by hand.
-The autoscaler set 12 replicas.

Told support to hold macros; they had already mailed 340 customers
+Support was told to hold macros.
+Support had already mailed 340 customers.
-340 customers mailed support.

Config push went to prod-eu by mistake, meant for staging-eu, undone in 6 min
+The config push went to prod-eu by mistake.
+The config push was meant for staging-eu.
+The config push was undone in 6 minutes.

Latency of card-auth fine, that of wallet-auth 3x
+The latency of card-auth was fine.
-The latency of card-auth was 3x.

Vault sealed after the power cut, unsealed with 3 of 5 keys by Ines and Jo
+Vault was sealed after the power cut.
+Vault was unsealed with 3 of 5 keys by Ines and Jo.

Tried failing over to Dublin, health check there failing too, stayed in London
+Failing over to Dublin was tried.
+The health check in Dublin was failing too.

Customer data not exposed; only internal dashboards were reachable
+Customer data was not exposed.
+Only internal dashboards were reachable.
-Dashboards were reachable.

Expired client cert on the SWIFT gateway, new one requested, not yet installed
+The client certificate on the SWIFT gateway had expired.
+A new certificate was requested.
+The new certificate was not yet installed.

Rate limit for partner API set to 50 rps per key (was 500)
+The rate limit for the partner API was set to 50 rps per key.
+The rate limit for the partner API had been 500 rps per key.
-The rate limit had been 50 rps per key.

Duplicate charges stopped since 11:05, 63 already captured, refunds queued
+Duplicate charges stopped at 11:05.
+63 duplicate charges had already been captured.
+Refunds were queued.
-Charges stopped since 11:05.

Vendor applied the patch on their primary, secondary tomorrow
+The vendor applied the patch on their primary.
-The vendor applied the patch on their secondary.
-The patch was applied on the secondary tomorrow.
-The primary was patched tomorrow.

S3 bucket policy changed by Terraform at 09:02, uploads 403 from 09:03
+The S3 bucket policy was changed by Terraform at 09:02.
-The S3 bucket policy was changed at 09:03.

Put the monthly statement job on hold until storage is grown
+The monthly statement job was put on hold.
+The monthly statement job was put on hold until storage is grown.
-Storage was grown.

Connected to the wrong cluster, deleted 3 pods there, recreated by the operator
+3 pods were deleted in the wrong cluster.
+The 3 pods were recreated by the operator.
+The pods were recreated by the operator.

Fallback acquirer enabled for Amex, Diners excluded
+The fallback acquirer was enabled for Amex.
+Diners was excluded.
-The acquirer was enabled.

Postgres minor upgrade reverted after extension mismatch, retry next week
+The Postgres minor upgrade was reverted after an extension mismatch.
+A retry was planned for next week.
-The Postgres minor upgrade was retried next week.

Errors down to 2 % after rollback, was 18 %
+Errors were down to 2% after the rollback.
+Errors had been 18%.
+Errors fell from 18% to 2% after the rollback.

Swapped the NAT gateway in zone b, packet loss persisted, swapped it back
+The NAT gateway in zone b was swapped back.
-Packet loss was swapped back.

Standby region warmed up, live region untouched
+The standby region was warmed up.
+The live region was untouched.
-The region was warmed up.

Temporary allow-list removed, permanent one in review
+The temporary allow-list was removed.
+The permanent allow-list was in review.
-The allow-list was removed.

Only cached quotes served since 15:40
+Only cached quotes were served since 15:40.
-Quotes were served since 15:40.

Queue wait 38 min, typically under 2 min
+The queue wait was 38 minutes.
+The queue wait was typically under 2 minutes.

Thread pool limit 400 (was 150), saturation 61 %
+The thread pool limit was 400.
+The thread pool limit had been 150.
+Saturation was 61%.
-The thread pool limit had been 400.

Memory at 71 %, was 96 % before the restart
+Memory was at 71%.
+Memory was at 96% before the restart.
+Memory fell from 96% to 71%.

14 workers stuck on the lock, killed 6, 8 still stuck
+14 workers were stuck on the lock.
+6 workers were killed.
+8 workers were still stuck.
-14 workers were killed.

Reissued 212 cards, 9 returned by the post office
+212 cards were reissued.
+9 cards were returned by the post office.

Feature freeze until the audit is finished
-The audit was finished.

Cut the batch size to 200 so the writer keeps up
+The batch size was cut to 200.
+The batch size was cut to 200 so that the writer could keep up.
-The writer kept up.

Renewal of the HSM contract signed, delivery next month
+The renewal of the HSM contract was signed.
-The HSM was delivered.
-The HSM was delivered next month.

DNS record fixed by Pia, resolver cache flush scheduled tonight
+The DNS record was fixed by Pia.
+A flush of the resolver cache was scheduled for tonight.

Fraud rule 88 too strict, 1,204 good payments declined, rule relaxed at 13:15
+Fraud rule 88 was too strict.
+1,204 good payments were declined.
+Fraud rule 88 was relaxed at 13:15.
+The rule was relaxed at 13:15.
-1,204 fraud payments were declined.

Blue pool serving, green pool in standby
+The blue pool was serving.
+The green pool was in standby.
-The green pool was serving.
-The blue pool was in standby.

Reset the offsets of group billing-v2, lag draining, no messages skipped
+The offsets of group billing-v2 were reset.
+Lag was draining.
+No messages were skipped.
-Lag was reset.

Released checkout-web 88 to half the fleet, conversion fell, release withdrawn
+Release 88 of checkout-web was withdrawn.
+The release was withdrawn.
+Conversion fell after checkout-web 88 was released to half the fleet.

Root cause analysis showed a full disk
+Analysis showed a full disk.

Session Redis restarted at 09:10
+Redis was restarted at 09:10.

Inbound webhooks late, outbound webhooks on schedule
+Inbound webhooks were late.
+Outbound webhooks were on schedule.
-Outbound webhooks were late.
-Webhooks were late.
-Inbound webhooks were on schedule.

Backup vault reachable, main vault sealed
+The backup vault was reachable.
+The main vault was sealed.
-The vault was reachable.

Error budget 12 %, was 60 % on Monday
+The error budget was 12%.
+The error budget had been 60% on Monday.
-The error budget had been 12% on Monday.

Connection cap 900 (was 300), waits gone
+The connection cap was 900.
+The connection cap had been 300.
+The connection cap was raised from 300 to 900.

Batch latency 52 min, usually 6 min
+Batch latency was 52 minutes.
+Batch latency was usually 6 minutes.

26 transfers held, released 20, 6 rejected by compliance
+26 transfers were held.
+20 transfers were released.
+6 transfers were rejected by compliance.
-26 transfers were released.

Moved to the Zurich site, started the mail relay there, users informed
+The mail relay was started at the Zurich site.
+Users were informed.

Shadow traffic stopped, live traffic unaffected
+Shadow traffic was stopped.
+Live traffic was unaffected.
-Traffic was stopped.

Payout run paused until the ledger is balanced
+The payout run was paused.
-The ledger was balanced.

Router firmware updated in Graz, Linz tomorrow
+Router firmware was updated in Graz.
-Router firmware was updated in Linz.
-Router firmware was updated in Linz tomorrow.

Passkey login ok, SMS login at 30 % success
+Passkey login was OK.
+SMS login was at 30% success.
-SMS login was OK.
-Passkey login was at 30% success.

Took the US shard offline, EU shard left online
+The US shard was taken offline.
+The EU shard was left online.
-The shard was taken offline.

Found 3 expired tokens on the build host, renewed 2, third one revoked
+3 expired tokens were found on the build host.
+2 tokens were renewed.
+The third token was revoked.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_reads_a_note_as_a_responder_means_it(entry: str, sentence: str, *, is_refused: bool) -> None:
    """Which of several things, what comes about by itself, what was before, and what is still to come are kept."""
    assert bool(failures_of(entry, sentence)) is is_refused
