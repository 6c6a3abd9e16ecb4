"""A stream's groups outlive the engine that found them."""

import itertools
from collections.abc import Callable, Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert
from analysis.alerts.decisions import DecisionKind
from analysis.alerts.stream import Placed, Stream
from analysis.alerts.topology import Topology
from tests.alert_streams import GRAPH, alert, resolved

PLACES = ("shop", "cart", "pay", "store", "mail")


def ids() -> Callable[[], UUID]:
    """Count up."""
    numbers = itertools.count(1)
    return lambda: UUID(int=next(numbers))


def decided(stream: Stream, alerts: Sequence[Alert], new_group: Callable[[], UUID]) -> list[Placed]:
    """Decide about each."""
    return [stream.decide(each, new_group) for each in alerts]


@given(
    told=st.lists(st.tuples(st.integers(1, 900), st.sampled_from(PLACES), st.integers(0, 2)), max_size=40),
    cut=st.integers(0, 40),
)
def test_stream_fed_with_what_was_decided_goes_on_as_it_would_have(told: list[tuple[int, str, int]], cut: int) -> None:
    """Remembering a part and deciding the rest gives every decision that deciding everything gives."""
    starts = itertools.accumulate(seconds for seconds, _, _ in told)
    alerts = [
        alert(f"a{place}", start, rule=f"Rule{rule}", service=service)
        for place, (start, (_, service, rule)) in enumerate(zip(starts, told, strict=True))
    ]
    whole = decided(Stream(Topology(GRAPH)), alerts, ids())

    again, numbers = Stream(Topology(GRAPH)), ids()
    for each, placed in zip(alerts[:cut], whole[:cut], strict=True):
        again.remember(each, placed.group)
        _ = numbers() if placed.is_new else None

    assert decided(again, alerts[cut:], numbers) == whole[cut:]


def test_nothing_new_goes_into_a_closed_group_until_it_is_reopened() -> None:
    """What would have joined begins a group of its own; a reopened group is joined again."""
    stream, new_group = Stream(), ids()
    (first,) = decided(stream, [alert("a1", 0)], new_group)

    stream.close([first.group])
    (second,) = decided(stream, [alert("a2", 10, rule="StoreErrors")], new_group)
    stream.close([second.group])
    stream.reopen([first.group])
    (third,) = decided(stream, [alert("a3", 20, rule="StoreSlow")], new_group)

    assert (second.is_new, second.decision.kind) == (True, DecisionKind.NEW)
    assert third.group == first.group
    assert stream.closed == {second.group}


def test_series_put_apart_stays_apart_and_comes_back() -> None:
    """Its repetitions and resolutions go where a person put it, until they put it back."""
    stream, new_group = Stream(), ids()
    one, other = alert("a1", 0), alert("a2", 10, rule="StoreErrors")
    first, second = decided(stream, [one, other], new_group)
    apart = new_group()

    stream.put_apart([first.group], second.decision.fingerprint, apart)
    (gone,) = decided(stream, [resolved("a3", other, 60)], new_group)
    stream.put_apart([apart, first.group], second.decision.fingerprint, first.group)
    (back,) = decided(stream, [alert("a4", 120, rule="StoreErrors")], new_group)

    assert second.group == first.group
    assert gone.group == apart
    assert back.group == first.group


def test_series_put_apart_into_what_is_over_begins_anew() -> None:
    """The group that a person put it into takes nothing once its incident is over."""
    stream, new_group = Stream(), ids()
    first, second = decided(stream, [alert("a1", 0), alert("a2", 10, rule="StoreErrors")], new_group)
    apart = new_group()
    stream.put_apart([first.group], second.decision.fingerprint, apart)

    stream.close([apart])
    (fresh,) = decided(stream, [alert("a3", 200, rule="StoreErrors")], new_group)

    assert fresh.is_new
    assert fresh.group not in {first.group, apart}
