"""What a note's heading makes of all behind its colon: a guess (`Suspect: …`) or a plan (`Next: …`, `Option 2: …`)."""

from collections.abc import Callable, Iterator, Sequence

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
    looking = {one.clause for one in reading.items if one.token.text.endswith("ing") and one.token.stem in ASKING}
    behind = _behind(reading, lambda words: _is_heading(words) and _is_guess(words))
    yield from (one.place for one in behind if one.clause not in looking)


def planned(reading: Reading) -> Iterator[int]:
    """The places of what stands behind the heading of a plan (`Next step:`, `Option 2:`, `Here are the actions:`)."""
    yield from (one.place for one in _behind(reading, _is_plan))


def _behind(reading: Reading, is_heading: Callable[[Sequence[Item]], bool]) -> Iterator[Item]:
    """From the first colon of a sentence behind such words on to its end."""
    segment = -1
    for item in reading.items:
        if item.token.text == ":" and item.segment != segment:
            near = reading.items[max(0, item.place - _LONGEST - 1) : item.place]
            if is_heading([one for one in near if one.segment == item.segment]):
                segment = item.segment
        if item.segment == segment:
            yield item


def _is_heading(words: Sequence[Item]) -> bool:
    """Whether words before a colon are no clause."""
    return bool(words) and len(words) <= _LONGEST and not any(one.token.text in BE for one in words)


def _is_plan(words: Sequence[Item]) -> bool:
    if not _is_heading(words):
        return bool(words) and words[-1].token.stem in INTENTIONS and not words[-1].is_past
    last = _last(words)
    return last is not None and last.token.stem in _PLANS and not last.is_past


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
