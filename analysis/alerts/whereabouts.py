"""Which part an alert is about, as far as holding back needs to know."""

from collections.abc import Mapping

from analysis.alerts.alert import Alert
from analysis.alerts.environments import environment_of
from analysis.alerts.watchers import about, host_of, workload_of

#: Labels that name a service, or the host where the sender knows no services; a node or a pod alone is neither.
_PLACES = ("service", "service_name", "app", "application", "component", "host", "hostname")


def place_of(alert: Alert) -> str:
    """The service (or host) that the alert is about; empty where it names none."""
    return place_named_by(alert.labels)


def place_named_by(labels: Mapping[str, str]) -> str:
    """The service (or host) that *labels* name; of what a watcher tells, what it watches."""
    told = about(labels)
    named = next((told[name] for name in _PLACES if told.get(name)), "")
    return named or (_watched(told) if told is not labels else "")


def _watched(told: Mapping[str, str]) -> str:
    """What a pod belongs to, or the host or address that is looked at."""
    if pod := told.get("pod"):
        return workload_of(pod)
    return told.get("node") or host_of(told.get("instance", ""))


def role_of(alert: Alert) -> str:
    """What the place is there for: the label `role`, else the place itself."""
    return alert.labels.get("role") or place_of(alert)


def rule_of(alert: Alert) -> tuple[str, str]:
    """The rule as evidence counts it: of its source, because names repeat among sources, and of its environment.

    That it is noise in staging says nothing of production.
    """
    environment = environment_of(alert.labels)
    return alert.source, f"{alert.rule} in {environment}" if environment else alert.rule
