"""Deploys and upstream outages, and for how long they explain alerts of which services."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph

WINDOW = timedelta(minutes=10)


@dataclass(slots=True)
class ExplainingEvents:
    """The latest deploy or outage of each service in each environment that is named for it, or in none.

    A flag explains nothing, because it restarts nothing.
    """

    _graph: ServiceGraph
    _latest: dict[str, dict[str, Happening]]

    def __init__(self, graph: ServiceGraph) -> None:
        self._graph = graph
        self._latest = {}

    def add(self, happening: Happening) -> None:
        """Take in an event of the record."""
        if happening.kind is HappeningKind.FLAG:
            return
        for service in self._touched(happening):
            latest = self._latest.setdefault(service, {})
            known = latest.get(happening.environment)
            if known is None or known.at <= happening.at:
                latest[happening.environment] = happening

    def explains(self, service: str, at: datetime, environment: str = "") -> Happening | None:
        """The latest event within the last minutes that *service* was part of, unless both name another environment."""
        latest = self._latest.get(service, {})
        found = (one for named, one in latest.items() if not (named and environment) or named == environment)
        near = (one for one in found if timedelta(0) <= at - one.at <= WINDOW)
        return max(near, key=lambda one: one.at, default=None)

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
