"""Compares groups of alerts with open incidents whenever either changed, in the one process that sends.

Nothing is remembered between two looks: what is found follows from the record alone, and what is on record already is
not written again. So a process that is killed at any moment goes on as if it had not been.
"""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from analysis.alerts.topology import Topology
from analysis.events import Source
from bot.flows.worker import Worker
from bot.ports.ledger import Snapshots, Writer
from bot.usecases.asking import DEBRIEF
from bot.usecases.signals.find import find_signals
from bot.usecases.signals.record import RecordSignals, record_signals

log = logging.getLogger(__name__)

#: A look takes all that has changed, so that looks need not be many.
LEAST_REST_SECONDS = 0.5
#: How long nothing is done where another process sends, and where nothing changes.
TURN_SECONDS = 1.0
IDLE_SECONDS = 3_600.0


class Relating:
    """Attaches and suggests; `wake` makes it look."""

    def __init__(
        self,
        snapshots: Snapshots,
        writer: Writer,
        workspace_id: UUID,
        *,
        topology: Callable[[], Topology],
        may_relate: Callable[[], bool] = lambda: True,
    ) -> None:
        """Nothing starts before `start`; *topology* gives the service graph in force."""
        self._snapshots = snapshots
        self._writer = writer
        self._workspace_id = workspace_id
        self._topology = topology
        self._may_relate = may_relate
        self._one_at_a_time = threading.Lock()
        self._worker = Worker("relating", self._look, when_failing="signals wait")

    def start(self) -> None:
        """Begin with what was recorded while nobody was there."""
        self._worker.start()

    def wake(self) -> None:
        """Look again."""
        self._worker.wake()

    def stop(self) -> None:
        """Finish the look that was begun."""
        self._worker.stop()

    def step(self) -> bool:
        """Look once; whether anything was written."""
        with self._one_at_a_time:
            with self._snapshots.snapshot() as reads:
                found = find_signals(reads, self._workspace_id, self._topology())
            for incident_id, signals in found.items():
                command = RecordSignals(
                    person=DEBRIEF,
                    workspace_id=self._workspace_id,
                    natural_key=f"signals:{incident_id}",
                    source=Source.DEBRIEF,
                    incident_id=incident_id,
                    found=signals,
                )
                self._writer.submit(record_signals, command).result()
                log.info("signals found", extra={"incident": str(incident_id), "signals": len(signals)})
        return bool(found)

    def _look(self) -> float:
        if not self._may_relate():
            return TURN_SECONDS
        self.step()
        self._worker.rest(LEAST_REST_SECONDS)
        return IDLE_SECONDS
