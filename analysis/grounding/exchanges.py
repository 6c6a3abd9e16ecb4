"""Two things told in each other's place: what an entry has beside one, the sentence has beside the other.

Every word of such a sentence is on record, and roles show it only where a verb tells who did what. So the words right
before and behind two nouns are held against those of the entry: where each noun has the other's neighbours and none
of its own, they were exchanged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.predicates import PREPOSITIONS, has_be, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode

_MOST = 8


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun with the words before it, and what stands on either side of them."""

    head: Item
    beside: frozenset[str]


def exchanged_nouns(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The pairs of nouns of *sentence* that an entry has in each other's place."""
    pairs = list(combinations(islice(_nouns(sentence), _MOST), 2))
    theirs = [(source, list(_nouns(source.reading))) for source in evidence.sources] if pairs else []
    for one, other in pairs:
        if one.head.segment == other.head.segment and any(_are_exchanged(one, other, *it) for it in theirs):
            detail = f"“{one.head.token.text}” and “{other.head.token.text}” are exchanged"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _nouns(reading: Reading) -> Iterator[_Noun]:
    """Runs of words with content that hold no verb; of each the last is the head."""
    run: list[Item] = []
    for item in (*reading.items, None):
        if item is not None and item.is_content and not _is_verbal(item, reading):
            run.append(item)
        elif run:
            yield _noun(run, reading)
            run = []


def _is_verbal(item: Item, reading: Reading) -> bool:
    return item.token.text.endswith(("ing", "ly")) or is_predicate(reading, item)


def _noun(run: list[Item], reading: Reading) -> _Noun:
    before = next((one for one in reversed(reading.items[: run[0].place]) if one.is_content), None)
    after = next((one for one in reading.items[run[-1].place + 1 :] if one.is_content), None)
    between = reading.items[before.place + 1 : run[0].place] if before is not None else ()
    is_aside = any(one.token.text in PREPOSITIONS for one in between)
    sides = (("aside" if is_aside else "before", before), ("after", after))
    keys = (_keys(one, side, reading) for side, one in sides if _is_near(one, run))
    return _Noun(run[-1], frozenset(key for own in keys for key in own))


def _is_near(one: Item | None, run: list[Item]) -> bool:
    return one is not None and one.segment == run[0].segment


def _keys(one: Item | None, side: str, reading: Reading) -> Iterator[str]:
    """What a neighbour is recognised by; a verb only on its side of the noun, in its voice."""
    if one is None:
        return
    is_verb = _is_verbal(one, reading)
    is_passive = reading.text_at(one.place + 1) == "by" or has_be(reading, one)
    yield from (f"{side} {is_passive} {key}" if is_verb else key for key in one.token.keys)


def _are_exchanged(one: _Noun, other: _Noun, source: Source, nouns: list[_Noun]) -> bool:
    theirs = [_found(noun, source, nouns) for noun in (one, other)]
    if not all(theirs):
        return False
    own_one, own_other = (frozenset(key for noun in found for key in noun.beside) for found in theirs)
    mine_one, mine_other = one.beside - other.head.token.keys, other.beside - one.head.token.keys
    crossed = mine_one & own_other and mine_other & own_one
    return bool(crossed) and not mine_one & own_one and not mine_other & own_other


def _found(noun: _Noun, source: Source, nouns: list[_Noun]) -> list[_Noun]:
    places = {one.place for one in source.matching(noun.head)}
    return [theirs for theirs in nouns if theirs.head.place in places]
