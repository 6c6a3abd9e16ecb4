"""Does a sentence say what the entries that it cites say? Decided by code, for what code can recompute.

Checked are: every cited entry is on the timeline; every instant is that of a cited entry, and every length of time the
difference of two of them, both no finer than they are known; counts are counted again; severities, milestones and all
other numbers stand in a cited entry; quotations are a cited entry's words, so what was deleted or erased cannot be
quoted. Not checked is whether the words between them are well chosen: they are the templates' own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import combinations

from analysis.events import EventKind
from analysis.milestones import Milestone
from analysis.precision import Precision
from analysis.wording import apart, instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An entry of the timeline as far as a sentence can agree with it; `is_counted` unless a replay added it."""

    at: datetime
    precision: Precision
    text: str
    who: str
    kind: EventKind
    has_words: bool
    is_revised: bool = False
    is_deleted: bool = False
    is_corrected: bool = False
    is_counted: bool = True


def disagreements(
    text: str, labels: Sequence[str], timeline: Mapping[str, Evidence], *, may_retell: bool = False
) -> tuple[str, ...]:
    """In what *text* differs from the entries of *timeline* that it cites by *labels*; empty where it agrees.

    Who *may_retell* says in other words what entries say, and so also a length of time that one of them states.
    """
    if not labels:
        return ("it cites nothing",)
    missing = [label for label in labels if label not in timeline]
    if missing:
        return (f"{', '.join(missing)} is not on the timeline",)
    cited = [timeline[label] for label in labels]
    rest, unknown = _without_words(text, cited)
    found = [f"no cited entry says “{words}”" for words in unknown]
    rest, wrong = _take(_INSTANT, rest, lambda: {instant(one.at, one.precision) for one in cited})
    found += [f"{shown} is not the time of a cited entry" for shown in wrong]
    rest = _LIMIT.sub(" ", rest)
    stated = {length for one in cited if may_retell for length in _LENGTH.findall(one.text)}
    rest, wrong = _take(_LENGTH, rest, lambda: _lengths(cited) | stated)
    found += [f"{shown} does not lie between two cited entries" for shown in wrong]
    for count in _COUNTS:
        rest, wrong = _take(count.pattern, rest, partial(_counted, count, cited, timeline))
        found += [f"{shown} is not what is counted" for shown in wrong]
    said = " ".join(one.text for one in cited).lower()
    found += [f"no cited entry has {word}" for word in _TERM.findall(rest.lower()) if not _stands(word, said)]
    return tuple(found)


_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)? UTC| \d\d h UTC)?(?: \((?:time uncertain|hour only|day only)\))?)"
)
_LIMIT = re.compile(r"\(limit [^)]*\)")
_NOTE = r"(?: \((?:time uncertain|hour only|day only)\))?"
_LENGTH = re.compile(
    r"(?<![\d.,])"
    rf"((?:less than 1 (?:min|h|day)|\d+ days?|\d+ h(?: \d+ min)?(?: \d+ s)?|\d+ min(?: \d+ s)?|\d+ s)\b{_NOTE})"
)
_TAGGED = re.compile(r"\(tagged as [a-z ]+(?: by .*)?\)$", re.DOTALL)
_QUOTATION = re.compile(r"“(.*)”")
_TERM = re.compile(rf"\b(?:sev\d|{'|'.join(Milestone)}|\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """A number that `pattern` finds in a sentence, and how it is counted again from what is cited and from all."""

    pattern: re.Pattern[str]
    of: Callable[[Sequence[Evidence], Sequence[Evidence]], int]


_COUNTS = (
    _Count(
        pattern=re.compile(r"\b(\d+) messages? (?:was|were) deleted"),
        of=lambda cited, _: sum(one.is_deleted for one in cited),
    ),
    _Count(
        pattern=re.compile(r"\b(\d+) messages? (?:was|were) revised"),
        of=lambda cited, _: sum(one.is_revised for one in cited),
    ),
    _Count(
        pattern=re.compile(r"\b(\d+) (?:entry|entries) (?:was|were) corrected"),
        of=lambda cited, _: sum(one.is_corrected for one in cited),
    ),
    _Count(
        pattern=re.compile(r"\b(\d+) updates? (?:was|were) sent"),
        of=lambda cited, _: sum(one.kind is EventKind.UPDATE_SENT for one in cited),
    ),
    _Count(
        pattern=re.compile(r"\b(\d+) notes and messages"),
        of=lambda _, every: sum(one.has_words and one.kind in {EventKind.NOTE, EventKind.MESSAGE} for one in every),
    ),
    _Count(
        pattern=re.compile(r"\b(\d+) (?:entry|entries)\b"), of=lambda _, every: sum(one.is_counted for one in every)
    ),
    _Count(
        pattern=re.compile(r"\b(\d+) added by the replay"),
        of=lambda _, every: sum(not one.is_counted for one in every),
    ),
)


def _without_words(text: str, cited: Sequence[Evidence]) -> tuple[str, list[str]]:
    """*text* without the words and names of those it cites, and what it quotes although none of them says it."""
    rest = text
    for words in sorted({one.text for one in cited}, key=len, reverse=True):
        rest = rest.replace(f": {words}", ": ")  # only where a sentence gives them: they may be one sign
    people = sorted({one.who for one in cited}, key=len, reverse=True)
    rest = _TAGGED.sub("", _without(_without_holder(rest, cited), people))
    known = [_without(one.text, people) for one in cited]
    quoted = _QUOTATION.findall(rest)
    unknown = [words for words in quoted if not any(words.removesuffix(" …") in one for one in known)]
    return _QUOTATION.sub(" ", rest), unknown


def _without_holder(text: str, cited: Sequence[Evidence]) -> str:
    """*text* without the person whom a cited entry gives a role: a name may look like a number or a time."""
    for one in cited:
        name, is_given, _ = one.text.rpartition(" became ")
        if one.kind is EventKind.ROLE_ASSIGNED and is_given:
            text = re.sub(rf"^{re.escape(name)}(?= was )|(?<=: ){re.escape(name)}$", " ", text)
    return text


def _without(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text


def _take(pattern: re.Pattern[str], text: str, right: Callable[[], set[str]]) -> tuple[str, list[str]]:
    """*text* without what *pattern* finds in it, and which of that is not *right*."""
    found = pattern.findall(text)
    expected = right() if found else set()
    return pattern.sub(" ", text), [shown for shown in found if shown not in expected]


def _counted(count: _Count, cited: Sequence[Evidence], timeline: Mapping[str, Evidence]) -> set[str]:
    return {str(count.of(cited, tuple(timeline.values())))}


def _lengths(cited: Sequence[Evidence]) -> set[str]:
    pairs = [sorted(pair, key=lambda one: one.at) for pair in combinations(cited, 2)]
    pairs += [[one, one] for one in cited]
    return {apart(start.at, start.precision, end.at, end.precision) for start, end in pairs}


def _stands(word: str, said: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", said) is not None
