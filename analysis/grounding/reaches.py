"""With which reserve a text tells each of its words: on a condition, nearly, under way, as somebody's words, of a part.

How far a reserve reaches is read from clauses alone, rather too far than not far enough: a true sentence that is
refused costs less than a false one that stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import takewhile

from analysis.grounding.aims import BEING, PAST, PRESENT, at_work, depending, to_be_done
from analysis.grounding.forms import ARTICLES
from analysis.grounding.headings import guessed
from analysis.grounding.pending import pending
from analysis.grounding.portions import counted, limited, others
from analysis.grounding.reading import Item, Reading
from analysis.grounding.sayings import attributed
from analysis.grounding.vocabulary import (
    ASKING,
    BREAKS,
    COMPLETED,
    CONDITIONS,
    NEARLY,
    NEARLY_PHRASES,
    QUANTIFIER_OF,
    SUPPOSING,
    TASKS,
    UNDER_WAY,
    UNDER_WAY_PHRASES,
)

_NEAR = 4
_PREPOSITIONS = frozenset(["to", "of", "on", "about", "for", "from"])
_SUBJECTS = ARTICLES | {"any", "this", "that", "it", "they", "we", "you", "our", "their"}
_WHEN = frozenset(["when", "whenever", "once"])


class Reserve(StrEnum):
    """With which reserve something is told."""

    CONDITION = "on a condition"
    ASKED = "as a question"
    SUPPOSED = "as supposed"
    NEARLY = "as what nearly happened"
    UNDER_WAY = "as still under way"
    TO_BE_DONE = "as still to be done"
    ATTRIBUTED = "as somebody's words"
    PART = "of a part"
    COUNTED = "of some of them"
    OTHERS = "of others"
    AT_FIRST = "as so at first"


Places = Mapping[Reserve, frozenset[int]]


def reserved(reading: Reading) -> Places:
    """The places of the words that *reading* tells with each reserve."""
    parts = parts_of(reading)
    return {reserve: frozenset(find(reading, parts)) for reserve, find in _FINDERS.items()}


def parts_of(reading: Reading) -> list[int]:
    """Of each place its part: a clause, or what stands between two connectives in it."""
    found, part, clause = [], 0, 0
    for item in reading.items:
        if item.clause != clause or item.token.text in BREAKS:
            part, clause = part + 1, item.clause
        found.append(part)
    return found


def _is_cue(reading: Reading, item: Item, words: frozenset[str], phrases: frozenset[tuple[str, str]]) -> bool:
    return item.token.text in words or (reading.text_at(item.place - 1), item.token.text) in phrases


def _in_parts(reading: Reading, parts: list[int], cues: Iterable[Item]) -> Iterator[int]:
    wanted = {parts[item.place] for item in cues}
    return (item.place for item in reading.items if parts[item.place] in wanted)


def _in_segments(reading: Reading, cues: Iterable[Item]) -> Iterator[int]:
    wanted = {item.segment for item in cues}
    return (item.place for item in reading.items if item.segment in wanted)


def _conditional(reading: Reading, parts: list[int]) -> Iterator[int]:
    """A whole sentence with a condition in it."""
    return _in_segments(reading, (item for item in reading.items if _is_condition(reading, item, parts)))


def _is_condition(reading: Reading, item: Item, parts: list[int]) -> bool:
    """`if` that is no question (`checked if`), `unless` and the like, and `when` of what is not past."""
    before, after = reading.text_at(item.place - 1), reading.text_at(item.place + 1)
    match item.token.text:
        case "if":
            return not _is_question(reading, item) and before not in {"even", "as", "what"}
        case "case":
            return before == "in" and reading.is_first(reading.items[item.place - 1])
        case "assuming":
            return reading.is_first(item)
        case "should" | "had" as word:
            is_inverted = after in _SUBJECTS or (word == "should" and item.place == 0 and bool(after))
            return reading.is_first(item) and is_inverted
        case word if word in _WHEN or (word == "as" and before in {"long", "soon"}):
            return not after.endswith("ing") and not _is_question(reading, item) and _is_present(reading, item, parts)
        case word:
            return word in CONDITIONS or (word in {"provided", "providing"} and after == "that")


def _is_question(reading: Reading, cue: Item) -> bool:
    """Whether *cue* begins what is asked or told (`checked if`, `the time of when`), not a condition."""
    before = reading.items[cue.place - 1].token if cue.place else None
    return before is not None and (before.stem in ASKING or before.text in _PREPOSITIONS)


def _is_present(reading: Reading, cue: Item, parts: list[int]) -> bool:
    """Whether what *cue* begins has a verb, and that not in the past."""
    rest = takewhile(lambda one: parts[one.place] == parts[cue.place], reading.items[cue.place + 1 :])
    part = [one for one in rest if one.is_word]
    words = {one.token.text for one in part}
    if words & PRESENT:
        return not words & PAST
    is_past = words & PAST or any(one.is_past for one in part)
    return not is_past and len(part) > 1 and part[-1].token.text.endswith("s")


def _asked(reading: Reading, parts: list[int]) -> Iterator[int]:
    """A sentence with a question mark, and what `whether` begins."""
    yield from _in_segments(reading, (reading.items[one.place - 1] for one in reading.items if one.token.text == "?"))
    yield from _in_parts(reading, parts, (one for one in reading.items if one.token.text == "whether"))
    asking = {one.segment: one.place for one in reading.items if _is_checking(reading, one)}
    yield from (one.place for one in reading.items if one.place > asking.get(one.segment, one.place))


def _is_checking(reading: Reading, item: Item) -> bool:
    """`we are checking that no transfer was lost`, of which nobody knows yet."""
    is_open = item.token.text.endswith("ing") and item.token.stem in ASKING
    return is_open and reading.text_at(item.place + 1) in {"that", "whether", "if"}


def _supposed(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What stands with `probably`, unless that belongs to a cause (`probably due to`), or behind `Suspect:`."""
    yield from guessed(reading)
    cues = (one for one in reading.items if one.token.stem in SUPPOSING)
    yield from _in_parts(reading, parts, (one for one in cues if reading.text_at(one.place + 1) not in BREAKS))


def _nearly(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What follows `nearly` in its part, unless that belongs to an amount (`nearly all`, `close to 300`)."""
    active = -1
    for item in reading.items:
        if parts[item.place] == active:
            yield item.place
        following = reading.at(item.place + 1)
        is_amount = following is not None and (following.is_measured or following.token.text in QUANTIFIER_OF)
        if not item.is_measured and not is_amount and _is_cue(reading, item, NEARLY, NEARLY_PHRASES):
            active = parts[item.place]


def _to_be_done(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What has still to be done, what is only aimed at, and what something was done for."""
    yield from to_be_done(reading, parts)
    yield from pending(reading, parts)


def _at_first(reading: Reading, parts: list[int]) -> Iterator[int]:
    """A part with `initially`, of what was so later no more."""
    return _in_parts(reading, parts, (one for one in reading.items if one.token.text in {"initially", "originally"}))


def _under_way(reading: Reading, parts: list[int]) -> Iterator[int]:
    """A part with `underway` or `being rebuilt`, and a task that somebody is at (`is restarting`)."""
    cues = (one for one in reading.items if _is_cue(reading, one, UNDER_WAY, UNDER_WAY_PHRASES))
    yield from _in_parts(reading, parts, cues)
    runs = (one for one in reading.items if one.token.text == "running" and one.place)
    yield from _in_parts(reading, parts, (one for one in runs if reading.items[one.place - 1].token.stem in TASKS))
    yield from at_work(reading)
    yield from depending(reading, parts)
    tasks = (one for one in reading.items if one.token.stem in TASKS or one.token.text in COMPLETED)
    yield from _in_parts(reading, parts, (one for one in tasks if reading.text_at(one.place - 1) == "being"))
    for item in reading.items:
        if not item.token.text.endswith("ing") or item.token.stem not in TASKS:
            continue
        rest = (one for one in reading.items[item.place + 1 :] if one.segment == item.segment)
        if reading.text_at(item.place - 1) in BEING or (
            reading.is_first(item) and not any(one.is_past for one in rest)
        ):
            yield item.place


_FINDERS: Mapping[Reserve, Callable[[Reading, list[int]], Iterator[int]]] = {
    Reserve.CONDITION: _conditional,
    Reserve.ASKED: _asked,
    Reserve.SUPPOSED: _supposed,
    Reserve.NEARLY: _nearly,
    Reserve.UNDER_WAY: _under_way,
    Reserve.TO_BE_DONE: _to_be_done,
    Reserve.ATTRIBUTED: attributed,
    Reserve.PART: limited,
    Reserve.COUNTED: counted,
    Reserve.OTHERS: others,
    Reserve.AT_FIRST: _at_first,
}
