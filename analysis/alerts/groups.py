"""A group of alerts that are held to have one cause, and what is believed of that cause."""

from collections import deque
from dataclasses import dataclass, field

from analysis.alerts.series import Series

_MOST_RULES = 12
_RECENT = 4


@dataclass(slots=True, kw_only=True, eq=False)
class Suspicion:
    """How well one suspect explains the members: log-likelihood in nats, and an alert that it explains."""

    group: "Group"
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
    first: Series | None = None
    first_alert: str = ""
    first_rank: int = 0
    members: int = 0
    series: int = 0
    firing: int = 0
    is_lane: bool = False
    merged_into: "Group | None" = None
    places: set[str] = field(default_factory=set)
    rules: dict[str, str] = field(default_factory=dict)  #: some rules of members, each with an alert
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))

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
        best, found = float("-inf"), ""
        for name, held in self.suspicions.items():
            if held.score > best:
                best, found = held.score, name
        self.best, self.best_suspect = (best, found) if found else (0.0, "")

    def worst(self, most: int) -> list[str]:
        """The suspects beyond the *most* best."""
        return sorted(self.suspicions, key=lambda name: self.suspicions[name].score, reverse=True)[most:]

    def enrol(self, series: Series, alert_id: str, at: float) -> bool:
        """Count a new episode of *series* in; whether its rule is new here."""
        left = series.group.root() if series.group is not None else None
        if left is not self:
            self.series += 1
        if left is not None and series.is_firing:  # its resolution was lost
            left.firing -= 1
        if not self.members:
            self.first, self.first_alert, self.first_rank = series, alert_id, series.severity_rank
        self.members += 1
        self.firing += 1
        self.last = max(self.last, at)
        self.places.add(series.place.name)
        self.recent.append(at)
        is_new = series.rule not in self.rules
        if is_new and len(self.rules) < _MOST_RULES:
            self.rules[series.rule] = alert_id
        return is_new

    def absorb(self, gone: "Group") -> None:
        """Count the members of a group that has been linked to this one."""
        gone.merged_into = self
        self.start, self.last = min(self.start, gone.start), max(self.last, gone.last)
        self.members += gone.members
        self.series += gone.series
        self.firing += gone.firing
        self.places |= gone.places
        for rule, alert_id in gone.rules.items():
            if len(self.rules) < _MOST_RULES:
                self.rules.setdefault(rule, alert_id)
        gone.release()

    def release(self) -> None:
        """Let go of what only an open group needs."""
        self.places, self.rules, self.suspicions, self.first = set(), {}, {}, None
