"""Grouping alerts online."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import Happening, HappeningKind
from analysis.alerts.decisions import Decision, DecisionKind
from analysis.alerts.grouping import Grouper
from analysis.alerts.prior import SHIPPED
from analysis.alerts.reasons import ReasonCode, logit_of, probability, sentence
from analysis.alerts.topology import Topology
from tests.alert_streams import GRAPH, START, alert, resolved
from tests.effort import examples


def decided(alerts: Iterable[Alert], *, events: Sequence[Happening] = ()) -> list[Decision]:
    """The decisions on a stream, in its order."""
    grouper = Grouper(Topology(GRAPH))
    for event in events:
        grouper.observe(event)
    return [grouper.decide(one) for one in alerts]


def groups(decisions: Iterable[Decision]) -> list[str]:
    """The groups of decisions, as the letters of the alphabet in the order that they come."""
    letters: dict[str, str] = {}
    return [letters.setdefault(one.group_id, "abcdefghij"[len(letters)]) for one in decisions]


def flapping(count: int, *, every: float = 3_000, **over: object) -> list[Alert]:
    """A series that fires *count* times by itself, for a minute each."""
    found = []
    for number in range(count):
        one = alert(f"f{number}", number * every, "ShopCacheEvictions", service="shop", **over)
        found += [one, resolved(f"f{number}r", one, number * every + 60)]
    return found


def test_symptoms_of_callers_join_the_failure_they_suffer_from() -> None:
    """What calls a failing service joins it, also through another; what does not call it begins a group of its own."""
    stream = [
        alert("root", 0),
        alert("caller", 120, "BlackboxProbeFailed", service="cart"),
        alert("beyond", 240, "BlackboxProbeSlowHttp", service="shop"),
        alert("other", 250, "MailQueueFull", service="mail"),
    ]

    assert groups(decided(stream)) == ["a", "a", "a", "b"]


@pytest.mark.parametrize(
    ("second", "told", "of", "expected"),
    [
        ({"service": "cart"}, "it calls cart, which has fired in the group", "second", ["a", "a", "a"]),
        ({"service": "store"}, "nothing that it calls has fired in the group", "root", ["a", "a", "b"]),
    ],
    ids=["fired", "quiet"],
)
def test_failure_reaches_a_place_through_what_that_calls(
    second: dict[str, str], told: str, of: str, expected: list[str]
) -> None:
    """What is behind a service draws it where that has fired, and hardly where nothing between the two has."""
    stream = [
        alert("root", 0),
        alert("second", 120, "BlackboxProbeFailed", labels=second),
        alert("beyond", 300, "ShopMemory", service="shop"),
    ]

    decisions = decided(stream)

    assert groups(decisions) == expected
    reason = next(one for one in decisions[-1].reasons if one.text == told)
    assert reason.evidence == (of,)


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("store", "cart", "one series alone has fired in the group, at another place"),
        ("cart", "store", "its place is blamed, but only cart has fired so far"),
    ],
    ids=["alone", "blamed"],
)
def test_what_fired_at_one_place_is_not_yet_a_failure_that_spreads(first: str, then: str, told: str) -> None:
    """One alert elsewhere speaks less for a failure than two at two places, and what is blamed seldom speaks last."""
    one = alert("one", 0, "BlackboxProbeFailed", service=first)
    more = alert("more", 5, "BlackboxProbeSlowHttp", service="pay")
    last = alert("last", 60, "ProbeLatencyHigh", service=then)

    *_, weak = decided([one, last])
    *_, strong = decided([one, more, last])

    reason = next(each for each in weak.reasons if each.text == told)
    assert (reason.weight, reason.evidence) == (-1.0, ("one",))
    assert told not in [each.text for each in strong.reasons]


def test_alert_of_the_place_itself_joins_one_that_fired_there_alone() -> None:
    """Of a group at one place what fires there is no news of another."""
    decisions = decided([alert("one", 0), alert("two", 30, "BlackboxProbeFailed", service="store")])

    assert groups(decisions) == ["a", "a"]
    assert not {ReasonCode.LONE_ALERT, ReasonCode.BLAMED_LATE} & {each.code for each in decisions[-1].reasons}


@pytest.mark.parametrize("late", [timedelta(seconds=2), timedelta(hours=1), timedelta(days=3)], ids=str)
def test_one_fault_is_one_group_however_late_it_is_heard_of(late: timedelta) -> None:
    """A sender tells of what still fires after hours in which nobody listened: it belongs together as on time."""
    stream = [
        alert("root", 0),
        alert("caller", 60, "BlackboxProbeFailed", service="cart"),
        alert("other", 70, "MailQueueFull", service="mail"),
        alert("beyond", 90, "BlackboxProbeSlowHttp", service="shop"),
    ]

    heard = [replace(one, received_at=START + late + timedelta(minutes=2)) for one in stream]

    assert groups(decided(heard)) == ["a", "a", "b", "a"]


def test_group_heard_of_late_takes_no_more_once_nothing_is_heard() -> None:
    """What is heard of an hour after that, about the same time, is a group of its own: the first was let go."""
    late = START + timedelta(hours=2)
    heard = [
        replace(alert("root", 0), received_at=late),
        replace(alert("caller", 60, "BlackboxProbeFailed", service="cart"), received_at=late + timedelta(hours=1)),
    ]

    assert groups(decided(heard)) == ["a", "b"]


def test_one_name_in_two_environments_is_two_things() -> None:
    """What fails in production is not folded into what failed in staging before; who names none joins either."""
    named = ({"env": "staging"}, {"env": "Production"}, {"cluster": "eu"})
    places = (*named, {}, {"environment": "stg"}, {"deployment_environment": "prod"})
    stream = [
        alert(str(number), number, labels={"service": "store", "pod": "store-0", **place}, rule=f"StoreRule{number}")
        for number, place in enumerate(places)
    ]

    decided_groups = groups(decided(stream))

    assert decided_groups[:3] == ["a", "b", "c"]
    assert decided_groups[3] in {"a", "b", "c"}
    assert decided_groups[4:] == ["a", "b"]


def test_alert_of_a_node_draws_what_runs_on_it() -> None:
    """A node's failure explains alerts of services that have nothing else in common."""
    stream = [
        alert("node", 0, "HostOutOfMemory", labels={"node": "n4"}),
        alert("one", 30, "StoreDown", labels={"service": "store", "pod": "store-0"}),
        alert("two", 45, "MailDown", labels={"service": "mail", "pod": "mail-0"}),
    ]

    assert groups(decided(stream)) == ["a", "a", "a"]


def test_outage_of_a_third_party_explains_those_who_depend_on_it() -> None:
    """The event is no alert, and yet what follows it belongs together."""
    outage = Happening(at=START, kind=HappeningKind.UPSTREAM_OUTAGE, service="stripe")
    stream = [
        alert("one", 30, "PayRequestErrors", service="pay"),
        alert("two", 60, "MailRequestErrors", service="mail"),
    ]

    decisions = decided(stream, events=[outage])

    assert groups(decisions) == ["a", "a"]
    assert [one.text for one in decisions[1].reasons if one.code is ReasonCode.RELATION] == [
        "depends on provider stripe"
    ]
    assert decisions[0].reasons[0].evidence == ("upstream_outage:stripe",)


def test_failure_at_the_same_place_an_hour_later_is_another() -> None:
    """A group takes no more alerts when it has been quiet."""
    stream = [alert("one", 0), alert("two", 4_000, "StoreDown")]

    assert groups(decided(stream)) == ["a", "b"]


def test_pods_of_every_source_are_found_without_a_graph() -> None:
    """Labels alone say that two alerts are about one service."""
    grouper = Grouper()
    one = grouper.decide(alert("one", 0, labels={"pod": "cart-6d4b75cb6d-hk2xp", "namespace": "prod"}))
    two = grouper.decide(alert("two", 20, "CartDown", labels={"app": "cart", "namespace": "prod"}))

    assert one.group_id == two.group_id


def test_repetition_resolution_and_rise_in_severity_stay_with_their_series() -> None:
    """Replicas, repeated deliveries and late ones are the same episode; nothing of it is a new group."""
    first = alert("a", 0, labels={"service": "store", "prometheus_replica": "x"})
    replica = alert("b", 1, labels={"service": "store", "prometheus_replica": "y"})
    risen = alert("c", 0, severity=AlertSeverity.CRITICAL, received_at=START + timedelta(seconds=30), service="store")

    decisions = decided([first, replica, risen, resolved("ar", first, 300), replace(replica, id="late")])

    assert groups(decisions) == ["a"] * 5
    assert [one.kind for one in decisions[1:]] == [DecisionKind.SAME] * 4
    assert decisions[2].reasons[0].text == "the same series fires with a higher severity"


def test_resolution_that_overtook_its_firing_keeps_its_place() -> None:
    """In either order the two deliveries are in one group."""
    firing = alert("a", 0)

    assert groups(decided([resolved("ar", firing, 60), firing])) == ["a", "a"]


def test_firing_after_a_resolution_is_an_episode_of_the_same_series() -> None:
    """A re-fire is decided anew and keeps its fingerprint."""
    first, again = alert("a", 0), alert("b", 600)

    decisions = decided([first, resolved("ar", first, 60), again])

    assert decisions[2].kind is not DecisionKind.SAME
    assert len({one.fingerprint for one in decisions}) == 1


def test_series_that_repeats_by_itself_gets_a_lane_from_the_fourth_episode_on() -> None:
    """The lane is where it was alone before, and every episode is there to be seen."""
    firings = decided(flapping(6))[::2]

    assert groups(firings) == ["a"] * 6
    assert [one.kind for one in firings] == [
        DecisionKind.NEW,
        DecisionKind.JOIN,
        DecisionKind.JOIN,
        DecisionKind.LANE,
        DecisionKind.LANE,
        DecisionKind.LANE,
    ]


def test_nothing_else_joins_a_lane() -> None:
    """A failure at the place of a chronic series has a group of its own."""
    stream = [*flapping(5), alert("new", 12_030, "ShopDown", service="shop")]

    decisions = decided(stream)

    assert decisions[-1].group_id != decisions[-2].group_id


def test_chronic_series_joins_a_failure_that_it_fits() -> None:
    """A series that seldom fires by itself, four times a day, is drawn by a fresh failure where it stands."""
    fresh = [
        alert(f"n{number}", 70_000 + 5 * number, f"ShopMemory{number}", labels={"service": "shop", "pod": "shop-0"})
        for number in range(6)
    ]
    grouper = Grouper(Topology(GRAPH))

    decisions = [grouper.decide(one) for one in (*flapping(4, every=20_000)[:7], *fresh)]
    last = grouper.decide(alert("again", 70_035, "ShopCacheEvictions", service="shop"))

    assert decisions[6].kind is DecisionKind.LANE
    assert (last.kind, last.group_id) == (DecisionKind.JOIN, decisions[-1].group_id)


def test_nothing_goes_into_a_closed_group() -> None:
    """An alert that would have joined begins a group instead, and so does its own series' next episode."""
    grouper = Grouper(Topology(GRAPH))
    first = grouper.decide(alert("a", 0))

    joined = grouper.decide(alert("b", 30, "StoreDown"), closed={first.group_id})
    again = grouper.decide(alert("c", 1_200), closed={first.group_id})

    assert first.group_id not in {joined.group_id, again.group_id}


def test_late_evidence_links_groups_and_moves_no_member() -> None:
    """Two callers begin groups of their own; what they both call then fails, and one link joins them."""
    stream = [
        alert("one", 0, "CartOdd", service="cart"),
        alert("two", 5, "PayOdd", service="pay"),
        *(alert(f"root{number}", 40 + number, f"StoreDisk{number}") for number in range(3)),
    ]

    decisions = decided(stream)

    links = [link for one in decisions for link in one.links]
    assert groups(decisions)[:2] == ["a", "b"]
    assert {(link.kept, link.gone) for link in links} == {(decisions[0].group_id, decisions[1].group_id)}
    assert links[0].reason.text == "store explains both groups"


def test_many_places_at_once_are_linked_by_what_they_share() -> None:
    """No two of them say much; four of one zone do, and a closed group stays out of it."""
    stream = [alert(f"p{n}", 5 * n, f"Odd{n}", labels={"node": f"m{n}", "zone": "z9"}) for n in range(5)]
    grouper, other = Grouper(Topology(GRAPH)), Grouper(Topology(GRAPH))

    links = [link for one in stream for link in grouper.decide(one).links]
    without = [link for one in stream for link in other.decide(one, closed={"G-2"}).links]

    assert {link.reason.text for link in links} == {"zone z9 explains both groups"}
    assert "G-2" in {link.gone for link in links}
    assert "G-2" not in {name for link in without for name in (link.kept, link.gone)}


def test_near_miss_is_a_suggestion() -> None:
    """Between the two limits the alert has a group of its own, which names the one that it may belong to."""
    grouper = Grouper(Topology(GRAPH), replace(SHIPPED, join_above=10.0))
    first = grouper.decide(alert("a", 0))

    near = grouper.decide(alert("b", 30, "StoreDown"))

    assert (near.kind, near.suggested) == (DecisionKind.SUGGEST, first.group_id)
    assert near.group_id != first.group_id


def test_deleting_the_evidence_of_the_heaviest_reason_moves_the_decision_by_its_weight() -> None:
    """Without the alerts that speak for a reason, the logit loses at least what the reason weighed."""
    stream = [alert("root", 0), alert("caller", 120, "BlackboxProbeFailed", service="cart")]
    whole = decided(stream)[-1]
    heaviest = max(whole.reasons, key=lambda reason: reason.weight)

    without = decided(one for one in stream if one.id not in heaviest.evidence)[-1]

    assert heaviest.evidence == ("root",)
    assert whole.logit - without.logit >= heaviest.weight > 0


def test_deleting_the_evidence_against_it_brings_an_alert_in() -> None:
    """A series that was known to fire by itself joins when that is not known."""
    quiet = flapping(3, every=500)
    stream = [*quiet, alert("root", 2_600, "ShopDown", service="shop"), alert("again", 2_700, "ShopCacheEvictions")]
    stream[-1] = replace(stream[-1], labels={"service": "shop"})
    whole, without = decided(stream)[-1], decided(stream[-2:])[-1]

    rhythm = [one for one in decided(stream)[-2].reasons if one.code is ReasonCode.OWN_RHYTHM]
    assert (whole.kind, without.kind) == (DecisionKind.LANE, DecisionKind.JOIN)
    assert all(one.weight < 0 for one in rhythm)


def weight_of(decision: Decision, code: ReasonCode) -> float:
    """What one reason adds to a decision."""
    return sum(one.weight for one in decision.reasons if one.code is code)


def test_faster_a_group_grows_the_more_it_draws() -> None:
    """The same alert is likelier of a group to which many came within the minute, and less of one that is quiet."""
    late = alert("late", 90, "StoreDisk", service="store")
    found = []
    for count in (1, 4, 12):
        grown = [alert(f"g{n}", 45 + n, f"StoreOdd{n}", service="store") for n in range(count)]
        found.append(weight_of(decided([*grown, late])[-1], ReasonCode.BURST))
    quiet = decided([alert("root", 0), alert("later", 300, "StoreDisk")])[-1]

    assert weight_of(quiet, ReasonCode.BURST) < found[0] < found[1] < found[2] < SHIPPED.burst_most
    assert weight_of(quiet, ReasonCode.BURST) < 0 < found[1]


def stormy(name: str, seconds: float, count: int) -> list[Alert]:
    """*count* alerts of other rules within less than half a minute at one service."""
    return [alert(f"{name}{n}", seconds + n / 2, f"{name}{n}", service="store") for n in range(count)]


def test_burst_in_a_groups_old_age_begins_something_new() -> None:
    """Many alerts at once are another failure where the group was quiet before, and its own where it just began."""
    first, second = stormy("First", 0, 40), stormy("Second", 240, 40)

    decisions = decided([*first, *second])

    names = [one.group_id for one in decisions]
    apart = next(one for one in decisions if weight_of(one, ReasonCode.SURGE))
    assert set(names[:40]) == {names[0]}
    assert names[40] == names[0]
    assert len(set(names[60:])) == 1
    assert names[-1] != names[0]
    assert apart.kind in {DecisionKind.NEW, DecisionKind.SUGGEST}
    assert any(" into a burst of alerts that began after the group" in one.text for one in apart.reasons)
    assert not [link for one in decisions for link in one.links]


def test_few_alerts_in_a_groups_old_age_are_its_own() -> None:
    """What a failure makes after minutes stays with it."""
    decisions = decided([*stormy("First", 0, 40), *stormy("Second", 240, SHIPPED.surge_alerts)])

    assert len({one.group_id for one in decisions}) == 1
    assert not any(weight_of(one, ReasonCode.SURGE) for one in decisions)


def test_series_that_also_fires_in_failures_is_less_its_own() -> None:
    """Firing by itself twice says less of a series that three failures explained than of one that none did."""
    alone = flapping(2, every=2_000)
    again = alert("again", 20_000, "ShopCacheEvictions", service="shop")
    failures = []
    for number in range(3):
        at = 5_000 + 4_000 * number
        failures += [alert(f"d{number}{n}", at + n, f"ShopDown{n}", service="shop") for n in range(3)]
        failures.append(alert(f"e{number}", at + 30, "ShopCacheEvictions", service="shop"))
        failures += [resolved(f"{one.id}r", one, at + 600) for one in failures[-4:]]
    fresh = [alert("root", 19_990, "ShopGone", service="shop")]

    known, unknown = (decided([*alone, *some, *fresh, again])[-1] for some in (failures, []))

    assert weight_of(unknown, ReasonCode.OWN_RHYTHM) < weight_of(known, ReasonCode.OWN_RHYTHM) < 0


def test_explanation_names_what_is_for_and_against() -> None:
    """One sentence with the heaviest reason first."""
    first, joined = decided([alert("root", 0), alert("caller", 300, "BlackboxProbeFailed", service="cart")])

    told = sentence(first.group_id, joined.reasons)

    assert told.startswith("Grouped with G-1 (0.9")
    assert "calls store" in told
    assert "; against: 5 min after the group’s first alert (-" in told


RULES = ("StoreDown", "CartRequestErrors", "ShopProbeSlow", "HostOutOfMemory", "queue 7 is full", "queue 8 is full")
PLACES = (
    {"service": "store"}, {"service": "cart", "pod": "cart-0"}, {"service": "shop"}, {"node": "n4"},
    {"instance": "n4:9100"}, {"zone": "z1", "service": "pay"}, {"namespace": "prod"}, {"team": "x"}, {},
)  # fmt: skip
ALERTS = st.lists(
    st.tuples(
        st.sampled_from(RULES),
        st.sampled_from(PLACES),
        st.integers(0, 20_000),
        st.integers(-30, 400),
        st.sampled_from(AlertStatus),
        st.sampled_from(AlertSeverity),
    ),
    max_size=40,
)


@settings(max_examples=examples(60))
@given(drawn=ALERTS, closed=st.sets(st.sampled_from(["G-1", "G-2", "G-3"])))
def test_any_stream_replays_bit_equal_and_its_weights_add_up(
    drawn: list[tuple[str, dict[str, str], int, int, AlertStatus, AlertSeverity]], closed: set[str]
) -> None:
    """Whatever comes in whatever order, decisions repeat exactly, their terms add up, and closed groups stay closed."""
    stream = [
        alert(
            f"a{number}",
            at,
            rule,
            labels=labels,
            status=status,
            severity=severity,
            received_at=START + timedelta(seconds=max(0, at + late)),
        )
        for number, (rule, labels, at, late, status, severity) in enumerate(drawn)
    ]

    first, second = Grouper(Topology(GRAPH)), Grouper(Topology(GRAPH))
    one, again = [first.decide(each, closed) for each in stream], [second.decide(each, closed) for each in stream]

    assert one == again
    for decision in one:
        assert decision.reasons
        assert all(reason.text for reason in decision.reasons)
        assert decision.logit == pytest.approx(logit_of(decision.reasons), abs=1e-9)
        assert 0 <= probability(decision.logit) <= 1
        assert decision.kind not in {DecisionKind.JOIN, DecisionKind.LANE} or decision.group_id not in closed
        assert closed.isdisjoint(name for link in decision.links for name in (link.kept, link.gone))


def test_order_of_annotations_and_links_decide_nothing() -> None:
    """A file has them in its sender's order and the database by name, so that both would be judged otherwise."""
    told = {
        "summary": "replication lags behind",
        "description": "See the dashboard.",
        "dashboard": "https://g.example/1",
    }
    in_order, by_name = told, dict(sorted(told.items()))

    decided = []
    for annotations in (in_order, by_name, {"summary": told["summary"]}):
        grouper = Grouper(Topology(GRAPH))
        first = alert("a", 0, annotations={"summary": "replication lags behind the leader"})
        other = alert("b", 60, "ReplicaBehind", labels={"service": "cart"}, annotations=annotations)
        decided.append([grouper.decide(each) for each in (first, other)])

    assert decided[0] == decided[1] == decided[2]


def test_memory_is_bounded() -> None:
    """Series and groups beyond their limits are forgotten, the oldest first, and nothing fails."""
    grouper = Grouper(Topology(GRAPH), replace(SHIPPED, most_series=50))

    decisions = [grouper.decide(alert(f"a{n}", 10 * n, f"Rule{n}", service=f"s{n}")) for n in range(300)]

    assert len({one.group_id for one in decisions}) == 300
    assert len(grouper._series) == 50  # noqa: SLF001 - the bound is a promise that only its size can show
