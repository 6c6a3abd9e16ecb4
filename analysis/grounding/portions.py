"""What a text tells only of a part: `half of the merchants`, `3 of 5 nodes`, `other customers`."""

from collections.abc import Callable, Iterator

from analysis.grounding.forms import POSSESSIVES, PRESENT_OF_BE, WAS, is_plural
from analysis.grounding.reading import Item, Reading
from analysis.grounding.vocabulary import AMOUNTS_OF, FEW_OF, LIMITING, LIMITING_OF, OTHERS, PARTLY, SMALL

#: How many nouns behind an amount it may belong to.
_NOUNS = 2

#: What ends the nouns that an amount belongs to.
_BEHIND = WAS | PRESENT_OF_BE | {"by", "in", "on", "at", "with", "from"}


def counted(reading: Reading, parts: list[int]) -> Iterator[int]:
    """The nouns right behind `3 of 5`."""
    return _behind(reading, parts, _is_count)


def limited(reading: Reading, parts: list[int]) -> Iterator[int]:
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
            left, active = _NOUNS, parts[item.place]
        elif item.is_measured or item.token.text in _BEHIND:
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
        return after in {"of", "the", "our", "all", "any"} or is_plural(after)
    return item.token.text in LIMITING_OF and after == "of"


def _is_count(reading: Reading, item: Item) -> bool:
    """The second number of `3 of 5`."""
    if not item.is_measured:
        return False
    near = [
        one
        for one in reading.items[max(0, item.place - _NOUNS - 1) : item.place]
        if one.token.text not in POSSESSIVES | {"the", "out"}
    ]
    return len(near) > 1 and near[-1].token.text in {"of", "in"} and _is_number(near[-2])


def _is_number(item: Item) -> bool:
    return item.is_measured or item.token.text == "one"


def others(reading: Reading, parts: list[int]) -> Iterator[int]:
    """The nouns right behind `other`."""
    return _behind(reading, parts, lambda _, item: item.token.text in OTHERS)
