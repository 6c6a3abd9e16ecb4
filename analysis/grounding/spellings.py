"""The same word written otherwise: in two words, in one, or by its first letters."""

from collections.abc import Iterator

from analysis.grounding.evidence import Evidence
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort

_NEAR = 4

_SHORTEST_ACRONYM = 3


def is_compound(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`web server` of what an entry writes as `webserver`, and the other way round."""
    if item.token.sort is not Sort.WORD:
        return False
    near = [one for one in sentence.items[max(0, item.place - 2) : item.place + 3] if one.token.text != "-"]
    ends = [one for one in near if one.token.sort is Sort.WORD and abs(near.index(one) - near.index(item)) == 1]
    joined = [
        stem(one.token.text + item.token.text if one.place < item.place else item.token.text + one.token.text)
        for one in ends
    ]
    return any(word in source_.index for source_ in evidence.sources for word in joined) or any(
        item.token.stem in source_.joined for source_ in evidence.sources
    )


def is_acronym(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`chief technology officer` of what an entry calls CTO, and the other way round."""
    word = item.token.text
    if (
        item.token.is_name
        and len(word) >= _SHORTEST_ACRONYM
        and any(word in _initials(one) for one in _texts(evidence))
    ):
        return True
    known = {
        one.token.text
        for reading in _texts(evidence)
        for one in reading.content
        if one.token.is_name and len(one.token.text) >= _SHORTEST_ACRONYM
    }
    near = Reading(sentence.items[max(0, item.place - _NEAR) : item.place + _NEAR + 1], (), ())
    return any(_spells(one, item, near) for one in known)


def _texts(evidence: Evidence) -> Iterator[Reading]:
    for one in evidence.sources:
        yield one.reading
        yield one.who


def _spells(acronym: str, item: Item, near: Reading) -> bool:
    """Whether words in a row that begin with the letters of *acronym* have *item* among them."""
    items = near.items
    return any(
        "".join(one.token.text[:1] for one in items[place : place + len(acronym)]) == acronym
        and items[place].place <= item.place < items[place].place + len(acronym)
        for place in range(len(items) - len(acronym) + 1)
    )


def _initials(reading: Reading) -> str:
    return "".join(one.token.text[:1] if one.is_word else " " for one in reading.items)
