"""What a sentence says was lacking, not done or not so must be lacking in an entry, of the same thing, and back.

Polarity is judged word by word by `words`. Here each word that takes something away (`without`, `no`, `lack of`,
`instead of`, `failed to`) is held against those of the entries: each needs one of its own there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import complements
from analysis.grounding.vocabulary import GONE, NEGATIONS, PREVENTING

#: Words that take away what stands behind them, or before them where nothing does (`logs were missing`).
_LACKING = frozenset(["lack", "lacks", "lacked", "lacking", "absence", "absent", "missing", "except", "excluding"])
_PAIRS = frozenset({("instead", "of"), ("rather", "than")})
_FAIL = frozenset(stem(word) for word in ("fail", "failure"))
_FAULTS = frozenset(stem(word) for word in ("issue", "problem", "incident", "disruption", "outage", "error", "fault"))
#: They go on with the denial before them.
_JOINING = frozenset(["nor"])
_THINGS = 4
_FAR = 60
#: How many of an entry are looked at: what lies beyond answers nothing.
_MOST = 200


@dataclass(frozen=True, slots=True)
class _Privative:
    """A word that takes something away, and what."""

    cue: Item
    things: tuple[Item, ...]
    is_denial: bool  #: whether `words` judges it, too


def wrong_privatives(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* denies without a denial in an entry, or affirms though an entry says that it was lacking."""
    yield from _unanswered(sentence, evidence)
    yield from _dropped(sentence, evidence)


def _unanswered(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    taken: set[tuple[str, int]] = set()
    theirs = [(source, list(_privatives(source.reading))) for source in evidence.sources]
    for one in _privatives(sentence):
        answers = {(source.label, place) for source, own in theirs for place in _answers(one, own, source, sentence)}
        free = sorted(answers - taken)
        if not free:
            detail = f"no cited entry says “{one.cue.token.text}” of this"
            yield Failure(code=FailureCode.POLARITY, detail=detail)
        taken.update(free[:1])


def _answers(one: _Privative, own: list[_Privative], source: Source, sentence: Reading) -> Iterator[int]:
    """Where an entry takes away what the sentence does."""
    heard = {found for thing in one.things for found in source.matching(thing)}
    clauses = {found.clause for found in heard}
    is_pair = (one.cue.token.text, sentence.text_at(one.cue.place + 1)) in _PAIRS
    for theirs in own:
        if is_pair and theirs.cue.token.stem in _FAIL:
            continue
        is_near = theirs.cue.clause in clauses if theirs.is_denial else bool(heard & set(theirs.things))
        if is_near or not one.things:
            yield theirs.cue.place
    if is_pair:
        return
    yield from (place for thing in one.things for place in _contraries(thing, source))
    yield from _losses(one, source, sentence, clauses)


def _losses(one: _Privative, source: Source, sentence: Reading, clauses: set[int]) -> Iterator[int]:
    """Where an entry tells by another word that there was none (`gone`, `stopped`, `failed`, `still building`)."""
    own = [item for item in sentence.items if item.clause == one.cue.clause]
    repeated = {item.token.stem for item in sentence.content}
    is_fault = any(item.token.stem in _FAULTS for item in own)
    is_yet = any(item.token.text == "yet" for item in own)
    nought = set(noughts(source.reading))
    for item in source.reading.items:
        word = item.token
        if item.place in nought:
            yield item.place
        is_loss = word.text in GONE or word.stem in PREVENTING or (word.stem in _FAIL and not is_fault)
        is_new = is_loss and word.stem not in repeated
        if item.clause in clauses and (is_new or (is_yet and word.text.endswith("ing"))):
            yield item.place


def noughts(reading: Reading) -> Iterator[int]:
    """The places of the nouns of which a text counts none, right behind a nought or before `: none`."""
    for one in reading.measures:
        if one.text == "0" and not one.unit:
            yield one.end
    for item in reading.items:
        if item.token.text == "none" and reading.text_at(item.place - 1) == ":":
            yield item.place - 2


def is_nought(item: Item, one: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether an entry counts none of it (`0 differences`, `reviewer: none`), or of what is denied before it."""
    denied = [other for other in sentence.clause_of(item) if other.is_negated and other.place < item.place]
    for source_ in evidence.sources:
        places = set(noughts(source_.reading))
        if one in source_.reading.content and one.place in places:
            return True
        nouns = [found for other in denied for found in source_.matching(other) if found.place in places]
        if any(noun.clause == one.clause and noun.place < one.place for noun in nouns):
            return True
    return False


def is_counted_none(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether the entries count none of what the sentence affirms (`found differences` of `0 differences`)."""
    if item.is_negated or any(not one.value for one in sentence.measures):
        return False
    own = {one.token.text for one in sentence.clause_of(item)}
    return not own & GONE and all(one.place in noughts(source_.reading) for source_, one in evidence.matching(item))


def _contraries(thing: Item, source: Source) -> Iterator[int]:
    for word in complements(thing.token.stem):
        yield from (found.place for found in source.index.get(word, ()))


def _dropped(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    if any(_privatives(sentence)):
        return
    lacking = {
        (source.label, thing.place)
        for source in evidence.sources
        for one in _privatives(source.reading)
        if not one.is_denial
        for thing in one.things
    }
    for item in sentence.content:
        found = list(evidence.matching(item))
        if found and all((source.label, one.place) in lacking for source, one in found):
            detail = f"a cited entry says that “{item.token.text}” was lacking"
            yield Failure(code=FailureCode.POLARITY, detail=detail)


def _privatives(reading: Reading) -> Iterator[_Privative]:
    cues = (item for item in reading.items if _is_cue(reading, item) and item.token.text not in _JOINING)
    for item in islice(cues, _MOST):
        is_denial = item.token.text in NEGATIONS or item.token.stem in _FAIL
        yield _Privative(item, tuple(_things(reading, item)), is_denial)


def _is_cue(reading: Reading, item: Item) -> bool:
    after = reading.text_at(item.place + 1)
    if not item.is_word:
        return False
    if item.token.text in NEGATIONS:
        return after != "only"
    return (
        item.token.text in _LACKING
        or (item.token.text, after) in _PAIRS
        or (item.token.stem in _FAIL and after == "to")
    )


def _things(reading: Reading, cue: Item) -> list[Item]:
    """The words that it takes away."""
    near = reading.items[max(0, cue.place - _FAR) : cue.place + _FAR]
    words = [one for one in near if one.clause == cue.clause and one.is_content and one is not cue]
    after = [one for one in words if one.place > cue.place][:_THINGS]
    return after or words[-_THINGS:]
