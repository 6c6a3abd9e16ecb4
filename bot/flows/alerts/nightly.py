"""The nightly replay: learns from the whole history, revokes what would have hidden something, asks about the rest.

A night that is cut short has changed nothing but how far it says it came; the next start begins it anew.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph
from analysis.alerts.backtest import Past
from analysis.alerts.held_patterns import Permit
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.noise_night import judge
from analysis.events import Source
from bot.flows.alerts.holds import policy_of
from bot.flows.alerts.night_history import Belonging, read_belonging
from bot.ports.grouping import InputKind, StreamEvent
from bot.ports.holding import Night, PolicyState
from bot.ports.holding_reads import Start
from bot.ports.ledger import Snapshots, Writer
from bot.ports.outside import Clock
from bot.usecases.asking import DEBRIEF
from bot.usecases.holding.finish_night import FinishNight, begin_night, finish_night

log = logging.getLogger(__name__)

#: From this hour on, UTC, a night's replay may begin; what was missed while nobody was there is made up for.
NIGHT_HOUR = 3
#: How far back it looks, and at how many events at most; what belonged to incidents counts beside these.
LOOKS_BACK = timedelta(days=180)
MOST_EVENTS = 300_000
CHUNK = 1000
_NEWEST = 2**62


class Nights:
    """Run `step` often: it replays once a night."""

    def __init__(
        self,
        snapshots: Snapshots,
        writer: Writer,
        workspace_id: UUID,
        clock: Clock,
        *,
        graph: ServiceGraph | None = None,
        rest: Callable[[], object] = lambda: None,
    ) -> None:
        """*rest* is called between parts, so that others can work."""
        self._snapshots = snapshots
        self._writer = writer
        self._workspace_id = workspace_id
        self._clock = clock
        self._graph = graph
        self._rest = rest

    def step(self) -> bool:
        """Replay, if this night's replay is still to be done; whether it was."""
        now = self._clock.now()
        day = (now - timedelta(hours=NIGHT_HOUR)).date().isoformat()
        with self._snapshots.snapshot() as reads:
            night = reads.holds.night(self._workspace_id, day)
            if night is not None and night.finished_at is not None:
                return False
            start, total = reads.holds.history_start(self._workspace_id, since=now - LOOKS_BACK, most=MOST_EVENTS)
            live = reads.holds.policies(self._workspace_id, (PolicyState.LIVE,))
        policy = self._policy()
        permits = [permit for one in live if (permit := one.permit(now))]
        self._run(Night(workspace_id=self._workspace_id, day=day, began_at=now, total=total), start, permits, policy)
        return True

    def _run(self, night: Night, start: Start, permits: list[Permit], policy: HoldingPolicy) -> None:
        self._writer.submit(begin_night, night).result()
        with self._snapshots.snapshot() as reads:
            belonging = read_belonging(reads, self._workspace_id)
        newest = [belonging.as_past(one) for one in self._newest(night, start) if not one.is_end_of_part]
        history = [*self._earlier(night, start, belonging), *newest]
        result = judge(
            history,
            permits,
            policy,
            now=night.began_at,
            graph=self._graph,
            happenings=self._happenings(start.after),
            whole_since=min((one.alert.received_at for one in newest), default=None),
        )
        command = FinishNight(
            person=DEBRIEF,
            workspace_id=self._workspace_id,
            natural_key=f"night:{night.day}",
            source=Source.DEBRIEF,
            day=night.day,
            result=result,
        )
        self._writer.submit(finish_night, command).result()
        log.info("night replayed", extra={"events": len(history), "blocked": len(result.blocked)})

    def _earlier(self, night: Night, start: Start, belonging: Belonging) -> list[Past]:
        """What belonged to incidents and came before *start*: there may be too many alerts since to look at the others.

        A rule that told of an incident did so, however often it fired in vain since.
        """
        since = night.began_at - LOOKS_BACK
        with self._snapshots.snapshot() as reads:
            events = reads.holds.before(
                belonging.groups(), belonging.tickets, start=start, since=since, limit=MOST_EVENTS
            )
        past = [belonging.as_past(one) for one in events if not one.is_end_of_part]
        return [one for one in past if one.membership]

    def _newest(self, night: Night, start: Start) -> Iterator[StreamEvent]:
        """The newest history, read in parts, each in a snapshot of its own; how far it came is on record."""
        after, read = start.after, 0
        while True:
            with self._snapshots.snapshot() as reads:
                part = reads.groups.events(self._workspace_id, after=after, limit=CHUNK, since=start.since)
            yield from part
            read += len(part)
            if len(part) < CHUNK:
                return
            after = part[-1].seq
            progress = Night(
                workspace_id=night.workspace_id,
                day=night.day,
                began_at=night.began_at,
                read=read,
                total=max(night.total, read),
            )
            self._writer.submit(begin_night, progress).result()
            self._rest()

    def _happenings(self, after: int) -> list[Happening]:
        with self._snapshots.snapshot() as reads:
            placed = reads.groups.placed(self._workspace_id, since=after, kinds=(InputKind.HAPPENING,))
        return [
            Happening(
                at=datetime.fromisoformat(one.content["at"]),
                kind=HappeningKind(one.content["kind"]),
                service=one.content["service"],
                environment=one.content.get("environment", ""),
            )
            for one in placed
        ]

    def _policy(self) -> HoldingPolicy:
        """The shipped policy with the site's seed, so that its decoys are the same here as there."""
        with self._snapshots.snapshot() as reads:
            governed = reads.holds.latest_input(self._workspace_id, InputKind.HOLDING, before=_NEWEST)
        return policy_of(governed.content) if governed else HoldingPolicy()
