"""What a text tells as an aim, or as work that goes on: what depends on it was not done either."""

from collections.abc import Iterator
from itertools import pairwise, takewhile

from analysis.grounding.forms import ARTICLES, DEMONSTRATIVES, POSSESSIVES, PRESENT_OF_BE, SENTENCE_ENDS, WAS, is_plural
from analysis.grounding.headings import planned
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import (
    ACTORS,
    BEGUN,
    COMPLETED,
    GOING_ON,
    INTENTIONS,
    NEUTRAL,
    OPEN,
    TASKS,
    TENTATIVE,
    TO_BE_DONE,
    UNDER_WAY,
    UNDER_WAY_PHRASES,
    WORKED,
)

_NEAR = 4
_OBJECT = 6
_FAR = 60
BEING = PRESENT_OF_BE | WAS | {"am", "re", "m", "currently", "now", "still"}
PAST = WAS | {"had", "did"}
PRESENT = PRESENT_OF_BE | {"has", "have"}
_FINISHED = PAST | {"has", "have"}
_UNFINISHED = PRESENT_OF_BE | {"am", "be", "been", "being"}
#: What a plan has as its parts (`this includes expanding the tests`).
_HAVING = frozenset(["includes", "include", "involves", "involve"])
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVES | {"all", "any"}
#: What leads to something that was done before (`after applying a mitigation`).
_EARLIER = frozenset(["after", "since", "following", "by"])
_STAYING = frozenset(["remains", "remain"])
_LEADING = frozenset(["to", "on", "about", "against", "for", "from", "also", "not"])
_AVOIDING = frozenset(stem(word) for word in ("prevent", "avoid"))
#: What makes another do it, so that it was done (`causing all work to stop`).
_MAKING = frozenset(stem(word) for word in ("cause", "force", "lead"))
_AWAIT = stem("awaited")


def at_work(reading: Reading) -> Iterator[int]:
    """What somebody is at (`we are also improving the alerts and adding others`), not what goes on by itself."""
    active = -1
    for item in reading.items:
        if not item.token.text.endswith("ing") or item.token.stem in GOING_ON:
            continue
        before = [one for one in reading.items[max(0, item.place - _NEAR) : item.place] if one.clause == item.clause]
        words = [one.token.text for one in before if not one.token.text.endswith("ly") and one.token.text != "also"]
        is_somebody = any(one.token.stem in ACTORS for one in before)
        if (
            (words and words[-1] in BEING and is_somebody)
            or words[-1:] in (["we"], ["they"])
            or words[-1:] == ["includes"]
            or (words[-1:] == ["and"] and active == item.segment)
        ):
            active = item.segment
            yield item.place


def depending(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What stands behind work that goes on in its sentence, but for what is told as past there."""
    setting_in = {one.place for one in reading.items if one.token.stem in BEGUN}  # `we are beginning to see`
    begun = (set(at_work(reading)) | set(_announced(reading))) - setting_in
    segment, part, is_past = -1, -1, False
    for item in reading.items:
        if parts[item.place] != part:
            part, is_past = parts[item.place], item.token.text in _EARLIER
        is_past = is_past or is_told(reading, item)
        if item.token.text == ";" and item.segment == segment + 1:  # a list goes on
            segment = item.segment
        if item.segment == segment and not is_past:
            yield item.place
        if item.place in begun:
            segment = item.segment


def _announced(reading: Reading) -> Iterator[int]:
    """`underway` and `working to`, and the parts of a plan (`this includes expanding the tests`)."""
    for item in reading.items:
        pair = (reading.text_at(item.place - 1), item.token.text)
        is_part = pair[0] in _HAVING and pair[1].endswith("ing")
        if item.token.text in UNDER_WAY or pair in UNDER_WAY_PHRASES or pair == ("working", "to") or is_part:
            yield item.place


def is_told(reading: Reading, item: Item) -> bool:
    """Whether it is a verb that tells something as past, whatever its clause depends on."""
    if item.token.text in _FINISHED:
        return True
    before = {one.token.text for one in reading.items[max(0, item.place - 2) : item.place]}
    return (
        item.is_past and item.token.text not in _UNFINISHED and not before & _UNFINISHED and is_predicate(reading, item)
    )


def to_be_done(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What follows `needs to`, `going to` or `must be` in its part, and what is only aimed at."""
    active = -1
    for item in reading.items:
        if item.token.text in {"and", "or"} and parts[item.place - 1] == active and _goes_on(reading, item, parts):
            active = parts[item.place]
        if parts[item.place] == active:
            yield item.place
        if (reading.text_at(item.place - 1), item.token.text) in TO_BE_DONE or item.token.stem == _AWAIT:
            following = reading.items[item.place + 1 : item.place + 2]
            if not any(one.token.stem in GOING_ON for one in following):
                active = parts[item.place]
    yield from _aimed_at(reading, parts)


def _aimed_at(reading: Reading, parts: list[int]) -> Iterator[int]:
    """What `changes to reduce …`, `To prevent …,` and `recommends adding` only aim at, up to a verb of the past."""
    present = _without_past(reading)
    for item in reading.items:
        if _is_aim(reading, item, present) or _is_object(reading, item) or _is_plan(reading, item):
            yield from _open_from(reading, item, parts)
    yield from planned(reading)


def _open_from(reading: Reading, cue: Item, parts: list[int]) -> Iterator[int]:
    """From *cue* on in its part, up to a verb that tells how something is or was."""
    yield cue.place
    for one in reading.items[cue.place + 1 : cue.place + _FAR]:
        if parts[one.place] != parts[cue.place] or _is_finite(reading, one):
            return
        yield one.place


def _is_finite(reading: Reading, item: Item) -> bool:
    return item.token.text in PRESENT_OF_BE or is_told(reading, item)


def _without_past(reading: Reading) -> set[int]:
    """The sentences that tell how something is, and nothing that was."""
    begun = {one.segment for one in reading.items if one.token.text.endswith("ing") and reading.is_first(one)}
    past = {one.segment for one in reading.items if is_told(reading, one) and one.token.text not in {"has", "have"}}
    return (begun | {one.segment for one in reading.items if one.token.text in PRESENT_OF_BE}) - past


def _is_aim(reading: Reading, item: Item, present: set[int]) -> bool:
    """Whether an infinitive tells what was not done: of an intention, of a wish, or where nothing was done at all."""
    before = reading.at(item.place - 1)
    after = reading.at(item.place + 1)
    if item.token.text != "to" or after is None or not after.is_word:
        return False
    if after.token.is_name or after.token.text in _DETERMINERS:
        return False
    if before is None or before.token.text in SENTENCE_ENDS or item.segment in present:
        return True
    if _is_apart(reading, before) and after.is_content and not is_plural(after.token.text):
        return True
    near = [one.token for one in reading.items[max(0, item.place - _NEAR) : item.place]]
    if any(one.stem in _MAKING and other.text != "by" for one, other in pairwise(near)):
        return False
    noun = reading.at(item.place - 2) if before.is_past else before  # `a decision taken to restore it`
    is_intended = noun is not None and noun.token.stem in INTENTIONS
    return after.token.stem in _AVOIDING or is_intended or _is_wished(reading, item)


def _is_apart(reading: Reading, before: Item) -> bool:
    """Whether an infinitive behind it tells what for: set apart by a comma or by `so as`."""
    return before.token.text == "," or (reading.text_at(before.place - 1), before.token.text) == ("so", "as")


def _is_wished(reading: Reading, item: Item) -> bool:
    """Whether a verb that leaves open what follows stands before it, or before its object (`asked the vendor to`)."""
    near = reversed(reading.items[max(0, item.place - _OBJECT) : item.place])
    words = takewhile(lambda one: one.is_content or one.token.text in _DETERMINERS or one.token.stem in NEUTRAL, near)
    return any(one.token.stem in OPEN for one in words)


def _is_object(reading: Reading, item: Item) -> bool:
    """Whether a form in -ing is the object of such a verb (`recommends adding`, `committed to adding`)."""
    if not item.token.text.endswith("ing") or not item.place:
        return False
    near = (one.token for one in reading.items[max(0, item.place - 2) : item.place])
    before = [one for one in near if one.text not in _LEADING]
    if not before or before[-1].text == "requests":
        return False
    return before[-1].stem in OPEN or (before[-1].stem in WORKED and item.token.stem in TASKS)


def _is_plan(reading: Reading, item: Item) -> bool:
    """Whether a form in -ing begins a sentence that tells it as planned or open (`Adding alerts is next`)."""
    is_first = not item.place or reading.text_at(item.place - 1) in SENTENCE_ENDS
    if not is_first or not item.token.text.endswith("ing") or item.token.stem in GOING_ON:
        return False
    rest = [one.token for one in reading.items[item.place + 1 :] if one.clause == item.clause]
    verbs = [place for place, one in enumerate(rest) if one.text in BEING or one.text in _STAYING]
    following = rest[verbs[0] + 1 : verbs[0] + 3] if verbs else []
    if any(one.text in COMPLETED for one in following):
        return False
    is_open = any(one.stem in OPEN | TENTATIVE for one in following)
    return bool(verbs) and (is_open or rest[verbs[0]].text in PRESENT_OF_BE | _STAYING)


def _goes_on(reading: Reading, cue: Item, parts: list[int]) -> bool:
    """Whether behind `and` no verb of its own tells what was done (`to fix it and reduce the load`)."""
    rest = takewhile(lambda one: parts[one.place] == parts[cue.place], reading.items[cue.place + 1 :])
    return not any(one.token.text in PRESENT | PAST or one.is_past for one in rest)
