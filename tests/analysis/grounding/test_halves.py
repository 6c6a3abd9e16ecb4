"""What one half of an entry tells is not told of the other half's subject, place, time or number."""

import pytest

from tests.analysis.grounding.wording import failures_of

#: Made-up entries, each with what follows from it (+) and what does not (-).
ENTRIES = """
Sandbox unaffected, live environment slow
+The sandbox was unaffected.
+The live environment was slow.
-The sandbox was slow.
-The live environment was unaffected.

Pump A offline, pump B running at half speed
+Pump A was offline.
+Pump B was running at half speed.
-Pump A was running at half speed.

Hive 4 swarmed in the orchard, hive 9 calm
+Hive 4 swarmed in the orchard.
-Hive 9 swarmed in the orchard.
-Hive 4 was calm.

Crane 3 stopped by wind while crane 5 kept unloading
+Crane 5 kept unloading.
-Crane 5 was stopped by wind.

Year 7 sent home - year 9 kept in the gym
+Year 7 was sent home.
-Year 9 was sent home.
-Year 7 was kept in the gym.

Pilot boarded at 05:20; tugs made fast at 05:45
+The pilot boarded at 05:20.
-The pilot boarded at 05:45.

First batch accepted, second one refused by the bank
+The first batch was accepted.
+The second batch was refused by the bank.
-The second batch was accepted.
-The first batch was refused by the bank.

First delivery arrived in Lyon, second still at customs
+The second delivery was still at customs.
-The second delivery arrived in Lyon.

Lift 1 repaired on Tuesday, lift 2 on Wednesday
+Lift 2 was repaired on Wednesday.
-Lift 2 was repaired on Tuesday.

Most merchants got their payout on Friday, some only on Monday
+Most merchants got their payout on Friday.
-Most merchants got their payout on Monday.

Index rebuild finished on db-1, still running on db-2
+The index rebuild finished on db-1.
-The index rebuild finished on db-2.

Mobile login red, web login green
+The mobile login was red.
-The web login was red.
-The mobile login was green.

Power restored in the east wing, west wing still dark
+The west wing was still dark.
-Power was restored in the west wing.
-The east wing was still dark.

Failover to replica-2 took 4 minutes, writes were paused meanwhile
+Writes were paused during the failover to replica-2.
+The failover to replica-2 took 4 minutes while writes were paused.
-Writes took 4 minutes.

Found an expired token in the vault, replaced it and reloaded the proxies
+The expired token was replaced.
-The vault was replaced.

Attempted to log on to the node, but it was unresponsive
+The node was unresponsive.

Malware on a laptop stole a session cookie; antivirus did not detect it
+The antivirus did not detect the malware that stole the session cookie.

Four servers found with critical vulnerabilities, but not related to the library, teams notified
+Four servers had critical vulnerabilities that were not related to the library.

Two merchants asked for their payouts; support promised an answer by noon
+Support promised an answer by noon to two merchants who asked for their payouts.

Firmware checked, and no defects found
+No defects were found in the firmware.

Warning from the vendor, that the balancer of the shop, was unable to scale up
+The balancer of the shop was unable to scale up.

Drained and restarted the gateway
+The gateway was drained.
+The gateway was restarted.

DNS, mail and chat down, phones fine
+Mail was down.
+Phones were fine.

Payment link service back, invoices from March still missing
+The payment link service was back.

Deployed release 4.5.2, error rate rose to 8%, rolled it back
+Release 4.5.2 was rolled back.
+The error rate rose to 8%.
-Release 4.5.2 rose to 8%.

Deployed 3.18 of the ledger service, timeouts rose, rolled back
+The ledger service was rolled back.
+The deployment was rolled back.

Turned on the feature flag for risk scoring, CPU climbed, turned it off
+The feature flag for risk scoring was turned off.

Restarted redis-2 but latency stayed high, replaced it
+redis-2 was replaced.

Tried to restart redis-2, did not come up, replaced it
+redis-2 was replaced.

Hotfix deployed but errors continued, reverted it
+The hotfix was reverted.

Scaled the workers to 40, database connections ran out, scaled back to 20
+The workers were scaled back to 20.

Opened the valve, pressure dropped, alarm fired, closed it
+The valve was closed.
-Pressure was closed.

Moved two patients to ward B, ventilation failed there, moved them back
+Two patients were moved back.

Deployed release 4.5.2, errors rose, it was rolled back at 10:20
+Release 4.5.2 was rolled back at 10:20.

Deployed release 4.5.2, errors rose, rolling back
+Release 4.5.2 was being rolled back.

Deployed release 4.5.2, errors rose, then rolled back and errors fell
+Release 4.5.2 was rolled back.
+Errors fell.

Crane 3 restarted, brake slipped, shut down again
+Crane 3 was shut down again.

Hotfix 12 deployed, errors rose, hotfix reverted
+Hotfix 12 was reverted.

Enabled the new-ledger flag, declines doubled, flag disabled
+The new-ledger flag was disabled.

Pump A stopped, pump B slow, pump replaced
-Pump A was replaced.

Paused payouts for Poland, declines rose, resumed payouts for Spain
-Payouts were resumed for Poland.

Index rebuild finished on the primary, lag fell, still running on the replica
-The index rebuild finished on the replica.

Closed gate 4, crowd moved to gate 5, opened gate 6
+Gate 6 was opened.
-Gate 4 was opened.
"""
CASES = [
    (block.splitlines()[0], line[1:], line[0] == "-")
    for block in ENTRIES.strip().split("\n\n")
    for line in block.splitlines()[1:]
]


@pytest.mark.parametrize(("entry", "sentence", "is_refused"), CASES)
def test_check_keeps_the_halves_of_an_entry_apart(entry: str, sentence: str, *, is_refused: bool) -> None:
    """Each half stands for itself, with what it leaves out and the half before it has."""
    assert bool(failures_of(entry, sentence)) is is_refused


_JOINS = (", ", "; ", " - ", " while ", " but ", " and ")
_THINGS = (("harbour crane", "grain elevator"), ("ticket printer", "turnstile"), ("search index", "mail relay"))
_STATES = (("idle at berth 2", "stuck on floor 9"), ("restarted at 09:10", "replaced at 11:40"), ("empty", "offline"))


@pytest.mark.parametrize("join", _JOINS)
@pytest.mark.parametrize(("one", "other"), _THINGS)
@pytest.mark.parametrize(("state", "contrast"), _STATES)
def test_no_half_is_told_of_the_other_subject(join: str, one: str, other: str, state: str, contrast: str) -> None:
    """Whatever joins two clauses, each of them stands, and neither with the other's subject."""
    entry = f"{one.capitalize()} {state}{join}{other} {contrast}"
    assert not failures_of(entry, f"The {one} was {state}.")
    assert not failures_of(entry, f"The {other} was {contrast}.")
    assert failures_of(entry, f"The {one} was {contrast}.")
    assert failures_of(entry, f"The {other} was {state}.")
