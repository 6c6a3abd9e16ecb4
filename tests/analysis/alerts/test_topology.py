"""Where an alert stands, and what would explain it."""

import tracemalloc

import pytest

from analysis.alerts.topology import EVERYWHERE, MOST_SUSPECTS, Relation, Topology
from tests.alert_streams import GRAPH


@pytest.mark.parametrize(
    ("labels", "service", "node"),
    [
        ({"service": "store"}, "store", ""),
        ({"pod": "store-0"}, "store", "n4"),
        ({"instance": "store-0:9100"}, "store", "n4"),
        ({"instance": "n4:9100"}, "", "n4"),
        ({"host": "n4"}, "", "n4"),
        ({"pod": "billing-6d4b75cb6d-hk2xp"}, "billing", ""),
        ({"pod": "billing-db-3", "node": "n9"}, "billing-db", "n9"),
        ({"team": "payments"}, "", ""),
    ],
    ids=["service", "pod", "pod as instance", "node as instance", "host", "unknown pod", "unknown node", "no place"],
)
def test_place_is_read_from_the_labels_in_use(labels: dict[str, str], service: str, node: str) -> None:
    """Whatever names a source uses, completed from the graph where that knows more."""
    place = Topology(GRAPH).place(labels)

    assert (place.service, place.node) == (service, node)


def test_suspects_are_the_place_and_what_it_calls() -> None:
    """Nearest relation first where there are several ways."""
    suspects = Topology(GRAPH).place({"service": "shop", "pod": "shop-0"}).suspects

    assert {name: relation for name, relation in suspects.items() if name.startswith("service:")} == {
        "service:shop": Relation.SAME_SERVICE,
        "service:cart": Relation.CALLER,
        "service:pay": Relation.CALLER,
        "service:store": Relation.CALLER_2,
    }
    assert suspects["node:n1"] is Relation.POD_ON_NODE
    assert suspects["zone:z1"] is Relation.SAME_ZONE
    assert suspects["provider:stripe"] is Relation.CALLER_OF_DEPENDANT
    assert suspects[EVERYWHERE] is Relation.SAME_MOMENT


def test_place_that_nothing_tells_has_no_suspects() -> None:
    """An alert without a place is never a candidate for anything."""
    assert Topology(GRAPH).place({"team": "payments"}).suspects == {}


def test_suspects_are_bounded() -> None:
    """A service that depends on hundreds has the nearest as suspects."""
    calls = frozenset({("hub", f"leaf{n}") for n in range(500)} | {("shop", "hub")})
    graph = type(GRAPH)(calls=calls)

    suspects = Topology(graph).place({"service": "shop"}).suspects

    assert len(suspects) == MOST_SUSPECTS + 1
    assert suspects["service:hub"] is Relation.CALLER


def test_large_graph_costs_no_more_than_a_small_one() -> None:
    """A service that reaches thousands: what lies beyond its suspects is not even collected."""
    calls = {(f"s{caller}", f"s{20 * caller + n}") for caller in range(421) for n in range(1, 21)}
    topology = Topology(type(GRAPH)(calls=frozenset(calls)))

    tracemalloc.start()
    suspects = topology.place({"service": "s0"}).suspects
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(suspects) == MOST_SUSPECTS + 1
    assert peak < 150_000


@pytest.mark.parametrize(
    ("labels", "where"),
    [
        ({"service": "cart", "pod": "cart-0", "namespace": "shop"}, "cart"),
        ({"node": "n4", "zone": "z2"}, "n4"),
        ({"instance": "db-1:9100", "job": "node"}, "db-1"),
        ({"namespace": "shop"}, "namespace shop"),
        ({"datasource_uid": "P1"}, "provider P1"),
        ({"team": "fees"}, ""),
    ],
)
def test_place_is_called_as_people_call_it(labels: dict[str, str], where: str) -> None:
    """A message that says where something fires says the host if it knows nothing better."""
    assert Topology(GRAPH).place(labels).where == where
