"""An entry of two clauses tells two things: what one of them tells is not told of the other's subject, place or time.

Each half of a sentence of an entry stands for itself (`sandbox unaffected, live environment slow`), with what it
leaves out and the half before it has: its subject (`finished on the primary, still running on the replica`), its noun
(`first batch sent, second one refused`) or its verb (`lift 1 mended on Monday, lift 2 on Friday`). What is done to `it`
or to nothing named may be done to what an earlier half did something to (`deployed it, errors rose, rolled back`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from analysis.grounding.deeds import (
    ADVERBS,
    HAVING,
    Half,
    done_before,
    first_of,
    group_of,
    named_before,
    nouns_of,
    objects_of,
)
from analysis.grounding.forms import ARTICLES, BE, FULL_STOPS
from analysis.grounding.predicates import NOUNS, PREPOSITIONS, STATES, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import NEUTRAL, OBSERVING, OTHERS, QUANTIFIER_OF, RIGHT_AGAIN

_SEPARATORS = frozenset([",", ";", "and", "but", "while", "whereas", "although", "though"])
#: What begins a clause that belongs to the half before it.
_SUBORDINATE = frozenset(
    [
        *("which", "who", "whose", "that", "because", "so", "since", "when", "if", "until", "after", "before", "as"),
        *("due", "where", "once", "including", "except", "than", "or", "nor", "to"),
    ]
)
_PRONOUNS = frozenset(["it", "its", "this", "they", "them", "these", "their", "none"])
#: Those that stand for what is counted, not for which.
_ONES = frozenset(["one", "ones", "those", "some", "others", "rest", "another"])
#: What stands before a state, or is one behind a noun.
_STILL = frozenset(["still", "not", "already", "again", "yet", "now"])
#: Verbs of the present that telegraphic notes have.
_PRESENT = frozenset(
    map(
        stem,
        (
            *("work", "fail", "run", "remain", "stay", "return", "get", "see", "show", "rise", "fall", "drop", "keep"),
            *("respond", "answer", "hang", "crash", "continue", "wait", "need", "take", "go", "come", "follow"),
        ),
    )
)
#: What was found by what the half before tells.
_FINDING = OBSERVING | frozenset(map(stem, ("verify", "confirm", "reproduce")))
_ALWAYS = frozenset(
    [*("get", "gets", "see", "sees", "remain", "remains", "stay", "stays", "keep", "keeps", "take", "takes", "became")]
)
_ADJECTIVES = frozenset(
    [
        *(
            "idle",
            "busy",
            "calm",
            "quiet",
            "dark",
            "dry",
            "wet",
            "cold",
            "hot",
            "warm",
            "open",
            "clean",
            "safe",
            "fast",
        ),
        *("flat", "loose", "short", "alive", "absent", "present", "intact", "correct", "corrupt", "fresh", "stale"),
        *("current", "good", "bad", "clear", "empty", "red", "green", "amber", "yellow"),
    ]
)
_ENDINGS = ("able", "ible", "ive", "ous", "ful", "less", "lty", "lthy", "ete", "ent")


def halves(reading: Reading) -> Iterator[tuple[Half, ...]]:
    """The halves of each sentence of *reading*."""
    sentence: list[Item] = []
    for item in (*reading.items, None):
        if item is not None and item.token.text not in FULL_STOPS:
            sentence.append(item)
        elif sentence:
            yield tuple(_inheriting(_folded(sentence, reading), reading))
            sentence = []


def _folded(sentence: Sequence[Item], reading: Reading) -> list[list[Item]]:
    """The pieces between separators, those that are no clause of their own with the one that they belong to."""
    found: list[list[Item]] = []
    for piece in _pieces(sentence):
        is_open = bool(found) and _is_open(found[-1], reading) and not _is_beside(found[-1], piece, reading)
        if found and (is_open or _belongs(piece, found[-1], reading)):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _pieces(sentence: Sequence[Item]) -> Iterator[list[Item]]:
    piece: list[Item] = []
    for item in sentence:
        if not _is_separator(item):
            piece.append(item)
        elif any(is_telling(one) for one in piece):
            yield piece
            piece = []
    if piece:
        yield piece


def _is_separator(item: Item) -> bool:
    return not item.is_measured and (item.token.text in _SEPARATORS or item.token.is_dash)


def is_telling(one: Item) -> bool:
    """Whether it is a word with content, a number or an amount."""
    return one.is_content or one.is_measured or one.token.sort is Sort.NUMBER


def _is_open(piece: Sequence[Item], reading: Reading) -> bool:
    """Whether a piece has no verb yet, or nothing that its verb is about (`drained and restarted the gateway`)."""
    own = piece[_colon(piece) :]
    verb = _verb(own, reading)
    return verb is None or not any(is_telling(one) and one is not verb for one in own)


def _belongs(piece: Sequence[Item], before: Sequence[Item], reading: Reading) -> bool:
    """Whether a piece goes on with the clause before it: subordinate, or without a verb and not alike."""
    first = first_of(piece)
    is_bare = first is piece[0]
    is_after_comma = reading.text_at(piece[0].place - 1) == ","
    is_going_on = is_after_comma and first.token.text in BE | HAVING  # `the gateway of the shop, was slow`
    if first.token.text in _SUBORDINATE or is_going_on or (is_bare and _is_adverbial(piece)):
        return True
    return _verb(piece, reading) is None and not _is_alike(piece, before, reading)


def _is_adverbial(piece: Sequence[Item]) -> bool:
    """Whether a form in -ing begins a piece, and no noun that has another verb (`lighting check planned`)."""
    if not piece[0].token.text.endswith("ing"):
        return False
    is_noun = piece[0].token.text not in BE and len(piece) > 1 and piece[1].is_content
    return not (is_noun and any(one.is_past and one.token.text not in BE for one in piece[1:]))


def _is_beside(before: Sequence[Item], piece: Sequence[Item], reading: Reading) -> bool:
    """Whether two pieces tell something right behind things of one kind (`mobile login red, web login green`)."""
    if reading.text_at(piece[0].place - 1) in {"and", "or"} or before[0].token.text in PREPOSITIONS:
        return False
    return any(one.token.keys & other.token.keys for one in _told_of(before) for other in _told_of(piece))


def _told_of(piece: Sequence[Item]) -> list[Item]:
    return [one for one, after in pairwise(piece) if one.is_content and after.is_content and not one.is_past]


def _is_alike(piece: Sequence[Item], before: Sequence[Item], reading: Reading) -> bool:
    """Whether a piece without a known verb stands for itself (`lift 2 on Friday`, `west wing still dark`)."""
    if piece[0].token.text in PREPOSITIONS:
        return False
    if _is_beside(before, piece, reading) or any(one.token.text in _STILL for one in piece[1:]):
        return True
    own = {one.token.text for one in piece} & PREPOSITIONS
    return bool(own & {one.token.text for one in before} & PREPOSITIONS)


def _verb(piece: Sequence[Item], reading: Reading) -> Item | None:
    """The first verb or state of a piece, not a participle before the noun that it has another verb of."""
    found = [one for one in piece if _is_verbal(one, piece, reading)]
    if len(found) > 1 and found[0].is_past and _is_attribute(found[0], piece, reading):
        return found[1]
    return found[0] if found else None


def _is_attribute(one: Item, piece: Sequence[Item], reading: Reading) -> bool:
    after = reading.at(one.place + 1)
    is_followed = after is not None and after.is_content and not after.is_past
    return is_followed and any(other.token.text in BE for other in piece)


def _is_verbal(one: Item, piece: Sequence[Item], reading: Reading) -> bool:
    """Whether it is a verb of any form, or a state behind a noun."""
    word = one.token.text
    if word in BE | HAVING | _ALWAYS or (one.is_past and one.token.stem in NEUTRAL):
        return True
    if one.is_measured or not one.is_word or word in NOUNS or one.token.is_name:
        return False
    if one.is_content and (one.is_past or is_predicate(reading, one)):
        return True
    before = reading.text_at(one.place - 1)
    if one is piece[0] or before in ARTICLES | PREPOSITIONS | {"-"}:
        return False
    is_present = word.endswith("s") or before in ADVERBS or before.endswith("s")
    return (one.token.stem in _PRESENT and is_present) or _is_state(one, reading)


def _is_state(one: Item, reading: Reading) -> bool:
    """Whether it tells how something is, or what it is at, as the last of its words (`pump idle`, `queue draining`)."""
    word, after = one.token.text, reading.at(one.place + 1)
    if word == "out" and reading.text_at(one.place + 1) == "of":
        return True
    if after is not None and not after.token.is_dash and _is_followed(after):
        return False
    is_adjective = word in _ADJECTIVES or word.endswith(_ENDINGS) or word.startswith("un")
    return word.endswith("ing") or word in STATES or one.token.stem in RIGHT_AGAIN or is_adjective


def _is_followed(after: Item) -> bool:
    """Whether a noun follows, or what makes a word the end of a change (`up to 1%`)."""
    return after.token.text in {"to", "-"} or (after.is_content and after.token.text not in STATES)


def _inheriting(pieces: list[list[Item]], reading: Reading) -> Iterator[Half]:
    heading = frozenset(one.place for one in pieces[0][: _colon(pieces[0])]) if pieces else frozenset()
    earlier: list[Half] = []
    for piece in pieces:
        verb = _verb(piece[_colon(piece) :], reading)
        taken, deeds = _taken(piece, verb, earlier[-1], reading) if earlier else (frozenset(), frozenset())
        done = done_before(piece, earlier)
        objects = frozenset(one.place for half in done for one in objects_of(half, piece))
        named = frozenset(one.place for one in named_before(piece, verb, earlier))
        acts = frozenset(one.place for half in done for one in group_of(half))
        earlier.append(Half(tuple(piece), verb, taken | objects | named | heading, deeds | acts))
        yield earlier[-1]


def _colon(piece: Sequence[Item]) -> int:
    """Where what stands behind the last colon begins."""
    return max((number for number, one in enumerate(piece) if one.token.text == ":"), default=0)


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
        return frozenset(whole) | before.taken, before.deeds
    found = set(before.taken) if is_without else set()
    if verb is None and not _is_beside(before.items, piece, reading):
        found |= verbs
    texts = {one.token.text for one in piece}
    deeds = {key for one in group_of(before) for key in one.token.keys}
    if any(one.token.keys & deeds for one in own):  # `pods capped at 10; cap raised to 30`
        found |= whole
    if texts & _PRONOUNS and (not is_without or texts & _PRONOUNS & {one.token.text for one in own}):
        found |= whole - verbs
    elif is_without or texts & _PRONOUNS:
        found |= {one.place for one in nouns_of(before)}
    elif texts & _ONES or _is_bare(first, own):
        found |= {one.place for one in _kinds(before, first, reading, is_gapped=verb is None) if one.place not in verbs}
    return frozenset(found), frozenset(verbs) if is_without else frozenset()


def _kinds(half: Half, first: Item, reading: Reading, *, is_gapped: bool) -> Iterator[Item]:
    """The nouns that an amount or `those of` of the next half may be of, not which or how many of them."""
    words = half.items
    if reading.text_at(first.place + 1) in PREPOSITIONS:  # `those of Sunday`
        words = tuple(takewhile(lambda one: one.token.text not in PREPOSITIONS, words))
    elif is_gapped:  # `some on Monday`
        words = tuple(nouns_of(half))
    for one in words:
        if one.is_content and not one.token.is_ordinal and one.token.text not in QUANTIFIER_OF:
            yield one


def _is_bare(first: Item, own: Sequence[Item]) -> bool:
    """Whether a number or an amount stands without the noun that it is of (`second one refused`, `some on Monday`)."""
    is_number = first.token.sort is Sort.NUMBER or first.token.text in QUANTIFIER_OF or first.token.text in OTHERS
    return is_number and not any(one.is_content for one in takewhile(_is_nominal, own))


def _is_nominal(one: Item) -> bool:
    return one.token.text not in PREPOSITIONS | ADVERBS
