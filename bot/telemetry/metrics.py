"""Prometheus metrics in a registry of our own, so that two apps in one process do not mix."""

from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest

from bot.ports.records import Changes


class Metrics:
    """Counts what is committed; scraped at `/metrics`."""

    def __init__(self) -> None:
        """All counters start at zero."""
        self._registry = CollectorRegistry()
        self._events = Counter("debrief_events_total", "Timeline events committed.", ["kind"], registry=self._registry)
        self._deliveries = Counter(
            "debrief_deliveries_total", "Deliveries committed to lanes.", ["kind"], registry=self._registry
        )
        self._refusals = Counter(
            "debrief_refused_requests_total", "Requests refused.", ["door", "status"], registry=self._registry
        )

    def count(self, written: Sequence[Changes]) -> None:
        """Count what one commit wrote."""
        for changes in written:
            for event in changes.events:
                self._events.labels(kind=event.kind.value).inc()
            for delivery in changes.deliveries:
                self._deliveries.labels(kind=delivery.kind.value).inc()

    def count_refusal(self, door: str, status: int) -> None:
        """Count a request to *door* that was refused."""
        self._refusals.labels(door=door, status=str(status)).inc()

    def render(self) -> tuple[bytes, str]:
        """The exposition text and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
