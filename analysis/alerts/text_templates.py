"""Templates of free text, for sources whose alerts have a sentence instead of a rule's name.

A tree of fixed depth after Drain (He et al., ICWS 2017): masked words, first by how many there are, then by the first
few of them, then by likeness to the templates at that leaf. What it finds is a second key, for what is learned of
rules: two alerts are never one series because their texts are alike.
"""

import re
from dataclasses import dataclass, field

WILDCARD = "<*>"

_MASKED = re.compile(
    r"""
    \x1b\[[0-9;]*m                                                  # colours of a terminal
    | \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b      # UUIDs
    | \b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b   # dates and times
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b                          # addresses
    | \b0x[0-9a-fA-F]+\b | \b[0-9a-fA-F]{12,}\b                     # hexadecimal
    | [-+]?\b\d+(?:[.,:]\d+)*(?:%|[a-zA-Z]{1,3})?\b                 # numbers, with a unit
    """,
    re.VERBOSE,
)
_SPLIT = re.compile(r"[\s=|,;]+")
_DEPTH = 3
_MOST_WORDS = 64
_MOST_BRANCHES = 64
_MOST_TEMPLATES = 20_000
_MOST_CHARACTERS = 2_000


@dataclass(slots=True, eq=False)
class _Template:
    key: str
    words: list[str]


@dataclass(slots=True, eq=False)
class _Node:
    branches: dict[str, "_Node"] = field(default_factory=dict)
    templates: list[_Template] = field(default_factory=list)


class TextTemplates:
    """The templates seen so far, at most 20,000; it learns from every text, in the order that they come."""

    __slots__ = ("_count", "_least", "_roots")

    def __init__(self, likeness: float = 0.4) -> None:
        self._least = likeness
        self._roots: dict[int, _Node] = {}
        self._count = 0

    def key(self, text: str) -> str:
        """The name of *text*'s template, which never changes: the masked words of the first text that had it."""
        words = masked_words(text)
        leaf = self._leaf(words)
        best, likeness = None, -1.0
        for template in leaf.templates:
            found = _likeness(template.words, words)
            if found > likeness:
                best, likeness = template, found
        if best is None or likeness < self._least:
            return self._added(leaf, words)
        if likeness < 1.0:
            best.words = [old if old == new else WILDCARD for old, new in zip(best.words, words, strict=True)]
        return best.key

    def _added(self, leaf: _Node, words: list[str]) -> str:
        key = " ".join(words)
        if self._count < _MOST_TEMPLATES:
            leaf.templates.append(_Template(key, words))
            self._count += 1
        return key

    def _leaf(self, words: list[str]) -> _Node:
        node = self._roots.setdefault(len(words), _Node())
        for word in words[:_DEPTH]:
            branch = WILDCARD if WILDCARD in word else word
            if branch not in node.branches and len(node.branches) >= _MOST_BRANCHES:
                branch = WILDCARD
            node = node.branches.setdefault(branch, _Node())
        return node


def masked_words(text: str) -> list[str]:
    """The words of *text*, with what changes from one text to the next masked."""
    masked = _MASKED.sub(WILDCARD, text[:_MOST_CHARACTERS])
    return _SPLIT.split(masked.strip())[:_MOST_WORDS]


def _likeness(template: list[str], words: list[str]) -> float:
    """The share of words that are the same; a wildcard says nothing, unless there is nothing else."""
    same = sum(old == new and old != WILDCARD for old, new in zip(template, words, strict=True))
    telling = sum(old != WILDCARD for old in template)
    return same / telling if telling else 1.0
