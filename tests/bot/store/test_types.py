"""Instants as SQLite keeps them, in files that exist."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime
from sqlalchemy.dialects import sqlite

from bot.store.database.types import UtcDateTime

DIALECT = sqlite.dialect()
OWN, SQLALCHEMYS = UtcDateTime().dialect_impl(DIALECT), DateTime().dialect_impl(DIALECT)
FIRST, LAST = datetime.fromisoformat("0002-01-01"), datetime.fromisoformat("9998-12-31")
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(FIRST, LAST, timezones=ZONES | st.just(UTC)))
def test_instant_is_kept_as_sqlalchemy_keeps_it(instant: datetime) -> None:
    """Files of earlier releases are read, and compared with, as before."""
    write, read, theirs = OWN.bind_processor(DIALECT), OWN.result_processor(DIALECT, None), SQLALCHEMYS.bind_processor
    as_theirs = theirs(DIALECT)
    assert write
    assert read
    assert as_theirs

    kept = write(instant)

    assert kept == as_theirs(instant.astimezone(UTC).replace(tzinfo=None))
    assert read(kept) == instant
    assert read(kept).tzinfo is UTC


def test_naive_time_is_refused() -> None:
    """It would be another instant in another zone."""
    write = OWN.bind_processor(DIALECT)
    assert write

    with pytest.raises(ValueError, match="without a zone"):
        write(datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 - what is refused
