"""An entry of two clauses tells two things: what one of them tells is not told of the other's subject, place or time.

Each half of a sentence of an entry stands for itself (`sandbox unaffected, live environment slow`), with what it
leaves out and the half before it has: its subject (`finished on the primary, still running on the replica`), its noun
(`first batch sent, second one refused`) or its verb (`lift 1 mended on Monday, lift 2 on Friday`). What is done to `it`
or to nothing named may be done to what an earlier half did something to (`deployed it, errors rose, rolled back`).
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from analysis.grounding.deeds import (
    ADVERBS,
    HAPPENING,
    Half,
    done_before,
    first_of,
    group_of,
    is_happening,
    named_before,
    nouns_of,
    objects_of,
)
from analysis.grounding.forms import ARTICLES, BE, FULL_STOPS, is_plural
from analysis.grounding.measures import Measured
from analysis.grounding.pieces import colon, folded, is_beside, is_closed, is_telling, is_that_of, verb_of
from analysis.grounding.predicates import PREPOSITIONS, is_adverb
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import OBSERVING, OTHERS, QUANTIFIER_OF

_PRONOUNS = frozenset(["it", "its", "this", "they", "them", "these", "their", "none"])
#: Those that stand for what is counted, not for which.
_ONE = frozenset(["one", "ones"])
_ONES = _ONE | frozenset(["those", "some", "others", "rest", "another"])
#: What was found by what the half before tells.
_FINDING = OBSERVING | frozenset(map(stem, ("verify", "confirm", "reproduce")))
#: How many halves back what a half leaves out may stand.
_FAR = 8
_PLACING = frozenset(["in", "on", "at", "to", "into", "onto", "from", "within"])


def halves(reading: Reading) -> Iterator[tuple[Half, ...]]:
    """The halves of each sentence of *reading*."""
    sentence: list[Item] = []
    for item in (*reading.items, None):
        if item is not None and item.token.text not in FULL_STOPS:
            sentence.append(item)
        elif sentence:
            yield tuple(_inheriting(folded(sentence, reading), reading))
            sentence = []


def _inheriting(pieces: list[list[Item]], reading: Reading) -> Iterator[Half]:
    heading = frozenset(one.place for one in pieces[0][: colon(pieces[0])]) if pieces else frozenset()
    earlier: list[Half] = []
    for piece in pieces:
        verb = verb_of(piece[colon(piece) :], reading)
        taken, deeds = _taken(piece, verb, earlier[-1], reading) if earlier else (frozenset(), frozenset())
        done = done_before(piece, earlier)
        if done and is_happening(earlier[-1]) and earlier[-1] not in done and not _is_going_on(verb):
            taken -= {one.place for one in nouns_of(earlier[-1])}
        objects = frozenset(one.place for half in done for one in objects_of(half, piece))
        named = frozenset(one.place for one in named_before(piece, verb, earlier))
        acts = frozenset(one.place for half in done for one in group_of(half))
        if _is_bare(first_of(piece), _before(piece, verb)):
            named |= _counted_before(earlier)
        there = frozenset(_place_before(piece, earlier, reading))
        found = taken | objects | named | there
        if _has_count(piece, reading):  # `14 workers stuck, killed 6`
            found -= {one.place for half in earlier[-_FAR:] for one in half.items if one.is_measured}
        earlier.append(Half(tuple(piece), verb, found | heading, deeds | acts))
        yield earlier[-1]


def _is_going_on(verb: Item | None) -> bool:
    """Whether a half tells of what came about (`errors rose, fell again`, `errors rose, noted by Ana`)."""
    return verb is None or verb.token.stem in _FINDING or verb.token.stem in HAPPENING


def _has_count(piece: Sequence[Item], reading: Reading) -> bool:
    """Whether a half has a number without a unit that says how many, not up to how many (`raised to 30`)."""
    places = {one.place for one in piece if reading.text_at(one.place - 1) not in PREPOSITIONS}
    return any(one.sort is Measured.NUMBER and not one.unit and one.start in places for one in reading.measures)


def _before(piece: Sequence[Item], verb: Item | None) -> list[Item]:
    return [one for one in piece if verb is None or one.place < verb.place]


def _counted_before(earlier: Sequence[Half]) -> frozenset[int]:
    """What the last number with a noun counts, for a later one without (`20 pods full, limit raised, 35 running`)."""
    for half in reversed(earlier[-_FAR:]):
        for place, one in enumerate(half.items):
            words = (
                list(takewhile(lambda word: word.is_content, half.items[place + 1 : place + _FAR]))
                if one.is_measured
                else []
            )
            nouns = [word.place for word in words if is_plural(word.token.text)]
            if nouns:
                return frozenset(nouns)
    return frozenset()


def _place_before(piece: Sequence[Item], earlier: Sequence[Half], reading: Reading) -> Iterator[int]:
    """The place that `there` stands for: the noun behind the last preposition of an earlier half."""
    theres = [one for one in piece if one.token.text == "there"]
    if not theres or all(reading.text_at(one.place + 1) in BE for one in theres):
        return
    for half in reversed(earlier[-_FAR:]):
        leads = [one.place for one in half.items if one.token.text in _PLACING]
        if leads:
            yield from (one.place for one in half.items if one.place >= leads[-1])
            return


def _taken(
    piece: Sequence[Item], verb: Item | None, before: Half, reading: Reading
) -> tuple[frozenset[int], frozenset[int]]:
    """The places of what a half leaves out and has from the one before it."""
    first = first_of(piece)
    own = [one for one in piece if verb is None or one.place < verb.place]
    is_without = first is verb or not any(is_telling(one) for one in own)
    whole = {one.place for one in before.items}
    verbs = {one.place for one in group_of(before)}
    is_open = is_without and not any(one.token.text in _PRONOUNS for one in piece)
    if any(one is not None and one.token.stem in _FINDING for one in (verb, before.verb if is_open else None)):
        is_said = verb is not None and verb.token.text.endswith("s") and not is_without
        own_verbs = verbs if is_said else set()  # `raised the limit, the vendor confirms it` by noon
        return frozenset(whole - own_verbs) | before.taken, before.deeds | own_verbs
    if first is verb and first_of(before.items) is before.verb and _has_object(piece, verb):
        return frozenset(), frozenset(verbs)  # `Disabled the scaler, set 12 replicas`: nobody named did both
    found = set(before.taken) if is_without else set()
    is_apart = is_beside(before.items, piece, reading) or is_closed(before.items, piece, reading)
    if verb is None and not is_apart:
        found |= verbs
    texts = {one.token.text for one in piece}
    deeds = {key for one in group_of(before) for key in one.token.keys}
    nouns = [one for one in own if one.is_content and one.token.text not in ADVERBS]
    if any(one.token.keys & deeds for one in nouns[-1:]):  # `pods capped at 10; cap raised to 30`
        found |= whole
    if texts & _PRONOUNS and (not is_without or texts & _PRONOUNS & {one.token.text for one in own}):
        found |= whole - verbs
    elif is_without or texts & _PRONOUNS:
        found |= {one.place for one in nouns_of(before)} - (verbs if verb is not None else set())
    elif texts & _ONE:
        found |= {one.place for one in nouns_of(before) if one.place not in verbs and not _is_number(one)}
    elif texts & _ONES or is_that_of(first, reading) or _is_bare(first, own):
        found |= {one.place for one in _kinds(before, first, reading, is_gapped=verb is None) if one.place not in verbs}
    return frozenset(found), frozenset(verbs) if is_without else frozenset()


def _has_object(piece: Sequence[Item], verb: Item) -> bool:
    """Whether a noun stands right behind the verb of a half, over an article or a number."""
    behind = (one for one in piece if one.place > verb.place)
    first = next((one for one in behind if not (one.is_measured or one.token.text in ARTICLES | ADVERBS)), None)
    return first is not None and first.is_content and not (first.is_past or is_adverb(first))


def _kinds(half: Half, first: Item, reading: Reading, *, is_gapped: bool) -> Iterator[Item]:
    """The nouns that an amount or `those of` of the next half may be of, not which or how many of them."""
    words = half.items
    if reading.text_at(first.place + 1) in PREPOSITIONS:  # `those of Sunday`
        words = tuple(takewhile(lambda one: one.token.text not in PREPOSITIONS, words))
    elif is_gapped:  # `some on Monday`
        words = tuple(nouns_of(half))
    for one in words:
        if one.is_content and not _is_number(one):
            yield one


def _is_number(one: Item) -> bool:
    return one.token.is_ordinal or one.token.text in QUANTIFIER_OF


def _is_bare(first: Item, own: Sequence[Item]) -> bool:
    """Whether a number or an amount stands without the noun that it is of (`second one refused`, `some on Monday`)."""
    is_number = first.token.sort is Sort.NUMBER or first.token.text in QUANTIFIER_OF or first.token.text in OTHERS
    return is_number and not any(one.is_content for one in takewhile(_is_nominal, own))


def _is_nominal(one: Item) -> bool:
    return one.token.text not in PREPOSITIONS | ADVERBS
