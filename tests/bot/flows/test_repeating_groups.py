"""What the channel is told of a series that fires and is over again and again by itself."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.channel_news import FIRES_ON_AFTER
from analysis.incident import Visibility
from bot.ports.grouping import AlertGroup, Notice
from bot.slack.blocks.groups import ShownGroup, group_blocks, group_text
from tests.bot.flows.streams import Site, Told
from tests.bot.flows.test_channel_news import posts, wait
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import leading

CRITICAL, WARNING, INFO = AlertSeverity.CRITICAL, AlertSeverity.WARNING, AlertSeverity.INFO
RESOLVED = AlertStatus.RESOLVED
#: Half a minute on, ten off.
ON, EVERY = 0.5, 10.5
HALF, HOUR = 30.0, 60.0
DAY = 24 * HOUR
NEW, WORSE, AGAIN, BACK = Notice.NEW, Notice.WORSE, Notice.AGAIN, Notice.BACK


def flaps(until: float, *, since: float = 0.0, severity: AlertSeverity = INFO, every: float = EVERY) -> Iterator[Told]:
    """A series that flaps from one minute to another."""
    minutes = since
    while minutes < until:
        yield Told(minutes, 0, 0, severity=severity)
        yield Told(minutes + ON, 0, 0, RESOLVED, severity=severity, began=minutes)
        minutes += every


def live(site: Site, told: Sequence[Told] | Iterator[Told]) -> list[tuple[float, str]]:
    """Let alerts arrive one by one, and time pass as it does; the new messages, each with its minute."""
    found = []
    for one in told:
        site.take([one])
        site.group()
        found += [(one.minutes, why) for why, _ in posts(site)]
    return found


def repeating(site: Site) -> float:
    """Let a series fire each half hour until it is told once a day alone; the minute at which it would fire next."""
    live(site, flaps(8 * HOUR, every=HALF))
    assert only(site).digest.repeats == 2
    return 8 * HOUR


def only(site: Site) -> AlertGroup:
    """The group that there is."""
    (group,) = (one for one in site.groups().values() if not one.merged_into)
    return group


@on_both("store")
def test_what_repeats_by_itself_for_record_is_told_after_growing_whiles(store: Store) -> None:
    """Each message says so, each repeat is counted, and a day and a half of it are six messages instead of 32."""
    site = Site(store)

    told = live(site, [*flaps(6 * HOUR), *flaps(1.5 * DAY, since=6 * HOUR, every=HALF)])

    assert [why for _, why in told] == [NEW, *[AGAIN] * (len(told) - 1)]
    assert [minutes for minutes, _ in told] == [0, 10.5, 21, 84, 325.5, 1770]
    assert "told anew 24 h after its last message at the earliest, but at once if it is worse" in words(site)
    assert f"{6 * 60 // 10.5 + 1 + 60:.0f} alerts folded since" in words(site)


@pytest.mark.parametrize("severity", [WARNING, AlertSeverity.ERROR, CRITICAL, AlertSeverity.UNKNOWN])
def test_what_is_worse_than_for_record_is_told_each_hour(store: Store, severity: AlertSeverity) -> None:
    """A fault may begin with it."""
    site = Site(store)

    told = live(site, flaps(6 * HOUR, severity=severity))

    assert [minutes for minutes, _ in told] == [0, 10.5, 21, 84, 147, 210, 273, 336]
    assert "It repeats by itself" not in words(site)


def test_what_falls_to_for_record_is_told_an_hour_later_first(store: Store) -> None:
    """What was told each hour while it was worse is no reason to be quiet for a day."""
    site = Site(store)
    live(site, flaps(6 * HOUR, severity=WARNING, every=HALF))

    told = live(site, flaps(12 * HOUR, since=6 * HOUR, every=HALF))

    assert [minutes / HOUR for minutes, _ in told] == [6, 10]


@pytest.mark.parametrize("severity", [WARNING, AlertSeverity.ERROR, CRITICAL, AlertSeverity.UNKNOWN])
@pytest.mark.parametrize("after", leading(3, [0.0, HOUR, 5 * HOUR, 20 * HOUR]))
def test_rise_in_severity_is_told_at_once_whenever_it_comes(
    store: Store, severity: AlertSeverity, after: float
) -> None:
    """However long nobody was told of it, and what repeats after that is told after an hour again."""
    site = Site(store)
    then = repeating(site)
    live(site, flaps(then + after, since=then, every=HALF))
    then += after

    rise = live(site, [Told(then, 0, 0, severity=severity), Told(then + 1, 0, 0, RESOLVED, began=then)])
    later = live(site, flaps(then + 7 * HOUR, since=then + HALF, every=HALF))

    assert rise == [(then, WORSE)]
    assert [minutes - then for minutes, _ in later] == [60, 300]


def test_rise_while_it_fires_is_told_at_once(store: Store) -> None:
    """Also where that repeat itself was not told."""
    site = Site(store)
    then = repeating(site)

    told = live(site, [Told(then, 0, 0, severity=INFO), Told(then + 1, 0, 0, severity=WARNING, began=then)])

    assert told == [(then + 1, WORSE)]


@pytest.mark.parametrize("place", [0, 1])
def test_other_rule_at_its_place_or_elsewhere_is_told_at_once(store: Store, place: int) -> None:
    """What repeats by itself swallows nothing else."""
    site = Site(store)
    then = repeating(site)

    told = live(site, [Told(then, 0, 0, severity=INFO), Told(then + 0.2, 7, place, severity=INFO)])

    assert told == [(then + 0.2, NEW)]


@on_both("store")
@pytest.mark.parametrize("dies", leading(1, ["", "before", "after"]))
def test_repeat_that_fires_on_is_told_after_ten_minutes(store: Store, dies: str) -> None:
    """That is another thing than what was told of it; once, and whatever happens to the process."""
    site = Site(store)
    then = repeating(site)

    at_first = live(site, [Told(then, 0, 0, severity=INFO)])
    wait(site, FIRES_ON_AFTER.total_seconds() - 5)
    early = posts(site)
    if dies:
        site.start()
    site.store.clock.instant += timedelta(seconds=10)
    site.group(dies)
    told = posts(site)
    shown = ShownGroup(group=only(site))
    wait(site, 3600)

    assert (at_first, early, told, posts(site)) == ([], [], [(BACK, 1)], [])
    assert group_text(shown, BACK) == "fires again and stays: G-1 info: Rule0 at shop"
    assert "sooner if it fires on for 10 min" in str(group_blocks(shown, BACK))


def test_repeat_that_is_over_by_then_is_not_told(store: Store) -> None:
    """It is one more of those that were told."""
    site = Site(store)
    then = repeating(site)

    told = live(site, [Told(then, 0, 0, severity=INFO), Told(then + 9, 0, 0, RESOLVED, began=then)])
    wait(site, 1200)

    assert (told, posts(site), only(site).news_at) == ([], [], None)


def test_repeat_that_fires_on_is_told_once_an_hour_at_most(store: Store) -> None:
    """One that is on for a quarter of an hour each time makes no more messages than before."""
    site = Site(store)
    then = repeating(site)

    found = []
    for number in range(12):
        minutes = then + 30 * number
        live(site, [Told(minutes, 0, 0, severity=INFO)])
        wait(site, 605)
        found += posts(site)
        found += live(site, [Told(minutes + 15, 0, 0, RESOLVED, began=minutes)])

    assert 0 < len(found) <= 6


@pytest.mark.parametrize("visibility", Visibility)
def test_what_an_open_incident_has_is_told_each_hour_if_everybody_may_know(
    store: Store, visibility: Visibility
) -> None:
    """Its responders wait for that; of a private one nobody must see by it that there is any."""
    site = Site(store)
    then = repeating(site)
    number = site.declare("Card payments fail")
    if visibility is not Visibility.PUBLIC:
        site.set_visibility(number, visibility)
    site.attach(number, only(site).number)
    posts(site)

    told = [why for _, why in live(site, flaps(then + 3 * HOUR, since=then, every=HALF))]

    assert told == ([AGAIN] * 3 if visibility is Visibility.PUBLIC else [])


def test_day_of_quiet_makes_it_new(store: Store) -> None:
    """What it did before says nothing any more."""
    site = Site(store)
    then = repeating(site) + DAY + HOUR

    told = live(site, flaps(then + 7 * HOUR, since=then, every=HALF))

    assert [minutes - then for minutes, _ in told] == [0, 30, 60, 120, 360]


def test_restart_at_any_moment_changes_nothing(store: Store) -> None:
    """What is remembered of the messages is on record, and a repeat that waits, too."""
    flapping = flaps(7 * HOUR, every=HALF)
    stream = [*flapping, Told(8 * HOUR, 0, 0, severity=WARNING), *flaps(11 * HOUR, since=8.5 * HOUR, every=HALF)]
    first, second = Site(store), Site(store)
    whole = live(first, stream)

    found = []
    for number, one in enumerate(stream):
        second.start()
        found += live(second, [one]) if number % 2 else dying(second, one)

    assert found == whole
    assert second.decisions() == first.decisions()


def test_repeats_of_an_outage_that_are_decided_about_at_once_are_one_message(store: Store) -> None:
    """And count as one: the next is told after four hours."""
    site = Site(store)
    live(site, flaps(HOUR))
    site.take(list(flaps(7 * HOUR, since=HOUR)))
    site.group()

    told = posts(site)

    assert [number for _, number in told] == [1]
    assert only(site).digest.repeats == 1


def words(site: Site) -> str:
    """The message as it is now."""
    return str(group_blocks(ShownGroup(group=only(site))))


def dying(site: Site, one: Told) -> list[tuple[float, str]]:
    """Let one alert arrive, while the process dies around the commit."""
    site.take([one])
    site.group("before")
    return [(one.minutes, why) for why, _ in posts(site)]
