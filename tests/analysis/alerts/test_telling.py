from datetime import timedelta

import pytest

from analysis.alerts.alert import AlertSeverity
from analysis.alerts.telling import Folding, Gathering
from tests.analysis.alerts.streams import at, make_alert, resolution


def news(minutes: list[float], *, has_rhythm: bool = True) -> list[float]:
    """Return at which of *minutes* one series makes a new post."""
    folding = Folding(has_rhythm=has_rhythm)
    return [minute for minute in minutes if folding.is_news(make_alert(minute), at(minute))]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        pytest.param([0, 1, 30, 59], [0], id="repeats fold"),
        pytest.param([0, 60], [0, 60], id="an hour of quiet"),
        pytest.param([0, 50, 100, 150], [0], id="never an hour of quiet"),
        pytest.param([*range(0, 1500, 50)], [0, 1450], id="once a day at least"),
        pytest.param([0, 60, 120, 180, 240, 300, 360], [0, 60, 120, 180, 240], id="a clock is told until it is known"),
        pytest.param([0, 60, 120, 180, 240, 300, 390], [0, 60, 120, 180, 240, 390], id="and when it leaves its rhythm"),
        pytest.param([0, 60, 180, 240, 390, 460], [0, 60, 180, 240, 390, 460], id="no rhythm, no folding"),
    ],
)
def test_series_is_told_anew_when_there_is_news(minutes: list[float], told: list[float]) -> None:
    """A repeat is an edit, until there was quiet, a day passed, or a clock went wrong."""
    assert news(minutes) == told


def test_exact_fold_knows_no_rhythm() -> None:
    """The baseline tells a clock each hour."""
    assert news([0, 60, 120, 180, 240, 300], has_rhythm=False) == [0, 60, 120, 180, 240, 300]


def test_firing_again_after_a_resolution_and_getting_worse_are_news() -> None:
    """An edit would not wake anybody."""
    folding = Folding()
    first = make_alert(0)

    told = [
        folding.is_news(alert, alert.received_at)
        for alert in (
            first,
            resolution(first, 1),
            make_alert(2),
            make_alert(3, severity=AlertSeverity.CRITICAL),
            make_alert(4, severity=AlertSeverity.CRITICAL),
            make_alert(5),
        )
    ]

    assert told == [True, False, True, True, False, False]


def test_half_a_minute_is_one_post_and_a_critical_alert_closes_it() -> None:
    """What comes together is one interruption; what is critical waits for nobody."""
    gathering = Gathering()
    arrivals = [(0, "warning"), (0.3, "warning"), (0.5, "warning"), (0.9, "warning"), (0.95, "critical")]

    posts = [
        post
        for minute, word in arrivals
        for post in gathering.add(make_alert(minute, severity=AlertSeverity(word)), at(minute))
    ]

    assert [(post.at - at(0), len(post.alerts)) for post in posts] == [
        (timedelta(seconds=30), 2),
        (timedelta(seconds=57), 3),
    ]
    assert list(gathering.rest()) == []
