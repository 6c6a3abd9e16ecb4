"""How instants, lengths of time and quotations read in a document: one form each."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from analysis.precision import UNITS, Precision, coarser, units_between

_EXCERPT_LETTERS = 200
_UNCERTAIN, _HOUR_ONLY, _DAY_ONLY = " (time uncertain)", " (hour only)", " (day only)"
#: For each precision its unit's name, and what is said beside a time or length that is no finer.
_NAMES = {
    Precision.SECOND: ("s", ""),
    Precision.MINUTE: ("min", ""),
    Precision.MINUTE_UNCERTAIN: ("min", _UNCERTAIN),
    Precision.HOUR: ("h", _HOUR_ONLY),
    Precision.DAY: ("day", _DAY_ONLY),
}
_SPACE = re.compile(r"\s+")


def instant(at: datetime, precision: Precision = Precision.SECOND) -> str:
    """An instant in UTC, no finer than it is known.

    >>> instant(datetime(2024, 3, 31, 1, 30, tzinfo=UTC), Precision.MINUTE)
    '2024-03-31 01:30 UTC'
    """
    at = at.astimezone(UTC)
    match precision:
        case Precision.DAY:
            return f"{at:%Y-%m-%d}{_DAY_ONLY}"
        case Precision.HOUR:
            return f"{at:%Y-%m-%d %H} h UTC{_HOUR_ONLY}"
        case Precision.MINUTE_UNCERTAIN:
            return f"{at:%Y-%m-%d %H:%M} UTC{_UNCERTAIN}"
        case Precision.MINUTE:
            return f"{at:%Y-%m-%d %H:%M} UTC"
        case Precision.SECOND:
            return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def length(span: timedelta) -> str:
    """A length of time in hours, minutes and seconds; hours may exceed 24, so days are never lost.

    >>> length(timedelta(days=3, minutes=5))
    '72 h 5 min'
    """
    total = int(span.total_seconds())
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min"), (seconds, "s")) if value]
    return " ".join(parts) or "0 s"


def apart(start: datetime, start_known: Precision, end: datetime, end_known: Precision) -> str:
    """The length of time from *start* to *end*, no finer than the coarser of the two is known.

    Both are read in that unit before they are subtracted, so that a reader who subtracts the two times as they are
    shown gets this length.

    >>> minute, second = Precision.MINUTE, Precision.SECOND
    >>> apart(datetime(2024, 3, 1, 13, 45, tzinfo=UTC), minute, datetime(2024, 3, 1, 14, 4, 58, tzinfo=UTC), second)
    '19 min'
    """
    known = coarser(start_known, end_known)
    name, note = _NAMES[known]
    units = units_between(start, end, known)
    if known is Precision.DAY and units:
        return f"{counted(units, name)}{note}"
    if not units and known is not Precision.SECOND:
        return f"less than 1 {name}{note}"
    return f"{length(units * UNITS[known])}{note}"


def whole(seconds: float) -> float:
    """*seconds* as an integer where nothing is lost, so that equal lengths have one JSON form."""
    return int(seconds) if float(seconds).is_integer() else seconds


def quoted(text: str) -> str:
    """The whole *text* as a quotation on one line."""
    return f"“{_SPACE.sub(' ', text).strip()}”"


def excerpt(text: str) -> str:
    """The beginning of *text* as a quotation, cut after a word and marked where it was cut."""
    line = _SPACE.sub(" ", text).strip()
    if len(line) <= _EXCERPT_LETTERS:
        return f"“{line}”"
    head = line[:_EXCERPT_LETTERS]
    return f"“{head.rpartition(' ')[0] or head} …”"


def joined(words: Sequence[str], *, last: str = "and") -> str:
    """Words as a list in a sentence: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 gap`, `2 gaps`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def stopped(text: str) -> str:
    """*text* as it is, with a full stop where it ends without one."""
    return text if text.endswith((".", "?", "”")) else f"{text}."
