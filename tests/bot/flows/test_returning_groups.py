"""What the channel is told of what was over, fires again soon after a message, and stays: an edit tells nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.telling import GATHERING
from analysis.incident import Visibility
from bot.ports.grouping import AlertGroup, Notice
from bot.slack.blocks.groups import ShownGroup, group_blocks, group_text
from tests.bot.flows.streams import Site, Told, at
from tests.bot.flows.test_channel_news import posts
from tests.bot.flows.test_spreading_groups import PAY, STORE, Spreading
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import leading

CRITICAL, WARNING, INFO = AlertSeverity.CRITICAL, AlertSeverity.WARNING, AlertSeverity.INFO
RESOLVED = AlertStatus.RESOLVED
NEW, WORSE, AGAIN, BACK = Notice.NEW, Notice.WORSE, Notice.AGAIN, Notice.BACK
#: It fires three times, two minutes every ten, each told by a message; the last of these is of minute 20.
LAST, THEN = 20.0, 30.0


def flap(severity: AlertSeverity, until: float, *, since: float = 0.0, on: float = 2, off: float = 8) -> Iterator[Told]:
    """A series that fires for some minutes, and is over for some."""
    minutes = since
    while minutes < until:
        yield Told(minutes, 0, 0, severity=severity)
        yield Told(minutes + on, 0, 0, RESOLVED, severity=severity, began=minutes)
        minutes += on + off


def live(site: Site, told: Sequence[Told] | Iterator[Told], *, until: float = 0.0) -> list[tuple[float, str]]:
    """Let alerts arrive one by one, and time pass between and after them; the new messages, each with its minute."""
    found = []
    for one in told:
        found += pass_time(site, one.minutes)
        site.take([one])
        site.group()
        found += _posts(site)
    return found + pass_time(site, until)


def pass_time(site: Site, until: float) -> list[tuple[float, str]]:
    """Let minutes pass, and be told what is due before they are over."""
    found, clock = [], site.store.clock
    while (since := waits_since(site)) and since + GATHERING <= at(until):
        clock.instant = max(clock.instant, since + GATHERING)
        site.group()
        found += _posts(site)
        assert waits_since(site) != since
    clock.instant = max(at(until), clock.instant)
    return found


def waits_since(site: Site) -> datetime | None:
    """Since when something waits to be told."""
    with site.store.snapshots.snapshot() as reads:
        return reads.groups.news_since(site.workspace)


def flapped(store: Store, severity: AlertSeverity = CRITICAL) -> Site:
    """A site that was told three times that a series fires, and that it is over by an edit each time."""
    store.clock.instant = at(0)
    site = Site(store)
    assert live(site, flap(severity, THEN)) == [(0.0, NEW), (10.0, AGAIN), (LAST, AGAIN)]
    return site


def only(site: Site) -> AlertGroup:
    """The group that there is."""
    (group,) = (one for one in site.groups().values() if not one.merged_into)
    return group


def _posts(site: Site) -> list[tuple[float, str]]:
    minutes = (site.store.clock.instant - at(0)) / timedelta(minutes=1)
    return [(minutes, why) for why, _ in posts(site)]


@on_both("store")
@pytest.mark.parametrize("dies", leading(1, ["", "before", "after"]))
def test_what_is_critical_comes_back_and_stays_is_told_after_seven_minutes(store: Store, dies: str) -> None:
    """Once, whatever happens to the process; whoever read that it is over sleeps otherwise."""
    site = flapped(store)

    early = live(site, [Told(THEN, 0, 0, severity=CRITICAL)], until=THEN + 6.5)
    if dies:
        site.start()
    site.store.clock.instant = at(THEN + 7)
    site.group(dies)
    told = _posts(site)
    shown = ShownGroup(group=only(site))
    later = pass_time(site, THEN + 600)

    assert (early, told, later) == ([], [(THEN + 7, BACK)], [])
    assert group_text(shown, BACK) == "fires again and stays: G-1 critical: Rule0 at shop"
    assert "(fires again and stays)" in str(group_blocks(shown, BACK))


@pytest.mark.parametrize("severity", [WARNING, AlertSeverity.ERROR, INFO, AlertSeverity.UNKNOWN])
def test_what_is_less_is_told_an_hour_after_its_last_message(store: Store, severity: AlertSeverity) -> None:
    """Sooner would be a message each time that it flaps for long; never is what it was."""
    site = flapped(store, severity)

    told = live(site, [Told(THEN, 0, 0, severity=severity)], until=THEN + 600)

    assert told == [(LAST + 60, BACK)]


def test_what_was_told_long_ago_fires_on_for_ten_minutes_first(store: Store) -> None:
    """It came back just before that hour was over."""
    site = flapped(store, WARNING)

    told = live(site, [Told(LAST + 58, 0, 0)], until=THEN + 600)

    assert told == [(LAST + 68, BACK)]


@pytest.mark.parametrize("severity", [CRITICAL, WARNING])
def test_what_is_over_by_then_is_not_told(store: Store, severity: AlertSeverity) -> None:
    """It flaps as before."""
    site = flapped(store, severity)
    over = {CRITICAL: THEN + 6, WARNING: LAST + 59}[severity]

    told = live(site, [Told(THEN, 0, 0, severity=severity), Told(over, 0, 0, RESOLVED, began=THEN)], until=THEN + 600)

    assert (told, only(site).news_at) == ([], None)


@pytest.mark.parametrize("severity", [CRITICAL, WARNING, INFO])
@pytest.mark.parametrize(("on", "off"), leading(1, [(12, 8), (8, 2), (20, 20), (2, 8)]))
def test_what_flaps_for_long_is_told_little_more_than_once_an_hour(
    store: Store, severity: AlertSeverity, on: float, off: float
) -> None:
    """However long it fires each time, and the further apart the longer that goes on."""
    store.clock.instant = at(0)
    site = Site(store)

    told = [minutes for minutes, _ in live(site, flap(severity, 8 * 60, on=on, off=off))]

    assert len(told) <= 8 + 6
    assert all(later - earlier >= 60 for earlier, later in pairwise(one for one in told if one > 180))


def test_critical_that_came_back_often_is_told_an_hour_after_its_last_message_at_most(store: Store) -> None:
    """Growing whiles may not hide that it stays at last."""
    site = flapped(store)
    told = live(site, flap(CRITICAL, 150, since=THEN, on=8, off=2))

    stays = live(site, [Told(150, 0, 0, severity=CRITICAL)], until=1000)

    assert [why for _, why in stays] == [BACK]
    assert stays[0][0] - told[-1][0] <= 60


def test_hour_of_quiet_begins_anew(store: Store) -> None:
    """What came back often last night is told soon tonight."""
    site = flapped(store)
    live(site, flap(CRITICAL, 150, since=THEN, on=8, off=2))
    live(site, flap(CRITICAL, 271, since=270))

    told = live(site, [Told(280, 0, 0, severity=CRITICAL)], until=1000)

    assert told == [(287, BACK)]


def test_what_gets_critical_while_it_waits_is_told_soon(store: Store) -> None:
    """People were told that it was critical within the hour, so it is no worse than what they know."""
    site = flapped(store)

    worse = Told(THEN + 10, 0, 0, severity=CRITICAL, began=THEN)
    told = live(site, [Told(THEN, 0, 0, severity=WARNING), worse], until=THEN + 600)

    assert told == [(THEN + 17, BACK)]


@pytest.mark.parametrize("visibility", Visibility)
def test_what_an_incident_has_is_told_alike(store: Store, visibility: Visibility) -> None:
    """Its responders read there that it is over; and nobody may see by it that there is a private one."""
    site = flapped(store)
    number = site.declare("Card payments fail")
    if visibility is not Visibility.PUBLIC:
        site.set_visibility(number, visibility)
    site.attach(number, only(site).number)
    site.group()
    posts(site)

    told = live(site, [Told(THEN, 0, 0, severity=CRITICAL)], until=THEN + 100)

    assert told == [(THEN + 7, BACK)]


def test_clock_that_is_set_back_lets_it_wait_for_no_hours(store: Store) -> None:
    """Its last message is in the future then."""
    site = flapped(store, WARNING)
    live(site, [Told(THEN, 0, 0)])

    site.store.clock.instant -= timedelta(hours=3)
    site.group()

    assert [why for _, why in _posts(site)] == [BACK]


def test_what_was_new_before_it_was_quiet_is_not_called_new(store: Store) -> None:
    """Its message names what was told anew while it fired on, and that is over."""
    store.clock.instant = at(0)
    site = Spreading(store)
    site.fail()
    live(site, [Told(1, 9, PAY)])
    before = site.only.digest.news
    ends = [Told(1.5, rule, STORE, RESOLVED, began=rule / 60) for rule in range(4)]
    live(site, [*ends, Told(1.5, 9, PAY, RESOLVED, began=1)])

    told = live(site, [Told(2, 0, STORE)])

    assert before == ("Rule9 at pay: Rule 9 fires",)
    assert (told, site.only.digest.news) == ([(2, AGAIN)], ())
