"""In which order an entry tells two things: by its clocks, its connectives, its causes, or one after the other.

What happens first stands first, unless a clock, a word such as `after` or `following`, a past perfect or a cause says
otherwise. Where an entry names a thing more than once, what it says outright of one place counts before the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from analysis.grounding.bearing import Places
from analysis.grounding.causes import causes_before, is_background
from analysis.grounding.evidence import Source
from analysis.grounding.measures import Measure, Measured
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.vocabulary import AFTER, BEFORE

#: Who comes first and who comes next, where two parts of a sentence say so (`initially …, eventually …`).
FIRST = frozenset(["initially", "first", "originally"])
NEXT = frozenset(["eventually", "subsequently", "later", "afterwards", "thereafter", "then", "ultimately", "finally"])
#: How far before a verb its `had` stands.
_NEAR = 3
_MOST = 6
_MOST_CUES = 20
_RANGE = frozenset(["from", "between", "and", "to", "-"])


#: What is told as first, and as second: places from one to another.
_Sides = tuple[range, range]


class Told(IntEnum):
    """What an entry says of the order of two things."""

    REVERSED = -1
    OPEN = 0
    AS_TOLD = 1


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things in an order: its words, and those that name what happened, the likeliest first."""

    words: tuple[Item, ...]
    heads: tuple[Item, ...]


def order_of(earlier: Side, later: Side, source: Source, borne: Places) -> Told:
    """Whether *source* tells *earlier* before *later*."""
    firsts, seconds = _places(earlier, later, source, borne), _places(later, earlier, source, borne)
    pairs = [(one, other) for one in firsts for other in seconds if one.place != other.place]
    sides = {one.segment: _all_sides(source.reading, one.segment) for one in firsts}
    ordered = (_outright(one, other, source.reading, sides[one.segment]) for one, other in pairs)
    outright = {told for told in ordered if told is not Told.OPEN}
    if outright:
        return Told.AS_TOLD if outright == {Told.AS_TOLD} else Told.REVERSED
    if not pairs:
        return Told.OPEN
    return Told.AS_TOLD if all(_is_told_first(one, other, source.reading) for one, other in pairs) else Told.REVERSED


def is_ordered(one: Item, other: Item, reading: Reading) -> bool:
    """Whether a text says outright that of two places in one sentence one came before the other."""
    if _by_clocks(one, other, reading) is not Told.OPEN:
        return True
    return any(
        (one.place in first and other.place in second) or (one.place in second and other.place in first)
        for first, second in _sides(reading, one.segment)
    )


def _places(side: Side, other: Side, source: Source, borne: Places) -> list[Item]:
    """Where the entry has what happened: of the first head that it has, the places with the most of the other words."""
    shared = {key for item in other.words for key in item.token.keys}
    rest = [item for item in side.words if not item.token.keys & shared]
    near = [one for item in rest for one in source.matching(item)]
    for head in side.heads:
        alike = [one for where, one in borne[head.place] if where is source]
        found = [one for one in alike if one.token.stem == head.token.stem] or alike
        scores = [sum((one.clause == place.clause) + (one.segment == place.segment) for one in near) for place in found]
        if found:
            return [place for place, score in zip(found, scores, strict=True) if score == max(scores)][:_MOST]
    return []


def _outright(one: Item, other: Item, reading: Reading, sides: list[_Sides]) -> Told:
    """What clocks and connectives say of the order of two places."""
    by_clocks = _by_clocks(one, other, reading)
    if by_clocks is not Told.OPEN:
        return by_clocks
    if one.segment != other.segment:
        return Told.OPEN
    for first, second in sides:
        if one.place in first and other.place in second:
            return Told.AS_TOLD
        if one.place in second and other.place in first:
            return Told.REVERSED
    return Told.OPEN


def _all_sides(reading: Reading, segment: int) -> list[_Sides]:
    return [*_sides(reading, segment), *_conditions(reading, segment)]


def _by_clocks(one: Item, other: Item, reading: Reading) -> Told:
    first, second = _clock_of(one, reading), _clock_of(other, reading)
    if first is None or second is None or first == second:
        return Told.OPEN
    return Told.AS_TOLD if first < second else Told.REVERSED


def _clock_of(item: Item, reading: Reading) -> float | None:
    """The only clock of its clause, or the one beside it there, or the only one of its sentence; none of a range."""
    own = [one for one in reading.measures if one.sort is Measured.CLOCK and _segment(one, reading) == item.segment]
    clause = [one for one in own if reading.items[one.start].clause == item.clause]
    beside = [one for one in clause if not _is_parted(item, one, reading)]
    clocks = next((some for some in (clause, beside) if len(some) == 1), own if not clause else [])
    return clocks[0].value if len(clocks) == 1 else None


def _segment(one: Measure, reading: Reading) -> int:
    return reading.items[one.start].segment


def _is_parted(item: Item, one: Measure, reading: Reading) -> bool:
    """Whether another verb stands between a word and a clock, or the clock is the end of a range."""
    low, high = sorted((item.place, one.start))
    return reading.text_at(one.start - 1) in _RANGE or any(
        is_predicate(reading, other) for other in reading.items[low + 1 : high]
    )


def _sides(reading: Reading, segment: int) -> Iterator[_Sides]:
    """Where in a sentence stands what each of its connectives tells as first, and as second."""
    items = [one for one in reading.items if one.segment == segment]
    for cue in islice((one for one in items if is_connective(reading, one)), _MOST_CUES):
        yield _sides_of(items, cue)
    initial = next((one for one in items if one.token.text in FIRST), None)
    if initial is not None:
        start, end = _clause(items, initial)
        yield range(start, end), range(end, items[-1].place + 1)


def _conditions(reading: Reading, segment: int) -> Iterator[_Sides]:
    """`A when B`: B came first, or both at once."""
    items = [one for one in reading.items if one.segment == segment]
    for cue in islice((one for one in items if one.token.text == "when"), _MOST_CUES):
        second, first = _around(items, cue)
        yield first, second


def is_connective(reading: Reading, item: Item) -> bool:
    """Not `once again` and `the following`, `prior` only with `to`, `followed` only with `by`."""
    after = reading.text_at(item.place + 1)
    match item.token.text:
        case "once":
            return after not in {"again", ""}
        case "following":
            return reading.text_at(item.place - 1) not in {"the", "a"}
        case "prior":
            return after == "to"
        case "followed":
            return after == "by"
        case word:
            return word in BEFORE | AFTER | NEXT


def _sides_of(items: Sequence[Item], cue: Item) -> _Sides:
    if cue.token.text in NEXT:
        start = beginning(items, cue)
        return range(items[0].place, start), range(start, items[-1].place + 1)
    left, right = _around(items, cue)
    behind = items[cue.place + 1 - items[0].place :][:1]
    is_after = cue.token.text in AFTER and not any(one.token.text in {"which", "that"} for one in behind)
    return (right, left) if is_after else (left, right)


def _around(items: Sequence[Item], cue: Item) -> _Sides:
    """What stands before a connective and behind it, or, where it begins the sentence, in its clause and the next."""
    start, end = items[0].place, items[-1].place + 1
    if any(one.is_content for one in items[: cue.place - start]):
        return range(start, cue.place), range(cue.place + 1, end)
    first = _clause(items, cue)[1]
    return range(first, end), range(cue.place + 1, first)


def _clause(items: Sequence[Item], item: Item) -> tuple[int, int]:
    """Where the clause of *item* begins and ends: no other stands in it."""
    places = [one.place for one in items if one.clause == item.clause]
    return places[0], places[-1] + 1


def beginning(items: Sequence[Item], cue: Item) -> int:
    """Where the part of a clause begins that says `eventually` or the like: behind the last `and` before it."""
    ands = [
        one.place for one in items if one.place < cue.place and one.clause == cue.clause and one.token.text == "and"
    ]
    clause = next(one.place for one in items if one.clause == cue.clause)
    return max(ands, default=clause)


def _is_told_first(one: Item, other: Item, reading: Reading) -> bool:
    """Whether *one* stands first, or the text says by a past perfect or a cause that it came first."""
    perfect = (_is_perfect(one, reading), _is_perfect(other, reading))
    if perfect[0] != perfect[1]:
        return perfect[0]
    if one.segment == other.segment:
        told = causes_before(one.place, other.place, reading)
        if told is not None:
            return told
        low, high = sorted((one.place, other.place))
        is_explained = any(item.token.text == ":" for item in reading.items[low:high])  # `login fails: gateway down`
        return (one.place < other.place) is not is_explained
    background = (is_background(one, reading), is_background(other, reading))
    if all(background):  # a cause of a cause
        return one.place > other.place
    return background[0] or (not background[1] and one.place < other.place)


def _is_perfect(item: Item, reading: Reading) -> bool:
    return any(one.token.text == "had" for one in reading.items[max(0, item.place - _NEAR) : item.place])
