"""What no policy can override: which alerts are always told, and the most that any policy may hold."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b

from analysis.alerts.alert import Alert, AlertSeverity, level_of
from analysis.alerts.hold_reasons import Guard, HoldReason, against
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.rule_classes import words_of
from analysis.alerts.whereabouts import place_of

LONGEST_HOLD = timedelta(minutes=5)
LONGEST_DIGEST = timedelta(hours=4)
MOST_HELD_A_DAY = timedelta(minutes=10)
MOST_RATE = 2.0
EXPIRY = timedelta(days=14)
QUIET = timedelta(minutes=10)
SLOWEST_MILLISECONDS = 50.0
LEAST_PASS_THROUGH, MOST_PASS_THROUGH = 0.01, 0.02

_SEV1 = frozenset({"sev1", "p1", "emergency", "emerg", "disaster", "page"})
_PROTECTED = re.compile(r"\b(slos?|error budget|burn|dead ?mans?|watchdog|heartbeat|canary|canaries|synthetics?)\b")
_PROTECTED_LABELS = frozenset({"slo", "sloth_slo", "canary", "deadman", "synthetic"})


def standing_rules(alert: Alert, policy: HoldingPolicy) -> Iterator[HoldReason]:
    """What forbids to hold *alert* before anything else is looked at."""
    if policy.is_killed:
        yield against(Guard.KILLED, "The kill switch is on: every alert is told.")
    if is_protected(alert) or alert.rule in policy.protected_rules:
        yield against(Guard.ROUTE, "SEV1, SLO, dead-man and canary rules are always told.")
    if alert.severity is AlertSeverity.UNKNOWN:
        yield against(Guard.SEVERITY, "Its severity is unknown, so it counts as the worst.")
    if not place_of(alert):
        yield against(Guard.SERVICE, "It names no service or host.")


def is_protected(alert: Alert) -> bool:
    """Whether the alert is of a route that is never held: SEV1, SLO, dead-man or canary."""
    word = alert.severity_word
    if word.strip().lower() in _SEV1 or level_of(word) in {0, 1}:
        return True
    return bool(_PROTECTED.search(words_of(alert.rule))) or any(name in _PROTECTED_LABELS for name in alert.labels)


def longest_hold(policy: HoldingPolicy) -> timedelta:
    """How long a hold may last under *policy*: never more than the guard rail."""
    return max(timedelta(0), min(policy.longest_hold, LONGEST_HOLD))


def longest_digest(policy: HoldingPolicy) -> timedelta:
    """How long an entry may wait for its digest under *policy*."""
    return max(timedelta(0), min(policy.longest_digest, LONGEST_DIGEST))


def pass_through(policy: HoldingPolicy) -> float:
    """The share of what may wait that is told all the same."""
    return min(max(policy.pass_through, LEAST_PASS_THROUGH), MOST_PASS_THROUGH)


def is_decoy(policy: HoldingPolicy, rule: tuple[str, str], now: datetime) -> bool:
    """Whether *rule*, which could be held, is told for this fortnight as if a private incident barred it."""
    period = str(int(now.timestamp() // EXPIRY.total_seconds()))
    return chance(policy.seed, "decoy", period, *rule) < policy.decoys


def chance(seed: str, *about: str) -> float:
    """A number in [0, 1) that *seed* and *about* decide: evenly spread, and the same in every replay."""
    key = blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=32).digest()
    named = "\x1f".join(about).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(named, key=key, digest_size=7).digest()) / 2**56
