"""The measures in a text: clock times with zone and date, lengths of time, and numbers with their unit and hedge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort, Token
from analysis.grounding.units import OFFSETS, SECONDS, UNITS_OF
from analysis.grounding.vocabulary import HEDGES


class Measured(StrEnum):
    """What kind of measure it is."""

    CLOCK = "clock"  #: a time of day; `value` in seconds after midnight
    DATE = "date"  #: a calendar date
    LENGTH = "length"  #: a length of time; `value` in seconds
    NUMBER = "number"  #: any other number


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure: the tokens from `start` to before `end`.

    `grain` is the smallest unit it is written in, in seconds; `offset` a clock's distance from UTC where it says one;
    `date` year (0 where none is written), month and day; `is_half_day` of a clock that is the same twice a day.
    """

    sort: Measured
    text: str
    start: int
    end: int
    value: float = 0.0
    unit: str = ""
    grain: float = 1.0
    hedge: str = ""
    offset: timedelta | None = None
    date: tuple[int, int, int] | None = None
    is_half_day: bool = False


_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))?(?::(\d\d))?(?:\.\d+)?\s?(?:([ap])\.?m)?", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[a-z]{3}", re.IGNORECASE)
_HOURS = 12
_PAST_HOURS = {"half past": 30, "quarter past": 15, "quarter to": -15}
_SOON = frozenset(["shortly", "just", "soon", "little", "bit"])
_PARTS = {"quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}
_SHARES = (
    *((["half"], 0.5), (["quarter", "of"], 0.25), (["a", "quarter", "of"], 0.25)),
    (["three", "quarters", "of"], 0.75),
)
_HEDGE_REACH = 3
#: Verbs whose `over` belongs to them, and limits no length behind it (`the node was rolled over 3 h after …`).
_OVER = frozenset(stem(word) for word in ("roll", "switch", "hand", "cut", "flip", "swap"))
_DATE_REACH = 3
#: A great letter behind a number, of which nobody says how many it stands for (`lag 2.1 M`, `memory 512 M`).
_LARGE = "m."
_CURRENCIES = frozenset(one for one, unit in UNITS_OF.items() if unit in {"usd", "eur", "gbp", "dkk"})


def measures(found: Sequence[Token]) -> tuple[Measure, ...]:
    """All measures among the tokens *found*, in order and without overlap."""
    read: list[Measure] = []
    place = 0
    while place < len(found):
        one = _at(found, place)
        if one:
            read.append(one)
        place = one.end if one else place + 1
    return tuple(read)


def _at(found: Sequence[Token], place: int) -> Measure | None:
    one = found[place]
    if one.sort is Sort.CLOCK:
        return _clock(found, place)
    if one.sort is Sort.DATE:
        return Measure(sort=Measured.DATE, text=one.text, start=place, end=place + 1, date=_date(one.text))
    if one.sort is Sort.WORD and one.text in {"noon", "midnight"}:
        value = 43200.0 if one.text == "noon" else 0.0
        return Measure(sort=Measured.CLOCK, text=one.text, start=place, end=place + 1, value=value, grain=60)
    spoken = _spoken_clock(found, place) or _and_a_half(found, place) or _unit_length(found, place)
    spoken = spoken or _fraction(found, place)
    if one.text in _CURRENCIES and [other.text for other in found[place + 2 : place + 3]] == [_LARGE]:
        return _large(found, place + 1, UNITS_OF[one.text]) if found[place + 1].sort is Sort.NUMBER else None
    if spoken or one.sort is not Sort.NUMBER:
        return spoken
    return _length(found, place) or _ranged(found, place) or _number(found, place)


def _spoken_clock(found: Sequence[Token], place: int) -> Measure | None:
    """`half past two`, `a quarter to three`, `two o'clock`: morning or afternoon stays open."""
    words = [one.text for one in found[place : place + 4]]
    minutes = next((value for text, value in _PAST_HOURS.items() if words[:2] == text.split()), None)
    end = place + (2 if minutes is not None else 0)
    hour = found[end] if end < len(found) and found[end].sort is Sort.NUMBER else None
    if hour is None or not 1 <= hour.value <= _HOURS or (minutes is None and words[1:2] != ["oclock"]):
        return None
    value = hour.value * 3600 + (minutes or 0) * 60
    end += 1 if minutes is not None else 2
    text = " ".join(one.text for one in found[place:end])
    hedge = _hedge(found, place)
    return Measure(
        sort=Measured.CLOCK,
        text=text,
        start=place,
        end=end,
        value=value % 43200,
        grain=60,
        hedge=hedge,
        is_half_day=True,
    )


def _and_a_half(found: Sequence[Token], place: int) -> Measure | None:
    """`two and a half hours`, `an hour and a half`."""
    words = [one.text for one in found[place : place + 5]]
    number = 1.0 if words[:1] in (["one"], ["a"], ["an"]) else found[place].value
    if words[1:4] == ["and", "a", "half"] and (found[place].sort is Sort.NUMBER or words[0] == "one"):
        unit, length = words[4:5], 5
    elif words[2:5] == ["and", "a", "half"] and number == 1.0:
        unit, length = words[1:2], 5
    else:
        return None
    if not unit or unit[0] not in SECONDS:
        return None
    seconds, end = SECONDS[unit[0]], place + length
    return Measure(
        sort=Measured.LENGTH,
        text=" ".join(words[:length]),
        start=place,
        end=end,
        value=(number + 0.5) * seconds,
        grain=seconds / 2,
        hedge=_hedge(found, place),
    )


def _ranged(found: Sequence[Token], place: int) -> Measure | None:
    """The first number of `three to five hours`."""
    words = [one.text for one in found[place : place + 4]]
    is_between = place > 0 and found[place - 1].text == "between"
    if len(words) < 4 or found[place + 2].sort is not Sort.NUMBER or words[3] not in SECONDS:
        return None
    if words[1] not in {"to", "or", "-"} and not (is_between and words[1] == "and"):
        return None
    unit = SECONDS[words[3]]
    text, value = f"{words[0]} {words[3]}", found[place].value * unit
    hedge = _hedge(found, place)
    return Measure(sort=Measured.LENGTH, text=text, start=place, end=place + 1, value=value, grain=unit, hedge=hedge)


def _clock(found: Sequence[Token], place: int) -> Measure:
    match = _CLOCK.match(found[place].text)
    hour, minute, second, half = match.groups() if match else ("0", "0", "0", None)
    hours = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
    offset, end = _offset(found, place + 1)
    return Measure(
        sort=Measured.CLOCK,
        text=found[place].text,
        start=place,
        end=end,
        value=hours * 3600.0 + int(minute or 0) * 60 + int(second or 0),
        grain=1 if second else 60,
        hedge=_hedge(found, place),
        offset=offset,
        date=_date_near(found, place, end),
    )


def _offset(found: Sequence[Token], place: int) -> tuple[timedelta | None, int]:
    """The zone at *place*, and where what follows begins."""
    texts = [one.text for one in found[place : place + 5]]
    if texts[:1] == ["("]:
        texts, place = texts[1:], place + 1
    offset, end = None, place
    if texts and texts[0] in OFFSETS:
        offset, end = timedelta(minutes=OFFSETS[texts[0]]), place + 1
        texts = texts[1:]
    if len(texts) > 1 and texts[0] in {"+", "-"} and (offset is not None or _glued(found[end + 1])):
        sign = -1 if texts[0] == "-" else 1
        hours, minutes = _offset_size(texts[1])
        return timedelta(minutes=sign * (60 * hours + minutes)), end + 2
    return offset, end


def _glued(one: Token) -> bool:
    return one.sort is Sort.CLOCK or (one.sort is Sort.NUMBER and len(one.text) == 4 and one.text.isdigit())


def _offset_size(text: str) -> tuple[int, int]:
    digits = "".join(_DIGITS.findall(text))[:4]
    if not digits:
        return 0, 0
    return (int(digits[:2]), int(digits[2:])) if len(digits) == 4 else (int(digits[:2]), 0)


def _date(text: str) -> tuple[int, int, int] | None:
    numbers = [int(one[:4]) for one in _DIGITS.findall(text)]
    letters = _LETTERS.search(text.replace("the", "").replace("of", ""))
    if text[:4].isdigit() and len(numbers) == 3:
        return numbers[0], numbers[1], numbers[2]
    if not letters or not numbers or letters.group().lower() not in _MONTHS:
        return None
    return (numbers[1] if len(numbers) > 1 else 0), _MONTHS.index(letters.group().lower()) + 1, numbers[0]


def _date_near(found: Sequence[Token], place: int, end: int) -> tuple[int, int, int] | None:
    """The date of a clock: the one right before it or right after its zone."""
    around = [*reversed(found[max(0, place - _DATE_REACH) : place]), *found[end : end + _DATE_REACH]]
    return next((_date(one.text) for one in around if one.sort is Sort.DATE), None)


def _unit_length(found: Sequence[Token], place: int) -> Measure | None:
    """`an hour`, `half an hour`, `a quarter of an hour`: a length without a number."""
    words = [one.text for one in found[place : place + 5]]
    share = 1.0
    for words_of_share, part in _SHARES:
        if words[: len(words_of_share)] == words_of_share:
            share, words = part, words[len(words_of_share) :]
    if len(words) < 2 or words[0] not in {"a", "an"} or words[1] not in SECONDS or len(words[1]) < 3:
        return None
    if words[1] == "second" and share == 1.0:  # `a second node`
        return None
    unit = SECONDS[words[1]]
    end = place + min(5, len(found) - place) - len(words) + 2
    text = " ".join(one.text for one in found[place:end])
    hedge = _hedge(found, place)
    return Measure(
        sort=Measured.LENGTH, text=text, start=place, end=end, value=share * unit, grain=share * unit, hedge=hedge
    )


def _length(found: Sequence[Token], place: int) -> Measure | None:
    value, grain, end = 0.0, 0.0, place
    while end + 1 < len(found) and found[end].sort is Sort.NUMBER:
        gap = 2 if found[end + 1].text == "-" and end + 2 < len(found) else 1
        unit = SECONDS.get(found[end + gap].text)
        if unit is None or (grain and unit >= grain):
            break
        value, grain, end = value + found[end].value * unit, unit, end + gap + 1
        if end + 1 < len(found) and found[end].text in {"and", ","} and found[end + 1].sort is Sort.NUMBER:
            following = found[end + 2].text if end + 2 < len(found) else ""
            end += 1 if SECONDS.get(following, grain) < grain else 0
    if not grain:
        return None
    text = " ".join(one.text for one in found[place:end])
    return Measure(
        sort=Measured.LENGTH, text=text, start=place, end=end, value=value, grain=grain, hedge=_hedge(found, place)
    )


def _fraction(found: Sequence[Token], place: int) -> Measure | None:
    """`a quarter of`, `one fifth of`, as a percentage."""
    one, after = found[place], [other.text for other in found[place + 1 : place + 3]]
    if after[1:] != ["of"] or after[0] not in _PARTS or not (one.sort is Sort.NUMBER or one.text == "a"):
        return None
    value = 100 * (one.value or 1.0) / _PARTS[after[0]]
    text, hedge = f"{one.text} {after[0]}", _hedge(found, place)
    return Measure(sort=Measured.NUMBER, text=text, start=place, end=place + 2, value=value, unit="%", hedge=hedge)


def _number(found: Sequence[Token], place: int) -> Measure:
    one = found[place]
    end = place + 1
    unit = "ordinal" if one.is_ordinal else ""
    following = found[end].text if end < len(found) else ""
    before = found[place - 1].text if place else ""
    if following == "per" and end + 1 < len(found) and found[end + 1].text == "cent":
        unit, following, end = "%", "%", end + 1
        end += 1
    elif not unit and following in UNITS_OF:
        unit, end = UNITS_OF[following], end + 1
    elif not unit and following == _LARGE:
        return _large(found, place)
    elif not unit and before in {"$", "€", "£"}:
        unit = UNITS_OF[before]
    text = one.text + (following if end > place + 1 else "")
    return Measure(
        sort=Measured.NUMBER,
        text=text,
        start=place,
        end=end,
        value=one.value,
        unit=unit,
        hedge=_hedge(found, place),
    )


def _large(found: Sequence[Token], place: int, money: str = "") -> Measure:
    """`2.1 M`, with its currency on either side (`EUR 2.1 M`, `€2.1M`, `2.1 M EUR`, `2.1 M (EUR)`)."""
    start, end = place - bool(money), place + 2
    behind = [one.text for one in found[end : end + 3]]
    if not money and behind and behind[0] in UNITS_OF:
        money, end = UNITS_OF[behind[0]], end + 1
    elif not money and len(behind) > 2 and (behind[0], behind[2]) == ("(", ")") and behind[1] in _CURRENCIES:
        money, end = UNITS_OF[behind[1]], end + 3
    return Measure(
        sort=Measured.NUMBER,
        text=f"{found[place].text} M",
        start=start,
        end=end,
        value=found[place].value,
        unit=f"{_LARGE} {money}".strip(),
        hedge=_hedge(found, start),
    )


def _hedge(found: Sequence[Token], place: int) -> str:
    """What limits the measure at *place*: `about`, `below` or `above`, `soon before` or `soon after`, or nothing."""
    near = [one.text for one in found[max(0, place - 2) : place]]
    if len(near) > 1 and near[0] in _SOON and near[1] in {"before", "after"}:
        return f"soon {near[1]}"
    for number in range(place - 1, max(0, place - _HEDGE_REACH) - 1, -1):
        one = found[number]
        if one.text in HEDGES:
            return "" if _is_particle(found, number) else HEDGES[one.text]
        if one.text not in {"than", "a", "an", "the", "by", "to", "at"}:
            return ""
    return ""


def _is_particle(found: Sequence[Token], place: int) -> bool:
    """Whether the word at *place* is the `over` of a verb, with a length of time behind it."""
    behind = found[place + 2].text if place + 2 < len(found) else ""
    return found[place].text == "over" and place > 0 and found[place - 1].stem in _OVER and behind in SECONDS
