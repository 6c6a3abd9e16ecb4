"""What is believed about alerts before a site has taught anything: the weights that every decision adds up.

Weights are natural logarithms of odds. `base` is how much more often a failing place fires than a healthy one; a
relation says how much less often a place with that relation to the failure fires than the failing place itself.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

from analysis.alerts.topology import Relation

#: Delays are looked up in steps of this many seconds; rules are evaluated no more often.
DELAY_STEP_SECONDS = 15
#: Of so many lags the weights are kept: those of several configurations.
_MOST_LAGS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationPrior:
    """`weight` in nats, at most 0; `lag_seconds` is when alerts of this relation come most densely."""

    weight: float
    lag_seconds: float = 0.0


_RELATIONS = MappingProxyType(
    {
        Relation.SAME_SERVICE: RelationPrior(weight=0.0),
        Relation.CALLER: RelationPrior(weight=-1.2, lag_seconds=120),
        Relation.CALLER_2: RelationPrior(weight=-1.7, lag_seconds=180),
        Relation.CALLER_3: RelationPrior(weight=-2.1, lag_seconds=240),
        Relation.CALLER_FAR: RelationPrior(weight=-2.6, lag_seconds=300),
        Relation.SAME_NODE: RelationPrior(weight=0.0),
        Relation.POD_ON_NODE: RelationPrior(weight=-0.5),
        Relation.PART_ON_NODE: RelationPrior(weight=-2.0, lag_seconds=120),
        Relation.CALLER_ON_NODE: RelationPrior(weight=-2.7, lag_seconds=180),
        Relation.CALLER_ON_NODE_2: RelationPrior(weight=-3.5, lag_seconds=240),
        Relation.HOSTS: RelationPrior(weight=-3.0),
        Relation.SAME_ZONE: RelationPrior(weight=-1.1),
        Relation.DEPENDANT: RelationPrior(weight=-0.7),
        Relation.CALLER_OF_DEPENDANT: RelationPrior(weight=-1.9, lag_seconds=120),
        Relation.CALLER_OF_DEPENDANT_2: RelationPrior(weight=-2.4, lag_seconds=180),
        Relation.SAME_HOST_NAME: RelationPrior(weight=0.0),
        Relation.SAME_NAMESPACE: RelationPrior(weight=-3.5),
        Relation.CALLED: RelationPrior(weight=-2.5, lag_seconds=60),
        Relation.SAME_MOMENT: RelationPrior(weight=-2.4),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """One configuration of grouping; `SHIPPED` is the one that is used until a site has refitted it."""

    relations: Mapping[Relation, RelationPrior] = field(default_factory=lambda: _RELATIONS)
    base: float = 4.25  #: odds that an alert beside a failure belongs to it, against anything new at that place
    half_life_seconds: float = 120.0  #: of the rate at which a failure makes new alerts
    tail_share: float = 0.01  #: of alerts that come with `tail_half_life_seconds` instead
    tail_half_life_seconds: float = 900.0
    early_half_life_seconds: float = 60.0  #: of alerts that started before the first one known of their group
    role_elsewhere: float = 1.4  #: a suffered symptom explained by a failure elsewhere; the opposite for a place's own
    role_here: float = -0.1  #: a suffered symptom explained by a failure of the place itself
    silent_suspect: float = -3.0  #: a suspect of which no alert of its own has been seen
    silent_crowd: float = -2.0  #: a suspect of which nothing was seen explains several groups
    other_suspect: float = -5.0  #: the most it costs to explain an alert by another suspect than the best
    callee_fired: float = 0.5  #: a service that the alert's own calls directly has fired in the group
    callees_quiet: float = -1.0  #: none has, though the suspect reaches the alert's service through one
    lone_alert: float = -1.0  #: only one series has fired in the group, at another place
    blamed_late: float = -1.0  #: the alert's own place is blamed, and so far only another one has fired
    usual_beginnings_per_hour: float = 10.0
    pace: float = 8.0  #: while alerts keep coming, a group is as old as this times the seconds since the last
    slowed: float = 0.5  #: but at least this share of its age
    repeated_evidence: float = 0.3  #: what a further alert of the same place adds to a suspect, of the first's weight
    resolved_group: float = -3.0  #: every alert of the group has been resolved
    own_rhythm: float = 20.0  #: how much rarer an alert is in a failure than one is in general; scales `own_rhythm`
    own_rhythm_explained: float = 0.3  #: each episode that a group explains takes so much off `own_rhythm`
    severity_far: float = -0.2
    family: float = 0.1  #: the rules are of one family, such as those of one exporter
    text: float = 0.1  #: for texts that are the same, in proportion otherwise
    burst: float = 0.6  #: times the logarithm of how many alerts came to the group within a minute or so
    burst_most: float = 3.0
    surge: float = -8.0  #: since the group began, something else must have, for so many alerts came at once
    surge_alerts: int = 15  #: that many, and twice what came in the minute before
    rule_pair_most: float = 1.5
    rule_pair_least: float = -0.7
    rule_pair_smoothing: float = 2.0
    no_candidate: float = -6.0
    deploy: float = -1.0  #: odds that a deploy makes alerts, against a failure that has shown itself
    flag: float = -1.0
    upstream_outage: float = 0.0
    join_above: float = 0.0  #: logit
    suggest_above: float = -2.0
    link_above: float = 2.0
    credible_series: int = 3
    same_start_seconds: float = 60.0  #: replicas of one rule start an episode within this
    quick_seconds: float = 1_800.0  #: within which an episode counts twice for its series' own rhythm
    chronic_episodes: int = 4
    chronic_window_seconds: float = 86_400.0
    group_idle_seconds: float = 2_700.0  #: after which a group takes no more alerts
    longest_group_seconds: float = 14_400.0  #: after its first alert a group takes no more
    most_groups_per_suspect: int = 6
    most_suspects_per_group: int = 60
    most_series: int = 200_000

    def delays(self, relation: Relation) -> tuple[float, ...]:
        """The weight of each delay in steps of `DELAY_STEP_SECONDS`, as far as a group with new alerts can reach."""
        return _delays(self.relations[relation].lag_seconds, self._decay, self._steps)

    def least_delays(self) -> tuple[float, ...]:
        """The weight of each such delay for the relation that it says least against."""
        lags = frozenset(one.lag_seconds for one in self.relations.values())
        return _least_delays(lags, self._decay, self._steps)

    def early(self, seconds: float) -> float:
        """The weight of an alert that started before the group's first; *seconds* is below 0."""
        return -math.log(2) * min(-seconds, 3_600.0) / self.early_half_life_seconds

    def digest(self) -> str:
        """A hash of every number above, so that a score can say which configuration made it."""
        numbers = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "relations"}
        relations = {name: [one.weight, one.lag_seconds] for name, one in self.relations.items()}
        named = json.dumps({**numbers, "relations": relations}, sort_keys=True)
        return sha256(named.encode()).hexdigest()[:16]

    @property
    def _decay(self) -> tuple[float, float, float]:
        return self.half_life_seconds, self.tail_share, self.tail_half_life_seconds

    @property
    def _steps(self) -> int:
        return int(self.longest_group_seconds) // DELAY_STEP_SECONDS + 1


# Most relations share a lag with another one, and engines are made anew after each start and each failure.
@lru_cache(maxsize=_MOST_LAGS)
def _delays(lag: float, decay: tuple[float, float, float], steps: int) -> tuple[float, ...]:
    return tuple(_delay(step * DELAY_STEP_SECONDS, lag, *decay) for step in range(steps))


@lru_cache(maxsize=_MOST_LAGS)
def _least_delays(lags: frozenset[float], decay: tuple[float, float, float], steps: int) -> tuple[float, ...]:
    return tuple(map(max, zip(*(_delays(lag, decay, steps) for lag in lags), strict=True)))


def _delay(seconds: float, lag: float, half_life: float, tail_share: float, tail_half_life: float) -> float:
    after = max(0.0, seconds - lag)
    decay = (1 - tail_share) * 2 ** (-after / half_life)
    decay += tail_share * 2 ** (-after / tail_half_life)
    rise = 0.35 + 0.65 * min(1.0, seconds / lag) if lag else 1.0
    return math.log(decay * rise)


SHIPPED = Prior()
