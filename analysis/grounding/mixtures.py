"""A clause of a sentence is borne out by one half of an entry's sentence, not by what two of them tell."""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from analysis.grounding.deeds import Half
from analysis.grounding.evidence import Evidence
from analysis.grounding.forms import ARTICLES, BE
from analysis.grounding.halves import halves
from analysis.grounding.pieces import is_telling
from analysis.grounding.predicates import RELATIVES, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import BREAKS, CAUSAL, OTHERS, QUANTIFIER_OF, SPEECH

#: What parts a sentence into what may be told of different halves.
_PARTING = BREAKS | frozenset(
    [
        *("and", "or", "with", "without", "during", "following", "upon", "despite", "including", "leaving", "that"),
        *("than", "unlike", "rather", "instead", "except"),
    ]
)
_OTHER = -1
_FINITE = BE | {"had", "has", "have"}


def mixed_halves(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The clauses of *sentence* of which every half of an entry that has a part lacks another that it has elsewhere."""
    found = [(source, own) for source in evidence.sources for own in halves(source.reading) if len(own) > 1]
    about = frozenset(key for source in evidence.sources for key in source.about)
    for piece in _pieces(sentence) if found else ():
        telling = [item for item in piece if not item.token.keys & about and not _is_shared(item, sentence)]
        heard = [(item, places) for item in telling if (places := _places(item, sentence, evidence))]
        for source, own in found:
            inside = [(item, {place for label, place in places if label == source.label}) for item, places in heard]
            missing = _missing(inside, own)
            if missing is not None:
                shown = f"“{missing[0].token.text}” of “{missing[1].token.text}”"
                yield Failure(code=FailureCode.ROLE, detail=f"no half of the entry says {shown}")


def _missing(inside: Sequence[tuple[Item, set[int]]], own: Sequence[Half]) -> tuple[Item, Item] | None:
    """Two words that an entry's sentence has, and no half of it together."""
    whole = frozenset(one.place for half in own for one in half.items)
    if len(inside) < 2 or any(not places or places - whole for _, places in inside):
        return None
    counts = [[_has(half, item, places) for item, places in inside] for half in own]
    if any(all(known) for known in counts):
        return None
    best = max(counts, key=sum)
    lacking = next(item for (item, _), is_known in zip(inside, best, strict=True) if not is_known)
    return lacking, next(item for (item, _), is_known in zip(inside, best, strict=True) if is_known)


def _has(half: Half, item: Item, places: set[int]) -> bool:
    return bool(places & half.places) or (not item.is_past and bool(places & half.deeds))


def _pieces(sentence: Reading) -> Iterator[list[Item]]:
    """The clauses of a sentence: what stands between marks and connectives, a noun with its relative clause."""
    piece: list[Item] = []
    verbs, is_leading = -1, False
    for item in sentence.items:
        is_new = verbs >= 0 and _is_verb(item, sentence)
        verbs += is_new
        if item.token.text in RELATIVES and item.place:
            noun = _last_noun(piece, sentence)
            yield piece[: len(piece) - len(noun)]
            piece, verbs, is_leading = noun, 0, False
        elif _is_parting(item, sentence) or verbs > 1:
            # `after it was sent at noon the queue was drained`: without a comma nothing shows where the clause ends
            yield [] if (is_leading and verbs > 1) or _is_gerund(piece, sentence) else piece
            is_leading = sentence.is_first(item) and item.token.text in BREAKS
            piece, verbs = [item] if verbs > 1 else [], 0 if is_leading else -1
        else:
            piece.append(item)
    yield [] if _is_gerund(piece, sentence) else piece


def _is_gerund(piece: Sequence[Item], sentence: Reading) -> bool:
    """Whether a clause is about doing something, and its verb tells the effect (`adding a disk freed the queue`)."""
    is_doing = bool(piece) and piece[0].token.text.endswith("ing")
    return is_doing and any(_is_verb(one, sentence) for one in piece[1:])


def _is_shared(item: Item, sentence: Reading) -> bool:
    """Whether a share is of it (`99% of messages`), which an entry that tells a rate leaves out."""
    return (sentence.text_at(item.place - 2), sentence.text_at(item.place - 1)) == ("%", "of")


def _is_verb(item: Item, sentence: Reading) -> bool:
    """Whether another verb begins there."""
    is_verb = item.token.text in _FINITE or (item.is_content and item.is_past and is_predicate(sentence, item))
    return is_verb and not any(sentence.text_at(item.place - back) in _FINITE for back in (1, 2))


def _last_noun(piece: Sequence[Item], sentence: Reading) -> list[Item]:
    """The noun that a piece ends in, with what stands before it."""
    words = takewhile(lambda one: is_telling(one) and not is_predicate(sentence, one), reversed(piece))
    return list(words)[::-1]


def _is_parting(item: Item, sentence: Reading) -> bool:
    if item.token.sort is Sort.MARK:
        return item.token.text not in {"-", "/", "'", "%"}
    is_means = item.token.text == "by" and sentence.text_at(item.place + 1).endswith("ing")
    is_said = item.token.stem in SPEECH and (item.is_past or sentence.text_at(item.place + 1) == "that")
    return (
        is_means
        or is_said
        or _is_infinitive(item, sentence)
        or item.token.text in _PARTING
        or item.token.stem in CAUSAL
    )


def _is_infinitive(item: Item, sentence: Reading) -> bool:
    """Whether it is the `to` of a purpose (`used a spare one to send the notices`)."""
    verb, thing = sentence.at(item.place + 1), sentence.at(item.place + 2)
    if item.token.text != "to" or verb is None or thing is None or not verb.is_content or verb.token.is_name:
        return False
    return thing.is_content or thing.token.text in ARTICLES


def _places(item: Item, sentence: Reading, evidence: Evidence) -> set[tuple[str, int]]:
    """Where cited entries say what a word, a number or an amount says."""
    measure = next((one for one in sentence.measures if one.start == item.place), None)
    if measure is not None:
        return {
            (source.label, one.start)
            for source in evidence.sources
            for one in source.reading.measures
            if (one.sort, one.value, one.unit) == (measure.sort, measure.value, measure.unit)
        }
    if item.token.is_ordinal:
        return set(_alike(evidence, lambda one: one.token.is_ordinal and one.token.value == item.token.value))
    if item.is_content:
        return {(source.label, one.place) for source, one in evidence.matching(item)}
    group = _group(item)
    return set(_alike(evidence, lambda one: _group(one) == group)) if group is not None else set()


def _group(item: Item) -> int | None:
    """Which of the words for amounts it is one of, those for others among them."""
    return _OTHER if item.token.text in OTHERS | {"others", "rest"} else QUANTIFIER_OF.get(item.token.text)


def _alike(evidence: Evidence, is_alike: Callable[[Item], bool]) -> Iterator[tuple[str, int]]:
    for source in evidence.sources:
        yield from ((source.label, one.place) for one in source.reading.items if is_alike(one))
