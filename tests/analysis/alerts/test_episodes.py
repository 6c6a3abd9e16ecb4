"""What deliveries say of a series together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.episodes import News, Series, observe

START = datetime(2026, 3, 2, tzinfo=UTC)
HEARD = START + timedelta(hours=1)


def told(
    minute: int,
    status: AlertStatus = AlertStatus.FIRING,
    severity: AlertSeverity = AlertSeverity.WARNING,
    *,
    heard: datetime = HEARD,
) -> Alert:
    """A delivery about the episode that began at *minute*."""
    begun = START + timedelta(minutes=minute)
    return Alert(
        id="a",
        source="am",
        rule="r",
        severity=severity,
        status=status,
        starts_at=begun,
        received_at=heard,
        ends_at=begun + timedelta(minutes=2) if status is AlertStatus.RESOLVED else None,
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
