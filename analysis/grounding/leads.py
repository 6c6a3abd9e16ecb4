"""What leads to a measure and what it is the number of: `to 12%` is not `by 12%`, `App 5.1.1` is not `App 5.1`."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.measures import Measure, Measured
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import CHANGING, HEDGES, PARTICLES

_NEAR = 5
#: Where something changed to, from what, and by how much: never one for another.
_CHANGES = frozenset({"to", "from", "by"})
_HEDGING = frozenset(HEDGES) | {"than"}
_REACHING = frozenset(stem(word) for word in ("reach", "hit", "attain"))
#: How long something took is not how long something else went on.
_LASTING = frozenset(["lasted", "lasting", "for"])
_TAKING = frozenset(["took", "takes", "taking", "take"])
_Pair = tuple[Source, Measure]


def wrong_labels(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`App 5.1.1` of what the entries call `App 5.1`: another number right behind the same noun."""
    theirs = {
        source.label: {one.place: shown for one, shown in _labelled(source.reading)} for source in evidence.sources
    }
    for item, shown in _labelled(sentence):
        found = [(source, one) for source, one in evidence.matching(item) if one.token.stem == item.token.stem]
        others = [theirs[source.label][one.place] for source, one in found if one.place in theirs[source.label]]
        if others and len(others) == len(found) and shown not in others:
            yield Failure(code=FailureCode.NUMBER, detail=f"no cited entry has “{item.token.text} {shown}”")


def _labelled(reading: Reading) -> Iterator[tuple[Item, str]]:
    """The nouns right before a bare number or a version, with it."""
    plain = {one.start for one in reading.measures if one.sort is Measured.NUMBER and not one.unit}
    for item, after in pairwise(reading.items):
        is_code = after.token.sort is Sort.CODE and after.token.text[:1].isdigit()
        if item.is_content and (is_code or after.place in plain):
            yield item, after.token.text


def is_other_change(one: Measure, sentence: Reading, same: Sequence[_Pair]) -> bool:
    """`fell by 12%` of what an entry tells as `fell to 12%`; what is counted (`by 3 engineers`) is no change."""
    lead = _lead(sentence, one)
    theirs = {_lead(source.reading, measure) for source, measure in same}
    is_change = (
        bool(lead) and all(theirs) and (one.sort is Measured.LENGTH or bool(one.unit) or not counted_by(sentence, one))
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


def counted_by(reading: Reading, one: Measure) -> list[Item]:
    """The nouns right behind a number."""
    words = []
    for item in reading.items[one.end : one.end + _NEAR]:
        if not item.is_content:
            break
        words.append(item)
    is_bare = all(item.is_past or item.token.text.endswith("ing") or item.token.text in PARTICLES for item in words)
    return [] if is_bare else words  # `63 already captured`


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
    return (part or words or _neighbour(reading, one))[-2 * _NEAR :]


def _neighbour(reading: Reading, one: Measure) -> list[Item]:
    """The words of the next clause, or behind a bracket (`the cluster (Hellman) at 14:41`) those before it."""
    first = next(item.place for item in reading.items if item.clause == reading.items[one.start].clause)
    if reading.items[first].token.text not in {")", "]"}:
        return [item for item in reading.content if item.clause == reading.items[one.start].clause + 1]
    segment = reading.items[one.start].segment
    return [item for item in reading.content if item.segment == segment and item.place < first]
