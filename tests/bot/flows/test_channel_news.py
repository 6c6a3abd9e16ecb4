"""What the channel is told of senders that never say that something is over, and of groups that fire for long."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from analysis.alerts.alert import AlertSeverity, AlertStatus
from bot.ports.grouping import Notice
from bot.ports.records import Delivery, DeliveryKind
from bot.usecases.group_messages import BUDGET, STORM_POSTED_EVERY
from bot.usecases.group_posted import StormPosted, storm_posted
from bot.usecases.receive_alerts import ReceiveAlerts, ToldAlert, receive_alerts
from tests.bot.flows.streams import Site, Told, as_alert, at
from tests.bot.store.parts import Store
from tests.effort import leading

CRITICAL, WARNING = AlertSeverity.CRITICAL, AlertSeverity.WARNING
#: Once it has told of noise for five hours.
THEN = 5 * 60.0


def hear(site: Site, *told: Told, source: str = "ids", is_moment: bool = False) -> None:
    """Let *source* tell of alerts, each at its time, and let them be grouped."""
    for one in told:
        tell(site, one, source=source, is_moment=is_moment)
        site.group()


def hear_noise(site: Site, *, places: int = 1) -> None:
    """Five hours in which a rule fires again and again at each of some places, and no end is told."""
    for number in range(25):
        tell(site, *(Told(THEN / 25 * number, 0, place) for place in range(places)))
    site.group()
    posts(site)


def tell(site: Site, *told: Told, source: str = "ids", is_moment: bool = False) -> None:
    """Let *source* tell of alerts in one request."""
    site.store.clock.instant = at(told[-1].minutes)
    alerts = [
        replace(as_alert(one), source=source, labels={"service": f"service-{one.place}"}, is_moment=is_moment)
        for one in told
    ]
    command = ReceiveAlerts(workspace_id=site.workspace, told=[ToldAlert(alert=one, extra={}) for one in alerts])
    site.store.writer.submit(receive_alerts, command).result()


def wait(site: Site, seconds: float) -> None:
    """Let time pass in which nothing arrives."""
    site.store.clock.instant += timedelta(seconds=seconds)
    site.group()


def posts(site: Site) -> list[tuple[str, int]]:
    """The new messages since the last look: why, and about how many groups; they are in the channel then."""
    found = []
    while due := site.store.outbox.claim(limit=50, busy_lanes=frozenset()):
        found += [post for one in due if (post := _sent(site, one))]
    return found


def _sent(site: Site, delivery: Delivery) -> tuple[str, int] | None:
    post = None
    if delivery.kind is DeliveryKind.ALERT_GROUP and delivery.arguments["notice"]:
        post = str(delivery.arguments["notice"]), 1
    if delivery.kind is DeliveryKind.ALERT_STORM:
        storm_id = UUID(delivery.arguments["storm"])
        with site.store.snapshots.snapshot() as reads:
            storm, groups = reads.groups.storm(storm_id), reads.groups.of_storm(storm_id)
        if storm and not storm.ts:
            post = "together", len(groups)
            command = StormPosted(storm_id=storm_id, ts=f"{delivery.seq}.0", groups=len(groups))
            site.store.writer.submit(storm_posted, command).result()
    site.store.outbox.settle_sent(delivery, {}, None, pause=timedelta(0))
    return post


@pytest.mark.parametrize("dies", leading(1, ["", "before", "after"]))
def test_something_new_from_a_sender_without_ends_is_told_though_its_group_fires(store: Store, dies: str) -> None:
    """Within half a minute, once, and whatever happens to the process meanwhile."""
    site = Site(store)
    hear_noise(site)

    hear(site, Told(THEN, 5, 0))
    at_first = posts(site)
    if dies:
        site.start()
    wait(site, 20)
    too_early = posts(site)
    site.store.clock.instant += timedelta(seconds=15)
    site.group(dies)

    assert (at_first, too_early) == ([], [])
    assert [number for _, number in posts(site)] == [1]
    wait(site, 60)
    assert posts(site) == []


def test_what_is_new_of_several_groups_is_one_message(store: Store) -> None:
    """A channel is not for a message a host."""
    site = Site(store)
    hear_noise(site, places=3)

    hear(site, *(Told(THEN + 0.1 * place, 5 + place, place) for place in range(3)))
    wait(site, 35)

    assert posts(site) == [("together", 3)]


def test_repeats_within_the_hour_and_noise_of_a_clock_are_no_messages(store: Store) -> None:
    """They are counted in their groups."""
    site = Site(store)
    hear_noise(site)
    counted = sum(group.alerts for group in site.groups().values())

    for number in range(8):
        hear(site, Told(THEN + 12 * number, 0, 0))
        wait(site, 40)

    assert posts(site) == []
    assert sum(group.alerts for group in site.groups().values()) == counted + 8


def test_critical_alert_of_such_a_sender_does_not_wait(store: Store) -> None:
    """Half a minute is a long time then."""
    site = Site(store)
    hear_noise(site)

    hear(site, Told(THEN, 5, 0, severity=CRITICAL))

    assert [number for _, number in posts(site)] == [1]


def test_series_that_was_quiet_for_hours_is_told_again_though_its_group_never_ended(store: Store) -> None:
    """Its sender tells ends of other things, and nobody looks at a message of hours ago."""
    site = Site(store)
    hear(site, Told(0, 9, 9), Told(1, 9, 9, AlertStatus.RESOLVED, began=0), source="alertmanager")
    hear(site, *(Told(10.0 * number, 0, 0) for number in range(1, 12)), source="alertmanager")
    posts(site)
    hear(site, Told(119, 0, 0), source="alertmanager")
    repeated = posts(site)
    hear(site, Told(300, 0, 0), source="alertmanager")

    assert repeated == []
    assert posts(site) == [(Notice.MORE, 1)]


@pytest.mark.parametrize(("silent_minutes", "messages"), [(30, 1), (90, 2)])
def test_alert_without_times_is_told_again_after_a_long_silence(
    store: Store, silent_minutes: float, messages: int
) -> None:
    """Nobody ever says that it is over, and nobody heard of it for an hour."""
    site = Site(store)
    hear(site, Told(0, 0, 0), is_moment=True)
    first = posts(site)
    hear(site, Told(silent_minutes, 0, 0), is_moment=True)

    assert len(first) + len(posts(site)) == messages


def test_message_about_several_groups_is_posted_anew_while_more_come(store: Store) -> None:
    """An edit notifies nobody, so nothing begins unheard in a storm; and it stays few messages."""
    site = Site(store)
    minutes = STORM_POSTED_EVERY / timedelta(minutes=1)
    hear(site, *(Told(number * 0.1, number, number) for number in range(BUDGET + 4)), source="alertmanager")
    hear(site, *(Told(minutes - 0.5 + number * 0.01, 50 + number, 50 + number) for number in range(3)))
    early = posts(site)
    hear(site, *(Told(minutes + 0.9 + number * 0.01, 70 + number, 70 + number) for number in range(BUDGET + 4)))

    assert [why for why, _ in early].count("together") == 1
    assert [why for why, _ in posts(site)].count("together") == 1


@pytest.mark.parametrize("is_moment", leading(1, [False, True]))
def test_series_that_becomes_worse_is_told_though_its_sender_tells_no_ends(store: Store, *, is_moment: bool) -> None:
    """It is the same episode, and critical now."""
    site = Site(store)
    hear_noise(site)
    hear(site, Told(THEN, 5, 0), is_moment=is_moment)
    wait(site, 35)
    posts(site)

    hear(site, Told(THEN + 2, 5, 0, severity=CRITICAL, began=THEN), is_moment=is_moment)

    assert [number for _, number in posts(site)] == [1]


def test_series_that_fires_on_after_its_incident_is_told_though_its_sender_tells_no_ends(store: Store) -> None:
    """It has a group of its own then, which nobody would ever hear of; its repeats are none."""
    site = Site(store)
    hear_noise(site)
    hear(site, Told(THEN, 5, 0))
    wait(site, 35)
    posts(site)
    site.end_an_incident(site.newest())

    hear(site, Told(THEN + 5, 5, 0))
    wait(site, 35)
    told = posts(site)
    hear(site, Told(THEN + 10, 5, 0))
    wait(site, 35)

    assert told == [(Notice.NEW, 1)]
    assert posts(site) == []
