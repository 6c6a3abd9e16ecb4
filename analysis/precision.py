"""How exactly an instant is known."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Precision(StrEnum):
    """The finest unit in which a time can be trusted."""

    SECOND = "second"  #: to the second, or finer
    MINUTE = "minute"  #: somebody gave hours and minutes
    MINUTE_UNCERTAIN = "minute?"  #: exactly 00:00 or 12:00 without seconds: perhaps only the day was meant
    HOUR = "hour"  #: only the hour is meant
    DAY = "day"  #: only the day is meant


#: The unit that a time of each precision is read in.
UNITS: Mapping[Precision, timedelta] = MappingProxyType(
    {
        Precision.SECOND: timedelta(seconds=1),
        Precision.MINUTE: timedelta(minutes=1),
        Precision.MINUTE_UNCERTAIN: timedelta(minutes=1),
        Precision.HOUR: timedelta(hours=1),
        Precision.DAY: timedelta(days=1),
    }
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def coarser(one: Precision, other: Precision) -> Precision:
    """The precision of what is computed from two times."""
    return max(one, other, key=list(Precision).index)


def units_between(start: datetime, end: datetime, known: Precision) -> int:
    """How many of its units a clock of precision *known* counts from *start* to *end*."""
    unit = UNITS[known]
    return (end - _EPOCH) // unit - (start - _EPOCH) // unit


def is_before(at: datetime, known: Precision, other: datetime, other_known: Precision) -> bool:
    """Whether *at* lies before *other*, as far as both are known."""
    return units_between(at, other, coarser(known, other_known)) > 0
