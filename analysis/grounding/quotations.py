"""What stands in quotation marks beside a verb of speech is somebody's words, in whatever entry it stands."""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from analysis.grounding.forms import BE, SENTENCE_ENDS
from analysis.grounding.reading import Item, Reading
from analysis.grounding.vocabulary import MACHINES, SPEECH

_CLOSING: Mapping[str, str] = {"“": "”", '"': '"', "„": "“", "«": "»"}
_MARKS = frozenset(_CLOSING) | frozenset(_CLOSING.values())
_BEFORE, _AFTER = 8, 4
_DEEPEST = 3


def quoted(reading: Reading) -> Iterator[int]:
    """The places of the words that somebody is quoted with (`Support wrote "payments fail"`)."""
    opened: list[Item] = []
    for item in reading.items:
        mark = item.token.text
        if opened and mark == _CLOSING[opened[-1].token.text]:
            first = opened.pop().place
            if _is_spoken(reading, first, item.place):
                yield from range(first + 1, item.place)
        elif mark in _CLOSING and len(opened) < _DEEPEST:
            opened.append(item)
    for one in opened:  # a quotation that nobody closed goes on to the end
        if _is_spoken(reading, one.place, len(reading.items)):
            yield from range(one.place + 1, len(reading.items))


def _is_spoken(reading: Reading, first: int, last: int) -> bool:
    if sum(one.is_content for one in reading.items[first:last]) <= 1:
        return False  # a name in quotation marks
    before = takewhile(_is_inside, reversed(reading.items[max(0, first - _BEFORE) : first]))
    after = takewhile(_is_inside, reading.items[last + 1 : last + 1 + _AFTER])
    return _is_saying(list(before), reading) or _is_saying(list(after), reading)


def _is_inside(one: Item) -> bool:
    return one.token.text not in _MARKS | SENTENCE_ENDS


def _is_saying(near: list[Item], reading: Reading) -> bool:
    if any(one.token.stem in MACHINES for one in near):
        return False
    return any(one.token.stem in SPEECH and not _is_passive(one, reading) for one in near)


def _is_passive(one: Item, reading: Reading) -> bool:
    """Whether a verb of speech tells who was told, not who said it (`stakeholders were told`)."""
    return reading.text_at(one.place - 1) in BE
