"""Prometheus metrics in a registry of our own, so that two apps in one process do not mix."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Info,
    Metric,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from bot.ports.records import Changes
from bot.telemetry.gauges import GAUGES

Figures = Mapping[str, float | Mapping[str, float]]

#: What whoever sends alerts is answered in the course of things: counted from the start, so that the first one shows.
_USUAL_CODES = ("200", "400", "401", "409", "413", "429", "500", "503")
_TOTAL = "_total"


class Metrics:
    """Counts what is committed, taken and answered, and shows what is so now; scraped at `/metrics`.

    No value of a label comes from a request: sources are those of the settings.
    """

    def __init__(self, *, version: str = "", database: str = "", alert_sources: Collection[str] = ()) -> None:
        """All counters start at zero."""
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("debrief_build", "The version that runs, and its database.", registry=registry).info(
            {"version": version, "database": database}
        )
        self._events = Counter("debrief_events_total", "Timeline events committed.", ["kind"], registry=registry)
        self._deliveries = Counter(
            "debrief_deliveries_total", "Deliveries committed to lanes.", ["kind"], registry=registry
        )
        self._refusals = Counter(
            "debrief_refused_requests_total", "Requests refused.", ["door", "status"], registry=registry
        )
        self._requests = Counter(
            "debrief_requests_total", "Requests answered.", ["door", "source", "code"], registry=registry
        )
        self._alerts = Counter(
            "debrief_alerts_taken_total", "Alerts on record or known, repeats included.", ["source"], registry=registry
        )
        self._taken_at = Gauge(
            "debrief_alerts_last_taken_timestamp_seconds",
            "When a source last told an alert, since this process began.",
            ["source"],
            registry=registry,
        )
        for source in alert_sources:
            self._alerts.labels(source=source)
            for code in _USUAL_CODES:
                self._requests.labels(door="alerts", source=source, code=code)

    def count(self, written: Sequence[Changes]) -> None:
        """Count what one commit wrote."""
        for changes in written:
            for event in changes.events:
                self._events.labels(kind=event.kind.value).inc()
            for delivery in changes.deliveries:
                self._deliveries.labels(kind=delivery.kind.value).inc()

    def count_request(self, door: str, source: str, status: int, *, is_refused: bool) -> None:
        """Count a request of *source* to *door* that was answered."""
        self._requests.labels(door=door, source=source, code=str(status)).inc()
        if is_refused:
            self._refusals.labels(door=door, status=str(status)).inc()

    def count_alerts(self, source: str, alerts: int, at: datetime) -> None:
        """Count what *source* told at one time."""
        self._alerts.labels(source=source).inc(alerts)
        self._taken_at.labels(source=source).set(at.timestamp())

    def render(self, figures: Figures) -> tuple[bytes, str]:
        """The exposition text, with *figures* for the gauges, and its media type."""
        return generate_latest(_Page(self._registry, figures)), CONTENT_TYPE_LATEST


class _Page(CollectorRegistry):
    """What is counted here, and what was read for this one scrape."""

    def __init__(self, counted: CollectorRegistry, figures: Figures) -> None:
        super().__init__()
        self._counted = counted
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Every family once."""
        yield from self._counted.collect()
        for name, (told, label) in GAUGES.items():
            if name in self._figures:
                yield _family(name, told, label, self._figures[name])


def _family(name: str, told: str, label: str, figure: float | Mapping[str, float]) -> Metric:
    kind = CounterMetricFamily if name.endswith(_TOTAL) else GaugeMetricFamily
    if not isinstance(figure, Mapping):
        return kind(name.removesuffix(_TOTAL), told, value=figure)
    family = kind(name.removesuffix(_TOTAL), told, labels=[label])
    for value, number in figure.items():
        family.add_metric([value], number)
    return family
