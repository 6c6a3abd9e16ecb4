"""The cited entries, read and indexed by what their words can be recognised by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from analysis.grounding.measures import Measure
from analysis.grounding.reading import Item, Reading, read
from analysis.grounding.records import Ground
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import implied
from analysis.grounding.tokens import BASE
from analysis.precision import is_before

_KEPT = 512
_VERB = ">"
_PARTICLES = frozenset(["over", "up", "down", "out", "off", "back", "in"])
#: How often a word of an entry is looked at, and how much of an entry's text: what lies beyond is no evidence.
_MOST_MATCHES = 40
_MOST_CHARACTERS = 20_000
_MOST_MEASURES = 200
_HEADING = 5
#: How many words with content on either side of a measure count as around it.
_NEAR = 5
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A cited entry with its text and its author read."""

    label: str
    ground: Ground
    reading: Reading
    who: Reading
    index: Mapping[str, tuple[Item, ...]]
    about: frozenset[str]
    joined: frozenset[str]  #: what two neighbouring words are, written as one
    around: Mapping[int, Mapping[int, int]]  #: of each measure the words near it, and how far they are from it
    heading: tuple[Item, ...]  #: who speaks in `Support: 14 chats`, what the rest is headed by

    def matching(self, item: Item) -> tuple[Item, ...]:
        """The words of the text that say what *item* says; an identifier only letter by letter."""
        own = {*item.token.keys, _VERB + item.token.stem}
        found = (one for key in sorted(own) for one in self.index.get(key, ()))
        return tuple({one.place: one for one in islice(found, _MOST_MATCHES)}.values())

    def says(self, item: Item) -> bool:
        """Whether the text, the author, the kind or a tag says what *item* says."""
        return bool(self.matching(item)) or bool(item.token.keys & self.about)

    def weight(self, item: Item) -> int:
        """How much it says of what *item* says: the word itself is more than another that may stand for it."""
        is_same = any(one.token.stem == item.token.stem for one in self.matching(item))
        return 2 if is_same else int(self.says(item))


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a sentence cites."""

    sources: tuple[Source, ...]

    def matching(self, item: Item) -> Iterator[tuple[Source, Item]]:
        """The words of any cited text that say what *item* says."""
        for source in self.sources:
            for one in source.matching(item):
                yield source, one

    def sayers(self, item: Item) -> tuple[Source, ...]:
        """The cited entries that say what *item* says."""
        return tuple(source for source in self.sources if source.says(item))

    def aligned(self, items: Sequence[Item]) -> tuple[Source, ...]:
        """The cited entries that say the most of *items*; none where no entry says any."""
        scores = [sum(source.weight(item) for item in items) for source in self.sources]
        best = max(scores, default=0)
        return tuple(source for source, score in zip(self.sources, scores, strict=True) if score == best and best)


def gathered(labels: Sequence[str], record: Mapping[str, Ground]) -> Evidence:
    """The entries of *record* that *labels* name, each once."""
    return Evidence(tuple(source(label, record[label]) for label in dict.fromkeys(labels) if label in record))


def is_earlier(one: Ground, other: Ground) -> bool:
    """Whether an entry is of an earlier time, as exactly as both are known."""
    return is_before(one.at, one.precision, other.at, other.precision)


@lru_cache(maxsize=_KEPT)
def source(label: str, ground: Ground) -> Source:
    """*ground* read and indexed; one that was read lately is not read again."""
    reading, who = read(ground.text[:_MOST_CHARACTERS]), read(ground.who[:_MOST_CHARACTERS])
    index: dict[str, list[Item]] = {}
    for item in reading.items:
        if item.is_word and not item.is_measured:
            for key in _index_keys(item):
                index.setdefault(key, []).append(item)
    about = [who, read(ground.kind.replace("_", " ")), *(read(tag.replace("_", " ")) for tag in ground.tags)]
    kept = reading.measures[:_MOST_MEASURES]
    return Source(
        label=label,
        ground=ground,
        reading=replace(reading, measures=kept),
        who=who,
        index={key: tuple(items) for key, items in index.items()},
        about=frozenset(key for one in about for item in one.content for key in item.token.keys),
        joined=frozenset(_joined(ground.text[:_MOST_CHARACTERS], reading)),
        around={one.start: {item.place: abs(item.place - one.start) for item in _around(reading, one)} for one in kept},
        heading=_heading(reading),
    )


def _heading(reading: Reading) -> tuple[Item, ...]:
    """The words before a colon that begins the text."""
    colon = next((item.place for item in reading.items[: _HEADING + 1] if item.token.text == ":"), 0)
    words = reading.items[:colon]
    return words if words and all(item.is_word and not item.is_past for item in words) else ()


def _index_keys(item: Item) -> Iterator[str]:
    """Under which keys a word is found: a phrase by its verb alone, a verb alone by its phrases."""
    if item.token.text == "over":  # `rolled over` is not `was over`
        yield from (item.token.stem, BASE + item.token.stem)
        return
    own = item.token.keys | implied(item.token.stem)
    yield from (_VERB + key[1:] if key.startswith(BASE) else key for key in own)
    yield BASE + item.token.stem


def _joined(text: str, reading: Reading) -> Iterator[str]:
    """Neighbouring words written as one, as the text has them and as verb and particle."""
    yield from (stem(one + other) for one, other in pairwise(_LETTERS.findall(text.lower())))
    words = [item for item in reading.items if item.is_word]
    for one, other in pairwise(words):
        if one.is_content and other.token.text in _PARTICLES and other.place - one.place == 1:
            yield one.token.stem + other.token.text  # `rollover` of `rolled over`


def _around(reading: Reading, one: Measure) -> list[Item]:
    """The words with content nearest to a measure, within its sentence of the text."""
    segment = reading.items[one.start].segment
    sides = (
        reversed(reading.items[max(0, one.start - 4 * _NEAR) : one.start]),
        iter(reading.items[one.end : one.end + 4 * _NEAR]),
    )
    near = ((item for item in side if item.segment == segment and item.is_content) for side in sides)
    return [item for side in near for item in islice(side, _NEAR)]
