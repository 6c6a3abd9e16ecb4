from datetime import timedelta

import pytest

from analysis.alerts.alert import AlertSeverity
from analysis.alerts.telling import Folding, Gathering
from tests.analysis.alerts.streams import at, make_alert, resolution


def news(minutes: list[float], *, is_exact: bool = False) -> list[float]:
    """Return at which of *minutes* one series makes a new post."""
    folding = Folding(is_exact=is_exact)
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
    assert news([0, 60, 120, 180, 240, 300], is_exact=True) == [0, 60, 120, 180, 240, 300]


@pytest.mark.parametrize(
    ("elsewhere", "told"),
    [
        pytest.param([], [0, 70, 200], id="one place"),
        pytest.param([("shop", 1)], [0, 70, 200], id="two places"),
        pytest.param([("shop", 1), ("pay", 2)], [0, 450], id="three places"),
        pytest.param([("shop", 1), ("pay", 2), ("ledger", 3)], [0, 450], id="more places"),
        pytest.param([("shop", 1), ("", 2)], [0, 70, 200], id="what names no place is at none"),
    ],
)
def test_rule_that_fires_everywhere_is_told_anew_after_four_hours(
    elsewhere: list[tuple[str, float]], told: list[float]
) -> None:
    """An hour of quiet says little where the rule fires at three services within a day."""
    folding = Folding()
    minutes = [0, 70, 200] if told == [0, 70, 200] else [0, 70, 200, 450]
    alerts = [make_alert(minute, place=place) for place, minute in elsewhere] + [make_alert(one) for one in minutes]

    news = [one for one in sorted(alerts, key=lambda one: one.received_at) if folding.is_news(one, one.received_at)]

    assert [one.received_at for one in news if one.labels == {"service": "cart"}] == [at(minute) for minute in told]
    assert len(news) == len(told) + len(elsewhere)


def test_what_a_rule_did_elsewhere_is_forgotten_after_a_day() -> None:
    """Three places within a day; the next day it is one place again."""
    folding = Folding()
    alerts = [make_alert(0, place="shop"), make_alert(1, place="pay"), *(make_alert(one) for one in (2, 1500, 1570))]

    assert [folding.is_news(one, one.received_at) for one in alerts] == [True] * 5


def test_end_and_severity_are_news_of_a_rule_that_fires_everywhere() -> None:
    """What began anew or became worse is told, however many others have it."""
    folding = Folding()
    first = make_alert(2)
    alerts = (
        make_alert(0, place="shop"),
        make_alert(1, place="pay"),
        first,
        resolution(first, 3),
        make_alert(90),
        make_alert(91, severity=AlertSeverity.CRITICAL),
        make_alert(92),
    )

    assert [folding.is_news(one, one.received_at) for one in alerts] == [True, True, True, False, True, True, False]


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
