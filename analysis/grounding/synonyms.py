"""What a stem can be recognised by: the classes that it stands in, what it implies, and its contraries."""

from collections import defaultdict
from collections.abc import Iterator

from analysis.grounding import (
    families_table,
    faults_tables,
    general_tables,
    operations_tables,
    people_tables,
    synonym_tables,
)
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import FUNCTION

_THEMES = (faults_tables, operations_tables, people_tables, general_tables)
_CLASS_TABLES = (synonym_tables.CLASSES, families_table.CLASSES, *(one.CLASSES for one in _THEMES))
_PHRASE_TABLES = (synonym_tables.PHRASES, *(one.PHRASES for one in _THEMES))


def _entries(*tables: str) -> Iterator[list[str]]:
    for entry in "\n".join(tables).replace("\n", "|").split("|"):
        if entry.strip():
            yield entry.split()


def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for number, words in enumerate(_entries(*_CLASS_TABLES)):
        for word in words:
            found[stem(word)].add(f"#{number}")
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _phrases() -> dict[tuple[str, ...], str]:
    found = {}
    for words in _entries(*_PHRASE_TABLES):
        *before, last = words
        end, _, whole = last.partition("=")
        found[tuple(stem(word) for word in (*before, end))] = whole if whole in FUNCTION else stem(whole)
    return found


def _pairs(*tables: str, is_mutual: bool) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in _entries(*tables):
        found[stem(one)].add(stem(other))
        if is_mutual:
            found[stem(other)].add(stem(one))
    return {word: frozenset(others) for word, others in found.items()}


_CLASSES = _classes()


def keys(word: str) -> frozenset[str]:
    """What a stem can be recognised by: itself and the classes that it stands in."""
    return _CLASSES.get(word, frozenset()) | {word}


_CONTRARIES = _pairs(synonym_tables.CONTRARIES, is_mutual=True)
#: What a word implies, but not the words of its classes: a hung process has stopped, not ended.
_IMPLIED = _pairs(synonym_tables.IMPLIED, *(one.IMPLIED for one in _THEMES), is_mutual=False)
_COMPLEMENTS = _pairs(synonym_tables.COMPLEMENTS, is_mutual=True)
#: Set phrases by their stems, and the stem that each is read as.
PHRASES = _phrases()


def implied(word: str) -> frozenset[str]:
    """What an entry that has the stem *word* also says."""
    return _IMPLIED.get(word, frozenset())


def complements(word: str) -> frozenset[str]:
    """The stems of what is so exactly where *word* is not: to fail is not to succeed."""
    return _COMPLEMENTS.get(word, frozenset())


def contraries(word: str) -> frozenset[str]:
    """The stems that exclude *word*."""
    return _CONTRARIES.get(word, frozenset())


def is_contrary(word: str, said: frozenset[str]) -> bool:
    """Whether one of the stems *said* is the contrary of the stem *word*."""
    return bool(contraries(word) & said)
