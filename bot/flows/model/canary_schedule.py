"""When the canary set is due: once in each period, at an instant of the site's own, so that not all ask at once."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from analysis.errors import DebriefError
from analysis.events import Source
from analysis.inventory.things import digest
from bot.flows.model.canaries import Canaries
from bot.ports.inventory import CanaryOutcome, CanaryRun, StandingAct
from bot.ports.ledger import Snapshots
from bot.ports.outside import Clock
from bot.usecases.asking import DEBRIEF
from bot.usecases.inventory.model_standing import ownerless

log = logging.getLogger(__name__)

#: An endpoint that is down is asked again so much later.
RETRY_AFTER = timedelta(hours=1)


class FirstLook:
    """Asks once after the start what the endpoint can do, and logs what drafts lack.

    Once the canary set is asked, that says more; and what has no owner is sent nothing.
    """

    def __init__(self, canaries: Canaries, snapshots: Snapshots, workspace_id: UUID) -> None:
        """Nothing is asked yet."""
        self._canaries = canaries
        self._snapshots = snapshots
        self._workspace_id = workspace_id
        self._is_done = False

    def step(self) -> None:
        """Ask, the first time that it is called."""
        if self._is_done:
            return
        self._is_done = True
        governed = self._canaries.governance.governed
        with self._snapshots.snapshot() as reads:
            standing = reads.inventory.standing(self._workspace_id, governed.subject)
        if standing is None and not ownerless(governed):
            self._look(governed.subject)

    def _look(self, subject: str) -> None:
        form = self._canaries.governance.endpoint["form"]
        try:
            found = self._canaries.abilities(self._workspace_id)
        except DebriefError as error:
            log.warning("what the model can do is not known", extra={"subject": subject, "because": error.message})
            return
        does = {"subject": subject, "does": [name for name, has in found.items() if has]}
        if found.get(form):
            log.info("the model does what is asked of it", extra=does)
        else:
            log.error("the model does not do what is asked of it; see `debrief doctor`", extra={**does, "lacks": form})


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySchedule:
    """Run `step` often; it asks where that is due.

    Nothing is asked before somebody accepted what the model does, nor while it is off: then a person looks first.
    """

    canaries: Canaries
    snapshots: Snapshots
    clock: Clock
    workspace_id: UUID
    period: timedelta

    def step(self) -> None:
        """Ask the set if it is due."""
        if self._is_due():
            self.canaries.run(self.workspace_id, DEBRIEF, source=Source.DEBRIEF)

    def _is_due(self) -> bool:
        governed, now = self.canaries.governance.governed, self.clock.now()
        with self.snapshots.snapshot() as reads:
            standing = reads.inventory.standing(self.workspace_id, governed.subject)
            runs = reads.inventory.runs(self.workspace_id, governed.subject, limit=1, until=now)
        if ownerless(governed) or standing is None or standing.act is not StandingAct.ACCEPTED:
            return False
        offset = int(digest([str(self.workspace_id), governed.subject]), 16)
        return is_due(now, runs[0] if runs else None, self.period, offset)


def is_due(now: datetime, last: CanaryRun | None, period: timedelta, offset: int) -> bool:
    """Whether no run was answered in the present period, and none was tried within the last hour."""
    if last is None:
        return True
    if last.outcome is CanaryOutcome.UNANSWERED:
        return now - last.began_at >= min(RETRY_AFTER, period)
    return _place(last.began_at, period, offset) != _place(now, period, offset)


def _place(at: datetime, period: timedelta, offset: int) -> int:
    """Which period an instant is in; the site's own *offset* in seconds says where periods begin."""
    seconds = max(1, int(period.total_seconds()))
    return (int(at.timestamp()) - offset % seconds) // seconds
