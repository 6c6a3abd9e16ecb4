"""Deploys and upstream outages, and for how long they explain alerts of which services."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph

WINDOW = timedelta(minutes=10)


@dataclass(slots=True)
class ExplainingEvents:
    """The latest deploy or outage of each service; a flag explains nothing, because it restarts nothing."""

    _graph: ServiceGraph
    _latest: dict[str, Happening]

    def __init__(self, graph: ServiceGraph) -> None:
        self._graph = graph
        self._latest = {}

    def add(self, happening: Happening) -> None:
        """Take in an event of the record."""
        if happening.kind is HappeningKind.FLAG:
            return
        for service in self._touched(happening):
            known = self._latest.get(service)
            if known is None or known.at <= happening.at:
                self._latest[service] = happening

    def explains(self, service: str, at: datetime) -> Happening | None:
        """The event within the last minutes that *service* was part of."""
        happening = self._latest.get(service)
        return happening if happening and timedelta(0) <= at - happening.at <= WINDOW else None

    def _touched(self, happening: Happening) -> frozenset[str]:
        if happening.kind is HappeningKind.UPSTREAM_OUTAGE:
            return self._graph.third_party.get(happening.service, frozenset()) | {happening.service}
        return frozenset({happening.service})


def callers_of(graph: ServiceGraph) -> dict[str, frozenset[str]]:
    """For each service those that call it directly."""
    return _grouped((callee, caller) for caller, callee in graph.calls)


def callees_of(graph: ServiceGraph) -> dict[str, frozenset[str]]:
    """For each service those that it calls directly."""
    return _grouped(graph.calls)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return {one: frozenset(others) for one, others in found.items()}
