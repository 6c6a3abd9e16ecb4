"""The times in a record that was made elsewhere: ISO 8601, with an offset or on the clock of a named zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from analysis.errors import InvalidInput
from analysis.precision import Precision
from analysis.zones import instants, written_zone

_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<clock>[0-9]{2}:[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEARS = range(1970, 2100)
_MOST_SHOWN = 60
_ROUND = frozenset({time(0), time(12)})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTime:
    """One time as it was written: the instant, and the clock that the writer saw; none where only a day is given."""

    at: datetime
    clock: time | None
    writes_seconds: bool

    @property
    def has_seconds(self) -> bool:
        """Whether somebody looked at the second hand."""
        return self.clock is not None and bool(self.clock.second or self.clock.microsecond)


def read_time(text: str, zone: str) -> RecordTime:
    """The instant that *text* names; without an offset, on the clock of *zone*.

    Raises InvalidInput for what is no time, and for a local time that its zone showed twice or never.

    >>> read_time("2026-03-01T09:12", "Europe/Berlin").at
    datetime.datetime(2026, 3, 1, 8, 12, tzinfo=datetime.timezone.utc)
    """
    match = _TIME.fullmatch(text.strip())
    local = _local(match) if match else None
    if match is None or local is None or local.year not in _YEARS:
        shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        raise InvalidInput(f"“{shown}” is not a time such as 2026-03-01T09:12:00Z or 2026-03-01T09:12.")
    return RecordTime(
        at=_instant(local, match["offset"], zone),
        clock=local.time() if match["clock"] else None,
        writes_seconds=match["second"] is not None,
    )


def precision_of(when: RecordTime, *, by_second: bool) -> Precision:
    """How exactly *when* is known; *by_second* says that some time of the same record has seconds.

    Records by the minute often write zero seconds, so those count only where the record knows of seconds at all.
    """
    if when.clock is None:
        return Precision.DAY
    if by_second and when.writes_seconds:
        return Precision.SECOND
    return Precision.MINUTE_UNCERTAIN if when.clock in _ROUND else Precision.MINUTE


def _local(match: re.Match[str]) -> datetime | None:
    fraction = (match["fraction"] or "").ljust(6, "0")[:6]
    try:
        day = date.fromisoformat(match["date"])
        clock = time.fromisoformat(f"{match['clock'] or '00:00'}:{match['second'] or '00'}.{fraction}")
    except ValueError:
        return None
    return datetime.combine(day, clock)


def _instant(local: datetime, offset: str | None, zone: str) -> datetime:
    if offset:
        return _only(local, _offset(offset), offset)
    return _only(local, written_zone(zone), zone)


def _offset(written: str) -> tzinfo:
    if written in {"Z", "z"}:
        return UTC
    parsed = (
        datetime.fromisoformat(f"2000-01-01T00:00{written[:3]}:{written[-2:]}").tzinfo if _is_offset(written) else None
    )
    if parsed is None:
        raise InvalidInput(f"“{written}” is not an offset from UTC.")
    return parsed


def _is_offset(written: str) -> bool:
    return int(written[1:3]) < 24 and int(written[-2:]) < 60


def _only(local: datetime, zone: tzinfo, name: str) -> datetime:
    shown = instants(local, zone)
    spoken = f"{local:%Y-%m-%d %H:%M}"
    if not shown:
        raise InvalidInput(f"{spoken} did not happen in {name}: the clocks were put forward over it. Add its offset.")
    if len(shown) > 1:
        offsets = " or ".join(at.astimezone(zone).isoformat()[-6:] for at in shown)
        raise InvalidInput(f"{spoken} happened twice in {name}. Add its offset, {offsets}.")
    return shown[0]
