"""What a company's template sees of a document: a read-only view, the contract of `docs/reference/document-styles.md`.

It holds no word of the record. A part of the document prints a mark that names its place; the renderer fills in the
part itself, whole and with its entries. So text of an incident is never evaluated, and a template can neither alter a
time nor take a citation away. Everything else in the view is for deciding: names of ours, and yes or no.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from analysis.places import ACCOUNT, sections

#: Private characters that begin and end a mark; the text of a template has none of its own.
BEGIN, END = "\ue000", "\ue001"
MARK = re.compile(f"{BEGIN}([a-z_:0-9]+)\\.([0-9A-Fa-f]{{8}}){END}")


def mark(place: str) -> str:
    """What a part prints: its place, with letters of either case that give away whatever changes it."""
    digest = hashlib.sha256(place.encode()).hexdigest()[:6]
    return f"{BEGIN}{place}.{digest}aF{END}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A part of the document; printed, it stands there."""

    place: str

    def __str__(self) -> str:
        """The mark of its place."""
        return mark(self.place)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Severity(Placed):
    """The incident's severity; it compares with text such as `"SEV1"`, and is true where somebody stated one."""

    said: str = field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Whether it is that one."""
        return other == self.said if isinstance(other, str) else other is self

    def __hash__(self) -> int:
        """As of its text."""
        return hash(self.said)

    def __bool__(self) -> bool:
        """Whether it is on record."""
        return bool(self.said)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incident:
    """The incident: what is printed of it, and what can be asked of it."""

    number: Placed
    title: Placed
    severity: Severity
    is_private: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fact(Placed):
    """One line of the header; `name` is ours, such as `Severity` or `Detected`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts(Placed):
    """The header as a list; or each of its lines, in a loop or by its place."""

    lines: tuple[Fact, ...]

    def __len__(self) -> int:
        """How many lines it has."""
        return len(self.lines)

    def __getitem__(self, place: int) -> Fact:
        """The line at this place."""
        return self.lines[place]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statement(Placed):
    """One sentence with the entries that it cites.

    `basis` is `fact`, `quotation`, `derived` or `written`, the last by a language model; `kinds` are those of the
    entries, such as `role_assigned`.
    """

    basis: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section(Placed):
    """What stands under a heading, without the heading; `asks` are questions that only people can answer.

    `is_present` unless this document has no such section, as of the account where no model wrote one.
    """

    key: str
    title: str
    statements: tuple[Statement, ...] = ()
    asks: tuple[Placed, ...] = ()
    is_present: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sections:
    """All sections of this document in the default order, in a loop; or one of them by its key."""

    by_key: Mapping[str, Section]

    def __iter__(self) -> Iterator[Section]:
        """Those that are present."""
        return (section for section in self.by_key.values() if section.is_present)

    def __getitem__(self, key: str) -> Section:
        """The section with this key."""
        return self.by_key[key]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duration(Placed):
    """One duration of one phase; `name` is ours, such as `time_to_detect`."""

    name: str
    phase: int
    is_known: bool


#: What a template sees, by name.
SEEN = ("incident", "facts", "sections", "durations", "to_look_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything a template sees, by the names it has there."""

    incident: Incident
    facts: Facts
    sections: Sections
    durations: tuple[Duration, ...]
    to_look_at: Placed
    names: Mapping[str, object] = field(init=False)

    def __post_init__(self) -> None:
        """Name them."""
        object.__setattr__(self, "names", {name: getattr(self, name) for name in SEEN})


#: What a template may ask of each; the rest of an object is ours.
PUBLISHED: Mapping[type, frozenset[str]] = MappingProxyType(
    {
        Placed: frozenset(),
        Severity: frozenset(),
        Incident: frozenset({"number", "title", "severity", "is_private"}),
        Fact: frozenset({"name"}),
        Facts: frozenset(),
        Statement: frozenset({"basis", "kinds"}),
        Section: frozenset({"key", "title", "statements", "asks", "is_present"}),
        Sections: frozenset(),
        Duration: frozenset({"name", "phase", "is_known"}),
    }
)


def is_published(thing: object, name: str) -> bool:
    """Whether a template may ask for this attribute, if *thing* is a part of a view at all."""
    return name in PUBLISHED.get(type(thing), {name})


def offered(thing: object) -> tuple[str, ...]:
    """What a template may ask of *thing*, in the order of the alphabet; of the sections each by its key."""
    return tuple(sorted(thing.by_key if isinstance(thing, Sections) else PUBLISHED.get(type(thing), ())))


def outline(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What a view is made from, as JSON: how many parts there are and of which kinds, and no word of the record."""
    kinds = {row["label"]: row["kind"] for row in tree["timeline"]}
    return {
        "severity": tree["severity"] or "",
        "is_private": tree["visibility"] == "private",
        "facts": [fact["name"] for fact in tree["facts"]],
        "sections": [_outlined(section, kinds) for section in sections(tree)],
        "durations": [[row["name"], row["phase"], row["seconds"] is not None] for row in tree["durations"]],
    }


def view_of(outlined: Mapping[str, Any]) -> View:
    """The view of a document from its `outline`."""
    facts = tuple(Fact(place=f"fact:{place}", name=name) for place, name in enumerate(outlined["facts"]))
    durations = tuple(
        Duration(place=f"duration:{place}", name=name, phase=phase, is_known=is_known)
        for place, (name, phase, is_known) in enumerate(outlined["durations"])
    )
    known = {section["key"]: _section(section) for section in outlined["sections"]}
    absent = Section(place=f"section:{ACCOUNT}", key=ACCOUNT, title="Account", is_present=False)
    return View(
        incident=Incident(
            number=Placed(place="number"),
            title=Placed(place="title"),
            severity=Severity(place="severity", said=outlined["severity"]),
            is_private=outlined["is_private"],
        ),
        facts=Facts(place="facts", lines=facts),
        sections=Sections(by_key={ACCOUNT: absent, **known} if ACCOUNT not in known else known),
        durations=durations,
        to_look_at=Placed(place="to_look_at"),
    )


def more(section: Section, after: int) -> Placed | str:
    """The filter `more`: how many statements follow the first *after*, and where; nothing where none do."""
    is_some = 0 <= after < len(section.statements)
    return Placed(place=f"more:{section.key}:{after}") if is_some else ""


def _outlined(section: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    said = [
        [one["basis"], sorted({kinds[label] for label in one["events"] if label in kinds})]
        for one in section["statements"]
    ]
    return {"key": section["key"], "title": section["title"], "said": said, "asks": len(section["asks"])}


def _section(outlined: Mapping[str, Any]) -> Section:
    key, said = outlined["key"], outlined["said"]
    return Section(
        place=f"section:{key}",
        key=key,
        title=outlined["title"],
        statements=tuple(
            Statement(place=f"statement:{key}:{number}", basis=basis, kinds=tuple(kinds))
            for number, (basis, kinds) in enumerate(said)
        ),
        asks=tuple(Placed(place=f"ask:{key}:{number}") for number in range(outlined["asks"])),
    )
