"""How exactly an instant is known."""

from enum import StrEnum


class Precision(StrEnum):
    """The finest unit in which a time can be trusted."""

    SECOND = "second"  #: to the second, or finer
    MINUTE = "minute"  #: somebody gave hours and minutes
    MINUTE_UNCERTAIN = "minute?"  #: exactly 00:00 or 12:00 without seconds: perhaps only the day was meant
    HOUR = "hour"  #: only the hour is meant
    DAY = "day"  #: only the day is meant
