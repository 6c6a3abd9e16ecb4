"""A group of alerts that are held to have one cause, and what is believed of that cause."""

from collections import deque
from dataclasses import dataclass, field

from analysis.alerts.series import Series
from analysis.alerts.topology import Relation

#: Alerts of these relations come from the suspect itself.
OWN_RELATIONS = frozenset(
    {
        Relation.SAME_SERVICE,
        Relation.SAME_NODE,
        Relation.DEPENDANT,
        Relation.SAME_HOST_NAME,
    }
)
#: Alerts of these relations are about the suspect or what runs on it, not about what others suffer from it.
OWN_PLACE = frozenset(
    {Relation.SAME_SERVICE, Relation.SAME_NODE, Relation.POD_ON_NODE, Relation.SAME_HOST_NAME, Relation.SAME_ZONE, Relation.HOSTS}
)
_MOST_RULES = 12


@dataclass(slots=True, kw_only=True, eq=False)
class Suspicion:
    """How well one suspect explains the members: log-likelihood in nats, and an alert that it explains."""

    score: float
    is_seen: bool  #: an alert of the suspect itself is among the members
    evidence: str


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """State of one open group. A pending one stands for an event and has no members and no `id` yet."""

    id: str
    number: int
    start: float
    last: float
    event: str = ""  #: the event that it began with, if it did
    event_weight: float = 0.0
    suspicions: dict[str, Suspicion] = field(default_factory=dict)
    best: float = 0.0  #: the highest score of a suspicion
    best_suspect: str = ""
    first_alert: str = ""
    first: Series | None = None
    members: int = 0
    series: int = 0
    firing: int = 0
    is_lane: bool = False
    merged_into: "Group | None" = None
    places: set[str] = field(default_factory=set)
    rules: dict[str, str] = field(default_factory=dict)  #: some rules of members, each with an alert
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=4))

    def root(self) -> "Group":
        """The group that this one has been linked to, or itself."""
        group = self
        while group.merged_into is not None:
            group = group.merged_into
        return group

    @property
    def is_alone(self) -> bool:
        """Whether only one series is in it."""
        return self.series == 1

    def settle(self) -> None:
        """Find the best suspicion anew; ties go to the one known first."""
        self.best_suspect = max(self.suspicions, key=lambda name: self.suspicions[name].score, default="")
        self.best = self.suspicions[self.best_suspect].score if self.best_suspect else 0.0

    def forget_worst(self, most: int) -> list[str]:
        """Keep the *most* best suspicions; the names of the others."""
        if len(self.suspicions) <= most:
            return []
        ranked = sorted(self.suspicions, key=lambda name: -self.suspicions[name].score)
        for name in ranked[most:]:
            del self.suspicions[name]
        return ranked[most:]

    def remember(self, rule: str, alert_id: str) -> None:
        """Note a rule of a member, of some rules at most."""
        if len(self.rules) < _MOST_RULES:
            self.rules.setdefault(rule, alert_id)
