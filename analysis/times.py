"""Back-dated times: when something happened, from the words of a person and the zone they live in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from analysis.errors import InvalidInput
from analysis.precision import Precision
from analysis.time_expressions import Ago, ClockTime, clock_text, leading_time, read, says_only_when, split_time
from analysis.zones import UnknownZone, instants, refuse_abbreviation, zone_named

__all__ = [
    "About",
    "AmbiguousTime",
    "Choice",
    "FutureTime",
    "NonexistentTime",
    "TooOld",
    "UnknownZone",
    "When",
    "is_bare_clock",
    "leading_time",
    "parse_when",
    "refuse_another_day",
    "says_only_when",
    "split_time",
]

#: How far the clocks of people may run ahead of ours.
GRACE = timedelta(seconds=60)
#: How long before its declaration an incident's events may lie.
REACH = timedelta(hours=24)
#: A clock that shows up to this much later than now is a slip, not yesterday's.
SLIP = timedelta(hours=1)
#: Yesterday's clock that lies longer than this before the declaration is likelier a slip, so it is asked about.
LEAD = timedelta(hours=3)
_MAX_LENGTH = 80
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """An instant in UTC and how exactly it is known."""

    at: datetime
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the two instants that a time can mean, its offset from UTC, and an expression that means only it."""

    at: datetime
    offset: timedelta
    expression: str


class AmbiguousTime(InvalidInput):
    """This time happened twice in its zone; give it with its offset."""

    def __init__(self, message: str, choices: tuple[Choice, Choice]) -> None:
        super().__init__(message)
        self.choices = choices


class NonexistentTime(InvalidInput):
    """This time did not happen in its zone; give it with its offset or in UTC."""


class FutureTime(InvalidInput):
    """This time is in the future; give one up to now."""


class TooOld(InvalidInput):
    """This time is more than 24 hours before the declaration; give a later one."""


def parse_when(
    text: str, *, now: datetime, zone: str, declared_at: datetime | None, is_milestone: bool = False
) -> When:
    """The instant that a time expression means to a person in *zone* who writes it at *now*.

    A clock without a day is its latest occurrence up to a minute from now: today's, else yesterday's. One that is
    due within the hour is refused as future, since a slip is likelier than yesterday's; so is one whose yesterday lies
    hours before the declaration, and any that is still to come for a milestone: yesterday must be said. One that the
    clocks skip today is refused as well. Of two occurrences one that is still to come does not count. Nothing may lie
    more than 24 hours before *declared_at*, or before now while the incident is not declared yet.

    Raises InvalidInput for words that are no time, or its subclasses of this module, which name the reason.

    >>> parse_when("14:02", now=datetime(2026, 3, 1, 18, tzinfo=UTC), zone="Europe/Berlin", declared_at=None).at
    datetime.datetime(2026, 3, 1, 13, 2, tzinfo=datetime.timezone.utc)
    """
    _require_aware(now, declared_at or now)
    expression = text.strip()
    said = read(expression) if len(expression) <= _MAX_LENGTH else None
    if said is None:
        shown = expression if len(expression) <= _MAX_LENGTH else f"{expression[:_MAX_LENGTH]}…"
        raise InvalidInput(
            f"“{shown}” is not a time. Write 14:02, 2:05pm, yesterday 23:10, 2026-10-25 02:30 or 5m ago."
        )
    earliest = (declared_at or now).astimezone(UTC) - REACH
    if isinstance(said, Ago):
        at = (now.astimezone(UTC) - said.distance).replace(microsecond=0)
        _refuse_old([at], earliest, expression, "UTC")
    else:
        refuse_abbreviation(said.zone)
        place = _Place(said=said, now=now.astimezone(UTC), name=said.zone or zone)
        at = place.instant(earliest)
        place.refuse_slip(at, declared_at, is_milestone=is_milestone)
    return When(at=at, precision=said.precision)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a time is given for: the instant that is on record, the span in which it is meant, and how that is said.

    `because` goes before the day of `at`, as in `E7 is of`.
    """

    at: datetime
    start: datetime
    end: datetime
    because: str


def is_bare_clock(text: str) -> bool:
    """Whether *text* is a clock without its day."""
    said = read(text.strip())
    return isinstance(said, ClockTime) and said.day is None and said.days_back is None


def refuse_another_day(text: str, meant: datetime, *, zone: str, about: About) -> None:
    """Refuse a clock without a day that was read as *meant*, where it was shown on the day that it is *about*, too.

    Whoever completes the record on the next day writes clocks of the day before.

    Raises
    ------
    analysis.errors.InvalidInput
        If both may be meant; the sentence has either with its day.
    """
    said = read(text.strip())
    if not isinstance(said, ClockTime) or not is_bare_clock(text) or about.start <= meant <= about.end:
        return
    place = zone_named(said.zone or zone)
    day, own = meant.astimezone(place).date(), about.at.astimezone(place).date()
    last = about.end.astimezone(place).date()
    days = (last - back * _DAY for back in range((about.end - about.start).days + 2))
    other = next((each for each in days if _is_shown(said, each, place, about)), day)
    if day in {own, other}:
        return
    clock = f"{clock_text(said)} {said.zone}".strip()
    raise InvalidInput(
        f"{clock} without a day would be of {day}, but {about.because} {own}. Write {other} {clock}, or {day} {clock}. "
        "Nothing was recorded."
    )


def _is_shown(said: ClockTime, day: date, zone: tzinfo, about: About) -> bool:
    return any(about.start <= at <= about.end for at in instants(datetime.combine(day, said.clock), zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A clock time read at one moment in one zone."""

    said: ClockTime
    now: datetime
    name: str

    def instant(self, earliest: datetime) -> datetime:
        zone = zone_named(self.name)
        day = self._day(zone)
        shown = instants(datetime.combine(day, self.said.clock), zone)
        spoken = f"{clock_text(self.said)} on {day} in {self.name}"
        if not shown:
            raise NonexistentTime(self._nonexistent(day, zone))
        passed = [at for at in shown if at <= self.now + GRACE]
        if not passed:
            here = self.now.astimezone(zone)
            raise FutureTime(f"{spoken} is in the future. Give a time up to now, {here:%Y-%m-%d %H:%M}.")
        _refuse_old(passed, earliest, spoken, self.name)
        if len(passed) > 1:
            first, second = (self._choice(at, zone) for at in passed)
            raise AmbiguousTime(
                f"{clock_text(self.said)} happened twice on {day} in {self.name}. "
                f"Say {first.expression} (first) or {second.expression} (second).",
                (first, second),
            )
        return passed[0]

    def refuse_slip(self, at: datetime, declared_at: datetime | None, *, is_milestone: bool) -> None:
        """Refuse a clock that was taken for yesterday's where another day was probably meant."""
        here, meant = self.now.astimezone(zone_named(self.name)), at.astimezone(zone_named(self.name))
        is_said = self.said.day is not None or self.said.days_back is not None
        is_near = not is_milestone and (declared_at is None or at >= declared_at - LEAD)
        if is_said or is_near or meant.date() >= here.date():
            return
        clock = clock_text(self.said)
        raise FutureTime(
            f"{clock} is still to come today in {self.name}, where it is {here:%H:%M}. If yesterday's is meant, write "
            f"{f'yesterday {clock} {self.said.zone}'.strip()}."
        )

    def _day(self, zone: tzinfo) -> date:
        here = self.now.astimezone(zone)
        if self.said.day:
            return self.said.day
        if self.said.days_back is not None:
            return here.date() - self.said.days_back * _DAY
        days = (here.date() + ahead * _DAY for ahead in (1, 0))
        return next((day for day in days if self._is_due(day, zone)), here.date() - _DAY)

    def _is_due(self, day: date, zone: tzinfo) -> bool:
        """Whether the clock shows the time on this day before an hour from now, or skipped it before now."""
        local = datetime.combine(day, self.said.clock)
        shown = instants(local, zone)
        if not shown:
            return local <= self.now.astimezone(zone).replace(tzinfo=None)
        return shown[0] <= self.now + SLIP

    def _nonexistent(self, day: date, zone: tzinfo) -> str:
        local = datetime.combine(day, self.said.clock, tzinfo=zone)
        moved = local.astimezone(UTC).astimezone(zone)
        return (
            f"{clock_text(self.said)} did not happen on {day} in {self.name}: the clocks were put forward over it. "
            f"Give the time with its offset, such as {moved:%Y-%m-%d %H:%M}{_offset(moved)}, or in UTC."
        )

    def _choice(self, at: datetime, zone: tzinfo) -> Choice:
        local = at.astimezone(zone)
        is_bare = self.said.day is None and self.said.days_back is None
        is_latest = at <= self.now and self.now + SLIP < at + _DAY
        offset = local.utcoffset() or timedelta()
        is_today = local.date() == self.now.astimezone(timezone(offset)).date()
        day = "" if is_bare and is_latest and is_today else f"{local:%Y-%m-%d} "
        return Choice(at=at, offset=offset, expression=f"{day}{clock_text(self.said)}{_offset(local)}")


def _refuse_old(instants_meant: list[datetime], earliest: datetime, spoken: str, zone: str) -> None:
    """Refuse where not even the latest instant that may be meant is recent enough, on the clock of *zone*."""
    if max(instants_meant) < earliest:
        local = earliest.astimezone(zone_named(zone))
        raise TooOld(
            f"{spoken} is more than 24 hours before the declaration. Give a time from {local:%Y-%m-%d %H:%M} {zone} on."
        )


def _offset(local: datetime) -> str:
    return local.isoformat()[-6:]


def _require_aware(*times: datetime) -> None:
    if any(at.tzinfo is None for at in times):
        raise ValueError("times must be aware")
