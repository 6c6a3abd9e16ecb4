"""What news of one episode or another does to the group that people see, whatever the engine still knows."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.alerts.alert import AlertSeverity, AlertStatus
from bot.ports.grouping import GroupState
from bot.usecases.groups.asking import group_words
from tests.bot.flows.streams import Site, Told, as_alert, at
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import leading

RESOLVED = AlertStatus.RESOLVED


def for_days(site: Site) -> None:
    """Let something fire for four days, each of which has its engine, none of which knows it at the end."""
    site.take([Told(0, 0, 0, severity=AlertSeverity.WARNING)])
    for day in range(1, 5):
        site.take([Told(day * 24 * 60, day, day)])
    site.group()


@pytest.mark.parametrize("died", leading(1, ["", "after"]))
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


CRITICAL, WARNING, INFO = AlertSeverity.CRITICAL, AlertSeverity.WARNING, AlertSeverity.INFO


def part(minutes: float, severity: AlertSeverity, began: float, *, is_over: bool = False) -> Told:
    """What is told of the one rule that has several severities."""
    status = RESOLVED if is_over else AlertStatus.FIRING
    return Told(minutes, 0, 0, status, severity, began, is_per_severity=True)


def states_of(site: Site, stream: list[Told], died: str = "") -> list[tuple[Any, ...]]:
    """The first group after each of *stream*."""
    states = []
    for told in stream:
        site.take([told])
        site.group(died)
        group = site.groups()[1]
        states.append((group.state, group.severity, group.firing, group.series))
    return states


@pytest.mark.parametrize("died", leading(1, ["", "before", "after"]))
def test_group_fires_until_no_severity_of_its_series_does(store: Store, died: str) -> None:
    """It falls to the worst that still fires, and rises again; the same for a process that was killed at each step."""
    stream = [
        part(0, WARNING, 0),
        part(10, CRITICAL, 10),
        part(20, CRITICAL, 10, is_over=True),
        part(30, CRITICAL, 30),
        part(35, INFO, 35),
        part(40, WARNING, 0, is_over=True),
        part(50, CRITICAL, 30, is_over=True),
        part(60, INFO, 35, is_over=True),
    ]
    site, whole = Site(store), Site(store)

    states = states_of(site, stream, died)
    states_of(whole, stream)

    severities = [WARNING, CRITICAL, WARNING, CRITICAL, CRITICAL, CRITICAL, INFO]
    assert states[:-1] == [(GroupState.OPEN, severity, 1, 1) for severity in severities]
    assert states[-1] == (GroupState.QUIET, INFO, 0, 1)
    assert site.groups()[1].quiet_at == at(60)
    assert (site.groups().keys(), site.decisions()) == ({1}, whole.decisions())


def test_end_of_one_severity_leaves_a_group_as_bad_as_others_in_it(store: Store) -> None:
    """Nobody knows what else in it fires as badly, and neither is it told to be milder."""
    site = Site(store)
    states_of(site, [part(0, WARNING, 0), Told(0.5, 1, 0, severity=CRITICAL), part(1, CRITICAL, 1)])

    assert states_of(site, [part(5, CRITICAL, 1, is_over=True)]) == [(GroupState.OPEN, CRITICAL, 2, 2)]


def test_group_to_which_a_series_goes_on_is_as_bad_as_that(store: Store) -> None:
    """A milder rule of the same name that fires long after the worse one makes nothing of it look milder."""
    site = Site(store)
    site.take([part(0, CRITICAL, 0)])
    for day in range(1, 5):
        site.take([Told(day * 24 * 60, day, day)])
    site.take([part(4 * 24 * 60 + 5, WARNING, 4 * 24 * 60 + 5)])
    site.group()

    firing = [group for group in site.groups().values() if "Rule0" in group.digest.rules and group.firing]
    assert [group.severity for group in firing] == [CRITICAL]


@pytest.mark.parametrize("flags", [(False, True), (True, False), (True, True)])
def test_event_is_read_back_as_its_sender_tells_things_apart(store: Store, flags: tuple[bool, bool]) -> None:
    """By severity, by labels that are no identity, or both: what an end ends depends on it."""
    site = Site(store)
    for minute, replica in ((0, "a"), (1, "b")):
        alert = as_alert(Told(minute, 0, 0, severity=WARNING if minute else CRITICAL, is_per_severity=flags[0]))
        site.receive(replace(alert, is_per_labels=flags[1], labels={**alert.labels, "replica": replica}))

    with store.snapshots.snapshot() as reads:
        latest = reads.groups.events(site.workspace, after=0, limit=9)[-1].alert
    assert (latest.is_per_severity, latest.is_per_labels) == flags


#: A week before what fires in these tests.
LAST_WEEK = -7 * 24 * 60


def told_of(site: Site) -> dict[int, bool]:
    """Which groups, by number, people have a message about."""
    return {number: bool(group.announced_at or group.storm_id) for number, group in site.groups().items()}


def test_nobody_is_told_of_what_is_imported(store: Store) -> None:
    """A month of critical alerts posts nothing and leaves the places in the channel to what fires now."""
    site = Site(store)
    past = [Told(LAST_WEEK + 600 * one, one, one, severity=AlertSeverity.CRITICAL) for one in range(10)]
    site.take_past(past)
    site.group()
    before = told_of(site)
    site.take([Told(0, 20, 20)])
    site.group()

    assert len(before) > 6
    assert not any(before.values())
    assert [number for number, is_told in told_of(site).items() if is_told] == [len(before) + 1]


def test_what_fires_now_is_listed_before_a_past_that_nobody_ended(store: Store) -> None:
    """However much of it was imported after that: a list has an end, and so has what is related to an incident."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.take_past([Told(LAST_WEEK + 600 * one, one, one) for one in range(1, 6)])
    site.group()

    with store.snapshots.snapshot() as reads:
        found = reads.groups.current(site.workspace, since=at(-60), limit=3)
    assert (len(found), list(found[0].digest.rules)) == (3, ["Rule0"])


def test_past_of_what_fires_now_changes_nothing_that_people_read(store: Store) -> None:
    """Neither how bad it is, nor how often, nor since when; and nobody is told that it fires again."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.group()
    (before,) = site.groups().values()
    for day in range(3):
        fired = Told(LAST_WEEK + 1440 * day, 0, 0, severity=AlertSeverity.CRITICAL)
        site.take_past([fired, Told(fired.minutes + 9, 0, 0, RESOLVED, began=fired.minutes)])
    site.group()

    assert site.groups()[1] == before
    assert [number for number, is_told in told_of(site).items() if is_told] == [1]


@pytest.mark.parametrize("severity", [AlertSeverity.CRITICAL, AlertSeverity.WARNING])
def test_past_from_while_something_fires_does_not_end_it(store: Store, severity: AlertSeverity) -> None:
    """Its sender says that it fires; that something else of its series came and went meanwhile is over."""
    site = Site(store)
    site.take([Told(LAST_WEEK, 0, 0, is_per_severity=True)])
    site.group()
    (before,) = site.groups().values()
    fired = Told(LAST_WEEK + 3000, 0, 0, severity=severity)
    site.take_past([fired, replace(fired, minutes=fired.minutes + 60, status=RESOLVED, began=fired.minutes)])
    site.group()
    after = site.groups()[1]
    site.take([Told(5, 0, 0, RESOLVED, began=LAST_WEEK, is_per_severity=True)])
    site.group()

    assert replace(after, last_at=before.last_at) == before
    assert [group.firing for group in site.groups().values()] == [0] * len(site.groups())


@on_both("store")
def test_end_that_is_imported_ends_what_it_is_of(store: Store) -> None:
    """An export is all that some sites have: the part that is over ends, and what fires beside it goes on."""
    site = Site(store)
    critical = Told(LAST_WEEK + 60, 0, 0, severity=AlertSeverity.CRITICAL, is_per_severity=True)
    site.take([Told(LAST_WEEK, 0, 0, is_per_severity=True), critical])
    site.group()
    over = replace(critical, minutes=critical.minutes + 60, status=RESOLVED, began=critical.minutes)
    site.take_past([replace(over, is_per_severity=False)])
    site.group()
    (eased,) = site.groups().values()
    site.take_past([Told(0, 0, 0, RESOLVED, began=LAST_WEEK)])
    site.group()
    (ended,) = site.groups().values()

    assert [(one.firing, one.severity) for one in (eased, ended)] == [
        (1, AlertSeverity.WARNING),
        (0, AlertSeverity.WARNING),
    ]


@pytest.mark.parametrize("rule", [pytest.param(0, id="the same"), pytest.param(1, id="another with it")])
def test_what_fires_now_in_a_group_of_the_past_is_told(store: Store, rule: int) -> None:
    """An export of what fires just now may come before the first webhook."""
    site = Site(store)
    site.take_past([Told(0, 0, 0)])
    site.group()
    before = told_of(site)
    site.take([Told(0.2, rule, 0)])
    site.group()

    assert before == {1: False}
    assert (len(site.groups()), any(told_of(site).values())) == (1, True)


def test_process_that_comes_after_does_with_the_past_as_the_one_before(store: Store) -> None:
    """Whether something was imported is on record."""
    whole, killed = Site(store), Site(store)
    for site, dies in ((whole, ""), (killed, "before")):
        site.take([Told(0, 0, 0)])
        site.group(dies)
        site.take_past([Told(LAST_WEEK + minute, 1, 1) for minute in range(0, 600, 100)])
        site.group(dies)
        site.take([Told(5, 2, 0)])
        site.group(dies)

    assert killed.decisions() == whole.decisions()
    assert told_of(killed) == told_of(whole)


def test_alert_without_a_rule_is_called_so(store: Store) -> None:
    """Words about its group, which go onto timelines, never begin with nothing."""
    site = Site(store)
    site.receive(replace(as_alert(Told(0, 0, 0)), rule=""))
    site.group()

    assert group_words(site.groups()[1]).startswith("alerts without a rule at shop, 1 alert since")
