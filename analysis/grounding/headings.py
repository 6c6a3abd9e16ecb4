"""What a note's heading makes of all behind its colon: a guess (`Suspect: …`) or a plan (`Next: …`, `Option 2: …`)."""

from collections.abc import Iterator, Sequence

from analysis.grounding.forms import BE
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import ASKING, CAUSAL, INTENTIONS, TENTATIVE

_LONGEST = 6
#: What a guess is called; a cause may be told as one, too (`Likely cause: …`, `Root cause (suspected): …`).
_GUESSES = frozenset(
    map(stem, ("suspect", "suspicion", "hypothesis", "theory", "guess", "assumption", "speculation", "hunch"))
)
#: Who confirmed it guesses no more (`Confirmed hypothesis: …`).
_SURE = stem("confirm")
_PLANS = INTENTIONS | frozenset(map(stem, ("next", "todos", "follow-ups")))


def guessed(reading: Reading) -> Iterator[int]:
    """The places of what stands behind the heading of a guess, but for who is looking into it."""
    for words, rest in _headed(reading):
        if _is_guess(words):
            looking = {one.clause for one in rest if one.token.text.endswith("ing") and one.token.stem in ASKING}
            yield from (one.place for one in rest if one.clause not in looking)


def planned(reading: Reading) -> Iterator[int]:
    """The places of what stands behind the heading of a plan (`Next step:`, `Action items:`, `Option 2:`)."""
    for words, rest in _headed(reading):
        last = _last(words)
        if last is not None and last.token.stem in _PLANS and not last.is_past:
            yield from (one.place for one in rest)


def _is_guess(words: Sequence[Item]) -> bool:
    last = _last(words)
    if last is None:
        return False
    if any(one.token.stem == _SURE and one.is_past for one in words):
        return False
    is_supposed = any(one.token.stem in TENTATIVE for one in words)
    return last.token.stem in _GUESSES or (is_supposed and (last.token.stem in CAUSAL or last.token.stem in TENTATIVE))


def _last(words: Sequence[Item]) -> Item | None:
    """The last word of a heading, before a number or a bracket."""
    return next((one for one in reversed(words) if one.is_word), None)


def _headed(reading: Reading) -> Iterator[tuple[Sequence[Item], Sequence[Item]]]:
    """The words before each colon of a sentence, where they are no clause, and those from it on."""
    for colon in reading.items:
        if colon.token.text != ":":
            continue
        near = reading.items[max(0, colon.place - _LONGEST - 1) : colon.place]
        words = [one for one in near if one.segment == colon.segment]
        if words and len(words) <= _LONGEST and not any(one.token.text in BE for one in words):
            yield words, [one for one in reading.items[colon.place :] if one.segment == colon.segment]
