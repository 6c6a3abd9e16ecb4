"""The parts of a document that a style can place, by name, and those that it must.

    title · number · severity              within a line
    fact:N · statement:KEY:N · ask:KEY:N   within a line: one of the header, of a section, of a section's questions
    duration:N · more:KEY:N                within a line: one duration; how many statements follow the first N
    facts · section:KEY · to_look_at       on lines of their own; the last counts what a reader must notice, with where

What a reader must notice may be moved, and never dropped.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.wording import counted

#: How many places a line names before it says how many more there are.
MOST_NAMED = 8
#: Where the account of a language model stands; see `analysis.writing.account`.
ACCOUNT = "account"
_BLOCKS = ("section:", "facts", "to_look_at")
#: Never placed: the end of every document.
APPROVALS = "approvals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How many there are of something, and where."""

    name: str
    count: int
    where: str

    @property
    def text(self) -> str:
        """Both as one text."""
        return f"{self.count} ({self.where})"


def is_block(place: str) -> bool:
    """Whether a part stands on lines of its own."""
    return place.startswith(_BLOCKS)


def places(tree: Mapping[str, Any]) -> frozenset[str]:
    """Every place that *tree* has a part for; a section that it lacks is one that nothing stands in."""
    found = {"title", "number", "severity", "facts", "to_look_at"}
    found |= {f"fact:{number}" for number in range(len(tree["facts"]))}
    found |= {f"duration:{number}" for number in range(len(tree["durations"]))}
    found |= {f"section:{ACCOUNT}", f"more:{ACCOUNT}:0"}
    for section in sections(tree):
        key, count = section["key"], len(section["statements"])
        found.add(f"section:{key}")
        found |= {f"statement:{key}:{number}" for number in range(count)}
        found |= {f"more:{key}:{number}" for number in range(count + 1)}
        found |= {f"ask:{key}:{number}" for number in range(len(section["asks"]))}
    return frozenset(found)


def sections(tree: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The sections that can be placed."""
    return [section for section in tree["sections"] if section["key"] != APPROVALS]


def missing(tree: Mapping[str, Any], placed: Collection[str]) -> list[str]:
    """What *placed* leaves out of what must stand in a document, each as what to write into a template."""
    there = frozenset(placed)
    by_key = {section["key"]: section for section in sections(tree)}
    lacks = []
    if not _is_whole(by_key["contributing_factors"], there, with_asks=True):
        lacks.append("the causes, or the question for them: {{ sections.contributing_factors }}")
    if "to_look_at" not in there and not _is_whole(by_key["open_questions"], there, with_asks=False):
        lacks.append(
            "contradictions, gaps and alerts that nobody looked at: {{ sections.open_questions }} or {{ to_look_at }}"
        )
    if ACCOUNT in by_key and not _is_whole(by_key[ACCOUNT], there, with_asks=True):
        lacks.append("the account of the language model: {{ sections.account }}")
    return lacks


def to_look_at(tree: Mapping[str, Any]) -> list[Line]:
    """How many contradictions, gaps, alerts nobody looked at and changed entries there are, and which they are.

    The section on open questions has its statements in that order.
    """
    found = tree["findings"]
    gaps = [[gap["after"], gap["before"]] for gap in found["gaps"]]
    alerts = [[one["label"]] for one in found["unlooked"]]
    contradictions = [one["labels"] for one in found["contradictions"]]
    said = next(one for one in sections(tree) if one["key"] == "open_questions")["statements"]
    others = said[len(contradictions) + len(gaps) + len(alerts) :]
    named = (
        ("Contradictions", contradictions),
        ("Gaps", gaps),
        ("Groups of alerts that nobody looked at", alerts),
        ("Entries that were deleted, revised or corrected", [[label] for one in others for label in one["events"]]),
    )
    return [Line(name=name, count=len(groups), where=_where(groups)) for name, groups in named if groups]


def more(section: Mapping[str, Any], after: int) -> Line | None:
    """How many statements of *section* follow the first *after*, and at which entries; none where none do."""
    rest = section["statements"][after:]
    where = _where([one["events"] for one in rest])
    return Line(name=counted(len(rest), "more statement"), count=len(rest), where=where) if rest else None


def _is_whole(section: Mapping[str, Any], placed: Collection[str], *, with_asks: bool) -> bool:
    return f"section:{section['key']}" in placed or all(place in placed for place in _parts(section, with_asks))


def _parts(section: Mapping[str, Any], with_asks: bool) -> Iterator[str]:  # noqa: FBT001 - of the function above
    key = section["key"]
    yield from (f"statement:{key}:{number}" for number in range(len(section["statements"])))
    if with_asks:
        yield from (f"ask:{key}:{number}" for number in range(len(section["asks"])))


def _where(groups: Sequence[Sequence[str]]) -> str:
    """The entries of each group; of many, the first and the last ones."""
    named = [", ".join(group) for group in groups]
    if len(named) <= MOST_NAMED:
        return "; ".join(named)
    between = len(named) - MOST_NAMED
    return f"{'; '.join(named[: MOST_NAMED - 1])}; {between} between; {named[-1]}"
