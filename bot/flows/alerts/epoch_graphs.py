"""The service graph that an engine of grouping goes by: the file's, and the calls that were known at its beginning."""

from dataclasses import replace
from hashlib import sha256

from analysis.alerts.alert_rows import ServiceGraph
from analysis.alerts.topology import Topology
from bot.ports.grouping import PlacedInput


class EpochGraphs:
    """Makes the graph of an engine from what its beginning has on record, so that it is the same at any time."""

    def __init__(self, graph: ServiceGraph | None = None) -> None:
        """The file's *graph* alone, until an engine was asked for."""
        self._graph = graph or ServiceGraph()
        self._calls: frozenset[tuple[str, str]] = frozenset()
        self._newest = Topology(self._graph)

    @property
    def newest(self) -> Topology:
        """The graph of the engine that was asked for last."""
        return self._newest

    @property
    def digest(self) -> str:
        """Names the calls that the newest engine knows besides the file's; empty where there are none."""
        return sha256(repr(sorted(self._calls)).encode()).hexdigest()[:16] if self._calls else ""

    def of(self, epoch: PlacedInput) -> Topology:
        """The graph of the engine that begins with *epoch*."""
        calls = frozenset((caller, callee) for caller, callee in epoch.content.get("calls", ()))
        if calls != self._calls:
            self._calls = calls
            self._newest = Topology(replace(self._graph, calls=self._graph.calls | calls))
        return self._newest
