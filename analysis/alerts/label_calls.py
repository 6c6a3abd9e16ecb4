"""Which service calls which, as the labels of an alert say: meshes and tracing name both ends of a call.

The labels are those of Istio's and Linkerd's request metrics, of OpenTelemetry's and Tempo's service graphs
(`client`, `server`), and `caller` beside the alert's own service.
"""

from collections.abc import Iterator, Mapping

from analysis.alerts.topology import Topology

MOST_LETTERS = 200
#: The caller's label, and the callee's beside it.
_PAIRS = (
    ("client", "server"),
    ("source_canonical_service", "destination_canonical_service"),
    ("source_workload", "destination_workload"),
    ("source_app", "destination_app"),
    ("deployment", "dst_deployment"),
    ("caller", "callee"),
)
#: What such systems write where they do not know.
_UNKNOWN = frozenset({"", "unknown", "none", "-", "user", "passthroughcluster", "blackholecluster"})
_LABELS_ALONE = Topology()


def calls_in(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The calls that *labels* name, the caller first.

    >>> list(calls_in({"client": "web", "server": "cart"}))
    [('web', 'cart')]
    """
    found = [(labels.get(caller, ""), labels.get(callee, "")) for caller, callee in _PAIRS]
    if labels.get("caller") and not labels.get("callee"):
        found.append((labels["caller"], _LABELS_ALONE.place(labels).service))
    yield from (call for call in dict.fromkeys(found) if _is_known(call))


def _is_known(call: tuple[str, str]) -> bool:
    return call[0] != call[1] and all(name.lower() not in _UNKNOWN and len(name) <= MOST_LETTERS for name in call)
