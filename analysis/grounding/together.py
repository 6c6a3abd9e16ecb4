"""What a clause tells of one thing must stand together in an entry, not be gathered from all over a long one."""

from collections.abc import Iterator
from itertools import groupby

from analysis.grounding.evidence import Evidence
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode

_ENDS = frozenset(".!?\n")
#: How many sentences of an entry belong together: one may speak of what the one before it names.
_NEIGHBOURS = 2


def apart(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The clauses whose words one entry has, but never in two sentences that follow each other."""
    numbers = {source.label: _numbers(source.reading) for source in evidence.sources}
    for _, clause in groupby(sentence.content, key=lambda item: item.clause):
        words = [item for item in clause if not any(item.token.keys & source.about for source in evidence.sources)]
        found = [
            (item, places)
            for item in words
            if (places := {(one.label, numbers[one.label][word.place]) for one, word in evidence.matching(item)})
        ]
        labels = {label for _, places in found for label, _ in places}
        if len(labels) == 1 and not _is_together([places for _, places in found]):
            shown = " and ".join(f"“{item.token.text}”" for item in _farthest(found))
            yield Failure(code=FailureCode.ROLE, detail=f"no cited entry says {shown} of the same")


def _numbers(reading: Reading) -> list[int]:
    """Of each word of an entry, in which of its sentences it stands."""
    numbers, number = [], 0
    for item in reading.items:
        number += item.token.text in _ENDS
        numbers.append(number)
    return numbers


def _is_together(found: list[set[tuple[str, int]]]) -> bool:
    starts = {number for places in found for _, number in places}
    return any(
        all(any(start <= number < start + _NEIGHBOURS for _, number in places) for places in found) for start in starts
    )


def _farthest(found: list[tuple[Item, set[tuple[str, int]]]]) -> tuple[Item, Item]:
    """The words that stand first and last in the entry."""
    ordered = sorted(found, key=lambda pair: min(number for _, number in pair[1]))
    return ordered[0][0], ordered[-1][0]
