"""What of a route that is in line is told to the pager: all that is news, at once, and in doubt the rest, too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_of, severity_rank
from analysis.alerts.episodes import News, Series, series_of
from analysis.alerts.guard_rails import is_protected
from analysis.alerts.rule_classes import words_of
from analysis.alerts.series_parts import observe, part_of, with_part
from analysis.chain import stamp

#: Labels by which a route would take in what must always page directly, with whatever is no milder word.
_SEVERITY_LABELS = frozenset({"severity", "priority", "level", "sev", "prio"})
#: A word of the names of others that say how bad it is, such as `sloth_severity`, where their value is the worst.
_OF_SEVERITY = _SEVERITY_LABELS | {"urgency", "criticality", "impact"}
_DIRECT = re.compile(
    r"\b(slos?|error ?budgets?|burn ?rates?|budget ?burn|watchdogs?|heartbeats?|canary|canaries"
    r"|dead ?mans?( ?s)?( ?(switch|snitch))?)\b"
)
#: Before the number of a round, from the second on.
_ROUND = "#"


class InLine(StrEnum):
    """What becomes of an alert on a route that is in line."""

    FORWARD = "forward"  #: the pager is told
    AGAIN = "again"  #: it fires after its own end: the pager is told if it was told of this episode before
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

    Spared is only what it has, and what is late: it speaks of an episode before the newest, or of one whose end came
    first. Alertmanager keeps the beginning of what it held for over while Prometheus was away, and fires it again.
    Of a series that fires with several severities it has the worst, until none of them fires.
    """
    after, news = observe(before, alert)
    if news is News.RESOLVED:
        was_told = before is not None and before.status is AlertStatus.FIRING
        return InLine.FORWARD if was_told else InLine.REPEAT
    if _fires_after_its_end(before, alert):
        return InLine.AGAIN
    is_milder = severity_rank(alert.severity) > severity_rank(after.severity)
    is_spared = news in {News.NOTHING, News.LATE, News.EASED} or is_milder
    return InLine.REPEAT if is_spared else InLine.FORWARD


def series_after(before: Series | None, alert: Alert, *, is_told: bool) -> Series:
    """The series as it is now; it fires once the pager is told so, even where it was held for over."""
    if before and is_told and _fires_after_its_end(before, alert):
        return with_part(before, series_of(alert), is_per_severity=alert.is_per_severity)
    return observe(before, alert)[0]


def episode_of(alert: Alert, told: str = "", series: Series | None = None) -> str:
    """Tells this news from any other of the same series; *told* is the episode that the pager was told before.

    A firing after an end begins another round, because it may have the same beginning as the firing before. Of the
    other parts of *series* it names the beginnings that the pager was told of.
    """
    before, _, number = told.partition(_ROUND)
    is_again = alert.status is AlertStatus.FIRING and before.startswith(AlertStatus.RESOLVED)
    rounds = int(number or 1) + is_again
    others = sorted({one.starts_at for one in series.parts} - {alert.starts_at}) if series else ()
    named = "".join(f":{stamp(began)}:" for began in others if f":{stamp(began)}:" in before)
    return f"{alert.status}:{stamp(alert.starts_at)}:{alert.severity}{named}" + (
        f"{_ROUND}{rounds}" if rounds > 1 else ""
    )


def is_about(told: str, alert: Alert) -> bool:
    """Whether the episode *told*, or one of another severity that it names, began when that of *alert* did."""
    return f":{stamp(alert.starts_at)}:" in told


def ended_there(told: str) -> str:
    """The episode *told* once the pager has closed it: what it is told next of the series begins another round."""
    _, colon, rest = told.partition(":")
    return f"{AlertStatus.RESOLVED}{colon}{rest}"


def is_missing_there(told: str, series: Series, alert: Alert) -> bool:
    """Whether *alert* says again that the series fires of which the pager holds the episode *told* for over.

    That is so where the pager closed it by itself. Of several severities the worst is told, as ever.
    """
    part = part_of(series, alert)
    if not told.startswith(AlertStatus.RESOLVED) or alert.status is not AlertStatus.FIRING or part is None:
        return False
    is_milder = severity_rank(alert.severity) > severity_rank(series.severity)
    is_of_now = alert.is_moment or part.starts_at == alert.starts_at
    return part.status is AlertStatus.FIRING and is_of_now and not is_milder


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
        if _is_for_the_worst(name, severity_of(value)):
            return f"{name}={value} is for the worst, which always pages directly"
        said = f"{name} {value}"
        if _DIRECT.search(f"{words_of(said)} {said.lower()}"):
            return f"{name}={value} is for SLO, dead-man or canary rules, which always page directly"
    return ""


def _is_for_the_worst(name: str, severity: AlertSeverity) -> bool:
    if severity is AlertSeverity.CRITICAL:
        return not _OF_SEVERITY.isdisjoint(words_of(name).split())
    return severity is AlertSeverity.UNKNOWN and name.lower() in _SEVERITY_LABELS


def _fires_after_its_end(before: Series | None, alert: Alert) -> bool:
    known = part_of(before, alert)
    if known is None or known.status is not AlertStatus.RESOLVED or alert.status is not AlertStatus.FIRING:
        return False
    return known.starts_at == alert.starts_at and not alert.is_moment
