"""What stands only in an author's name says who told it, and is nothing that happened."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: An author, an entry of his, and what follows from it (+) and what does not (-).
ENTRIES = """
the imported record | First report of issue by user
+The user reported the issue.
+The imported record noted that the user reported the issue.
+According to the imported record, the user reported the issue.
-The import of the record was noted and the user reported the issue.
-The import was noted.
-The imported record was noted and the user reported the issue.
-The user reported the record.
-The record was noted.
-The user imported the issue.
-The user reported the issue of the import.

deploy bot | Rolled ledger-writer back to 7729
+The deploy bot rolled ledger-writer back to 7729.
+Ledger-writer was rolled back to 7729 by the deploy bot.
-The deploy of ledger-writer was rolled back to 7729.
-The deployment of ledger-writer was rolled back to 7729.
-The deploy was rolled back to 7729.
-The bot was rolled back to 7729.

merchant support | Chats doubled
+Merchant support reported that chats doubled.
+Chats doubled, according to merchant support.
+Support said that chats doubled.
-The merchant reported that chats doubled.
-Merchants noted that chats doubled.
-Chats to the merchant doubled.
-Chats about the merchant support doubled.
-The support chats doubled.

release manager | Payouts to the EU paused
+The release manager paused payouts to the EU.
+Payouts to the EU were paused by the release manager.
+The release manager reported that payouts to the EU were paused.
-The release to the EU was paused.
-The release was paused.
-The release payouts to the EU were paused.
-The manager of the payouts was paused.
-Payouts for the release were paused.

status page | Degraded performance of payments
+The status page reported degraded performance of payments.
+Degraded performance of payments was reported on the status page.
+The status page showed degraded performance of payments.
-The status of payments was degraded.
-The performance of the page was degraded.
-The page was degraded.

monitoring | Error rate of the gateway at 14%
+Monitoring showed that the error rate of the gateway was at 14%.
-The monitoring of the gateway was at 14%.
-The error rate of the monitoring was at 14%.

network team | Link to the acquirer moved
+The network team moved the link to the acquirer.
-The network was moved to the acquirer.
-The link to the network was moved.

Mina Kovac | Paused the payouts
+Mina paused the payouts.
+Mina Kovac paused the payouts.
+The payouts were paused by Mina Kovac.

load balancer | Panic mode: half of the servers fail their checks
+The load balancer was in panic mode.
-The load of the servers was in panic mode.
"""
CASES = [
    (*block.splitlines()[0].split(" | "), line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("who", "entry", "sentence", "is_refused"), CASES)
def test_check_takes_no_author_for_what_happened(who: str, entry: str, sentence: str, *, is_refused: bool) -> None:
    """A name may tell, and do what the entry says; no form of it is an event, a subject or an object."""
    assert bool(failures_of(entry, sentence, who=who)) is is_refused
