"""Sees what people must be reminded of: a draft that nobody approves, and a commander whose account is closed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from analysis.events import EventKind, Source
from analysis.incident import ACTIVE_STATUSES, Incident, Status
from analysis.working_hours import is_working_time
from bot.ports.ledger import Reads, Snapshots, Writer
from bot.ports.outside import Clock
from bot.usecases.asking import DEBRIEF
from bot.usecases.incident.reminding import (
    RemindOfDraft,
    TellCommanderGone,
    remind_of_draft,
    tell_commander_gone,
    untold_commander,
    untold_draft,
)

#: How many incidents are looked at, the newest first.
MOST = 1000
#: Where a commander still has something to do.
_LED = ACTIVE_STATUSES | {Status.IN_REVIEW}
#: What has waited for longer than this on top was not reminded of when it was time, as before an upgrade: nobody needs
#: a message about each document of last year.
STALE = timedelta(days=7)


class Reminding:
    """Run `step` often: each thing is told once, and a draft in the working hours of who is to read of it."""

    def __init__(
        self,
        snapshots: Snapshots,
        writer: Writer,
        workspace_id: UUID,
        clock: Clock,
        *,
        after: timedelta,
        is_gone: Callable[[str], bool],
        zone_of: Callable[[str], str],
    ) -> None:
        """A draft is reminded of when it has waited for *after*, nought for never.

        *is_gone* says whether Slack has closed the account of an actor, *zone_of* which zone an actor's clock shows.
        """
        self._snapshots = snapshots
        self._writer = writer
        self._workspace_id = workspace_id
        self._clock = clock
        self._after = after
        self._is_gone = is_gone
        self._zone_of = zone_of

    def step(self) -> None:
        """Tell what is to be told now."""
        now = self._clock.now()
        with self._snapshots.snapshot() as reads:
            led = reads.incidents(self._workspace_id, statuses=_LED, limit=MOST)
            gone = [one for one in led if untold_commander(reads, one, self._is_gone)]
            drafts = list(self._unsigned(reads, led, now)) if self._after else []
        for incident in gone:
            left = TellCommanderGone(**self._base(incident, "commander"), holder=incident.commander or "")
            self._writer.submit(tell_commander_gone, left).result()
        for incident, revision in drafts:
            waits = RemindOfDraft(**self._base(incident, "draft"), revision=revision)
            self._writer.submit(remind_of_draft, waits).result()

    def _unsigned(self, reads: Reads, led: Iterable[Incident], now: datetime) -> Iterable[tuple[Incident, UUID]]:
        for incident in led:
            # What came into review later than that has no draft that is older.
            since = incident.changed_at or incident.declared_at
            if incident.status is not Status.IN_REVIEW or now - since < self._after:
                continue
            waiting = untold_draft(reads, incident)
            is_due = waiting is not None and self._after <= now - waiting[1] < self._after + STALE
            if waiting and is_due and is_working_time(now, self._zone(reads, incident)):
                yield incident, waiting[0].id

    def _zone(self, reads: Reads, incident: Incident) -> str:
        """The zone of the commander, or of whoever asked for the newest draft where there is none."""
        drafted = reads.events_of_kind(incident.id, {EventKind.DRAFTED})
        readers = [incident.commander or "", *(event.actor for event in reversed(drafted))]
        return next((zone for reader in readers if reader and (zone := self._zone_of(reader))), str(UTC))

    def _base(self, incident: Incident, about: str) -> dict[str, Any]:
        return {
            "person": DEBRIEF,
            "workspace_id": self._workspace_id,
            "natural_key": f"debrief:reminding:{about}:{incident.id}",
            "source": Source.DEBRIEF,
            "number": incident.number,
        }
