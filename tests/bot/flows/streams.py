"""Streams of alerts for grouping: what is taken when, and what was decided of it, whatever numbers a database gave."""

import itertools
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.topology import Topology
from analysis.errors import Unavailable
from analysis.incident import Visibility
from analysis.lifecycle import Move
from analysis.people import Access, Person
from bot.flows.alerts.grouping import Grouping
from bot.ports.grouping import AlertGroup, GroupChanges, InputKind, NewInput
from bot.ports.ledger import Reads
from bot.ports.records import Changes, InboxKey, Reply
from bot.store.grouping.group_rows import to_decided
from bot.store.grouping.group_tables import DECISION
from bot.store.record.tables import ALERT, ALERT_EVENT
from bot.store.workspaces import ensure_workspace
from bot.usecases.alerts.import_alerts import ImportAlerts, import_alerts
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.confirm_calls import WithdrawCall, withdraw_call
from bot.usecases.groups.detach import DetachGroup, detach_group
from bot.usecases.groups.split import SplitGroup, split_group
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.end import EndIncident, end_incident
from bot.usecases.incident.reopen import Reopen, reopen
from bot.usecases.incident.resolve import Resolve, resolve
from bot.usecases.privacy.set_visibility import SetVisibility, set_visibility
from tests.bot.store.parts import START, Store

SERVICES = ("shop", "cart", "pay", "store")
ADMIN = Person(id="cli:root", access=frozenset({Access.ADMIN}))
COMMANDER = Person(id="slack:U0", name="cleo", access=frozenset({Access.COMMANDER}))


@dataclass(frozen=True, slots=True)
class Told:
    """One alert *minutes* after the beginning; `place` and `rule` are small numbers, `caller` a service or nothing."""

    minutes: float
    rule: int
    place: int
    status: AlertStatus = AlertStatus.FIRING
    severity: AlertSeverity = AlertSeverity.WARNING
    began: float | None = None
    caller: str = ""
    is_per_severity: bool = False


class DyingWriter:
    """Hands on to the real writer, and dies before or after a commit where it is told to."""

    def __init__(self, store: Store) -> None:
        """Live for now."""
        self._store = store
        self.dies = ""
        self.dies_at = 1
        self.first: Callable[[], object] | None = None

    def submit(
        self,
        use_case: Callable[[Reads, Any], Changes],
        command: Any,
        *,
        key: InboxKey | None = None,
        bulk: bool = False,
    ) -> Future[Reply]:
        """Commit, unless it dies before: at the next commit, or the one after so many."""
        if self.dies and self.dies_at > 1:
            self.dies_at -= 1
            return self._store.writer.submit(use_case, command, key=key, bulk=bulk)
        dies, self.dies = self.dies, ""
        first, self.first = self.first, None
        if first:
            first()
        if dies == "before":
            raise Unavailable
        future = self._store.writer.submit(use_case, command, key=key, bulk=bulk)
        if dies == "after":
            future.result()
            raise Unavailable
        return future


@dataclass(slots=True)
class Site:
    """A workspace of its own with its grouping, which can be killed and started again."""

    store: Store
    workspace: UUID = field(init=False)
    writer: DyingWriter = field(init=False)
    grouping: Grouping = field(init=False)
    keys: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Begin empty."""
        self.workspace = ensure_workspace(self.store.writer, team_id=f"T{uuid4().hex}", name="Example")
        self.writer = DyingWriter(self.store)
        self.start()

    def start(self) -> None:
        """Forget what only memory has."""
        self.grouping = Grouping(self.store.snapshots, self.writer, self.workspace, is_told=True)

    def take(self, told: Sequence[Told]) -> None:
        """Let the alerts arrive in one request, each with its time."""
        if not told:
            return
        self.store.clock.instant = at(max(one.minutes for one in told))
        self.receive(*map(as_alert, told))

    def receive(self, *alerts: Alert) -> None:
        """Let alerts arrive in one request, at the time that it is."""
        told = [ToldAlert(alert=one, extra=MappingProxyType({})) for one in alerts]
        self._ask(receive_alerts, ReceiveAlerts(workspace_id=self.workspace, told=told))

    def take_past(self, told: Sequence[Told]) -> None:
        """Let somebody import the alerts, each as of its time."""
        alerts = [ToldAlert(alert=as_alert(one), extra=MappingProxyType({}), is_past=True) for one in told]
        delivery = ReceiveAlerts(workspace_id=self.workspace, told=alerts)
        self._ask(import_alerts, ImportAlerts(person=ADMIN, delivery=delivery))

    def deploy(self, minutes: float, service: str) -> None:
        """Let a deploy be reported that explains what follows."""
        given = NewInput(
            workspace_id=self.workspace,
            kind=InputKind.HAPPENING,
            natural_key=f"happening:{next(self.keys)}",
            content={"at": at(minutes).isoformat(), "kind": "deploy", "service": service},
        )
        self.store.write(lambda _reads, _command: Changes(groups=GroupChanges(inputs=(given,))))

    def end_an_incident(self, group: int) -> None:
        """Let the group be attached to an incident that then is over."""
        number = self._ask(declare, Declare(**self._asked(), title="Card payments fail")).number
        self._ask(attach_group, AttachGroup(**self._asked(), number=number, group=group))
        self._ask(resolve, Resolve(**self._asked(), number=number))

    def declare(self, title: str) -> int:
        """Open an incident; its number."""
        return self._ask(declare, Declare(**self._asked(), title=title)).number or 0

    def attach(self, number: int, *groups: int) -> None:
        """Attach groups to an incident."""
        for group in groups:
            self._ask(attach_group, AttachGroup(**self._asked(), number=number, group=group))

    def detach(self, number: int, group: int) -> None:
        """Take a group off an incident."""
        self._ask(detach_group, DetachGroup(**self._asked(), number=number, group=group))

    def set_visibility(self, number: int, visibility: Visibility) -> None:
        """Make an incident private, or public again."""
        self._ask(set_visibility, SetVisibility(**self._asked(), number=number, visibility=visibility))

    def end(self, number: int, move: Move, duplicate_of: int | None = None) -> None:
        """Let an incident turn out to be none, or another one."""
        command = EndIncident(
            **self._asked(), number=number, move=move, reason="said in a test", duplicate_of=duplicate_of
        )
        self._ask(end_incident, command)

    def resolve(self, number: int) -> None:
        """End it."""
        self._ask(resolve, Resolve(**self._asked(), number=number))

    def reopen(self, number: int, minutes: float) -> None:
        """Begin its next phase, so many minutes after the beginning."""
        self.store.clock.instant = at(minutes)
        self._ask(reopen, Reopen(**self._asked(), number=number, reason="said in a test"))

    def split(self, group: int) -> None:
        """Put the last series of a group apart, if it has several."""
        with self.store.snapshots.snapshot() as reads:
            found = reads.groups.by_number(self.workspace, group)
            series = reads.groups.series_of(found.id, 100) if found else ()
        if len(series) > 1:
            last = max(series, key=lambda one: one.fingerprint)
            self._ask(split_group, SplitGroup(**self._asked(), group=group, alert_id=last.alert_id))

    def withdraw(self, caller: str, callee: str) -> None:
        """Say that one service does not call the other."""
        self._ask(withdraw_call, WithdrawCall(**self._asked(), caller=caller, callee=callee))

    def topology(self) -> Topology:
        """What calls what, as the engine in force knows it."""
        return self.grouping.topology

    def newest(self) -> int:
        """The number of the newest group; 0 where there is none."""
        return max(self.groups(), default=0)

    def _ask(self, use_case: Callable[[Reads, Any], Changes], command: Any) -> Reply:
        return self.store.writer.submit(use_case, command).result()

    def _asked(self) -> dict[str, Any]:
        key = f"test:{next(self.keys)}"
        return {"person": COMMANDER, "workspace_id": self.workspace, "natural_key": key}

    def group(self, dies: str = "") -> None:
        """Decide about everything; killed *dies* (before, after) the first commit, it is started again."""
        self.writer.dies = dies
        try:
            while self.grouping.step():
                pass
        except Unavailable:
            self.start()
            self.group()

    def groups(self) -> dict[int, AlertGroup]:
        """The groups by number."""
        with self.store.snapshots.snapshot() as reads:
            found = (reads.groups.by_number(self.workspace, number) for number in range(1, self._next()))
            return {group.number: group for group in found if group}

    def decisions(self) -> list[tuple[Any, ...]]:
        """Every decision in order: group, kind, logit, suggestion, reasons; numbers instead of ids."""
        wanted = (
            select(DECISION, DECISION.c.content.label("decision_content"))
            .join(ALERT_EVENT, ALERT_EVENT.c.seq == DECISION.c.seq)
            .join(ALERT)
            .where(ALERT.c.workspace_id == self.workspace)
            .order_by(DECISION.c.seq)
        )
        with self.store.database.reading() as connection:
            rows = [to_decided(row, self.store.sealer) for row in connection.execute(wanted).mappings()]
        names = {str(row.seq): f"e{place}" for place, row in enumerate(rows)}
        with self.store.snapshots.snapshot() as reads:
            known = reads.groups.several({row.group_id for row in rows} | {row.suggested for row in rows} - {None})
        numbers = {str(group_id): f"G-{group.number}" for group_id, group in known.items()}
        names |= numbers
        return [
            (
                numbers[str(row.group_id)],
                row.kind.value,
                row.logit.hex(),
                numbers.get(str(row.suggested), ""),
                _named(row.reasons, names),
                _named(row.links, names),
            )
            for row in rows
        ]

    def engines(self) -> list[str]:
        """Which engine made each decision."""
        wanted = select(DECISION.c.engine).join(ALERT_EVENT, ALERT_EVENT.c.seq == DECISION.c.seq).join(ALERT)
        ordered = wanted.where(ALERT.c.workspace_id == self.workspace).order_by(DECISION.c.seq)
        with self.store.database.reading() as connection:
            return list(connection.execute(ordered).scalars())

    def _next(self) -> int:
        with self.store.snapshots.snapshot() as reads:
            return reads.groups.next_number(self.workspace)


def at(minutes: float) -> datetime:
    """The instant *minutes* after the beginning."""
    return START + timedelta(minutes=minutes)


def as_alert(told: Told) -> Alert:
    """The alert as a sender tells it."""
    began = told.minutes if told.began is None else told.began
    is_resolved = told.status is AlertStatus.RESOLVED
    return Alert(
        id="",
        source="alertmanager",
        rule=f"Rule{told.rule}",
        severity=told.severity,
        status=told.status,
        labels={
            "service": SERVICES[told.place % len(SERVICES)],
            "pod": f"p{told.place}",
            **({"caller": told.caller} if told.caller else {}),
        },
        annotations={"summary": f"Rule {told.rule} fires"},
        is_per_severity=told.is_per_severity,
        starts_at=at(began),
        ends_at=at(told.minutes) if is_resolved else None,
        received_at=at(told.minutes),
    )


def _named(values: Sequence[Any], names: dict[str, str]) -> str:
    """JSON with the database's numbers replaced, floats to the last bit."""

    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [plain(each) for each in value]
        if isinstance(value, float):
            return value.hex()
        return names.get(value, value) if isinstance(value, str) else value

    return json.dumps(plain(values))
