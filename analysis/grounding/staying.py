"""What stays so, where an entry tells of something that does: `Dublin failed over, Paris stayed in London`.

`stay` and `remain` assert nothing of their own where no entry has them (`was and remained full`), so that no other
check holds them against what they are told of.
"""

from collections.abc import Iterator
from itertools import takewhile

from analysis.grounding.deeds import Half
from analysis.grounding.evidence import Evidence
from analysis.grounding.forms import ARTICLES
from analysis.grounding.halves import halves
from analysis.grounding.predicates import PREPOSITIONS
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import NEUTRAL

_STAYING = frozenset(map(stem, ("stay", "remain")))
#: By what else an entry tells that something did not change.
_UNCHANGED = _STAYING | frozenset(map(stem, ("keep", "continue", "leave", "left", "unchanged", "still", "not")))


def wrong_stays(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`Dublin stayed in London` of what an entry tells of something else that stayed."""
    verbs = [one for one in sentence.items if one.token.stem in _STAYING]
    unchanged = [(source, list(_unchanged(source.reading))) for source in evidence.sources] if verbs else []
    for verb in verbs:
        subject = _subject(verb, sentence)
        if subject is None:
            continue
        told = [
            (half, {one.place for one in source.matching(subject)})
            for source, own in unchanged
            for half in own
            if source.matching(subject)
        ]
        is_staying = any(one.token.stem in _STAYING for half, _ in told for one in half.items)
        if is_staying and not any(_is_about(half, places) for half, places in told):
            detail = f"no cited entry says “{verb.token.text}” of “{subject.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _unchanged(reading: Reading) -> Iterator[Half]:
    for own in halves(reading):
        yield from (half for half in own if any(one.token.stem in _UNCHANGED for one in half.items))


def _subject(verb: Item, sentence: Reading) -> Item | None:
    """The head of the words before a verb in its clause; nothing where a preposition makes that open."""
    before = [one for one in sentence.items[: verb.place] if one.clause == verb.clause]
    if any(one.token.text in PREPOSITIONS for one in before):
        return None
    words = list(takewhile(lambda one: one.is_content or one.token.stem in NEUTRAL, reversed(before)))
    return words[0] if words and words[0].is_content and not words[0].is_past else None


def _is_about(half: Half, places: set[int]) -> bool:
    """Whether what stays in a half is one of *places*: before its verb, or taken over from the half before it."""
    verb = next(one for one in half.items if one.token.stem in _UNCHANGED)
    before = {one.place for one in half.items if one.place < verb.place}
    is_first = not any(one.token.text not in ARTICLES for one in half.items if one.place < verb.place)
    return bool(places & (before | half.taken)) or (is_first and verb.token.stem not in _STAYING)
