"""What an entry tells only with a reserve must be told with a reserve of the same kind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import WAS, is_plural
from analysis.grounding.reaches import Places, Reserve, parts_of, reserved
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import (
    AMOUNTS_OF,
    ASKING,
    BEGUN,
    COMPLETED,
    FEW_OF,
    LIMITING_OF,
    PARTICLES,
    QUANTIFIER_OF,
    SPEECH,
    TENTATIVE,
    WHENEVER,
)
from analysis.grounding.words import is_completed

_NEAR = 4
_PARTS = frozenset({Reserve.PART, Reserve.COUNTED, Reserve.OTHERS})
_REST = frozenset(["other", "others", "remaining", "rest", "another", "else", "further", "additional", "more", "new"])
_AT_FIRST = frozenset(["initially", "originally", "first", "before", "until", "began", "started", "then", "had"])
#: By which words of a sentence a reserve is kept.
_KEPT_BY: Mapping[Reserve, frozenset[str]] = {
    Reserve.OTHERS: _REST,
    Reserve.AT_FIRST: _AT_FIRST,
    Reserve.CONDITION: WHENEVER,
}
_WHOLE = frozenset({QUANTIFIER_OF["all"], QUANTIFIER_OF["both"]})
_OF_A_PART = QUANTIFIER_OF.keys() | LIMITING_OF | FEW_OF | AMOUNTS_OF
#: Whoever does this supposes no more.
_SURE = frozenset([stem("confirm")])
_DECIDING = frozenset(stem(word) for word in ("needed", "decided", "decision", "agreed", "chose", "opted"))


@dataclass(frozen=True, slots=True)
class Reserves:
    """The reserves of a sentence and of the entries that it cites, each read once."""

    sentence: Reading
    evidence: Evidence
    parts: list[int]
    own: Places
    theirs: Mapping[str, Places]
    is_told: bool  #: whether the sentence itself says whose words it tells

    @staticmethod
    def of(sentence: Reading, evidence: Evidence) -> "Reserves":
        """Those of *sentence* and of all that it cites."""
        theirs = {one.label: reserved(one.reading) for one in evidence.sources}
        tellers = {item.token.stem for item in sentence.items if not _is_told(item, evidence, theirs)} & SPEECH
        return Reserves(sentence, evidence, parts_of(sentence), reserved(sentence), theirs, bool(tellers))

    def unkept(self, item: Item, places: Iterable[tuple[Source, Item]]) -> Iterator[Reserve]:
        """The reserves with which an entry has *item* at every one of *places*, and the sentence does not."""
        found = list(places)
        for reserve in Reserve if found else ():
            is_told = reserve is Reserve.ATTRIBUTED and self.is_told
            if is_told or _is_bare(reserve, item):
                continue
            is_reserved = all(one.place in self.theirs[source.label][reserve] for source, one in found)
            if not is_reserved or _keeps(reserve, item, self.sentence, self.parts, self.own):
                continue
            if reserve is not Reserve.ATTRIBUTED or not _is_meant(item, self.sentence, self.evidence):
                yield reserve


def without_reserve(sentence: Reading, evidence: Evidence, reserves: Reserves) -> Iterator[Failure]:
    """What *sentence* tells without the reserve with which every cited entry tells it."""
    for item in sentence.content:
        for reserve in reserves.unkept(item, evidence.matching(item)):
            code = FailureCode.QUANTIFIER if reserve in _PARTS else FailureCode.CERTAINTY
            yield Failure(code=code, detail=f"the entry tells “{item.token.text}” only {reserve.value}")


def _is_told(item: Item, evidence: Evidence, theirs: Mapping[str, Places]) -> bool:
    """Whether a word belongs to what somebody says in an entry, so that it does not say that he says it."""
    heard = list(evidence.matching(item))
    found = [(source, one) for source, one in heard if one.token.stem == item.token.stem] or heard
    return bool(found) and all(one.place in theirs[source.label][Reserve.ATTRIBUTED] for source, one in found)


def _is_meant(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether it is what an entry names in somebody's words and then does (`says the fix works, deployed it`)."""
    done = [] if item.is_past else [one for one in sentence.clause_of(item) if one.is_past and one.is_content]
    return bool(done) and all(
        any(_has_pronoun(source, found) for source, found in evidence.matching(one)) for one in done
    )


def _has_pronoun(source: Source, one: Item) -> bool:
    after = source.reading.items[one.place + 1 : one.place + 2]
    return bool(after) and after[0].token.text in {"it", "them"}


def _is_bare(reserve: Reserve, item: Item) -> bool:
    """Whether it tells how something went on, not of what: a part that began, or recovered again, did so, too."""
    return reserve in _PARTS and (item.token.stem in BEGUN or item.token.text in PARTICLES)


def _is_told_done(item: Item, sentence: Reading, part: list[Item]) -> bool:
    """Whether it is told as over: in the past, as something that was there, or as completed."""
    is_past = item.is_past and not item.is_negated and sentence.text_at(item.place - 1) != "being"
    return is_past or _is_there(item, sentence) or any(one.token.text in COMPLETED for one in part)


def _is_there(item: Item, sentence: Reading) -> bool:
    """Whether it is told as something that was there (`there was no impact`)."""
    near = [one.token.text for one in sentence.items[max(0, item.place - _NEAR) : item.place]]
    return any(one == "there" and other in WAS for one, other in pairwise(near))


def _is_some(item: Item, sentence: Reading, part: list[Item]) -> bool:
    """Whether it is told of a number, or of a plural without article (`Nodes failed`), which is some of them."""
    first = part[0].token.text if part else ""
    is_bare = bool(part) and part[0].is_content and is_plural(first)
    near = part if item.is_past else sentence.items[max(0, item.place - _NEAR) : item.place]
    return is_bare or any(_is_amount(one, sentence) for one in near)


def _is_amount(one: Item, sentence: Reading) -> bool:
    """Whether it says of how many, but for `all three`."""
    before = sentence.text_at(one.place - 1)
    if one.is_measured and QUANTIFIER_OF.get(before) in _WHOLE:
        return False
    return one.is_measured or one.token.text in _OF_A_PART


def _keeps(reserve: Reserve, item: Item, sentence: Reading, parts: list[int], own: Places) -> bool:
    """Whether *sentence* tells *item* with *reserve*, or does not tell it as what was so."""
    if item.place in own[reserve] or (item.is_tentative and reserve not in _PARTS):
        return True
    part = [one for one in sentence.items if parts[one.place] == parts[item.place]]
    segment = [one.token for one in sentence.items if one.segment == item.segment]
    words, stems = {one.text for one in segment}, {one.stem for one in segment}
    match reserve:
        case Reserve.UNDER_WAY:
            is_kept = not _is_told_done(item, sentence, part) or any(one.token.stem in BEGUN for one in part)
        case Reserve.PART:
            near = part if item.is_past else sentence.items[max(0, item.place - _NEAR) : item.place]
            is_kept = item.is_negated or any(one.is_measured or one.token.text in _OF_A_PART for one in near)
        case Reserve.COUNTED:
            is_kept = item.is_negated or _is_some(item, sentence, part)
        case Reserve.TO_BE_DONE:
            is_kept = not (item.is_past or is_completed(sentence, item)) or bool(stems & _DECIDING)
        case Reserve.ASKED:
            is_kept = bool(stems & ASKING) or "if" in words
        case Reserve.SUPPOSED:
            is_kept = bool(stems & (TENTATIVE | SPEECH - _SURE))
        case _:
            is_kept = bool(words & _KEPT_BY.get(reserve, frozenset()))
    return is_kept
