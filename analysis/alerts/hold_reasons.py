"""Why an alert was held, put in the digest or told: one code and one sentence for each thing that was looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.alerts.held_patterns import Pattern


class Action(StrEnum):
    """What is done with a firing alert; nothing is ever deleted."""

    PASS = "pass"  #: told now
    HOLD = "hold"  #: kept for minutes: told at the end unless it resolves before, then listed in the digest
    DIGEST = "digest"  #: listed in the next digest


class Condition(StrEnum):
    """What must hold before an alert may wait."""

    SHARE = "share"  #: the upper bound of the rule's incident share is low enough
    SIGNAL = "signal"  #: the rule was never the first or only signal of an incident
    SCOPES = "scopes"  #: it was seen as noise in enough scopes
    ROLE = "role"  #: and often enough in the role of this place
    RATE = "rate"  #: it does not fire more than its ceiling allows
    FRESH = "fresh"  #: the evidence has not expired
    CRITICAL = "critical"  #: it is not critical, or two people approved the pattern
    GROUP = "group"  #: no member of its group was told within the last minutes
    SYMPTOM = "symptom"  #: no symptom on the service or a direct caller within the last minutes
    WINDOW = "window"  #: a deploy or an upstream outage explains it
    CLASS = "class"  #: it is of a class that these cause by themselves


#: Conditions that apply whatever a policy says.
FIXED = frozenset({Condition.RATE, Condition.FRESH, Condition.CRITICAL, Condition.WINDOW, Condition.CLASS})


class Guard(StrEnum):
    """Why an alert is told whatever a policy says."""

    KILLED = "killed"  #: the kill switch is on
    FAILED = "failed"  #: the decision failed, or took too long
    ROUTE = "protected_route"  #: SEV1, SLO, dead-man and canary rules
    SEVERITY = "unknown_severity"  #: nobody said how bad it is
    SERVICE = "unknown_service"  #: nobody said where it is
    RULE = "unknown_rule"  #: the rule is not in the history and no event explains it
    INCIDENT = "open_incident"  #: an open incident is about its service or host
    WORSE = "worse"  #: it is worse than when it began to wait
    SPREAD = "spread"  #: its group waits elsewhere, too
    HELD_LONG = "held_long"  #: the series was held for as long as a day allows
    RANDOM = "random_pass"  #: told at random, so that labels stay unbiased
    DECOY = "not_eligible"  #: rests on incidents that not everybody may see, or is told at random as such
    SHADOW = "shadow"  #: the policy only watches, or nobody approved this pattern


Code = Condition | Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReason:
    """One thing that was looked at: `weight` is 1 where it speaks for waiting and −1 where it forbids it."""

    code: Code
    weight: float
    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDecision:
    """What is done with one alert and why; an alert that waits has no reason against it.

    `would` is the action that the policy would take if it acted (shadow mode, a random pass); `propensity` the chance
    that this very alert waits, given that it may: 0 where it may not; `pattern` is what it would wait by.
    """

    alert_id: str
    action: Action
    would: Action
    reasons: tuple[HoldReason, ...]
    propensity: float = 0.0
    group: str = ""
    pattern: Pattern | None = None


def for_waiting(code: Code, text: str, *evidence: str) -> HoldReason:
    """A reason that speaks for waiting."""
    return HoldReason(code=code, weight=1.0, text=text, evidence=evidence)


def against(code: Code, text: str, *evidence: str) -> HoldReason:
    """A reason that forbids waiting."""
    return HoldReason(code=code, weight=-1.0, text=text, evidence=evidence)


def is_open_to(reasons: Iterable[HoldReason]) -> bool:
    """Whether an alert might wait as far as all may know: nothing forbids it but what rests on private incidents."""
    return all(one.weight > 0 or one.code is Guard.DECOY for one in reasons)


def told_to_all(reasons: Sequence[HoldReason]) -> tuple[HoldReason, ...]:
    """Of the *reasons* that forbid waiting those that everybody may read, each once, in order.

    What rests on private incidents is said alone, as by lot, or not at all: beside other words it would be no lot.
    """
    forbid = [one for one in reasons if one.weight < 0]
    shown = forbid[:1] if is_open_to(forbid) else [one for one in forbid if one.code is not Guard.DECOY]
    return tuple(dict.fromkeys(shown))
