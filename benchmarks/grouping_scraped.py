"""A simulated storm with the labels that Prometheus' commonest set-up on Kubernetes would have sent it with.

The storms name each alert's service, pod, node and zone. A cluster seldom does: alerts about pods and deployments come
from kube-state-metrics, those about hosts from node-exporter, both with these programs' own `service`, `pod`,
`container` and `instance` (shapes as in alerts of kube-prometheus-stack), requests between services from the mesh's
proxies, and what services say of themselves without node and zone. Causes and times stay.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from analysis.alerts.alert import Alert
from benchmarks.grouping_streams import Stream

_ABOUT_PODS = frozenset({"kubernetes"})
_ABOUT_HOSTS = frozenset({"host-and-hardware"})
_OF_THE_MESH = frozenset({"istio"})
_NAMESPACE = "production"
_STATE_METRICS = {
    "job": "kube-state-metrics",
    "service": "kube-prometheus-stack-kube-state-metrics",
    "container": "kube-state-metrics",
    "endpoint": "http",
    "instance": "10.42.3.19:8080",
}
_NODE_EXPORTER = {
    "job": "node-exporter",
    "service": "kube-prometheus-stack-prometheus-node-exporter",
    "container": "node-exporter",
    "endpoint": "http-metrics",
    "namespace": "monitoring",
}


def scraped(stream: Stream) -> Stream:
    """*stream* as a cluster sends it."""
    return replace(stream, name=f"{stream.name} scraped", alerts=[scraped_alert(alert) for alert in stream.alerts])


def scraped_alert(alert: Alert) -> Alert:
    """*alert* with the labels that a cluster sends it with."""
    kept = {name: alert.labels[name] for name in ("alertname", "severity") if name in alert.labels}
    return replace(alert, labels=MappingProxyType({**kept, **_told(alert.labels)}))


def _told(labels: Mapping[str, str]) -> Mapping[str, str]:
    job, service, pod, node = (labels.get(name, "") for name in ("job", "service", "pod", "node"))
    if job in _ABOUT_PODS:
        return {**_STATE_METRICS, **(_of_pod(service, pod) if service else {"namespace": "monitoring", "node": node})}
    if job in _ABOUT_HOSTS and node:
        return {**_NODE_EXPORTER, "instance": f"{node}:9100", "pod": f"node-exporter-{_five(node)}", "device": "sda"}
    if job in _OF_THE_MESH:
        return {"job": "envoy-stats", "destination_service_name": service, "destination_workload": service}
    of_itself = {"pod": pod, "instance": f"10.42.0.{len(pod)}:9102"} if pod else {}
    return {"job": service or job, "service": service, "namespace": _NAMESPACE, "endpoint": "metrics", **of_itself}


def _of_pod(service: str, pod: str) -> Mapping[str, str]:
    if pod:
        return {"namespace": _NAMESPACE, "pod": pod, "container": service, "uid": _five(pod)}
    return {"namespace": _NAMESPACE, "deployment": service, "pod": "kube-prometheus-stack-kube-state-metrics-0"}


def _five(name: str) -> str:
    """Five letters and digits, as Kubernetes ends the names of pods."""
    return hashlib.sha256(name.encode()).hexdigest()[:5]
