"""What one clause of an entry does to what, and which earlier ones did something to what another does not name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from analysis.grounding.forms import ARTICLES, BE, UNCHANGED
from analysis.grounding.predicates import LEADING, PREPOSITIONS, STATES, is_adverb
from analysis.grounding.reading import Item
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import NEUTRAL, QUANTIFIER_OF

ADVERBS = frozenset(["still", "not", "then", "now", "already", "again", "also", "only", "just", "yet", "both", "later"])
HAVING = frozenset(["has", "have", "had", "did", "does", "do", "can", "could", "will", "would"])
#: Those that something is done to.
_OBJECTS = frozenset(["it", "this", "they", "them", "these", "both"])
#: What happens by itself: nobody goes on to do something to what rose (`deployed, errors rose, reverted`).
HAPPENING = frozenset(
    map(
        stem,
        (
            *("rise", "fall", "climb", "grow", "jump", "spike", "double", "triple", "surge", "soar", "plunge"),
            *("shrink", "recover", "continue", "persist", "stay", "remain", "fail", "crash"),
        ),
    )
)
#: How many halves back what is done may go on with what was done.
_FAR = 8
#: What may belong to the verb right before it (`turned on the flag`, `tried to restart it`).
_VERB_PARTS = frozenset(["on", "in", "over", "to"])
_AUXILIARY = BE | HAVING | ADVERBS | {"to"}


@dataclass(frozen=True, slots=True)
class Half:
    """A clause of a sentence: its items, its first verb or state, and what it takes over from the half before it.

    `deeds` are the places of a verb that it goes on to tell of, by a noun for it (`attempted but blocked`).
    """

    items: tuple[Item, ...]
    verb: Item | None
    taken: frozenset[int]
    deeds: frozenset[int]

    @property
    def places(self) -> frozenset[int]:
        """Where its words stand, with those that it takes over."""
        return self.taken | {one.place for one in self.items}


def first_of(piece: Sequence[Item]) -> Item:
    """The first word of a piece behind adverbs and articles."""
    return next((one for one in piece if one.token.text not in ADVERBS | ARTICLES), piece[0])


def group_of(half: Half) -> Iterator[Item]:
    """The verb of a half with what belongs to it (`has been tried to be rolled out`)."""
    behind = [one for one in half.items if half.verb is not None and one.place >= half.verb.place]
    return takewhile(lambda one: one is half.verb or one.is_past or one.token.text in _AUXILIARY, behind)


def nouns_of(half: Half) -> Iterator[Item]:
    """What a half is about: its words before the verb, and those behind it up to a place, a way or a time."""
    place = half.verb.place if half.verb is not None else -1
    group = {one.place for one in group_of(half)}
    yield from (one for one in half.items if one.place < place)
    yield from (one for one in _until_aside(half.items, place) if one.place not in group)


def done_before(piece: Sequence[Item], earlier: Sequence[Half]) -> list[Half]:
    """The earlier halves that did something to what a half does something to without naming it.

    Where none begins with what it did (`hotfix deployed, errors rose, reverted it`), all that tell of a past.
    """
    is_pointing = any(one.token.text in _OBJECTS for one in piece)
    if not (is_pointing and any(one.is_past and one.token.text not in BE for one in piece)):
        behind_mark = [one for before, one in pairwise(piece) if one.place > before.place + 1]
        leading = [*filter(_is_done, [first_of(piece)]), *filter(_is_going_on, behind_mark)]
        if all(any(map(_is_named, _own_of(one, piece))) for one in leading):
            return []
    done = [half for half in earlier[-_FAR:] if half.verb is not None and half.verb.is_past]
    done = [half for half in done if not is_happening(half)] or done
    return [half for half in done if first_of(half.items) is half.verb] or done


def is_happening(half: Half) -> bool:
    """Whether it tells what came about by itself of the noun before its verb (`errors rose`)."""
    return half.verb is not None and half.verb.token.stem in HAPPENING and first_of(half.items) is not half.verb


def _until_aside(words: Sequence[Item], place: int) -> Iterator[Item]:
    """What stands behind a place, up to a place, a way or a time."""
    behind = (one for one in words if one.place > place)
    return takewhile(lambda one: one.token.text == "of" or one.token.text not in PREPOSITIONS, behind)


def _is_done(one: Item) -> bool:
    return (one.is_past and one.token.text not in BE) or one.token.text.partition(" ")[0] in UNCHANGED


def _is_going_on(one: Item) -> bool:
    """Whether it may tell behind a mark what is being done (`errors rose, rolling back`)."""
    return one.token.text.endswith("ing") or one.token.text.partition(" ")[0] in UNCHANGED


def _own_of(verb: Item, piece: Sequence[Item]) -> Iterator[Item]:
    """What stands behind a verb up to a place, a way or a time, or to a mark behind which no other verb stands."""
    last = verb.place
    for one in _until_aside(piece, verb.place):
        if one.place > last + 1 and not one.is_past:
            return
        last = one.place
        yield one


def _is_named(one: Item) -> bool:
    is_manner = is_adverb(one) or one.token.text in ADVERBS or one.token.text.endswith("ly") or one.is_past
    return not one.is_measured and not is_manner and (one.is_content or one.token.sort is Sort.NUMBER)


def objects_of(half: Half, piece: Sequence[Item]) -> Iterator[Item]:
    """The nouns of a half; of one that begins with its verb also those behind `on` or `for`, if *piece* has none.

    `Index rebuild finished on the primary, still running on the replica` tells of two places.
    """
    yield from nouns_of(half)
    if half.verb is None or first_of(half.items) is not half.verb:
        return
    own = {one.token.text for one in piece}
    behind = [one for one in half.items if one.place > half.verb.place]
    if behind and behind[0].token.text in _VERB_PARTS - own:
        behind = behind[1:]
    ends = PREPOSITIONS - ({"of", "for"} - own)
    yield from takewhile(lambda one: one.token.text not in ends, behind)


def named_before(piece: Sequence[Item], verb: Item | None, earlier: Sequence[Half]) -> list[Item]:
    """The whole name of what a half names again by its noun alone (`hotfix 12 deployed, hotfix reverted`)."""
    first = first_of(piece)
    after = next((one for one in piece if one.place > first.place), None)
    is_alone = after is not None and (after is verb or not _is_of_name(after))
    if not is_alone or not first.is_content or first.is_past:
        return []
    for half in reversed(earlier[-_FAR:]):
        same = next((one for one in half.items if one.token.keys & first.token.keys and not one.is_past), None)
        if same is not None:
            return _name_around(same, half)
        if half.verb is not None and half.verb.is_past and half.verb.token.stem == first.token.stem:
            return list(nouns_of(half))  # `released web 88, errors rose, release withdrawn`
    return []


def _name_around(noun: Item, half: Half) -> list[Item]:
    before = takewhile(_is_of_name, reversed([one for one in half.items if one.place < noun.place]))
    own = [one for place, one in enumerate(half.items, half.items[0].place) if one.place == place]  # up to a mark
    behind = takewhile(lambda one: one is not half.verb and _is_of_name(one), own[noun.place - own[0].place + 1 :])
    return [*before, *behind]


def _is_of_name(one: Item) -> bool:
    # `the instant-payout flag`
    is_telling = one.is_content or one.token.stem in NEUTRAL or one.token.text in QUANTIFIER_OF.keys() - LEADING
    is_noun = is_telling and not (one.is_past or is_adverb(one))
    return (is_noun and one.token.text not in STATES) or one.token.sort is Sort.NUMBER or one.token.text == "-"
