"""Clock times and dates must be those of a cited entry, in the zone that they name and as exact as it is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.leads import phrase_of
from analysis.grounding.measures import Measure
from analysis.grounding.reading import Reading
from analysis.grounding.records import Failure, FailureCode, Ground
from analysis.precision import UNITS

_ROUGH_CLOCK = timedelta(minutes=5)
_SOON_CLOCK = timedelta(minutes=15)
_SOON = frozenset({"soon before", "soon after"})
_DAY = 86400


def wrong_clock(one: Measure, sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """A clock time that is not the instant of the entry which the words around it tell of."""
    is_denied = sentence.text_at(one.start - 1) == "not"
    right = [
        source for source in evidence.sources if shows(one, source.ground) or _writes(one, source, is_denied=is_denied)
    ]
    if not right:
        yield Failure(code=FailureCode.TIME, detail=f"{one.text} is not the time of a cited entry")
        return
    clause = phrase_of(sentence, one)
    before = sentence.text_at(one.start - 1)
    if before in {"from", "between", "to", "and", "until", "till", "since", "-", "through"}:
        return
    aligned = evidence.aligned(clause)
    if len(aligned) == 1 and aligned[0] not in right:
        yield Failure(code=FailureCode.TIME, detail=f"{one.text} is the time of another entry than {aligned[0].label}")


def shows(one: Measure, ground: Ground) -> bool:
    """Whether a clock in the measure's zone shows it at the instant of *ground*, as far as that is known."""
    if one.value >= _DAY:
        return False
    if one.is_half_day:
        halves = (replace(one, value=value, is_half_day=False) for value in (one.value, one.value + _DAY / 2))
        return any(shows(half, ground) for half in halves)
    local = ground.at.astimezone(UTC) + (one.offset or timedelta())
    if one.date and not _is_date(one.date, local.date()):
        return False
    return _is_shown(one, local.hour * 3600 + local.minute * 60 + local.second, UNITS[ground.precision].total_seconds())


def _is_shown(one: Measure, seconds: int, known: float) -> bool:
    """Whether the clock shows *seconds* of a day, which are known to *known* seconds."""
    if one.hedge == "about" and known <= one.grain:
        apart = abs(seconds - one.value)
        return min(apart, _DAY - apart) <= _ROUGH_CLOCK.total_seconds()
    if one.hedge in _SOON and known <= one.grain:
        apart = seconds - one.value if one.hedge == "soon after" else one.value - seconds
        return 0 < apart <= _SOON_CLOCK.total_seconds()
    if known > one.grain:
        return known == UNITS_HOUR and seconds - seconds % 3600 == one.value and one.grain == 60
    return seconds - seconds % one.grain == one.value


UNITS_HOUR = 3600.0


def _writes(one: Measure, source: Source, *, is_denied: bool = False) -> bool:
    """Whether an entry writes that time itself, and not as what it was not (`at 16:20, not 17:20`)."""
    return any(
        other.sort is one.sort
        and other.value == one.value
        and (is_denied or source.reading.text_at(other.start - 1) != "not")
        and (other.offset is None or one.offset is None or other.offset == one.offset)
        for other in source.reading.measures
    ) and (one.date is None or any(has_date(one.date, source.ground, other) for other in _dates(source)))


def _dates(source: Source) -> list[Measure | None]:
    return [None, *(other for other in source.reading.measures if other.date)]


def has_date(wanted: tuple[int, int, int], ground: Ground, other: Measure | None) -> bool:
    """Whether *wanted* is the date of *other*, or of the entry itself where that is none."""
    if other is None or other.date is None:
        return _is_date(wanted, ground.at.astimezone(UTC).date())
    return wanted[1:] == other.date[1:] and (not wanted[0] or wanted[0] in {other.date[0], ground.at.year})


def _is_date(wanted: tuple[int, int, int], day: date) -> bool:
    return wanted[1:] == (day.month, day.day) and wanted[0] in {0, day.year}


def wrong_date(one: Measure, evidence: Evidence) -> Iterator[Failure]:
    """A date that no cited entry has."""
    wanted = one.date
    if wanted and any(
        has_date(wanted, source.ground, other) for source in evidence.sources for other in _dates(source)
    ):
        return
    yield Failure(code=FailureCode.TIME, detail=f"{one.text} is not the date of a cited entry")
