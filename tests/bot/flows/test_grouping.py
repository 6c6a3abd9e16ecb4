"""Grouping goes on where it was, whatever ends it, and decides as if nothing had."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.alerts.alert import AlertStatus
from bot.ports.grouping import GroupState
from tests.bot.flows.streams import Site, Told
from tests.bot.store.parts import Store

RESOLVED = AlertStatus.RESOLVED
#: Three days, so that two engines come to their end.
MINUTES = 3 * 24 * 60


@st.composite
def bursts(draw: st.DrawFn) -> list[tuple[list[Told], str, str]]:
    """Parts of a stream, each with how the process dies in it and what is deployed before it."""
    starts = sorted(draw(st.lists(st.integers(0, MINUTES), min_size=3, max_size=6)))
    parts = []
    for start in starts:
        members = draw(st.lists(st.tuples(st.floats(0, 9), st.integers(0, 3), st.integers(0, 5)), max_size=8))
        ends = draw(st.booleans())
        told = [Told(start + delay, rule, place) for delay, rule, place in sorted(members)]
        told += [Told(start + 10 + one.minutes - start, one.rule, one.place, RESOLVED) for one in told if ends]
        died = draw(st.sampled_from(["", "before", "after"]))
        parts.append((told, died, draw(st.sampled_from(["", "cart", "store"]))))
    return parts


def live(site: Site, parts: list[tuple[list[Told], str, str]], *, dies: bool) -> None:
    """Let a stream arrive part by part."""
    for told, died, deployed in parts:
        if deployed and told:
            site.deploy(told[0].minutes, deployed)
            site.group(died if dies else "")
        site.take(told)
        site.group(died if dies else "")


@given(parts=bursts())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_killed_anywhere_it_decides_the_same_to_the_last_bit(
    store: Store, parts: list[tuple[list[Told], str, str]]
) -> None:
    """Groups, kinds, logits, suggestions, reasons and links are those of a run that nothing ended."""
    whole, killed = Site(store), Site(store)

    live(whole, parts, dies=False)
    live(killed, parts, dies=True)

    assert killed.decisions() == whole.decisions()
    assert len(whole.decisions()) == len(set(seqs(whole)))


def seqs(site: Site) -> list[int]:
    """The numbers of all events that were taken."""
    with site.store.snapshots.snapshot() as reads:
        return [event.seq for event in reads.groups.events(site.workspace, after=0, limit=10_000)]


def test_members_and_counts_are_what_the_decisions_make_of_them(store: Store) -> None:
    """A group counts its firings, its series and those that fire; it is quiet once nothing does."""
    site = Site(store)
    firing = [Told(minute, rule, 0) for minute, rule in ((0, 0), (0.5, 1), (1, 2))]

    site.take(firing)
    site.group()
    (during,) = site.groups().values()
    site.take([Told(14 + one.minutes, one.rule, one.place, RESOLVED, began=one.minutes) for one in firing])
    site.group()
    (after,) = site.groups().values()

    assert (during.alerts, during.series, during.firing, during.state) == (3, 3, 3, GroupState.OPEN)
    assert (after.alerts, after.series, after.firing, after.state) == (3, 3, 0, GroupState.QUIET)
    assert after.quiet_at is not None
    assert after.quiet_at - after.opened_at == timedelta(minutes=15)
    assert list(after.digest.rules) == ["Rule0", "Rule1", "Rule2"]


@pytest.mark.parametrize("died", ["before", "after"])
def test_nothing_is_decided_twice_or_lost(store: Store, died: str) -> None:
    """Every event has one decision, and every count is that of one."""
    site = Site(store)
    site.take([Told(minute / 4, minute % 3, 0) for minute in range(30)])

    site.group(died)

    assert len(site.decisions()) == len(seqs(site)) == 30
    assert sum(group.alerts for group in site.groups().values()) == 30
