"""A text as the checks see it: items with their clause, what is denied, supposed or only begun, and measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.grounding.measures import Measure, measures
from analysis.grounding.tokens import Sort, Token, clean, tokens
from analysis.grounding.vocabulary import (
    BREAKS,
    CLAUSE,
    FUNCTION,
    HEDGES,
    NEGATIONS,
    NEUTRAL,
    PARTICLES,
    QUANTIFIER_OF,
    TENTATIVE,
    UNDERTAKEN,
)

_SENTENCE_ENDS = frozenset(".;!?\n")
_CLAUSE_ENDS = frozenset(",:()[]") | _SENTENCE_ENDS
_SOFT = frozenset(HEDGES) - {"approaching", "approached", "exceeding", "exceeded"}
_KEPT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A token in its place: which sentence and clause of the text, and whether it is denied, supposed or begun."""

    token: Token
    place: int
    segment: int
    clause: int
    is_negated: bool = False
    is_tentative: bool = False
    is_begun: bool = False
    is_measured: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is a word or identifier."""
        return self.token.sort in {Sort.WORD, Sort.CODE}

    @property
    def is_content(self) -> bool:
        """Whether it says something that the evidence must hold."""
        if self.is_measured or not self.is_word:
            return False
        word = self.token.text
        if self.token.is_name:
            return True
        if word in _SOFT or word in QUANTIFIER_OF or self.token.stem in NEUTRAL or word in NEGATIONS:
            return False
        return word in PARTICLES or word not in FUNCTION


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text as items and measures."""

    items: tuple[Item, ...]
    measures: tuple[Measure, ...]

    @property
    def content(self) -> tuple[Item, ...]:
        """The items that say something."""
        return tuple(item for item in self.items if item.is_content)


@lru_cache(maxsize=_KEPT)
def read(text: str) -> Reading:
    """Read *text*; a text that was read lately is not read again."""
    found = tokens(clean(text))
    measured = measures(found)
    inside = {place for one in measured for place in range(one.start, one.end)}
    return Reading(tuple(_items(found, inside)), measured)


@dataclass(slots=True)
class _State:
    segment: int = 0
    clause: int = 0
    is_negated: bool = False
    is_tentative: bool = False
    is_begun: bool = False

    def break_off(self) -> None:
        self.is_negated = self.is_tentative = self.is_begun = False


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
            is_measured=place in inside,
        )
        _after(state, found, place)


def _before(state: _State, found: Sequence[Token], place: int) -> None:
    one = found[place]
    if one.sort is Sort.MARK and one.text in _CLAUSE_ENDS and not _is_inside_name(found, place):
        state.clause += 1
        state.segment += one.text in _SENTENCE_ENDS
        state.break_off()
    elif one.sort is Sort.WORD and one.text in BREAKS:
        state.clause += one.text in CLAUSE
        if not (one.text == "and" and state.is_tentative):
            state.break_off()


def _after(state: _State, found: Sequence[Token], place: int) -> None:
    one = found[place]
    if one.sort is not Sort.WORD:
        return
    following = found[place + 1].text if place + 1 < len(found) else ""
    if (one.text in NEGATIONS and following != "only") or (one.stem == "failure" and following == "to"):
        state.is_negated = not state.is_negated
    if one.stem in TENTATIVE or one.text in TENTATIVE:
        denied = {"could", "would", "might"} & {one.text} and following == "not"
        state.is_tentative = state.is_tentative or not denied
    state.is_begun = (
        one.stem in UNDERTAKEN
        and (following.endswith("ing") or following == "to")
        or (state.is_begun and one.text == "to")
    )


def _is_inside_name(found: Sequence[Token], place: int) -> bool:
    """Whether a full stop is part of an abbreviation: a lower-case word goes on after it."""
    if found[place].text != "." or place + 1 >= len(found):
        return False
    after = found[place + 1]
    return after.sort is Sort.WORD and not after.is_name and place > 0 and len(found[place - 1].text) == 1
