"""Times, dates, lengths and numbers must be those of the cited entries, of the same thing and in the same unit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import combinations, pairwise

from analysis.grounding.degrees import is_other_figure
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.measures import Measure, Measured
from analysis.grounding.ordering import ends
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode, Ground
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import CHANGING, HEDGES
from analysis.precision import UNITS

_NEAR = 5
_ROUGH = 0.1
_CLEARLY = 1.2
_LEADS = frozenset({"to", "from", "by", "at", "of", "in"})
#: Where something changed to, from what, and by how much: never one for another.
_CHANGES = frozenset({"to", "from", "by"})
_HEDGING = frozenset(HEDGES) | {"than"}
_ROUGH_CLOCK = timedelta(minutes=5)
_SOON_CLOCK = timedelta(minutes=15)
_SOON = frozenset({"soon before", "soon after"})
_REACHING = frozenset(stem(word) for word in ("reach", "hit", "attain"))
_MOST_CLOCKS = 6
_SHARING = frozenset(["of", "out", "the", "/", "all"])
_LASTING = frozenset(["lasted", "lasting", "for"])
_TAKING = frozenset(["took", "takes", "taking", "take"])
_DAY = 86400
_Pair = tuple[Source, Measure]


def wrong_amounts(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The measures of *sentence* that no cited entry bears out."""
    for one in sentence.measures:
        match one.sort:
            case Measured.CLOCK:
                yield from _clock(one, sentence, evidence)
            case Measured.DATE:
                yield from _date(one, evidence)
            case Measured.LENGTH:
                yield from _length(one, sentence, evidence)
            case _:
                yield from _number(one, sentence, evidence)


def wrong_labels(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`App 5.1.1` of what the entries call `App 5.1`: another number right behind the same noun."""
    for item, shown in _labelled(sentence):
        found = [(source, one) for source, one in evidence.matching(item) if one.token.stem == item.token.stem]
        others = [other for source, one in found for labelled, other in _labelled(source.reading) if labelled is one]
        if others and len(others) == len(found) and shown not in others:
            yield Failure(code=FailureCode.NUMBER, detail=f"no cited entry has “{item.token.text} {shown}”")


def _labelled(reading: Reading) -> Iterator[tuple[Item, str]]:
    """The nouns right before a bare number or a version, with it."""
    plain = {one.start for one in reading.measures if one.sort is Measured.NUMBER and not one.unit}
    for item, after in pairwise(reading.items):
        is_code = after.token.sort is Sort.CODE and after.token.text[:1].isdigit()
        if item.is_content and (is_code or after.place in plain):
            yield item, after.token.text


def needed(sentence: Reading, evidence: Evidence) -> frozenset[str]:
    """The labels of the entries that a time or a length of time in *sentence* rests on."""
    clocks = [one for one in sentence.measures if one.sort in {Measured.CLOCK, Measured.DATE}]
    lengths = [one for one in sentence.measures if one.sort is Measured.LENGTH]
    found = {
        source.label
        for source in evidence.sources
        for one in clocks
        if (
            _shows(one, source.ground)
            if one.sort is Measured.CLOCK
            else _has_date(one.date or (0, 0, 0), source.ground, None)
        )
    }
    for pair in combinations(evidence.sources, 2):
        if any(_lies_between(one, (pair[0].ground, pair[1].ground)) for one in lengths):
            found |= {source.label for source in pair}
    return frozenset(found)


def _clock(one: Measure, sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    right = [source for source in evidence.sources if _shows(one, source.ground) or _writes(one, source)]
    if not right:
        yield Failure(code=FailureCode.TIME, detail=f"{one.text} is not the time of a cited entry")
        return
    clause = phrase_of(sentence, one)
    before = sentence.items[one.start - 1].token.text if one.start else ""
    if before in {"from", "between", "to", "and", "until", "till", "since", "-", "through"}:
        return
    aligned = evidence.aligned(clause)
    if len(aligned) == 1 and aligned[0] not in right:
        yield Failure(code=FailureCode.TIME, detail=f"{one.text} is the time of another entry than {aligned[0].label}")


def _shows(one: Measure, ground: Ground) -> bool:
    """Whether a clock in the measure's zone shows it at the instant of *ground*, as far as that is known."""
    if one.value >= _DAY:
        return False
    if one.is_half_day:
        halves = (replace(one, value=value, is_half_day=False) for value in (one.value, one.value + _DAY / 2))
        return any(_shows(half, ground) for half in halves)
    local = ground.at.astimezone(UTC) + (one.offset or timedelta())
    if one.date and not _is_date(one.date, local.date()):
        return False
    known = UNITS[ground.precision].total_seconds()
    seconds = local.hour * 3600 + local.minute * 60 + local.second
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


def _writes(one: Measure, source: Source) -> bool:
    return any(
        other.sort is one.sort
        and other.value == one.value
        and (other.offset is None or one.offset is None or other.offset == one.offset)
        for other in source.reading.measures
    ) and (one.date is None or any(_has_date(one.date, source.ground, other) for other in _dates(source)))


def _dates(source: Source) -> list[Measure | None]:
    return [None, *(other for other in source.reading.measures if other.date)]


def _has_date(wanted: tuple[int, int, int], ground: Ground, other: Measure | None) -> bool:
    if other is None or other.date is None:
        return _is_date(wanted, ground.at.astimezone(UTC).date())
    return wanted[1:] == other.date[1:] and (not wanted[0] or wanted[0] in {other.date[0], ground.at.year})


def _is_date(wanted: tuple[int, int, int], day: date) -> bool:
    return wanted[1:] == (day.month, day.day) and wanted[0] in {0, day.year}


def _date(one: Measure, evidence: Evidence) -> Iterator[Failure]:
    wanted = one.date
    if wanted and any(
        _has_date(wanted, source.ground, other) for source in evidence.sources for other in _dates(source)
    ):
        return
    yield Failure(code=FailureCode.TIME, detail=f"{one.text} is not the date of a cited entry")


def _length(one: Measure, sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    if any(_lies_between(one, pair) for pair in combinations([source.ground for source in evidence.sources], 2)):
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
    elif _is_other_change(one, sentence, same):
        yield Failure(code=FailureCode.DURATION, detail=f"{one.text} is another end of the change in the cited entry")
    elif not _is_bound(one, sentence, same, lengths):
        yield Failure(code=FailureCode.DURATION, detail=f"{one.text} is said of something else")


def _lies_between(one: Measure, pair: tuple[Ground, Ground]) -> bool:
    apart = abs((pair[0].at - pair[1].at).total_seconds())
    known = max(UNITS[ground.precision].total_seconds() for ground in pair)
    return known <= max(one.grain, 60) and _fits(one, apart)


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
    if _is_year(one, evidence) or _is_half(one, evidence) or _is_one(one, sentence, evidence):
        return
    equal = [(source, other) for source, other in numbers if other.value == one.value and other.sort is one.sort]
    same = [(source, other) for source, other in equal if other.unit == one.unit and _is_same(one, other)]
    if not same and _is_count(one, sentence, evidence):
        return
    if not equal:
        yield Failure(code=FailureCode.NUMBER, detail=f"no cited entry has {one.text}")
    elif not same:
        code = FailureCode.UNIT if all(other.unit != one.unit for _, other in equal) else FailureCode.NUMBER
        yield Failure(code=code, detail=f"{one.text} has another unit or limit in the cited entry")
    elif not any(_counts_same(one, sentence, pair) for pair in same):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} counts something else in the cited entry")
    elif _is_other_change(one, sentence, same):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is another end of the change in the cited entry")
    elif all(_is_whole(source.reading, other) for source, other in same) and not _is_whole(sentence, one):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is the whole of which the cited entry tells a part")
    elif is_other_figure(one, sentence, same):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is another figure in the cited entry")
    elif not _is_end(one, sentence) and not _is_bound(
        one, sentence, same, [pair for pair in numbers if pair[1].unit == one.unit]
    ):
        yield Failure(code=FailureCode.NUMBER, detail=f"{one.text} is said of something else")


def _counts_same(one: Measure, sentence: Reading, pair: _Pair) -> bool:
    """Whether the nouns right behind a bare number are of one thing in both, where both have some."""
    source, measure = pair
    counted, own = _counted(sentence, one), _counted(source.reading, measure)
    heard = [item for item in counted if source.matching(item)]
    if one.unit or not heard or not own:
        return True
    return any(found in own for item in heard for found in source.matching(item))


def _counted(reading: Reading, one: Measure) -> list[Item]:
    words = []
    for item in reading.items[one.end : one.end + _NEAR]:
        if not item.is_content:
            break
        words.append(item)
    return words


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
    counted = _counted(sentence, one)
    found = [pair for item in counted[-1:] for pair in evidence.matching(item)]
    return any(_is_singular(source.reading, item) for source, item in found)


def _is_singular(reading: Reading, item: Item) -> bool:
    text = item.token.text
    before = reading.items[item.place - 1] if item.place else None
    is_counted = before is not None and (before.is_measured or before.token.text in {"no", "every", "each", "any"})
    return (not text.endswith("s") or text.endswith("ss")) and not is_counted and not item.is_negated


def _is_bound(one: Measure, sentence: Reading, same: Sequence[_Pair], rivals: Sequence[_Pair]) -> bool:
    """Whether the words around the measure are around it in the evidence, too, and around no rival more."""
    if any(_is_share(sentence, one) and _is_share(source.reading, other) for source, other in same):
        return True
    around = phrase_of(sentence, one)
    heard = [item for item in around if any(source.matching(item) for source, _ in rivals)]
    if not heard:
        return True
    best = max(_overlap(heard, pair) + _leads_alike(one, sentence, pair) for pair in same)
    others = [pair for pair in rivals if pair[1].value != one.value]
    if not any(_overlap(heard, pair) for pair in same):
        return False
    most = _CLEARLY * best
    return all(_overlap(heard, pair) + _leads_alike(one, sentence, pair) <= most for pair in others)


def _is_whole(reading: Reading, one: Measure) -> bool:
    """The 9 of `3 of 9`."""
    before = [other for other in reading.measures if other.end <= one.start][-1:]
    between = [item.token.text for item in reading.items[before[0].end : one.start]] if before else []
    return bool(set(between) & {"of", "/"}) and set(between) <= _SHARING and one.unit != "%"


def _is_share(reading: Reading, one: Measure) -> bool:
    """`three of five`, `3 out of 5`, `3/5`."""
    after = reading.items[one.end].token.text if one.end < len(reading.items) else ""
    return after in {"of", "out", "/"}


def _leads_alike(one: Measure, sentence: Reading, pair: _Pair) -> float:
    """One where the same preposition leads to both: `to 0.4%` is not `from 12%`."""
    source, measure = pair
    places = ((sentence, one.start), (source.reading, measure.start))
    words = [reading.items[place - 1].token.text for reading, place in places if place]
    return float(len(words) == 2 and words[0] == words[1] and words[0] in _LEADS)


def _is_other_change(one: Measure, sentence: Reading, same: Sequence[_Pair]) -> bool:
    """`fell by 12%` of what an entry tells as `fell to 12%`; what is counted (`by 3 engineers`) is no change."""
    lead = _lead(sentence, one)
    theirs = {_lead(source.reading, measure) for source, measure in same}
    is_change = (
        bool(lead) and all(theirs) and (one.sort is Measured.LENGTH or bool(one.unit) or not _counted(sentence, one))
    )
    return is_change and lead not in theirs


def _lead(reading: Reading, one: Measure) -> str:
    """`to`, `from` or `by` before a measure and its hedge; nothing for `up to`, which is a limit."""
    tokens = [item.token for item in reading.items[max(0, one.start - _NEAR) : one.start]]
    while tokens and tokens[-1].text in _HEDGING:
        is_limit = tokens.pop().text in {"least", "most"}
        if is_limit and tokens and tokens[-1].text == "at":
            tokens.pop()
    if not tokens:
        return ""
    word, before = tokens[-1], tokens[-2] if len(tokens) > 1 else None
    if word.stem in _REACHING:
        return "to"
    if word.text in _LASTING and one.sort is Measured.LENGTH:
        return "for"
    if word.text in _TAKING and one.sort is Measured.LENGTH:
        return "took"
    if word.stem in CHANGING or (word.text == "of" and before and before.stem in CHANGING):
        return "by"
    return word.text if word.text in _CHANGES and not (before and before.text == "up") else ""


def _overlap(items: Sequence[Item], pair: _Pair) -> float:
    """How near *items* stand to the measure in the evidence: of each, one over its distance."""
    source, measure = pair
    near = {item.place: abs(item.place - measure.start) for item in _around(source.reading, measure)}
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


def _around(reading: Reading, one: Measure) -> list[Item]:
    """The words with content nearest to a measure, within its sentence of the text."""
    segment = reading.items[one.start].segment
    lower, upper = max(0, one.start - 4 * _NEAR), one.end + 4 * _NEAR
    words = [item for item in reading.items[lower:upper] if item.is_content and item.segment == segment]
    before = [item for item in words if item.place < one.start][-_NEAR:]
    after = [item for item in words if item.place >= one.end][:_NEAR]
    return before + after


def phrase_of(reading: Reading, one: Measure) -> list[Item]:
    """The words that a measure belongs to: its part of the clause between `and`, else the next clause."""
    clause = reading.items[one.start].clause
    bounds = [
        *(item.place for item in reading.items if item.token.text == "and" and item.clause == clause),
        *(other.end for other in reading.measures if other.end <= one.start and other.sort is one.sort),
    ]
    inside = {place for other in reading.measures for place in range(other.start, other.end)}
    bounds = [place for place in bounds if place not in inside]
    lower = max((place for place in bounds if place <= one.start), default=-1)
    bounds += [other.start for other in reading.measures if other.start >= one.end and other.sort is one.sort]
    upper = min((place for place in bounds if place >= one.end), default=len(reading.items))
    words = [item for item in reading.content if item.clause == clause]
    part = [item for item in words if lower < item.place < upper]
    following = [item for item in reading.content if item.clause == clause + 1]
    return (part or words or following)[-2 * _NEAR :]
