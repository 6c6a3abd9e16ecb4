"""Taking what was erased out of a document's tree, or finding that it cannot be told apart from the rest."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.approval import UNKNOWN_AUTHOR

#: What stands in a draft where something rested on what was erased.
TOMBSTONE = "Erased on request."
#: So many words in a row that are those of the erased text count as a quotation of it.
WORDS_IN_A_ROW = 4
_WORD = re.compile(r"\w+")
_SAID = ("text", "value")
_NAMED = ("said", "who", "link")

Phrases = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased: the natural keys of the events it was erased from, its words, and the ids of people."""

    keys: frozenset[str] = frozenset()
    phrases: Phrases = frozenset()
    actors: frozenset[str] = frozenset()


def phrases(texts: Iterable[str]) -> Phrases:
    """What gives away that one of *texts* is quoted: every few words in a row of it, or all where it has fewer."""
    found = set()
    for text in texts:
        words = _words(text)
        length = min(WORDS_IN_A_ROW, len(words))
        found |= {tuple(words[start : start + length]) for start in range(len(words) - length + 1) if length}
    return frozenset(found)


def quotes(text: str, erased: Phrases) -> bool:
    """Whether *text* repeats a phrase of what was *erased*."""
    words = _words(text)
    lengths = {len(phrase) for phrase in erased}
    return any(
        tuple(words[start : start + length]) in erased for length in lengths for start in range(len(words) - length + 1)
    )


def rests_on(tree: Mapping[str, Any], what: Erased) -> bool:
    """Whether the document shows one of the events, names one of the people, or repeats what was erased."""
    return _redacted(tree, _labels(tree, what.keys), what) != tree or _is_quoted(tree, what.phrases)


def redact(tree: Mapping[str, Any], what: Erased) -> dict[str, Any]:
    """*tree* with a tombstone for every statement that rests on one of the events.

    Empty where it still repeats what was erased: which other sentence took it over cannot be told.
    """
    redacted: dict[str, Any] = _redacted(tree, _labels(tree, what.keys), what)
    return {} if _is_quoted(redacted, what.phrases) else redacted


def _labels(tree: Mapping[str, Any], keys: frozenset[str]) -> frozenset[str]:
    return frozenset(row["label"] for row in tree.get("timeline", ()) if row["key"] in keys)


def _redacted(value: Any, labels: frozenset[str], what: Erased) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return UNKNOWN_AUTHOR if _names(value, what.actors) else value
    if isinstance(value, list):
        return [_redacted(each, labels, what) for each in value]
    if not isinstance(value, Mapping):
        return value
    if labels.intersection((value.get("label"), *value.get("events", ()), *value.get("labels", ()))):
        return _with_tombstone(value)
    return {name: _title(name, _redacted(each, labels, what), what.phrases) for name, each in value.items()}


def _names(text: str, actors: frozenset[str]) -> bool:
    """Whether *text* is an author of the draft as its header names them: by id, or by name with the id."""
    return any(text == actor or text.endswith(f" ({actor})") for actor in actors)


def _with_tombstone(value: Mapping[str, Any]) -> dict[str, Any]:
    """The statement, fact or row without what it says; a duration is a number and stays."""
    if "seconds" in value:
        return dict(value)
    said: dict[str, Any] = {name: TOMBSTONE for name in _SAID if name in value}
    said |= {name: "" for name in _NAMED if name in value}
    # What stood there before a correction says it, too.
    return {**value, **said, **({"history": []} if "history" in value else {})}


def _title(name: str, value: Any, erased: Phrases) -> Any:  # noqa: ANN401 - any JSON value
    """The document's own title repeats the declaration without citing it."""
    return TOMBSTONE if name == "title" and isinstance(value, str) and quotes(value, erased) else value


def _is_quoted(value: Any, erased: Phrases) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return quotes(value, erased)
    if isinstance(value, Mapping):
        return any(_is_quoted(each, erased) for each in value.values())
    return isinstance(value, Sequence) and any(_is_quoted(each, erased) for each in value)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
