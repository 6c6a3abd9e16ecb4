"""What asks pagers, and the outside heartbeat, built for the composition root."""

from typing import Protocol

from bot.flows.dispatcher import Dispatcher
from bot.flows.forwarding import AlertForwarding
from bot.flows.heartbeat import OVERDUE, SILENT_SECONDS, Heartbeat, NoHeartbeat
from bot.flows.paging import PageSending
from bot.flows.probing import Probing
from bot.pager.building import PagerSide, build_pager_side
from bot.pager.config import PagerFile
from bot.ports.outside import Clock
from bot.settings import Settings
from bot.store.opening import Store


class Emails(Protocol):
    """Addresses, as far as Slack shows them."""

    def email_of(self, slack_id: str) -> str | None:
        """The address of a person."""
        ...

    def person_with(self, email: str) -> str | None:
        """The Slack id of whoever has this address."""
        ...


class Web(Protocol):
    """What takes requests."""

    def problem(self) -> str:
        """What keeps it from answering; empty where nothing does."""
        ...


def build_pager(file: PagerFile, settings: Settings, store: Store, clock: Clock, emails: Emails) -> PagerSide:
    """The pagers of *file*, asked within what the settings allow."""
    return build_pager_side(
        file,
        settings,
        store.egress,
        clock,
        store.new_id,
        email_of=emails.email_of,
        person_with=emails.person_with,
    )


def build_paging(store: Store, pager: PagerSide, clock: Clock) -> Dispatcher:
    """What asks pagers, beside what tells Slack: neither waits for the other."""
    plan = pager.file.plan()
    sending = PageSending(pager.pagers, plan, snapshots=store.snapshots, clock=clock)
    handlers = {**sending.handlers(), **AlertForwarding(pager.pagers, plan).handlers()}
    return Dispatcher(store.pager_outbox, handlers, clock, may_send=store.sole_sender.holds)


def build_heartbeat(
    pager: PagerSide, store: Store, paging: Dispatcher, clock: Clock, probing: Probing, web: Web
) -> Heartbeat | NoHeartbeat:
    """The outside heartbeat: while alerts are taken, the writer commits, the pager is asked, and none is overdue."""
    if pager.file.heartbeat is None:
        return NoHeartbeat()
    # What waits for a service that no route leads to any more may never be taken: it must not stop the heart for good.
    services = frozenset(route.service for route in pager.file.routes)

    def problem() -> str:
        if not store.sole_sender.is_held:
            return "another process sends, and its heart beats"
        if paging.seconds_since_turn > SILENT_SECONDS:
            return "nothing asks the pager any more"
        return probing.problem or web.problem() or store.overdue_forwards(clock.now(), OVERDUE, services)

    return Heartbeat(pager.beat, problem, interval_seconds=pager.file.heartbeat.every_seconds)
