"""Where an alert stands, and which failures elsewhere would explain it.

The suspects of an alert are the services, nodes, zones and third parties whose failure would make it fire: its own
place, and what its service calls, directly or through others. They come from the service graph; without one, from the
labels alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from types import MappingProxyType

from analysis.alerts import environments
from analysis.alerts.alert_rows import ServiceGraph
from analysis.alerts.watchers import about, host_of, workload_of

#: More suspects than these say nothing; nearest first.
MOST_SUSPECTS = 40
#: The suspect of what happens everywhere at once.
EVERYWHERE = "everywhere"
_DEEPEST = 5


class Relation(StrEnum):
    """How a place stands to a suspect that would explain its alert."""

    SAME_SERVICE = "same_service"  #: the suspect is its own service
    CALLER = "caller"  #: its service calls the suspect, directly
    CALLER_2 = "caller_2"  #: through one other
    CALLER_3 = "caller_3"  #: through two others
    CALLER_FAR = "caller_far"  #: through three or more
    CALLED = "called"  #: its service is called by the suspect, whose load or failed calls it suffers
    SAME_NODE = "same_node"  #: it is the suspected node
    POD_ON_NODE = "pod_on_node"  #: it is a pod on the suspected node
    PART_ON_NODE = "part_on_node"  #: its service has a pod on the suspected node
    CALLER_ON_NODE = "caller_on_node"  #: it calls a service that has a pod there
    CALLER_ON_NODE_2 = "caller_on_node_2"  #: through one other
    HOSTS = "hosts"  #: it is a node that hosts a pod of the suspected service
    SAME_ZONE = "same_zone"  #: it is in the suspected zone
    DEPENDANT = "dependant"  #: its service depends on the suspected third party
    CALLER_OF_DEPENDANT = "caller_of_dependant"  #: it calls a service that does
    CALLER_OF_DEPENDANT_2 = "caller_of_dependant_2"  #: through one other
    SAME_HOST_NAME = "same_host_name"  #: the same instance, where no graph says what that is
    SAME_NAMESPACE = "same_namespace"  #: the same namespace, which says little
    SAME_MOMENT = "same_moment"  #: nothing but the time; it takes many places at once to say something


#: Alerts of these relations come from the suspect itself.
OWN_RELATIONS = frozenset({Relation.SAME_SERVICE, Relation.SAME_NODE, Relation.DEPENDANT, Relation.SAME_HOST_NAME})
#: Suspects of these relations are shared by so much that it matters how much happens at any time.
BROAD = frozenset({Relation.SAME_ZONE, Relation.SAME_NAMESPACE, Relation.SAME_MOMENT})
#: Alerts of these relations are about the suspect or what runs on it, not about what others suffer from it.
OWN_PLACE = frozenset(
    {
        Relation.SAME_SERVICE,
        Relation.SAME_NODE,
        Relation.POD_ON_NODE,
        Relation.HOSTS,
        Relation.SAME_ZONE,
        Relation.SAME_HOST_NAME,
    }
)


#: An alert of these relations is reached through a service that its own calls, which therefore suffers before it does.
THROUGH_CALLEES = frozenset(
    {
        Relation.CALLER_2,
        Relation.CALLER_3,
        Relation.CALLER_FAR,
        Relation.CALLER_ON_NODE,
        Relation.CALLER_ON_NODE_2,
        Relation.CALLER_OF_DEPENDANT,
        Relation.CALLER_OF_DEPENDANT_2,
    }
)


#: An alert of these relations stands at the suspect itself, or runs on it.
_STANDS_AT = frozenset({Relation.SAME_SERVICE, Relation.SAME_NODE, Relation.POD_ON_NODE, Relation.SAME_HOST_NAME})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """Where an alert stands; `suspects` maps each suspect ("service:cart") to how the place stands to it."""

    service: str
    pod: str
    node: str
    zone: str
    suspects: Mapping[str, Relation]
    environment: str = ""  #: what is called alike elsewhere is another thing
    callees: tuple[str, ...] = ()  #: names of the services that its service calls directly

    @property
    def name(self) -> str:
        """What counts as one place when evidence is counted."""
        return self.service or self.node

    @property
    def where(self) -> str:
        """What people call it; where no service and no node is known the host, else the source or namespace."""
        if self.name:
            return self.name
        kind, _, name = next(iter(self.suspects), "").partition(":")
        return name if kind == "host" else f"{kind} {name}".strip() if name else ""

    @property
    def entities(self) -> tuple[str, ...]:
        """What it stands at: the suspects that are its own service, node or host."""
        return tuple(suspect for suspect, relation in self.suspects.items() if relation in _STANDS_AT)


_CALLERS = (Relation.SAME_SERVICE, Relation.CALLER, Relation.CALLER_2, Relation.CALLER_3)
_ON_NODE = (Relation.PART_ON_NODE, Relation.CALLER_ON_NODE, Relation.CALLER_ON_NODE_2)
_OF_PROVIDER = (Relation.DEPENDANT, Relation.CALLER_OF_DEPENDANT, Relation.CALLER_OF_DEPENDANT_2)
# The names of labels, the surest first: Prometheus' and Kubernetes', then Datadog's (`kube_…`), OpenTelemetry's
# (`k8s_…`) and Istio's (`destination_…`, whose requests fail).
_SERVICE = (
    "service", "service_name", "app", "app_kubernetes_io_name", "application", "deployment", "statefulset",
    "kube_deployment", "kube_stateful_set", "kube_daemon_set", "k8s_deployment_name", "k8s_statefulset_name",
    "destination_service_name", "destination_workload", "destination_app",
)  # fmt: skip
_POD_NAMES = ("pod", "pod_name", "k8s_pod_name")
_POD = (*_POD_NAMES, "instance")
_NODE_NAMES = ("node", "nodename", "node_name", "kube_node", "k8s_node_name")
_NODE = (*_NODE_NAMES, "host", "hostname", "host_name", "instance")
_ZONE = ("zone", "availability_zone", "topology_kubernetes_io_zone")
#: Others on whom it depends; Grafana names the source of data where a query of a rule fails or finds nothing.
_PROVIDER = ("provider", "third_party", "upstream", "datasource_uid")
_NAMESPACE = ("namespace", "kube_namespace", "k8s_namespace_name")
_OF_PLACE = tuple(sorted({*_SERVICE, *_POD, *_NODE, *_ZONE, *_PROVIDER, *_NAMESPACE, *environments.NAMES}))
#: The label that names an entity of each kind.
_LABEL_OF = {"service": "service", "node": "node", "host": "host"}
_MOST_PLACES = 50_000


class Topology:
    """The service graph, asked in both directions; it never changes."""

    __slots__ = ("_callees", "_callers", "_graph", "_hosted", "_nodes", "_places", "_providers", "_service_nodes")

    def __init__(self, graph: ServiceGraph | None = None) -> None:
        self._graph = graph or ServiceGraph()
        self._callees = _grouped(self._graph.calls)
        self._callers = _grouped((callee, caller) for caller, callee in self._graph.calls)
        on_nodes = {(service, self._graph.pod_node.get(pod, "")) for pod, service in self._graph.pods.items()}
        self._service_nodes = _grouped((service, node) for service, node in on_nodes if node)
        self._hosted = _grouped((node, service) for service, node in on_nodes if node)
        dependants = self._graph.third_party.items()
        self._providers = _grouped((service, provider) for provider, services in dependants for service in services)
        self._places: dict[tuple[str | None, ...], Place] = {}
        self._nodes = {*self._graph.node_zone, *self._graph.pod_node.values()}

    def place(self, labels: Mapping[str, str]) -> Place:
        """Where *labels* say that an alert stands, completed from the graph; the same object for the same place."""
        labels = about(labels)
        key = tuple(map(labels.get, _OF_PLACE))
        known = self._places.get(key)
        if known is None:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            known = self._places[key] = self._found(labels)
        return known

    def reach(self, entity: str) -> Mapping[str, Relation]:
        """How an alert at *entity* ("service:cart") would stand to each suspect, itself included."""
        kind, _, name = entity.partition(":")
        return self.place({_LABEL_OF.get(kind, "service"): name}).suspects

    def _found(self, labels: Mapping[str, str]) -> Place:
        pod = self._pod(labels)
        service = _first(labels, _SERVICE) or self._graph.pods.get(pod, "") or workload_of(pod)
        node = self._node(labels) or self._graph.pod_node.get(pod, "")
        zone = _first(labels, _ZONE) or self._graph.node_zone.get(node, "")
        suspects: dict[str, Relation] = {}
        for suspect, relation in self._suspects(labels, service, pod, node, zone):
            suspects.setdefault(suspect, relation)
            if len(suspects) >= MOST_SUSPECTS:
                break
        if suspects:
            suspects[EVERYWHERE] = Relation.SAME_MOMENT
        return Place(
            service=service,
            pod=pod,
            node=node,
            zone=zone,
            suspects=MappingProxyType(suspects),
            environment=environments.environment_of(labels),
            callees=tuple([one for one in self._callees.get(service, ()) if one != service][:MOST_SUSPECTS]),
        )

    def _pod(self, labels: Mapping[str, str]) -> str:
        named = _first(labels, _POD_NAMES)
        return named or next((found for found in _values(labels, _POD) if found in self._graph.pods), "")

    def _node(self, labels: Mapping[str, str]) -> str:
        named = _first(labels, _NODE_NAMES)
        return named or next((found for found in _values(labels, _NODE) if found in self._nodes), "")

    def _suspects(
        self, labels: Mapping[str, str], service: str, pod: str, node: str, zone: str
    ) -> Iterator[tuple[str, Relation]]:
        """Suspects, the nearest first."""
        if service:
            yield f"service:{service}", Relation.SAME_SERVICE
        if node:
            yield f"node:{node}", Relation.POD_ON_NODE if service or pod else Relation.SAME_NODE
        for provider in _values(labels, _PROVIDER):
            yield f"provider:{provider}", Relation.DEPENDANT
        if not service and not node:
            yield from ((f"host:{host}", Relation.SAME_HOST_NAME) for host in _values(labels, _NODE))
        # nearest first, so that what lies beyond is never a suspect: a large graph costs no more than a small one
        called = list(islice(self._called(service), MOST_SUSPECTS + 1)) if service else []
        yield from ((f"service:{one}", _CALLERS[depth]) for one, depth in called if 0 < depth < len(_CALLERS))
        yield from self._providers_of(called)
        if not node:
            yield from self._nodes_of(called)
        elif not service:
            yield from ((f"service:{one}", Relation.HOSTS) for one in self._hosted.get(node, ()))
        if zone:
            yield f"zone:{zone}", Relation.SAME_ZONE
        yield from ((f"service:{one}", Relation.CALLED) for one in self._callers.get(service, ()))
        if node:
            yield from self._nodes_of(called[1:])
        yield from ((f"service:{one}", Relation.CALLER_FAR) for one, depth in called if depth >= len(_CALLERS))
        if namespace := _first(labels, _NAMESPACE):
            yield f"namespace:{namespace}", Relation.SAME_NAMESPACE

    def _called(self, service: str) -> Iterator[tuple[str, int]]:
        """The service itself at depth 0, then what it calls, breadth first, each once."""
        seen = {service}
        level = [service]
        for depth in range(_DEEPEST + 1):
            yield from ((one, depth) for one in level)
            level = sorted({one for caller in level for one in self._callees.get(caller, ())} - seen)
            seen.update(level)

    def _providers_of(self, called: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Relation]]:
        for service, depth in called:
            if depth < len(_OF_PROVIDER):
                yield from ((f"provider:{one}", _OF_PROVIDER[depth]) for one in self._providers.get(service, ()))

    def _nodes_of(self, called: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Relation]]:
        for service, depth in called:
            if depth < len(_ON_NODE):
                yield from ((f"node:{one}", _ON_NODE[depth]) for one in self._service_nodes.get(service, ()))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The second names of each first name, sorted."""
    found: dict[str, set[str]] = {}
    for first, second in pairs:
        found.setdefault(first, set()).add(second)
    return {first: tuple(sorted(seconds)) for first, seconds in sorted(found.items())}


def _first(labels: Mapping[str, str], names: Iterable[str]) -> str:
    return next((labels[name] for name in names if labels.get(name)), "")


def _values(labels: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    """The values of the labels in *names*, without a port."""
    return (host_of(labels[name]) for name in names if labels.get(name))
