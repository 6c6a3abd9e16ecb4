"""Which of several things of one name an entry tells of: `Partial restore finished, full restore running`.

`restrictions` holds what limits a noun behind it against a sentence; here it is what stands before it. Whatever tells
one thing from another of the same entry may not be left out, nor what makes it less than its noun (`partial`).
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from analysis.grounding.bearing import Places
from analysis.grounding.evidence import Source
from analysis.grounding.forms import ARTICLES, is_plural
from analysis.grounding.heads import told_of
from analysis.grounding.predicates import LEADING, NOUNS, PREPOSITIONS, is_adverb, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.synonyms import complements
from analysis.grounding.uses import use_of

#: A thing of such a kind is not the thing itself, or not the one that its noun alone names.
_LESSENING = frozenset(
    [
        *("partial", "temporary", "provisional", "false", "fake", "mock", "dummy", "old", "former", "wrong"),
        *("backup", "fallback", "standby", "secondary", "spare", "shadow", "test", "staging", "sandbox"),
    ]
)
_POINTING = frozenset(["that", "those", "one", "ones"])
_LONGEST = 5


def dropped_kinds(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """`The restore finished` of an entry with two of them, and what is told of some kind told of all."""
    said = {key for item in sentence.content for key in (*item.token.keys, *complements(item.token.stem))}
    said |= {item.token.text for item in sentence.items if not item.is_content}
    for verb in sentence.content:
        if not is_predicate(sentence, verb):
            continue
        thing = told_of(use_of(sentence, verb), sentence)
        if thing is None:
            continue
        found = [
            (source, one)
            for source, other in borne[verb.place]
            for one in source.matching(thing)
            if one.segment == other.segment and one.token.stem == thing.token.stem
        ]
        if found and all(_is_dropped(one, source, thing, sentence, said) for source, one in found):
            detail = f"the entry says which “{thing.token.text}” it tells this of"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)


def _is_dropped(one: Item, source: Source, thing: Item, sentence: Reading, said: set[str]) -> bool:
    """Whether what tells *one* from others of its name stands before it, and the sentence has nothing of that."""
    own = _modifiers(one, source.reading)
    if any(_is_said(word, said) for word in own):
        return any(word.token.text in _LESSENING and not _is_said(word, said) for word in own)
    if any(word.token.text in _LESSENING for word in own) or _is_only(one, own, source.reading):
        return bool(own)
    if not _is_bare(thing, sentence):
        return False
    is_any = sentence.is_first(thing) and _is_many(one) and _is_many(thing)
    return bool(own) and (is_any or _has_other(one, own, source))


def _is_many(noun: Item) -> bool:
    """Whether a noun is a plural, not one that only ends so (`analysis`, `status`, `DNS`)."""
    return is_plural(noun.token.text) and not (noun.token.is_name or noun.token.text.endswith(("us", "is")))


def _is_said(word: Item, said: set[str]) -> bool:
    return bool(word.token.keys & said) or word.token.text in said


def _modifiers(noun: Item, reading: Reading) -> list[Item]:
    """The words right before a noun that tell which one it is, not the verb of a note (`Restarted pods`)."""
    before = reversed(reading.items[max(0, noun.place - _LONGEST) : noun.place])
    words = [one for one in takewhile(_is_modifying, before) if one.token.text != "-" and not _is_doing(one, reading)]
    return [one for one in words if not one.is_past or one.token.text in NOUNS or _is_led(one, reading)]


def _is_doing(one: Item, reading: Reading) -> bool:
    """Whether a form in -ing begins a clause, so that the noun is its object (`enabling daemonsets`)."""
    return one.token.text.endswith("ing") and reading.is_first(one)


def _is_led(one: Item, reading: Reading) -> bool:
    """Whether a participle stands behind an article or a number, so that it is no verb (`only cached quotes`)."""
    before = reading.at(one.place - 1)
    return before is not None and (before.token.text in LEADING | {"only"} or before.is_measured)


def _is_modifying(one: Item) -> bool:
    is_word = one.is_content and not one.is_measured and not is_adverb(one) and not one.token.text.endswith("ly")
    return is_word or one.token.text == "-"


def _is_only(noun: Item, own: Sequence[Item], reading: Reading) -> bool:
    """`only internal dashboards`."""
    first = min((one.place for one in own), default=noun.place)
    return bool(own) and reading.text_at(first - 1) == "only"


def _is_bare(thing: Item, sentence: Reading) -> bool:
    """Whether nothing in a sentence says which one it means, before the noun or behind it."""
    before, after = sentence.at(thing.place - 1), sentence.text_at(thing.place + 1)
    is_alone = before is None or not before.is_word or before.token.text in ARTICLES
    is_counted = before is not None and before.is_measured
    return is_alone and not is_counted and after not in PREPOSITIONS


def _has_other(one: Item, own: Sequence[Item], source: Source) -> bool:
    """Whether the same sentence of an entry has another thing of that name, told by other words."""
    keys = {word.token.stem for word in own}
    others = [other for other in source.matching(one) if other is not one and other.segment == one.segment]
    return any(
        other.token.stem == one.token.stem
        and not (other.is_past or other.token.is_name)
        and is_plural(other.token.text) is is_plural(one.token.text)
        and (words := _modifiers(other, source.reading))
        and not keys & {word.token.stem for word in words}
        for other in others
    )
