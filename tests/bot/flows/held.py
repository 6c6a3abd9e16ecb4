"""A site whose alerts may wait: what fires, what is approved, and what became of it."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.channel_news import ChannelNews
from analysis.alerts.guard_rails import MOST_PASS_THROUGH, chance, is_decoy
from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.prior import SHIPPED
from analysis.alerts.stream import Stream
from analysis.events import EventKind
from analysis.incident import Visibility
from bot.flows.alerts.group_stream import Beside, apply_input, rebuild
from bot.flows.alerts.holds import Holds
from bot.ports.grouping import AlertGroup, GroupChanges, InputKind, NewInput, Position, StreamEvent
from bot.ports.holding import Hold, HoldChanges, HoldPolicy, PolicyState, Proof, Switch
from bot.ports.records import Changes
from bot.store.holding.hold_rows import to_hold
from bot.store.holding.hold_tables import ALERT_HOLD
from bot.store.record.tables import ALERT_EVENT
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.asking import Command
from bot.usecases.holding.decline import DeclineHold, decline_hold
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.timeline.open_log import open_log
from bot.usecases.timeline.record_change import RecordChange, record_change
from tests.bot.flows.streams import COMMANDER, Site, at
from tests.bot.store.parts import START

RESTARTS = Pattern(kind=PatternKind.CLASS, name="restart")
RESOLVED = AlertStatus.RESOLVED
NOISE = "BackupJobRan"
WEEKS = range(0, 70, 7)


@dataclass(slots=True)
class HeldSite(Site):
    """A workspace where deploys explain restarts; a class cannot wait before somebody approved it.

    Of the events with the numbers `certain` none is told at random, counted from now.
    """

    certain: range = range(1, 100)

    def __post_init__(self) -> None:
        """Begin empty, with a seed by which nothing is told at random for a while."""
        Site.__post_init__(self)
        self.store.clock.instant = at(0)
        content = {"seed": self._seed(), "is_killed": False, "permits": [], "at": at(-2).isoformat()}
        self.give(InputKind.HOLDING, content)

    def approve(self, pattern: Pattern = RESTARTS, *people: str, minutes: float = 14 * 24 * 60) -> HoldPolicy:
        """Let *pattern* wait for *minutes*, by as many *people*."""
        now = self.store.clock.now()
        policy = HoldPolicy(
            id=uuid4(),
            workspace_id=self.workspace,
            number=next(self.keys),
            pattern=pattern,
            is_critical=len(people) > 1,
            state=PolicyState.LIVE,
            changed_at=now,
            proof=Proof(held=1, days=30),
            approved_by=people or ("slack:U1",),
            expires_at=now + timedelta(minutes=minutes),
        )
        self.store.write(lambda _reads, _command: Changes(holds=HoldChanges(policies=(policy,))))
        return policy

    def report_deploy(self, minutes: float, service: str, environment: str) -> None:
        """Let a pipeline report a deploy, as its webhook does."""
        self.open_log()
        change = RecordChange(
            **self._asked(),
            kind=EventKind.DEPLOY,
            text=f"{service} deployed",
            occurred_at=at(minutes),
            service=service,
            details={"environment": environment},
        )
        self._ask(record_change, change)

    def fire(self, minutes: float, service: str, rule: str = "PodRestarting", **over: Any) -> None:
        """Let an alert arrive and be decided on."""
        self.arrive(minutes, service, rule, **over)
        self.group()

    def arrive(self, minutes: float, service: str, rule: str = "PodRestarting", **over: Any) -> None:
        """Let an alert arrive."""
        self.store.clock.instant = at(minutes)
        since = over.get("since")
        status = over.get("status", AlertStatus.FIRING)
        alert = Alert(
            id="",
            source="alertmanager",
            rule=rule,
            severity=over.get("severity", AlertSeverity.WARNING),
            status=status,
            labels=over.get("labels") or {"service": service, **({"pod": over["pod"]} if over.get("pod") else {})},
            annotations={"summary": f"{rule} at {service}"},
            starts_at=at(minutes if since is None else since),
            ends_at=at(minutes) if status is RESOLVED else None,
            is_per_severity=over.get("is_per_severity", False),
            received_at=at(minutes),
        )
        told = ToldAlert(alert=alert, extra=MappingProxyType({}), is_past=over.get("is_past", False))
        self.store.writer.submit(receive_alerts, ReceiveAlerts(workspace_id=self.workspace, told=[told])).result()

    def wait_until(self, minutes: float) -> None:
        """Let the time come without any alert."""
        self.store.clock.instant = at(minutes)
        self.group()

    def give(self, kind: InputKind, content: dict[str, Any]) -> None:
        """Give grouping an input."""
        key = f"{kind}:{next(self.keys)}"
        given = NewInput(workspace_id=self.workspace, kind=kind, natural_key=key, content=content)
        self.store.write(lambda _reads, _command: Changes(groups=GroupChanges(inputs=(given,))))

    def switch(self, *, is_on: bool) -> None:
        """Turn the kill switch."""
        now = self.store.clock.now()
        switch = Switch(workspace_id=self.workspace, is_on=is_on, changed_at=now, person="slack:U1")
        self.store.write(lambda _reads, _command: Changes(holds=HoldChanges(switch=switch)))

    def revoke(self, reason: str = "") -> None:
        """Take the approval back, because of *reason*."""
        with self.store.snapshots.snapshot() as reads:
            (policy,) = reads.holds.policies(self.workspace)
        asked = {"person": COMMANDER, "workspace_id": self.workspace}
        self.open_log()
        command = DeclineHold(**asked, natural_key=f"decline:{policy.id}", policy=policy.number, reason=reason)
        self.store.writer.submit(decline_hold, command).result()

    def open_log(self) -> None:
        """Let there be the workspace's own log."""
        log = Command(person=COMMANDER, workspace_id=self.workspace, natural_key=f"log:{self.workspace}")
        self._ask(open_log, log)

    def declare(self, title: str) -> int:
        """Open an incident, which is private where the title begins so; its number."""
        private = title.startswith("private: ")
        visibility = Visibility.PRIVATE if private else Visibility.PUBLIC
        asked = {"person": COMMANDER, "workspace_id": self.workspace, "natural_key": f"d:{uuid4()}"}
        command = Declare(**asked, title=title.removeprefix("private: "), visibility=visibility)
        return self.store.writer.submit(declare, command).result().number or 0

    def _seed(self) -> str:
        with self.store.database.reading() as connection:
            last = connection.execute(select(func.max(ALERT_EVENT.c.seq))).scalar() or 0
        return certain_seed([last + seq for seq in self.certain])

    def holds(self) -> list[Hold]:
        """All that waited or would have, in order."""
        wanted = select(ALERT_HOLD).where(ALERT_HOLD.c.workspace_id == self.workspace).order_by(ALERT_HOLD.c.seq)
        with self.store.database.reading() as connection:
            return [to_hold(row) for row in connection.execute(wanted).mappings()]

    def told(self) -> set[str]:
        """The places whose alerts people were told of by a message of their own, or in a storm's."""
        return {place for group in self.groups().values() if is_told(group) for place in group.digest.places}

    def events(self) -> tuple[StreamEvent, ...]:
        """Every event with what was decided of it."""
        with self.store.snapshots.snapshot() as reads:
            return reads.groups.events(self.workspace, after=0, limit=100_000)

    def decided_anew(self) -> list[tuple[Any, Any]]:
        """What is on record about holding each event of the last day, beside what an engine decides of it now."""
        with self.store.snapshots.snapshot() as reads:
            epoch = reads.groups.epoch(self.workspace)
            if epoch is None:
                return []
            inputs = reads.groups.placed(self.workspace, since=int(epoch.content["from_seq"]) - 1)
        first = int(epoch.content["first_seq"])
        before = [one for one in inputs if one.after_seq < first]
        holds = Holds()
        start = Position(first - 1, max((one.place for one in before), default=0))
        stream = rebuild(
            self.store.snapshots,
            self.workspace,
            epoch,
            start,
            topology=self.grouping.topology,
            prior=SHIPPED,
            beside=Beside(holds=holds, news=ChannelNews()),
            rest=lambda: None,
        )
        return _replayed(self.events(), [one for one in inputs if one.after_seq >= first], stream, holds, first)


def certain_seed(seqs: Iterable[int], source: str = "alertmanager", start: datetime = START) -> str:
    """A seed by which none of these events is told at random, nor the noisy rule as if it were not eligible."""
    events = [str(seq) for seq in seqs]
    seeds = (f"seed {number}" for number in itertools.count())
    return next(
        seed
        for seed in seeds
        if all(chance(seed, "pass", one) >= MOST_PASS_THROUGH for one in events)
        and not any(is_decoy(HoldingPolicy(seed=seed), (source, NOISE), start + timedelta(days=day)) for day in WEEKS)
    )


def is_told(group: AlertGroup) -> bool:
    """Whether people got a message about it."""
    return group.announced_at is not None or group.storm_id is not None


def _replayed(
    events: tuple[StreamEvent, ...], inputs: list[Any], stream: Stream, holds: Holds, first: int
) -> list[tuple[Any, Any]]:
    waiting = iter(inputs)
    given = next(waiting, None)
    pairs = []
    for event in (one for one in events if one.seq >= first):
        while given is not None and given.after_seq < event.seq:
            apply_input(stream, given)
            holds.apply(given)
            given = next(waiting, None)
        group = UUID(event.hold["group"]) if event.hold else uuid4()
        _, kept = holds.decide(event, group)
        pairs.append((event.hold, kept))
    return pairs
