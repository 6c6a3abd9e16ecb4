"""What is told of a group that came back, once it is folded into another, or had a message for another reason."""

from dataclasses import replace

import pytest

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from bot.ports.grouping import Notice
from bot.usecases.groups.make_one import MakeOne, make_one
from bot.usecases.groups.messages import BUDGET
from tests.bot.flows.streams import Told, as_alert, at
from tests.bot.flows.test_channel_news import posts
from tests.bot.flows.test_returning_groups import LAST, THEN, flap, live, only, pass_time
from tests.bot.flows.test_spreading_groups import PAY, STORE, Spreading
from tests.bot.store.parts import Store
from tests.dialects import on_both

CRITICAL, ERROR, WARNING = AlertSeverity.CRITICAL, AlertSeverity.ERROR, AlertSeverity.WARNING
RESOLVED = AlertStatus.RESOLVED
BACK, MORE, WORSE = Notice.BACK, Notice.MORE, Notice.WORSE
#: Where `flap` tells of something: a service that nothing else has to do with.
APART = 0


class Two(Spreading):
    """A site where one service flaps, and the store fails for a reason of its own."""

    def receive(self, *alerts: Alert) -> None:
        """Let what flaps do so at a service that calls nothing."""
        super().receive(*(_elsewhere(one) if one.labels.get("pod") == f"p{APART}" else one for one in alerts))

    def fold(self) -> None:
        """Let a person say that both groups are one."""
        self._ask(make_one, MakeOne(**self._asked(), group=2, other=1))
        self.group()

    def returns(self, number: int) -> int:
        """How many messages in a row told that a group came back and stays."""
        return self.groups()[number].digest.returns


@pytest.fixture
def site(store: Store) -> Two:
    """A site of which nothing is known yet."""
    store.clock.instant = at(0)
    return Two(store)


@pytest.fixture
def folding(site: Two) -> Two:
    """A site of which the store fails on, G-1, and what came back into G-2 since waits."""
    live(site, [*_fail(0), *flap(CRITICAL, THEN, since=1), Told(THEN + 1, 0, APART, severity=CRITICAL)])
    return site


@pytest.fixture
def waiting(site: Two) -> Two:
    """A site with one group, told as a warning three times, that came back and waits."""
    live(site, [*flap(WARNING, THEN), Told(THEN, 0, APART)])
    assert _waits(site) == (True, True)
    return site


@on_both("store")
def test_what_came_back_is_told_so_from_the_group_that_it_is_folded_into(folding: Two) -> None:
    """“With something new” would name nothing new: that it is back is the news."""
    folding.fold()

    assert pass_time(folding, THEN + 600) == [(THEN + 8, BACK)]
    assert _waits(folding) == (False, False)


def test_what_came_back_and_is_over_by_then_is_not_told_after_a_fold_either(folding: Two) -> None:
    """Everything is over in the half minute that such messages gather for."""
    folding.fold()

    ends = [Told(THEN + 7.8, rule, STORE, RESOLVED, began=(rule - 1) / 60) for rule in range(1, 5)]
    ends.append(Told(THEN + 7.8, 0, APART, RESOLVED, severity=CRITICAL, began=THEN + 1))

    assert live(folding, ends, until=THEN + 600) == []
    assert (only(folding).firing, _waits(folding)) == (0, (False, False))


def test_how_often_that_was_told_in_a_row_goes_along(site: Two) -> None:
    """The whiles between such messages would begin anew with each fold."""
    live(site, [*_fail(0), *flap(CRITICAL, 60, since=1, on=8, off=2), Told(61, 0, APART, severity=CRITICAL)])
    before = site.returns(1), site.returns(2)

    site.fold()

    assert before[0] == 0 < before[1]
    assert [why for _, why in pass_time(site, 600)] == [BACK]
    assert site.returns(1) == before[1] + 1


def test_what_is_new_in_the_other_group_and_told_first_is_told_as_that(site: Two) -> None:
    """G-1 came back, and is not known to stay before the spread of G-2 is told."""
    live(site, [*flap(CRITICAL, THEN), *_fail(THEN - 2)])
    live(site, [Told(THEN - 1, 9, PAY), Told(THEN, 0, APART, severity=CRITICAL)])

    site.fold()

    assert pass_time(site, THEN + 600) == [(THEN + 3, MORE)]
    assert (_waits(site), site.returns(1)) == ((False, False), 0)


def test_nothing_waits_as_back_once_it_got_worse(waiting: Two) -> None:
    """Its message tells that it fires."""
    told = live(waiting, [Told(THEN + 5, 0, APART, severity=CRITICAL, began=THEN)])

    assert (told, _waits(waiting)) == ([(THEN + 5, WORSE)], (False, False))


def test_nothing_waits_as_back_once_it_is_in_a_message_about_several(waiting: Two) -> None:
    """There were too many messages for one of its own."""
    minutes = THEN + 5
    waiting.store.clock.instant = at(minutes)
    others = (replace(as_alert(Told(minutes, 5, 1)), labels={"service": f"s{each}"}) for each in range(BUDGET))
    waiting.receive(*others)
    waiting.group()

    waiting.fire(Told(minutes + 0.1, 0, APART, severity=ERROR, began=THEN))

    first = waiting.groups()[1]
    assert first.storm_id is not None
    assert (first.news_at, first.digest.is_back) == (None, False)


def test_nothing_waits_as_back_where_that_is_due_in_the_moment_that_it_gets_worse(waiting: Two) -> None:
    """Both are one message."""
    waiting.fire(Told(LAST + 60, 0, APART, severity=CRITICAL, began=THEN))

    assert (posts(waiting), _waits(waiting)) == ([(WORSE, 1)], (False, False))


def test_nothing_waits_as_back_once_it_is_over(waiting: Two) -> None:
    """So that its next message, an hour later, begins with nothing."""
    live(waiting, [Told(THEN + 5, 0, APART, RESOLVED, began=THEN)])

    assert _waits(waiting) == (False, False)


def _waits(site: Two) -> tuple[bool, bool]:
    """Whether something of the only group waits, and whether that is that it is back."""
    group = only(site)
    return group.news_at is not None, group.digest.is_back


def _fail(minutes: float) -> list[Told]:
    return [Told(minutes + (rule - 1) / 60, rule, STORE) for rule in range(1, 5)]


def _elsewhere(alert: Alert) -> Alert:
    return replace(alert, labels={"service": "ledger"})
