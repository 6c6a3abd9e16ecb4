"""Which noun a verb is told of, and to which it is done: the head of the words before it and of those behind it."""

from collections.abc import Sequence

from analysis.grounding.forms import PASSIVE
from analysis.grounding.predicates import (
    LEADING,
    PREPOSITIONS,
    RELATIVES,
    STOPS,
    is_adverb,
    is_predicate,
)
from analysis.grounding.reading import Item, Reading
from analysis.grounding.uses import OWN, PRONOUNS, Use
from analysis.grounding.vocabulary import ACTORS, INCIDENTS

_FAR = 60

_HAVE = frozenset(["has", "have", "had"])


def subject_of(use: Use, reading: Reading) -> Item | None:
    """What is said to do it, or to have it done, where that can be held against an entry."""
    head = head_of(use.before, reading)
    is_doing = use.is_passive is False and head is not None and head.token.stem in INCIDENTS
    return head if is_doing else _said_of(head, use.before, reading)


def thing_of(use: Use, reading: Reading) -> Item | None:
    """What an active verb is said to be done to."""
    thing = _object(use, reading)
    return thing if thing is not None and thing.token.stem in INCIDENTS else _said_of(thing, (), reading)


def told_of(use: Use, reading: Reading) -> Item | None:
    """What a verb tells something of: its object where it is active, else its subject."""
    return thing_of(use, reading) if use.is_passive is False else subject_of(use, reading)


def head_of(words: Sequence[Item], reading: Reading) -> Item | None:
    """The noun that a subject is about: the last word before its first preposition, one behind such a beginning."""
    head: Item | None = None
    for one in words:
        if head is not None and any(other.token.text in STOPS for other in reading.items[head.place + 1 : one.place]):
            return head
        if one.place and _starts_with_preposition(reading, one) and head is None:
            continue
        if head is None and _is_relative_past(reading, one):
            return None
        if not is_predicate(reading, one) and not one.token.text.endswith("ly") and not is_adverb(one):
            head = one
    return head


def _is_relative_past(reading: Reading, one: Item) -> bool:
    """The verb of `a job that started late`."""
    before = reading.text_at(one.place - 1)
    return before in RELATIVES and one.is_past


def _said_of(head: Item | None, words: Sequence[Item], reading: Reading) -> Item | None:
    """*head*, unless it asserts nothing itself, or the words are about doing something (`deleting the account`)."""
    is_gerund = bool(words) and words[0].token.text.endswith("ing") and not _is_noun(words[0], reading)
    if head is None or is_gerund or head.token.text in PRONOUNS:
        return None
    if head.is_content:
        return head
    is_actor = head.token.stem in ACTORS  # `the Okta team`: the word before tells which
    names = [one for one in words if one.place == head.place - 1 and (one.token.is_name or is_actor)]
    if names:
        return names[0]
    is_amount = any(one.token.text == "of" for one in reading.items[head.place + 1 : head.place + 2])
    return None if is_actor or is_amount or head.token.stem in INCIDENTS else head


def _is_noun(one: Item, reading: Reading) -> bool:
    """Whether a word in -ing has no object, so that it names a thing (`monitoring of limits`, `existing alerts`)."""
    after = reading.items[one.place + 1 : one.place + 2]
    return _is_led(one, reading) or (bool(after) and after[0].token.text in {"of", "for"} | PASSIVE)


def _is_led(one: Item, reading: Reading) -> bool:
    """Whether a word in -ing stands behind an article, so that it tells which noun is meant (`the existing alerts`)."""
    return reading.text_at(one.place - 1) in LEADING | OWN


def _starts_with_preposition(reading: Reading, one: Item) -> bool:
    before = [
        other
        for other in reading.items[max(0, one.place - _FAR) : one.place]
        if other.clause == one.clause and other.is_word
    ]
    return bool(before) and before[0].token.text in PREPOSITIONS - {"of"}  # `3% of the calls failed`


def _object(use: Use, reading: Reading) -> Item | None:
    """The last word of what follows an active verb, up to the first preposition."""
    if use.is_passive is not False:
        return None
    head: Item | None = None
    for one in use.after:
        if head is not None and any(
            not other.is_word or other.token.text in PASSIVE | _HAVE or other.token.text in STOPS | {"and"}
            for other in reading.items[head.place + 1 : one.place]
        ):
            return head
        if one.token.text in RELATIVES and head is not None:
            return head
        if not is_adverb(one):
            head = one
    return head
