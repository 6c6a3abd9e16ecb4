"""Where a sentence of an entry falls into halves: at marks, `and`, `but`, `while`, where each has a verb or a state."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile

from analysis.grounding.deeds import (
    ADVERBS,
    HAVING,
    first_of,
)
from analysis.grounding.forms import ARTICLES, BE, UNCHANGED, is_plural
from analysis.grounding.measures import Measured
from analysis.grounding.pending import is_to_come
from analysis.grounding.predicates import NOUNS, PREPOSITIONS, STATES, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import COMPLETED, NEUTRAL, QUANTIFIER_OF, RIGHT_AGAIN

_SEPARATORS = frozenset([",", ";", "and", "but", "while", "whereas", "although", "though"])
#: What begins a clause that belongs to the half before it.
_SUBORDINATE = frozenset(
    [
        *("which", "who", "whose", "that", "because", "so", "since", "when", "if", "until", "after", "before", "as"),
        *("due", "where", "once", "including", "except", "than", "or", "nor", "to"),
    ]
)
#: What stands before a state, or is one behind a noun.
_STILL = frozenset(["still", "not", "already", "again", "yet", "now"])
#: Verbs of the present that telegraphic notes have.
_PRESENT = frozenset(
    map(
        stem,
        (
            *("work", "fail", "run", "remain", "stay", "return", "get", "see", "show", "rise", "fall", "drop", "keep"),
            *("respond", "answer", "hang", "crash", "continue", "wait", "need", "take", "go", "come", "follow"),
            *("confirm", "report", "say", "serve", "send", "return", "block", "hold", "start", "stop", "help"),
        ),
    )
)
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
        *("valid", "invalid", "okay", "gone", "over", "fixed", "free", "steady", "overdue", "public", "private", "due"),
        *("current", "good", "bad", "clear", "empty", "red", "green", "amber", "yellow"),
    ]
)
#: Whether a word is a verb or state, by its place and whether it begins its piece.
_Seen = dict[tuple[int, bool], bool]
#: What gives an amount of a noun in a list has no more words.
_LONGEST = 24
_ENDINGS = ("able", "ible", "ive", "ous", "ful", "less", "lty", "lthy", "ete", "ent")


def folded(sentence: Sequence[Item], reading: Reading) -> list[list[Item]]:
    """The pieces between separators, those that are no clause of their own with the one that they belong to."""
    found: list[list[Item]] = []
    seen: _Seen = {}
    first = next((one.place for one in sentence if one.token.text == ":"), sentence[-1].place)
    for piece in _pieces(sentence):
        if found and piece[0].place > first and _is_listed(found[-1], piece, first, reading):
            found.append(piece)
            continue
        is_open = bool(found) and _is_open(found[-1], reading, seen) and not is_beside(found[-1], piece, reading)
        is_open = is_open and not _is_noted(found[-1], piece, reading, seen)
        if found and (is_open or _belongs(piece, found[-1], reading)):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _is_listed(before: Sequence[Item], piece: Sequence[Item], first: int, reading: Reading) -> bool:
    """Whether behind the first colon both give an amount of a noun (`Quota: uploads 92 % in a day, search at 15 %`)."""
    if reading.text_at(piece[0].place - 1) not in {",", ";"} or max(len(piece), len(before)) > _LONGEST:
        return False
    own = [one for one in before if one.place > first]
    return all(_is_amount_of(one, reading) for one in (piece, own))


def _is_amount_of(piece: Sequence[Item], reading: Reading) -> bool:
    """Whether a piece begins with a noun and gives an amount of it, right behind it or at it (`search at 15 %`)."""
    words = [one for one in piece if one.token.sort is not Sort.MARK and one.token.text not in ARTICLES]
    nouns = list(takewhile(_is_name, words))
    behind = words[len(nouns) : len(nouns) + 2]
    if behind and behind[0].token.text in PREPOSITIONS:
        behind = behind[1:]
    verb = verb_of(piece, reading)
    return bool(nouns) and bool(behind) and behind[0].is_measured and (verb is None or verb.is_measured)


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


def _is_open(piece: Sequence[Item], reading: Reading, seen: _Seen) -> bool:
    """Whether a piece has no verb yet, or nothing that its verb is about (`drained and restarted the gateway`)."""
    own = piece[colon(piece) :]
    verb = verb_of(own, reading, seen)
    return verb is None or not any(is_telling(one) and one is not verb for one in own)


def _belongs(piece: Sequence[Item], before: Sequence[Item], reading: Reading) -> bool:
    """Whether a piece goes on with the clause before it: subordinate, or without a verb and not alike."""
    first = first_of(piece)
    is_bare = first is piece[0]
    is_after_comma = reading.text_at(piece[0].place - 1) == ","
    is_going_on = is_after_comma and first.token.text in BE | HAVING  # `the gateway of the shop, was slow`
    is_bound = first.token.text in _SUBORDINATE and not is_that_of(first, reading)
    if is_bound or is_going_on or (is_bare and _is_adverbial(piece)):
        return True
    is_apart = _is_alike(piece, before, reading) or is_closed(before, piece, reading)
    return verb_of(piece, reading) is None and not is_apart


def is_that_of(one: Item, reading: Reading) -> bool:
    """Whether it is the noun of `latency of A fine, that of B tripled`."""
    return one.token.text == "that" and reading.text_at(one.place + 1) in PREPOSITIONS


def is_closed(before: Sequence[Item], piece: Sequence[Item], reading: Reading) -> bool:
    """Whether a half ends in its verb, so that a noun behind it with a place or amount has no part in it.

    `Breaker open, onboarding in manual mode`; but `lift 1 mended on Monday, lift 2 on Friday` goes on with `mended`.
    """
    verb, first = verb_of(before, reading), first_of(piece)
    if verb is None or verb is before[0] or not _is_name(first) or piece[0].token.text in PREPOSITIONS:
        return False
    behind = [one for one in before if one.place > verb.place and one.token.text not in ADVERBS]
    after = [one for one in piece if one.place > first.place]
    is_told = any(one.token.text in PREPOSITIONS or one.is_measured for one in after)
    is_over = all(one.is_past and reading.text_at(one.place - 1) in BE for one in behind)
    is_over = is_over or behind[0].token.text == "by"  # `cut by a digger, traffic on the other link`
    return (is_told and is_over) or is_to_come(piece)


def _is_name(one: Item) -> bool:
    return one.is_content and not (one.is_measured or one.is_past or one.token.text.endswith(("ly", "ing")))


def _is_adverbial(piece: Sequence[Item]) -> bool:
    """Whether a form in -ing begins a piece, and no noun that has another verb (`lighting check planned`)."""
    if not piece[0].token.text.endswith("ing"):
        return False
    is_noun = piece[0].token.text not in BE and len(piece) > 1 and piece[1].is_content
    return not (is_noun and any(one.is_past and one.token.text not in BE for one in piece[1:]))


def is_beside(before: Sequence[Item], piece: Sequence[Item], reading: Reading) -> bool:
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
    if is_beside(before, piece, reading) or any(one.token.text in _STILL for one in piece[1:]):
        return True
    if _is_share(piece, reading) and any(one.is_measured for one in before):
        return True
    own = {one.token.text for one in piece} & PREPOSITIONS
    return bool(own & {one.token.text for one in before} & PREPOSITIONS)


def _is_noted(before: Sequence[Item], piece: Sequence[Item], reading: Reading, seen: _Seen) -> bool:
    """Whether a piece tells all it tells without a verb (`HTTP 503 from the sandbox, production answers normally`)."""
    words = [one.token.text for one in before]
    is_placed = bool(PREPOSITIONS - {"of"} & set(words[1:-1])) and words[0] not in PREPOSITIONS | _SUBORDINATE
    if not is_placed or reading.text_at(piece[0].place - 1) not in {",", ";"}:
        return False
    if verb_of(before, reading, seen) is not None:
        return False
    verb = verb_of(piece, reading)
    return verb is not None and _is_name(first_of(piece)) and verb is not first_of(piece)


def _is_share(piece: Sequence[Item], reading: Reading) -> bool:
    """Whether a bare number tells how many of those before are so (`60 alerts, 12 about disks`)."""
    first = first_of(piece)
    after = reading.text_at(first.place + 1)
    return first.token.sort is Sort.NUMBER and after in PREPOSITIONS | {"without"} - {"of", "to"}


def verb_of(piece: Sequence[Item], reading: Reading, seen: _Seen | None = None) -> Item | None:
    """The first verb or state of a piece, not a participle before the noun that it has another verb of.

    *seen* remembers what was found of each word, for a piece that is looked at again as it grows.
    """
    known = {} if seen is None else seen
    found = list(islice((one for one in piece if _was_verbal(one, piece, reading, known)), 2))
    if len(found) > 1 and found[0].is_past and _is_attribute(found[0], piece, reading):
        return found[1]
    return found[0] if found else None


def _is_attribute(one: Item, piece: Sequence[Item], reading: Reading) -> bool:
    after = reading.at(one.place + 1)
    is_followed = after is not None and after.is_content and not after.is_past
    return is_followed and any(other.token.text in BE for other in piece)


def _was_verbal(one: Item, piece: Sequence[Item], reading: Reading, known: _Seen) -> bool:
    where = (one.place, one is piece[0])
    if where not in known:
        known[where] = _is_verbal(one, piece, reading)
    return known[where]


def _is_verbal(one: Item, piece: Sequence[Item], reading: Reading) -> bool:
    """Whether it is a verb of any form, or a state behind a noun."""
    word = one.token.text
    # `p99 doubled`, `replay done`
    is_light = one.is_past and (one.token.stem in NEUTRAL or word in QUANTIFIER_OF.keys() | COMPLETED)
    if word in BE | HAVING | _ALWAYS or is_light or (word in UNCHANGED and one is piece[0]):
        return True
    if one.is_measured:
        return _is_amount(one, piece, reading)
    if not one.is_word or word in NOUNS or one.token.is_name:
        return False
    if one.is_content and (one.is_past or is_predicate(reading, one)):
        return True
    before = reading.text_at(one.place - 1)
    if one is piece[0] or before in ARTICLES | PREPOSITIONS | {"-"}:
        return False
    is_present = word.endswith("s") or before in ADVERBS or before.endswith("s")
    is_acting = is_plural(word) and reading.text_at(one.place + 1) in ARTICLES  # `Visa wants a rollback`
    return (one.token.stem in _PRESENT and is_present) or is_acting or _is_state(one, reading)


def _is_amount(one: Item, piece: Sequence[Item], reading: Reading) -> bool:
    """Whether an amount with its unit ends a piece behind a noun, which it tells how it is (`replica CPU 88 %`)."""
    own = next((other for other in reading.measures if other.start == one.place), None)
    is_last = own is not None and own.end == piece[-1].place + 1 and bool(own.unit or own.sort is Measured.LENGTH)
    return is_last and one is not piece[0] and _is_name(piece[0]) and _is_name_at(one.place - 1, reading)


def _is_name_at(place: int, reading: Reading) -> bool:
    one = reading.at(place)
    return one is not None and _is_name(one)


def _is_state(one: Item, reading: Reading) -> bool:
    """Whether it tells how something is, or what it is at, as the last of its words (`pump idle`, `queue draining`)."""
    word, after = one.token.text, reading.at(one.place + 1)
    if after is not None and after.token.text == "of" and not one.is_past and word != "out":
        return False  # `a restore of the ledger`
    if word == "out" and reading.text_at(one.place + 1) == "of":
        return True
    if after is not None and not after.token.is_dash and _is_followed(after):
        return False
    is_adjective = (
        word in _ADJECTIVES
        or reading.text_at(one.place - 1) in {"too", "very"}
        or (word.endswith(_ENDINGS) and not word.endswith("ment"))
        or (word.startswith("un") and one.is_content)  # not `under`
    )
    return word.endswith("ing") or word in STATES or one.token.stem in RIGHT_AGAIN or is_adjective


def _is_followed(after: Item) -> bool:
    """Whether a noun follows, or what makes a word the end of a change (`up to 1%`)."""
    return after.token.text in {"to", "-"} or (after.is_content and after.token.text not in STATES)


def colon(piece: Sequence[Item]) -> int:
    """Where what stands behind the last colon begins."""
    return max((number for number, one in enumerate(piece) if one.token.text == ":"), default=0)
