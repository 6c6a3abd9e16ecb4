"""The oldest is not the old, and the figure at the peak is not the average."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.measures import Measure
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode

_SUPERLATIVES = frozenset(
    [
        *("oldest", "newest", "highest", "lowest", "largest", "smallest", "biggest", "longest", "shortest", "fastest"),
        *("slowest", "worst", "best", "heaviest", "busiest", "greatest", "strongest", "weakest", "deepest", "safest"),
    ]
)
#: What an entry may have instead.
_ENDS = _SUPERLATIVES | frozenset(["peak", "maximum", "max", "minimum", "min", "top", "most", "least"])
#: Figures of one thing that differ: each group one kind.
_PEAK = frozenset(["peak", "peaked", "maximum", "max", "worst", "highest", "top"])
_STATISTICS = (
    _PEAK,
    frozenset(["average", "mean", "averaged"]),
    frozenset(["median"]),
    frozenset(["normally", "usually", "typically", "baseline"]),
    frozenset(["minimum", "lowest"]),
)
_KIND = {word: number for number, words in enumerate(_STATISTICS) for word in words}
_USUAL = frozenset(["normal", "usual", "typical", "expected", "ordinarily", "regular"])
_NEAR = 6


def wrong_degrees(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """A superlative of what an entry tells in no such degree (`the oldest` of `six hours old`)."""
    for item in sentence.items:
        if item.is_word and item.token.text in _SUPERLATIVES and not _is_extreme(item, evidence):
            yield Failure(code=FailureCode.QUANTIFIER, detail=f"no cited entry says “{item.token.text}” of this")


def _is_extreme(item: Item, evidence: Evidence) -> bool:
    found = [(source, one) for source in evidence.sources for one in source.matching(item)]
    if not found:
        return True  # that no entry has the word is said elsewhere
    is_limit = any(_has_limit(source.reading) for source in evidence.sources)
    return is_limit or any(one.token.text in _ENDS for _, one in found)


def _has_limit(reading: Reading) -> bool:
    texts = [one.token.text for one in reading.items]
    return ("up", "to") in pairwise(texts)


def is_other_figure(one: Measure, sentence: Reading, same: Sequence[tuple[Source, Measure]]) -> bool:
    """Whether *sentence* gives as the peak, or the average, what the entries give as another figure."""
    wanted = {kind for item in _beside(sentence, one) if (kind := _KIND.get(item.token.text)) is not None}
    if not wanted:
        return _is_only_peak(one, sentence, same) or _is_only_usual(sentence, same)
    if not _is_told_as(wanted, sentence, one):
        return False
    said = [source for source, _ in same if any(_KIND.get(item.token.text) in wanted for item in source.reading.items)]
    return bool(said) and not any(_is_told_as(wanted, source.reading, other) for source, other in same)


def _is_only_peak(one: Measure, sentence: Reading, same: Sequence[tuple[Source, Measure]]) -> bool:
    """Whether the entries give it only as the peak beside another figure, and the sentence as what was so."""
    peak = {_KIND["peak"]}
    if any(_KIND.get(item.token.text) == _KIND["peak"] for item in sentence.items):
        return False
    near = {item.token.text for item in sentence.items[max(0, one.start - _NEAR) : one.end]}
    if near & {"up", "to", "reached", "most", "above", "over", "exceeded"}:
        return False
    return all(len(source.reading.measures) > 1 and _is_told_as(peak, source.reading, other) for source, other in same)


def is_usual_in_both(one: Measure, sentence: Reading, same: Sequence[tuple[Source, Measure]]) -> bool:
    """Whether sentence and entry give it as what is so as a rule."""
    usual = {_KIND["normally"]}
    is_told = _is_told_as(usual, sentence, one)
    return is_told and any(_is_told_as(usual, source.reading, other) for source, other in same)


def _is_only_usual(sentence: Reading, same: Sequence[tuple[Source, Measure]]) -> bool:
    """Whether the entries give it only as what is so as a rule (`lag 2 M, normally under 5k`)."""
    usual = {_KIND["normally"]}
    if any(_KIND.get(item.token.text) in usual or item.token.text in _USUAL for item in sentence.items):
        return False
    return all(len(source.reading.measures) > 1 and _is_told_as(usual, source.reading, other) for source, other in same)


def _beside(reading: Reading, one: Measure) -> list[Item]:
    """The words of the clause of a measure."""
    clause = reading.items[one.start].clause
    return [item for item in reading.items if item.clause == clause and not item.is_measured]


def _is_told_as(wanted: set[int], reading: Reading, other: Measure) -> bool:
    """Whether of all measures *other* stands next to a word for one of the *wanted* figures."""
    for item in reading.items:
        if _KIND.get(item.token.text) in wanted:
            own = [one for one in reading.measures if reading.items[one.start].segment == item.segment]
            gaps = {one.start: abs(one.start - item.place) for one in own}
            if gaps and gaps.get(other.start) == min(gaps.values()):
                return True
    return False
