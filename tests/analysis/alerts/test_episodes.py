"""What deliveries say of a series together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.episodes import News, Series, refire
from analysis.alerts.series_parts import observe

START = datetime(2026, 3, 2, tzinfo=UTC)
HEARD = START + timedelta(hours=1)


def told(
    minute: int,
    status: AlertStatus = AlertStatus.FIRING,
    severity: AlertSeverity = AlertSeverity.WARNING,
    *,
    heard: datetime = HEARD,
    is_moment: bool = False,
) -> Alert:
    """A delivery about the episode that began at *minute*, or about that moment."""
    begun = START + timedelta(minutes=minute)
    return Alert(
        id="a",
        source="am",
        rule="r",
        severity=severity,
        status=status,
        starts_at=begun,
        received_at=heard,
        ends_at=begun + timedelta(minutes=0 if is_moment else 2) if status is AlertStatus.RESOLVED else None,
        is_moment=is_moment,
    )


def observe_all(alerts: list[Alert]) -> tuple[Series | None, list[News]]:
    """Observe *alerts* in their order."""
    series, news = None, []
    for alert in alerts:
        series, one = observe(series, alert)
        news.append(one)
    return series, news


RESOLVED, CRITICAL = AlertStatus.RESOLVED, AlertSeverity.CRITICAL


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        pytest.param([told(0)], [News.FIRED], id="first"),
        pytest.param([told(0), told(0)], [News.FIRED, News.NOTHING], id="again"),
        pytest.param([told(0), told(0, RESOLVED)], [News.FIRED, News.RESOLVED], id="over"),
        pytest.param([told(0, RESOLVED), told(0)], [News.RESOLVED, News.LATE], id="over before it fired"),
        pytest.param([told(0), told(0, RESOLVED), told(5)], [News.FIRED, News.RESOLVED, News.REFIRED], id="re-fire"),
        pytest.param([told(5), told(0), told(0, RESOLVED)], [News.FIRED, News.LATE, News.LATE], id="older, late"),
        pytest.param([told(0), told(0, severity=CRITICAL)], [News.FIRED, News.WORSENED], id="worse"),
        pytest.param(
            [told(0, severity=CRITICAL), told(0)], [News.FIRED, News.NOTHING], id="not as bad: the worst stands"
        ),
        pytest.param(
            [told(0), told(0, RESOLVED), told(0, severity=CRITICAL)],
            [News.FIRED, News.RESOLVED, News.LATE],
            id="worse, but over",
        ),
    ],
)
def test_delivery_is_news_once(alerts: list[Alert], expected: list[News]) -> None:
    """Each delivery is named for what it changes to somebody who watches."""
    assert observe_all(alerts)[1] == expected


@given(
    alerts=st.lists(
        st.builds(told, st.integers(0, 3), st.sampled_from(AlertStatus), st.sampled_from(AlertSeverity)), min_size=1
    ),
    order=st.randoms(use_true_random=False),
)
def test_series_is_the_same_in_any_order_and_repetition(alerts: list[Alert], order: object) -> None:
    """Deliveries of HA pairs come twice and out of order; the series they leave does not tell."""
    shuffled = [*alerts, *alerts]
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    assert observe_all(shuffled)[0] == observe_all(alerts)[0]


def test_clock_of_a_sender_that_is_fast_hides_nothing() -> None:
    """An alert from the year 3000 is news when it is heard of, and so is a real one after it."""
    future = told(60 * 24 * 365 * 900)

    series, news = observe_all([future, future, told(70, heard=HEARD + timedelta(minutes=15))])

    assert news == [News.FIRED, News.NOTHING, News.REFIRED]
    assert series is not None
    assert series.began_at == START + timedelta(minutes=70)


def moment(
    minute: int, status: AlertStatus = AlertStatus.FIRING, severity: AlertSeverity = AlertSeverity.WARNING
) -> Alert:
    """What a sender says that names no episode."""
    return told(minute, status, severity, is_moment=True)


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        pytest.param([moment(0), moment(5)], [News.FIRED, News.NOTHING], id="said again"),
        pytest.param([moment(0), moment(5, severity=CRITICAL)], [News.FIRED, News.WORSENED], id="worse"),
        pytest.param(
            [moment(0), moment(5, RESOLVED), moment(9), moment(12, RESOLVED)],
            [News.FIRED, News.RESOLVED, News.REFIRED, News.RESOLVED],
            id="twice",
        ),
        pytest.param([moment(5, RESOLVED), moment(0)], [News.RESOLVED, News.LATE], id="over before it fired"),
        pytest.param([moment(0), moment(9), moment(5, RESOLVED)], [News.FIRED, News.NOTHING, News.LATE], id="old end"),
        pytest.param([moment(5), moment(5, RESOLVED)], [News.FIRED, News.RESOLVED], id="at once"),
        pytest.param([moment(0), moment(60)], [News.FIRED, News.REFIRED], id="after an hour of silence"),
        pytest.param([moment(0), moment(59), moment(118)], [News.FIRED, News.NOTHING, News.NOTHING], id="no silence"),
        pytest.param(
            [moment(0), replace(moment(90), is_reminder=True), moment(140)],
            [News.FIRED, News.NOTHING, News.NOTHING],
            id="a reminder",
        ),
    ],
)
def test_moment_is_news_once(alerts: list[Alert], expected: list[News]) -> None:
    """A sender that names no episode speaks of the one that was on."""
    assert observe_all(alerts)[1] == expected


@given(
    alerts=st.lists(
        st.builds(moment, st.sampled_from([-200, -70, *range(6)]), st.sampled_from(AlertStatus)), min_size=1
    ),
    order=st.randoms(use_true_random=False),
)
def test_latest_moment_decides_in_any_order(alerts: list[Alert], order: object) -> None:
    """A series fires exactly if the latest that was said of it is that it fires, and of two at once the end counts."""
    shuffled = [*alerts, *alerts]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    latest = max(alert.starts_at for alert in alerts)
    said = {alert.status for alert in alerts if alert.starts_at == latest}

    series, _ = observe_all(shuffled)

    assert series is not None
    assert series.status is (RESOLVED if RESOLVED in said else AlertStatus.FIRING)


@pytest.mark.parametrize(
    ("alert", "news", "minutes"),
    [
        pytest.param(told(0), News.LATE, 9, id="overtaken by its end"),
        pytest.param(told(0), News.NOTHING, 60, id="nothing new"),
        pytest.param(told(0, RESOLVED), News.LATE, 60, id="an end"),
        pytest.param(moment(0), News.LATE, 60, id="a moment"),
    ],
)
def test_what_was_overtaken_does_not_fire_again(alert: Alert, news: News, minutes: int) -> None:
    """Nor does what names no episode, or tells an end."""
    assert refire(alert, news, end_heard=HEARD - timedelta(minutes=minutes)) is None


def test_what_fires_long_after_its_end_fires_again() -> None:
    """Its sender's clock does not count, and its beginning is the old one; ended again, it is over."""
    known = refire(told(0), News.LATE, end_heard=HEARD - timedelta(minutes=10))

    assert known is not None
    assert (known.starts_at, known.began_at) == (START, HEARD)
    again, (ended, news) = observe(known, told(0)), observe(known, told(0, RESOLVED))
    assert again == (known, News.NOTHING)
    assert (ended.status, ended.began_at, news) == (RESOLVED, HEARD, News.RESOLVED)
