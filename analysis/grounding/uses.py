"""How a text uses a verb: the words before and after it, its subject and object, and whether it is passive.

Without a parser, so only what word order and voice show is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from analysis.grounding.forms import DEMONSTRATIVES, POSSESSIVES, UNCHANGED, is_plural
from analysis.grounding.predicates import (
    LEADING,
    NOUNS,
    PREPOSITIONS,
    RELATIVES,
    STATES,
    STOPS,
    has_be,
    is_adverb,
    is_predicate,
)
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import IRREGULAR, stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import NEUTRAL

PRONOUNS = frozenset(["it", "this", "these", "they", "them", "he", "she", "we", "which", "that", "who"])
#: What leads to a place, a way or a source: what stands behind one is neither the subject nor the object.
ASIDE = frozenset(["from", "in", "on", "at", "for", "with", "via", "through", "during", "within", "to", "into", "onto"])
#: Those that may belong to the verb right before them (`responded to the alert`).
_VERBAL = frozenset(["to", "into", "on", "onto", "at", "with"])
_ADDRESSING = frozenset(["to", "with"])
#: Verbs whose subject is whoever does what follows (`decided not to patch`).
_WILLING = frozenset(stem(word) for word in ("decide", "agree", "refuse", "try", "attempt", "choose", "plan"))
#: Verbs of the present behind which another clause begins (`logs show the pool is full`).
_SHOWING = frozenset(
    [
        *("show", "shows", "indicate", "indicates", "reveal", "reveals", "suggest", "suggests", "says", "confirm"),
        *("confirms", "finds", "thinks", "think"),
    ]
)
OWN = DEMONSTRATIVES | POSSESSIVES | {"his", "her"}
#: When something is done, without a preposition.
DAYS = frozenset(
    [
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tonight"),
        *("tomorrow", "yesterday", "overnight", "now", "next", "last"),
    ]
)
#: What a verb of its own follows.
_MODALS = frozenset(["could", "can", "would", "will", "did", "does", "do", "may", "might", "must"])
#: How a word ends that tells a state, not a thing (`found faulty`, `marked unavailable`).
_STATES = ("able", "ible", "lty", "lthy", "dy")
_FAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A verb in its place: the words before and after it, and whether it is passive; `None` where that is open.

    `subjects` and `things` are those of them before a place or a way is named.
    """

    verb: Item
    subjects: tuple[Item, ...]
    things: tuple[Item, ...]
    before: tuple[Item, ...]
    after: tuple[Item, ...]
    by: tuple[Item, ...]
    is_passive: bool | None
    is_state: bool
    is_infinitive: bool


def use_of(reading: Reading, item: Item) -> Use:
    """How *reading* uses the verb *item*."""
    near = reading.items[max(0, item.place - _FAR) : item.place + _FAR]
    words = [one for one in near if one.clause == item.clause]
    before = _cut_before(reading, _named(reading, [one for one in words if one.place < item.place]))
    after = _cut_after(reading, [one for one in words if one.place > item.place])
    has_by = next((place for place, one in enumerate(after) if one.token.text == "by"), None)
    by = after[has_by:] if has_by is not None else []
    word = item.token.text
    is_led = word in UNCHANGED and has_be(reading, item)
    is_past = word.endswith("ed") or (word in IRREGULAR and word not in NOUNS) or is_led
    is_state = not is_past and not word.endswith("ing")
    is_passive: bool | None = None
    is_by = is_past and bool(after) and after[0].token.text == "by"
    if is_by or (has_be(reading, item) and (is_past or is_state)):
        is_passive = True
    elif _is_gerund_of(reading, item, after) or (is_past and _is_acting(item, before, after)):
        is_passive = False
    is_verbal = bool(after) and after[0].token.text in _VERBAL and not _is_infinitive(after)
    return Use(
        verb=item,
        subjects=_telling(before) if is_by and not has_be(reading, item) else _subjects(item, before, after),
        things=_telling(after[:1] + _until_aside(after[1:]) if is_verbal else _until_aside(after)),
        before=_telling(before),
        after=_telling(after),
        by=_telling(by),
        is_passive=is_passive,
        is_state=is_state,
        is_infinitive=is_state and reading.text_at(item.place - 1) == "to",
    )


def _subjects(item: Item, before: Sequence[Item], after: Sequence[Item]) -> tuple[Item, ...]:
    return (*(_telling(_until_aside(before)) or _telling(before)), *_telling(_of_participle(item, before, after)))


def _of_participle(item: Item, before: Sequence[Item], after: Sequence[Item]) -> list[Item]:
    """The words behind the last preposition before a participle (`a problem with a change deployed on Monday`)."""
    asides = [place for place, one in enumerate(before) if one.token.text in ASIDE]
    is_right_behind = bool(before) and before[-1].place == item.place - 1 and before[-1].is_content
    is_participle = item.token.text.endswith("ing") or (item.is_past and is_right_behind and not _has_object(after))
    return list(before[asides[-1] :]) if asides and is_participle else []


def _telling(words: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(one for one in words if one.is_content or one.token.stem in NEUTRAL or one.token.text in PRONOUNS)


def _until_aside(words: Sequence[Item]) -> list[Item]:
    """The words up to the first that leads to a place or a way; `up to` leads to an amount."""
    ups = {one.place + 1 for one in words if one.token.text == "up"}
    thats = {one.place for one in words[1:] if one.token.text in RELATIVES}
    return list(
        takewhile(lambda one: one.place not in thats and (one.token.text not in ASIDE or one.place in ups), words)
    )


def _has_object(after: Sequence[Item]) -> bool:
    first = next(iter(after), None)
    if first is not None and first.token.sort is Sort.NUMBER and not first.is_measured:
        return False
    if first is not None and first.is_measured:  # `mailed 340 customers`
        noun = next((one for one in after if not one.is_measured), first)
        return noun.place == first.place + 1 and noun.is_content and is_plural(noun.token.text)
    return (
        first is not None
        and first.is_word
        and first.token.text not in DAYS  # `retry planned tonight`
        and not (first.token.text in STATES and len(after) == 1)  # `shard left online`
        and not (first.token.text.endswith(("ed", *_STATES)) or is_adverb(first))
        and first.token.text not in STOPS | {"and", "pending"}
        and (first.is_content or first.token.text in LEADING | OWN)
    )


def _is_gerund_of(reading: Reading, item: Item, after: Sequence[Item]) -> bool:
    """Whether a form in -ing has an object with an article (`rolling back the change`)."""
    before = reading.text_at(item.place - 1)
    is_object = bool(after) and (after[0].token.text in LEADING | OWN or (before == "," and after[0].is_content))
    return item.token.text.endswith("ing") and before != "being" and is_object


def _is_acting(item: Item, before: Sequence[Item], after: Sequence[Item]) -> bool:
    return _has_object(after) or _is_addressed(before, after) or _is_willed(item, after)


def _is_addressed(before: Sequence[Item], after: Sequence[Item]) -> bool:
    """Whether a verb without a subject has somebody whom it is done to (`Responded to the customer`)."""
    return not before and bool(after) and after[0].token.text in _ADDRESSING


def _is_willed(item: Item, after: Sequence[Item]) -> bool:
    following = [one.token.text for one in after[:2]]
    return item.token.stem in _WILLING and "to" in following


def _cut_before(reading: Reading, words: list[Item]) -> list[Item]:
    """From the last `and`, `that` or other predicate on, if a subject lies behind it; else up to there."""
    for place in range(len(words) - 1, -1, -1):
        one = words[place]
        own = words[place + 1 :]
        if own and own[0].token.text in ASIDE and one.is_content and not has_be(reading, one):
            continue  # `certificates applied to ADFS expire`
        if _is_relative(reading, one) or (one.is_content and is_predicate(reading, one)):
            behind = own if any(_is_somebody(other) for other in own) else []
            return [*_antecedent(reading, words[:place], one, behind), *behind]
        if one.token.text == "and" and any(
            other.token.text in _MODALS or (other.is_content and is_predicate(reading, other))
            for other in words[:place]
        ):
            return own if any(_is_somebody(other) for other in own) else []
    return words


def _is_infinitive(after: Sequence[Item]) -> bool:
    """Whether `to` and a verb follow that has an object of its own (`asked to rotate every secret`)."""
    words = after[1:3]
    if after[0].token.text != "to" or len(words) < 2 or words[0].token.is_name or not words[0].is_content:
        return False
    return words[1].token.text in LEADING | OWN


def _is_somebody(one: Item) -> bool:
    return one.is_content or one.token.stem in NEUTRAL or one.token.text in PRONOUNS - RELATIVES


def _named(reading: Reading, words: list[Item]) -> list[Item]:
    """The noun for the `which` or `who` behind it (`a deployment which introduced a query`)."""
    if not words or words[0].token.text not in {"which", "who"} or any(one.is_content for one in words):
        return words
    before = reading.items[max(0, words[0].place - _FAR) : words[0].place]
    nouns = list(reversed(list(takewhile(lambda one: one.is_content, reversed(before)))))
    return nouns or words


def _antecedent(reading: Reading, words: list[Item], cut: Item, behind: list[Item]) -> list[Item]:
    """What a relative clause is about: the noun before `that` (`a change that added latency`, `that was … was …`)."""
    thats = [one.place for one in [*words, cut] if one.token.text == "that" and _is_relative(reading, one)]
    if not thats or (behind and cut.token.text == "that"):
        return []
    nouns = takewhile(lambda one: one.is_content, reversed([one for one in words if one.place < thats[-1]]))
    return list(reversed(list(nouns))) if cut.token.text == "that" else [one for one in words if one.place < thats[-1]]


def _is_relative(reading: Reading, one: Item) -> bool:
    """`that` and `who`, but not in `of that customer`."""
    before = reading.text_at(one.place - 1)
    if one.token.text in _SHOWING and one.place:
        return True
    return one.token.text in RELATIVES and before not in PREPOSITIONS


def _cut_after(reading: Reading, words: list[Item]) -> list[Item]:
    """Up to the first `and` with another predicate behind it."""
    for place, one in enumerate(words):
        following = words[place + 1 : place + 2]
        is_joined = any(other.token.text.endswith("ing") for other in following)  # `by scaling it and restarting that`
        if one.token.text == "and" and (
            is_joined or any(other.is_content and is_predicate(reading, other) for other in words[place:])
        ):
            return words[:place]
    return words
