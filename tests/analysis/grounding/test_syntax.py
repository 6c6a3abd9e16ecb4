"""The same words in another syntax: what they still say stands, what they no longer say is refused."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: An entry, what follows from it and what does not, a line each.
SYNTAX = """
AWS Glue checked, and no vulnerabilities found
No vulnerabilities were found in AWS Glue.
Vulnerabilities were found in AWS Glue.

No users were affected in Europe; the US restarted
No users were affected in Europe.
No users were affected in the US.

Some metrics are not displayed in Grafana
Some metrics were not displayed in Grafana.
No metrics were displayed in Grafana.

Malware stole a cookie; antivirus did not detect it
The antivirus did not detect the malware that stole the cookie.
The antivirus detected the malware that stole the cookie.

Malware stole a cookie; antivirus did not detect it
Malware stole a cookie.
Malware did not steal the cookie.

We were not able to reconfigure the balancer
The balancer could not be reconfigured.
The balancer could be reconfigured.

We were unable to SSH into the node
It was not possible to SSH into the node.
It was possible to SSH into the node.

Call to developers - no responses received
The call got no responses from developers.
The call got responses from developers.

Scheduled pipeline failed, the cluster lost its shipper
The pipeline failed.
The pipeline succeeded.

Scheduled restart of the database
A restart of the database was scheduled.
The database was restarted.

A planned failover was cancelled
The failover was cancelled.
The failover was completed.

Responded to customer saying the issue was fixed
The team responded to the customer, saying the issue was fixed.
The customer responded saying the issue was fixed.

Decided not to patch the service accounts
It was decided not to patch the service accounts.
The system decided not to patch the service accounts.

Alerted by the payments team that transfers failed
The payments team alerted about failed transfers.
The payments team alerted the system that transfers failed.

Alerted by the payments team about the payout service
The payments team alerted about the payout service.
The payments team alerted the service.

Manual fix applied
A manual fix was applied.
A manual fix was applied to resolve the issue.

User reported 503 for all services; load balancer targets not available
A user reported 503 for all services.
A user reported 503 for all services, indicating a problem with the load balancer.

Webhooks normal
Webhooks were back to normal.
Webhooks were delayed.

Webhooks normal
Webhooks returned to normal.
Webhooks never returned to normal.

Ingress working as intended
Ingress was working as intended again.
Ingress was not working again.

Online shop restarted
The online shop was restarted.
The online shop was operational.

Fix still building
The fix was not yet built.
The fix was built.

We are in the process of reverting the change
The change was being reverted.
The change was reverted.

Services are recovering
Services were recovering.
Services have recovered.

We are waiting for the queues to catch up
We were waiting for the queues to catch up.
The queues caught up.

Users can work around this by updating settings
Users can work around this.
Users worked around this.

Some mails may not be received
Some mails may not be received.
Mails were not received.

Users may have seen increased latency
Users may have seen increased latency.
Users saw increased latency.

All services returning 404, cause unknown
All services were returning 404, cause unknown.
All services were returning 405, cause unknown.

Pull request to review changes triggers pipeline
A pull request triggered the pipeline.
The pipeline triggered a pull request.

Certificates applied to ADFS expire
The certificates expired.
The certificates were renewed.

Identified problem with ADSync assuming roles
ADSync assumed roles.
ADSync lost roles.

5 nodes have been discovered missing logs
Five nodes were discovered missing logs.
Logs were discovered missing nodes.

Due to a change that added latency to evaluations
A change added latency to evaluations.
Evaluations added latency to a change.

Due to a deploy which introduced a query that saturated a server
The deploy introduced a query.
A server introduced a query.

The balancer started to drop requests of services
The balancer dropped requests.
The services dropped the balancer.

Search recovered but exports are still seeing delays
Exports are still seeing delays.
Search is still seeing delays.

The rotation of all exposed credentials began
The rotation of exposed credentials began.
The rotation of exposed credentials ended.

During this period, up to 65% of requests failed
Up to 65% of requests failed.
Up to 56% of requests failed.

Kubernetes node roll over started
The node rollover started.
The node takeover started.

Service was down for a quarter of an hour
The service was down for 15 minutes.
The service was down for an hour.

Service was down for three quarters of an hour
The service was down for 45 minutes.
The service was down for 75 minutes.

A quarter of requests failed
25% of requests failed.
15% of requests failed.

No other models were affected
No other models were affected.
No models were affected.

Maintenance had more impact than expected
Maintenance had more impact than expected.
Maintenance had less impact than expected.

24% of runs were delayed, 7% of users saw errors
24% of runs were delayed.
24% of users were delayed.

2% of runs failed, 5% of runs were delayed
2% of runs failed.
5% of runs failed.

24% of runs were delayed for an average of 13 minutes
24% of runs were delayed by 13 minutes on average.
24% of runs were delayed by 31 minutes on average.

The disk was brought back before repairs were completed
The disk was brought back before repairs were completed.
Repairs were completed before the disk was brought back.

Monitoring reports that Fluentd is fine
According to monitoring, Fluentd was fine.
According to monitoring, Fluentd was not fine.

The vendor reports that Fluentd is fine
The vendor reported that Fluentd was fine.
Fluentd was fine.

Security group updated to allow connections
The security group was updated so that connections were allowed.
The security group denied connections.

Rollback failed because the store had been polluted
The store had been polluted, which is why the rollback failed.
The rollback failed, which is why the store had been polluted.

We have identified the cause of the issue
The cause had been identified.
The cause was the mitigation.

Full mitigation of the issue reported by us
The issue was fully mitigated.
The issue was partly mitigated.

Disk replaced by Kim. Queue grew. Alert sent. Cache cleared
Kim replaced the disk.
Kim cleared the cache.

We are seeing signs of resolution
There were signs of resolution.
The issue was resolved.

Cards failed. Payouts were mitigated by throttling the queue. Logins were resolved by a reboot. We go on to look.
Payouts were mitigated by throttling the queue.
Logins were resolved by throttling the queue.

Cards failed at noon. A connectivity issue began. Retry logic masked this issue. The disk was replaced.
Retry logic masked the connectivity issue.
Retry logic replaced the disk.
""".strip().split("\n\n")


#: An entry of an imported record, what follows from it, and what makes the record the one who acted.
TELLERS = """
Issue detected and verified|The issue was verified|The issue was verified by the imported record
Issue verified|The imported record reported that the issue was verified|The imported record verified the issue
The audit log was deleted|The audit log was deleted|The deploy was deleted by the audit log
""".strip().split("\n")


@pytest.mark.parametrize("row", TELLERS)
def test_what_only_tells_did_nothing(row: str) -> None:
    """A record tells what somebody did; whom it names may have done it."""
    entry, true, false = row.split("|")

    assert not failures_of(entry, true, who="the imported record")
    assert failures_of(entry, false, who="the imported record")


@pytest.mark.parametrize("row", SYNTAX, ids=lambda row: row.rpartition("\n")[2])
def test_check_reads_another_syntax(row: str) -> None:
    """Denials, reserves, relative clauses, shares, order and what goes on."""
    entry, true, false = row.split("\n")

    assert not failures_of(entry, true)
    assert failures_of(entry, false)
