"""What whoever watches the process reads, for the composition root: how it is, in words and in figures."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bot.flows.anchoring import Anchoring
from bot.flows.health import Figures, Gauges, Health
from bot.flows.heartbeat import Heartbeat, NoHeartbeat
from bot.flows.probing import Probing
from bot.late import governed_by, patience_of
from bot.ports.outside import Clock
from bot.settings import Settings
from bot.store.figures import Waiting
from bot.store.opening import Store
from bot.telemetry import gauges as named
from bot.usecases.alerts.ungrouped import ungrouped_since
from bot.usecases.inventory.model_standing import problem


class Slack(Protocol):
    """Where people are."""

    @property
    def is_connected(self) -> bool:
        """Whether Slack can reach us, as far as we know."""
        ...


@dataclass(slots=True, kw_only=True)
class Watched:
    """The parts that are looked at; `services` are those that a route in line leads to."""

    settings: Settings
    store: Store
    slack: Slack
    clock: Clock
    workspace_id: UUID
    anchoring: Anchoring
    probing: Probing
    services: Collection[str]
    #: Set once it is built: it asks whether requests are answered, which are answered with this.
    heartbeat: Heartbeat | NoHeartbeat = field(default_factory=NoHeartbeat)

    def health(self) -> Health:
        """What `/healthz` says."""
        return Health(self._lanes, writer_problem=lambda: self.probing.problem, facts=self._facts)

    def gauges(self) -> Gauges:
        """What `/metrics` shows besides what is counted."""
        return Gauges(self._read_figures, facts=self._known_figures, database_up=named.DATABASE_UP)

    def _facts(self) -> dict[str, Any]:
        seconds = self.anchoring.seconds_since_success if self.settings.anchors_file else None
        return {
            "slack": "connected" if self.slack.is_connected else "waiting",
            "sends": self.store.sole_sender.is_held,
            "rows_locked": self.store.writer.meets_locked_rows,
            "anchored_seconds_ago": None if seconds is None else round(seconds),
        }

    def _lanes(self) -> dict[str, Any]:
        self.store.require_sound()
        report = self.store.lane_report()
        oldest, ungrouped = report.pop("oldest_open_at"), self._ungrouped_since()
        now = self.clock.now()
        return {
            **report,
            "oldest_open_seconds": oldest and round((now - oldest).total_seconds()),
            "alerts_ungrouped_seconds": ungrouped and round((now - ungrouped).total_seconds()),
        }

    def _ungrouped_since(self) -> datetime | None:
        with self.store.snapshots.snapshot() as reads:
            return ungrouped_since(reads, self.workspace_id)

    def _known_figures(self) -> Figures:
        """What the process knows by itself."""
        queue = self.store.writer.queue
        figures: dict[str, float] = {
            named.WRITER_UP: not self.probing.problem,
            named.WRITER_QUEUE: len(queue),
            named.WRITER_QUEUE_LIMIT: queue.limit,
            named.WRITER_REFUSED: queue.refused,
            named.SENDING: self.store.sole_sender.is_held,
            named.SLACK_CONNECTED: self.slack.is_connected,
        }
        if self.heartbeat.is_beating is not None:
            figures |= {named.HEARTBEAT_UP: self.heartbeat.is_beating, named.HEARTBEAT_AT: self.heartbeat.beat_at}
        if self.settings.anchors_file:
            seconds = self.anchoring.seconds_since_success
            figures[named.ANCHORED_AT] = 0.0 if seconds is None else time.time() - seconds
        return figures

    def _read_figures(self) -> Figures:
        """What only the database knows."""
        backlog = self.store.backlog(self.workspace_id, self.clock.now(), self.services)
        return {
            named.DELIVERIES: {to: one.number for to, one in backlog.deliveries.items()},
            named.DELIVERIES_AGE: {to: self._age(one) for to, one in backlog.deliveries.items()},
            named.PARKED_LANES: backlog.parked,
            named.GROUPING_LAG: self._age(Waiting(oldest_at=self._ungrouped_since())),
            named.HELD: {action: one.number for action, one in backlog.held.items()},
            named.HELD_AGE: {action: self._age(one) for action, one in backlog.held.items()},
            named.IN_LINE: backlog.in_line.number,
            named.IN_LINE_AGE: self._age(backlog.in_line),
            **self._model(),
        }

    def _age(self, waiting: Waiting) -> float:
        """How long the oldest has waited; a clock that was set back makes nothing younger than it is."""
        return max((self.clock.now() - waiting.oldest_at).total_seconds(), 0.0) if waiting.oldest_at else 0.0

    def _model(self) -> dict[str, float]:
        """Whether the model may be asked, where there is one."""
        if patience_of(self.settings) is None:
            return {}
        with self.store.snapshots.snapshot() as reads:
            return {named.MODEL_DRAFTING: not problem(reads, self.workspace_id, governed_by(self.settings))}
