"""What the channel is told of senders that never say that something is over, and of groups that fire for long."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.channel_news import MOST_PROMPT
from bot.flows.alerts.grouping import Grouping
from bot.ports.grouping import KnownGraph, Notice
from bot.ports.records import Delivery, DeliveryKind
from bot.slack.blocks.groups import ShownGroup, group_blocks, group_text, storm_blocks
from bot.store.record.tables import DELIVERY
from bot.usecases.groups.messages import BUDGET, STORM_POSTED_EVERY
from bot.usecases.groups.posted import StormPosted, storm_posted
from tests.bot.flows.held import HeldSite
from tests.bot.flows.streams import Site, Told, as_alert, at
from tests.bot.flows.test_grouping import GRAPH
from tests.bot.store.parts import Store
from tests.dialects import on_both
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
    alerts = [
        replace(as_alert(one), source=source, labels={"service": f"service-{one.place}"}, is_moment=is_moment)
        for one in told
    ]
    receive(site, told[-1].minutes, *alerts)


def receive(site: Site, minutes: float, *alerts: Alert) -> None:
    """Let alerts arrive in one request at that time."""
    site.store.clock.instant = at(minutes)
    site.receive(*alerts)


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


def storm_words(site: Site) -> str:
    """The latest message about several groups."""
    with site.store.snapshots.snapshot() as reads:
        storm = reads.groups.latest_storm(site.workspace)
        assert storm is not None
        return str(storm_blocks(reads.groups.of_storm(storm.id), site.store.clock.now()))


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


@pytest.mark.parametrize("is_restarted", [False, True])
def test_what_was_held_back_and_told_is_no_news_when_it_repeats(store: Store, *, is_restarted: bool) -> None:
    """Its sender never says that it is over, and says it again a minute after people were told of it at last."""
    site = HeldSite(store)
    site.approve()
    hear_noise(site)
    for number in range(25):
        site.arrive(THEN / 25 * number, "elsewhere", "Noise")
    site.group()
    site.deploy(THEN, "shop")
    posts(site)

    site.fire(THEN + 1, "shop")
    held = posts(site)
    site.wait_until(THEN + 7)
    told = posts(site)
    if is_restarted:
        site.start()
    for minutes in (8, 30):
        site.arrive(THEN + minutes, "shop")
        site.group()
        wait(site, 31)
    repeated = posts(site)

    assert (held, [why for why, _ in told], repeated) == ([], ["held"], [])


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
    posts(site)
    wait(site, 35)
    with site.store.database.reading() as connection:
        asked = connection.execute(select(DELIVERY.c.kind).where(DELIVERY.c.state == "pending")).scalars().all()

    assert asked == [DeliveryKind.ALERT_STORM]  # their own messages show it since it came
    assert posts(site) == [("together", 3)]
    assert all(f"newest: Rule{5 + place} at service-{place}" in storm_words(site) for place in range(3))


def test_telling_of_several_groups_writes_only_that_they_were_told_of(store: Store) -> None:
    """Everybody's commands wait for it, and there may be thousands: what the groups are is not written anew."""
    site = Site(store)
    hear_noise(site, places=3)
    hear(site, *(Told(THEN + 0.1 * place, 5 + place, place) for place in range(3)))
    posts(site)
    written: list[tuple[str, int]] = []

    def on_write(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if statement.startswith("UPDATE alert_group"):
            written.append((statement.partition("SET ")[2].partition(" WHERE")[0], len(parameters)))

    event.listen(store.database.write_engine, "before_cursor_execute", on_write)
    wait(site, 35)
    event.remove(store.database.write_engine, "before_cursor_execute", on_write)

    ((columns, groups),) = written
    assert [one.partition("=")[0] for one in columns.split(", ")] == ["storm_id", "announced_at", "news_at"]
    assert groups == 3


def test_message_of_a_group_that_fires_on_says_what_is_new(store: Store) -> None:
    """Its rules are those that fired most, and its sentence is that of the first alert."""
    site = Site(store)
    hear_noise(site)
    hear(site, Told(THEN, 5, 0))
    wait(site, 35)
    posts(site)
    hear(site, Told(THEN + 0.7, 6, 0))
    wait(site, 35)

    assert posts(site) == [(Notice.MORE, 1)]
    group = next(one for one in site.groups().values() if "Rule6" in one.digest.rules)
    assert "*Newest:* Rule6 at service-0: Rule 6 fires" in str(group_blocks(ShownGroup(group=group)))
    assert "newest: Rule6 at service-0" in group_text(ShownGroup(group=group), Notice.MORE)
    assert "fires on" not in group_text(ShownGroup(group=replace(group, firing=0)), Notice.MORE)


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


def test_what_is_told_at_once_takes_with_it_what_waits(store: Store) -> None:
    """Its message shows all that is new of its group, so a second one would say nothing."""
    site = Site(store)
    hear_noise(site)

    hear(site, Told(THEN, 5, 0), Told(THEN + 0.1, 5, 0, severity=CRITICAL))
    at_once = posts(site)
    wait(site, 60)

    assert [number for _, number in at_once] == [1]
    assert posts(site) == []


def test_critical_alert_in_a_group_that_is_folded_is_told(store: Store) -> None:
    """Its group has no message any more, and that of the group which it is now a part of would only be edited."""
    site = Site(store)
    site.grouping = Grouping(store.snapshots, site.writer, site.workspace, is_told=True, known=KnownGraph(graph=GRAPH))
    for number in range(25):
        tell(site, Told(THEN / 25 * number, 0, 9), source="alertmanager")
    site.take([Told(THEN, 11, 1), Told(THEN + 0.1, 12, 2)])
    site.group()
    wait(site, 35)
    told = posts(site)

    critical = as_alert(Told(THEN + 0.7, 9, 2, severity=CRITICAL))
    explains = [as_alert(Told(THEN + 0.7 + rule / 60, rule, 3)) for rule in (2, 3, 4)]
    receive(site, THEN + 0.8, critical, *(replace(one, source="says ends") for one in explains))
    site.group()
    wait(site, 35)

    assert len(told) == 2
    assert any(links for *_, links in site.decisions())
    assert [number for _, number in posts(site)] == [1]


def test_something_new_is_told_though_messages_of_others_use_up_the_budget(store: Store) -> None:
    """An edit of the message about many groups would be all that anybody gets."""
    site = Site(store)
    hear_noise(site)
    hear(site, *(Told(THEN + number * 0.01, number, number + 10) for number in range(BUDGET)), source="alertmanager")
    posts(site)

    hear(site, Told(THEN + 1, 55, 0))
    wait(site, 35)

    assert posts(site) == [("together", 1)]


@pytest.mark.thorough
@pytest.mark.parametrize("severity", [WARNING, CRITICAL])
@pytest.mark.parametrize("places", [1, 3])
def test_sender_with_ever_new_series_does_not_fill_the_channel(
    store: Store, severity: AlertSeverity, places: int
) -> None:
    """Addresses as labels make each alert a new series; all of it is told, every five minutes after a while."""
    site = Site(store)
    hear_noise(site, places=places)
    hours = [0, 0]
    for minute in range(2 * 60):
        hear(site, *(Told(THEN + minute, 100 + minute, place, severity=severity) for place in range(places)))
        hours[minute // 60] += len(posts(site))
        wait(site, 35)
        hours[minute // 60] += len(posts(site))
    wait(site, 5 * 60)
    last = posts(site)
    wait(site, 5 * 60)

    assert 0 < hours[0] <= MOST_PROMPT * (1 + (places if severity is CRITICAL else 1))
    assert 0 < hours[1] <= hours[0]
    assert len(last) <= 1
    assert posts(site) == []


@on_both("store")
def test_what_is_worse_than_many_groups_is_no_edit_of_their_message(store: Store) -> None:
    """The next that is as bad is: a storm is few messages."""
    site = Site(store)
    tell(site, *(Told(0, number, number) for number in range(9)))
    site.group()
    warnings = posts(site)

    for number in range(10, 14):
        tell(site, Told(number / 20, number, number, severity=CRITICAL))
        site.group()
    critical = posts(site)

    assert sorted(warnings) == [*[("new", 1)] * 4, ("together", 5)]
    assert critical == [("new", 1), ("new", 1), ("together", 2)]
