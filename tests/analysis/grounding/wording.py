"""Made-up entries, what a good writer says of them, what they do not bear out, and the check of either."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analysis.grounding.checking import check
from analysis.grounding.records import Failure, Ground, Sentence, Tier
from analysis.precision import Precision

START = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
#: Label, minutes after the start, text and author.
_ENTRIES = (
    ("A1", 0, "High 5xx rate on card-auth-api: 14% of requests failing", "alertmanager"),
    ("A2", 3, "Mina acknowledged the page and opened incident INC-204", "Mina"),
    ("A3", 9, "Deploy 7731 of ledger-writer identified as suspect", "Tomas"),
    ("A4", 12, "Rolled back ledger-writer to 7729", "Tomas"),
    ("A5", 20, "5xx rate back below 0.5%", "alertmanager"),
    ("A6", 31, "Merchants report duplicate settlement files", "support"),
    ("A7", 45, "Settlement job paused, 3 of 9 files had been sent twice", "Mina"),
    ("A8", 70, "Acquirer confirms it will discard the duplicate files", "acquirer liaison"),
    ("A9", 95, "Settlement job resumed; remaining 6 files delivered on time", "Mina"),
    ("A10", 120, "No cardholder was charged twice", "risk"),
    ("A11", 150, "Connection pool of ledger-db primary exhausted: 500 of 500 in use", "monitoring"),
    ("A12", 152, "Scaled pgbouncer from 2 to 6 pods, queue of waiting clients shrinking", "Ola"),
    ("A13", 160, "Replica lag grew to 45 s before failover was cancelled", "Ola"),
    (
        "A14",
        180,
        "Certificate for webhook.example.com expired at 14:00, renewal cron had been disabled since January",
        "Ola",
    ),
    ("A15", 200, "Webhooks to 212 merchants delayed by up to 40 minutes; none lost", "status page"),
    ("A16", 230, "Vendor says the outage of their HSM cluster was due to a firmware upgrade", "Mina"),
    ("B1", 0, "Investigating increased error rates for the search API", "status page"),
    ("B2", 6, "Network team finds BGP session to ISP-B flapping", "network"),
    ("B3", 11, "Traffic steered away from ISP-B; packet loss down from 9% to 0.3%", "network"),
    ("B4", 18, "We are seeing recovery and will continue to monitor", "status page"),
    ("B5", 40, "Incident closed", "incident commander"),
    ("B6", 0, "CI runner picked up wrong branch and published v4.2.0-beta to production registry", "release bot"),
    ("B7", 7, "17 customers pulled the beta image before it was withdrawn", "registry"),
    ("B8", 9, "Beta image withdrawn from production registry", "Nadia"),
    ("B9", 60, "Engineer on call could not reach the database: VPN gateway down", "Jorge"),
    ("B10", 75, "VPN gateway failed over to standby by hand, access restored", "network"),
    ("B11", 90, "Disk on log host 94% full, writes rejected since 06:10", "monitoring"),
    ("B12", 95, "Old logs compressed, 210 GB freed; writes accepted again", "Jorge"),
    ("B13", 100, "API keys of 3 employees found in a public repository", "security"),
    ("B14", 104, "All 3 keys revoked; no sign of misuse so far", "security"),
    ("B15", 150, "Cause: retry storm from mobile app 5.1 after token endpoint returned 401", "engineering"),
    ("B16", 160, "App 5.1 retries without backoff; fix released in 5.1.1", "mobile team"),
    ("B17", 170, "Database migration locked the orders table for 11 minutes; checkout timed out", "engineering"),
    ("B18", 180, "Customer in Norway reports being charged in the wrong currency", "support"),
    ("B19", 185, "Currency bug reproduced in staging", "Nadia"),
    ("B20", 300, "Refunds issued to 64 customers, total 5,210 EUR", "finance"),
    ("C1", 0, "Alert: KubeNodeNotReady for 4 nodes in prod-eu", ""),
    ("C2", 5, "Platform team starts looking into unresponsive nodes", ""),
    ("C3", 14, "Kubelet logs show containerd is hanging on image pulls", ""),
    ("C4", 20, "Cordoned the 4 nodes; workloads rescheduled to healthy nodes", ""),
    ("C5", 35, "Found that the new AMI ships containerd 1.6.9 with a known bug", ""),
    ("C6", 42, "Decided to pin AMI to previous version", ""),
    ("C7", 55, "PR #1187 merged, Terraform apply running", ""),
    ("C8", 80, "All nodes replaced, cluster stable", ""),
    ("C9", 85, "Several users in #dev-platform mention that deployments are stuck", ""),
    ("C10", 90, "Message posted in #announcements asking teams to hold deployments", ""),
    ("C11", 130, "Deployments possible again, users informed", ""),
    ("C12", 0, "Prometheus OOMKilled, no metrics between 14:05 and 14:35", ""),
    ("C13", 10, "Memory limit of Prometheus raised from 8 to 12 GiB", ""),
    ("C14", 15, "Helm upgrade fails: chart version not found", ""),
    ("C15", 0, "SSL cert for api.shop.test about to expire in 3 days, ticket created", ""),
    ("C16", 4320, "SSL cert for api.shop.test expired, clients get handshake errors", ""),
    ("C17", 4330, "Cert renewed by hand and load balancers reloaded", ""),
    ("C18", 10, "Database CPU at 100%, slow query on invoices table identified", ""),
    ("C19", 16, "Query killed, CPU drops to 35%", ""),
    ("C20", 25, "Index added on invoices.customer_id, query time down from 40 s to 20 ms", ""),
    ("C21", 3, "Third-party SMS provider confirms degraded delivery in Germany", ""),
    ("C22", 33, "Switched SMS traffic to backup provider; delivery rate back at 99%", ""),
    ("C23", 50, "Provider reports issue resolved on their side, traffic switched back", ""),
    ("C24", 8, "Login page returns 503 for about 20% of users", ""),
    ("C25", 12, "Autoscaling of auth pods had been capped at 10; cap raised to 30", ""),
    ("C26", 17, "Login errors gone", ""),
    ("C27", 40, "Post-incident review scheduled for Friday", ""),
)
RECORD = {
    label: Ground(
        at=START + timedelta(minutes=minute), precision=Precision.MINUTE, text=text, who=who, tier=Tier.PROMOTED
    )
    for label, minute, text, who in _ENTRIES
}


def is_refused(text: str, cites: str) -> bool:
    """Return whether *text* does not follow from the entries *cites* of RECORD."""
    return bool(check(Sentence(text=text, cites=tuple(cites.split())), RECORD))


def failures_of(entry: str, text: str, *, who: str = "") -> tuple[Failure, ...]:
    """Return why *text* does not follow from *entry*, the only one that it cites."""
    return check(Sentence(text=text, cites=("E1",)), {"E1": replace(RECORD["A1"], text=entry, who=who)})


def _sentences(table: str) -> tuple[tuple[str, str], ...]:
    """Each sentence of *table* with what it cites, which a line begins with."""
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return tuple((text, cites) for cites, line in rows for text in re.split(r"(?<=\.) (?=[A-Z\d])", line))


#: Sentences that follow, with what they cite.
FOLLOWING = _sentences("""
A1 | At 14:05 UTC Alertmanager warned that 14% of requests to card-auth-api were failing.
A1 A2 | Three minutes after the alert Mina took the page and created incident INC-204.
A2 | Mina responded to the page at 14:08 UTC and declared INC-204.
A2 | INC-204 was opened by Mina, who had acknowledged the page.
A3 | Tomas suspected deployment 7731 of ledger-writer.
A4 | At 14:17 UTC Tomas reverted ledger-writer to version 7729.
A5 | The error rate recovered to less than 0.5% at 14:25 UTC.
A6 | Support passed on complaints from merchants about duplicated settlement files.
A7 | The settlement job was stopped temporarily after three of nine files had been delivered twice.
A8 | The acquirer confirmed that the duplicates would be discarded.
A7 A9 | Fifty minutes after the settlement job had been paused it was started again, and 6 files arrived on time.
A9 | The other six files were sent in time once the settlement job was running again.
A11 | All 500 connections of the ledger-db primary's pool were in use.
A11 | The primary of ledger-db ran out of connections in its pool.
A11 | Monitoring detected at 16:35 UTC that the connection pool of the ledger-db primary was exhausted.
A11 | In the afternoon, the pool of database connections on the ledger-db primary was fully used.
A12 | With pgbouncer scaled up to six pods, the backlog of waiting clients decreased.
A13 | Replication lag reached 45 seconds before the failover was called off.
A13 | The failover was aborted after the replica's lag had risen to 45 seconds.
A14 | The certificate of webhook.example.com ran out; the cron job for its renewal was off since January.
A15 | The status page put the delay of webhooks at up to 40 minutes for 212 merchants.
A16 | The vendor attributed the outage of its HSM cluster to a firmware upgrade.
A16 | The vendor explained that a firmware upgrade had caused the outage of its HSM cluster.
A11 A12 | Two minutes after the pool was exhausted, Ola scaled pgbouncer out to 6 pods.
B1 | The status page announced an investigation into elevated error rates of the search API.
B1 | At 14:05 UTC the status page reported that increased errors of the search API were being investigated.
B1 B2 | Six minutes later the network team discovered that the BGP session with ISP-B was unstable.
B2 | The network team noticed at 14:11 UTC that the BGP session to ISP-B kept flapping.
B4 | At 14:23 UTC the status page said that the situation was improving and that monitoring would go on.
B6 | A CI runner took the wrong branch and pushed v4.2.0-beta to the production registry.
B7 B8 | Before Nadia pulled the beta image from the production registry, 17 customers had downloaded it.
B7 | Seventeen customers downloaded the beta image.
B8 | Nadia removed the beta image from the production registry at 14:14 UTC.
B6 B8 | Nine minutes after its publication the beta image was taken out of the production registry.
B9 | Since the VPN gateway was down, the on-call engineer was unable to connect to the database.
B9 | With the VPN gateway unavailable, Jorge could not get to the database.
B10 | The network team manually failed the VPN gateway over to the standby, which restored access.
B10 | Access was regained after a manual failover of the VPN gateway to its standby.
B9 B10 | It took 15 minutes to get access back.
B11 | The log host's disk was 94% full and had been refusing writes since 06:10.
B12 | By compressing old logs Jorge freed 210 GB, and writes were accepted again.
B13 | The security team found API keys belonging to three employees in a public repository.
B13 B14 | Four minutes after they had been found the keys were revoked; there was no indication of misuse.
B14 | All three keys were invalidated.
B16 | App 5.1 retried without backing off, which release 5.1.1 fixed.
B17 | For 11 minutes the orders table was locked by a database migration, and checkouts timed out.
B17 | A database migration held a lock on the orders table for eleven minutes.
B18 | A Norwegian customer complained about a charge in the wrong currency.
B19 | Nadia was able to reproduce the currency bug in the staging environment.
B18 B19 | Five minutes after the report Nadia reproduced the bug in staging.
B20 | Finance refunded 64 customers a total of 5,210 EUR. In total, 5,210 EUR was paid back to 64 customers.
C1 | An alert reported that four nodes in prod-eu were not ready.
C1 | Four nodes in prod-eu became unready, according to the alert.
C1 C2 | The platform team began to investigate the unresponsive nodes five minutes after the alert.
C2 | The nodes that did not respond were looked at by the platform team.
C3 | The kubelet logs revealed that containerd hung when pulling images.
C3 | According to the kubelet logs, containerd got stuck on pulling images.
C4 | The four nodes were cordoned, and their workloads were moved to healthy nodes.
C4 | Workloads were rescheduled onto healthy nodes once the four nodes had been cordoned.
C5 | The team discovered that the new AMI came with containerd 1.6.9, which has a known bug.
C5 | A known bug in containerd 1.6.9, part of the new AMI, was found.
C6 | The decision was made to pin the AMI to the version before.
C7 | After pull request #1187 had been merged, Terraform was being applied.
C7 | At 15:00 UTC PR #1187 was merged and the Terraform apply was under way.
C8 | By 15:25 UTC every node had been replaced and the cluster was stable.
C8 | The cluster was stable again after all nodes had been exchanged.
C9 | Some users mentioned in #dev-platform that their deployments were stuck.
C9 | Several users said that deployments were hanging.
C10 | Teams were asked in #announcements to pause deployments.
C11 | Users were told that deployments were possible again.
C10 C11 | Forty minutes later teams could deploy again.
C12 | Prometheus ran out of memory and was killed, so that there were no metrics from 14:05 to 14:35 UTC.
C13 | The memory limit for Prometheus was increased from 8 to 12 GiB.
C13 | Prometheus was given more memory: its limit went from 8 to 12 GiB.
C16 | When the certificate for api.shop.test expired, clients received handshake errors.
C16 C17 | Ten minutes after its expiry the certificate was renewed manually, and the load balancers were reloaded.
C18 | The database's CPU was fully used, and a slow query on the invoices table was found.
C18 | With the database CPU at 100%, engineers identified a slow query against the invoices table.
C19 | After the query had been killed, CPU usage fell to 35%.
C20 | Adding an index on invoices.customer_id reduced the duration of the query to 20 ms.
C21 C22 | SMS traffic was moved to the backup provider half an hour after the confirmation.
C22 | With the backup provider in use, 99% of messages were delivered again.
C23 | The provider said that the problem had been fixed on its side.
C24 | The login page responded with 503 to about 20% of users.
C25 | The limit on autoscaling of the auth pods was lifted from 10 to 30.
C25 C26 | Five minutes later there were no more login errors.
C26 | Login errors had disappeared by 14:22 UTC.
C27 | The review of the incident was planned for Friday.
""")
#: Sentences that do not: most are an entry's own words and very common ones.
INVENTED = _sentences("""
A1 | card-auth-api was down. All requests to card-auth-api failed. 14% of requests succeeded. The alert was ignored.
A1 | Requests were slow. Payments were declined.
A2 | Tomas acknowledged the page. Mina closed INC-204. Mina was paged twice. The page was missed.
A3 | Deploy 7731 of ledger-writer was the cause. Deploy 7731 of ledger-writer was rolled back. The deploy was tested.
A4 | ledger-writer was rolled back to 7731. Tomas rolled ledger-writer out to 7729. ledger-writer failed.
A4 | The rollback failed. The rollback was slow. Only the ledger-writer was rolled back.
A5 | The 5xx rate was back above 0.5%. The 5xx rate was back to normal. The alert was resolved. The service recovered.
A5 | The incident was resolved.
A6 | Settlement files were duplicated. Merchants lost settlement files. Merchants sent duplicate settlement files.
A6 | Merchants were notified. Support was overwhelmed. Merchants were affected. Settlement files were lost.
A7 | The settlement job failed. Nine files had been sent twice. The files had been sent. Three files were lost.
A7 | Six files had been sent twice. The files were corrupted. The settlement job had been running again.
A7 | Files were resent.
A8 | The acquirer discarded the duplicate files. The duplicate files were discarded.
A8 | The acquirer will keep the duplicate files. The acquirer was notified. The acquirer rejected the duplicate files.
A9 | The settlement job was delayed. All files were delivered on time. The remaining files were late.
A9 | The settlement job was fixed. The incident was over. Mina resumed the job by mistake. The job was restarted.
A10 | Cardholders were charged twice. No cardholder was charged. No cardholder was affected.
A10 | Cardholders were refunded. Cardholders complained.
A11 | ledger-db was down. The replica was exhausted. The pool had connections available. 500 clients were affected.
A11 | The pool was increased. The pool was full again. The primary failed over.
A12 | Ola scaled pgbouncer from 6 to 2 pods. The queue was empty. Clients stopped waiting. pgbouncer crashed.
A12 | pgbouncer pods were restarted.
A13 | The failover was completed. The failover failed. The replica failed. Replication stopped.
A13 | The failover took 45 s.
A14 | The certificate was renewed. webhook.example.com was down. The renewal failed. Ola disabled the renewal cron.
A14 | The certificate was revoked.
A15 | Webhooks were lost. 212 webhooks were delayed. Webhooks failed. Merchants were lost.
A15 | Webhooks to all merchants were delayed. Webhooks were resent. Merchants were informed. The status page was down.
A15 | The status page was late.
A16 | The outage of the HSM cluster was due to a firmware upgrade. The vendor upgraded its firmware.
A16 | The firmware upgrade was reverted. The vendor fixed the HSM cluster.
A1 A4 | Tomas rolled back the deploy because requests were failing.
B1 | The search API was down. The search API recovered. Users could not search.
B2 | ISP-B was down. The BGP session was stable. The network team was paged.
B3 | Traffic was lost. Packet loss fell by 0.3%. Packet loss rose to 9%. Traffic was steered to ISP-B.
B3 | ISP-B recovered.
B1 B4 | The search API was monitored.
B4 | Monitoring failed. The service recovered fully. The status page was updated late.
B5 | The incident was closed by the network team.
B6 | The runner failed. The branch was deleted. v4.2.0-beta was withdrawn.
B7 | 17 customers were affected. 17 images were pulled. Customers withdrew the beta image.
B7 | The beta image was never pulled. Customers were informed.
B8 | Nadia published the beta image. The registry was withdrawn. The production registry was down.
B8 | The registry was updated.
B9 | The database was down. The engineer reached the database. The VPN gateway was restarted.
B9 | The on-call engineer was late.
B9 B10 | The database was restored. Jorge restarted the VPN gateway.
B10 | The VPN gateway failed. The standby failed. The failover was automatic. Access was lost.
B11 | The log host was down. Logs were lost. Writes were accepted. The disk failed.
B12 | Old logs were deleted. Writes were rejected again. The disk was full. The disk was replaced.
B13 | API keys were misused. The repository was deleted. The key was stolen. Employees published their API keys.
B14 | Three employees were blocked. All employees were revoked. There was misuse. No keys were revoked.
B14 | The keys were rotated.
B15 | The token endpoint was down. Tokens were revoked. The mobile app crashed.
B16 | App 5.1 was withdrawn. App 5.1.1 failed. The fix failed. App 5.1.1 retries without backoff.
B17 | The migration failed. The migration timed out. Orders were lost. The orders table was deleted.
B17 | Checkout was locked. The migration took 11 minutes. The lock was released after 11 minutes.
B18 | A customer was charged in the wrong currency. A customer was charged twice. Customers were refunded.
B19 | The bug was fixed in staging. The bug was reproduced in production. The bug was found in staging.
B19 | Nadia fixed the currency bug.
B20 | 64 refunds failed. 64 customers were charged. Customers asked for refunds. Refunds were delayed.
B20 | Finance was charged 5,210 EUR.
C1 | Four nodes crashed. Nodes in prod-eu were replaced.
C2 | The platform team fixed the nodes. The platform team was unresponsive.
C3 | Containerd crashed. Kubelet was hanging. Images were corrupted.
C4 | Workloads were lost. The workloads failed. The nodes were restarted.
C5 | The bug was fixed.
C6 | The AMI was pinned. The AMI was reverted. The AMI was faulty.
C7 | PR #1187 was reverted. Terraform was applied. The Terraform apply failed.
C8 | All nodes failed. The cluster was replaced.
C9 | Deployments were stuck. Users were stuck. All users were affected. The users were confused.
C10 | Deployments were held. Deployments failed. Teams stopped deployments.
C11 | Users deployed again. Deployments were impossible. Users were informed late.
C12 | Metrics were wrong. Prometheus was restarted. Alerts were lost. Memory was exhausted on all nodes.
C12 | Prometheus lost metrics for 14 minutes.
C13 | The memory limit was lowered. Prometheus was upgraded.
C14 | The Helm upgrade succeeded. The chart was deleted.
C15 | The certificate expired. The ticket was closed. The team missed the ticket.
C16 | api.shop.test was down. Clients were blocked.
C17 | The certificate was renewed automatically. The load balancers were restarted. The load balancers failed.
C18 | The database crashed. The invoices table was lost. Invoices were lost.
C19 | CPU rose to 35%. The database was killed. CPU dropped by 35%.
C20 | The index was removed. The query failed. Query time rose to 40 s. The query was fixed.
C21 | SMS delivery was down. Delivery in Germany failed. The provider restored delivery.
C22 | All SMS traffic was lost. The backup provider failed. The delivery rate dropped to 99%.
C23 | The issue was resolved. Traffic was lost.
C24 | Login was down. All users were affected. 80% of users got a 503.
C25 | The auth pods crashed. The cap was lowered. Auth pods scaled to 30.
C26 | Login was slow. Users could not log in. Login errors were reported by customers.
C27 | The review was held on Friday. The review was cancelled.
C25 C26 | The cap caused the login errors.
C15 C16 | The ticket was ignored.
""")
