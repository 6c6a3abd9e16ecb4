"""What news of one episode or another does to the group that people see, whatever the engine still knows."""

import pytest

from analysis.alerts.alert import AlertSeverity, AlertStatus
from bot.ports.grouping import GroupState
from tests.bot.flows.streams import Site, Told, at
from tests.bot.store.parts import Store

RESOLVED = AlertStatus.RESOLVED


def for_days(site: Site) -> None:
    """Let something fire for four days, each of which has its engine, none of which knows it at the end."""
    site.take([Told(0, 0, 0, severity=AlertSeverity.WARNING)])
    for day in range(1, 5):
        site.take([Told(day * 24 * 60, day, day)])
    site.group()


@pytest.mark.parametrize("died", ["", "after"])
def test_what_fires_for_days_and_gets_worse_does_so_in_its_group(store: Store, died: str) -> None:
    """Nothing is over by that, and no group without a rule begins."""
    site = Site(store)
    for_days(site)
    before = site.groups()

    site.take([Told(4 * 24 * 60 + 5, 0, 0, severity=AlertSeverity.CRITICAL, began=0)])
    site.group(died)
    worse = site.groups()
    site.take([Told(4 * 24 * 60 + 9, 0, 0, RESOLVED, began=0)])
    site.group(died)
    over = site.groups()

    assert before.keys() == worse.keys() == over.keys()
    assert (worse[1].severity, worse[1].state, worse[1].alerts) == (AlertSeverity.CRITICAL, GroupState.OPEN, 1)
    assert (over[1].state, over[1].quiet_at) == (GroupState.QUIET, at(4 * 24 * 60 + 9))


@pytest.mark.parametrize("status", AlertStatus)
def test_late_news_of_an_earlier_episode_ends_nothing_that_fires(store: Store, status: AlertStatus) -> None:
    """Neither does it make that worse, whether the engine knows the series or not."""
    site = Site(store)
    site.take([Told(60, 0, 0)])
    site.group()
    for minute, began in ((70, 5), (5 * 24 * 60, 20)):
        site.take([Told(minute, 0, 0, status, severity=AlertSeverity.CRITICAL, began=began)])
        site.take([Told(minute + 1, 7, 3)])
        site.group()

        firing = [(group.number, group.severity) for group in site.groups().values() if "Rule0" in group.digest.rules]
        assert (firing, site.groups()[1].state) == ([(1, AlertSeverity.WARNING)], GroupState.OPEN)


def test_end_of_what_was_never_seen_to_fire_is_no_group_of_now(store: Store) -> None:
    """Its group holds the place of the firing that is late, with which it is one of now."""
    site = Site(store)
    site.take([Told(9, 0, 0, RESOLVED, began=0)])
    site.group()
    before = numbers_of_now(site)
    site.take([Told(10, 0, 0, began=0)])
    site.group()

    assert (before, numbers_of_now(site)) == ([], [1])


def numbers_of_now(site: Site) -> list[int]:
    """What `alerts` lists."""
    with site.store.snapshots.snapshot() as reads:
        return [group.number for group in reads.groups.current(site.workspace, since=at(-60), limit=10)]


def test_late_news_does_not_move_the_end(store: Store) -> None:
    """A group stays quiet since its last episode ended."""
    site = Site(store)
    site.take([Told(60, 0, 0)])
    site.take([Told(70, 0, 0, RESOLVED, began=60)])
    site.take([Told(50, 0, 0, RESOLVED, began=40)])
    site.group()

    (group,) = site.groups().values()
    assert (group.opened_at, group.quiet_at) == (at(60), at(70))


def test_what_gets_worse_after_its_incident_is_over_is_told_with_what_it_is(store: Store) -> None:
    """Its new group counts it and names its rule and place."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.group()
    site.end_an_incident(1)
    site.take([Told(5, 0, 0, severity=AlertSeverity.CRITICAL, began=0)])
    site.group()

    new = site.groups()[2]
    assert (new.alerts, new.firing, new.severity) == (1, 1, AlertSeverity.CRITICAL)
    assert (list(new.digest.rules), list(new.digest.places)) == (["Rule0"], ["shop"])
