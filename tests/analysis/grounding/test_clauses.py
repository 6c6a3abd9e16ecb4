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
""".strip().split("\n\n")


@pytest.mark.parametrize("row", CLAUSES, ids=lambda row: row.rpartition("\n")[2])
def test_check_keeps_together_what_a_clause_of_an_entry_says(row: str) -> None:
    """Subject, verb and object, amount, time, cause and reserve come from one place, not from all over the entry."""
    entry, true, false = row.split("\n")

    assert not failures_of(entry, true)
    assert failures_of(entry, false)
