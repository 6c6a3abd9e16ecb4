"""Finds the open incidents whose titles look like a new one, so that one fault is declared once."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_SUFFIX = re.compile(r"(?<=[a-z]{4})(?:ations?|ures?|ing|ed|e?s|e)$")
#: Words that join others, or that tell nothing about what is broken.
_STOP_WORDS = """
a an and are as at be by for from have has in into is it its no not of on or our that the their there this to was we
were with via incident outage sev1 sev2 sev3 sev4 sev5 p1 p2 p3 p4 p5
"""
#: Words of any incident: two titles that share only these are not alike.
_FAINT_WORDS = """
broken customers degraded down elevated errors failing high increased intermittent issue latency many multiple
production prod requests service slow some spike stuck system timeout unavailable users
"""
_STOPPED = frozenset(_STOP_WORDS.split())
_FAINT_STEMS = frozenset(_SUFFIX.sub("", word) for word in _FAINT_WORDS.split())
_FAINT = 0.25
_MAX_TITLE = 300
_MAX_WORDS = 40
_MAX_TITLES = 1_000
_ALIKE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """An open incident whose title resembles another; `score` lies in (0, 1], where 1 is the same words."""

    number: int
    title: str
    score: float
    shared: tuple[str, ...]


def lookalikes(title: str, open_titles: Sequence[tuple[int, str]], *, limit: int = 3) -> tuple[Lookalike, ...]:
    """The open incidents most like a title, best first, then the latest; at most *limit*, none below a floor.

    The score is the Dice coefficient of the titles' words, without endings, in which words that any incident may have
    weigh a quarter. It is the same either way round. Only the 1,000 latest incidents and the first 300 characters of
    a title are looked at. `shared` holds the words of *title* that both have, as written there.

    >>> [(found.number, found.shared) for found in lookalikes("Card payments failing", [(7, "card payment errors")])]
    [(7, ('card', 'payments'))]
    """
    words = _words(title)
    latest = sorted(open_titles, reverse=True)[:_MAX_TITLES]
    found = [_compare(words, number, other) for number, other in latest]
    alike = sorted((one for one in found if one.score >= _ALIKE), key=lambda one: (-one.score, -one.number, one.title))
    return tuple(alike[: max(limit, 0)])


def _compare(words: dict[str, str], number: int, other: str) -> Lookalike:
    others = _words(other)
    shared = [stem for stem in words if stem in others]
    weight = _weight(words) + _weight(others)
    score = 2 * _weight(shared) / weight if weight else 0.0
    return Lookalike(number=number, title=other, score=score, shared=tuple(words[stem] for stem in shared))


def _weight(stems: dict[str, str] | list[str]) -> float:
    return sum(_FAINT if stem in _FAINT_STEMS else 1.0 for stem in stems)


def _words(title: str) -> dict[str, str]:
    """The telling words of a title by their stems, in reading order."""
    plain = unicodedata.normalize("NFKD", title[:_MAX_TITLE].casefold())
    written = re.findall(r"[^\W_]+", "".join(character for character in plain if not unicodedata.combining(character)))
    stems: dict[str, str] = {}
    for word in written[:_MAX_WORDS]:
        if word not in _STOPPED:
            stems.setdefault(_SUFFIX.sub("", word), word)
    return stems
