"""Which deliveries are about the same series: the fingerprint of an alert.

A series is what one rule says about one place. Its value, its severity, its prose and the replica that reported it
change while it stays the same; another `instance` is another series, always.
"""

from hashlib import blake2b

from analysis.alerts.alert import Alert

#: Labels that say where: with one of them the place is known and every other label but the changing ones counts too.
ENTITY_LABELS = frozenset(
    {
        "service", "service_name", "app", "application", "component", "deployment", "statefulset", "daemonset",
        "app_kubernetes_io_name", "pod", "pod_name", "container", "container_name", "node", "nodename", "node_name",
        "host", "hostname", "instance", "device", "mountpoint", "volume", "persistentvolumeclaim", "job_name",
        "cronjob", "queue", "topic", "partition", "database", "datname", "table", "index", "endpoint", "url",
        "target", "namespace", "cluster", "region", "zone", "availability_zone", "topology_kubernetes_io_zone",
        "provider", "third_party", "upstream", "monitor_id", "project", "environment", "resource", "entity",
    }
)  # fmt: skip
#: Labels that change while the series stays the same.
_CHANGING = frozenset(
    {
        "alertname", "severity", "level", "priority", "urgency", "value", "current_value", "values", "valuestring",
        "threshold", "status", "state", "startsat", "endsat", "starts_at", "ends_at", "timestamp", "generatorurl",
        "dashboardurl", "panelurl", "silenceurl", "imageurl",
    }
)  # fmt: skip
#: Labels that name one of several watchers of the same thing.
_REPLICAS = frozenset(
    {
        "replica", "prometheus_replica", "__replica__", "thanos_replica", "rule_replica", "receive_replica",
        "ruler_replica", "ha_replica", "prometheus_pod", "prometheus_instance",
    }
)  # fmt: skip
_NEVER = _CHANGING | _REPLICAS
_FINGERPRINT_BYTES = 8


def fingerprint(alert: Alert) -> str:
    """The identity of *alert*'s series, 16 hexadecimal digits: free of order, time, value, severity and replica.

    A name alone identifies nothing: where no other label is left, all of them count.
    """
    labels = alert.labels
    parts = [f"{name}\x1f{labels[name]}" for name in sorted(labels) if name.lower() not in _NEVER]
    if not parts:
        parts = [f"{name}\x1f{labels[name]}" for name in sorted(labels) if name.lower() not in _REPLICAS]
    named = "\x1e".join((alert.source, alert.rule, *parts))
    return blake2b(named.encode("utf-8", "surrogatepass"), digest_size=_FINGERPRINT_BYTES).hexdigest()


def has_entity(alert: Alert) -> bool:
    """Whether a label says where; without one an alert belongs to nothing but itself."""
    return any(name in ENTITY_LABELS for name in alert.labels)
