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
