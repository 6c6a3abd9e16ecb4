"""A cause is told only where a person tagged one, or where a cited statement of fact gives it in this direction."""

from collections.abc import Iterator
from itertools import islice, takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, BE, POSSESSIVES
from analysis.grounding.predicates import RELATIVES
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode, Ground, Tier
from analysis.grounding.stems import stem
from analysis.grounding.uses import ASIDE
from analysis.grounding.vocabulary import CAUSAL, CAUSAL_PHRASES, FORWARD, NEUTRAL, STRONG_CAUSE

_CAUSE_TAGS = frozenset({"cause", "root cause", "contributing factor", "trigger"})
_ROOT = stem("rootcause")
_ENABLING = frozenset(stem(word) for word in ("enable", "allow"))
_BRINGING = frozenset({"brought", "brings", "forced", "forces"})
_MAKING = frozenset({"made", "makes", "making"})
_DETERMINERS = ARTICLES | POSSESSIVES | {"this", "that"}
_FAR = 80
_LEADING_TO = frozenset(["by", "of", "to", "from"])
_MOST_CAUSES = 20
_NOUNS = frozenset({"trigger", "lead"})
_COPULAS = (BE - {"been"}) | {":", "that"}


def wrong_causes(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What is told as a cause without anybody having put that cause on record."""
    if any(_is_cause(one.ground) for one in evidence.sources):
        return
    is_looked_for = any(_is_mention(one.reading, item) for one in evidence.sources for item in one.reading.items)
    for place, word in _causal(sentence):
        if is_looked_for and _is_mention(sentence, sentence.items[place]):
            continue
        if not any(_bears(one, place, sentence) for one in evidence.sources):
            yield Failure(code=FailureCode.CAUSE, detail=f"nobody put on record what “{word}” says")


def is_causative(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether `made` tells as a cause what an entry gives as one (`made the restore fail` of `failed because`)."""
    return item.token.text in _MAKING and any(_bears(one, item.place, sentence) for one in evidence.sources)


def _is_cause(ground: Ground) -> bool:
    words = {ground.kind, *ground.tags}
    return ground.tier is not Tier.SAID and bool({word.replace("_", " ").lower() for word in words} & _CAUSE_TAGS)


def _causal(reading: Reading) -> Iterator[tuple[int, str]]:
    """Where *reading* names a cause, and by which word."""
    stems = [item.token.stem for item in reading.items]
    for item in reading.items:
        place, word = item.place, item.token
        if (
            word.stem == _ROOT
            or word.stem in STRONG_CAUSE
            or (word.stem in _ENABLING and not word.text.endswith("ment") and not _is_permitted(reading, place))
            or (word.text == "since" and reading.text_at(place - 1) == ",")
            or (word.text in _BRINGING and not _is_passive(reading, place) and reading.text_at(place + 1) != "no")
            or (word.stem in CAUSAL and not _is_other(reading, place))
        ):
            yield place, word.text
        else:
            phrases = (phrase for phrase in CAUSAL_PHRASES if tuple(stems[place : place + len(phrase)]) == phrase)
            yield from ((place, " ".join(phrase)) for phrase in phrases)


def _is_other(reading: Reading, place: int) -> bool:
    """A noun (`the trigger`), `owed up`, or what was only set going (`the pipeline was triggered`)."""
    word = reading.text_at(place)
    following = reading.items[place + 1].token.stem if place + 1 < len(reading.items) else ""
    if word != "triggered":
        return word in _NOUNS or following == "up"
    segment = reading.items[place].segment
    after = {item.token.text for item in reading.items[place + 1 :] if item.segment == segment}
    return _is_passive(reading, place) and "by" not in after


def causal_places(reading: Reading) -> frozenset[int]:
    """The tokens that only name a cause as such (`as a result of`)."""
    stems = [item.token.stem for item in reading.items]
    return frozenset(
        place
        for start in range(len(stems))
        for phrase in CAUSAL_PHRASES
        if tuple(stems[start : start + len(phrase)]) == phrase
        for place in range(start, start + len(phrase))
    )


def causes_before(one: int, other: int, reading: Reading) -> bool | None:
    """Whether what stands at *one* caused what stands at *other*, in one sentence; `None` where neither did."""
    low, high = min(one, other), max(one, other)
    between = (place for place in _telling(reading) if low < place < high)
    return next(((one < other) is _is_forward(reading, place) for place in between), None)


def is_background(item: Item, reading: Reading) -> bool:
    """Whether it stands in a sentence that tells why what was told before it happened (`this was caused by`)."""
    return any(
        place < item.place and reading.items[place].segment == item.segment and not _is_forward(reading, place)
        for place in _telling(reading)
    )


def _telling(reading: Reading) -> list[int]:
    """Where a cause is told, not only spoken of (`identified the root cause`)."""
    places = (place for place, _ in islice(_causal(reading), _MOST_CAUSES))
    return [place for place in places if reading.items[place].token.stem != _ROOT or _names_it(reading, place)]


def _is_mention(reading: Reading, item: Item) -> bool:
    """`the cause was identified`, which does not say what it was."""
    place = item.place
    before = reading.text_at(place - 1)
    after = reading.text_at(place + 1)
    is_noun = item.token.text == "cause" and before in _DETERMINERS and not item.is_negated
    return is_noun and after != ":" and not _names_it(reading, place)


def _is_permitted(reading: Reading, place: int) -> bool:
    """`connections were allowed`, which names no cause; `by …` would."""
    clause = reading.items[place].clause
    after = [item.token.text for item in reading.items[place + 1 :] if item.clause == clause]
    return _is_passive(reading, place) and "by" not in after


def _is_passive(reading: Reading, place: int) -> bool:
    before = [item.token.text for item in reading.items[max(0, place - 2) : place]]
    return not BE.isdisjoint(before)


def _bears(source: Source, place: int, sentence: Reading) -> bool:
    """Whether a cited entry bears out the causal word of *sentence* at *place*."""
    word = sentence.items[place].token.stem
    if word in STRONG_CAUSE | {_ROOT}:
        names = _names_it(sentence, place)
        same = [item.place for item in source.reading.items if item.token.stem == word]
        return any(not names or _names_it(source.reading, other) for other in same)
    return any(
        _is_same_way(source, other, place, sentence) for other, _ in islice(_causal(source.reading), _MOST_CAUSES)
    )


def _names_it(reading: Reading, place: int) -> bool:
    """Whether the root cause is said to be something, not only to have been looked for or found."""
    after = [item.token.text for item in reading.items[place + 1 : place + 8]]
    copula = next((number for number, text in enumerate(after) if text in _COPULAS), None)
    if copula is None:
        return False
    return after[copula] in {":", "that"} or not any(
        text.endswith(("ed", "ing")) or text in {"found", "known"} for text in after[copula + 1 : copula + 4]
    )


def _is_same_way(source: Source, other: int, place: int, sentence: Reading) -> bool:
    """Whether cause and effect of *sentence* are, for the greater part, cause and effect of the entry, too."""
    cause, effect = _sides(sentence, place)
    own_cause, own_effect = ({item.place for item in side} for side in _sides(source.reading, other))
    if not _has_heads(source, other, place, sentence):
        return False
    if own_cause == own_effect or cause == effect:  # word order does not show which is which
        return True
    along = across = 0
    for side, same, opposite in ((cause, own_cause, own_effect), (effect, own_effect, own_cause)):
        for item in side:
            found = {one.place for one in source.matching(item)}
            along += bool(found & same) and not found & opposite
            across += bool(found & opposite) and not found & same
    return along > across


def _has_heads(source: Source, other: int, place: int, sentence: Reading) -> bool:
    """Whether the entry has a word of each side in the clause of the causal word on that side of its own."""
    clause, segment = sentence.items[place].clause, source.reading.items[other].segment
    mine = _around(sentence, place, [item for item in sentence.content if item.clause == clause])
    theirs = _around(source.reading, other, [item for item in source.reading.content if item.segment == segment])
    has_sides = all(
        not words or any(one in own for item in words for one in source.matching(item))
        for words, own in zip(mine, theirs, strict=True)
    )
    return has_sides and _has_noun(source, other, place, sentence)


def _has_noun(source: Source, other: int, place: int, sentence: Reading) -> bool:
    """`by an outage` of what an entry tells as `by an outage of the store`, not `by the store`."""
    if _is_forward(sentence, place) or _is_forward(source.reading, other):
        return True
    mine, theirs = _first(sentence, place), _first(source.reading, other)
    return not mine or not theirs or any(one in theirs for item in mine for one in source.matching(item))


def _first(reading: Reading, place: int) -> list[Item]:
    """The words behind the preposition of a causal word (`caused by`, `because of`) up to the next one."""
    rest = reading.items[place + 1 : place + 1 + _FAR]
    if not rest or rest[0].token.text not in _LEADING_TO:
        return []
    ends = ASIDE | RELATIVES | {"of"}
    clause = reading.items[place].clause
    words = takewhile(lambda one: one.clause == clause and one.token.text not in ends, rest[1:])
    return [one for one in words if one.is_content or one.token.stem in NEUTRAL]


def _around(reading: Reading, place: int, words: list[Item]) -> tuple[list[Item], list[Item]]:
    """Those of *words* that name the cause, and those that name the effect."""
    before = [item for item in words if item.place < place]
    after = [item for item in words if item.place > place]
    sides = tuple(_in_clause(reading, place, side) or side for side in (before, after))
    return (sides[0], sides[1]) if _is_forward(reading, place) else (sides[1], sides[0])


def _in_clause(reading: Reading, place: int, words: list[Item]) -> list[Item]:
    return [item for item in words if item.clause == reading.items[place].clause]


def _is_forward(reading: Reading, place: int) -> bool:
    """Whether the cause stands before the causal word."""
    following = reading.text_at(place + 1)
    is_forward = (
        reading.items[place].token.stem in FORWARD or reading.items[place].token.text in _MAKING
    ) and following not in {"by", "from"}
    return is_forward or (reading.items[place].token.text == "why" and _is_passive(reading, place))


def _sides(reading: Reading, place: int) -> tuple[list[Item], list[Item]]:
    """The words of the cause and those of the effect around the causal word at *place*."""
    segment = reading.items[place].segment
    near = reading.items[max(0, place - _FAR) : place + _FAR]
    words = [item for item in near if item.is_content and item.segment == segment and item.place != place]
    before = [item for item in words if item.place < place]
    after = [item for item in words if item.place > place]
    is_forward = _is_forward(reading, place)
    if is_forward or not before:
        own = [item for item in after if item.clause == reading.items[place].clause]
        return (before, after) if is_forward else (own, [item for item in after if item not in own] or own)
    return after, before
