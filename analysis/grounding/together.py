"""What a clause tells of one thing must stand together in an entry, not be gathered from all over a long one."""

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise

from analysis.grounding.bearing import Places
from analysis.grounding.evidence import Evidence
from analysis.grounding.forms import FULL_STOPS
from analysis.grounding.reading import FEW_SENTENCES, Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.vocabulary import ACTORS, INCIDENTS, NEUTRAL, SPEECH

#: In an entry of more sentences than this one belongs to the one before it only where it points back.
_BACK = frozenset(
    ["it", "its", "this", "that", "these", "those", "they", "them", "their", "he", "she", "his", "her", "such", "both"]
)


def apart(sentence: Reading, evidence: Evidence, borne: Places) -> Iterator[Failure]:
    """The clauses whose words one entry has, but never in two sentences that follow each other."""
    numbers = {source.label: _numbers(source.reading) for source in evidence.sources}
    joined = {(source.label, number) for source in evidence.sources for number in _joined(source.reading)}
    strict = {(source.label, number) for source in evidence.sources for number in _joined(source.reading, few=0)}
    amounts = list(_amounts(sentence, evidence, numbers))
    telling = [item for item in sentence.items if item.is_content or _is_bare(item, sentence)]
    listing = {item.clause for item in sentence.items if item.token.text == "including"}
    for number, clause in groupby(telling, key=lambda item: item.clause - (item.clause in listing)):
        is_listing = number + 1 in listing  # `were declined, including debits`
        words = [item for item in clause if not _is_frame(item, sentence, evidence)]
        found = [
            (item, places)
            for item in words
            if (
                places := {
                    (one.label, numbers[one.label][word.place])
                    for one, word in borne.get(item.place) or evidence.matching(item)
                }
            )
        ]
        if words:
            found += [(item, places) for item, places in amounts if item.clause == words[0].clause]
        for source in evidence.sources:
            own = [(item, places) for item, places in found if {label for label, _ in places} == {source.label}]
            is_strict = any(item.is_measured for item, _ in own) or is_listing
            if not _is_together([places for _, places in own], strict if is_strict else joined):
                shown = " and ".join(f"“{item.token.text}”" for item in _farthest(own))
                yield Failure(code=FailureCode.ROLE, detail=f"no cited entry says {shown} of the same")


def _is_frame(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether it is of the entry as a whole: its author and kind, or, before `that`, who is told all that follows."""
    if any(item.token.keys & source.about for source in evidence.sources):
        return True
    clause = sentence.clause_of(item)
    that = next((one.place for one in clause if one.token.text == "that" and one.place > item.place), -1)
    return any(one.token.stem in SPEECH and one.place < that for one in clause)


def _is_bare(item: Item, sentence: Reading) -> bool:
    """Whether a noun that asserts nothing else is what a clause is about, as a name is (`Actions is delayed`)."""
    before = sentence.at(item.place - 1)
    is_first = before is None or before.clause != item.clause
    return is_first and item.token.stem in NEUTRAL - ACTORS - INCIDENTS and item.token.text.endswith("s")


def _amounts(
    sentence: Reading, evidence: Evidence, numbers: Mapping[str, list[int]]
) -> Iterator[tuple[Item, set[tuple[str, int]]]]:
    """The measures of a sentence that entries have in their text, with where they do."""
    for one in sentence.measures:
        places = {
            (source.label, numbers[source.label][other.start])
            for source in evidence.sources
            for other in source.reading.measures
            if (other.sort, other.value, other.unit) == (one.sort, one.value, one.unit)
        }
        if places:
            yield sentence.items[one.start], places


def _numbers(reading: Reading) -> list[int]:
    """Of each word of an entry, in which of its sentences it stands."""
    numbers, number = [], 0
    for item in reading.items:
        number += item.token.text in FULL_STOPS
        numbers.append(number)
    return numbers


def _joined(reading: Reading, *, few: int = FEW_SENTENCES) -> Iterator[int]:
    """The sentences that may be read with the next one: where that points back, or there are few."""
    numbers = _numbers(reading)
    words: dict[int, set[str]] = {}
    for item, number in zip(reading.items, numbers, strict=True):
        if item.is_word:
            words.setdefault(number, set()).add(item.token.text)
    ordered = sorted(words)
    for one, following in pairwise(ordered):
        if len(ordered) <= few or words[following] & _BACK:
            yield one


def _is_together(found: list[set[tuple[str, int]]], joined: set[tuple[str, int]]) -> bool:
    def reached(label: str, start: int) -> set[tuple[str, int]]:
        return {(label, start), (label, start + 1)} if (label, start) in joined else {(label, start)}

    starts = {place for places in found for place in places}
    return not found or any(all(places & reached(*start) for places in found) for start in starts)


def _farthest(found: list[tuple[Item, set[tuple[str, int]]]]) -> tuple[Item, Item]:
    """The words that stand first and last in the entry."""
    ordered = sorted(found, key=lambda pair: min(number for _, number in pair[1]))
    return ordered[0][0], ordered[-1][0]
