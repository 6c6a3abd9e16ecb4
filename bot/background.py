"""What works on the record by itself beside the lanes, for the composition root: groups, and what is due by time."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bot.flows.alerts.accounts import Accounts
from bot.flows.alerts.grouping import Grouping
from bot.flows.alerts.nightly import Nights
from bot.flows.alerts.relating import Relating
from bot.flows.model.canary_schedule import CanarySchedule, FirstLook
from bot.flows.patience import Stopping
from bot.flows.reminding import Reminding
from bot.flows.schedule import Schedule
from bot.late import build_canaries, patience_of
from bot.parts import read_service_graph
from bot.ports.outside import Clock
from bot.settings import Settings
from bot.slack.workspace.directory import SlackDirectory
from bot.store.opening import Store

#: How often is looked for what people must be reminded of.
REMINDING_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What learns from the history each night, and what tells people what was held, when each is due.

    `canaries` watches the language model beside them, because it may wait for minutes; nothing where there is none.
    """

    nights: Nights
    accounts: Accounts
    schedule: Schedule
    reminders: Schedule
    canaries: Schedule | None

    def start(self) -> None:
        """Begin the schedules."""
        self.schedule.start()
        self.reminders.start()
        if self.canaries:
            self.canaries.start()

    def stop(self) -> None:
        """End what they are at."""
        self.schedule.stop()
        self.reminders.stop()
        if self.canaries:
            self.canaries.stop()


def build_grouping(settings: Settings, store: Store, workspace_id: UUID) -> Grouping:
    """Puts the alerts of all senders into groups."""
    return Grouping(
        store.snapshots,
        store.writer,
        workspace_id,
        is_told=bool(settings.alerts_channel),
        known=read_service_graph(settings.service_graph),
        is_stopped=lambda: settings.is_holding_stopped,
        may_group=lambda: store.sole_sender.is_held,
    )


def build_relating(store: Store, workspace_id: UUID, grouping: Grouping) -> Relating:
    """Compares what *grouping* has decided with the open incidents."""
    return Relating(
        store.snapshots,
        store.writer,
        workspace_id,
        topology=lambda: grouping.topology,
        may_relate=lambda: store.sole_sender.is_held,
    )


def build_reports(
    settings: Settings, store: Store, workspace_id: UUID, clock: Clock, people: SlackDirectory, stopping: Stopping
) -> Reports:
    """What the history teaches, and what people are told of it, each when due; no model is asked on *stopping*."""
    graph = read_service_graph(settings.service_graph).graph
    nights = Nights(store.snapshots, store.writer, workspace_id, clock, graph=graph)
    period = timedelta(minutes=settings.hold_digest_minutes)
    accounts = Accounts(store.snapshots, store.writer, workspace_id, clock, period=period)
    schedule = Schedule((accounts.step, nights.step), may_run=lambda: store.sole_sender.is_held)
    reminding = build_reminding(settings, store, workspace_id, clock, people)
    return Reports(
        nights=nights,
        accounts=accounts,
        schedule=schedule,
        # In a thread of its own: a night's replay takes minutes, and who takes over must not wait for it.
        reminders=Schedule(
            (reminding.step,), may_run=lambda: store.sole_sender.is_held, interval_seconds=REMINDING_SECONDS
        ),
        canaries=_build_canaries(settings, store, workspace_id, clock, stopping),
    )


def build_reminding(
    settings: Settings, store: Store, workspace_id: UUID, clock: Clock, people: SlackDirectory
) -> Reminding:
    """What tells of a draft that nobody approves, and of a commander whose account is closed."""

    def zone_of(actor: str) -> str:
        person = people.person(actor.removeprefix("slack:"))
        return person.zone if person else ""

    return Reminding(
        store.snapshots,
        store.writer,
        workspace_id,
        clock,
        after=timedelta(hours=settings.approval_reminder_hours),
        is_gone=people.is_gone,
        zone_of=zone_of,
    )


def _build_canaries(
    settings: Settings, store: Store, workspace_id: UUID, clock: Clock, stopping: Stopping
) -> Schedule | None:
    if patience_of(settings) is None or not settings.canary_hours:
        return None
    canaries = build_canaries(settings, store, clock, stopping=stopping)
    watching = CanarySchedule(
        canaries=canaries,
        snapshots=store.snapshots,
        clock=clock,
        workspace_id=workspace_id,
        period=timedelta(hours=settings.canary_hours),
    )
    first = FirstLook(canaries, store.snapshots, workspace_id)
    return Schedule((first.step, watching.step), may_run=lambda: store.sole_sender.is_held)
