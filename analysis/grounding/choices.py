"""Which of several: what an entry tells of one of its things by its modifier, its `of` or its side is not of another.

Every word of such a sentence stands in the entry, so that only what is beside it shows the difference.
"""

from collections.abc import Iterator
from itertools import takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, POSSESSIVES
from analysis.grounding.measures import Measured
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode

_SIDES = {"before": "after", "after": "before", "since": "until", "until": "since"}
_PASSED = ARTICLES | POSSESSIVES
_NEAR = 6


def wrong_choices(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* says of another one of several things, or on another side of a date, than each cited entry."""
    yield from _other_ones(sentence, evidence)
    yield from _other_wholes(sentence, evidence)
    yield from _other_sides(sentence, evidence)
    yield from _other_limits(sentence, evidence)


def _other_ones(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`a service in the internal network` of an entry with a service in the main network, and an internal network."""
    for noun in sentence.content:
        own = _modifiers(noun, sentence)
        if (
            own
            and not is_predicate(sentence, noun)
            and all(_is_another(own, noun, sentence, one) for one in evidence.sources)
        ):
            detail = f"no cited entry says this of “{own[-1].token.text} {noun.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _modifiers(noun: Item, reading: Reading) -> list[Item]:
    """The words with content right before a noun."""
    before = reversed(reading.items[max(0, noun.place - 3) : noun.place])
    words = takewhile(
        lambda one: one.is_content and one.clause == noun.clause and not is_predicate(reading, one), before
    )
    return list(words)[::-1]


def _is_another(own: list[Item], noun: Item, sentence: Reading, source: Source) -> bool:
    """Whether the words around a noun are around one with other modifiers in the entry, and not around its own."""
    wanted = {key for one in own for key in one.token.keys}
    mine, others = [], []
    for one in source.matching(noun):
        theirs = _modifiers(one, source.reading)
        is_same = any(other.token.keys & wanted for other in theirs)
        if theirs:
            (mine if is_same else others).append(one)
    if not mine or not others:
        return False
    around = _beside(noun, own, sentence)
    return max(_alike(around, one, source) for one in others) > max(_alike(around, one, source) for one in mine)


def _beside(noun: Item, own: list[Item], reading: Reading) -> tuple[Item | None, Item | None]:
    """The nearest words with content on either side of a noun and its modifiers, in its clause."""
    first = own[0].place if own else noun.place
    before = next((one for one in reversed(reading.items[:first]) if one.is_content), None)
    after = next((one for one in reading.items[noun.place + 1 :] if one.is_content), None)
    kept = [one if one is not None and one.clause == noun.clause else None for one in (before, after)]
    return kept[0], kept[1]


def _alike(around: tuple[Item | None, Item | None], one: Item, source: Source) -> int:
    theirs = _beside(one, _modifiers(one, source.reading), source.reading)
    return sum(
        any(mine.token.keys & other.token.keys for other in theirs if other is not None)
        for mine in around
        if mine is not None
    )


def _other_wholes(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`the request of the staff` of what every entry calls the request of the fire brigade."""
    for item in sentence.items:
        noun, whole = sentence.at(item.place - 1), _behind(sentence, item)
        if item.token.text != "of" or noun is None or not noun.is_content or not whole:
            continue
        found = [(source, one) for source, one in evidence.matching(noun)]
        wholes = [_behind(source.reading, source.reading.at(one.place + 1)) for source, one in found]
        keys = {key for one in whole for key in one.token.keys}
        if wholes and all(own and not any(one.token.keys & keys for one in own) for own in wholes):
            detail = f"no cited entry says “{noun.token.text}” of “{whole[-1].token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _behind(reading: Reading, cue: Item | None) -> list[Item]:
    """The nouns behind `of`."""
    if cue is None or cue.token.text != "of":
        return []
    rest = [one for one in reading.items[cue.place + 1 : cue.place + _NEAR] if one.token.text not in _PASSED]
    return list(takewhile(lambda one: one.is_content and not is_predicate(reading, one), rest))


def _other_sides(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`before April 14` of what every entry with that date or time tells of the time after it."""
    for one in sentence.measures:
        contrary = _SIDES.get(sentence.text_at(one.start - 1), "")
        if one.sort not in {Measured.DATE, Measured.CLOCK} or not contrary:
            continue
        found = [
            source.reading.text_at(other.start - 1)
            for source in evidence.sources
            for other in source.reading.measures
            if other.sort is one.sort and other.value == one.value
        ]
        if found and all(text == contrary for text in found):
            detail = f"the entry tells what was {contrary} {one.text}"
            yield Failure(code=FailureCode.ORDER, detail=detail)


def _other_limits(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`one table` of what every entry tells of all tables, and `all requests` of `50% of all requests`."""
    for item in sentence.items:
        noun = sentence.at(item.place + 1)
        if item.token.text not in {"one", "all"} or noun is None or not noun.is_content:
            continue
        leads = [
            (source.reading.text_at(one.place - 1), source.reading.text_at(one.place - 2))
            for source, one in evidence.matching(noun)
        ]
        is_one = item.token.text == "one" and all(lead[0] in {"all", "every"} for lead in leads)
        is_all = item.token.text == "all" and all(lead == ("all", "of") for lead in leads)
        if leads and (is_one or (is_all and sentence.text_at(item.place - 1) != "of")):
            detail = f"no cited entry says “{item.token.text} {noun.token.text}”"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)
