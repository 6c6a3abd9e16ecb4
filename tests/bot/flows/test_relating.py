"""What is found about incidents is written once, whatever ends the process that looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from analysis.alerts.alert import AlertStatus
from analysis.alerts.attaching import Fit
from analysis.alerts.topology import Topology
from analysis.errors import Unavailable
from analysis.events import EventKind
from analysis.signals import Verdict
from bot.flows.alerts.relating import Relating
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.detach import DetachGroup, detach_group
from bot.usecases.signals.find import MOST_ATTACHED
from bot.usecases.signals.judge import JudgeSignal, judge_signal
from tests.bot.flows.streams import COMMANDER, Site, Told, at
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import leading

#: Its groups, labels, signals and duplicates.
QUESTIONS_ABOUT_AN_INCIDENT = 9


def looking(site: Site) -> Relating:
    """A process that has just begun."""
    return Relating(site.store.snapshots, site.writer, site.workspace, topology=Topology)


def attached(site: Site, number: int) -> list[str]:
    """The groups that the incident's timeline says were attached."""
    with site.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(site.workspace, number)
        assert incident is not None
        events = reads.events_of_kind(incident.id, {EventKind.ALERT_GROUP_ATTACHED})
        return [str(event.payload["group"]) for event in events]


def fits(site: Site, number: int) -> dict[str, Fit]:
    """What was found about each group and the incident."""
    names = {group.id: group.reference for group in site.groups().values()}
    with site.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(site.workspace, number)
        assert incident is not None
        return {names[one.group_id]: one.fit for one in reads.signals.of_incident(incident.id) if one.group_id}


@contextmanager
def counting(site: Site) -> Iterator[list[str]]:
    """Yield what is asked of the database meanwhile, and what is written."""
    statements: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engines = (site.store.database.read_engine, site.store.database.write_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", keep)


def site_in_a_storm(store: Store, settled: int, opened: int) -> Site:
    """Return a site where so many groups just now turned out to be of incidents that are over, and others are open."""
    site = Site(store)
    for number in range(settled):
        site.take([Told(0.1 * number, 10 + number, number), Told(0.1 * number + 0.01, 40 + number, number)])
        site.group()
        site.split(site.newest())
    for group in list(site.groups()):
        site.end_an_incident(group)
    site.group()
    for _ in range(opened):
        site.declare("Shop is slow")
    return site


@on_both("store")
@pytest.mark.parametrize("dies", leading(1, ["before", "after"]))
def test_killed_around_the_commit_it_is_attached_once(store: Store, dies: str) -> None:
    """The next process finds what is not on record, and only that."""
    site = Site(store)
    site.take([Told(0, 0, 0), Told(0.1, 1, 0), Told(0.2, 2, 0)])
    site.group()
    number = site.declare("Shop is slow")

    site.writer.dies = dies
    with pytest.raises(Unavailable):
        looking(site).step()
    goes_on = looking(site).step()

    assert attached(site, number) == ["G-1"]
    assert goes_on is (dies == "before")
    assert looking(site).step() is False


@pytest.mark.parametrize(("quiet", "found"), [(600.0, ["G-1"]), (5.0, [])])
def test_group_that_fires_again_after_hours_began_then(store: Store, quiet: float, found: list[str]) -> None:
    """It is a part of what is declared now, though its first alert is of long ago; after minutes it went on before."""
    site = Site(store)
    first = Told(0, 0, 0)
    site.take([first])
    site.group()
    site.take([replace(first, minutes=20, began=0, status=AlertStatus.RESOLVED)])
    site.group()
    site.take([replace(first, minutes=20 + quiet)])
    site.group()

    site.declare("Shop is slow")
    looking(site).step()

    assert attached(site, 1) == found
    assert [one.reference for one in site.groups().values()] == ["G-1"]


def test_caller_is_what_fired_later_this_time(store: Store) -> None:
    """That it fired yesterday as well, for something else, does not make a service the one that is called."""
    site = Site(store)
    earlier = Told(0, 0, 2)
    site.take([earlier])
    site.group()
    site.take([replace(earlier, minutes=20, began=0, status=AlertStatus.RESOLVED)])
    site.group()
    site.take([Told(900, 5, 3)])
    site.take([replace(earlier, minutes=902)])
    site.group()
    number = site.declare("Payments fail")

    site.attach(number, 1, 2)

    with store.snapshots.snapshot() as reads:
        assert {edge.call for edge in reads.services.edges(site.workspace).values()} == {("pay", "store")}


@on_both("store")
def test_what_a_person_took_off_stays_off(store: Store) -> None:
    """Somebody calls it useful and it grows: it is suggested, and neither attached nor looked at for ever."""
    site = Site(store)
    site.take([Told(0, 0, 0), Told(0.1, 1, 0), Told(0.2, 2, 0)])
    site.group()
    number = site.declare("Shop is slow")
    looking(site).step()
    asked = {"person": COMMANDER, "workspace_id": site.workspace, "number": number, "group": 1}
    store.writer.submit(detach_group, DetachGroup(**asked, natural_key="off")).result()
    useful = JudgeSignal(**asked, natural_key="useful", verdict=Verdict.USEFUL)
    store.writer.submit(judge_signal, useful).result()
    site.take([Told(1, 3, 0), Told(1.1, 4, 0)])
    site.group()

    looking(site).step()

    with store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(site.workspace, number)
        assert incident is not None
        assert reads.groups.attached_to(incident.id) == ()
        assert {one.fit for one in reads.signals.of_incident(incident.id)} == {Fit.SUGGEST}
    assert attached(site, number) == ["G-1"]
    assert looking(site).step() is False


def test_what_a_person_takes_off_meanwhile_stays_off(store: Store) -> None:
    """It was attached, taken off and called useful between the look and the writing."""
    site = Site(store)
    site.store.clock.instant = at(0)
    number = site.declare("Shop is slow")
    site.take([Told(3, 0, 0)])
    site.group()
    looking(site).step()
    site.take([Told(3.1, 1, 0), Told(3.2, 2, 0)])
    site.group()
    asked = {"person": COMMANDER, "workspace_id": site.workspace, "number": number, "group": 1}

    def change_their_mind() -> None:
        store.writer.submit(attach_group, AttachGroup(**asked, natural_key="on")).result()
        store.writer.submit(detach_group, DetachGroup(**asked, natural_key="off")).result()
        useful = JudgeSignal(**asked, natural_key="useful", verdict=Verdict.USEFUL)
        store.writer.submit(judge_signal, useful).result()

    assert attached(site, number) == []
    site.writer.first = change_their_mind
    looking(site).step()

    with store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(site.workspace, number)
        assert incident is not None
        assert reads.groups.attached_to(incident.id) == ()
        assert {one.fit for one in reads.signals.of_incident(incident.id)} == {Fit.SUGGEST}


def test_group_of_a_large_incident_is_attached_to_no_other(store: Store) -> None:
    """More groups are attached than are compared; the first of them is named by the title of another incident."""
    site = Site(store)
    site.take([Told(0, 0, 0), Told(0.1, 1, 0), Told(0.2, 2, 0)])
    site.group()
    large, other = site.declare("Card payments fail"), site.declare("Shop is slow")
    site.take([Told(40 * n, n + 2, n) for n in range(1, MOST_ATTACHED + 1)])
    site.group()
    site.attach(large, *site.groups())

    looking(site).step()

    with store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(site.workspace, other)
        assert incident is not None
        fits = {one.group_id: one.fit for one in reads.signals.of_incident(incident.id)}
    assert fits[site.groups()[1].id] is Fit.SUGGEST
    assert attached(site, other) == []


def test_group_that_a_person_attaches_elsewhere_meanwhile_is_suggested(store: Store) -> None:
    """Between the look and the writing somebody says where it belongs: nothing attaches it to another incident."""
    site = Site(store)
    site.take([Told(0, 0, 0), Told(0.1, 1, 0), Told(0.2, 2, 0)])
    site.group()
    right, named = site.declare("Card payments fail"), site.declare("Shop is slow")

    site.writer.first = lambda: site.attach(right, 1)
    looking(site).step()

    assert (attached(site, right), attached(site, named)) == (["G-1"], [])
    looking(site).step()
    assert attached(site, named) == []
    assert looking(site).step() is False


@on_both("store")
def test_what_was_said_last_counts_after_a_clock_was_set_back(store: Store) -> None:
    """The second press means what it says, though the first bears a later time."""
    site = Site(store)
    site.take([Told(0, 0, 0)])
    site.group()
    number = site.declare("Shop is slow")
    looking(site).step()
    asked = {"person": COMMANDER, "workspace_id": site.workspace, "number": number, "group": 1}
    said = []
    for verdict in (Verdict.USEFUL, Verdict.NOT_RELATED, Verdict.USEFUL):
        command = JudgeSignal(**asked, natural_key=verdict, verdict=verdict)
        store.writer.submit(judge_signal, command).result()
        store.clock.move(minutes=-10)
        with store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(site.workspace, number)
            assert incident is not None
            said += reads.signals.verdicts(incident.id).values()

    assert said == [Verdict.USEFUL, Verdict.NOT_RELATED, Verdict.USEFUL]


def test_nothing_is_found_for_an_incident_that_ends_meanwhile(store: Store) -> None:
    """It ended between the look and the writing: nothing is written."""
    site = Site(store)
    site.take([Told(0, 0, 0), Told(0.1, 1, 0), Told(0.2, 2, 0)])
    site.group()
    number = site.declare("Shop is slow")

    site.writer.first = lambda: site.resolve(number)
    looking(site).step()

    assert attached(site, number) == []
    assert looking(site).step() is False


def test_quick_reopening_attaches_nothing_that_was_no_part_of_it(store: Store) -> None:
    """What began before the resolution was compared then; of what fires on at the reopening a person may say more."""
    site = Site(store)
    site.take([Told(0, 0, 1)])
    site.group()
    number = site.declare("Shop is slow")
    site.attach(number, 1)
    site.take([Told(3, 1, 0), Told(3.1, 2, 0), Told(3.2, 3, 0)])
    site.group()
    looking(site).step()
    before = attached(site, number)
    site.store.clock.instant = at(4)
    site.resolve(number)

    site.reopen(number, 5)
    looking(site).step()

    assert before == ["G-1"]
    assert attached(site, number) == ["G-1"]
    assert fits(site, number) == {"G-1": Fit.ATTACH, "G-2": Fit.SUGGEST}


@on_both("store")
def test_group_that_nobody_looked_at_before_the_resolution_is_of_that_phase(store: Store) -> None:
    """It was attached then, so that it does not say when what fires at the reopening began."""
    site = Site(store)
    site.take([Told(0, 0, 1)])
    site.group()
    number = site.declare("Shop is slow")
    site.attach(number, 1)
    site.resolve(number)
    site.take([Told(10, 1, 0), Told(10.1, 2, 0), Told(10.2, 3, 0)])
    site.group()

    site.reopen(number, 10.3)
    looking(site).step()

    assert attached(site, number) == ["G-1", "G-2"]
    assert fits(site, number) == {"G-1": Fit.ATTACH, "G-2": Fit.ATTACH}
    assert looking(site).step() is False


def test_group_that_a_person_attaches_after_the_reopening_is_of_that_phase(store: Store) -> None:
    """Though it was suggested before: it is looked at again, as whatever people attach."""
    site = Site(store)
    site.take([Told(0, 0, 1)])
    site.group()
    number = site.declare("Shop is slow")
    site.attach(number, 1)
    site.take([Told(3 + one / 10, 1 + one, 4 * one) for one in range(4)])
    site.group()
    looking(site).step()
    suggested = fits(site, number)
    site.store.clock.instant = at(4)
    site.resolve(number)
    site.reopen(number, 5)

    site.attach(number, 2)
    looking(site).step()

    assert suggested == {"G-1": Fit.ATTACH, "G-2": Fit.SUGGEST}
    assert fits(site, number) == {"G-1": Fit.ATTACH, "G-2": Fit.ATTACH}


@on_both("store")
def test_look_in_a_storm_asks_no_more_of_each_settled_group(store: Store) -> None:
    """What a group was a part of is asked for all groups at once: each open incident adds its own few questions."""
    few, many = site_in_a_storm(store, settled=2, opened=2), site_in_a_storm(store, settled=5, opened=2)
    more_open = site_in_a_storm(store, settled=5, opened=4)
    asked = []
    for site in (few, many, more_open):
        looking(site).step()
        with counting(site) as statements:
            assert looking(site).step() is False
        asked.append(len(statements))

    assert len(few.groups()) < len(many.groups())
    assert all(group.is_closed for group in many.groups().values())
    assert asked[0] == asked[1]
    assert asked[2] - asked[1] <= 2 * QUESTIONS_ABOUT_AN_INCIDENT
