"""One delivery of an alert, whatever system it came from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class AlertStatus(StrEnum):
    """What a delivery says of its alert."""

    FIRING = "firing"  #: the condition holds
    RESOLVED = "resolved"  #: it holds no longer; `ends_at` says since when


class AlertSeverity(StrEnum):
    """How bad the sender calls it, in the words of `severity_of`; an unknown one is treated as the worst."""

    CRITICAL = "critical"  #: wakes somebody
    ERROR = "error"  #: a part does not work
    WARNING = "warning"  #: may become worse
    INFO = "info"  #: for the record
    UNKNOWN = "unknown"  #: the sender did not say, or in words that mean nothing here


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A delivery: `rule` is what fired, `labels` say where (identity), `annotations` are prose.

    `id` is the delivery's, so a resolution has another than the firing it ends. `severity_word` is what the sender
    wrote. Fields that the sender may leave out are empty, never guessed. Where `is_moment`, the sender names no
    episode: it says that the alert fires, or no longer does, at `starts_at`; where `is_reminder`, that it still does.
    Where `is_per_severity`, the sender has an alert for each severity, and where `is_per_labels` for each set of other
    labels, so that an end ends only what fires with its own.
    """

    id: str
    source: str
    rule: str
    severity: AlertSeverity
    status: AlertStatus
    starts_at: datetime
    received_at: datetime
    ends_at: datetime | None = None
    is_moment: bool = False
    is_reminder: bool = False
    is_per_severity: bool = False
    is_per_labels: bool = False
    severity_word: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    annotations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse naive times, because they would later be read in the wrong zone."""
        ends_at = self.ends_at or self.starts_at
        if self.starts_at.tzinfo is None or self.received_at.tzinfo is None or ends_at.tzinfo is None:
            message = "an alert's times need a time zone"
            raise ValueError(message)

    @property
    def is_told_apart(self) -> bool:
        """Whether the sender has several alerts that are one series here."""
        return self.is_per_severity or self.is_per_labels


def sentence_of(alert: Alert) -> str:
    """What people should read first: the sender's own summary, else what comes closest to it and is no link."""
    told = {name.lower(): text for name, text in alert.annotations.items()}
    named = (told[name] for name in _SENTENCES if told.get(name))
    others = (text for name, text in sorted(told.items()) if text and not _is_for_machines(name, text))
    return next(named, "") or next(others, "")


def rule_called(alert: Alert) -> str:
    """What people call the rule: its name, or the title of what a sender knows by a number (“monitor 10”).

    Of Grafana's rules for missing data and failed queries, also whose data that is; of one that fires because of them,
    that it does.
    """
    if alert.rule in _OF_DATA and (rule := alert.labels.get(_RULE_OF_DATA)):
        return f"{alert.rule} of {rule}"
    if instead := _fires_without_values(alert):
        return f"{alert.rule} ({instead.called})"
    return (title_without_state(sentence_of(alert)) or alert.rule) if is_numbered(alert) else alert.rule


def title_of_rule(alert: Alert) -> str:
    """The title of a rule that its sender knows by a number, whatever this alert of it fires for; empty for others.

    It stands for all alerts of the rule, where `rule_called` names what this one is about.
    """
    return sentence_of(alert)[_state_ends(sentence_of(alert)) :].strip() if is_numbered(alert) else ""


def is_numbered(alert: Alert) -> bool:
    """Whether its sender knows the rule by a number, and people by a title."""
    return _NUMBERED.fullmatch(alert.rule) is not None


def said_of(alert: Alert) -> str:
    """What people should read beside what the rule is called: the first sentence that says more than that."""
    told = {name.lower(): text for name, text in alert.annotations.items()}
    if alert.rule in _OF_DATA:
        return told.get("error", "")  # the rule's own sentences speak of values that there are not
    if instead := _fires_without_values(alert):
        return ": ".join(filter(None, (instead.said, told.get("error"))))
    named = [told[name] for name in _SENTENCES if told.get(name)]
    called = rule_called(alert)
    return next((text for text in named if title_without_state(text) != called), "") if named else sentence_of(alert)


def title_without_state(text: str) -> str:
    """A Datadog monitor's title without its state, unless that is to have no data: then its values are not so."""
    ends = _state_ends(text)
    title = text[ends:].strip()
    return f"{title} (no data)" if title and "no data" in text[:ends].lower() else title


def _state_ends(text: str) -> int:
    state = _STATE.match(text)
    return state.end() if state else 0


def runbook_of(alert: Alert) -> str:
    """The link to what its sender says is to be done about it; empty where there is none."""
    return _link_of(alert, _RUNBOOKS)


def page_of(alert: Alert) -> str:
    """The link to its sender's own page about it; empty where there is none."""
    return _link_of(alert, _PAGES)


def ended_because(alert: Alert) -> str:
    """Why its sender says no longer that it fires, where that is no recovery; empty where it is, or fires.

    Grafana ends the alert of a host whose series is gone, and of a rule that somebody pauses, as it ends any other.
    """
    if alert.status is not AlertStatus.RESOLVED:
        return ""
    told = {name.lower(): text.strip() for name, text in alert.annotations.items()}
    state = told.get(_STATE_REASON, "").partition(",")[0]
    return told.get(ENDED_BECAUSE, "") or _UNRECOVERED.get(state, f"its state is “{state}”" if state else "")


def severity_of(word: str) -> AlertSeverity:
    """What a sender's word for severity means; `UNKNOWN` where it is none of the words below, and no level."""
    known = _WORDS.get(word.strip().lower())
    if known is None and (level := level_of(word)) is not None:
        known = _LEVELS[level]
    return known or AlertSeverity.UNKNOWN


def level_of(word: str) -> int | None:
    """The number of a level, such as 1 of “SEV-1” and of “P1 - Critical”; None where *word* is none."""
    found = _LEVEL.match(word.strip().lower())
    return int(found[1]) if found else None


def severity_rank(severity: AlertSeverity) -> int:
    """0 for the worst; an unknown severity ranks with the worst, so that nobody misses what nobody classified."""
    return _RANKS[severity]


def _fires_without_values(alert: Alert) -> "_Instead | None":
    """Why a rule of Grafana's fires though its condition was not seen to hold: it may count missing data as that."""
    if alert.status is not AlertStatus.FIRING:
        return None
    told = next((text for name, text in alert.annotations.items() if name.lower() == _STATE_REASON), "")
    return _FIRES_INSTEAD.get(told.strip())


def _is_for_machines(name: str, text: str) -> bool:
    """Whether an annotation says nothing to people: links, and what Grafana writes for itself (`__orgId__`)."""
    return text.startswith(_LINKS) or name.startswith("__") or name in _NO_PROSE


def _link_of(alert: Alert, names: Iterable[str]) -> str:
    told = {name.lower(): text for name, text in alert.annotations.items() if text.startswith(_LINKS)}
    found = next((told[name] for name in names if name in told), "")
    return found if len(found) <= _LINK_LETTERS and found.isprintable() and " " not in found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Instead:
    """How a rule is called that fires for another reason than its condition, and what to say instead of its sentences.

    These speak of values that there are not.
    """

    called: str
    said: str


#: How senders call it, the shortest first.
_SENTENCES = ("summary", "title", "message", "description")
#: Rules of Datadog and Sentry, and what Datadog writes before a title: “[Triggered on {host:i-1}] Host is down”.
_NUMBERED = re.compile(r"(?:monitor|issue) [0-9]{1,20}")
_STATE = re.compile(
    r"^(?:\s*\[(?:P[1-5]|(?:(?:Re-)?(?:Triggered|Warn|No Data)|Recovered|Re-?notify)(?: on [^\]]{0,2000})?)\])+",
    re.IGNORECASE,
)
#: Grafana's own rules, and their label for the rule whose data it is.
_OF_DATA = frozenset({"DatasourceNoData", "DatasourceError"})
_RULE_OF_DATA = "rulename"
#: The annotation by which a sender, or the reader of one, says that an end is no recovery, and why.
ENDED_BECAUSE = "ended_because"
#: Grafana's, with the reasons that its alert rules know (`StateReason…` of its `pkg/services/ngalert/models`).
_STATE_REASON = "grafana_state_reason"
_UNRECOVERED = {
    "MissingSeries": "its series has no data any more",
    "NoData": "its query gave no data",
    "Error": "its query failed",
    "Paused": "its rule was paused",
    "RuleDeleted": "its rule was deleted",
    "Updated": "its rule was changed",
}
_FIRES_INSTEAD = {
    "NoData": _Instead(called="no data", said="It fires because its query gave no data"),
    "Error": _Instead(called="query failed", said="It fires because its query failed"),
}
_LINKS = ("http://", "https://")
_RUNBOOKS = ("runbook_url", "runbook", "runbook_link", "playbook_url", "playbook")
#: What the readers of PagerDuty, Datadog and Sentry call it, and Alertmanager and Grafana.
_PAGES = ("link", "generatorurl")
_NO_PROSE = frozenset({*_PAGES, ENDED_BECAUSE, _STATE_REASON})
#: Queries make links long; a longer one is none that leads anywhere, nor does half of one.
_LINK_LETTERS = 1_000
#: The words of Alertmanager rules in use, Grafana, PagerDuty, Datadog, Sentry, Zabbix, ServiceNow and syslog.
_WORDS = {
    **dict.fromkeys(
        ("critical", "crit", "fatal", "emergency", "emerg", "alert", "page", "disaster"), AlertSeverity.CRITICAL
    ),
    **dict.fromkeys(("error", "err", "major", "high"), AlertSeverity.ERROR),
    **dict.fromkeys(("warning", "warn", "minor", "average", "medium", "moderate", "ticket"), AlertSeverity.WARNING),
    **dict.fromkeys(
        ("info", "information", "informational", "notice", "low", "debug", "ok", "none"), AlertSeverity.INFO
    ),
}
#: Levels as sites name them in PagerDuty, Opsgenie and Datadog: “P1”, “SEV-3”, “Sev 2”, “P2 - High”.
_LEVEL = re.compile(r"(?:p|sev)[-_ ]?([0-5])(?![0-9a-z])")
_LEVELS = (
    AlertSeverity.CRITICAL,
    AlertSeverity.CRITICAL,
    AlertSeverity.ERROR,
    AlertSeverity.WARNING,
    AlertSeverity.INFO,
    AlertSeverity.INFO,
)
_RANKS = {
    AlertSeverity.CRITICAL: 0,
    AlertSeverity.UNKNOWN: 0,
    AlertSeverity.ERROR: 1,
    AlertSeverity.WARNING: 2,
    AlertSeverity.INFO: 3,
}
