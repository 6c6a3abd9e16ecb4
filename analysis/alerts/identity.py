"""Which deliveries are about the same series: the fingerprint of an alert.

A series is what one rule says about one place; of PagerDuty's, what one incident is. Its value, its severity, its prose
and the replica that reported it change while it stays the same; another `instance` is another series, unless it is that
of a program that only reports on others (`watchers.py`), which is a replica. Where a sender has an alert for each label
set, the severities, replicas and states among these are parts of one series (`series_parts.py`).
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

from analysis.alerts.alert import Alert
from analysis.alerts.watchers import names_of_watcher

#: Labels that change while the series stays the same.
_CHANGING = frozenset(
    {
        "alertname", "severity", "value", "current_value", "values", "valuestring", "startsat", "endsat", "starts_at",
        "ends_at", "timestamp", "generatorurl", "dashboardurl", "panelurl", "silenceurl", "imageurl",
    }
)  # fmt: skip
#: Labels that change for some senders, and tell alerts of one series apart for those that have one for each label set.
_VARYING = frozenset({"level", "priority", "urgency", "threshold", "status", "state"})
#: Labels that name one of several servers that watch the same thing, each under a name that it keeps.
_SERVERS = frozenset(
    {
        "replica", "prometheus_replica", "__replica__", "thanos_replica", "rule_replica", "receive_replica",
        "ruler_replica", "ha_replica",
    }
)  # fmt: skip
#: These, and labels that name the process that watches just now.
_REPLICAS = _SERVERS | {"prometheus_pod", "prometheus_instance"}
_NEVER = _CHANGING | _VARYING | _REPLICAS
_TELLING_APART = _VARYING | _SERVERS
#: Labels of which a sender that has an alert for each label set has another one for each value, unknown to us.
_UNKNOWN_APART = (_NEVER - _TELLING_APART) - {"alertname", "severity"}
_FINGERPRINT_BYTES = 8
_VARIANT_BYTES = 4
#: Labels that only PagerDuty's incidents have together. They are known by these; what stands for the rule is a title,
#: which people change while they work.
_KEYS = ("incident_key", "service_id")
#: Source, rule, and the names and values of the labels that identify.
Identity = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def identity(alert: Alert) -> Identity:
    """What the fingerprint of *alert*'s series is made of, to look the series up in a third of the time."""
    labels = alert.labels
    names, _ = _identifying(_of_what_is_watched(labels))
    return alert.source, _rule(alert), names, tuple(map(labels.__getitem__, names))


def fingerprint(alert: Alert) -> str:
    """The identity of *alert*'s series, 16 hexadecimal digits: free of order, time, value, severity and replica.

    A name alone identifies nothing: where no other label is left, all of them count.
    """
    source, rule, labels = alert.source, _rule(alert), alert.labels
    names, told = _identifying(_of_what_is_watched(labels))
    parts = [f"{len(source)}:{source}{len(rule)}:{rule}"]  # lengths, so that no text can imitate two
    for name, named in zip(names, told, strict=True):
        value = labels[name]
        parts.append(f"{named}{len(value)}:{value}")
    return blake2b("".join(parts).encode("utf-8", "surrogatepass"), digest_size=_FINGERPRINT_BYTES).hexdigest()


def variant_of(alert: Alert) -> str:
    """Which of a sender's alerts of the series it is, as labels tell that are no part of the identity and stay.

    8 hexadecimal digits; empty where there is no such label.
    """
    own = names_of_watcher(alert.labels)
    names = (*_telling_apart(tuple(alert.labels)), *sorted(own)) if own else _telling_apart(tuple(alert.labels))
    if not names:
        return ""
    told = "".join(f"{len(name)}:{name}{len(alert.labels[name])}:{alert.labels[name]}" for name in names)
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_VARIANT_BYTES).hexdigest()


def is_one_alert(alert: Alert) -> bool:
    """Whether its sender has one alert for what this one tells of, so that no other is taken for the same here."""
    return alert.is_per_labels and not any(name.lower() in _UNKNOWN_APART for name in alert.labels)


def _rule(alert: Alert) -> str:
    """The rule as far as it is a part of the identity."""
    labels = alert.labels
    return "" if _KEYS[0] in labels and _KEYS[1] in labels else alert.rule


def _of_what_is_watched(labels: Mapping[str, str]) -> tuple[str, ...]:
    """The names of *labels* without those that say where the watcher is that tells it: these change as it restarts."""
    own = names_of_watcher(labels)
    return tuple(name for name in labels if name not in own) if own else tuple(labels)


@lru_cache(maxsize=10_000)
def _telling_apart(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in sorted(names) if name.lower() in _TELLING_APART)


@lru_cache(maxsize=10_000)
def _identifying(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of labels that identify, in one order, and each with its length before it, as the fingerprint has them.

    Few sets of names are in use, so most are known already.
    """
    found = [name for name in sorted(names) if name.lower() not in _NEVER]
    kept = found or [name for name in sorted(names) if name.lower() not in _REPLICAS]
    return tuple(kept), tuple(f"{len(name)}:{name}" for name in kept)
