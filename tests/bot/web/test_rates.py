"""How many alerts a source may send, whatever the clock does."""

from datetime import UTC, datetime, timedelta

from bot.web.rates import Rate

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_clock_that_is_set_back_refuses_nothing_for_longer() -> None:
    """The bucket goes on to fill from there; what was overtaken by a moment fills nothing twice."""
    rate = Rate(per_second=1, burst=2)

    taken = [rate.take(count, NOW + timedelta(seconds=after)) for count, after in ((2, 0), (1, -5), (1, 0.5), (1, 1))]
    later = [rate.take(1, NOW - timedelta(hours=1) + timedelta(seconds=after)) for after in (0, 1, 2)]

    assert taken == [0, 1, 1, 0]
    assert later == [1, 0, 0]


def test_source_that_was_silent_may_send_a_storm_and_no_more_than_one() -> None:
    """A night without alerts saves nothing up: what comes at once stays within what is held."""
    rate = Rate(per_second=1, burst=5)
    rate.take(1, NOW)

    taken = [rate.take(1, NOW + timedelta(hours=9)) for _ in range(6)]

    assert taken == [0, 0, 0, 0, 0, 1]


def test_request_with_more_than_fit_at_once_waits_for_a_full_bucket_and_for_its_like() -> None:
    """It is taken, since it can be sent in no other way; what follows waits until all of it has been paid for."""
    rate = Rate(per_second=1, burst=5)

    taken = [rate.take(count, NOW + timedelta(seconds=after)) for count, after in ((12, 0), (1, 7), (1, 8), (12, 12))]

    assert taken == [0, 1, 0, 1]
