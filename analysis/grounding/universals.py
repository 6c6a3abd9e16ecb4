"""What an entry tells of all that are limited is not told of all: `all pods that were not responding`.

The limit stands before the noun (`all failed payments`), right behind it, or behind `except`.
"""

from collections.abc import Iterator
from itertools import dropwhile, takewhile

from analysis.grounding.calendars import is_calendar
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, BE, DEMONSTRATIVES, POSSESSIVES
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.synonyms import complements
from analysis.grounding.vocabulary import BREAKS, NEUTRAL, QUANTIFIER_OF

_GROUPS = frozenset(QUANTIFIER_OF[word] for word in ("all", "both", "none", "everywhere"))
_WORDS = frozenset(word for word, group in QUANTIFIER_OF.items() if group in _GROUPS) | {"neither"}
#: Those that no noun follows.
_ALONE = frozenset(["everyone", "everybody", "everything", "everywhere", "nobody", "nothing", "none"])
#: Those that stand for how often or how far, not for how many.
_ADVERBS = frozenset(["always", "entirely", "wholly", "fully", "completely", "zero"])
_LEADING = ARTICLES | POSSESSIVES | DEMONSTRATIVES | {"of"}
_RELATIVES = frozenset(["that", "which", "who", "whose", "where"])
_PREPOSITIONS = frozenset(["of", "with", "without", "in", "on", "from", "for", "under", "between", "behind", "outside"])
_EXCEPTING = frozenset(["except", "excepting", "excluding", "besides", "bar"])
_HAVING = frozenset(["had", "has", "have"])
_NEAR = 6


def wrong_universals(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`All pods were restarted` of an entry that tells it of all pods of one kind."""
    for item in sentence.items:
        noun = _noun(sentence, item)
        if noun is None:
            continue
        found = [(source, one) for source in evidence.sources for one in _alike(noun, item, source)]
        if found and all(_is_dropped(one, source, sentence) for source, one in found):
            detail = f"the entry limits which ones it tells “{item.token.text}” of"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)


def _noun(reading: Reading, item: Item) -> Item | None:
    """The noun that a word for all is of, and for one without a noun that word itself."""
    word = item.token.text
    if word not in _WORDS or word in _ADVERBS or item.is_measured:
        return None
    if word in _ALONE and reading.text_at(item.place + 1) != "of":
        return item
    nouns = _nouns(reading, item)
    return nouns[-1] if nouns else None


def _nouns(reading: Reading, item: Item) -> list[Item]:
    """The noun behind a word for all, with what stands before it."""
    behind = reading.items[item.place + 1 : item.place + 1 + _NEAR]
    rest = dropwhile(lambda one: one.is_measured or one.token.text in _LEADING, behind)
    words = list(takewhile(lambda one: _is_nominal(one) and one.clause == item.clause, rest))
    if len(words) > 1 and _is_participle(words[-1]) and not _is_followed(words[-1], reading):
        words = words[:-1]
    return list(takewhile(lambda one: one is words[0] or not is_predicate(reading, one), words))


def _is_participle(one: Item) -> bool:
    return one.is_past or one.token.text.endswith("ing")


def _is_nominal(one: Item) -> bool:
    return one.is_content or one.token.stem in NEUTRAL or one.token.text == "-"


def _is_followed(one: Item, reading: Reading) -> bool:
    after = reading.at(one.place + 1)
    return after is not None and after.is_content


def _alike(noun: Item, item: Item, source: Source) -> Iterator[Item]:
    """The words for all of an entry that are of the same noun."""
    group = QUANTIFIER_OF.get(item.token.text)
    for one in source.reading.items:
        if QUANTIFIER_OF.get(one.token.text) != group and one.token.text != item.token.text:
            continue
        own = _noun(source.reading, one)
        if own is None:
            continue
        if own is one or noun is item or own.token.keys & noun.token.keys:
            yield one


def _is_dropped(one: Item, source: Source, sentence: Reading) -> bool:
    """Whether the entry limits what it tells of all, and the sentence says nothing of one of the limits."""
    said = {key for item in sentence.content for key in (*item.token.keys, *complements(item.token.stem))}
    said |= {item.token.text for item in sentence.items if not item.is_content}
    return any(
        not any(word.token.keys & said or word.token.text in said for word in _telling(limit))
        for limit in _limits(one, source.reading)
    )


def _telling(limit: list[Item]) -> list[Item]:
    """The names of a limit, which tell one from another; its words where it has none."""
    return [word for word in limit if word.token.is_name] or limit


def _limits(one: Item, reading: Reading) -> Iterator[list[Item]]:
    """The words of each limit on what *one* is of."""
    noun = _noun(reading, one)
    if noun is None:
        return
    for before in _nouns(reading, one)[:-1]:
        if before.is_content and not before.token.text.endswith("ly"):
            yield [before]
    own = limit_behind(noun, one, reading)
    if own:
        yield own
    for cue in reading.items[noun.place + 1 :]:
        if cue.segment != one.segment:
            return
        is_apart = (cue.token.text, reading.text_at(cue.place + 1)) in {("other", "than"), ("apart", "from")}
        is_but = cue.token.text == "but" and cue.place == noun.place + 1  # `all teams but payments`
        if cue.token.text in _EXCEPTING or is_apart or is_but:
            yield [cue]


def limit_behind(noun: Item, one: Item, reading: Reading) -> list[Item]:
    """What right behind a noun tells which ones are meant."""
    cue = reading.at(noun.place + 1)
    if cue is None or cue.segment != noun.segment or not _is_limiting(cue, one, reading):
        return []
    rest = takewhile(
        lambda item: item.clause == cue.clause and (item.place <= cue.place + 1 or item.token.text not in BREAKS),
        reading.items[cue.place : cue.place + _NEAR],
    )
    verbs, words = 0, []
    for item in rest:
        verbs += item is not cue and item.is_content and is_predicate(reading, item)
        if verbs > (cue.token.text in _RELATIVES):
            break
        if item.is_content and not is_calendar(reading, item):
            words.append(item)
    return words


def _is_limiting(cue: Item, one: Item, reading: Reading) -> bool:
    word = cue.token.text
    if word in _RELATIVES:
        return reading.text_at(cue.place - 1) != ","
    if word in _PREPOSITIONS:
        after = reading.at(cue.place + 1)
        return after is not None and not after.is_measured
    if word.endswith("ing"):
        return cue.is_content
    is_verb = word in BE or word in _HAVING
    return cue.is_past and not is_verb and (_has_verb_before(one, reading) or _has_verb_behind(cue, reading))


def _has_verb_before(one: Item, reading: Reading) -> bool:
    """Whether what *one* is of is what something was done to (`notified all users affected`)."""
    before = takewhile(lambda other: other.clause == one.clause, reversed(reading.items[: one.place]))
    return any(other.is_past and other.is_content for other in before)


def _has_verb_behind(cue: Item, reading: Reading) -> bool:
    """Whether the clause has its verb behind a participle (`all jobs started on Monday failed`)."""
    behind = takewhile(lambda other: other.clause == cue.clause, reading.items[cue.place + 1 :])
    near = list(behind)
    ands = [other.place for other in near if other.token.text == "and"]
    return any(is_predicate(reading, other) and not any(place < other.place for place in ands) for other in near)
