from datetime import datetime, timedelta, timezone

import pytest

from analysis.precision import Precision
from analysis.wording import apart, counted, excerpt, instant, joined, length, quoted, stopped, whole


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (3661, "1 h 1 min 1 s"), (259200, "72 h"), (0.9, "0 s")],
)
def test_length_keeps_hours_beyond_a_day(seconds: float, words: str) -> None:
    """Three days are 72 hours, and nothing is rounded up."""
    assert length(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        (Precision.SECOND, "2024-03-01 09:30:05 UTC"),
        (Precision.MINUTE, "2024-03-01 09:30 UTC"),
        (Precision.MINUTE_UNCERTAIN, "2024-03-01 09:30 UTC (time uncertain)"),
        (Precision.HOUR, "2024-03-01 09 h UTC (hour only)"),
        (Precision.DAY, "2024-03-01 (day only)"),
    ],
)
def test_instant_is_utc_and_no_finer_than_known(precision: Precision, words: str) -> None:
    """An instant of any zone reads in UTC."""
    at = datetime(2024, 3, 1, 10, 30, 5, tzinfo=timezone(timedelta(hours=1)))

    assert instant(at, precision) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (("13:45:00", Precision.SECOND), ("14:04:58", Precision.SECOND), "19 min 58 s"),
        (("13:45:00", Precision.MINUTE), ("14:04:58", Precision.SECOND), "19 min"),
        (("13:45:30", Precision.SECOND), ("14:04:00", Precision.MINUTE), "19 min"),
        (("13:45:00", Precision.MINUTE), ("13:45:58", Precision.SECOND), "less than 1 min"),
        (("13:45:00", Precision.SECOND), ("13:45:00", Precision.SECOND), "0 s"),
        (("12:00:00", Precision.MINUTE_UNCERTAIN), ("14:04:58", Precision.SECOND), "2 h 4 min (time uncertain)"),
        (("12:00:00", Precision.MINUTE_UNCERTAIN), ("14:00:00", Precision.HOUR), "2 h (hour only)"),
        (("13:00:00", Precision.HOUR), ("13:59:00", Precision.MINUTE), "less than 1 h (hour only)"),
        (("00:00:00", Precision.DAY), ("23:00:00", Precision.SECOND), "less than 1 day (day only)"),
    ],
)
def test_length_is_no_finer_than_its_coarser_end(
    start: tuple[str, Precision], end: tuple[str, Precision], words: str
) -> None:
    """Both ends are read in the coarser unit, so that the difference is that of the times as they are shown."""
    (begun, begun_known), (ended, ended_known) = (
        (datetime.fromisoformat(f"2024-03-01T{clock}+00:00"), known) for clock, known in (start, end)
    )

    assert apart(begun, begun_known, ended, ended_known) == words


def test_days_are_counted_where_only_days_are_known() -> None:
    """No hours are made up between two days."""
    first, last = (datetime(2024, 3, day, 9, tzinfo=timezone(timedelta(hours=-9))) for day in (1, 4))

    assert apart(first, Precision.DAY, last, Precision.SECOND) == "3 days (day only)"


def test_excerpt_cuts_after_a_word_and_says_so() -> None:
    """A long text ends in an ellipsis, a short one is whole, and one without spaces is cut where it must be."""
    long = "word " * 100

    assert excerpt("short\ntext") == "“short text”"
    assert excerpt(long) == f"“{('word ' * 40).rstrip()} …”"
    assert excerpt("x" * 300) == f"“{'x' * 200} …”"


def test_quotations_and_sentences_are_one_line() -> None:
    """Line breaks become spaces; a stop is added only where there is none."""
    assert quoted("a\n\n b") == "“a b”"
    assert [stopped(text) for text in ("pod-1 is up", "up?", "up.")] == ["pod-1 is up.", "up?", "up."]


def test_lists_and_counts_read_as_words() -> None:
    """One, two and three of something."""
    assert [joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [counted(number, "gap") for number in (0, 1, 2)] == ["0 gaps", "1 gap", "2 gaps"]
    assert counted(2, "entry", "entries") == "2 entries"
    assert joined(["a", "b"], last="or") == "a or b"


def test_whole_seconds_are_integers() -> None:
    """Equal lengths have one JSON form."""
    assert [whole(2.0), whole(2), whole(2.5)] == [2, 2, 2.5]
    assert isinstance(whole(2.0), int)
