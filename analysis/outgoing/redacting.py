"""Taking out of a text whatever may not leave, and putting placeholders there: what is not known to be neutral goes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from analysis.outgoing.directory import Directory, People
from analysis.outgoing.disguises import in_place_on_lines, unquoted
from analysis.outgoing.found import Span, folded, merged
from analysis.outgoing.numbers import find_numbers
from analysis.outgoing.patterns import find, find_masked
from analysis.outgoing.phrases import find_phrases
from analysis.outgoing.vault import DIGESTED, PLACEHOLDER, Kind, Register
from analysis.outgoing.words import Words

_BRACKETS = re.compile(r"\[(?=\[)|\](?=\])")
#: Longer than any text of a record; the rest of a longer one is left out, which is said.
LONGEST = 200_000
CUT = " [cut]"

#: Letters and digits that stand one by one, which spell what would be found if they stood together.
_SPELLED_OUT = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){3,}+")
#: Letters written as numbers, as links, pages and JSON do it; what several of them spell is not looked into here.
_ESCAPED = re.compile(r"(?:(?:%[0-9A-Fa-f]{2}|&#[0-9A-Za-z]{1,7};|\\{1,4}[ux][0-9A-Fa-f]{2,4})[^\s%&\\]{0,80}){2,}+")
#: What has a sign written as a number in it, or `+` for a blank, as links have it.
_QUOTED = re.compile(r"[^\s\"'<>%+]{0,200}(?:(?:%[0-9A-Fa-f]{2}|\+)[^\s\"'<>%+]{0,200})++")
_APART = re.compile(r"[\W_]+")
#: How often what is left between two values is searched again.
_MOST_ROUNDS = 4
#: A letter without capitals, which no word has: it stands for a person that was found already.
_SOMEBODY = "\u01c2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A value that was taken out, at its place in the text as it was given."""

    start: int
    end: int
    kind: Kind
    placeholder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What is left of a text, and what was taken out of it, in reading order."""

    text: str
    entities: tuple[Entity, ...] = ()


class Redactor:
    """Redacts the texts of one incident, with one placeholder for one value."""

    def __init__(self, register: Register, people: People, *, known: frozenset[str] = frozenset()) -> None:
        """Give placeholders by *register*; *known* are words of the site that may leave."""
        self.register = register
        self._directory = Directory(people)
        self._words = Words(known)
        self._found: dict[str, tuple[Span, ...]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Take every name that one of *texts* shows by its capital for a name in small letters, too."""
        for text in texts:
            plain = folded(text[:LONGEST])[0]
            for span in self._spans(plain):
                if span.kind is Kind.NAME:
                    self._words.learn(plain[span.start : span.end])

    def redact(self, text: str) -> str:
        """*text* as it may leave."""
        return self.examine(text).text

    def examine(self, text: str) -> Redacted:
        """*text* as it may leave, with what was taken out; brackets like a placeholder's are parted."""
        plain, places = folded(text[:LONGEST])
        spans = sorted(self._searched(plain, 0, _MOST_ROUNDS), key=lambda span: span.start)
        redacted = self._covered(plain, spans, places)
        return replace(redacted, text=redacted.text + CUT) if len(text) > LONGEST else redacted

    def again(self, redacted: str) -> str:
        """A text that was redacted already, redacted once more: the same text, if redaction is complete."""
        parts = []
        position = 0
        for placeholder in PLACEHOLDER.finditer(redacted):
            parts += [self.redact(redacted[position : placeholder.start()]), placeholder[0]]
            position = placeholder.end()
        return "".join([*parts, self.redact(redacted[position:])])

    def _searched(self, piece: str, offset: int, rounds: int) -> Iterator[Span]:
        """What is in *piece*, and then in what is left of it, since a value may show only once its neighbour is gone.

        A piece that still shows something after the last round goes whole.
        """
        spans = list(merged(self._spans(piece)))
        if spans and not rounds:
            yield Span(start=offset, end=offset + len(piece), kind=Kind.CODE)
            return
        position = 0
        for span in spans:
            yield replace(span, start=offset + span.start, end=offset + span.end)
            yield from self._searched(piece[position : span.start], offset + position, rounds - 1)
            position = span.end
        if spans:
            yield from self._searched(piece[position:], offset + position, rounds - 1)

    def _covered(self, plain: str, spans: Sequence[Span], places: Sequence[int]) -> Redacted:
        parts: list[str] = []
        entities: list[Entity] = []
        position = 0
        for span in spans:
            placeholder = self._placeholder(span, plain[span.start : span.end])
            parts += [_parted(plain[position : span.start]), placeholder]
            start, end = places[span.start], places[span.end - 1] + 1
            entities.append(Entity(start=start, end=end, kind=span.kind, placeholder=placeholder))
            position = span.end
        parts.append(_parted(plain[position:]))
        return Redacted(text=_joined(parts), entities=tuple(entities))

    def _placeholder(self, span: Span, value: str) -> str:
        if span.kind is Kind.PERSON:
            name = self._directory.names.get(span.identity) or value.strip("<>@").partition("|")[0]
            return self.register.placeholder(span.kind, name, identity=span.identity)
        identity = _APART.sub("", value) if span.kind in DIGESTED else ""
        return self.register.placeholder(span.kind, value, identity=identity.casefold())

    def _spans(self, plain: str) -> Iterator[Span]:
        found = self._values(plain)
        yield from found
        # What was found parts the words beside it, so that a verb in a capital does not go with a name; but `stone`
        # beside somebody is a surname.
        rest, position = [], 0
        for span in found:
            rest += [
                plain[position : span.start],
                (_SOMEBODY if span.kind is Kind.PERSON else "\n") * (span.end - span.start),
            ]
            position = span.end
        yield from self._words.unknown("".join([*rest, plain[position:]]))

    def _values(self, plain: str) -> tuple[Span, ...]:
        """What is found without a vocabulary; a text that is learned from and then redacted is looked through once."""
        known = self._found.get(plain)
        if known is None:
            values = (*find_masked(plain), *find(plain), *find_numbers(plain), *find_phrases(plain), *_escaped(plain))
            # The gate reads such a text over its escapes, and would stop what only shows so.
            escaped = find(in_place_on_lines(plain)) if "\\" in plain else ()
            known = self._found[plain] = tuple(merged((*values, *escaped, *self._directory.find(plain))))
        return known


def _escaped(text: str) -> Iterator[Span]:
    for match in _QUOTED.finditer(text):
        read = unquoted(match[0].replace("+", " "))
        if any(chain(find(read), find_numbers(read), find_phrases(read))):
            yield Span(start=match.start(), end=match.end(), kind=Kind.CODE)
    for pattern in (_ESCAPED, _SPELLED_OUT):
        for match in pattern.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind=Kind.CODE)


def _parted(text: str) -> str:
    return _BRACKETS.sub(lambda found: f"{found[0]} ", text)


def _joined(parts: list[str]) -> str:
    """Texts and placeholders in turn; a bracket beside a placeholder is kept apart from its brackets."""
    joined = ""
    for place, part in enumerate(parts):
        if part and joined and (joined[-1] == part[0] == "[" or joined[-1] == part[0] == "]"):
            parts[place] = f" {part}"
        joined = part or joined
    return "".join(parts)
