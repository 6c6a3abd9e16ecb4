"""A site with a history of noise: weeks of a rule that fires everywhere each day and never matters."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.tickets import Firing, Ticket, TicketVerdict
from analysis.events import Source
from analysis.incident import Visibility
from analysis.people import Access, Person
from bot.flows.alerts.nightly import NIGHT_HOUR, Nights
from bot.ports.grouping import StreamEvent
from bot.ports.holding import Hold, HoldChanges, HoldPolicy, Night, PolicyState
from bot.ports.records import Changes
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.asking import Command
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.call_mattered import (
    CallGroupMattered,
    CallMattered,
    CallNotMattered,
    call_group_mattered,
    call_mattered,
    call_not_mattered,
)
from bot.usecases.groups.make_one import MakeOne, make_one
from bot.usecases.groups.split import SplitGroup, split_group
from bot.usecases.groups.take_apart import TakeApart, take_apart
from bot.usecases.holding.approve import ApproveHold, approve_hold
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.learning.import_tickets import ImportTickets, TicketLabel, import_tickets
from bot.usecases.timeline.open_log import open_log
from tests.bot.flows.held import NOISE, HeldSite
from tests.bot.flows.streams import ADMIN, COMMANDER, at

DAY = 24 * 60
HOSTS = tuple(f"h{number}" for number in range(12))
OTHER = Person(id="slack:U9", name="otto", access=frozenset({Access.COMMANDER}))


@dataclass(slots=True)
class NightSite(HeldSite):
    """A workspace with its nightly replay, a minute count, and people who decide."""

    nights: Nights = field(init=False)
    certain: range = range(400, 640)
    watched: int = 0

    def __post_init__(self) -> None:
        """Begin with the first night, so that it counts as watched from now on."""
        HeldSite.__post_init__(self)
        self.nights = Nights(self.store.snapshots, self.writer, self.workspace, self.store.clock)
        self._ask(open_log, Command(**self._asked()))

    def noise(self, first: int, days: int, *, severity: AlertSeverity = AlertSeverity.WARNING) -> None:
        """Let the noisy rule fire at every host once a day, and resolve two minutes later."""
        for day in range(first, first + days):
            began = day * DAY
            self.hosts(began, AlertStatus.FIRING, began, severity)
            self.hosts(began + 2, AlertStatus.RESOLVED, began, severity)

    def hosts(
        self,
        minutes: float,
        status: AlertStatus,
        since: float,
        severity: AlertSeverity = AlertSeverity.WARNING,
        hosts: tuple[str, ...] = HOSTS,
    ) -> None:
        """Let the noisy rule say something at *hosts*, a second apart."""
        self.store.clock.instant = at(minutes) + timedelta(seconds=len(hosts))
        told = []
        for place, host in enumerate(hosts):
            now = at(minutes) + timedelta(seconds=place)
            alert = Alert(
                id="",
                source="alertmanager",
                rule=NOISE,
                severity=severity,
                status=status,
                labels={"service": host, "role": "batch"},
                starts_at=at(since),
                ends_at=now if status is AlertStatus.RESOLVED else None,
                received_at=now,
            )
            told.append(ToldAlert(alert=alert, extra=MappingProxyType({})))
        self._ask(receive_alerts, ReceiveAlerts(workspace_id=self.workspace, told=told))
        self.group()

    def night(self, day: int) -> bool:
        """Let the night after *day* come, and all that there were since the last one, of which nothing came."""
        for each in range(self.watched, day):
            self.store.write(partial(_quiet, night_of(self.workspace, at(each * DAY) + timedelta(hours=20))))
        self.watched = day + 1
        return self.night_alone(day)

    def night_alone(self, day: int) -> bool:
        """Let the night after *day* come; nobody was there since the last one."""
        self.store.clock.instant = at(day * DAY) + timedelta(hours=20)
        done = self.nights.step()
        self.group()
        return done

    def incidents(self, count: int) -> None:
        """Live through so many incidents."""
        for _ in range(count):
            self._ask(declare, Declare(**self._asked(), title="Card payments fail"))

    def ready(self, *, severity: AlertSeverity = AlertSeverity.WARNING) -> None:
        """Be watched for a month with 18 days of noise and 20 incidents, until the night of the first question."""
        self.night(0)
        self.noise(14, 18, severity=severity)
        self.incidents(20)
        self.night(32)

    def policies(self, *states: PolicyState) -> list[HoldPolicy]:
        """The policies in these states."""
        with self.store.snapshots.snapshot() as reads:
            return list(reads.holds.policies(self.workspace, states))

    def say_yes(self, policy: HoldPolicy, person: Person = COMMANDER, source: Source = Source.SLACK) -> str:
        """Approve it; what the person reads."""
        key = f"approve:{uuid4()}"
        asked = {"person": person, "workspace_id": self.workspace, "natural_key": key, "source": source}
        return self._ask(approve_hold, ApproveHold(**asked, policy=policy.number)).text

    def say_mattered(self, hold: Hold) -> str:
        """Say of what was held back that it mattered; what the person reads."""
        return self._ask(call_mattered, CallMattered(**self._asked(), hold=hold.seq)).text

    def attach(self, group: int, visibility: Visibility = Visibility.PUBLIC) -> int:
        """Let a group turn out to belong to an incident; its number."""
        asked = Declare(**self._asked(), title="Backups are lost", visibility=visibility)
        number = self._ask(declare, asked).number or 0
        self._ask(attach_group, AttachGroup(**self._asked(), number=number, group=group))
        return number

    def say_group_mattered(self, number: int) -> str:
        """Say of a group that it mattered; what the person reads."""
        return self._ask(call_group_mattered, CallGroupMattered(**self._asked(), group=number)).text

    def say_not_mattered(self, number: int) -> str:
        """Take that back."""
        return self._ask(call_not_mattered, CallNotMattered(**self._asked(), group=number)).text

    def split_off(self, group: int, event: StreamEvent) -> None:
        """Put the series of *event* apart from a group."""
        self._ask(split_group, SplitGroup(**self._asked(), group=group, alert_id=event.alert_id))
        self.group()

    def make_one(self, group: int, other: int) -> None:
        """Say that two groups are one, which is not grouped yet."""
        self._ask(make_one, MakeOne(**self._asked(), group=group, other=other))

    def take_apart(self, group: int) -> str:
        """Take what came in a group that was folded apart; what the person reads."""
        said = self._ask(take_apart, TakeApart(**self._asked(), group=group)).text
        self.group()
        return said

    def import_ticket(self, event: StreamEvent, key: str, verdict: TicketVerdict) -> None:
        """Let a closed ticket say of one firing whether it mattered."""
        ticket = Ticket(where="row 1", system="jira", key=key, verdict=verdict, because="Done", opened_at=at(0))
        firing = Firing(
            seq=event.seq,
            alert_id=event.alert_id,
            fingerprint=event.fingerprint,
            rule=event.alert.rule,
            starts_at=event.alert.starts_at,
        )
        labels = [TicketLabel(ticket=ticket, firing=firing)]
        self._ask(import_tickets, ImportTickets(**{**self._asked(), "person": ADMIN}, labels=labels))

    def rules(self) -> list[dict[str, Any]]:
        """What the newest night knows of the rules."""
        with self.store.snapshots.snapshot() as reads:
            night = reads.holds.newest_night(self.workspace, until=reads.now)
        return [dict(one) for one in night.found["rules"]] if night and night.found else []

    def log(self) -> list[dict[str, Any]]:
        """What the workspace's log says of holding back."""
        with self.store.snapshots.snapshot() as reads:
            found = reads.incident_by_number(self.workspace, 0)
            assert found is not None
            return [dict(one.payload) for one in reads.events(found.id) if one.kind.value == "holding_changed"]


def night_of(workspace: UUID, now: datetime) -> Night:
    """A night's replay at *now*, which found nothing."""
    day = (now - timedelta(hours=NIGHT_HOUR)).date().isoformat()
    return Night(workspace_id=workspace, day=day, began_at=now, finished_at=now, found={})


def _quiet(night: Night, _reads: Any, _command: Any) -> Changes:
    return Changes(holds=HoldChanges(night=night))
