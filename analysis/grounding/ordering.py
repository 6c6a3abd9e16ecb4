"""Before and after, later and earlier, from and to, instead of: in the order of the record."""

from collections.abc import Iterator, Sequence
from itertools import islice

from analysis.grounding.evidence import Evidence, Source, is_earlier
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import AFTER, BEFORE

_MOST_CUES = 20
#: What parts an entry into what came first and what came next.
_WRITTEN = frozenset(["before", "until", "till", "after", "once", "followed"])
_AT_ONCE = frozenset(["while", "when", "as"])
#: How far before a verb its `had` stands.
_NEAR = 3


def wrong_order(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* puts in another order than the record."""
    yield from _connected(sentence, evidence)
    yield from _at_once(sentence, evidence)
    yield from _compared(sentence, evidence)


def _at_once(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`A while B`: a sentence of an entry has both verbs, or two entries are cited."""
    for item in sentence.items:
        if item.token.text not in _AT_ONCE or len(evidence.sources) > 1:
            continue
        main = [one for other in _tied(sentence, item) for one in other]
        verbs = [_verb(words, sentence) for words in (main, _content(sentence, item.clause, after=item.place))]
        places = [{one.segment for _, one in evidence.matching(verb)} for verb in verbs if verb]
        if all(source.reading.is_short for source in evidence.sources):
            continue
        if len(places) == 2 and all(places) and not places[0] & places[1]:
            yield Failure(code=FailureCode.ORDER, detail=f"no cited entry says this “{item.token.text}” that")


def _verb(words: Sequence[Item], sentence: Reading) -> Item | None:
    return next((one for one in words if is_predicate(sentence, one)), None)


def _connected(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`A before B`, `A after B`, `after B, A`, `A, then B`."""
    for item in sentence.items:
        word = item.token.text
        is_then = (word == "then" and item.token.sort is Sort.WORD) or _is_followed(sentence, item)
        if word not in BEFORE | AFTER and not is_then:
            continue
        here = _content(sentence, item.clause, after=item.place)
        others = _tied(sentence, item)
        if here and others and all(_is_against(word, here, other, evidence) for other in others):
            yield Failure(code=FailureCode.ORDER, detail=f"“{word}” is not the order of the record")


def _is_followed(reading: Reading, item: Item) -> bool:
    """`followed` of `A, followed by B`, not of `followed the runbook`."""
    after = reading.items[item.place + 1 : item.place + 2]
    return item.token.text == "followed" and bool(after) and after[0].token.text == "by"


def _is_against(word: str, here: Sequence[Item], other: Sequence[Item], evidence: Evidence) -> bool:
    return _is_reversed(here, other, evidence) if word in AFTER else _is_reversed(other, here, evidence)


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


def _is_reversed(earlier: Sequence[Item], later: Sequence[Item], evidence: Evidence) -> bool:
    one, other = _best(earlier, later, evidence), _best(later, earlier, evidence)
    if one is None or other is None:
        return False
    if one is not other:
        return not is_earlier(one.ground, other.ground)
    written = _written_order(earlier, later, one)
    if written:
        return written < 0
    first = _places(earlier, later, one)
    second = _places(later, earlier, one)
    if not first or not second:
        return False
    return _is_told_backwards(one, first, second) or (min(first) > max(second) and not _turns(one, second, first))


def _written_order(earlier: Sequence[Item], later: Sequence[Item], source: Source) -> int:
    """How many words of the two stand on the right sides of a `before` or `after` of the entry, less those across."""
    total = 0
    cues = (one for one in source.reading.items if one.token.text in _WRITTEN and _is_cue(source.reading, one))
    for cue in islice(cues, _MOST_CUES):
        first, second = _sides_of(source.reading, cue)
        if first and second:
            total += _on_side(earlier, source, first, second) + _on_side(later, source, second, first)
    return total


def _is_cue(reading: Reading, item: Item) -> bool:
    """Not `once again`, and `followed` only with `by`."""
    after = reading.items[item.place + 1 : item.place + 2]
    if item.token.text == "once":
        return bool(after) and after[0].token.text != "again"
    return item.token.text != "followed" or _is_followed(reading, item)


def _sides_of(reading: Reading, cue: Item) -> tuple[set[int], set[int]]:
    """Where in its sentence stands what a connective tells as first, and as second (`Once A, B`, `B once A`)."""
    segment = [one for one in reading.content if one.segment == cue.segment]
    left = {one.place for one in segment if one.place < cue.place}
    right = {one.place for one in segment if one.place > cue.place}
    if not left:  # it begins the sentence
        right = {one.place for one in segment if one.place > cue.place and one.clause == cue.clause}
        left = {one.place for one in segment if one.clause > cue.clause}
    return (left, right) if cue.token.text in BEFORE or cue.token.text == "followed" else (right, left)


def _on_side(words: Sequence[Item], source: Source, own: set[int], other: set[int]) -> int:
    """How many of *words* an entry has only among *own*, less those that it has only among *other*."""
    found = [{one.place for one in source.matching(item)} for item in words]
    return sum((bool(one & own) and not one & other) - (bool(one & other) and not one & own) for one in found)


def _best(items: Sequence[Item], others: Sequence[Item], evidence: Evidence) -> Source | None:
    """The entry that says the most of *items* and, of equals, the least of *others*."""
    ranked = [
        (sum(source.weight(item) for item in items), -sum(source.weight(item) for item in others), place)
        for place, source in enumerate(evidence.sources)
    ]
    best = max(ranked, default=None)
    return evidence.sources[best[2]] if best and best[0] else None


def _places(items: Sequence[Item], others: Sequence[Item], source: Source) -> list[int]:
    common = {key for item in others for key in item.token.keys}
    own = [item for item in items if not item.token.keys & common]
    return [found.place for item in own for found in source.matching(item)]


def _turns(source: Source, first: Sequence[int], second: Sequence[int]) -> bool:
    """Whether a word between the two says that what is told first came later (`X after Y`)."""
    items = source.reading.items
    is_after = any(item.token.text in AFTER for item in items[min(first) : max(second) + 1])
    return is_after or any(
        item.token.text == "had" for place in second for item in items[max(0, place - _NEAR) : place]
    )


def _is_told_backwards(source: Source, first: Sequence[int], second: Sequence[int]) -> bool:
    """Whether the entry says `earlier after later` itself."""
    between = source.reading.items[max(first) : min(second)]
    return any(item.token.text in AFTER - {"when", "since"} for item in between)


def _compared(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`later` and `earlier` need another cited entry on that side of the one that the clause tells of."""
    for item in sentence.items:
        word = item.token.text
        clause = [one for one in sentence.clause_of(item) if one.is_content]
        if word not in {"later", "afterwards", "subsequently", "thereafter", "earlier"} or len(evidence.sources) < 2:
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
