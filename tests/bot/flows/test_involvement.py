"""Nothing waits that an open incident is about, and what is kept of that names nobody."""

from uuid import uuid4

import pytest

from analysis.alerts.hold_reasons import Guard
from analysis.alerts.waiting import End
from analysis.lifecycle import Move
from analysis.people import Access, Person
from bot.flows.alerts.holds import Holds, as_input
from bot.ports.grouping import InputKind, StreamEvent
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.privacy.erase import Erase, erase
from tests.bot.flows.held import HeldSite
from tests.bot.flows.streams import COMMANDER, at
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import leading

ADMIN = Person(id="slack:U9", name="ada", access=frozenset({Access.ADMIN}))


@pytest.fixture
def site(store: Store) -> HeldSite:
    """Return a site where restarts after deploys may wait, and `cart` was deployed a minute ago."""
    return _made(store)


@pytest.fixture
def quick(sqlite_lanes_store: Store) -> HeldSite:
    """Return such a site on SQLite alone."""
    return _made(sqlite_lanes_store)


def _made(store: Store) -> HeldSite:
    made = HeldSite(store)
    made.approve()
    made.deploy(-1, "cart")
    return made


@pytest.mark.parametrize(
    "title",
    leading(
        3,
        [
            "`cart` errors",
            "cart/payments failing",
            "cart's down",
            "api,cart down",
            "cart:5xx",
            "private: cart—down",
        ],
    ),
)
def test_title_names_the_service_whatever_stands_around_it(quick: HeldSite, title: str) -> None:
    """Nothing waits there."""
    quick.declare(title)

    quick.fire(0, "cart")

    assert quick.told() == {"cart"}


def attach(site: HeldSite, title: str = "SEV1 Card payments fail") -> None:
    """Attach the newest group to a new incident about something else."""
    number = site.declare(title)
    command = AttachGroup(
        person=COMMANDER,
        workspace_id=site.workspace,
        natural_key=f"attach:{number}",
        number=number,
        group=site.newest(),
    )
    site.store.writer.submit(attach_group, command).result()


@pytest.mark.parametrize(
    "labels",
    leading(
        1,
        [
            pytest.param({"service": "Payments API"}, id="a space"),
            pytest.param({"component": "ledger-db", "instance": "10.0.0.1:9100"}, id="a component"),
            pytest.param({"hostname": "db-7", "node": "n-4"}, id="a host name"),
        ],
    ),
)
def test_place_of_attached_alerts_is_guarded_however_they_name_it(store: Store, labels: dict[str, str]) -> None:
    """What fires there in another group does not wait, whichever label says where."""
    site = HeldSite(store)
    site.approve()
    (where, *_) = labels.values()
    site.fire(-30, "", "RequestErrors", labels=labels)
    attach(site)
    site.deploy(-1, where)

    site.fire(0, "", labels=labels)

    assert [one for one in site.holds() if one.since == at(0)] == []
    (decided,) = [one.hold for one in site.events() if one.alert.received_at == at(0)]
    assert decided is not None
    assert Guard.INCIDENT in {code for code, *_ in decided["reasons"]}
    assert [kept for kept, _ in site.decided_anew()] == [anew for _, anew in site.decided_anew()]


def test_thirteenth_place_of_an_attached_group_is_guarded(quick: HeldSite) -> None:
    """All series of a group count, however many there are."""
    places = [f"part-{number}" for number in range(20)]
    for place in places:
        quick.arrive(-30, "", "RequestErrors", labels={"service": place, "node": "n-1"})
    quick.group()
    attach(quick)
    quick.deploy(-1, places[-1])

    quick.fire(0, places[-1])

    assert len(quick.groups()[1].digest.places) < len(places)
    assert quick.holds() == []


def test_what_is_attached_never_waits(quick: HeldSite) -> None:
    """Its group is enough, wherever in it something fires; what waited is told."""
    quick.fire(0, "cart")
    quick.store.clock.instant = at(1)

    attach(quick)
    quick.group()
    with quick.store.snapshots.snapshot() as reads:
        (found,) = reads.holds.involved(quick.workspace)

    (hold,) = quick.holds()
    assert (hold.end, hold.ended_at) == (End.RELEASED, at(1))
    assert hold.group_id in found.groups


@on_both("store")
@pytest.mark.parametrize("title", leading(1, ["Mallory leaks cardnumbers", "private: Mallory leaks cardnumbers"]))
def test_title_that_is_erased_is_in_nothing_that_grouping_was_told(site: HeldSite, title: str) -> None:
    """What is kept of what it was told has no word of a title, and what it is told next says nothing of that one."""
    number = site.declare(title)
    site.fire(0, "cart")
    asked = {"person": ADMIN, "workspace_id": site.workspace, "natural_key": "erase", "breaks_glass": True}
    command = Erase(**asked, number=number, what="1", field="text", reason="a name of a customer", is_confirmed=True)
    site.store.writer.submit(erase, command).result()
    site.wait_until(1)

    with site.store.snapshots.snapshot() as reads:
        inputs = reads.groups.placed(site.workspace, since=0)
    told = [one.content for one in inputs if one.kind is InputKind.INVOLVED]
    assert [len(one["public"]) + len(one["private"]) for one in told] == [6, 0]
    assert not any(word in str(one).lower() for one in told for word in ("mallory", "leaks", "cardnumbers"))


def test_places_as_earlier_versions_kept_them_guard(quick: HeldSite) -> None:
    """An input with the words themselves is read as before, also over a restart."""
    holds = Holds()
    content = {"public": ["cart"], "private": [], "at": at(0).isoformat()}

    holds.apply(as_input(quick.workspace, InputKind.INVOLVED, content, "old"))
    seen, _ = holds.decide(_event(quick), uuid4())

    assert seen.decision is not None
    assert Guard.INCIDENT in {reason.code for reason in seen.decision.reasons}


def _event(site: HeldSite) -> StreamEvent:
    site.arrive(0, "cart")
    return site.events()[-1]


def test_oldest_of_many_open_incidents_counts(quick: HeldSite) -> None:
    """Where people leave incidents open for months, the one about this service is one of hundreds."""
    quick.declare("cart loses orders")
    for _ in range(200):
        quick.declare("The office has no coffee")

    quick.fire(0, "cart")

    assert quick.told() == {"cart"}


@pytest.mark.parametrize(("original", "guard"), [("", Guard.INCIDENT), ("private: ", Guard.DECOY)])
def test_duplicate_counts_as_long_as_its_original_is_open(quick: HeldSite, original: str, guard: Guard) -> None:
    """What a duplicate was about, its original is about by now, through as many as people made; then no more."""
    first = quick.declare(f"{original}Payments fail")
    second, third = quick.declare("Orders are lost"), quick.declare("cart loses orders")
    quick.end(third, Move.DUPLICATE, duplicate_of=second)
    quick.end(second, Move.DUPLICATE, duplicate_of=first)

    quick.fire(0, "cart")
    quick.resolve(first)
    quick.deploy(29, "cart")
    quick.fire(30, "cart")

    told, waits = quick.events()
    assert told.hold is not None
    assert told.hold["reasons"][0][0] == guard.value
    assert waits.did_wait
