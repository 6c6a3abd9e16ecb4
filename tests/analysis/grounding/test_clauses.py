"""A clause says what one clause of an entry says: who, what, whom, how much, why, and whether it was done."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: An entry, what follows from it, and what is made of its own words and does not.
CLAUSES = """
We identified the source of the slow query and rolled back the deployment.
The deployment was rolled back.
The query was rolled back.

A change caused our proxy to drop requests between services that the shop relies upon.
The proxy dropped requests.
Services dropped requests to the proxy.

Our monitoring systems observed an increase.
The monitoring systems observed an increase.
An increase observed our monitoring systems.

Some customers had errors. Heavy use of one object forced a backend to recompute, overloading the service.
Some customers had errors.
Customers overloaded the service.

Updates has recovered but Notifications is still experiencing delays.
Notifications was still experiencing delays.
Updates was still experiencing delays.

As a follow up, the team disabled the login path. The incident is resolved.
The team disabled the login path.
The incident disabled the login path.

A bad release introduced a leak. Users reported the incident.
The release introduced a leak.
The release introduced the incident.

Searches were slow from 13:30 to 17:14 UTC. Up to 75% of queries failed between 14:00 and 15:30 UTC.
Up to 75% of queries failed between 14:00 and 15:30 UTC.
Up to 75% of queries failed between 13:30 and 17:14 UTC.

12% of uploads failed. 3% of downloads were delayed. The store was slow. The cache was fine.
3% of downloads were delayed.
12% of downloads were delayed.

The incident was caused by an outage of the store, which slowed the shop.
The incident was caused by an outage of the store.
The incident was caused by the store.

The outage was due to a config change. A spike in logins triggered throttling.
A spike in logins triggered throttling.
Throttling triggered a spike in logins.

We are also improving our alerts and adding dashboards.
The alerts are being improved.
The alerts were improved.

We're working to strengthen the failover and reduce detection time.
We are working to reduce detection time.
Detection time was reduced.

The rollout is done and we expect customers who were affected to see recovery.
The rollout is done.
Customers saw recovery.

We see signs of resolution after the change. We expect full resolution in 30 minutes.
Signs of resolution were seen.
The issue was resolved.

We are waiting for the queues to catch up.
The queues were still waiting to catch up.
The queues caught up.

We are investigating methods to detect bad queries. The bad query was stopped.
The bad query was stopped.
Bad queries were detected.

The deploy was reverted. Engineers tried to revert the migration.
The deploy was reverted.
The migration was reverted.

Once the leak was found, we were able to stop the job.
The job was stopped after the leak was found.
The job was stopped before the leak was found.

Reads recovered first, followed by the replay of the queued orders.
The queued orders were replayed after reads had recovered.
The queued orders were replayed first, followed by reads.

The token had expired at noon. A deploy was paused. The pods failed. The alert fired late.
The pods failed.
The pods failed while the deploy was paused.

A subset of Gold Plan users were unable to pay. Support answered them.
A subset of Gold Plan users were unable to pay.
Gold Plan users were unable to pay.

A small number of merchants lost orders. Merchants were informed.
A small number of merchants lost orders.
All merchants lost orders.

Pods in one of our two regions failed. The change went to all pods in that region.
Pods in one of the two regions failed.
Pods in both regions failed.

Other payment methods were unaffected.
Other payment methods were unaffected.
Payment methods were unaffected.

Merchants in Norway were not affected.
Merchants in Norway were not affected.
Merchants were not affected.

The rate limit was hit. Pools of workers were replaced. That limit was lower than planned. Jobs ran late.
The limit was lower than planned.
The pool of workers was lower than planned.

When the job was switched on it performed too many writes. Customers saw errors.
The job performed too many writes.
Customers performed too many writes.

A change in the billing code that made some merchants lose access was found.
Some merchants lost access.
Some merchants changed the billing code.

We added alerts to this and other certificates. It will replace a part used by all payment services.
We added alerts to other certificates.
Alerts were added to all payment services.

The outage was triggered by a deploy. Kim stopped the job. The job was slow.
The outage was triggered by a deploy.
The outage was triggered by the job.

Kim deleted the queue. The vendor restarted the pods.
The queue was deleted by Kim.
The queue was deleted by the vendor.

Failures were caused by an expired storage key. The key was replaced. Jobs recovered. Kim was paged.
An expired storage key caused failures.
Storage failures were caused by an expired key.

We traced the source of the bad order. The export of the old report was stopped. Jobs ran. Kim slept.
The source of the bad order was traced.
The export of the bad order was stopped.

The rollout of a feature that had more load on one database than before was stopped. Kim was paged.
The rollout of a feature was stopped.
The database was rolled out.

2% of calls failed. The job made too many writes, which resulted in errors.
2% of calls failed.
2% of calls resulted in errors.

Errors rose from 12 March on. The key had been deployed the previous day.
The key had been deployed.
The key was deployed on 12 March.

Four to five waves of errors came.
Four to five waves of errors came.
Four to six waves of errors came.

The authorization gateway refused calls. Kim restarted it.
The authorization gateway refused calls.
The calls were authorized.

Decision taken to restore the control plane from backup.
It was decided to restore the control plane from backup.
The control plane was restored from backup.

Every product will have to rely on the new cluster.
Every product will have to rely on the new cluster.
Every product relies on the new cluster.

Controller pods deleted; no improvement.
The controller pods were deleted.
The controller deleted pods.

Half of the cluster's metrics were missing.
Half of the metrics were missing.
Half of the responders were missing.

Correction: the deploy went out at 16:20 not 17:20.
The deploy went out at 16:20 UTC.
The deploy went out at 17:20 UTC.

On call Priya is incident commander, Tom on comms
Priya was incident commander.
Tom was incident commander.

Two pods connect to ledger-db-3. The secret was stale.
Two pods connected to ledger-db-3.
ledger-db-3 connected to two pods.

Errors were initially limited to one region. They spread.
Errors were limited to one region at first.
Errors were limited to one region.

Error rates averaged 18% and peaked at 100% of requests.
Error rates peaked at 100% of requests.
Error rates were 100% of requests.

We mitigated the outage by scaling the gateway and restarting the frontend.
The outage was mitigated by scaling the gateway and restarting the frontend.
The outage was mitigated by scaling the frontend and restarting the gateway.

Alerts for packet loss in the hub paged the vendor.
Alerts for packet loss in the hub paged the vendor.
Alerts for the hub in packet loss paged the vendor.

Kim asked the vendor to rotate the key of the gateway.
The vendor was asked to rotate the key of the gateway.
The key of the gateway was asked to rotate the vendor.

We are checking that no transfer was lost.
The team was checking that no transfer was lost.
No transfer was lost.

No declines with code 91 so far.
There were no declines with code 91.
There were no declines.

Bundle rebuilt with the intermediate, pushed to prod
The bundle was rebuilt with the intermediate and pushed.
The bundle was rebuilt with the intermediate and pushed again.

Debit payments are declined. Credit cards are not affected.
Debit payments were declined.
Debit payments were declined, including credit cards.

reconciliation done: 0 differences in the postings
The reconciliation found no differences in the postings.
The reconciliation found differences in the postings.

The restore failed because certificates did not match the host names.
Certificates did not match the host names, which made the restore fail.
The restore made certificates not match the host names.

Risk team refused to exempt large payments.
The risk team would not exempt large payments.
The risk team exempted large payments.

Restart limited to a few hundred servers an hour.
The restart was limited to a few hundred servers per hour.
The restart was limited to a few hundred servers per day.
""".strip().split("\n\n")


@pytest.mark.parametrize("row", CLAUSES, ids=lambda row: row.rpartition("\n")[2])
def test_check_keeps_together_what_a_clause_of_an_entry_says(row: str) -> None:
    """Subject, verb and object, amount, time, cause and reserve come from one place, not from all over the entry."""
    entry, true, false = row.split("\n")

    assert not failures_of(entry, true)
    assert failures_of(entry, false)
