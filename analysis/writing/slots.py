"""What a model must not type: times, lengths of time and counts stand in its text as slots that code fills.

`{t:E4}` is the instant of E4, `{dur:E1-E5}` the time from E1 to E5, `{n:E4}` the number in what E4 says, where it says
exactly one. A slot may name only what its sentence cites.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.document import Row
from analysis.precision import Precision
from analysis.wording import apart, instant


class FlawCode(StrEnum):
    """In which way a sentence is no sentence for a document, before anybody asks whether it is true."""

    FORM = "form"  #: empty, too long, on several lines, or with a link, mention or markup in it
    SLOT = "slot"  #: a slot that is none, names what is not cited, or has no value
    TYPED_TIME = "typed_time"  #: a time, date or length of time that the model typed itself
    PLACEHOLDER = "placeholder"  #: a value that is never put back
    SECTION = "section"  #: a section that people write
    WELDED = "welded"  #: one statement of which no entry alone says all


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One reason why a sentence does not stand: a `FlawCode`, or the code of a failed check, and what was seen."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A text with its slots filled; it is not used where it has flaws."""

    text: str
    flaws: tuple[Flaw, ...] = ()


_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_SLOT = re.compile(r"\{(?:t:(?P<at>E\d{1,6})|dur:(?P<start>E\d{1,6})-(?P<end>E\d{1,6})|n:(?P<number>E\d{1,6}))\}")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*\s?%?(?![\w-])")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_TYPED = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}(?!\d)|\d{4}-\d{1,2}|\d{1,2}/\d{1,2}|\b\d{1,2}\s?(?:am|pm|utc|gmt|o'clock)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})[a-z]*\b|\b(?:{_MONTHS})[a-z]*\.?\s+\d{{1,2}}\b"
    r"|\b\d+(?:[.,]\d+)?[\s-]?(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)


def fill(text: str, cites: Sequence[str], rows: Mapping[str, Row]) -> Filled:
    """*text* with its slots filled from the *rows* of the timeline that it cites."""
    typed = _TYPED.search(_BRACES.sub(" ", text))
    flaws = [Flaw(code=FlawCode.TYPED_TIME, detail=f"it types “{typed[0]}” itself")] if typed else []
    parts, position = [], 0
    for found in _BRACES.finditer(text):
        value = _value(found[0], cites, rows)
        if value is None:
            flaws.append(Flaw(code=FlawCode.SLOT, detail=f"{found[0]} has no value from what it cites"))
        parts += [text[position : found.start()], value or found[0]]
        position = found.end()
    return Filled(text="".join([*parts, text[position:]]), flaws=tuple(flaws))


def has_length(text: str) -> bool:
    """Whether *text* has a slot for the length of time from one entry to another."""
    return any(found["start"] for found in _SLOT.finditer(text))


def number_in(text: str) -> str:
    """The number that *text* says, where it says exactly one; else nothing.

    >>> number_in("4 alerts of payments"), number_in("from 3 to 5 pods")
    ('4', '')
    """
    found = [each[0].strip() for each in _NUMBER.finditer(text)]
    return found[0] if len(found) == 1 else ""


def _value(slot: str, cites: Sequence[str], rows: Mapping[str, Row]) -> str | None:
    found = _SLOT.fullmatch(slot)
    labels = [label for label in found.groups() if label] if found else []
    if not found or any(label not in cites or label not in rows for label in labels):
        return None
    if found["at"]:
        return instant(rows[found["at"]].at, Precision(rows[found["at"]].precision))
    if found["number"]:
        return number_in(rows[found["number"]].text) or None
    return _between(rows[found["start"]], rows[found["end"]])


def _between(start: Row, end: Row) -> str | None:
    if end.at < start.at:
        return None
    return apart(start.at, Precision(start.precision), end.at, Precision(end.precision))
