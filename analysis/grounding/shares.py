"""Shares: the 3 of `3 of 5 nodes` is not the 5, nor a share of something else."""

from collections.abc import Sequence
from itertools import dropwhile, takewhile

from analysis.grounding.evidence import Source
from analysis.grounding.leads import phrase_of
from analysis.grounding.measures import Measure
from analysis.grounding.reading import Item, Reading

_FAR = 10
_Pair = tuple[Source, Measure]

_MOST_SHARES = 20
_SHARING = frozenset(["of", "out", "the", "/", "all"])


def is_whole(reading: Reading, one: Measure) -> bool:
    """The 9 of `3 of 9`."""
    before = [other for other in reading.measures if other.end <= one.start][-1:]
    between = [item.token.text for item in reading.items[before[0].end : one.start]] if before else []
    return bool(set(between) & {"of", "/"}) and set(between) <= _SHARING and one.unit != "%"


def is_share(reading: Reading, one: Measure) -> bool:
    """`three of five`, `3 out of 5`, `3/5`."""
    after = reading.text_at(one.end)
    return after in {"of", "out", "/"}


def is_bound_share(one: Measure, sentence: Reading, same: Sequence[_Pair], rivals: Sequence[_Pair]) -> bool:
    """Whether a share is one of the same thing in an entry, and no other share of it is told by more of the words."""
    alike = [pair for pair in same if _is_share_of_same(one, sentence, pair)]
    others = [pair for pair in rivals if pair[1].value != one.value and _is_share_of_same(one, sentence, pair)]
    if len(others) > _MOST_SHARES:
        return False
    told = phrase_of(sentence, one)
    most = max((_told_by(told, pair) for pair in others), default=0)
    return any(_told_by(told, pair) >= most for pair in alike)


def _told_by(items: Sequence[Item], pair: _Pair) -> int:
    """How many of *items* the entry has in the part of a clause that the measure belongs to."""
    source, measure = pair
    own = {item.place for item in phrase_of(source.reading, measure)}
    return sum(any(one.place in own for one in source.matching(item)) for item in items)


def _is_share_of_same(one: Measure, sentence: Reading, pair: _Pair) -> bool:
    """Whether the entry has it as a share, too, and of nothing else (`24% of runs` is not `24% of users`)."""
    source, other = pair
    wanted, own = _shared(sentence, one), _shared(source.reading, other)
    heard = {found.place for item in wanted for found in source.matching(item)}
    return is_share(source.reading, other) and (not own or not heard or any(item.place in heard for item in own))


def _shared(reading: Reading, one: Measure) -> list[Item]:
    """The words right behind the `of` of a share."""
    rest = dropwhile(lambda item: item.token.text in _SHARING, reading.items[one.end : one.end + _FAR])
    return list(takewhile(lambda item: item.is_content, rest))
