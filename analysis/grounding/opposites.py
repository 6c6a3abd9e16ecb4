"""What a sentence says with the contrary of a word that the cited entries have, where each word for itself is known."""

from collections.abc import Iterator

from analysis.grounding.contrasts import ends
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import PRESENT_OF_BE, WAS
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import contraries, keys
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import NEUTRAL

_BESIDE = 3
_ONE = frozenset(["one", "ones"])
#: Verbs that assert nothing, unless an entry says that it was not so.
_GOING_ON = frozenset(stem(word) for word in ("continue", "stay", "remain", "pass"))
_PASS = stem("pass")
_MORE, _LESS = frozenset(["more"]), frozenset(["less", "fewer"])
_UP = frozenset(stem(word) for word in ("increased", "rose", "grew", "raised", "scaleup", "more"))
_DOWN = frozenset(stem(word) for word in ("decreased", "fell", "dropped", "reduced", "lowered", "shrank", "scaledown"))


def opposites(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The words of *sentence* against which a cited entry has the contrary of the same thing."""
    said = _said(evidence)
    for item in sentence.items:
        if not item.is_word or item.is_negated:
            continue
        if (
            _goes_on(item, sentence, evidence, said)
            or _is_other_state(item, sentence, evidence, said)
            or _is_other_kind(item, sentence, evidence)
            or _is_other_amount(item, sentence, evidence, said)
        ):
            detail = f"a cited entry says the contrary of “{item.token.text}”"
            yield Failure(code=FailureCode.ANTONYM, detail=detail)


def _said(evidence: Evidence) -> frozenset[str]:
    return frozenset(
        item.token.stem for source in evidence.sources for item in source.reading.items if not item.is_negated
    )


def _goes_on(item: Item, sentence: Reading, evidence: Evidence, said: frozenset[str]) -> bool:
    """`continued` of what an entry tells as stopped."""
    if item.token.stem not in _GOING_ON or evidence.sayers(item) or _is_elapsed(item, sentence):
        return False
    own = {one.token.stem for one in sentence.items}
    return bool(contraries(item.token.stem) & said - own)


def _is_elapsed(item: Item, sentence: Reading) -> bool:
    """`40 minutes passed`."""
    before = sentence.at(item.place - 1)
    return item.token.stem == _PASS and before is not None and before.is_measured


def _is_other_state(item: Item, sentence: Reading, evidence: Evidence, said: frozenset[str]) -> bool:
    """`was up` of what an entry calls down, and the online shop besides."""
    before = sentence.text_at(item.place - 1)
    if before not in WAS | PRESENT_OF_BE or not item.is_content or not contraries(item.token.stem) & said:
        return False
    found = [one for _, one in evidence.matching(item)]
    return bool(found) and not any(one.token.stem == item.token.stem for one in found)


def _is_other_kind(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`the old code` of what every cited entry calls the new code."""
    noun = sentence.at(item.place + 1)
    wanted = contraries(item.token.stem)
    if noun is None or not noun.is_content or not wanted or item.token.sort is not Sort.WORD:
        return False
    if any(source.reading.text_at(one.place + 1) in _ONE for source, one in evidence.matching(item)):
        return False  # `old list removed, new one in review`
    near = [_near(source, one) for source, one in evidence.matching(noun)]
    same = keys(item.token.stem)
    return any(wanted & {one.token.stem for one in before} for before in near) and not any(
        same & one.token.keys for before in near for one in before
    )


def _near(source: Source, one: Item) -> list[Item]:
    return [
        other for other in source.reading.items[max(0, one.place - _BESIDE) : one.place] if other.clause == one.clause
    ]


def _is_other_amount(item: Item, sentence: Reading, evidence: Evidence, said: frozenset[str]) -> bool:
    """`less memory` of what an entry tells as raised, and the other way round; not `less than`."""
    after = sentence.at(item.place + 1)
    if after is None or not (after.is_content or after.token.stem in NEUTRAL):
        return False
    if _is_other_comparison(item, after, evidence):
        return True
    if item.token.text in _LESS:
        return bool(said & _UP) and not said & _DOWN
    return item.token.text in _MORE and bool(said & _DOWN) and not said & _UP


def _is_other_comparison(item: Item, noun: Item, evidence: Evidence) -> bool:
    """`less impact` of what the cited entries tell as more impact."""
    wanted = _MORE if item.token.text in _LESS else _LESS if item.token.text in _MORE else frozenset()
    before = [source.reading.text_at(one.place - 1) for source, one in evidence.matching(noun)]
    return any(text in wanted for text in before) and item.token.text not in before


def is_changed(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`increased` of what an entry tells from a number to a greater one (`scaled from 2 to 6`)."""
    if not item.token.keys & (_UP | _DOWN):
        return False
    own = {one.value for one in sentence.measures if sentence.items[one.start].clause == item.clause}
    verb = stem(item.token.text)
    is_named = any(one.token.stem == verb for source in evidence.sources for one in source.reading.items)
    is_up = bool(item.token.keys & _UP)
    changes = [
        (one.token.value, other.token.value)
        for source in evidence.sources
        for one, other in ends(source.reading)
        if one.token.sort is Sort.NUMBER and other.token.sort is Sort.NUMBER
    ]
    told = [{first, last} for first, last in changes if last != first and (last > first) is is_up]
    return any(own & pair if own else is_named for pair in told)
