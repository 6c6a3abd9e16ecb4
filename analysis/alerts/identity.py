"""Which deliveries are about the same series: the fingerprint of an alert.

A series is what one rule says about one place. Its value, its severity, its prose and the replica that reported it
change while it stays the same; another `instance` is another series, always.
"""

from functools import lru_cache
from hashlib import blake2b

from analysis.alerts.alert import Alert

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
    parts = [alert.source, alert.rule]
    for name in _identifying(tuple(labels)):
        parts += name, labels[name]
    named = "".join([f"{len(part)}:{part}" for part in parts])  # lengths, so that no text can imitate two
    return blake2b(named.encode("utf-8", "surrogatepass"), digest_size=_FINGERPRINT_BYTES).hexdigest()


@lru_cache(maxsize=10_000)
def _identifying(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of labels that identify, in one order; few sets of names are in use, so most are known already."""
    found = [name for name in sorted(names) if name.lower() not in _NEVER]
    return tuple(found or [name for name in sorted(names) if name.lower() not in _REPLICAS])
