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
from typing import NamedTuple

from analysis.alerts import environments

#: What Prometheus, its operator, a chart's labels of its objects, a site's external labels and rules add to any series.
_OF_THE_SCRAPE = frozenset(
    {
        "alertname", "severity", "job", "instance", "endpoint", "metrics_path", "service", "pod", "container",
        "namespace", "prometheus", "prometheus_replica", "replica", "monitor", "region", "team", "owner", "tier",
        "app", "app_kubernetes_io_name", "app_kubernetes_io_instance", "app_kubernetes_io_component",
        "app_kubernetes_io_part_of", "app_kubernetes_io_managed_by", "app_kubernetes_io_version", "helm_sh_chart",
        *environments.NAMES,
    }
)  # fmt: skip
#: Labels by whose value a watcher is known.
_NAMING = ("job", "service", "container", "pod", "app", "app_kubernetes_io_name")
_OF_THE_TARGET = frozenset({*_NAMING, "service_name", "application", "pod_name"}) - {"job"}
#: Programs that report on others: their `instance` is their own address.
_REPORTER = (
    "kube[-_]state[-_]metrics|event[-_]exporter|yace|"
    "(?:statsd|graphite|cloudwatch|stackdriver|azure[-_]metrics)[-_]exporter"
)
#: Programs whose `instance` is what they look at: the host that they run on, or the target of a probe.
_LOOKER = "(?:node|windows|blackbox|snmp|ssl)[-_]exporter|kubelet|cadvisor"
#: Programs that hand on what others tell. It is renamed, or told in its own words (`honor_labels`): then `job` and
#: `instance` are of whoever told it.
_COURIER = "push[-_]?gateway|(?:otel|opentelemetry)[-_]collector"
#: Programs that are services themselves, and report on those behind them in labels that are renamed then.
_GATEWAY = "ingress[-_]nginx[-_]controller|traefik|haproxy[-_]ingress"
_WATCHER = re.compile(
    rf"(?:^|[-_./])(?:(?P<reporter>{_REPORTER})|(?P<looker>{_LOOKER})|(?P<courier>{_COURIER})|(?P<gateway>{_GATEWAY})"
    r"(?:[-_]metrics)?)$",
    re.IGNORECASE,
)
#: Programs that go by two names.
_ALSO = {"yace": "cloudwatchexporter", "cadvisor": "kubelet", "opentelemetrycollector": "otelcollector"}
_STATE_METRICS = "kubestatemetrics"
#: How the jobs of Prometheus' own example for Kubernetes begin, which scrape whatever runs there.
_SCRAPING = "kubernetes-"
#: What Kubernetes has for that which people call a service, and what a job calls itself that another hands on.
_WORKLOADS = (
    "deployment", "statefulset", "daemonset", "cronjob", "job_name", "horizontalpodautoscaler", "workload",
)  # fmt: skip
_EXPORTED = "exported_"
_DIMENSION = "dimension_"
_POD_SUFFIX = re.compile(r"(-[0-9a-f]{8,10})?-([0-9]{1,4}|[a-z0-9]{5})$")
_PORT = re.compile(r":\d+$")
_MOST_NAMES = 10_000


class _Watcher(NamedTuple):
    """The program that tells an alert; `is_reporting` where `instance` is its own, not of what it tells of."""

    kind: str
    program: str
    is_reporting: bool
    is_in_own_words: bool  #: a courier hands labels on as they were told to it


def about(labels: Mapping[str, str]) -> Mapping[str, str]:
    """*labels* without what names a watcher, and with the watched workload as `service`; else *labels* themselves.

    An alert whose labels say nothing but whence it was scraped is about the watcher.
    """
    watcher = _watcher(labels)
    if watcher is None:
        return labels
    own = _own(labels, watcher)
    told = {name: value for name, value in labels.items() if name not in own}
    if not (told.get("pod") or (watcher.is_reporting and "node" not in told)):  # what is in none has the watcher's
        told.pop("namespace", None)
    exported = {name.removeprefix(_EXPORTED): value for name, value in labels.items() if _is_exported(name)}
    told |= {name: value for name, value in exported.items() if value}
    job = exported.get("job", "") or (labels.get("job", "") if watcher.is_in_own_words else "")
    return told if told.get("service") else {**told, "service": _workload(told, job)}


def names_of_watcher(labels: Mapping[str, str]) -> frozenset[str]:
    """The names of labels that say where a watcher is which tells of something else; none where there is no watcher.

    They change when it is restarted, and say nothing of what it watches. Another watcher's name is what is watched, and
    a pod tells what is looked at where nothing else does.
    """
    watcher = _watcher(labels)
    return frozenset() if watcher is None else _own(labels, watcher)


def _own(labels: Mapping[str, str], watcher: _Watcher) -> frozenset[str]:
    own = {name for name in _OF_THE_TARGET if _known(labels.get(name, "")) == (watcher.kind, watcher.program)}
    if watcher.kind == "looker" and not any(map(labels.get, ("instance", "node"))):
        own -= {"pod", "pod_name"}
    elif watcher.is_reporting:
        own.add("instance")
    if watcher.program == _STATE_METRICS and any(map(labels.get, _WORKLOADS)):
        own.add("node")  # where it runs itself: of workloads it tells no node
    return frozenset(own & labels.keys())


def _watcher(labels: Mapping[str, str]) -> _Watcher | None:
    """The watcher that tells *labels* of something else than itself, by the surest label; none where nobody does."""
    kind, program = _named(labels)
    if not kind:
        return None
    job, is_renamed = labels.get("job", ""), any(map(_is_exported, labels))
    # The job of what is handed on is none that scrapes couriers.
    is_handed_on = bool(job) and not job.startswith(_SCRAPING) and not _known(job)[0]
    is_in_own_words = kind == "courier" and is_handed_on and not is_renamed
    tells_more = kind in {"reporter", "looker"} and not labels.keys() <= _OF_THE_SCRAPE
    if not (is_renamed or is_in_own_words or tells_more):
        return None
    return _Watcher(kind, program, kind != "looker" and not is_in_own_words, is_in_own_words)


def _named(labels: Mapping[str, str]) -> tuple[str, str]:
    for name in _NAMING:
        if (value := labels.get(name)) and (known := _known(value))[0]:
            return known
    return "", ""


def workload_of(pod: str) -> str:
    """The name of what a pod belongs to, without the ends that Kubernetes gives to pods."""
    return _POD_SUFFIX.sub("", pod)


def host_of(address: str) -> str:
    """*address* without its port."""
    return _PORT.sub("", address)


def _workload(told: Mapping[str, str], job: str) -> str:
    """What is watched, by the names that Kubernetes, a handed-on job and CloudWatch's dimensions have for it."""
    named = next((told[name] for name in _WORKLOADS if told.get(name)), "") or job.rsplit("/", maxsplit=1)[-1]
    return named or next((told[name] for name in sorted(told) if name.startswith(_DIMENSION)), "")


def _is_exported(name: str) -> bool:
    return name.startswith(_EXPORTED)


@lru_cache(maxsize=_MOST_NAMES)
def _known(value: str) -> tuple[str, str]:
    """Which kind of watcher *value* names, and which."""
    found = _WATCHER.search(workload_of(value))
    if found is None or found.lastgroup is None:
        return "", ""
    name = re.sub("[-_]", "", found[found.lastgroup].lower())
    return found.lastgroup, _ALSO.get(name, name)
