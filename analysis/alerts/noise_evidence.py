"""What history says of each rule: how many independent windows it fired in, and how many belonged to an incident.

A window is a stretch of alerts of one rule in one scope (its service or host). Windows are counted as independent if
an hour of quiet lies between them, and at most one a day and scope is counted: later stretches of the same day join it.
A window with one alert of an incident is an incident window, whoever may see that incident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.evidence_bounds import anytime_upper, exact_upper, level
from analysis.alerts.whereabouts import place_of, role_of, rule_of

Rule = tuple[str, str]

QUIET_BETWEEN = timedelta(hours=1)
_HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The incident that an alert of the past belonged to."""

    incident: str
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEvidence:
    """What history says of one rule.

    `first_of` and `only_of` count incidents that the rule was the first, or the only, to tell of; `private_*` are the
    parts that rest on private incidents. `ceiling` is the most alerts in one hour and scope outside incidents;
    `role_windows` counts noise windows by role; `resolves` is whether a resolution was ever seen.
    """

    windows: int
    incident_windows: int
    private_windows: int
    scopes: int
    first_of: int
    only_of: int
    private_signals: int
    ceiling: int
    role_windows: Mapping[str, int]
    resolves: bool

    def upper(self, error: float, *, is_anytime: bool = True) -> float:
        """The upper bound of the rule's incident share."""
        bound = anytime_upper if is_anytime else exact_upper
        return bound(self.incident_windows, self.windows, error) if self.windows else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was known of all rules at one moment; `fitted_at` is the last alert it rests on."""

    rules: Mapping[Rule, RuleEvidence] = field(default_factory=lambda: MappingProxyType({}))
    fitted_at: datetime | None = None

    def level(self, error: float, *, is_corrected: bool = True) -> float:
        """The error of one rule's bound: *error* shared by every rule that was looked at, useful or not."""
        return level(error, len(self.rules)) if is_corrected else error


NO_EVIDENCE = Evidence()


@dataclass(slots=True)
class _Window:
    last: float
    role: str
    is_incident: bool = False
    is_private: bool = False


@dataclass(slots=True)
class _Scope:
    """One rule in one scope."""

    days: dict[int, _Window] = field(default_factory=dict)
    latest: _Window | None = None
    hour: int = -1
    in_hour: int = 0
    ceiling: int = 0


@dataclass(slots=True)
class _Signal:
    """How an incident was told: by which rules first, and by which at all."""

    first_at: float
    first: set[Rule]
    rules: set[Rule]
    is_private: bool


class EvidenceBook:
    """Gathers history in order of arrival; `evidence` may be asked for at any time and rests on nothing later."""

    def __init__(self) -> None:
        self._scopes: dict[Rule, dict[str, _Scope]] = {}
        self._signals: dict[str, _Signal] = {}
        self._resolving: set[Rule] = set()
        self._latest: datetime | None = None

    def add(self, alert: Alert, membership: Membership | None = None) -> None:
        """Take in one alert of the past, and the incident it belonged to."""
        self._latest = max(self._latest, alert.received_at) if self._latest else alert.received_at
        rule = rule_of(alert)
        if alert.status is AlertStatus.RESOLVED:
            self._resolving.add(rule)
            return
        at = alert.received_at.timestamp()
        scope = self._scopes.setdefault(rule, {}).setdefault(place_of(alert), _Scope())
        window = _window(scope, at, role_of(alert))
        if membership is None:
            _count(scope, at)
            return
        window.is_incident = True
        window.is_private = window.is_private or membership.is_private
        self._signal(rule, at, membership)

    def evidence(self) -> Evidence:
        """What is known now."""
        first, only, private = self._told_by()
        return Evidence(
            rules=MappingProxyType(
                {
                    rule: self._of(rule, first.get(rule, 0), only.get(rule, 0), private.get(rule, 0))
                    for rule in self._scopes
                }
            ),
            fitted_at=self._latest,
        )

    def _of(self, rule: Rule, first: int, only: int, private: int) -> RuleEvidence:
        scopes = self._scopes[rule].values()
        windows = [window for scope in scopes for window in scope.days.values()]
        roles: dict[str, int] = {}
        for window in windows:
            if not window.is_incident:
                roles[window.role] = roles.get(window.role, 0) + 1
        return RuleEvidence(
            windows=len(windows),
            incident_windows=sum(window.is_incident for window in windows),
            private_windows=sum(window.is_private for window in windows),
            scopes=sum(any(not window.is_incident for window in scope.days.values()) for scope in scopes),
            first_of=first,
            only_of=only,
            private_signals=private,
            ceiling=max(scope.ceiling for scope in scopes),
            role_windows=MappingProxyType(roles),
            resolves=rule in self._resolving,
        )

    def _signal(self, rule: Rule, at: float, membership: Membership) -> None:
        signal = self._signals.setdefault(
            membership.incident, _Signal(first_at=at, first=set(), rules=set(), is_private=membership.is_private)
        )
        signal.is_private = signal.is_private or membership.is_private
        signal.rules.add(rule)
        if at < signal.first_at:
            signal.first_at, signal.first = at, {rule}
        elif at == signal.first_at:
            signal.first.add(rule)

    def _told_by(self) -> tuple[dict[Rule, int], dict[Rule, int], dict[Rule, int]]:
        first: dict[Rule, int] = {}
        only: dict[Rule, int] = {}
        private: dict[Rule, int] = {}
        for signal in self._signals.values():
            for rule in signal.first:
                first[rule] = first.get(rule, 0) + 1
                private[rule] = private.get(rule, 0) + signal.is_private
            if len(signal.rules) == 1:
                only.update({rule: only.get(rule, 0) + 1 for rule in signal.rules})
        return first, only, private


def _window(scope: _Scope, at: float, role: str) -> _Window:
    """The window that an alert at *at* falls into, opened if need be; out of order it never makes more windows."""
    window = scope.latest
    if window is None or abs(at - window.last) >= QUIET_BETWEEN.total_seconds():
        day = int(at // 86_400)
        window = scope.days.setdefault(day, _Window(last=at, role=role))
    window.last = at
    scope.latest = window
    return window


def _count(scope: _Scope, at: float) -> None:
    hour = int(at // _HOUR_SECONDS)
    if hour != scope.hour:
        scope.hour, scope.in_hour = hour, 0
    scope.in_hour += 1
    scope.ceiling = max(scope.ceiling, scope.in_hour)
