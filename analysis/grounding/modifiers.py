"""What tells which noun is meant must do so in a long entry, too: an expired certificate is no expired service.

A word right before a noun is held against the places where an entry has both: side by side, the noun before a
preposition (`failures of the service`) or before `is` and `was` (`the limit was low`). Short entries are telegraphic,
and leave such words to whoever reads them.
"""

from collections.abc import Iterator
from itertools import dropwhile, pairwise, takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, BE, POSSESSIVES
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.vocabulary import NEUTRAL, PARTICLES

_NEAR = 2
_FAR = 6
#: What gives a thing to whoever has it (`the service saw 3% of runs delayed`).
_HAVING = frozenset(["had", "has", "have", "saw", "experienced"])
_LEADS = frozenset(["of", "in", "for", "on", "to", "from", "by", "with", "at", "between", "about", "within", "during"])
_JOINS = ARTICLES | POSSESSIVES | {"and", "or", "-", "/", ","}


def wrong_modifiers(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`the authentication failures` of an entry with an authentication certificate and other failures."""
    yield from _other_names(sentence, evidence)
    yield from _other_holders(sentence, evidence)
    short = {source.label for source in evidence.sources if source.reading.is_short}
    for one, noun in (*_pairs(sentence), *_of(sentence)):
        sources = [source for source in evidence.sources if source.matching(one) and source.matching(noun)]
        if sources and not any(source.label in short or _are_together(one, noun, source) for source in sources):
            detail = f"no cited entry says “{one.token.text}” of “{noun.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _other_names(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`Kinesis buffers` of what every entry calls the buffers of another name."""
    named = _names(sentence, evidence)
    for one, noun in pairwise(sentence.items):
        if one.token.stem not in named or not noun.is_content or noun.token.stem in named or noun.is_past:
            continue
        before = [source.reading.at(place.place - 1) for source, place in evidence.matching(noun)]
        is_other = [
            other is not None and other.token.stem in named and not other.token.keys & one.token.keys
            for other in before
        ]
        if any(evidence.matching(one)) and is_other and all(is_other):
            detail = f"no cited entry says “{noun.token.text}” of “{one.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _other_holders(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`Tom was commander` of what the clause of an entry says of another name (`Priya is commander, Tom scribes`)."""
    named = _names(sentence, evidence)
    for item in sentence.items:
        head, noun = sentence.at(item.place - 1), _named_behind(sentence, item)
        if item.token.text not in BE or head is None or noun is None:
            continue
        found = list(evidence.matching(noun))
        holders = [
            [one for one in source.reading.clause_of(place) if one.token.stem in named] for source, place in found
        ]
        is_named = head.token.stem in named and any(evidence.matching(head))
        if (
            is_named
            and found
            and all(own and not any(one.token.keys & head.token.keys for one in own) for own in holders)
        ):
            detail = f"no cited entry says “{noun.token.text}” of “{head.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _named_behind(sentence: Reading, verb: Item) -> Item | None:
    """The noun behind `was`, over an article and what stands before it."""
    after = sentence.items[verb.place + 1 :]
    first = 1 if after and after[0].token.text in ARTICLES else 0
    nouns = list(takewhile(lambda one: _is_noun(one) and not is_predicate(sentence, one), after[first:]))
    return nouns[-1] if nouns else None


def _is_noun(one: Item) -> bool:
    return one.is_content or one.token.stem in NEUTRAL


def _names(sentence: Reading, evidence: Evidence) -> frozenset[str]:
    """The words that the sentence or an entry writes as names, also where they begin a sentence."""
    items = (*sentence.items, *(item for source in evidence.sources for item in source.reading.items))
    return frozenset(item.token.stem for item in items if item.token.is_name)


def _pairs(sentence: Reading) -> Iterator[tuple[Item, Item]]:
    """Each noun with the word right before it."""
    for one, noun in zip(sentence.items, sentence.items[1:], strict=False):
        is_pair = one.is_content and noun.is_content and one.clause == noun.clause
        if is_pair and not _is_verbal(one, sentence) and not _is_verbal(noun, sentence) and not noun.is_past:
            is_present = noun.token.text.endswith("s") and (one.token.is_name or one.token.text.endswith("s"))
            if not is_present:  # `the service requires`
                yield one, noun


def _of(sentence: Reading) -> Iterator[tuple[Item, Item]]:
    """Each noun that `of` follows with each noun that the next ones end in (`the source of the query`)."""
    for item in sentence.items[1:-1]:
        before = sentence.items[item.place - 1]
        rest = dropwhile(lambda one: one.token.text in _JOINS, sentence.items[item.place + 1 :])
        nouns = list(takewhile(lambda one: one.is_content and not is_predicate(sentence, one), rest))
        if item.token.text == "of" and before.is_content and nouns and not _is_verbal(before, sentence):
            yield nouns[-1], before


def _is_verbal(one: Item, sentence: Reading) -> bool:
    """Whether it is no noun and does not tell which one is meant: a verb, an adverb or a particle."""
    word = one.token.text
    before = sentence.text_at(one.place - 1)
    return word.endswith(("ing", "ly")) or word in PARTICLES or before == "to" or is_predicate(sentence, one)


def _are_together(one: Item, noun: Item, source: Source) -> bool:
    return any(
        _belongs(left, right, source.reading)
        for left in source.matching(one)
        for right in source.matching(noun)
        if left.segment == right.segment and abs(left.place - right.place) <= _FAR
    )


def _belongs(one: Item, noun: Item, reading: Reading) -> bool:
    first, last = sorted((one.place, noun.place))
    between = reading.items[first + 1 : last]
    if last - first <= _NEAR:
        return True
    if any(is_predicate(reading, other) and other.token.text not in BE | _HAVING for other in between):
        return False
    texts = {other.token.text for other in between}
    is_told = bool(texts & _HAVING) or (noun.place < one.place and bool(texts & (BE | _LEADS)))
    return is_told or all(other.is_content or other.token.text in _JOINS for other in between)
