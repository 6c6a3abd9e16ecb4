"""How likely a group of alerts is a part of an open incident: terms that add up, in the words that grouping uses.

What is compared is little, and kept with both: where alerts stand, when they came, which group grouping found near,
and what the incident's title names. So an answer takes the same time whatever happened before.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from analysis.alerts.reasons import Reason, ReasonCode, logit_of, span
from analysis.alerts.topology import Relation, Topology
from analysis.titles import names_in
from analysis.wording import counted

#: How far before its declaration an incident's first alerts may have begun.
BEFORE = timedelta(hours=1)
#: An alert that came longer before the declaration than this is rather of something earlier.
EARLIER = timedelta(minutes=5)
_FEW = 3
_MANY_PLACES = 3
_SHARED = frozenset({Relation.SAME_SERVICE, Relation.SAME_NODE, Relation.POD_ON_NODE, Relation.SAME_HOST_NAME})


class Fit(StrEnum):
    """What becomes of a group that was compared with an incident."""

    ATTACH = "attach"  #: it is a part of it, as sure as that can be without a person
    SUGGEST = "suggest"  #: it may be; a person decides
    NONE = "none"  #: too little speaks for it


#: Two groups of one place that grouping kept apart are seldom one fault, so most of these weigh little.
_RELATIONS = MappingProxyType(
    {
        Relation.CALLER: 1.0,
        Relation.CALLED: 0.5,
        Relation.SAME_SERVICE: 0.2,
        Relation.SAME_HOST_NAME: 0.2,
        Relation.PART_ON_NODE: -0.4,
        Relation.HOSTS: -1.0,
        Relation.SAME_NODE: -1.4,
        Relation.POD_ON_NODE: -1.4,
    }
)
_LAST = float("inf")
#: Minutes after the incident's start (before it where below 0), and the weight of what began no later than that.
_BEGAN = ((-15.0, -2.5), (-5.0, -1.0), (1.0, 0.0), (5.0, -1.4), (_LAST, -2.2))
#: Which share of a group's alerts fired where the title says, and what is added where it is smaller than that.
_NAMED_SHARES = ((0.2, -0.5), (0.4, 0.0), (_LAST, 1.2))


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPrior:
    """One configuration, in natural logarithms of odds, chosen as `benchmarks/attaching.py` tells."""

    base: float = -0.4
    has_alerts: float = -1.1  #: the incident has its alerts already
    named_once: float = 1.4
    named: float = 2.1  #: at least two alerts of the group stand where the title says
    named_shares: Sequence[tuple[float, float]] = _NAMED_SHARES
    named_again: float = -0.8  #: the incident has its alerts already, and grouping joins what is of one place and fault
    relations: Mapping[Relation, float] = field(default_factory=lambda: _RELATIONS)
    mostly_shared: float = 1.4  #: at least half of the group's alerts stand where some of the incident's do
    began: Sequence[tuple[float, float]] = _BEGAN
    earlier: float = -2.7  #: at least half of its alerts came long before the declaration
    few_alerts: float = 0.3  #: two or three, against one
    many_alerts: float = 0.7
    many_places: float = 0.2  #: three or more
    repeats: float = -2.6
    near: float = 1.2
    attach_above: float = 1.0
    suggest_above: float = 0.25
    ahead_by: float = 0.5  #: nothing is attached where another incident is as close as this

    def digest(self) -> str:
        """A hash of every number above, so that a score can say which configuration made it."""
        numbers = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "relations"}
        named = json.dumps({**numbers, "relations": dict(self.relations)}, sort_keys=True)
        return sha256(named.encode()).hexdigest()[:16]


ATTACHING = AttachPrior()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """What is compared of a group; `entities`, `minutes`, `near` as in its digest, `places` is how many it has."""

    id: str
    reference: str
    opened_at: datetime
    entities: Mapping[str, int]
    alerts: int = 1
    places: int = 1
    minutes: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    near: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    is_lane: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """What is compared of an incident: its title, and the groups that are attached to it."""

    declared_at: datetime
    title: str
    groups: tuple[GroupFacts, ...] = ()

    @property
    def began_at(self) -> datetime:
        """When the first alert began that is known to be its own, else the declaration."""
        earliest = self.declared_at - BEFORE
        own = (one.opened_at for one in self.groups if not one.is_lane and one.opened_at >= earliest)
        return min((self.declared_at, *own))


def relate(
    group: GroupFacts, incident: IncidentFacts, topology: Topology, prior: AttachPrior = ATTACHING
) -> tuple[Reason, ...]:
    """Why *group* may be a part of *incident*, and why not; the weights add up to the logit of it.

    How their places stand to each other is left out where the title names the group's: that would say the same twice.
    """
    named = tuple(_named(group, incident, prior))
    return (
        Reason(ReasonCode.OPEN_INCIDENT, prior.base, ()),
        *([Reason(ReasonCode.HAS_ALERTS, prior.has_alerts, _references(incident))] if incident.groups else []),
        *(named or _related(group, incident, topology, prior)),
        _began(group, incident, prior),
        *_earlier(group, incident, prior),
        *_crowd(group, prior),
        *([Reason(ReasonCode.REPEATS, prior.repeats, (group.reference,))] if group.is_lane else []),
        *_near(group, incident, prior),
    )


def is_shared(reasons: Sequence[Reason]) -> bool:
    """Whether the two have an entity in common: the same service, node or host, or one that the title names."""
    return any(
        reason.code is ReasonCode.NAMED or (reason.code is ReasonCode.RELATION and reason.facts[0] in _SHARED)
        for reason in reasons
    )


def fit(reasons: Sequence[Reason], rival: float | None = None, prior: AttachPrior = ATTACHING) -> Fit:
    """What becomes of a group, given the logit of the closest other incident, if there is one."""
    logit = logit_of(reasons)
    is_ahead = rival is None or logit - rival > prior.ahead_by
    if logit > prior.attach_above and is_ahead and is_shared(reasons):
        return Fit.ATTACH
    return Fit.SUGGEST if logit > prior.suggest_above else Fit.NONE


def _named(group: GroupFacts, incident: IncidentFacts, prior: AttachPrior) -> Iterator[Reason]:
    words = names_in(incident.title)
    found = [entity for entity in group.entities if entity.partition(":")[2].lower() in words]
    if found:
        most = max(found, key=lambda entity: group.entities[entity])
        weight = prior.named if group.entities[most] > 1 else prior.named_once
        alerts = max(group.alerts, 1)  # all of them may have been put elsewhere
        weight += next(more for share, more in prior.named_shares if group.entities[most] < share * alerts)
        weight += prior.named_again if incident.groups else 0.0
        yield Reason(ReasonCode.NAMED, weight, (group.reference,), (most, group.entities[most]))


def _crowd(group: GroupFacts, prior: AttachPrior) -> Iterator[Reason]:
    """Much at many places is rather what an incident is about than a little at one."""
    weight = prior.many_alerts if group.alerts > _FEW else prior.few_alerts if group.alerts > 1 else 0.0
    weight += prior.many_places if group.places >= _MANY_PLACES else 0.0
    if weight:
        yield Reason(ReasonCode.CROWD, weight, (group.reference,), (_crowded(group),))


def _crowded(group: GroupFacts) -> str:
    return f"{counted(group.alerts, 'alert')} at {counted(group.places, 'place')}"


def _related(group: GroupFacts, incident: IncidentFacts, topology: Topology, prior: AttachPrior) -> Iterator[Reason]:
    """The closest relation between where the two have alerts; ties go to what is known first."""
    theirs = {entity: one.reference for one in reversed(incident.groups) for entity in one.entities}
    best: tuple[float, Relation, str] | None = None
    for own in group.entities:
        for relation, entity in _relations(own, theirs, topology):
            if relation not in prior.relations:
                continue
            is_most = relation in _SHARED and 2 * group.entities[own] >= group.alerts
            weight = prior.relations[relation] + (prior.mostly_shared if is_most else 0.0)
            if best is None or weight > best[0]:
                best = (weight, relation, entity)
    if best is not None:
        weight, relation, entity = best
        yield Reason(ReasonCode.RELATION, weight, (group.reference, theirs[entity]), (relation, entity))


def _relations(own: str, theirs: Mapping[str, str], topology: Topology) -> Iterator[tuple[Relation, str]]:
    """How *own* stands to each of *theirs* that it can reach, calls and callers alike."""
    for suspect, relation in topology.reach(own).items():
        if suspect in theirs:
            yield relation, suspect


def _references(incident: IncidentFacts) -> tuple[str, ...]:
    return tuple(one.reference for one in incident.groups[:_FEW])


def _began(group: GroupFacts, incident: IncidentFacts, prior: AttachPrior) -> Reason:
    seconds = (group.opened_at - incident.began_at).total_seconds()
    weight = next(weight for upto, weight in prior.began if seconds <= 60 * upto)
    return Reason(ReasonCode.BEGAN, weight, (group.reference,), (_after(seconds),))


def _earlier(group: GroupFacts, incident: IncidentFacts, prior: AttachPrior) -> Iterator[Reason]:
    """What went on before the incident is rather of something else, even if some of its alerts are in it."""
    since = int((incident.declared_at - EARLIER).timestamp()) // 60
    before = sum(count for minute, count in group.minutes.items() if minute < since)
    known = sum(group.minutes.values())
    if before and 2 * before >= known:
        yield Reason(ReasonCode.EARLIER, prior.earlier, (group.reference,), (before, known))


def _after(seconds: float) -> str:
    """How long after something, in words."""
    return f"{span(abs(seconds))} {'before' if seconds < 0 else 'after'}"


def _near(group: GroupFacts, incident: IncidentFacts, prior: AttachPrior) -> Iterator[Reason]:
    found = [one.reference for one in incident.groups if one.id in group.near]
    if found:
        yield Reason(ReasonCode.NEAR, prior.near, (group.reference, found[0]), (found[0],))
