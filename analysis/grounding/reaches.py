"""With which reserve a text tells each of its words: on a condition, nearly, under way, as somebody's words, of a part.

How far a reserve reaches is read from clauses alone, rather too far than not far enough: a true sentence that is
refused costs less than a false one that stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import groupby, takewhile

from analysis.grounding.aims import BEING, PAST, PRESENT, at_work, depending, to_be_done
from analysis.grounding.forms import PRESENT_OF_BE, WAS, is_plural
from analysis.grounding.quotations import quoted
from analysis.grounding.reading import Item, Reading
from analysis.grounding.vocabulary import (
    ACCORDING,
    AMOUNTS_OF,
    ASKING,
    BREAKS,
    COMPLETED,
    CONDITIONS,
    FEW_OF,
    LIMITING,
    LIMITING_OF,
    MACHINES,
    NEARLY,
    NEARLY_PHRASES,
    NEUTRAL,
    OTHERS,
    PARTLY,
    PRODUCTS,
    QUANTIFIER_OF,
    REPORTS,
    SAYERS,
    SAYING,
    SAYING_OF,
    SAYING_THAT,
    SMALL,
    SUPPOSING,
    TASKS,
    UNDER_WAY,
    UNDER_WAY_PHRASES,
)

_NEAR = 4
_LIMITED = 2
_PREPOSITIONS = frozenset(["to", "of", "on", "about", "for", "from"])
#: What ends the nouns that an amount belongs to.
_BEHIND_LIMITED = WAS | PRESENT_OF_BE | {"by", "in", "on", "at", "with", "from"}
_OPENING = frozenset(
    [
        "the",
        "a",
        "an",
        "our",
        "no",
        "all",
        "us",
        "they",
        "he",
        "she",
        "it",
        "we",
        "their",
        "his",
        "her",
        "being",
        "having",
    ]
)
_SUBJECTS = frozenset(["a", "an", "the", "any", "this", "that", "it", "they", "we", "you", "our", "their"])
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


def _is_first(reading: Reading, item: Item) -> bool:
    before = reading.at(item.place - 1)
    return before is None or before.segment != item.segment or not before.is_word


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
            return before == "in" and _is_first(reading, reading.items[item.place - 1])
        case "assuming":
            return _is_first(reading, item)
        case "should" | "had" as word:
            is_inverted = after in _SUBJECTS or (word == "should" and item.place == 0 and bool(after))
            return _is_first(reading, item) and is_inverted
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


def _supposed(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What stands with `probably`, unless that belongs to a cause or the like (`probably due to`)."""
    cues = (one for one in reading.items if one.token.stem in SUPPOSING)
    return _in_parts(reading, parts, (one for one in cues if reading.text_at(one.place + 1) not in BREAKS))


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
            _is_first(reading, item) and not any(one.is_past for one in rest)
        ):
            yield item.place


def _attributed(reading: Reading, parts: list[int]) -> Iterator[int]:
    """A sentence with `according to`, and what follows a verb of saying, or stands before it (`…, he said`)."""
    yield from _in_segments(reading, (one for one in reading.items if _is_according(reading, one)))
    yield from quoted(reading)
    yield from _reported(reading)
    for _, members in groupby(reading.items, key=lambda one: one.segment):
        segment = list(members)
        verb = next((one for one in segment if _is_saying(reading, one, parts)), None)
        if verb is None:
            continue
        after = [one for one in segment if verb.place < one.place < _resumed(reading, verb, segment)]
        before = [one for one in segment if one.clause < verb.clause]
        is_behind = verb.token.stem in SAYING and sum(one.is_content for one in after) < _LIMITED
        yield from (one.place for one in (before if is_behind else after))


def _resumed(reading: Reading, verb: Item, segment: list[Item]) -> int:
    """Where the sayer goes on himself: at `and deployed it`, a past after what he says in the present."""
    for one in segment:
        if one.place <= verb.place:
            continue
        if one.token.text in PAST or (one.is_past and one.is_content):
            break
        after = reading.at(one.place + 1)
        if one.token.text == "and" and verb.is_past and after is not None and after.is_past:
            return one.place
    return len(reading.items)


def _reported(reading: Reading) -> Iterator[int]:
    """What follows `reports of` or `complaints that` in its sentence, and what a company named before it reports."""
    for item in reading.items:
        before = reading.items[item.place - 1].token if item.place else None
        is_machine = before is not None and bool(before.keys & MACHINES)
        is_noun = item.token.text in REPORTS and reading.text_at(item.place + 1) in {"of", "that", "about"}
        is_name = (
            item.token.text in {"reports", "reported"}
            and before is not None
            and before.is_name
            and before.text not in PRODUCTS
            and item.place + 1 < len(reading.items)
            and _is_object(reading.items[item.place + 1])
        )
        if (is_noun or is_name) and not is_machine:
            yield from (one.place for one in reading.items[item.place + 1 :] if one.segment == item.segment)


def _is_according(reading: Reading, item: Item) -> bool:
    """`according to the vendor`, `in his view`, `allegedly`, and `per the vendor` where a sentence begins so."""
    if item.token.text == "according":
        teller = reading.items[item.place + 1 : item.place + 1 + _NEAR]
        return not any(one.token.stem in MACHINES for one in teller)
    if item.token.text in {"view", "opinion"}:
        before = [reading.text_at(place) for place in range(item.place - _NEAR, item.place - 1)]
        return "in" in before
    return item.token.text in ACCORDING or (item.token.text == "per" and _is_first(reading, item))


def _is_saying(reading: Reading, item: Item, parts: list[int]) -> bool:
    """Whether it is a verb by which a person, not a machine, tells what follows."""
    following = reading.items[item.place + 1 : item.place + 1 + _NEAR]
    before = reading.items[max(0, item.place - _NEAR) : item.place]
    teller = before[-1] if before else None
    is_that = item.token.stem in SAYING_THAT and any(one.token.text == "that" for one in following)
    is_verb = teller is not None and teller.is_content and not item.token.text.endswith("ing")
    subject = [one.token.stem for one in before if parts[one.place] == parts[item.place]]
    is_person = teller is not None and (teller.token.stem in SAYERS or (is_verb and bool(set(subject) & SAYERS)))
    is_bare = (item.token.stem in SAYING_OF and is_verb) or (item.token.stem in SAYING_THAT and is_person)
    if not (item.token.stem in SAYING or is_that or (is_bare and following and _is_object(following[0]))):
        return False
    return not any(one.token.stem in MACHINES for one in before if parts[one.place] == parts[item.place])


def _is_object(item: Item) -> bool:
    """Whether words of a clause may begin with it: no preposition and no verb."""
    return item.is_content or item.is_measured or item.token.text in _OPENING or item.token.stem in NEUTRAL


def _counted(reading: Reading, parts: list[int]) -> Iterator[int]:
    """The nouns right behind `3 of 5`."""
    return _behind(reading, parts, _is_count)


def _limited(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What is limited to a part by a word for one, and what is done `partially`."""
    yield from _behind(reading, parts, _is_limit)
    last = {parts[item.place]: item.place for item in reading.content}
    for item in reading.items:
        if item.token.text in PARTLY and last.get(parts[item.place], -1) < item.place:
            yield item.place - 1
            yield item.place - 2


def _behind(reading: Reading, parts: list[int], is_limit: Callable[[Reading, Item], bool]) -> Iterator[int]:
    """The nouns right behind a word for a part (`half of the merchants`), and what is done `partially`."""
    left, active, last = 0, -1, -2
    for item in reading.items:
        is_next = 0 <= last == item.place - 1 and reading.items[last].token.is_name  # what a name is the name of
        if (left or is_next) and parts[item.place] == active and item.is_content:
            yield item.place
            left, last = max(0, left - 1), item.place
        if is_limit(reading, item):
            left, active = _LIMITED, parts[item.place]
        elif item.is_measured or item.token.text in _BEHIND_LIMITED:
            left = 0


def _is_limit(reading: Reading, item: Item) -> bool:
    """`half of`, `most customers`, `30% of the`, `50% complete`; not `most recent` or `at most`."""
    after = reading.text_at(item.place + 1)
    if item.token.text in PARTLY:
        return True
    if item.token.text in {"%", "percent", "third", "quarter"}:
        return after in {"of", "complete"}
    if item.token.text in FEW_OF or (item.token.text in AMOUNTS_OF and reading.text_at(item.place - 1) in SMALL):
        return after == "of"
    if item.token.text in LIMITING:
        return after in {"of", "the", "our", "all", "any"} or (is_plural(after))
    return item.token.text in LIMITING_OF and after == "of"


def _is_count(reading: Reading, item: Item) -> bool:
    """The second number of `3 of 5`."""
    if not item.is_measured:
        return False
    near = [
        one
        for one in reading.items[max(0, item.place - _LIMITED - 1) : item.place]
        if one.token.text not in {"the", "out", "our", "its", "their"}
    ]
    return len(near) > 1 and near[-1].token.text in {"of", "in"} and _is_number(near[-2])


def _is_number(item: Item) -> bool:
    return item.is_measured or item.token.text == "one"


def _others(reading: Reading, parts: list[int]) -> Iterator[int]:
    """The nouns right behind `other`."""
    return _behind(reading, parts, lambda _, item: item.token.text in OTHERS)


_FINDERS: Mapping[Reserve, Callable[[Reading, list[int]], Iterator[int]]] = {
    Reserve.CONDITION: _conditional,
    Reserve.ASKED: _asked,
    Reserve.SUPPOSED: _supposed,
    Reserve.NEARLY: _nearly,
    Reserve.UNDER_WAY: _under_way,
    Reserve.TO_BE_DONE: to_be_done,
    Reserve.ATTRIBUTED: _attributed,
    Reserve.PART: _limited,
    Reserve.COUNTED: _counted,
    Reserve.OTHERS: _others,
}
