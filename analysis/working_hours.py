"""When somebody can be reminded of what is in no hurry: while they work, on their own clock."""

from datetime import UTC, datetime, time

from analysis.errors import InvalidInput
from analysis.zones import zone_named

_BEGINS, _ENDS = time(9), time(17)
_WORKING_DAYS = 5


def is_working_time(at: datetime, zone: str) -> bool:
    """Whether *at* is from Monday to Friday, from nine to five, on the clock of *zone*, or of UTC."""
    try:
        there = at.astimezone(zone_named(zone))
    except InvalidInput:
        there = at.astimezone(UTC)
    return there.weekday() < _WORKING_DAYS and _BEGINS <= there.time() < _ENDS
