"""What a model must not type: times, lengths of time and counts stand in its text as slots that code fills.

`{t:E4}` is the instant of E4, `{dur:E1-E5}` the time from E1 to E5, `{n:E4}` the number in what E4 says, where it says
exactly one, and `{n:E4#2}` the second of several, counted in what the model was shown of E4. A slot may name only what
its sentence cites.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.document import Row
from analysis.precision import Precision, is_before
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
_SLOT = re.compile(
    r"\{(?:t:(?P<at>E\d{1,6})|dur:(?P<start>E\d{1,6})-(?P<end>E\d{1,6})"
    r"|n:(?P<number>E\d{1,6})(?:#[1-9]\d?)?)\}"
)
#: What stands with a number and belongs to it.
_UNIT = r"%|(?:bn|[kmM]|ms|s|min|h|x|[KMGT]i?B|rpm|rps|qps|tps)(?!\w)"
#: A number with its unit: `1,140`, `38 %`, `94k`, `11.4 m`, `30s`, `190 tps`; no version, clock or part of a name.
_NUMBER = re.compile(
    rf"(?<![\w.,:/-])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?:\s?(?P<unit>{_UNIT}))?"
    r"(?![\w:/-]|[.,]\d)"
)
#: How a unit is written again.
_PERCENT = r"%|per ?cent\b"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_INSTANT = (
    r"(?<!\d)\d{1,2}\s?[:h]\s?\d{2}(?!\d)|\d{4}-\d{1,2}|\d{1,2}/\d{1,2}|\b\d{1,2}\s?(?:am|pm|utc|gmt|o'clock)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})[a-z]*\b|\b(?:{_MONTHS})[a-z]*\.?\s+\d{{1,2}}\b"
)
#: Behind a fraction, “m” stands for millions rather than for minutes.
_LENGTH = (
    r"\b\d+(?:[.,]\d+)?[\s-]?(?:ms|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?)\b"
    r"|(?<![\d.,])\b\d+[\s-]?m\b"
)
#: With a dot a time looks as a version or a fraction does, unless something says that it is one.
_DOTTED = r"\b(?:at|by|from|until|till|since|before|after|around)\s+\d{1,2}\.\d{2}(?![\d.]|\s?%)"
_CALENDAR = re.compile(_INSTANT, re.IGNORECASE)
_TYPED = re.compile(rf"{_INSTANT}|{_DOTTED}|{_LENGTH}", re.IGNORECASE)


def fill(text: str, cites: Sequence[str], rows: Mapping[str, Row], shown: Mapping[str, str]) -> Filled:
    """*text* with its slots filled from the *rows* that it cites, and their numbers from what was *shown* of them.

    A number that is a placeholder there is none for the model, and must not move the place of those behind it.
    """
    typed = _TYPED.search(_BRACES.sub(" ", text))
    flaws = [Flaw(code=FlawCode.TYPED_TIME, detail=f"it types “{typed[0]}” itself")] if typed else []
    parts, position = [], 0
    for found in _BRACES.finditer(text):
        value = _value(found[0], cites, rows, shown)
        if value is None:
            flaws.append(Flaw(code=FlawCode.SLOT, detail=f"{found[0]} has no value from what it cites"))
        parts += [text[position : found.start()], value or found[0]]
        position = found.end() + _again(value or "", text[found.end() :])
    return Filled(text="".join([*parts, text[position:]]), flaws=tuple(flaws))


def has_length(text: str) -> bool:
    """Whether *text* has a slot for the length of time from one entry to another."""
    return any(found["start"] for found in _SLOT.finditer(text))


def numbers_of(label: str, text: str) -> Mapping[str, str]:
    """The slots for the numbers that entry *label* says in *text*, each with what stands there in its place.

    >>> numbers_of("E4", "4 alerts of payments"), numbers_of("E5", "from 3 to 5 % at 12:30")
    ({'{n:E4}': '4'}, {'{n:E5#1}': '3', '{n:E5#2}': '5 %'})
    """
    found = [each[0] for each in _NUMBER.finditer(_CALENDAR.sub(lambda one: "/" * len(one[0]), text))]
    if len(found) == 1:
        return {f"{{n:{label}}}": found[0]}
    return {f"{{n:{label}#{place}}}": number for place, number in enumerate(found, start=1)}


def _again(value: str, rest: str) -> int:
    """How many letters of *rest* write the unit of the *value* before it once more."""
    number = _NUMBER.fullmatch(value)
    unit = number["unit"] if number else None
    if not unit:
        return 0
    again = re.match(rf"\s?(?:{_PERCENT if unit == '%' else re.escape(unit)})(?!\w)", rest, re.IGNORECASE)
    return again.end() if again else 0


def _value(slot: str, cites: Sequence[str], rows: Mapping[str, Row], shown: Mapping[str, str]) -> str | None:
    found = _SLOT.fullmatch(slot)
    labels = [label for label in found.group("at", "start", "end", "number") if label] if found else []
    if not found or any(label not in cites or label not in rows for label in labels):
        return None
    if found["at"]:
        return instant(rows[found["at"]].at, Precision(rows[found["at"]].precision))
    if found["number"]:
        label = found["number"]
        numbers = numbers_of(label, shown.get(label, rows[label].text))
        return numbers.get(slot) or numbers.get(slot.replace("#1}", "}"))
    return _between(rows[found["start"]], rows[found["end"]])


def _between(start: Row, end: Row) -> str | None:
    """Nothing where it is not known which came first: nobody can say that one came after the other."""
    known = start.at, Precision(start.precision), end.at, Precision(end.precision)
    return apart(*known) if is_before(*known) else None
