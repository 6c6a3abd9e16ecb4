"""Which part an alert is about, as far as holding back needs to know."""

from analysis.alerts.alert import Alert

#: Labels that name a service, or the host where the sender knows no services; a node or a pod alone is neither.
_PLACES = ("service", "service_name", "app", "application", "component", "host", "hostname")
#: Labels that change while the series stays the same, or that name one of several watchers of it.
_NEVER = frozenset(
    {"alertname", "severity", "value", "replica", "prometheus", "prometheus_replica", "__replica__", "rule_replica"}
)

Series = tuple[str, ...]


def place_of(alert: Alert) -> str:
    """The service (or host) that the alert is about; empty where it names none."""
    return next((alert.labels[name] for name in _PLACES if alert.labels.get(name)), "")


def role_of(alert: Alert) -> str:
    """What the place is there for: the label `role`, else the place itself."""
    return alert.labels.get("role") or place_of(alert)


def series_of(alert: Alert) -> Series:
    """What stays the same while an alert fires and resolves: source, rule and the labels that say where."""
    labels = alert.labels
    return (alert.source, alert.rule, *(f"{name}={labels[name]}" for name in sorted(labels) if name not in _NEVER))


def rule_of(alert: Alert) -> tuple[str, str]:
    """The rule as evidence counts it: of its source, because names repeat among sources."""
    return alert.source, alert.rule
