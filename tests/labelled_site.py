"""A site in the configured database whose faults spread more slowly than the shipped weights expect, with its labels.

Each fault is at one of many pairs of services: the caller's alerts come first, those of what it calls twenty minutes
later, when the shipped weights take them for something else. People attached both groups to one incident.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import ServiceGraph
from analysis.people import Access, Person
from bot.flows.alerts.grouping import Grouping
from bot.parts import SystemClock, open_workspace
from bot.ports.grouping import KnownGraph
from bot.ports.records import Reply
from bot.settings import load_settings
from bot.store.grouping.group_tables import DECISION
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.store.workspaces import UNNAMED_TEAM
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.resolve import Resolve, resolve

PAIRS = 40
COMMANDER = Person(id="slack:U0", name="cleo", access=frozenset({Access.COMMANDER}))
GRAPH = {
    "services": [{"name": f"{side}{number}", "kind": "app"} for number in range(PAIRS) for side in ("front", "back")],
    "calls": [[f"front{number}", f"back{number}"] for number in range(PAIRS)],
}
EVERY = timedelta(hours=3)
#: A rule, a service and an instant.
Firing = tuple[str, str, datetime]
LATER = timedelta(minutes=20)


def graph() -> ServiceGraph:
    """The services' graph."""
    calls = frozenset((caller, callee) for caller, callee in GRAPH["calls"])
    return ServiceGraph(calls=calls, kinds=MappingProxyType({one["name"]: "app" for one in GRAPH["services"]}))


def faults(count: int, *, until: datetime | None = None) -> list[list[Alert]]:
    """The alerts of so many faults, the last of which began before *until*, by default three hours ago."""
    last = until or datetime.now(UTC) - EVERY
    return [_fault(number, last - EVERY * (count - 1 - number)) for number in range(count)]


class LabelledSite:
    """The configured database, open until `close`."""

    def __init__(self) -> None:
        """Make it where it is not there."""
        self.store: Store = open_store(load_settings(), SystemClock(), prepare=upgrade)
        self.workspace = open_workspace(self.store, UNNAMED_TEAM, "")
        self._keys = iter(range(10**9))

    def take(self, alerts: Sequence[Alert]) -> None:
        """Let *alerts* arrive and be grouped."""
        told = [ToldAlert(alert=alert, extra=MappingProxyType({})) for alert in alerts]
        self.store.writer.submit(receive_alerts, ReceiveAlerts(workspace_id=self.workspace, told=told)).result()
        self.group()

    def group(self) -> None:
        """Decide about everything, as the server does; a new process each time."""
        known = KnownGraph(graph=graph(), digest="graph")
        grouping = Grouping(self.store.snapshots, self.store.writer, self.workspace, known=known)
        while grouping.step():
            pass

    def label(self, faults: Sequence[Sequence[Alert]]) -> None:
        """Declare an incident for each fault, attach every group of it, and resolve it."""
        groups = self.groups()
        titles = [f"Fault at {alerts[0].labels['service']}" for alerts in faults]
        declared = self._ask_all(declare, [Declare(**self.asked(), title=title) for title in titles])
        numbers = [reply.number or 0 for reply in declared]
        attached = [
            AttachGroup(**self.asked(), number=number, group=group)
            for number, alerts in zip(numbers, faults, strict=True)
            for group in sorted({groups[named(alert)] for alert in alerts})
        ]
        self._ask_all(attach_group, attached)
        self._ask_all(resolve, [Resolve(**self.asked(), number=number) for number in numbers])

    def engines(self) -> list[str]:
        """Which engine made each decision, in order."""
        wanted = select(DECISION.c.engine).order_by(DECISION.c.seq)
        with self.store.database.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def ask(self, use_case: Any, command: Any) -> Reply:
        """Let the commander ask for something."""
        return self.store.writer.submit(use_case, command).result()

    def _ask_all(self, use_case: Any, commands: Sequence[Any]) -> list[Reply]:
        """Ask for all at once, so that a few transactions hold them."""
        futures = [self.store.writer.submit(use_case, command) for command in commands]
        return [future.result() for future in futures]

    def asked(self) -> dict[str, Any]:
        """The common fields of a command of the commander."""
        key = f"site:{next(self._keys)}"
        return {"person": COMMANDER, "workspace_id": self.workspace, "natural_key": key}

    def groups(self) -> dict[Firing, int]:
        """The number of the group that each firing is in now."""
        with self.store.snapshots.snapshot() as reads:
            events = reads.groups.events(self.workspace, after=0, limit=100_000)
            groups = reads.groups.several({event.group_id for event in events if event.group_id})
        found = {}
        for event in events:
            group = groups[event.group_id] if event.group_id else None
            root = groups[group.merged_into] if group and group.merged_into else group
            if root and event.alert.status is AlertStatus.FIRING:
                found[named(event.alert)] = root.number
        return found


def named(alert: Alert) -> Firing:
    """What tells a firing from all others here."""
    return alert.rule, alert.labels["service"], alert.starts_at


def _fault(number: int, began: datetime) -> list[Alert]:
    pair = number % PAIRS
    front = [("FrontErrors", 0), ("FrontLatency", 20)]
    back = [("BackQueue", 0), ("BackErrors", 15), ("BackSaturated", 40)]
    return [
        *(_alert(rule, f"front{pair}", began + timedelta(seconds=seconds)) for rule, seconds in front),
        *(_alert(rule, f"back{pair}", began + LATER + timedelta(seconds=seconds)) for rule, seconds in back),
    ]


def _alert(rule: str, service: str, at: datetime) -> Alert:
    return Alert(
        id="",
        source="alertmanager",
        rule=rule,
        severity=AlertSeverity.CRITICAL,
        status=AlertStatus.FIRING,
        labels={"service": service},
        annotations={"summary": f"{rule} at {service}"},
        starts_at=at,
        received_at=at + timedelta(seconds=1),
    )
