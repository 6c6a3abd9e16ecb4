"""Where in a text something was found, and reading a text as a person would who ignores its disguises."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.outgoing.vault import Kind
from analysis.slacktext import clean

#: Letters of Greek and Cyrillic that nobody tells from Latin ones, and what is written with some of both.
_LIKE_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd",
    "aeopcyxijsdABEKMHOPCTYXABEZHIKMNOPTYXov",
)
_MIXED = re.compile(r"(?<!\S)(?=\S{0,127}[0-9A-Za-z])(?=\S{0,127}[\u0370-\u052f])\S+")
_PRECEDENCE = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A value at `start:end`; `identity` is what it is besides its letters, such as the id of a person."""

    start: int
    end: int
    kind: Kind
    identity: str = ""


def folded(text: str) -> tuple[str, Sequence[int]]:
    """*text* without invisible characters, in plain letters and digits, and each character's old place."""
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    text = _MIXED.sub(lambda word: word[0].translate(_LIKE_LATIN), text)
    plain = {character: _plain(character) for character in set(text)}
    places = [place for place, character in enumerate(text) if plain[character]]
    return "".join(plain[text[place]] for place in places), places


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in reading order; those that overlap become one, which covers them all and is of the heaviest kind."""
    current: Span | None = None
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if current is None or span.start >= current.end:
            if current:
                yield current
            current = span
            continue
        heavier = min(current, span, key=lambda either: _PRECEDENCE[either.kind])
        # Of `@Anna Baker` the mention may not know which Anna, and the name does.
        identity = heavier.identity or (span.identity if span.kind is heavier.kind else "")
        current = replace(heavier, start=current.start, end=max(current.end, span.end), identity=identity)
    if current:
        yield current


def _plain(character: str) -> str:
    """One plain character, or none for what cannot be seen."""
    visible = clean(character)
    if not visible or "\ufe00" <= character <= "\ufe0f" or unicodedata.combining(character):
        return ""
    composed = unicodedata.normalize("NFKC", visible)
    if len(composed) != 1:
        return visible[:1]
    if composed.isdecimal():
        return str(unicodedata.decimal(composed))
    return " " if composed.isspace() and composed not in "\n\t" else composed
