"""What only tells does nothing: no record, page or log detects, decides or mends what an entry of it tells."""

from collections.abc import Iterator
from itertools import takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import TELLING, TOLD_OF

_DOCUMENTS = frozenset(stem(word) for word in ("record", "page", "log", "feed", "report", "timeline", "document"))
_NEAR = 4


def wrong_tellers(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`verified by the imported record` of what an entry from it tells; one that the entries' words name may act."""
    for item in sentence.content:
        if item.token.stem in TELLING | TOLD_OF or not is_predicate(sentence, item):
            continue
        doer = _doer(sentence, item)
        if doer and doer.token.stem in _DOCUMENTS and not any(one.matching(doer) for one in evidence.sources):
            detail = f"“{doer.token.text}” only tells, and no cited entry says “{item.token.text}” of it"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _doer(sentence: Reading, verb: Item) -> Item | None:
    """The last word behind `by` right after a verb, or else the one right before an active verb."""
    after = sentence.items[verb.place + 1 : verb.place + 2 + _NEAR]
    if after and after[0].token.text == "by":
        words = list(takewhile(lambda one: one.is_word and one.clause == verb.clause, after[1:]))
        return next((one for one in words if one.token.stem in _DOCUMENTS), None)
    before = sentence.at(verb.place - 1)
    return before if before and before.is_word and not before.is_past else None


def is_named_after(head: Item, meant: tuple[Item, ...], source: Source) -> bool:
    """Whether an author is only named after whom the text tells of (`merchants asked` by `merchant support`)."""
    who = source.who.content
    after = [source.reading.at(one.place + 1) for one in meant]
    is_last = not who or bool(who[-1].token.keys & head.token.keys)
    return not is_last and bool(after) and all(one is not None and is_predicate(source.reading, one) for one in after)
