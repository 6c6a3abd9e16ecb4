"""A group of alerts that are held to have one cause, and what is believed of that cause."""

import math
from dataclasses import dataclass, field

from analysis.alerts.series import Series
from analysis.alerts.views import View

#: No step of delays: the search that is on has not met the group.
UNMET = -3
_MOST_RULES = 12
_WARM_SECONDS = 60.0
_MINUTE = 60.0
_INFINITE = math.inf


class Suspicion:
    """How well one suspect explains the members: log-likelihood in nats, and an alert that it explains.

    No data class with names for its arguments, because several are made for every alert and that takes twice as long.
    """

    __slots__ = ("evidence", "group", "is_found", "is_seen", "score")

    def __init__(self, group: "Group", score: float, is_seen: bool, evidence: str) -> None:  # noqa: FBT001 - likewise
        self.group = group
        self.score = score
        self.is_seen = is_seen  #: an alert of the suspect itself is among the members
        self.evidence = evidence
        self.is_found = True  #: by a search, until its group has to make room for another one


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """State of one open group. A pending one stands for an event and has no members and no `id` yet."""

    id: str
    number: int
    start: float
    last: float
    heard: float = -_INFINITE  #: when an alert came to it that was told so late that `last` was over by then
    environment: str = ""  #: that of its members, as soon as one of them names it
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
    places: dict[str, str] = field(default_factory=dict)  #: where members stand, each with an alert
    rules: dict[str, str] = field(default_factory=dict)  #: some rules of members, each with an alert
    warmth: float = 0.0  #: its alerts of the last minute or so, as at `warm_at`
    warm_at: float = 0.0
    minute: float = -_INFINITE  #: of the alerts that it might have caused, whether they joined or not
    met: int = 0  #: such alerts in that minute
    met_before: int = 0  #: and in the one before
    surged_at: float = _INFINITE  #: when so many of them came at once that something else must have begun
    #: What a suspicion's score and the weight of a view of its suspect have to exceed together, for the suspect to
    #: explain an alert as well as the group needs, however long after the group's first it came.
    bar: float = 0.0
    # What the latest search that met it knows of it (`Candidates.find`); here, because dictionaries cost more.
    step: int = UNMET  #: its age in steps of delays, once it was met
    reached: float = 0.0  #: how well it explains the alert so far
    #: By which suspect, and the weights of its relation, the delay and the suspect, which add up to that.
    found: tuple[View, float, float, float] = field(init=False)

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

    def is_elsewhere(self, environment: str) -> bool:
        """Whether its members are known to be of another environment."""
        return self.environment not in ("", environment)

    def warm(self, at: float) -> float:
        """How many alerts came to it of late: each counts less the longer ago it came."""
        passed = at - self.warm_at
        return self.warmth * math.exp(-passed / _WARM_SECONDS) if passed > 0 else self.warmth

    def meet(self, at: float, most: int) -> None:
        """Count an alert that it might have caused; more than *most* in a minute and twice the one before surge.

        What comes within the first full minute is the group's own beginning.
        """
        minute = at // _MINUTE
        if minute > self.minute:
            self.met_before = self.met if minute == self.minute + 1 else 0
            self.minute, self.met = minute, 0
        elif minute < self.minute:
            return
        self.met += 1
        is_over = self.met > 2 * self.met_before + most
        if is_over and self.surged_at == _INFINITE and minute - self.start // _MINUTE > 1:
            self.surged_at = minute * _MINUTE

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
        self.places.setdefault(series.place.name, alert_id)
        self.environment = self.environment or series.place.environment
        self.warmth, self.warm_at = self.warm(at) + 1.0, max(self.warm_at, at)
        is_new = series.rule not in self.rules
        if is_new and len(self.rules) < _MOST_RULES:
            self.rules[series.rule] = alert_id
        return is_new

    def absorb(self, gone: "Group") -> None:
        """Count the members of a group that has been linked to this one."""
        gone.merged_into = self
        self.start, self.last = min(self.start, gone.start), max(self.last, gone.last)
        self.heard = max(self.heard, gone.heard)
        self.environment = self.environment or gone.environment
        self.members += gone.members
        at = max(self.warm_at, gone.warm_at)
        self.warmth, self.warm_at = self.warm(at) + gone.warm(at), at
        self.series += gone.series
        self.firing += gone.firing
        self.places = gone.places | self.places
        for rule, alert_id in gone.rules.items():
            if len(self.rules) < _MOST_RULES:
                self.rules.setdefault(rule, alert_id)
        gone.release()

    def release(self) -> None:
        """Let go of what only an open group needs."""
        self.places, self.rules, self.suspicions, self.first = {}, {}, {}, None
