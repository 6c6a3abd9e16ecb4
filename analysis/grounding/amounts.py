"""Times, dates, lengths and numbers must be those of the cited entries, of the same thing and in the same unit."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import combinations

from analysis.grounding.contrasts import ends, is_former
from analysis.grounding.degrees import is_other_figure, is_usual_in_both
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import is_plural
from analysis.grounding.instants import has_date, shows, wrong_clock, wrong_date
from analysis.grounding.leads import counted_by, is_other_change, phrase_of
from analysis.grounding.measures import Measure, Measured
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode, Ground
from analysis.grounding.shares import is_bound_share, is_share, is_whole
from analysis.precision import UNITS, coarser, units_between

_ROUGH = 0.1
_CLEARLY = 1.2
_LEADS = frozenset({"to", "from", "by", "at", "of", "in"})
#: What tells that something is no more so.
_BEFORE = frozenset(["had", "from", "previously", "formerly", "before", "earlier"])
_MOST_CLOCKS = 6
_Pair = tuple[Source, Measure]


def wrong_amounts(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The measures of *sentence* that no cited entry bears out."""
    for one in sentence.measures:
        match one.sort:
            case Measured.CLOCK:
                yield from wrong_clock(one, sentence, evidence)
            case Measured.DATE:
                yield from wrong_date(one, evidence)
            case Measured.LENGTH:
                yield from _length(one, sentence, evidence)
            case _:
                yield from _number(one, sentence, evidence)


def needed(sentence: Reading, evidence: Evidence) -> frozenset[str]:
    """The labels of the entries that a time or a length of time in *sentence* rests on."""
    clocks = [one for one in sentence.measures if one.sort in {Measured.CLOCK, Measured.DATE}]
    lengths = [one for one in sentence.measures if one.sort is Measured.LENGTH]
    found = {
        source.label
        for source in evidence.sources
        for one in clocks
        if (
            shows(one, source.ground)
            if one.sort is Measured.CLOCK
            else has_date(one.date or (0, 0, 0), source.ground, None)
        )
    }
    for pair in combinations(evidence.sources, 2):
        if any(lies_between(one, (pair[0].ground, pair[1].ground)) for one in lengths):
            found |= {source.label for source in pair}
    return frozenset(found)


def _length(one: Measure, sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    if any(lies_between(one, pair) for pair in combinations([source.ground for source in evidence.sources], 2)):
        return
    if any(_fits(one, apart) for source in evidence.sources for apart in _written_lengths(source)):
        return
    rivals = [(source, other) for source in evidence.sources for other in source.reading.measures]
    lengths = [(source, other) for source, other in rivals if other.sort is Measured.LENGTH]
    same = [(source, other) for source, other in lengths if _is_same(one, other)]
    if not same:
        is_unit = any(other.text.split()[0] == one.text.split()[0] for _, other in lengths)
        code = FailureCode.UNIT if is_unit else FailureCode.DURATION
        yield Failure(code=code, detail=f"{one.text} is neither in a cited entry nor between two of them")
    elif is_other_change(one, sentence, same):
        yield Failure(code=FailureCode.DURATION, detail=f"{one.text} is another end of the change in the cited entry")
    elif not is_usual_in_both(one, sentence, same) and not _is_bound(one, sentence, same, lengths):
        yield Failure(code=FailureCode.DURATION, detail=f"{one.text} is said of something else")


def lies_between(one: Measure, pair: tuple[Ground, Ground]) -> bool:
    """Whether it is that far from one to the other, or from one to the other as a document shows their times."""
    start, end = sorted(pair, key=lambda ground: ground.at)
    known = coarser(start.precision, end.precision)
    unit = UNITS[known].total_seconds()
    shown = units_between(start.at, end.at, known) * unit
    apart = (end.at - start.at).total_seconds()
    return unit <= max(one.grain, 60) and (_fits(one, apart) or (not one.hedge and one.value == shown > 0))


def _written_lengths(source: Source) -> Iterator[float]:
    """The lengths of time between the clocks that an entry writes, and from each to the entry's own instant."""
    at = source.ground.at.astimezone(UTC)
    written = [other.value for other in source.reading.measures if other.sort is Measured.CLOCK and not other.offset]
    own = [at.hour * 3600 + at.minute * 60] if written and UNITS[source.ground.precision].total_seconds() <= 60 else []
    for one, other in combinations([*written[:_MOST_CLOCKS], *own], 2):
        yield abs(one - other)


def _fits(one: Measure, apart: float) -> bool:
    """Whether a length of time is *apart* seconds, as exactly as it is given."""
    if not apart:
        return False
    if one.hedge == "about":
        return abs(apart - one.value) <= _ROUGH * one.value
    if one.hedge in {"below", "above"}:
        is_right = apart < one.value if one.hedge == "below" else apart > one.value
        return is_right and abs(apart - one.value) <= 2.5 * _ROUGH * one.value
    below = apart - apart % one.grain
    return one.value in {below, below + one.grain if apart % one.grain >= one.grain / 2 else below}


def _is_same(one: Measure, other: Measure) -> bool:
    if abs(one.value - other.value) > 1e-9 * max(one.value, other.value):
        return False
    return one.hedge in {"", "about"} or other.hedge in {one.hedge, "about"}


def _number(one: Measure, sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    numbers = [
        (source, other)
        for source in evidence.sources
        for other in source.reading.measures
        if other.sort in {Measured.NUMBER, Measured.DATE}
    ]
    equal = [(source, other) for source, other in numbers if other.value == one.value and other.sort is one.sort]
    is_given = _is_year(one, evidence) or _is_half(one, evidence) or _is_one(one, sentence, evidence)
    if is_given or any(_is_former(one, sentence, pair, numbers) for pair in equal):
        return
    same = [(source, other) for source, other in equal if other.unit == one.unit and _is_same(one, other)]
    if (not same and _is_count(one, sentence, evidence)) or _is_begun_range(one, sentence, same):
        return
    if not equal:
        yield Failure(code=FailureCode.NUMBER, detail=f"no cited entry has {one.text}")
    elif not same:
        code = FailureCode.UNIT if all(other.unit != one.unit for _, other in equal) else FailureCode.NUMBER
        yield Failure(code=code, detail=f"{one.text} has another unit or limit in the cited entry")
    elif not any(_counts_same(one, sentence, pair) for pair in same):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} counts something else in the cited entry")
    elif is_other_change(one, sentence, same) or _is_told_as_former(one, sentence, same):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is another end of the change in the cited entry")
    elif all(is_whole(source.reading, other) for source, other in same) and not is_whole(sentence, one):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is the whole of which the cited entry tells a part")
    elif is_other_figure(one, sentence, same):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is another figure in the cited entry")
    elif not (_is_end(one, sentence) or is_usual_in_both(one, sentence, same)) and not _is_bound(
        one, sentence, same, [pair for pair in numbers if pair[1].unit == one.unit]
    ):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is said of something else")


def _is_former(one: Measure, sentence: Reading, pair: _Pair, numbers: Sequence[_Pair]) -> bool:
    """Whether both tell a number as what it was before another of the entry (`limit 50 rps (was 500)`)."""
    source, other = pair
    if not is_former(source.reading, other.start) or not any(item.token.text in _BEFORE for item in sentence.items):
        return False
    units = {rival.unit for near, rival in numbers if near is source and rival.start < other.start}
    return one.unit in units and other.unit in {"", one.unit}


def _is_told_as_former(one: Measure, sentence: Reading, same: Sequence[_Pair]) -> bool:
    """Whether a sentence tells as what had been so what an entry gives beside what was so before."""
    had = (sentence.text_at(one.start - 2), sentence.text_at(one.start - 1))
    return had == ("had", "been") and all(
        any(is_former(source.reading, other.start) and other.value != one.value for other in source.reading.measures)
        for source, _ in same
    )


def _is_begun_range(one: Measure, sentence: Reading, same: Sequence[_Pair]) -> bool:
    """Whether it is the four of `four to five waves` in an entry, too: the other end is held against the nouns."""
    end = _range_end(one, sentence)
    ends_there = (_range_end(other, source.reading) for source, other in same)
    return end is not None and any(other and (other.value, other.unit) == (end.value, end.unit) for other in ends_there)


def _range_end(one: Measure, reading: Reading) -> Measure | None:
    """The other end of a range that begins with *one*."""
    word = reading.text_at(one.end)
    before = reading.text_at(one.start - 1)
    is_range = word in {"to", "-"} or (word == "and" and before == "between")
    return next((other for other in reading.measures if is_range and other.start == one.end + 1), None)


def _counts_same(one: Measure, sentence: Reading, pair: _Pair) -> bool:
    """Whether the nouns right behind a bare number are of one thing in both, where both have some."""
    source, measure = pair
    counted, own = counted_by(sentence, one), counted_by(source.reading, measure)
    heard = [item for item in counted if source.matching(item)]
    if one.unit or not heard or not own:
        return True
    return any(found in own for item in heard for found in source.matching(item))


def _is_end(one: Measure, sentence: Reading) -> bool:
    """Whether it stands in `from … to …`, of which the order is checked."""
    return any(one.start == item.place for pair in ends(sentence) for item in pair)


def _is_year(one: Measure, evidence: Evidence) -> bool:
    return not one.unit and any(
        one.value == source.ground.at.year and len(one.text) == 4 for source in evidence.sources
    )


def _is_half(one: Measure, evidence: Evidence) -> bool:
    """`50% of` what an entry calls half."""
    texts = [item.token.text for source in evidence.sources for item in source.reading.items]
    return one.unit == "%" and one.value == 50 and "half" in texts


def _is_one(one: Measure, sentence: Reading, evidence: Evidence) -> bool:
    """`one machine` of what an entry tells in the singular (`server 8`)."""
    if one.text != "one":
        return False
    counted = counted_by(sentence, one)
    found = [pair for item in counted[-1:] for pair in evidence.matching(item)]
    return any(_is_singular(source.reading, item) for source, item in found)


def _is_singular(reading: Reading, item: Item) -> bool:
    text = item.token.text
    before = reading.at(item.place - 1)
    is_counted = before is not None and (before.is_measured or before.token.text in {"no", "every", "each", "any"})
    return not is_plural(text) and not is_counted and not item.is_negated


def _is_bound(one: Measure, sentence: Reading, same: Sequence[_Pair], rivals: Sequence[_Pair]) -> bool:
    """Whether the words around the measure are around it in the evidence, too, and around no rival more."""
    if is_share(sentence, one) and any(is_share(source.reading, other) for source, other in same):
        return is_bound_share(one, sentence, same, rivals)
    around = phrase_of(sentence, one)
    heard = [item for item in around if any(source.matching(item) for source, _ in rivals)]
    if not heard:
        return True
    overlaps = [_overlap(heard, pair) for pair in same]
    best = max(own + _leads_alike(one, sentence, pair) for own, pair in zip(overlaps, same, strict=True))
    others = [pair for pair in rivals if pair[1].value != one.value]
    if not any(overlaps):
        return False
    most = _CLEARLY * best
    return all(_overlap(heard, pair) + _leads_alike(one, sentence, pair) <= most for pair in others)


def _leads_alike(one: Measure, sentence: Reading, pair: _Pair) -> float:
    """One where the same preposition leads to both: `to 0.4%` is not `from 12%`."""
    source, measure = pair
    places = ((sentence, one.start), (source.reading, measure.start))
    words = [reading.items[place - 1].token.text for reading, place in places if place]
    return float(len(words) == 2 and words[0] == words[1] and words[0] in _LEADS)


def _overlap(items: Sequence[Item], pair: _Pair) -> float:
    """How near *items* stand to the measure in the evidence: of each, one over its distance."""
    source, measure = pair
    near = source.around[measure.start]
    total = 0.0
    for item in items:
        gaps = [near[one.place] for one in source.matching(item) if one.place in near]
        total += 1 / (1 + min(gaps)) if gaps else 0
    return total


def _is_count(one: Measure, sentence: Reading, evidence: Evidence) -> bool:
    """`two problems` where two entries are cited and each tells of a problem, but not `1 card` of an entry with 312."""
    if any(other.sort is one.sort for source in evidence.sources for other in source.reading.measures):
        return False
    following = sentence.items[one.end].token if one.end < len(sentence.items) else None
    return (
        following is not None
        and not one.unit
        and one.value == len(evidence.sources)
        and all(any(key in source.index for key in following.keys) for source in evidence.sources)
    )
