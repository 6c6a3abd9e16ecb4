"""Why an alert was grouped as it was: terms that add up to the decision's logit, and their sentences."""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from analysis.alerts.topology import Relation
from analysis.wording import counted


class ReasonCode(StrEnum):
    """What a term of the logit stands for."""

    BASE = "base"  #: what holds before anything is known of the two
    RELATION = "relation"  #: how the alert's place stands to the group's suspect
    DELAY = "delay"  #: how long after the group's first alert it came
    SUSPECT = "suspect"  #: another suspect than the group's best explains it
    CALLEE_FIRED = "callee_fired"  #: a service that its own calls has fired in the group
    CALLEES_QUIET = "callees_quiet"  #: none has, though the suspect reaches it through one
    LONE_ALERT = "lone_alert"  #: only one series has fired in the group, at another place
    BLAMED_LATE = "blamed_late"  #: its own place is blamed, and so far only another one has fired
    OWN_RHYTHM = "own_rhythm"  #: the series also fires when nothing else does
    RULE_PAIR = "rule_pair"  #: the two rules were seen together before, or apart
    FAMILY = "family"  #: the rules are of one family
    TEXT = "text"  #: the texts resemble each other
    SEVERITY = "severity"  #: the severities are the same, or far apart
    BURST = "burst"  #: how fast the group grows
    SURGE = "surge"  #: many alerts came at once when the group was no longer new
    RESOLVED = "resolved"  #: every alert of the group has been resolved
    SAME_SERIES = "same_series"  #: the series is in the group already
    CHRONIC = "chronic"  #: the series repeats by itself and has a lane of its own
    NO_CANDIDATE = "no_candidate"  #: no open group shares a suspect with it
    LINK = "link"  #: one suspect explains two groups better than two causes do
    OPEN_INCIDENT = "open_incident"  #: what holds before anything is known of an incident and a signal
    HAS_ALERTS = "has_alerts"  #: the incident has its alerts already
    CROWD = "crowd"  #: how many alerts and places it has
    NAMED = "named"  #: the incident's title names where it happens
    BEGAN = "began"  #: when it began, against the incident's start
    EARLIER = "earlier"  #: most of its alerts came well before the incident began, or its phase
    REPEATS = "repeats"  #: it repeats by itself, incident or not
    NEAR = "near"  #: grouping found it near something that is attached
    SAID = "said"  #: people said so


class Reason(NamedTuple):
    """One term: `weight` in nats, for joining if positive; `evidence` are ids of alerts that it rests on.

    A named tuple, because several are made for every alert.
    """

    code: ReasonCode
    weight: float
    evidence: tuple[str, ...]
    facts: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        """The term in words."""
        if self.code is ReasonCode.RELATION:
            relation, suspect = self.facts
            return _RELATIONS[Relation(str(relation))].format(name_of(str(suspect)))
        facts = [name_of(fact) if isinstance(fact, str) else fact for fact in self.facts]
        if self.code in _WORDED:
            place, worded = _WORDED[self.code]
            facts[place] = worded(facts[place])
        return _TEMPLATES[self.code].format(*facts)


def logit_of(reasons: Sequence[Reason]) -> float:
    """What the reasons add up to; exact, so that the order does not matter."""
    return math.fsum([reason.weight for reason in reasons])


def probability(logit: float) -> float:
    """The probability that a logit stands for."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))


def name_of(suspect: str) -> str:
    """A suspect as people call it: "node node-4" for a node, the bare name for a service."""
    kind, colon, name = suspect.partition(":")
    if not colon or kind not in _KINDS:
        return suspect
    return name if kind == "service" else f"{kind} {name}"


def sentence(group_id: str, reasons: Sequence[Reason]) -> str:
    """The whole explanation in one sentence, the heaviest reason first, those against it at the end."""
    heaviest = sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.code))
    pro = ", ".join(f"{reason.text} ({reason.weight:+.1f})" for reason in heaviest if reason.weight > 0)
    con = ", ".join(f"{reason.text} ({reason.weight:+.1f})" for reason in heaviest if reason.weight < 0)
    told = f"Grouped with {group_id} ({probability(logit_of(reasons)):.2f}): {pro or 'nothing speaks for it'}"
    return f"{told}; against: {con}." if con else f"{told}."


def span(seconds: float) -> str:
    """A length of time as people say it, no finer than matters."""
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7_200
        else f"{seconds / 3600:.0f} h"
    )


_KINDS = frozenset({"service", "node", "zone", "provider", "host", "namespace"})
_RELATIONS = {
    Relation.SAME_SERVICE: "same service, {0}",
    Relation.CALLER: "calls {0}",
    Relation.CALLER_2: "calls {0} through one other service",
    Relation.CALLER_3: "calls {0} through two other services",
    Relation.CALLER_FAR: "calls {0} through several other services",
    Relation.CALLED: "is called by {0}",
    Relation.SAME_NODE: "same node, {0}",
    Relation.POD_ON_NODE: "runs on {0}",
    Relation.PART_ON_NODE: "has a pod on {0}",
    Relation.CALLER_ON_NODE: "calls a service with a pod on {0}",
    Relation.CALLER_ON_NODE_2: "calls a service with a pod on {0} through one other service",
    Relation.HOSTS: "hosts a pod of {0}",
    Relation.SAME_ZONE: "same zone, {0}",
    Relation.DEPENDANT: "depends on {0}",
    Relation.CALLER_OF_DEPENDANT: "calls a service that depends on {0}",
    Relation.CALLER_OF_DEPENDANT_2: "calls a service that depends on {0} through one other service",
    Relation.SAME_HOST_NAME: "same {0}",
    Relation.SAME_NAMESPACE: "same {0}",
    Relation.SAME_MOMENT: "many places fire at once",
}
_TEMPLATES = {
    ReasonCode.BASE: "a group is open where it fired",
    ReasonCode.DELAY: "{0} after the group’s first alert",
    ReasonCode.SUSPECT: "{0} explains it, while {1} explains the group best",
    ReasonCode.CALLEE_FIRED: "it calls {0}, which has fired in the group",
    ReasonCode.CALLEES_QUIET: "nothing that it calls has fired in the group",
    ReasonCode.LONE_ALERT: "one series alone has fired in the group, at another place",
    ReasonCode.BLAMED_LATE: "its place is blamed, but only {0} has fired so far",
    ReasonCode.OWN_RHYTHM: "it fired {0} by itself within 24 hours",
    ReasonCode.RULE_PAIR: "{0} and {1} were seen together in {2}",
    ReasonCode.FAMILY: "both rules are of the family {0}",
    ReasonCode.TEXT: "the texts are alike ({0:.0%})",
    ReasonCode.SEVERITY: "the severities are far apart",
    ReasonCode.BURST: "alerts in the group within a minute: {0:.0f}",
    ReasonCode.SURGE: "it came {0} into a burst of alerts that began after the group",
    ReasonCode.RESOLVED: "every alert of the group has been resolved",
    ReasonCode.SAME_SERIES: "the same series {0}",
    ReasonCode.CHRONIC: "the series fired {0} within 24 hours and has a lane of its own",
    ReasonCode.NO_CANDIDATE: "no open group has anything in common with it",
    ReasonCode.LINK: "{0} explains both groups",
    ReasonCode.OPEN_INCIDENT: "an incident is open",
    ReasonCode.HAS_ALERTS: "other alerts are attached already",
    ReasonCode.CROWD: "{0}",
    ReasonCode.NAMED: "the title names {0}, where {1} of its alerts fired",
    ReasonCode.BEGAN: "it began {0} the incident’s start",
    ReasonCode.EARLIER: "{0} of {1} came more than 5 min before it was declared or reopened",
    ReasonCode.REPEATS: "it repeats by itself",
    ReasonCode.NEAR: "grouping found {0} near it",
    ReasonCode.SAID: "{0}",
}
#: Which fact of each is a number that takes words, and those.
_WORDED: dict[ReasonCode, tuple[int, Callable[[Any], str]]] = {
    ReasonCode.DELAY: (0, span),
    ReasonCode.SURGE: (0, span),
    ReasonCode.OWN_RHYTHM: (0, lambda number: counted(number, "time")),
    ReasonCode.CHRONIC: (0, lambda number: counted(number, "time")),
    ReasonCode.RULE_PAIR: (2, lambda number: counted(number, "earlier group")),
    ReasonCode.EARLIER: (1, lambda number: counted(number, "alert")),
}
