"""Finding the open groups that could have caused an alert."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.alerts.ambient import Ambient
from analysis.alerts.candidates import Candidates
from analysis.alerts.groups import Group
from analysis.alerts.prior import DELAY_STEP_SECONDS, SHIPPED, Prior
from analysis.alerts.series import Series
from analysis.alerts.topology import Topology
from analysis.alerts.views import View, Views
from tests.alert_streams import GRAPH
from tests.effort import examples

_PRIOR = replace(SHIPPED, most_groups_per_suspect=1_000, most_suspects_per_group=1_000)
_VIEWS = Views(_PRIOR)
_LEAST = _PRIOR.suggest_above - _PRIOR.base - 2.0
#: The small world, and a service that has nothing in common with the rest of it.
_TOPOLOGY = Topology(replace(GRAPH, kinds={**GRAPH.kinds, "lone": "app"}))
_LABELS = (
    *({"service": service} for service in (*sorted(GRAPH.kinds), "lone")),
    *({"service": service, "pod": pod} for pod, service in sorted(GRAPH.pods.items())),
    *({"node": node} for node in sorted(GRAPH.node_zone)),
)
#: Which place fires, so many seconds after the one before, and into which group it goes.
_FIRINGS = st.lists(
    st.tuples(st.sampled_from(_LABELS), st.integers(-30, 200) | st.integers(-600, 900), st.integers(0, 2)),
    min_size=8,
    max_size=40,
)


#: One place rises slowly in a group that another one explains far better.
_RISING = [({"service": service}, 10, 0) for service in ("store", "cart", "pay", "shop", *["lone"] * 12)]
#: A search is too late for a group, and the next one goes back in time to it.
_BACK = [
    ({"service": "store", "pod": "store-0"}, 15, 1),
    ({"service": "lone"}, 45, 1),
    ({"node": "n2"}, 45, 1),
    ({"service": "shop", "pod": "shop-0"}, 900, 2),
    ({"service": "pay", "pod": "pay-0"}, -600, 1),
    ({"service": "pay", "pod": "pay-0"}, 45, 2),
    ({"node": "n4"}, 0, 2),
    ({"service": "lone"}, -300, 2),
]


@given(firings=_FIRINGS, most=st.integers(1, 5))
@example(firings=_RISING, most=3)
@example(firings=_BACK, most=5)
@settings(max_examples=examples(200))
def test_search_finds_what_looking_at_everything_finds(
    firings: list[tuple[dict[str, str], int, int]], most: int
) -> None:
    """What a search passes over changes neither a match nor its weights, to the last bit."""
    candidates, ambient = Candidates(_PRIOR), Ambient(_PRIOR.usual_beginnings_per_hour)
    groups: list[Group] = []
    at = 1_000_000.0
    for number, (labels, passed, chosen) in enumerate(firings):
        at += passed
        series = _series(labels)

        found = candidates.find(series, at, most)

        matches = [(one.reached, one, one.found[0], *one.found[2:]) for one in found]
        assert matches == _everything(groups, series, at, ambient.weight)[:most]
        if chosen >= len(groups):
            groups.append(Group(id=f"g{number}", number=number, start=at, last=at))
            ambient.begin(at)
        group = groups[min(chosen, len(groups) - 1)]
        group.start = min(group.start, at)
        candidates.add(group, series, at, f"a{number}")
        group.enrol(series, f"a{number}", at)


_Found = tuple[float, Group, View, float, float]


def _everything(groups: Iterable[Group], series: Series, at: float, ambient: float) -> Sequence[_Found]:
    """The best view of each group, with nothing passed over."""
    found = []
    for group in groups:
        delays = [_delay(group, view, at) for view in series.views]
        scored = [
            _scored(group, view, delay, ambient)
            for view, delay in zip(series.views, delays, strict=True)
            if view.suspect in group.suspicions and delay is not None
        ]
        if scored and max(one[0] for one in scored) >= _LEAST:
            found.append(max(scored, key=lambda one: one[0]))
    return sorted(found, key=lambda one: (-one[0], one[1].number))


def _scored(group: Group, view: View, delay: float, ambient: float) -> _Found:
    held = group.suspicions[view.suspect]
    other = held.score - group.best
    if view.is_own and not held.is_seen:
        other -= _PRIOR.silent_suspect
    other = max(other, _PRIOR.other_suspect)
    weight = view.weight + ambient if view.is_broad else view.weight
    return weight + delay + other, group, view, delay, other


def _delay(group: Group, view: View, at: float, prior: Prior = _PRIOR) -> float | None:
    age, quiet = at - group.start, at - group.last
    if age < 0:
        return prior.early(age)
    if age >= prior.longest_group_seconds or quiet > prior.group_idle_seconds:
        return None
    seconds = min(age, max(age * prior.slowed, quiet * prior.pace))
    return view.delays[int(seconds) // DELAY_STEP_SECONDS]


def _series(labels: dict[str, str]) -> Series:
    place = _TOPOLOGY.place(labels)
    views = _VIEWS.of(place, 0.0)
    return Series(fingerprint=str(labels), rule="r", family="f", words=frozenset(), place=place, views=views)
