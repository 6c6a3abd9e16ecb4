"""Before and after, then and later, while and when: in the order of the record."""

from collections.abc import Iterator, Sequence

from analysis.grounding.bearing import Places
from analysis.grounding.evidence import Evidence, Source, is_earlier
from analysis.grounding.forms import is_past
from analysis.grounding.heads import head_of
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.sequence import NEXT, Side, Told, beginning, is_connective, is_ordered, order_of
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import AFTER

_AT_ONCE = frozenset(["while", "when", "as"])


def wrong_order(sentence: Reading, evidence: Evidence, borne: Places) -> Iterator[Failure]:
    """What *sentence* puts in another order than the record."""
    for item in sentence.items:
        claims = _claims(sentence, item)
        if claims and all(_is_reversed(earlier, later, evidence, borne) for earlier, later in claims):
            yield Failure(code=FailureCode.ORDER, detail=f"“{item.token.text}” is not the order of the record")
    yield from _at_once(sentence, evidence)
    yield from _compared(sentence, evidence)


def _claims(sentence: Reading, item: Item) -> list[tuple[Side, Side]]:
    """What *item* tells as earlier and as later; more than one pair where it may be tied to either neighbour."""
    if item.token.sort is not Sort.WORD:
        return []
    if item.token.text in NEXT:
        return _next(sentence, item)
    is_earlier_here = _begins_earlier(sentence, item)
    if is_earlier_here is None:
        return []
    here = _side(sentence, _content(sentence, item.clause, after=item.place), is_first=True)
    others = [_side(sentence, other, is_first=other[-1].place > item.place) for other in _tied(sentence, item)]
    pairs = [(here, other) for other in others if here is not None and other is not None]
    return pairs if is_earlier_here else [(other, here) for here, other in pairs]


def _begins_earlier(sentence: Reading, item: Item) -> bool | None:
    """Whether what stands behind *item* came before what it is tied to, or after it; `None` where it orders nothing."""
    word = item.token.text
    if word == "time" and [sentence.text_at(item.place - 2), sentence.text_at(item.place - 1)] == ["by", "the"]:
        return False
    if word == "having":  # `having rolled it back`, not `having issues`
        after = sentence.text_at(item.place + 1)
        return after == "been" or (is_past(after) and sentence.is_first(item)) or None
    if word == "when":
        has_had = {one.clause == item.clause for one in sentence.items if one.token.text == "had"}
        return has_had.pop() if len(has_had) == 1 else None
    return word in AFTER if is_connective(sentence, item) else None


def _next(sentence: Reading, item: Item) -> list[tuple[Side, Side]]:
    """`A and later B`, where A has a verb of its own."""
    segment = [one for one in sentence.items if one.segment == item.segment]
    start = beginning(segment, item)
    before = [one for one in segment if one.is_content and one.place < start]
    verbs = [one for one in before if is_predicate(sentence, one)]
    own = [one for one in before if verbs and one.clause == verbs[-1].clause]
    pair = (
        _side(sentence, own, is_first=False),
        _side(sentence, _content(sentence, item.clause, after=start), is_first=True),
    )
    return [(pair[0], pair[1])] if pair[0] is not None and pair[1] is not None else []


def _side(sentence: Reading, words: Sequence[Item], *, is_first: bool) -> Side | None:
    """The words of a side; what it tells is the verb nearest to the connective, or the noun that it is about."""
    if not words:
        return None
    verbs = [one for one in words if is_predicate(sentence, one) or one.token.text.endswith("ing")]
    verbs = verbs[:1] if is_first else verbs[-1:]
    head = head_of(words, sentence)
    return Side(tuple(words), (*verbs, *([head] if head is not None else []), words[-1]))


def _at_once(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`A while B`: a sentence of an entry has both verbs, and in no order, or two entries are cited."""
    for item in sentence.items:
        if item.token.text not in _AT_ONCE or len(evidence.sources) > 1:
            continue
        if all(source.reading.is_short for source in evidence.sources):
            continue
        main = [one for other in _tied(sentence, item) for one in other]
        one, other = _verb(main, sentence), _verb(_content(sentence, item.clause, after=item.place), sentence)
        if one is None or other is None or is_ordered(one, other, sentence):  # `while it first held, it later fell`
            continue
        ones, others = ([place for _, place in evidence.matching(verb)] for verb in (one, other))
        if ones and others and not _are_at_once(ones, others, evidence.sources[0]):
            yield Failure(code=FailureCode.ORDER, detail=f"no cited entry says this “{item.token.text}” that")


def _are_at_once(ones: Sequence[Item], others: Sequence[Item], source: Source) -> bool:
    return any(
        one.segment == other.segment and not is_ordered(one, other, source.reading) for one in ones for other in others
    )


def _verb(words: Sequence[Item], sentence: Reading) -> Item | None:
    return next((one for one in words if is_predicate(sentence, one)), None)


def _tied(sentence: Reading, item: Item) -> list[list[Item]]:
    """What a connective may tie its clause to: its beginning, the clause before, or, after a comma, the next."""
    beginning = _content(sentence, item.clause, before=item.place)
    if beginning:
        return [beginning]
    before, after = _neighbour(sentence, item, -1), _neighbour(sentence, item, 1)
    is_apart = sentence.text_at(item.place - 1) in {",", "and", ";"}
    return [one for one in ((before, after) if is_apart else (before or after,)) if one]


def _content(sentence: Reading, clause: int, *, after: int = -1, before: int | None = None) -> list[Item]:
    words = [item for item in sentence.content if item.clause == clause and item.place > after]
    return words if before is None else [item for item in words if item.place < before]


def _neighbour(sentence: Reading, item: Item, side: int) -> list[Item]:
    """The nearest clause with content before (-1) or after (1) that of *item*."""
    clauses = [one.clause for one in sentence.content if (one.clause - item.clause) * side > 0]
    nearest = min(clauses, key=lambda clause: abs(clause - item.clause), default=None)
    return [one for one in sentence.content if one.clause == nearest]


def _is_reversed(earlier: Side, later: Side, evidence: Evidence, borne: Places) -> bool:
    one, other = _best(earlier.words, later.words, evidence), _best(later.words, earlier.words, evidence)
    if one is None or other is None:
        return False
    if one is not other:
        return not is_earlier(one.ground, other.ground)
    return order_of(earlier, later, one, borne) is Told.REVERSED


def _best(items: Sequence[Item], others: Sequence[Item], evidence: Evidence) -> Source | None:
    """The entry that says the most of *items* and, of equals, the least of *others*."""
    ranked = [
        (sum(source.weight(item) for item in items), -sum(source.weight(item) for item in others), place)
        for place, source in enumerate(evidence.sources)
    ]
    best = max(ranked, default=None)
    return evidence.sources[best[2]] if best and best[0] else None


def _compared(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`later` and `earlier` need another cited entry on that side of the one that the clause tells of."""
    for item in sentence.items:
        word = item.token.text
        clause = [one for one in sentence.clause_of(item) if one.is_content]
        if word not in {"later", "afterwards", "subsequently", "thereafter", "earlier"}:
            continue
        is_compared = sentence.text_at(item.place + 1) == "than"
        if is_compared and not any(_writes(word, source) for source in evidence.sources):
            yield Failure(code=FailureCode.ORDER, detail=f"no cited entry says “{word} than”")
        if len(evidence.sources) < 2:
            continue
        aligned = evidence.aligned(clause)
        if len(aligned) != 1 or _writes(word, aligned[0]):
            continue
        others = [source.ground for source in evidence.sources if source is not aligned[0]]
        told = aligned[0].ground
        is_right = [is_earlier(told, one) if word == "earlier" else is_earlier(one, told) for one in others]
        if not any(is_right):
            yield Failure(code=FailureCode.ORDER, detail=f"“{word}” is not the order of the record")


def _writes(word: str, source: Source) -> bool:
    wanted = {"earlier", "prior", "previous", "previously"} if word == "earlier" else {word, "later", "then"}
    return any(item.token.text in wanted for item in source.reading.items)
