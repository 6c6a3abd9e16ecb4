"""The words in which people give a time: `14:02`, `2:05pm UTC`, `yesterday 23:10`, `2026-10-25 02:30`, `5m ago`."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from analysis.errors import InvalidInput
from analysis.precision import Precision
from analysis.wide import NARROW
from analysis.zones import ABBREVIATIONS, AREAS, BARE_NAMES, OFFSET

_GAP = r"[ \t\u00a0\u202f]"
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_UNIT_PRECISIONS = {"s": Precision.SECOND, "m": Precision.MINUTE, "h": Precision.HOUR, "d": Precision.DAY}
_UNIT = r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)"
_PART = rf"([0-9]{{1,4}}){_GAP}?({_UNIT})"
_PART_AGAIN = rf"[0-9]{{1,4}}{_GAP}?{_UNIT}"
_PARTS = rf"{_PART_AGAIN}(?:{_GAP}{{0,2}}(?:and{_GAP})?{_PART_AGAIN}){{0,3}}"
_ONE = rf"(?:an?|one){_GAP}(?P<one>second|minute|hour|day)"
_AGO = rf"(?:(?P<parts>{_PARTS})|{_ONE}|(?P<half_hour>half{_GAP}an{_GAP}hour)){_GAP}{{1,2}}ago"

_DATE = rf"(?:on{_GAP})?(?P<date>(?:19|20)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}})(?:t|,?{_GAP}{{1,2}}(?:at{_GAP})?)"
_WORD = rf"(?P<word>yesterday|today),?{_GAP}{{1,2}}(?:at{_GAP})?"
#: `pm` and `p.m.`, with the first letter apart where it is to be read.
_HALF, _DOTTED = r"[ap]m", rf"[ap]\.{_GAP}?m\b\.?"
_CLOCK = (
    rf"(?P<hour>[0-9]{{1,2}})(?=:|{_GAP}?(?:{_HALF}|{_DOTTED}))"
    r"(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?"
    rf"(?:{_GAP}?(?P<half>{_HALF}|{_DOTTED})(?![a-z0-9]))?"
)
#: What makes another word of a day: `yesterday's`, `monday.com`.
_WHOLE = r"(?![\w'\u2019-]|\.\w)"
_TIME = rf"(?:at{_GAP})?(?:{_DATE}|{_WORD})?{_CLOCK}(?:,?{_GAP}{{1,2}}(?P<word_after>yesterday|today){_WHOLE})?"
#: Spelt as they are here only, as in other cases these are words of some language.
_WORDS = {"CT", "EST", "ET", "IST", "MT", "PT", "WEST", "Etc", "US"}
_PATH = r"/[\w+-]+(?:/[\w+-]+)?"
#: A zone that stands before other words and must be told from them.
_ZONE = (
    rf"(?:utc|z|{OFFSET}|(?:{'|'.join(sorted({*AREAS} - _WORDS))}){_PATH}|{'|'.join(sorted({*ABBREVIATIONS} - _WORDS))}"
    rf"|{'|'.join(BARE_NAMES)}|(?-i:(?:Etc|US){_PATH}|EST|IST|WEST|[CEMP]T\b))"
)
#: What parts a time from the words after it: white space, perhaps after a stop or around a dash, or the end.
_END = r"(?:\s+[-\u2013\u2014](?:\s+|$)|[,.:;]?(?:\s+|$))"

_WHOLE_AGO = re.compile(_AGO, re.IGNORECASE)
_WHOLE_TIME = re.compile(rf"{_TIME}(?:{_GAP}{{0,2}}(?P<zone>[a-z+-]\S{{0,79}}))?", re.IGNORECASE)
_LEADING = re.compile(rf"(?P<expression>{_AGO}|{_TIME}(?:{_GAP}{{0,2}}{_ZONE})?){_END}", re.IGNORECASE)
#: A second time after a dash: `8:15 - 8:20` is a range, and no time with a text.
_RANGE = re.compile(rf"\s+[-\u2013\u2014]\s+{_TIME}(?![0-9a-z])", re.IGNORECASE)
#: A date whose order of day and month differs from country to country: `11/12/2026`, `26.11.2026`.
_OTHER_DATE = r"[0-9]{1,2}(?P<part>[./])[0-9]{1,2}(?P=part)(?:19|20)[0-9]{2}(?!\.?[0-9])"
_ISO_DATE = r"(?:19|20)[0-9]{2}(?:-[0-9]{1,2}-|/[0-9]{1,2}/)[0-9]{1,2}(?![0-9/-])"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY_OF_MONTH = rf"(?:{_MONTH}\.?{_GAP}[0-9]{{1,2}}|[0-9]{{1,2}}\.?{_GAP}?(?!may){_MONTH})(?:st|nd|rd|th)?"
#: A day that logs and people write in words, which is told from other words by the clock behind it.
_ANY_WEEKDAY = rf"(?:{_WEEKDAY}|mon|tue|wed|thu|fri|sat|sun)"
_WORDED = rf"(?:{_ANY_WEEKDAY},?{_GAP}{{1,2}})?(?:{_DAY_OF_MONTH}(?:,?{_GAP}(?:19|20)[0-9]{{2}})?)?"
#: What begins as a date or a clock does, whether or not there is such a time, also in brackets or behind a dash.
_AS_A_TIME = re.compile(
    rf"[^\w\s]{{0,3}}{_GAP}?(?:(?:at|on){_GAP})?(?:(?:(?P<day>{_ISO_DATE}|{_OTHER_DATE}|yesterday|today|tomorrow)"
    rf"|{_WORDED})[,t]?{_GAP}{{0,2}}(?:at{_GAP})?)?"
    rf"(?P<clock>[0-9]{{1,2}}:[0-9]{{1,2}}(?![0-9])\S*|[0-9]{{1,2}}{_GAP}?[ap]m(?![a-z0-9]))?",
    re.IGNORECASE,
)
#: Words of which a length of time is made; any others before it say what happened.
_QUANTITY = (
    r"(?:[0-9][0-9.,]*|an?|the|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty|fifty|sixty|ninety|few|some|several|many|couple|of|half|quarter|and|another|about|around|roughly|circa"
    r"|ca\.?|approx\.?|approximately|nearly|almost|maybe|perhaps|just|only|good|over|under|more|less|than|at|least|most)"
)
#: Words that say when and not what, and not exactly enough to be taken.
_ONLY_WHEN = re.compile(
    rf"(?:(?:at|on|about|around|circa|ca\.?|~){_GAP}?){{0,2}}(?:yesterday|today|tomorrow|tonight|now|noon|midnight"
    rf"|last{_GAP}night|(?:this|yesterday){_GAP}(?:morning|afternoon|evening)|{_ANY_WEEKDAY}|{_DAY_OF_MONTH}"
    rf"|[0-9]{{1,2}}(?:[.h][0-9]{{2}})?{_GAP}?(?:h|uhr|o.?clock)|[0-9]{{1,2}}[.h][0-9]{{2}}"
    rf"|(?:(?:{_QUANTITY}|{_PART_AGAIN}){_GAP}){{0,4}}(?:[0-9.,]+{_GAP}?|{_QUANTITY}{_GAP}){_UNIT}"
    rf"{_GAP}(?:ago|earlier|later|before))\.?",
    re.IGNORECASE,
)
#: A day behind a clock, which the clock alone would not be of.
_DAY_AFTER = re.compile(
    rf"(?:on{_GAP})?(?:yesterday|tomorrow|last{_GAP}(?:night|evening|{_WEEKDAY})|{_WEEKDAY}|{_ISO_DATE}"
    rf"|{_OTHER_DATE}|{_DAY_OF_MONTH}){_WHOLE}",
    re.IGNORECASE,
)
#: A half of the day behind a clock of twelve hours, in other words than am and pm.
_HALF_AFTER = re.compile(
    rf"(?:(?:in{_GAP}the|this|at){_GAP}(?:afternoon|evening|night)|tonight){_WHOLE}|{_DOTTED}", re.IGNORECASE
)
_NOON = 12
#: A zone behind a clock and a sign, which is read only right behind the clock.
_ZONE_AFTER = re.compile(rf"[(\[]{_GAP}?{_ZONE}{_GAP}?[)\]]|{_ZONE}(?=[,.:;]?(?:\s|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    """A time told by its distance from now."""

    distance: timedelta
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A time told by a clock, with at most one of a date and a number of days back from today.

    With neither it is the latest such time that has passed. `zone` is as written, empty where none was.
    """

    clock: time
    precision: Precision
    day: date | None
    days_back: int | None
    zone: str


def read(expression: str) -> Ago | ClockTime | None:
    """What a time expression says, or None where the whole is not one."""
    narrow = expression.translate(NARROW)
    if match := _WHOLE_AGO.fullmatch(narrow):
        return _ago(match)
    match = _WHOLE_TIME.fullmatch(narrow)
    return _clock_time(match) if match else None


def split_time(text: str) -> tuple[str | None, str]:
    """The time expression with which a text begins and the words after it, or None and the text as it is.

    The expression is one that `read` understands, though its zone may turn out to be unknown. A range such as
    `14:02-14:05` and anything else that only begins with digits stays text.

    >>> split_time("14:02 UTC: failover started"), split_time("500 errors on checkout")
    (('14:02 UTC', 'failover started'), (None, '500 errors on checkout'))
    """
    stripped = text.strip()
    narrow = stripped.translate(NARROW)
    match = _LEADING.match(narrow)
    if not match or not read(match["expression"]) or _RANGE.match(narrow, match.end("expression")):
        return None, text
    return match["expression"], stripped[match.end() :]


def leading_time(text: str) -> tuple[str | None, str]:
    """As `split_time`, but what begins as a time and is none is refused: as text it would be dated now.

    So is a clock whose day, half of the day or zone stands apart behind it, such as `8:30 last night` or `14:02 (UTC)`:
    it would be another one.

    Raises
    ------
    analysis.errors.InvalidInput
        If the text begins with a date or a clock that cannot be read.

    >>> leading_time("16.9 is the load"), leading_time("14:02 rolled back")
    ((None, '16.9 is the load'), ('14:02', 'rolled back'))
    """
    expression, rest = split_time(text)
    if expression is not None:
        if after := _said_after(expression, rest):
            raise InvalidInput(_unreadable(f"{expression} {after}"))
        return expression, rest
    match = _AS_A_TIME.match(text.strip().translate(NARROW))
    if match is not None and (match["clock"] or (match["day"] or "")[:1].isdecimal()):
        raise InvalidInput(_unreadable(match[0].strip()))
    return None, rest


def says_only_when(text: str) -> bool:
    """Whether all of *text* says when something was, in words that are no time which can be taken.

    >>> says_only_when("yesterday"), says_only_when("10 minutes earlier"), says_only_when("noon batch failed")
    (True, True, False)
    """
    return _ONLY_WHEN.fullmatch(text.strip().translate(NARROW)) is not None


def _said_after(expression: str, rest: str) -> str:
    """What of the words behind a time says its day, its half of the day or its zone, where the time itself does not."""
    time_said = _WHOLE_TIME.fullmatch(expression)
    if time_said is None:
        return ""
    has_day = time_said["date"] or time_said["word"] or time_said["word_after"]
    has_half = time_said["half"] or not 1 <= int(time_said["hour"]) <= _NOON
    narrow = rest.translate(NARROW)
    looked_for = ((has_day, _DAY_AFTER), (has_half, _HALF_AFTER), (time_said["zone"], _ZONE_AFTER))
    found = (after.match(narrow) for is_said, after in looked_for if not is_said)
    return next((match[0] for match in found if match), "")


def _unreadable(words: str) -> str:
    return (
        f"“{words[:40]}” at the beginning is not a time that I can read. Write one such as 14:02, 8:30pm, yesterday "
        "23:10 or 2026-10-25 02:30, or put a word before it if it is no time; a range begins with one time, such as "
        "14:02 until 14:05. Nothing was recorded."
    )


def clock_text(said: ClockTime) -> str:
    """The clock as a person would write it again, in the precision in which it was given."""
    if said.precision is Precision.HOUR:
        return f"{said.clock.hour % _NOON or _NOON}{'pm' if said.clock.hour >= _NOON else 'am'}"
    if said.precision is Precision.SECOND:
        return said.clock.isoformat()
    return said.clock.isoformat("minutes")


def _ago(match: re.Match[str]) -> Ago:
    if match["half_hour"]:
        return Ago(distance=timedelta(minutes=30), precision=Precision.MINUTE)
    parts = f"1 {match['one']}" if match["one"] else match["parts"]
    counts = [(int(count), unit[0].lower()) for count, unit in re.findall(_PART, parts, re.IGNORECASE)]
    distance = sum((count * _UNITS[unit] for count, unit in counts), start=timedelta())
    finest = min((unit for _, unit in counts), key=lambda unit: _UNITS[unit])
    return Ago(distance=distance, precision=_UNIT_PRECISIONS[finest])


def _clock_time(match: re.Match[str]) -> ClockTime | None:
    try:
        clock = time(
            _hour(int(match["hour"]), match["half"]),
            int(match["minute"] or 0),
            int(match["second"] or 0),
            int((match["fraction"] or "").ljust(6, "0")[:6]),
        )
        day = date.fromisoformat(match["date"]) if match["date"] else None
    except ValueError:
        return None
    if match["word_after"] and (day or match["word"]):
        return None
    word = (match["word"] or match["word_after"] or "").lower()
    days_back = {"yesterday": 1, "today": 0}.get(word)
    return ClockTime(
        clock=clock, precision=_precision(match, clock), day=day, days_back=days_back, zone=match["zone"] or ""
    )


def _hour(hour: int, half: str | None) -> int:
    """The hour of 0 to 23; a ValueError for one that a clock of twelve hours does not show."""
    if not half:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError(hour)
    return hour % _NOON + (_NOON if half[0].lower() == "p" else 0)


def _precision(match: re.Match[str], clock: time) -> Precision:
    if match["second"]:
        return Precision.SECOND
    if not match["minute"]:
        return Precision.HOUR
    is_round = clock in {time(0), time(_NOON)}
    return Precision.MINUTE_UNCERTAIN if is_round else Precision.MINUTE
