"""A text as the checks see it: items with their clause, what is denied, supposed or only begun, and measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from analysis.grounding.forms import ARTICLES, BE, POSSESSIVES, SENTENCE_ENDS, is_past
from analysis.grounding.measures import Measure, measures
from analysis.grounding.stems import IRREGULAR, stem
from analysis.grounding.tokens import Sort, Token, clean, tokens
from analysis.grounding.vocabulary import (
    ACTORS,
    BEGUN,
    BREAKS,
    CLAUSE,
    FUNCTION,
    HEDGES,
    NEGATIONS,
    NEUTRAL,
    NOUNS_ONLY,
    PARTICLES,
    PREVENTING,
    QUANTIFIER_OF,
    TENTATIVE,
    UNDERTAKEN,
)

_CLAUSE_ENDS = frozenset(",:()[]") | SENTENCE_ENDS
_SOFT = frozenset(HEDGES) - {"approaching", "approached", "exceeding", "exceeded"}
_WORK = stem("working")
#: Whoever fails or refuses to do something does not do it.
_NOT_DOING = frozenset(stem(word) for word in ("failure", "refuse"))
_SEEM = frozenset(stem(word) for word in ("appear", "seem"))
_APPEAR = stem("appear")
_KEEP = stem("keep")
_NEAR = 8
_VERBS = frozenset(["was", "were", "is", "are", "had", "has", "have", "did", "could", "would", "went"])
_NO_PARTICIPLES = frozenset(["anything", "during", "everything", "nothing", "something"])
_DETERMINERS = ARTICLES | POSSESSIVES | {"that", "to", "for"}
#: What makes a noun one that is known, whatever is denied of it.
_KNOWN = POSSESSIVES | {"the", "this", "these", "those", "his", "her"}
#: Participles that only tell which noun is meant: what the clause tells of it is not supposed (`scheduled job failed`).
_ATTRIBUTES = frozenset(["scheduled", "planned", "attempted"])
_LISTED = 5
_KEPT = 512
#: What has more sentences than this is read more closely.
FEW_SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A token in its sentence and clause, and whether it is denied, supposed, begun or prevented.

    `is_either`: it stands before `no`, so that what it says is denied of the object. `is_known`: a denied verb is
    about it, and it is told as known (`did not detect the malware`).
    """

    token: Token
    place: int
    segment: int
    clause: int
    is_negated: bool = False
    is_tentative: bool = False
    is_begun: bool = False
    is_prevented: bool = False
    is_either: bool = False
    is_known: bool = False
    is_measured: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is a word or identifier."""
        return self.token.sort in {Sort.WORD, Sort.CODE}

    @property
    def is_past(self) -> bool:
        """Whether it tells something as done: a past form or a participle."""
        return is_past(self.token.text)

    @property
    def is_content(self) -> bool:
        """Whether it says something that the evidence must hold."""
        if self.is_measured or not self.is_word:
            return False
        word = self.token.text
        if self.token.is_name:
            return True
        is_neutral = self.token.stem in NEUTRAL and not (self.token.stem in NOUNS_ONLY and word.endswith("ed"))
        if word in _SOFT or word in QUANTIFIER_OF or is_neutral or word in NEGATIONS:
            return False
        return word in PARTICLES or word not in FUNCTION


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text as items and measures."""

    items: tuple[Item, ...]
    measures: tuple[Measure, ...]

    content: tuple[Item, ...]  #: the items that say something

    def at(self, place: int) -> Item | None:
        """The item at *place*; `None` before the first and behind the last."""
        return self.items[place] if 0 <= place < len(self.items) else None

    def text_at(self, place: int) -> str:
        """What stands at *place*, nothing before the first item and behind the last."""
        return self.items[place].token.text if 0 <= place < len(self.items) else ""

    def clause_of(self, item: Item) -> tuple[Item, ...]:
        """The items of the clause of *item*, itself among them."""
        return tuple(one for one in self.items if one.clause == item.clause)

    def is_first(self, item: Item) -> bool:
        """Whether *item* begins its sentence, or stands behind a mark."""
        before = self.at(item.place - 1)
        return before is None or before.segment != item.segment or not before.is_word

    @property
    def is_short(self) -> bool:
        """Whether it has few sentences, as what people type in a hurry has."""
        return len({one.segment for one in self.content}) <= FEW_SENTENCES


@lru_cache(maxsize=_KEPT)
def read(text: str) -> Reading:
    """Read *text*; a text that was read lately is not read again."""
    found = tokens(clean(text))
    measured = measures(found)
    inside = {place for one in measured for place in range(one.start, one.end)}
    items = tuple(_items(found, inside))
    return Reading(items, measured, tuple(item for item in items if item.is_content))


@dataclass(slots=True)
class _State:
    segment: int = 0
    clause: int = 0
    is_negated: bool = False
    is_tentative: bool = False
    is_begun: bool = False

    is_prevented: bool = False
    is_worked: bool = False
    is_unable: bool = False
    is_noun: bool = False
    is_told: bool = False
    is_known: bool = False
    is_attribute: bool = False
    is_to_come: bool = False

    def break_off(self) -> None:
        """Forget what reached to the end of the clause."""
        self.is_negated = self.is_tentative = self.is_begun = self.is_prevented = self.is_worked = False
        self.is_to_come = False
        self.is_unable = self.is_noun = self.is_told = self.is_known = self.is_attribute = False


def _items(found: Sequence[Token], inside: set[int]) -> Iterator[Item]:
    state = _State()
    for place, one in enumerate(found):
        _before(state, found, place)
        yield Item(
            token=one,
            place=place,
            segment=state.segment,
            clause=state.clause,
            is_negated=state.is_negated,
            is_tentative=state.is_tentative,
            is_begun=state.is_begun,
            is_prevented=state.is_prevented,
            is_either=place + 1 < len(found) and found[place + 1].text == "no" and not _is_longer(found, place),
            is_known=state.is_known,
            is_measured=place in inside,
        )
        _after(state, found, place)


def _before(state: _State, found: Sequence[Token], place: int) -> None:
    one = found[place]
    if one.sort is Sort.MARK and one.text in _CLAUSE_ENDS and not _is_inside_name(found, place):
        state.clause += 1
        state.segment += one.text in SENTENCE_ENDS
        following = found[place + 1].text if place + 1 < len(found) else ""
        if not (state.is_to_come and one.text == "," and following.endswith("ing")):
            state.break_off()
    elif state.is_noun and one.text in _VERBS:
        state.is_negated = state.is_noun = False
    elif state.is_attribute and _is_verb(found, place):
        state.is_tentative = state.is_attribute = False
    elif one.text == "that" and state.is_known and place + 1 < len(found) and _is_past(found[place + 1]):
        state.break_off()
    elif one.sort is Sort.WORD and one.text in BREAKS:
        state.clause += one.text in CLAUSE
        is_joined = one.text == "and" and (state.is_tentative or (state.is_unable and _is_list(found, place)))
        if not is_joined:
            state.break_off()


def _after(state: _State, found: Sequence[Token], place: int) -> None:
    one = found[place]
    if one.sort is not Sort.WORD:
        return
    following = found[place + 1].text if place + 1 < len(found) else ""
    before = found[place - 1].text if place else ""
    state.is_unable = state.is_unable or one.text == "unable" or (one.text == "not" and "can" in {before, following})
    state.is_unable = state.is_unable or (one.text == "not" and before == "could")
    # `an alarm about hosts not being up was sent`; `hosts that were not responding were deleted` denies to its end.
    is_with_participle = one.text == "not" and following.endswith("ing") and before not in BE
    is_with_participle = is_with_participle and following not in _NO_PARTICIPLES
    state.is_noun = state.is_noun or one.text in {"inability", "failure"} or is_with_participle
    if (one.text in NEGATIONS and following != "only") or (one.stem in _NOT_DOING and following == "to"):
        state.is_negated = not state.is_negated
    is_supposed = (one.stem in TENTATIVE or one.text in TENTATIVE) and not _is_plain(one, following)
    if is_supposed or (one.stem in _SEEM and following == "to"):
        state.is_attribute = not state.is_tentative and _is_attribute(found, place)
        denied = (one.text in {"could", "would", "might", "can"} and following == "not") or (
            one.text == "can" and before == "not"
        )
        state.is_tentative = state.is_tentative or not denied
    state.is_to_come = state.is_to_come or one.text == "will"
    state.is_known = state.is_known or (state.is_told and one.text in _KNOWN and before not in FUNCTION)
    state.is_told = state.is_negated and (state.is_told or _is_telling(one))
    is_kept = one.stem == _KEEP and not any(other.text == "from" for other in found[place + 1 : place + _NEAR])
    if one.stem in PREVENTING and not is_kept:  # `kept paused`
        state.is_prevented = True
    is_started = one.stem in BEGUN and place > 0 and found[place - 1].stem in ACTORS
    is_task = (one.stem in UNDERTAKEN or is_started) and (following.endswith("ing") or following in {"to", "work"})
    state.is_begun = (
        is_task or one.stem == _WORK or (state.is_begun and state.is_worked) or (one.text == "to" and state.is_begun)
    )
    state.is_worked = state.is_worked or one.stem == _WORK


def _is_list(found: Sequence[Token], place: int) -> bool:
    """Whether after `and` only another noun follows, not another clause."""
    rest = list(
        takewhile(lambda one: one.sort is not Sort.MARK and one.text not in BREAKS, found[place + 1 :][:_LISTED])
    )
    is_ended = len(rest) < _LISTED
    return is_ended and not any(
        one.text in _VERBS or one.text.endswith(("ed", "ing")) or one.text in IRREGULAR for one in rest
    )


def _is_plain(one: Token, following: str) -> bool:
    """Whether a word that may tell of a wish or a guess does not: `requests failed`, `appear on the page`."""
    if one.text == "requests":
        return (
            following in FUNCTION - _DETERMINERS
            or not following.isalpha()
            or following.endswith("ed")
            or following in IRREGULAR
        )
    return one.stem == _APPEAR and (following in {"in", "on", "at", "within"} or not following.isalpha())


def _is_telling(one: Token) -> bool:
    return one.text not in FUNCTION | NEGATIONS and one.stem not in NEUTRAL


def _is_past(one: Token) -> bool:
    return one.sort is Sort.WORD and is_past(one.text)


def _is_attribute(found: Sequence[Token], place: int) -> bool:
    """Whether a participle stands right before a noun at the beginning or behind a determiner (`a planned restart`)."""
    before = found[place - 1] if place else None
    after = found[place + 1] if place + 1 < len(found) else None
    is_opening = before is None or before.sort is Sort.MARK or before.text in _DETERMINERS | _KNOWN
    return found[place].text in _ATTRIBUTES and is_opening and after is not None and after.text.isalpha()


def _is_verb(found: Sequence[Token], place: int) -> bool:
    """Whether a past form is the verb of what stands before it, not one before another noun."""
    after = found[place + 1] if place + 1 < len(found) else None
    return _is_past(found[place]) and (after is None or after.sort is not Sort.WORD or after.text in FUNCTION)


def _is_longer(found: Sequence[Token], place: int) -> bool:
    """Whether `no` after *place* belongs to `no longer`."""
    return place + 2 < len(found) and found[place + 2].text in {"longer", "more"}


def _is_inside_name(found: Sequence[Token], place: int) -> bool:
    """Whether a full stop is part of an abbreviation: a lower-case word goes on after it."""
    if found[place].text != "." or place + 1 >= len(found):
        return False
    after = found[place + 1]
    before = found[place - 1] if place else None
    is_letter = before is not None and len(before.text) == 1 and not before.is_name
    return after.sort is Sort.WORD and not after.is_name and is_letter
