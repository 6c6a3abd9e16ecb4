"""What alerts of Kubernetes' usual watchers are about; labels as kube-prometheus-stack sends them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert
from analysis.alerts.episodes import News
from analysis.alerts.grouping import Grouper
from analysis.alerts.identity import fingerprint
from analysis.alerts.series_parts import observe
from analysis.alerts.topology import Topology
from analysis.alerts.watchers import about
from analysis.alerts.whereabouts import place_named_by
from tests.alert_streams import GRAPH, alert, resolved

_STATE: Mapping[str, str] = MappingProxyType(
    {
        "container": "kube-state-metrics",
        "endpoint": "http",
        "instance": "10.42.3.19:8080",
        "job": "kube-state-metrics",
        "pod": "kube-prometheus-stack-kube-state-metrics-7c8b8bf58c-x4vcd",
        "prometheus": "kube-prometheus-stack/kube-prometheus-stack-prometheus",
        "service": "kube-prometheus-stack-kube-state-metrics",
    }
)
_NODE: Mapping[str, str] = MappingProxyType(
    {
        "container": "node-exporter",
        "endpoint": "http-metrics",
        "job": "node-exporter",
        "namespace": "monitoring",
        "pod": "prom-prometheus-node-exporter-8xk2p",
        "service": "prom-prometheus-node-exporter",
        "device": "/dev/sda1",
    }
)
_KUBELET: Mapping[str, str] = MappingProxyType(
    {"job": "kubelet", "service": "prom-kubelet", "endpoint": "https-metrics", "metrics_path": "/metrics/cadvisor"}
)


@pytest.mark.parametrize(
    ("labels", "service", "node", "suspects"),
    [
        pytest.param(
            _STATE | {"namespace": "payments", "deployment": "ledger"},
            "ledger",
            "",
            {"service:ledger"},
            id="deployment",
        ),
        pytest.param(
            _STATE | {"namespace": "payments", "pod": "ledger-6d8f9c7b5-x2x4z", "container": "app", "uid": "9"},
            "ledger",
            "",
            {"service:ledger"},
            id="pod",
        ),
        pytest.param(
            _STATE | {"namespace": "batch", "job_name": "nightly"}, "nightly", "", {"service:nightly"}, id="job"
        ),
        pytest.param(
            {
                "job": "kubernetes-service-endpoints",
                "service": "prometheus-kube-state-metrics",
                "app_kubernetes_io_name": "kube-state-metrics",
                "node": "n3",
                "namespace": "payments",
                "deployment": "ledger",
            },
            "ledger",
            "",
            {"service:ledger", "namespace:payments"},
            id="deployment, and the watcher’s node",
        ),
        pytest.param(
            {"job": "kube-state-metrics", "namespace": "batch", "job_name": "nightly"},
            "nightly",
            "",
            {"service:nightly", "namespace:batch"},
            id="job, where a rule left out the rest",
        ),
        pytest.param(_STATE | {"namespace": "web", "resourcequota": "all"}, "", "", {"namespace:web"}, id="quota"),
        pytest.param(
            _STATE | {"namespace": "monitoring", "node": "n7"}, "", "n7", {"node:n7"}, id="node of the cluster"
        ),
        pytest.param(_NODE | {"instance": "10.0.0.7:9100"}, "", "", {"host:10.0.0.7"}, id="host"),
        pytest.param(
            _KUBELET | {"instance": "10.0.0.8:10250", "node": "n8", "namespace": "shop", "pod": "cart-0"},
            "cart",
            "n8",
            {"service:cart", "node:n8"},
            id="container",
        ),
        pytest.param(
            {
                "job": "blackbox-exporter",
                "service": "blackbox-exporter",
                "instance": "shop.example.com",
                "target": "shop.example.com",
            },
            "",
            "",
            {"host:shop.example.com"},
            id="probe",
        ),
        pytest.param(
            {
                "job": "kube-state-metrics",
                "service": "ksm-kube-state-metrics",
                "pod": "ksm-kube-state-metrics-0",
                "namespace": "monitoring",
                "exported_namespace": "payments",
                "exported_pod": "ledger-0",
            },
            "ledger",
            "",
            {"service:ledger", "namespace:payments"},
            id="renamed labels",
        ),
        pytest.param(
            {"job": "otel-collector", "instance": "10.1.1.1:8889", "exported_job": "bank/ledger", "route": "/pay"},
            "ledger",
            "",
            {"service:ledger"},
            id="collector",
        ),
        pytest.param(
            {"job": "yace", "instance": "yace:5000", "dimension_DBInstanceIdentifier": "ledger-db", "region": "eu-1"},
            "ledger-db",
            "",
            {"service:ledger-db"},
            id="cloudwatch",
        ),
        pytest.param(
            {
                "service": "ingress-nginx-controller-metrics",
                "pod": "ingress-nginx-controller-57ff8464d9-abcde",
                "namespace": "ingress-nginx",
                "exported_namespace": "bank",
                "exported_service": "bank-web",
            },
            "bank-web",
            "",
            {"service:bank-web", "namespace:bank"},
            id="gateway",
        ),
    ],
)
def test_alert_stands_at_what_is_watched(
    labels: Mapping[str, str], service: str, node: str, suspects: set[str]
) -> None:
    """Not at the watcher, which would be the place of every alert of the cluster."""
    place = Topology().place(labels)

    assert (place.service, place.node) == (service, node)
    assert suspects <= set(place.suspects)
    assert not any("state-metrics" in one or "exporter" in one or "kubelet" in one for one in place.suspects)
    hosts = [one.removeprefix("host:") for one in suspects if one.startswith("host:")]
    assert place_named_by(labels) == (service or node or "".join(hosts))


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(_STATE | {"namespace": "monitoring"}, id="the watcher is down"),
        pytest.param(
            _STATE | {"namespace": "monitoring", "env": "production", "team": "sre"},
            id="down in production",
        ),
        pytest.param({"service": "ledger", "pod": "ledger-0", "job": "ledger", "route": "/pay"}, id="a service"),
        pytest.param({"service": "kubelet-csr-approver", "pod": "kubelet-csr-approver-0", "code": "500"}, id="alike"),
        pytest.param({"service": "traefik", "pod": "traefik-0", "entrypoint": "web"}, id="a gateway itself"),
        pytest.param(
            {"job": "kubernetes-pods", "pod": "otel-collector-7d9c6b5f4d-x2x4z", "exporter": "otlp"},
            id="a collector itself",
        ),
        pytest.param({"service": "checkout", "exported_service": "payments", "code": "500"}, id="whom it calls"),
    ],
)
def test_labels_of_what_watches_nothing_else_stay(labels: Mapping[str, str]) -> None:
    """An alert about the watcher is about the watcher, and a name that only resembles one is a service's."""
    assert about(labels) is labels


def test_faults_of_two_services_told_by_one_watcher_are_two_groups() -> None:
    """They share the watcher's labels; those of one workload are together, whichever watcher tells them."""

    def told(name: str, seconds: float, rule: str, **own: str) -> Alert:
        return alert(name, seconds, rule, labels={**_STATE, **own})

    grouper = Grouper(Topology(GRAPH))
    stream = [
        told(
            "a", 0, "KubePodCrashLooping", namespace="payments", pod="ledger-6d8f9c7b5-x2x4z", container="app", uid="1"
        ),
        told("b", 20, "KubeDeploymentReplicasMismatch", namespace="payments", deployment="ledger"),
        told("c", 40, "KubeJobFailed", namespace="batch", job_name="nightly"),
        alert(
            "d", 50, "CPUThrottlingHigh", labels={**_KUBELET, "namespace": "payments", "pod": "ledger-0", "id": "/k"}
        ),
        told("e", 60, "KubeStatefulSetReplicasMismatch", namespace="search", statefulset="indexer"),
    ]

    groups = [grouper.decide(one).group_id for one in stream]

    assert groups == ["G-1", "G-1", "G-2", "G-1", "G-3"]


@pytest.mark.parametrize(
    ("labels", "suspects"),
    [
        pytest.param(
            {"kube_deployment": "ledger", "kube_namespace": "pay", "pod_name": "ledger-6d8f9c7b5-x2x4z", "env": "prod"},
            {"service:ledger", "namespace:pay"},
            id="Datadog",
        ),
        pytest.param(
            {"k8s_pod_name": "ledger-0", "k8s_node_name": "n3", "k8s_namespace_name": "pay"},
            {"service:ledger", "node:n3", "namespace:pay"},
            id="OpenTelemetry",
        ),
        pytest.param(
            {"source_workload": "web", "destination_workload": "ledger-v2", "destination_service_name": "ledger"},
            {"service:ledger"},
            id="Istio",
        ),
        pytest.param(
            {"datasource_uid": "P1", "rulename": "Fees", "grafana_folder": "Pay"}, {"provider:P1"}, id="Grafana’s query"
        ),
    ],
)
def test_names_that_systems_have_for_places_are_known(labels: Mapping[str, str], suspects: set[str]) -> None:
    """What kube calls a deployment in one system's labels is the service of another's."""
    assert suspects <= set(Topology().place(labels).suspects)


def test_watcher_that_was_restarted_tells_the_same_series() -> None:
    """What it tells from a new address is no other series, and the end of what it told before ends nothing."""
    before = _STATE | {"namespace": "payments", "deployment": "ledger"}
    after = before | {"instance": "10.42.9.9:8080", "pod": "kube-prometheus-stack-kube-state-metrics-7c8b8bf58c-qqqqq"}
    first, second = (
        replace(alert(name, seconds, "KubeDeploymentReplicasMismatch", labels=labels), is_per_labels=True)
        for name, seconds, labels in (("a", 0, before), ("b", 600, after))
    )

    fired, news = observe(None, first)
    again, anew = observe(fired, second)
    eased, still = observe(again, replace(resolved("c", first, 900), is_per_labels=True))
    _, over = observe(eased, replace(resolved("d", second, 950), is_per_labels=True))

    assert fingerprint(first) == fingerprint(second)
    assert (news, anew, over) == (News.FIRED, News.NOTHING, News.RESOLVED)
    assert still is not News.RESOLVED


def test_restart_hides_nothing_of_a_sender_that_tells_no_ends() -> None:
    """Alertmanager with `send_resolved: false`: what was told from the old address seems to fire for ever."""
    before = _STATE | {"namespace": "payments", "deployment": "ledger"}
    after, later = before | {"instance": "10.42.9.9:8080"}, before | {"instance": "10.42.9.10:8080"}
    day, series, told = 86_400, None, []
    for name, seconds, labels in (("a", 0, before), ("b", 600, after), ("c", 7_200, after), ("d", 2 * day, later)):
        one = replace(alert(name, seconds, "KubeDeploymentReplicasMismatch", labels=labels), is_per_labels=True)
        series, news = observe(series, one)
        told.append(news)

    assert told == [News.FIRED, News.NOTHING, News.REFIRED, News.REFIRED]


def test_watcher_whose_address_a_rule_left_out_is_taken_in() -> None:
    """A rule that sums by deployment keeps the job and drops the instance."""
    labels = {"job": "kube-state-metrics", "namespace": "payments", "deployment": "ledger"}

    _, news = observe(None, replace(alert("a", 0, "KubeDeploymentDown", labels=labels), is_per_labels=True))

    assert news is News.FIRED


def test_hosts_that_one_exporter_runs_on_are_series_of_their_own() -> None:
    """The address of an exporter of hosts is the host's; its pod is not."""
    one, other = (alert("a", 0, "DiskFull", labels=_NODE | {"instance": host}) for host in ("n1:9100", "n2:9100"))
    anew = alert(
        "b", 9, "DiskFull", labels=_NODE | {"instance": "n1:9100", "pod": "prom-prometheus-node-exporter-zzzzz"}
    )

    assert fingerprint(one) == fingerprint(anew) != fingerprint(other)


_CRASH: Mapping[str, str] = MappingProxyType({**_STATE, "container": "controller", "reason": "CrashLoopBackOff"})
_PUSHED: Mapping[str, str] = MappingProxyType(
    {
        "job": "ledger-backup",
        "service": "prometheus-pushgateway",
        "pod": "prometheus-pushgateway-7d9c6b5f4d-x2x4z",
        "container": "pushgateway",
        "namespace": "monitoring",
        "mode": "full",
    }
)
_COLLECTOR: Mapping[str, str] = MappingProxyType(
    {"job": "otel-collector", "service": "otel-collector", "namespace": "monitoring", "exporter": "otlp"}
)


@pytest.mark.parametrize(
    ("labels", "name", "first", "second", "places"),
    [
        pytest.param(
            _CRASH | {"namespace": "ingress-nginx"},
            "pod",
            "ingress-nginx-controller-57ff8464d9-abcde",
            "ingress-nginx-controller-57ff8464d9-fghjk",
            {"ingress-nginx-controller"},
            id="pods of a gateway",
        ),
        pytest.param(
            {**_CRASH, "namespace": "monitoring", "container": "node-exporter"},
            "pod",
            "node-exporter-8xk2p",
            "node-exporter-9xk2p",
            {"node-exporter"},
            id="pods of another watcher",
        ),
        pytest.param(_PUSHED, "instance", "db-1", "db-2", {"ledger-backup"}, id="pushed in its own words"),
        pytest.param(
            _COLLECTOR, "instance", "10.1.1.1:8888", "10.1.1.2:8888", {"otel-collector"}, id="collectors themselves"
        ),
        pytest.param(
            {"job": "node-exporter", "namespace": "monitoring", "device": "/dev/sda1"},
            "pod",
            "node-exporter-8xk2p",
            "node-exporter-9xk2p",
            {"node-exporter"},
            id="hosts by their exporter’s pod",
        ),
    ],
)
def test_what_is_watched_twice_is_two_series(
    labels: Mapping[str, str], name: str, first: str, second: str, places: set[str]
) -> None:
    """The second crash, backup, collector or full disk is news while the first fires."""
    one, other = ({**labels, name: value} for value in (first, second))

    assert fingerprint(alert("a", 0, "Failing", labels=one)) != fingerprint(alert("b", 9, "Failing", labels=other))
    assert {Topology().place(told).service for told in (one, other)} == places


_VALUES = st.one_of(st.sampled_from([*_STATE.values(), "kubelet", "n1", ""]), st.text(max_size=12))
_NAMES = st.sampled_from([*_STATE, "namespace", "node", "deployment", "exported_pod", "exported_", "uid"])


@given(st.dictionaries(_NAMES, _VALUES, max_size=8))
@example({"service": "kube-state-metrics", "node": "kube-state-metrics", "job": "kubelet"})  # in its own words
def test_whatever_is_said_has_a_place(labels: dict[str, str]) -> None:
    """Odd labels name no watcher as the place of what is watched, unless it watches itself, and end nothing."""
    told = about(labels)

    # A watcher of deployments tells of its own as of any other.
    own = {labels.get("deployment"), labels.get("exported_pod")}
    assert told == labels or "state-metrics" not in told["service"] or told["service"] in own
    assert Topology().place(labels) is not None
    assert observe(None, replace(alert("a", 0, "Any", labels=labels), is_per_labels=True))[1] is News.FIRED
