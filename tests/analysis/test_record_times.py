"""How exactly a record's time is known, from how it was written."""

import pytest

from analysis.precision import Precision
from analysis.record_times import precision_of, read_time


@pytest.mark.parametrize(
    ("text", "by_second", "precision"),
    [
        pytest.param("2026-03-01", True, Precision.DAY, id="day"),
        pytest.param("2026-03-01T09:12", True, Precision.MINUTE, id="minute"),
        pytest.param("2026-03-01T09:12:00Z", False, Precision.MINUTE, id="zero-seconds-of-a-record-by-the-minute"),
        pytest.param("2026-03-01T09:12:00Z", True, Precision.SECOND, id="zero-seconds-of-a-record-by-the-second"),
        pytest.param("2026-03-01T09:12:31Z", True, Precision.SECOND, id="second"),
        pytest.param("2026-03-01T00:00", False, Precision.MINUTE_UNCERTAIN, id="midnight"),
    ],
)
def test_precision_follows_from_what_was_written(text: str, by_second: bool, precision: Precision) -> None:  # noqa: FBT001
    """A clock that was not written is not made up."""
    assert precision_of(read_time(text, "UTC"), by_second=by_second) is precision
