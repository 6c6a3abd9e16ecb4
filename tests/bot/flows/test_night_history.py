"""What the nightly replay knows of the past: all that people said of it, wherever they put it and however long ago."""

from uuid import UUID

import pytest

from analysis.alerts.alert import AlertStatus
from analysis.alerts.tickets import TicketVerdict
from analysis.lifecycle import Move
from bot.flows.alerts import nightly
from bot.flows.alerts.night_history import read_belonging
from bot.ports.grouping import StreamEvent
from tests.bot.flows.held import NOISE
from tests.bot.flows.nights import DAY, HOSTS, NightSite
from tests.bot.store.parts import Store
from tests.dialects import on_both


def firings(site: NightSite) -> list[StreamEvent]:
    """What fired, in order."""
    return [one for one in site.events() if one.alert.status is AlertStatus.FIRING]


def test_ticket_that_says_it_mattered_counts_as_an_incident(store: Store) -> None:
    """Its rule is not asked about, because the history says that it mattered, and people can read that."""
    site = NightSite(store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)
    site.import_ticket(firings(site)[70], "OPS-1", TicketVerdict.MATTERED)

    site.night(32)

    assert site.policies() == []
    assert site.rules()[0]["incidents"] == 1
    assert "first or only signal of 1 past incident" in why(site)


@on_both("store")
def test_group_that_mattered_counts_as_an_incident_until_that_is_taken_back(store: Store) -> None:
    """People were told, acted, and declared nothing: its rule would be asked about as one that never mattered."""
    site = NightSite(store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)
    number = first_group(site)
    site.say_group_mattered(number)
    site.night(32)
    asked, because = site.policies(), why(site)

    site.say_not_mattered(number)
    site.night(33)

    assert asked == []
    assert "first or only signal of 1 past incident" in because
    assert [one.pattern.name for one in site.policies()] == [NOISE]


def first_group(site: NightSite) -> int:
    """The number of the group of the first alert."""
    (event, *_) = firings(site)
    with site.store.snapshots.snapshot() as reads:
        group = reads.groups.group(event.group_id) if event.group_id else None
    assert group is not None
    return group.number


def why(site: NightSite) -> str:
    """What the newest night says of the noisy rule."""
    return " ".join(next(one["why"] for one in site.rules() if one["rule"] == NOISE))


@on_both("store")
def test_series_put_apart_into_a_group_that_mattered_counts_there(store: Store) -> None:
    """Split from the noise around it and attached to an incident, it was the only signal of that."""
    site = NightSite(store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(19)
    site.arrive(32 * DAY, HOSTS[0], NOISE)
    site.arrive(32 * DAY + 0.1, HOSTS[0], "QueueLatency")
    site.group()
    event = next(one for one in reversed(site.events()) if one.alert.rule == NOISE)
    with store.snapshots.snapshot() as reads:
        mixed = reads.groups.group(event.group_id) if event.group_id else None
    assert mixed is not None
    assert mixed.series == 2
    site.split_off(mixed.number, event)
    site.attach(site.newest())

    site.night(32)

    assert site.policies() == []
    assert "first or only signal of 1 past incident" in why(site)


@on_both("store")
def test_incident_counts_however_many_alerts_came_since(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the newest alerts are lived through again, and what belonged to incidents before them all the same."""
    site = NightSite(store)
    site.night(0)
    site.noise(13, 1)
    site.end_an_incident(first_group(site))
    site.noise(14, 18)
    site.incidents(19)
    monkeypatch.setattr(nightly, "MOST_EVENTS", 18 * 2 * len(HOSTS))

    site.night(32)

    assert site.policies() == []
    assert "first or only signal of 1 past incident" in why(site)
    assert [(one["windows"], one["incidents"]) for one in site.rules()] == [(18 * len(HOSTS) + 1, 1)]


@pytest.mark.parametrize("move", [Move.DUPLICATE, Move.CANCEL])
def test_what_belonged_to_a_duplicate_belongs_to_its_original(sqlite_lanes_store: Store, move: Move) -> None:
    """Two people declared one incident: the alerts of the later mattered. What was cancelled was none."""
    site = NightSite(sqlite_lanes_store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)
    site.attach(first_group(site))
    site.end(21, move, duplicate_of=1)

    site.night(32)

    assert len(site.policies()) == (0 if move is Move.DUPLICATE else 1)
    assert ("first or only signal of 1 past incident" in why(site)) == (move is Move.DUPLICATE)


@on_both("store")
def test_what_is_older_than_half_a_year_proves_nothing(store: Store) -> None:
    """Where nothing fired for so long, nothing is lived through again, and nobody is asked by what was proved then."""
    site = NightSite(store)
    site.night(0)
    site.noise(1, 1)
    site.incidents(20)

    site.night(182)

    assert site.rules() == []


@on_both("store")
def test_held_alert_that_mattered_does_so_where_it_was_split_to(store: Store) -> None:
    """That the group it has left did not matter, after all, says nothing of it; that its own did not takes it back."""
    site = NightSite(store)
    site.ready()
    site.say_yes(site.policies()[0])
    site.arrive(33 * DAY, HOSTS[0], NOISE, labels={"service": HOSTS[0], "role": "batch"})
    site.arrive(33 * DAY + 0.1, HOSTS[0], "QueueLatency")
    site.group()
    event = next(one for one in reversed(site.events()) if one.alert.rule == NOISE)
    held = next(one for one in site.holds() if one.seq == event.seq)
    with store.snapshots.snapshot() as reads:
        mixed = reads.groups.group(held.group_id)
    assert mixed is not None

    site.say_mattered(held)
    site.say_group_mattered(mixed.number)
    site.split_off(mixed.number, event)
    site.say_not_mattered(mixed.number)
    apart, after = site.groups()[site.newest()], called(site, event)
    shown = [mattered(site, each) for each in (mixed.id, apart.id)]
    site.say_not_mattered(apart.number)

    assert after == f"{event.alert_id}:{apart.id}"
    assert shown == [False, True]
    assert called(site, event) == ""
    assert not mattered(site, apart.id)


def called(site: NightSite, event: StreamEvent) -> str:
    """What names that which mattered and *event* is a part of."""
    with site.store.snapshots.snapshot() as reads:
        return read_belonging(reads, site.workspace).mattered.name_of(event)


def mattered(site: NightSite, group_id: UUID) -> bool:
    """Whether people hear that a group mattered."""
    with site.store.snapshots.snapshot() as reads:
        return bool(reads.groups.mattered(group_id))
