"""What stands on two sides: from one to the other, one instead of the other, behind or ahead of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.grounding.evidence import Evidence, Source, is_earlier
from analysis.grounding.forms import WAS
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.tokens import Sort

_INSTEAD = (("instead", "of"), ("rather", "than"))
#: Words whose two sides are not to be exchanged.
_SIDES = frozenset(["behind", "ahead", "versus", "above", "below"])
_REACH = 8


def exchanged(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* has on the other side than the record."""
    yield from _from_to(sentence, evidence)
    yield from _instead(sentence, evidence)
    yield from _sided(sentence, evidence)


def _from_to(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`from X to Y`: X is told first, in the text of an entry or by an earlier one."""
    for first, second in ends(sentence):
        for source in evidence.sources:
            one, other = _where(first, source), _where(second, source)
            if one and other:
                if _is_reversed(one, other, source):
                    yield Failure(code=FailureCode.ORDER, detail="“from … to …” is the other way round")
                break
        else:
            yield from _over_entries(first, second, evidence)


def _is_reversed(one: Sequence[int], other: Sequence[int], source: Source) -> bool:
    """Whether an entry tells of a change from *other* to *one*; `2%, was 18%` is one from 18%."""
    formers = [any(is_former(source.reading, place) for place in places) for places in (one, other)]
    if any(formers):
        return formers[1]
    is_told = _reads_from_to(source, one, other) or min(one) < max(other)
    return _reads_from_to(source, other, one) or not is_told


def is_former(reading: Reading, place: int) -> bool:
    """Whether a number stands behind a bare `was`, as what it was before (`limit 50 (was 500)`)."""
    before = reading.at(place - 2)
    is_led = reading.text_at(place - 1) in WAS | {"previously", "formerly"} and before is not None
    return is_led and before is not None and not before.is_word and before.token.sort is Sort.MARK


def _over_entries(first: Item, second: Item, evidence: Evidence) -> Iterator[Failure]:
    ones = [source for source in evidence.sources if _where(first, source)]
    others = [source for source in evidence.sources if _where(second, source)]
    if ones and others and not any(is_earlier(one.ground, other.ground) for one in ones for other in others):
        yield Failure(code=FailureCode.ORDER, detail="“from … to …” is the other way round")


def ends(reading: Reading) -> Iterator[tuple[Item, Item]]:
    """What stands between `from` and `to`, and after `to`: the first word or number of each; `2 -> 6`, too.

    And what was so before, with what is so now (`2%, was 18%`).
    """
    numbers: list[Item] = []
    for item in reading.items:
        if item.token.sort is Sort.NUMBER:
            if numbers and numbers[-1].segment == item.segment and is_former(reading, item.place):
                yield item, numbers[-1]
            numbers.append(item)
        if item.token.text == ">" and reading.text_at(item.place - 1) == "-":
            pair = reading.at(item.place - 2), reading.at(item.place + 1)
            if pair[0] and pair[1] and _is_end(pair[0]) and _is_end(pair[1]):
                yield pair[0], pair[1]
        if item.token.text != "from":
            continue
        rest = reading.items[item.place + 1 : item.place + 1 + _REACH]
        place = next((one.place for one in rest if one.token.text in {"to", "into"}), None)
        if place is None:
            continue
        first = next((one for one in rest if one.place < place and _is_end(one)), None)
        second = next((one for one in reading.items[place + 1 : place + 1 + _REACH] if _is_end(one)), None)
        if first and second and first.token.text != second.token.text:
            yield first, second


def _is_end(item: Item) -> bool:
    return item.is_content or item.token.sort is Sort.NUMBER


def _where(item: Item, source: Source) -> list[int]:
    if item.token.sort is Sort.NUMBER:
        items = source.reading.items
        return [one.place for one in items if one.token.sort is Sort.NUMBER and one.token.value == item.token.value]
    return [one.place for one in source.matching(item)]


def _reads_from_to(source: Source, first: Sequence[int], second: Sequence[int]) -> bool:
    """Whether the entry itself has `from` right before one of *first*, or `to` right before one of *second*."""
    reading = source.reading
    after_from = any(reading.text_at(place - 1) == "from" for place in first)
    before_to = any(reading.text_at(place - 1) in {"to", "into"} for place in second)
    return after_from and before_to


def _instead(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`X instead of Y`: an entry says so in this order, or denies Y."""
    for place in _instead_places(sentence):
        before = [item for item in sentence.content if item.place < place][-1:]
        after = [item for item in sentence.content if item.place > place][:1]
        if before and after and not any(_says_instead(before[0], after[0], source) for source in evidence.sources):
            yield Failure(code=FailureCode.ORDER, detail="no cited entry says this “instead of” that")


def _sided(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`X behind Y` of what an entry tells as `Y behind X`."""
    for item in sentence.items:
        if item.token.text not in _SIDES:
            continue
        before = [one for one in sentence.content if one.segment == item.segment and one.place < item.place][-1:]
        after = [one for one in sentence.content if one.place > item.place][:1]
        for source in evidence.sources if before and after else ():
            middles = [one.place for one in source.reading.items if one.token.text == item.token.text]
            if any(_is_exchanged(before[0], after[0], source, middle) for middle in middles):
                yield Failure(code=FailureCode.ORDER, detail=f"“{item.token.text}” is the other way round")


def _is_exchanged(before: Item, after: Item, source: Source, middle: int) -> bool:
    ones, others = _where(before, source), _where(after, source)
    return bool(ones and others) and min(ones) > middle > max(others)


def _says_instead(one: Item, other: Item, source: Source) -> bool:
    for place in _instead_places(source.reading):
        before = any(found.place < place for found in source.matching(one))
        if before and any(found.place > place for found in source.matching(other)):
            return True
    has_denied = any(found.is_negated for found in source.matching(other))
    return has_denied and any(not found.is_negated for found in source.matching(one))


def _instead_places(reading: Reading) -> list[int]:
    texts = [item.token.text for item in reading.items]
    return [place for place, pair in enumerate(pairwise(texts)) if pair in _INSTEAD]
