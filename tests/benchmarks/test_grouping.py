"""Scoring groups, the methods without a model, and the streams that are made here."""

from collections import Counter

import pytest

from analysis.alerts.topology import Topology
from benchmarks.grouping import debrief_groups
from benchmarks.grouping_baselines import alertmanager, chronic_and_gap, time_gap
from benchmarks.grouping_metrics import b3_interval, linked, score
from benchmarks.grouping_other_streams import other_stream
from benchmarks.grouping_scraped import scraped
from benchmarks.grouping_streams import Stream, overlay, storm
from benchmarks.measuring import SHARED
from benchmarks.text_templates import grouping_accuracy, pair_f1
from tests.alert_streams import GRAPH, alert, resolved
from tests.effort import leading

STORMS = SHARED / "alerts" / "storm"
needs_data = pytest.mark.skipif(
    not STORMS.is_dir(), reason="shared data is not here; DEBRIEF_SHARED_DATA names its folder"
)

CAUSES = {"1": "x", "2": "x", "3": "x", "4": "y", "5": "y", "6": "z"}


def test_b3_of_a_grouping_that_was_worked_out_by_hand() -> None:
    """One group of three x and one y, the other y with z."""
    found = score(CAUSES, {"1": "a", "2": "a", "3": "a", "4": "a", "5": "b", "6": "b"})

    assert found.precision == pytest.approx((3 * 3 / 4 + 1 / 4 + 1 / 2 + 1 / 2) / 6)
    assert found.recall == pytest.approx((3 + 0.5 + 0.5 + 1) / 6)
    assert (found.groups, found.causes, found.grouping_accuracy, found.mega_merge) == (2, 3, 0.0, 0.0)
    assert found.capture == pytest.approx((1 + 0.5 + 1) / 3)
    assert found.purity == pytest.approx((3 + 1) / 6)


def test_perfect_grouping_scores_one_whatever_groups_are_called() -> None:
    """All figures at their best."""
    found = score(CAUSES, {alert_id: f"g{cause}" for alert_id, cause in CAUSES.items()})

    assert (found.b3, found.grouping_accuracy, found.mega_merge, found.capture, found.purity) == (1, 1, 0, 1, 1)
    assert b3_interval(CAUSES, CAUSES) == (1, 1)


def test_group_of_many_causes_is_a_mega_merge() -> None:
    """No cause has half of the group."""
    found = score(dict.fromkeys("abc", "x") | {"d": "y", "e": "y", "f": "z", "g": "w"}, dict.fromkeys("abcdefg", "all"))

    assert found.mega_merge == 1


def test_links_join_groups_through_others() -> None:
    """Linking is transitive, in any order, and a link within a group changes nothing."""
    groups = {"1": "a", "2": "b", "3": "c", "4": "d"}

    assert linked(groups, [("b", "c"), ("a", "b"), ("a", "c")]) == {"1": "a", "2": "a", "3": "a", "4": "d"}


def test_time_gap_begins_a_group_after_a_quiet_minute() -> None:
    """Gaps count from the alert before."""
    stream = [alert(str(at), at) for at in (0, 50, 100, 161, 400)]

    assert Counter(time_gap(stream).values()) == {"gap 1": 3, "gap 2": 1, "gap 3": 1}


def test_chronic_series_leaves_the_time_gap() -> None:
    """The fourth episode within a day goes to its own lane."""
    stream = [alert(str(at), at) for at in (0, 3_000, 6_000, 9_000, 12_000)]

    assert len(set(chronic_and_gap(stream).values())) == 4


@pytest.mark.parametrize(
    ("again", "groups"),
    [(320, 1), (331, 2)],
    ids=["before the flush", "after the flush"],
)
def test_alertmanager_forgets_a_group_at_the_first_flush_that_finds_it_resolved(again: float, groups: int) -> None:
    """Flushes are 30 s after the first alert and every 300 s from then on."""
    first = alert("a", -2)
    stream = [first, resolved("ar", first, 100), alert("b", again - 2)]

    assert len(set(alertmanager(stream, group_by=("service",)).values())) == groups


def test_templates_are_scored_by_texts_and_by_pairs() -> None:
    """Two of five texts have exactly their template; of four true pairs two are found, with one wrong."""
    truth, found = list("xxxyy"), list("aabcc")

    assert grouping_accuracy(truth, found) == pytest.approx(2 / 5)
    assert pair_f1(truth, found) == pytest.approx(2 * 2 / (4 + 2))


@needs_data
def test_streams_are_the_same_for_a_seed_and_truth_covers_every_firing() -> None:
    """Nothing is random but the seed, and each firing has one cause."""
    one, again = (other_stream(SHARED / "rules", "other_sparse", seed=1) for _ in range(2))

    assert one.alerts == again.alerts
    assert {each.id for each in one.alerts if each.status == "firing"} == set(one.causes)
    assert set(one.fault_causes) < set(one.causes)


@pytest.mark.thorough
@needs_data
def test_overlay_keeps_the_phase_of_the_evaluation_grid() -> None:
    """Metric alerts are at whole minutes however faults are moved, and every fault is there."""
    stream = overlay(SHARED / "alerts" / "online_boutique", seed=1)

    assert {each.starts_at.timestamp() % 60 for each in stream.alerts if each.source == "metric"} == {0}
    assert len(set(stream.causes.values())) == 70


@needs_data
@pytest.mark.parametrize(("name", "least"), leading(1, [("t0_sparse", 0.90), ("t1_dense", 0.78)]))
def test_storms_are_grouped_better_than_by_time(name: str, least: float) -> None:
    """Over all alerts and over those of faults, above the baselines and above a floor."""
    stream = storm(STORMS / name)

    groups, _ = debrief_groups(stream)

    for causes in (stream.causes, stream.fault_causes):
        b3 = score(causes, groups).b3
        assert b3 >= least
        assert b3 > max(score(causes, method(stream.alerts)).b3 for method in (time_gap, chronic_and_gap))


def test_scraped_stream_names_a_service_where_its_watcher_does() -> None:
    """Causes, times and rules stay; a pod's alert says kube-state-metrics, and stands at its service all the same."""
    labels = {"job": "kubernetes", "service": "ledger", "pod": "ledger-0", "node": "n1", "zone": "z1"}
    ideal = Stream(
        name="s", alerts=[alert("a", 0, labels=labels)], happenings=[], graph=GRAPH, causes={"a": "f"}, fault_causes={}
    )

    cluster = scraped(ideal)

    (told,) = cluster.alerts
    assert (told.id, told.rule, told.starts_at) == ("a", ideal.alerts[0].rule, ideal.alerts[0].starts_at)
    assert told.labels["service"] == "kube-prometheus-stack-kube-state-metrics"
    assert not {"node", "zone"} & told.labels.keys()
    assert Topology().place(told.labels).service == "ledger"
