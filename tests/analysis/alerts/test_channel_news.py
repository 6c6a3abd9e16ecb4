"""What a channel hears series by series, and from whom."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.channel_news import (
    FIRINGS_WITHOUT_END,
    GATHERING,
    MOST_AHEAD,
    MOST_PROMPT,
    PATIENCE,
    SPREADS_EVERY,
    TIME_WITHOUT_END,
    ChannelNews,
    Pace,
    spread_waits_from,
)

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
PLENTY = FIRINGS_WITHOUT_END
SLOWLY = TIME_WITHOUT_END / (PLENTY - 1)


def alert(
    after: timedelta, rule: str = "scan", *, source: str = "ids", status: AlertStatus = AlertStatus.FIRING
) -> Alert:
    """An alert at one host."""
    at = START + after
    return Alert(
        id="",
        source=source,
        rule=rule,
        severity=AlertSeverity.WARNING,
        severity_word="warning",
        status=status,
        labels={"host": "web"},
        starts_at=at,
        received_at=at,
        ends_at=at if status is AlertStatus.RESOLVED else None,
    )


def after_hours_of(count: int, every: timedelta, *, ends: bool = False) -> ChannelNews:
    """The state once a source told of so many firings, and of an end of the last where it *ends*."""
    news = ChannelNews()
    for number in range(count):
        news.hear(alert(number * every))
    if ends:
        news.hear(alert((count - 1) * every, status=AlertStatus.RESOLVED))
    return news


@pytest.mark.parametrize(
    ("count", "every", "ends", "is_endless"),
    [
        (PLENTY, SLOWLY, False, True),
        (PLENTY - 2, SLOWLY * 2, False, False),
        (PLENTY * 9, SLOWLY / 20, False, False),
        (PLENTY, SLOWLY, True, False),
    ],
)
def test_source_is_endless_after_many_firings_over_hours_without_any_end(
    count: int, every: timedelta, *, ends: bool, is_endless: bool
) -> None:
    """A storm of minutes shows nothing, and one end shows that there are ends."""
    news = after_hours_of(count, every, ends=ends)
    heard = news.hear(alert((count - 1) * every, "other"))
    assert heard.is_endless is is_endless
    assert not news.hear(alert((count - 1) * every, source="another")).is_endless


def test_end_that_comes_late_shows_that_there_are_ends() -> None:
    """It says nothing of the series any more, and all of its sender."""
    news = after_hours_of(PLENTY, SLOWLY)
    before = news.hear(alert(TIME_WITHOUT_END, "other")).is_endless
    news.hear_late(alert(timedelta(0), status=AlertStatus.RESOLVED))

    assert (before, news.hear(alert(TIME_WITHOUT_END, "another")).is_endless) == (True, False)


@given(minutes=st.integers(0, 24 * 60))
def test_series_is_news_once_it_was_quiet_for_an_hour(minutes: int) -> None:
    """Whoever tells it."""
    news = ChannelNews()
    news.hear(alert(timedelta(0)))
    assert news.hear(alert(timedelta(minutes=minutes))).is_news is (minutes >= 60)


def test_what_waited_makes_no_later_one_a_repeat() -> None:
    """Nobody was told of it."""
    news = ChannelNews()
    assert not news.hear(alert(timedelta(0)), is_told=False).is_news
    assert news.hear(alert(timedelta(minutes=5))).is_news


def test_news_waits_for_longer_where_there_was_much_of_it_within_the_hour() -> None:
    """Half a minute until then, and again after that; a clock that is set back makes nothing wait for hours."""
    pace = Pace()
    for number in range(MOST_PROMPT):
        assert pace.is_due([START, None], START + timedelta(seconds=30))
        pace.tell(START + timedelta(seconds=number))
    now = START + timedelta(minutes=10)

    assert not pace.is_due([now - timedelta(seconds=30)], now)
    assert pace.is_due([now - PATIENCE, now], now)
    assert not pace.is_due([None], now)
    later = START + timedelta(hours=1, seconds=1)
    assert pace.is_due([later - timedelta(seconds=30)], later)
    assert pace.is_due([START], START - timedelta(hours=1))


@given(told=st.integers(-600, 0), ahead=st.integers(-3_600, 3_600))
def test_new_place_is_told_five_minutes_after_the_last_message_or_half_a_minute_later(told: int, ahead: int) -> None:
    """Whichever is later; a clock that is set back by more than that makes nothing wait."""
    at, pace = START, Pace()
    told_at, now = at + timedelta(seconds=told), at + timedelta(seconds=ahead)
    since = spread_waits_from(told_at, at)
    due = max(at + GATHERING, told_at + SPREADS_EVERY)

    assert since == due - GATHERING
    assert pace.is_due([since], now) is (now >= due or since - now > MOST_AHEAD)
