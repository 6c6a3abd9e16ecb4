"""What the channel is told of a group that fires at places where it did not: another fault may stand behind that."""

from datetime import timedelta

import pytest

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.channel_news import SPREADS_EVERY
from bot.flows.alerts.grouping import Grouping
from bot.ports.grouping import AlertGroup, KnownGraph, Notice
from bot.slack.blocks.groups import ShownGroup, group_blocks, group_text
from tests.alert_streams import GRAPH
from tests.bot.flows.streams import Site, Told, at
from tests.bot.flows.test_channel_news import posts, wait
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import leading

CRITICAL, RESOLVED = AlertSeverity.CRITICAL, AlertStatus.RESOLVED
SHOP, CART, PAY, STORE = range(4)
MINUTES = SPREADS_EVERY / timedelta(minutes=1)


class Spreading(Site):
    """A site where the store fails, and everybody was told so."""

    def start(self) -> None:
        """With the services' calls."""
        known = KnownGraph(graph=GRAPH)
        self.grouping = Grouping(self.store.snapshots, self.writer, self.workspace, is_told=True, known=known)

    def fail(self) -> None:
        """Let the store fail; returns once the message is in the channel."""
        self.fire(*(Told(rule / 60, rule, STORE) for rule in range(4)))
        wait(self, 35)
        assert [why for why, _ in posts(self)] == [Notice.NEW]

    def fire(self, *told: Told) -> None:
        """Let alerts arrive and be grouped."""
        self.take(told)
        self.group()

    def wait_until(self, minutes: float) -> None:
        """Let time pass in which nothing arrives."""
        passed = (self.store.clock.instant - at(0)) / timedelta(minutes=1)
        wait(self, (minutes - passed) * 60)

    @property
    def only(self) -> AlertGroup:
        """The one group that there is."""
        (group,) = (one for one in self.groups().values() if not one.merged_into)
        return group


@on_both("store")
@pytest.mark.parametrize("dies", leading(1, ["", "before", "after"]))
def test_place_that_a_group_reaches_is_told_five_minutes_after_its_message(store: Store, dies: str) -> None:
    """Once, whatever happens to the process: it may be another fault, of which an edit would be all that is heard."""
    site = Spreading(store)
    site.fail()

    site.fire(Told(1, 9, PAY), Told(1.2, 9, CART))
    if dies:
        site.start()
    site.wait_until(MINUTES - 0.2)
    early = posts(site)
    site.store.clock.instant = at(MINUTES + 0.7)
    site.group(dies)

    assert (early, posts(site)) == ([], [(Notice.MORE, 1)])
    assert "fires on, with something new: G-1 warning, newest: Rule9 at cart" in group_text(
        ShownGroup(group=site.only), Notice.MORE
    )
    assert "*Newest:* Rule9 at pay" in str(group_blocks(ShownGroup(group=site.only)))
    site.wait_until(3 * MINUTES)
    assert posts(site) == []


def test_other_rules_at_a_place_that_was_told_are_edits(store: Store) -> None:
    """People know that it is in trouble."""
    site = Spreading(store)
    site.fail()

    site.fire(*(Told(1 + rule / 60, rule, STORE) for rule in range(10, 15)))
    site.wait_until(3 * MINUTES)

    assert (site.only.alerts, posts(site)) == (9, [])


def test_place_reached_later_is_told_within_the_minute_and_at_once_if_critical(store: Store) -> None:
    """Nobody looks at a message of minutes ago; half a minute lets the first few of a new place be one message."""
    site = Spreading(store)
    site.fail()

    site.fire(Told(MINUTES + 1, 9, PAY))
    at_first = posts(site)
    wait(site, 35)
    told = posts(site)
    site.fire(Told(2 * MINUTES + 2, 9, CART, severity=CRITICAL))

    assert (at_first, told) == ([], [(Notice.MORE, 1)])
    assert [number for _, number in posts(site)] == [1]


def test_what_is_quiet_before_that_spreads_no_more(store: Store) -> None:
    """A failure of a minute is one message."""
    site = Spreading(store)
    site.fail()

    site.fire(Told(1, 9, PAY), Told(1.2, 9, CART))
    ends = [Told(2, rule, STORE, RESOLVED, began=rule / 60) for rule in range(4)]
    site.fire(*ends, Told(2, 9, PAY, RESOLVED, began=1), Told(2, 9, CART, RESOLVED, began=1.2))
    site.wait_until(3 * MINUTES)

    assert (site.only.firing, site.only.news_at, posts(site)) == (0, None, [])


def test_message_for_another_reason_tells_of_the_new_place(store: Store) -> None:
    """A second one would say nothing."""
    site = Spreading(store)
    site.fail()

    site.fire(Told(1, 9, PAY))
    site.fire(Told(2, 8, PAY, severity=CRITICAL))
    worse = posts(site)
    site.wait_until(3 * MINUTES)

    assert (worse, posts(site)) == ([(Notice.WORSE, 1)], [])


def test_clock_that_is_set_back_lets_nothing_wait_for_hours(store: Store) -> None:
    """Its last message is in the future then."""
    site = Spreading(store)
    site.fail()
    site.fire(Told(1, 9, PAY))

    site.store.clock.instant -= timedelta(hours=3)
    site.group()

    assert posts(site) == [(Notice.MORE, 1)]
