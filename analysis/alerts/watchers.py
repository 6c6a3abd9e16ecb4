"""What an alert is about, where its labels are those of a program that watches it.

Prometheus adds to every series whence it scraped it: `job`, `instance`, and in Kubernetes `service`, `pod`, `container`
and `endpoint` of the target. Where the target reports on others, these name the reporter: every alert about some
deployment says `service="…-kube-state-metrics"`, and would stand at one place with all others of the cluster. What is
watched stands in labels that the reporter exports itself; these win (`honor_labels: true`), or are renamed to
`exported_…` (Prometheus' documentation of `scrape_config`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

#: What Prometheus, its operator and rules add to any series.
_OF_THE_SCRAPE = frozenset(
    {
        "alertname", "severity", "job", "instance", "endpoint", "metrics_path", "service", "pod", "container",
        "namespace", "cluster", "prometheus", "prometheus_replica", "replica",
    }
)  # fmt: skip
#: Labels by whose value a watcher is known.
_NAMING = ("job", "service", "container", "pod", "app", "app_kubernetes_io_name")
_OF_THE_TARGET = frozenset({*_NAMING, "service_name", "application", "pod_name"}) - {"job"}
#: Programs that report on others: their `instance` is their own address.
_REPORTER = (
    "kube[-_]state[-_]metrics|event[-_]exporter|push[-_]?gateway|yace|(?:otel|opentelemetry)[-_]collector|"
    "(?:statsd|graphite|cloudwatch|stackdriver|azure[-_]metrics)[-_]exporter"
)
#: Programs whose `instance` is what they look at: the host that they run on, or the target of a probe.
_LOOKER = "(?:node|windows|blackbox|snmp|ssl)[-_]exporter|kubelet|cadvisor"
#: Programs that are services themselves, and report on those behind them in labels that are renamed then.
_GATEWAY = "ingress[-_]nginx[-_]controller(?:[-_]metrics)?|traefik|haproxy[-_]ingress"
_IS_GATEWAY = re.compile(rf"(?:^|[-_./])(?:{_GATEWAY})$", re.IGNORECASE)
_IS_REPORTER = re.compile(rf"(?:^|[-_./])(?:{_REPORTER}|{_GATEWAY})$", re.IGNORECASE)
_IS_WATCHER = re.compile(rf"(?:^|[-_./])(?:{_REPORTER}|{_GATEWAY}|{_LOOKER})$", re.IGNORECASE)
#: What Kubernetes has for that which people call a service, and what a job calls itself that another hands on.
_WORKLOADS = (
    "deployment", "statefulset", "daemonset", "cronjob", "job_name", "horizontalpodautoscaler", "workload",
)  # fmt: skip
_EXPORTED = "exported_"
_DIMENSION = "dimension_"
_POD_SUFFIX = re.compile(r"(-[0-9a-f]{8,10})?-([0-9]{1,4}|[a-z0-9]{5})$")
_MOST_NAMES = 10_000


def about(labels: Mapping[str, str]) -> Mapping[str, str]:
    """*labels* without what names a watcher, and with the watched workload as `service`; else *labels* themselves.

    An alert whose labels say nothing but whence it was scraped is about the watcher.
    """
    if not is_watched(labels):
        return labels
    own = names_of_watcher(labels)
    told = {name: value for name, value in labels.items() if name not in own}
    is_reported = _is_reported(labels)
    if not (told.get("pod") or (is_reported and "node" not in labels)):  # what is not in a namespace has the watcher's
        told.pop("namespace", None)
    exported = {name.removeprefix(_EXPORTED): value for name, value in labels.items() if _is_exported(name)}
    told |= {name: value for name, value in exported.items() if value}
    return told if told.get("service") else {**told, "service": _workload(told, exported.get("job", ""))}


def names_of_watcher(labels: Mapping[str, str]) -> frozenset[str]:
    """The names of labels that say where a watcher is which tells of something else; none where there is no watcher.

    They change when it is restarted, and say nothing of what it watches.
    """
    if not is_watched(labels):
        return frozenset()
    own = {name for name in _OF_THE_TARGET if _is_watcher(labels.get(name, ""))}
    return frozenset({*own, "instance"} if _is_reported(labels) else own)


def is_watched(labels: Mapping[str, str]) -> bool:
    """Whether a watcher tells *labels* of something else than itself."""
    for name in _NAMING:
        value = labels.get(name)
        if value and _is_watcher(value):
            return any(map(_is_exported, labels)) or not (labels.keys() <= _OF_THE_SCRAPE or _is_gateway(value))
    return False


def _is_reported(labels: Mapping[str, str]) -> bool:
    return any(_is_reporter(labels.get(name, "")) for name in _NAMING)


def workload_of(pod: str) -> str:
    """The name of what a pod belongs to, without the ends that Kubernetes gives to pods."""
    return _POD_SUFFIX.sub("", pod)


def _workload(told: Mapping[str, str], job: str) -> str:
    """What is watched, by the names that Kubernetes, a handed-on job and CloudWatch's dimensions have for it."""
    named = next((told[name] for name in _WORKLOADS if told.get(name)), "") or job.rsplit("/", maxsplit=1)[-1]
    return named or next((told[name] for name in sorted(told) if name.startswith(_DIMENSION)), "")


def _is_exported(name: str) -> bool:
    return name.startswith(_EXPORTED)


@lru_cache(maxsize=_MOST_NAMES)
def _is_watcher(value: str) -> bool:
    return _IS_WATCHER.search(workload_of(value)) is not None


@lru_cache(maxsize=_MOST_NAMES)
def _is_gateway(value: str) -> bool:
    return _IS_GATEWAY.search(workload_of(value)) is not None


@lru_cache(maxsize=_MOST_NAMES)
def _is_reporter(value: str) -> bool:
    return _IS_REPORTER.search(workload_of(value)) is not None
