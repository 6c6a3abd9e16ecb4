"""What of a route that is in line is told to the pager: all that is news, at once, and in doubt the rest, too."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_of
from analysis.alerts.episodes import News, Series, observe
from analysis.alerts.guard_rails import is_protected
from analysis.alerts.rule_classes import words_of
from analysis.chain import stamp

#: Labels by which a route would take in what must always page directly.
_SEVERITY_LABELS = frozenset({"severity", "priority", "level"})


class InLine(StrEnum):
    """What becomes of an alert on a route that is in line."""

    FORWARD = "forward"  #: the pager is told
    REPEAT = "repeat"  #: the pager has it already, so that it would be told nothing new


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Alerts of `source` with these `labels` go to the pager of `service` through Debrief."""

    source: str
    labels: Mapping[str, str]
    service: str

    def takes(self, alert: Alert) -> bool:
        """Whether the alert is of this route."""
        return alert.source == self.source and all(
            alert.labels.get(name) == value for name, value in self.labels.items()
        )


def decide(before: Series | None, alert: Alert) -> InLine:
    """Whether the pager must be told: what fires, fires again, becomes worse, or is over after it fired.

    Spared is only what it has, and what is late: it speaks of an episode before the newest, or of one that is over.
    """
    _, news = observe(before, alert)
    if news is News.RESOLVED:
        was_told = before is not None and before.status is AlertStatus.FIRING
        return InLine.FORWARD if was_told else InLine.REPEAT
    return InLine.REPEAT if news in {News.NOTHING, News.LATE} else InLine.FORWARD


def episode_of(alert: Alert) -> str:
    """Tells this news from any other of the same series."""
    return f"{alert.status}:{stamp(alert.starts_at)}:{alert.severity}"


def belongs_elsewhere(alert: Alert) -> bool:
    """Whether the alert is of those that must page directly: worst severity, SLO, dead-man and canary rules.

    On a route in line it is forwarded all the same, and the operator is told to route it directly.
    """
    return alert.severity is AlertSeverity.CRITICAL or is_protected(alert)


def refusal_of(route: Route) -> str:
    """Why *route* must not be in line, as the end of a sentence; empty where nothing speaks against it."""
    if not route.labels:
        return "it names no labels, so it would take in everything"
    for name, value in route.labels.items():
        if name.lower() in _SEVERITY_LABELS and severity_of(value) in {AlertSeverity.CRITICAL, AlertSeverity.UNKNOWN}:
            return f"{name}={value} is for the worst, which always pages directly"
        if {"slo", "watchdog", "deadman", "deadmansswitch", "canary"} & set(words_of(f"{name} {value}").split()):
            return f"{name}={value} is for SLO, dead-man or canary rules, which always page directly"
    return ""
