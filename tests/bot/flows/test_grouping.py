"""Grouping goes on where it was, whatever ends it, and decides as if nothing had."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.topology import Relation
from analysis.incident import Visibility
from analysis.lifecycle import Move
from bot.flows.alerts.grouping import Grouping
from bot.ports.grouping import GroupState, KnownGraph
from bot.ports.ledger import Reads
from bot.ports.services import EdgeSource
from bot.usecases.groups.record_decisions import OvertakenError
from tests.alert_streams import GRAPH
from tests.bot.flows.streams import SERVICES, Site, Told
from tests.bot.store.parts import PATIENCE_SECONDS, Store
from tests.dialects import on_both
from tests.effort import ON_FIXTURES, examples, leading

RESOLVED = AlertStatus.RESOLVED
SEVERITIES = st.sampled_from(AlertSeverity)
#: Three days, so that two engines come to their end.
MINUTES = 3 * 24 * 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stream: what happens before it, and how the process dies in it."""

    told: list[Told]
    happens: str
    dies: str


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    """A stream of a few bursts, each with what happens before it and how the process dies in it."""
    gaps = st.one_of(st.integers(1, 15), st.integers(1, 15), st.integers(1, MINUTES // 4))
    starts = itertools.accumulate(draw(st.lists(gaps, min_size=3, max_size=7)))
    found = []
    for start in starts:
        members = draw(st.lists(st.tuples(st.floats(0, 9), st.integers(0, 2), st.integers(0, 2)), max_size=8))
        caller = draw(st.sampled_from(["", "mail"]))
        told = [Told(start + delay, rule, place, caller=caller) for delay, rule, place in sorted(members)]
        if draw(st.booleans()):
            told = [replace(one, severity=draw(SEVERITIES), is_per_severity=True, began=one.minutes) for one in told]
        told += [replace(one, minutes=10 + one.minutes, status=RESOLVED) for one in told if draw(st.booleans())]
        happens = draw(st.sampled_from(["", "deploy", "split", "over"]))
        found.append(Part(told=told, happens=happens, dies=draw(st.sampled_from(["", "before", "after"]))))
    return found


def live(site: Site, stream: list[Part], *, dies: bool) -> None:
    """Let a stream arrive part by part."""
    for part in stream:
        newest = site.newest()
        if part.happens == "deploy" and part.told:
            site.deploy(part.told[0].minutes, "cart")
        if part.happens == "split" and newest:
            site.split(newest)
        if part.happens == "over" and newest:
            site.end_an_incident(newest)
        site.group(part.dies if dies else "")
        site.take(part.told)
        site.group(part.dies if dies else "")


@pytest.mark.thorough
@given(stream=parts())
@settings(max_examples=examples(5, fewest=2), deadline=None, suppress_health_check=ON_FIXTURES)
def test_killed_anywhere_it_decides_the_same_to_the_last_bit(store: Store, stream: list[Part]) -> None:
    """Groups, kinds, logits, suggestions, reasons and links are those of a run that nothing ended."""
    whole, killed = Site(store), Site(store)

    live(whole, stream, dies=False)
    live(killed, stream, dies=True)

    assert killed.decisions() == whole.decisions()
    assert len(whole.decisions()) == len(seqs(whole))
    assert shape(killed) == shape(whole)


def shape(site: Site) -> list[tuple[object, ...]]:
    """What people see of the groups, each called by its number."""
    numbers = {str(group.id): str(number) for number, group in site.groups().items()}
    shapes: list[tuple[object, ...]] = []
    for number, group in site.groups().items():
        near = {numbers.get(other, "gone"): logit for other, logit in group.digest.near.items()}
        digest = replace(group.digest, near=near)
        shapes.append((number, group.state, group.severity, group.alerts, group.series, group.firing, digest))
    return shapes


def seqs(site: Site) -> list[int]:
    """The numbers of all events that were taken."""
    with site.store.snapshots.snapshot() as reads:
        return [event.seq for event in reads.groups.events(site.workspace, after=0, limit=10_000)]


@on_both("store")
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


def test_group_of_an_incident_that_is_over_takes_nothing_more(store: Store) -> None:
    """Neither in the process that saw it end nor in the next; what was told of it stays as it was."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.group()
    site.end_an_incident(1)

    site.take([Told(0.5, 1, 0)])
    site.group()
    site.start()
    site.take([Told(1, 2, 0)])
    site.group()

    groups = site.groups()
    assert (groups[1].state, groups[1].alerts) == (GroupState.CLOSED, 1)
    assert [(number, group.alerts) for number, group in groups.items()] == [(1, 1), (2, 2)]


@on_both("store")
def test_incident_that_ends_while_alerts_are_grouped_is_noticed(store: Store) -> None:
    """What was decided as if it were open is not recorded, but decided again."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.group()
    site.take([Told(0.5, 1, 0)])
    site.writer.first = lambda: site.end_an_incident(1)

    with pytest.raises(OvertakenError):
        site.grouping.step()
    site.group()

    assert [(number, group.alerts) for number, group in site.groups().items()] == [(1, 1), (2, 1)]


@on_both("store")
def test_messages_of_a_clock_that_was_ahead_use_up_nothing(store: Store) -> None:
    """It is set back by an hour: what fires then has a message of its own, not an hour later."""
    site = Site(store)
    site.take([Told(0, n, n) for n in range(4)])
    site.group()
    while due := store.outbox.claim(limit=10, busy_lanes=frozenset()):
        for one in due:
            store.outbox.settle_sent(one, {}, None, pause=timedelta(0))

    site.take([Told(-60, 4, 0)])
    site.group()

    assert site.groups()[5].announced_at is not None


@on_both("store")
@pytest.mark.parametrize("group", leading(1, [1, 2]))
def test_group_that_a_person_attaches_while_alerts_are_grouped_stays_what_it_is(store: Store, group: int) -> None:
    """It was to be folded into another, or another into it: what a person names stays, and can be detached again."""
    site = Site(store)
    site.grouping = Grouping(store.snapshots, site.writer, site.workspace, known=KnownGraph(graph=GRAPH))
    site.take([Told(0, 0, 1), Told(0.1, 1, 2)])
    site.group()
    number = site.declare("Card payments fail")
    site.take([Told(0.7 + rule / 60, rule, 3) for rule in (2, 3, 4)])
    site.writer.first = lambda: site.attach(number, group)

    with pytest.raises(OvertakenError):
        site.grouping.step()
    site.group()

    site.detach(number, group)
    assert [one.merged_into for one in site.groups().values() if one.number in {1, 2}] == [None, None]


def test_another_topology_begins_a_new_engine_and_keeps_the_groups(store: Store) -> None:
    """Its decisions say which engine made them, and known groups are joined on."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.group()

    known = KnownGraph(graph=GRAPH, digest="other")
    site.grouping = Grouping(store.snapshots, site.writer, site.workspace, known=known)
    site.take([Told(0.5, 1, 0)])
    site.group()

    assert [(number, group.alerts) for number, group in site.groups().items()] == [(1, 2)]
    assert [engine[16:] for engine in site.engines()] == ["", "other"]


def test_call_that_labels_name_is_known_from_the_next_day_on(store: Store) -> None:
    """The engine of the day says so with its decisions, and a process that is made anew decides as it would have."""
    site, day = Site(store), 24 * 60
    site.take([Told(0, 0, 0, caller="mail")])
    site.group()
    with store.snapshots.snapshot() as reads:
        (edge,) = reads.services.edges(site.workspace).values()
    before = site.topology().reach("service:mail")

    site.take([Told(day, 1, 0)])
    site.group()
    known = site.topology().reach("service:mail")
    site.start()
    site.take([Told(day + 0.5, 2, 0)])
    site.group()

    named = f"service:{edge.callee}"
    assert (edge.caller, edge.source, edge.evidence) == ("mail", EdgeSource.LABELS, ("Rule0",))
    assert named not in before
    assert known[named] is Relation.CALLER
    assert site.topology().reach("service:mail") == known
    first, *later = site.engines()
    assert len(set(later)) == 1
    assert later[0].startswith(first)
    assert later[0] != first


def test_call_that_was_withdrawn_is_not_gone_by(store: Store) -> None:
    """Neither on the next day nor when labels name it again."""
    site, day = Site(store), 24 * 60
    site.take([Told(0, 0, 0, caller="mail")])
    site.group()
    with store.snapshots.snapshot() as reads:
        ((_, call),) = reads.services.edges(site.workspace)
    site.withdraw(*call)

    site.take([Told(day, 0, 0, caller="mail")])
    site.group()

    assert f"service:{call[1]}" not in site.topology().reach("service:mail")
    with store.snapshots.snapshot() as reads:
        (edge,) = reads.services.edges(site.workspace).values()
    assert edge.withdrawn_at is not None


@pytest.mark.parametrize("is_labelled_first", [True, False])
def test_call_that_was_withdrawn_comes_back_from_no_other_source(store: Store, *, is_labelled_first: bool) -> None:
    """Known from labels and confirmed later, or the other way round: who took it back has the last word."""
    site, day, call = Site(store), 24 * 60, (SERVICES[0], SERVICES[1])
    site.take([Told(0, 0, 1, caller=call[0] if is_labelled_first else ""), Told(120, 1, 0)])
    site.group()
    number = site.declare("Card payments fail")
    if not is_labelled_first:
        site.attach(number, 1, 2)
    site.withdraw(*call)

    if is_labelled_first:
        site.attach(number, 1, 2)
    else:
        site.take([Told(121, 2, 1, caller=call[0])])
        site.group()
    site.take([Told(day, 0, 1)])
    site.group()

    assert f"service:{call[1]}" not in site.topology().reach(f"service:{call[0]}")
    with store.snapshots.snapshot() as reads:
        edges = reads.services.edges(site.workspace).values()
    assert [edge.call for edge in edges if not edge.withdrawn_by] == []


def test_call_that_only_a_private_incident_confirms_is_not_gone_by(store: Store) -> None:
    """Everybody reads the reasons of groups; once the incident is public again it counts again."""
    site, day, call = Site(store), 24 * 60, (SERVICES[0], SERVICES[1])
    site.take([Told(0, 0, 1), Told(120, 1, 0)])
    site.group()
    number = site.declare("Card payments fail")
    site.attach(number, 1, 2)
    known = []

    for later, visibility in enumerate((Visibility.PUBLIC, Visibility.PRIVATE, Visibility.PUBLIC), start=1):
        if later > 1:
            site.set_visibility(number, visibility)
        site.take([Told(later * day, 0, 1)])
        site.group()
        known.append(f"service:{call[1]}" in site.topology().reach(f"service:{call[0]}"))

    assert known == [True, False, True]


@pytest.mark.parametrize("move", [Move.CANCEL, Move.DECLINE])
def test_call_that_only_an_incident_confirms_that_was_none_is_not_gone_by(store: Store, move: Move) -> None:
    """What was attached to it was of no fault."""
    site, day, call = Site(store), 24 * 60, (SERVICES[0], SERVICES[1])
    site.take([Told(0, 0, 1), Told(120, 1, 0)])
    site.group()
    number = site.declare("Card payments fail")
    site.attach(number, 1, 2)
    site.end(number, move)

    site.take([Told(day, 0, 1)])
    site.group()

    assert f"service:{call[1]}" not in site.topology().reach(f"service:{call[0]}")


@pytest.mark.parametrize("starts", [0, 1])
def test_series_put_apart_stays_apart_in_the_next_process(store: Store, starts: int) -> None:
    """What comes of it goes into its own group, and every count moved with it."""
    site = Site(store)
    site.take([Told(0, 0, 0), Told(0.5, 1, 0), Told(1, 2, 0)])
    site.group()
    site.split(1)
    site.group()

    for _ in range(starts):
        site.start()
    site.take([Told(5, rule, 0, RESOLVED, began=rule / 2) for rule in (0, 1, 2)])
    site.group()

    groups = site.groups()
    assert [(group.alerts, group.series, group.firing) for group in groups.values()] == [(2, 2, 0), (1, 1, 0)]
    assert sorted(group for group, *_ in site.decisions()[3:]) == ["G-1", "G-1", "G-2"]


def test_deploy_explains_what_follows_also_in_the_next_process(store: Store) -> None:
    """A killed process had seen the deploy; the next one takes it into account at the same place."""
    whole, killed = Site(store), Site(store)
    for site in (whole, killed):
        site.take([Told(0, 0, 3)])
        site.group()
        site.deploy(1, "shop")
        site.group("after" if site is killed else "")
        site.take([Told(1.5, 1, 0), Told(2, 2, 0)])
        site.group()

    without = Site(store)
    without.take([Told(0, 0, 3), Told(1.5, 1, 0), Told(2, 2, 0)])
    without.group()

    assert killed.decisions() == whole.decisions()
    assert without.decisions() != whole.decisions()


def test_only_the_process_that_may_send_groups(store: Store) -> None:
    """Another one on the same database leaves everything to it, until it is its turn."""
    site, allowed = Site(store), threading.Event()
    grouping = Grouping(store.snapshots, site.writer, site.workspace, may_group=allowed.is_set)
    site.take([Told(0, 0, 0)])

    grouping.start()
    time.sleep(0.2)
    before = site.decisions()
    allowed.set()
    grouping.wake()
    ends = time.monotonic() + PATIENCE_SECONDS
    while not site.decisions() and time.monotonic() < ends:
        time.sleep(0.02)
    grouping.stop()

    assert (before, len(site.decisions())) == ([], 1)


class OneAtATime:
    """Snapshots of which no two may be open at once."""

    def __init__(self, store: Store) -> None:
        """None is open."""
        self._store = store
        self.is_open = False

    @contextmanager
    def snapshot(self) -> Iterator[Reads]:
        """Look, unless somebody looks."""
        assert not self.is_open, "a snapshot stays open meanwhile"
        self.is_open = True
        try:
            with self._store.snapshots.snapshot() as reads:
                yield reads
        finally:
            self.is_open = False


def test_no_snapshot_stays_open_while_the_engine_is_made(sqlite_lanes_store: Store) -> None:
    """What is read for it is read in parts, so that no reader keeps a database from cleaning up for as long."""
    site = Site(sqlite_lanes_store)
    site.take([Told(0, 0, 0), Told(0.1, 1, 0)])
    site.group()
    site.take([Told(24 * 60, 0, 1)])

    snapshots = OneAtATime(site.store)
    grouping = Grouping(snapshots, site.writer, site.workspace, is_told=True)
    while grouping.step():
        pass

    assert len(site.decisions()) == 3
