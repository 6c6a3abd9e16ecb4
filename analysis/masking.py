"""Masks card numbers, bank accounts and secrets before a text reaches the record."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.invisible import INVISIBLE
from analysis.payment_numbers import find_cards, find_cvvs, find_ibans, has_signs_of_numbers
from analysis.secret_patterns import find_secrets, has_signs_of_secrets
from analysis.sensitive import Finding, MaskKind

#: The tokens that stand for masked values. They part the text: no value is looked for across one.
_MASKED = re.compile(r"\[(?:secret|cvv|card \*{4}[0-9]{4}|iban \*{4}[0-9A-Z]{4})\]")
_UNSEEN = re.compile(rf"[{INVISIBLE}\ufe00-\ufe0f\u20e3]")
#: How often what is left between two masked values is searched again.
_MAX_ROUNDS = 4
_SHORTEST = len("pwd=x")
#: How many texts that masking leaves as they are, of at most how many letters, are remembered.
_REMEMBERED, _SHORT = 20_000, 200
#: The latest such texts for everybody; never one in which something was found.
_PLAIN: set[str] = set()
_MOST_PLAIN = 4_096
_PRECEDENCE = {kind: place for place, kind in enumerate(MaskKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text that is safe to keep, and the kinds of the values that were taken out, in reading order."""

    text: str
    found: tuple[MaskKind, ...]


def mask(text: str) -> Masked:
    """Take card numbers, bank accounts and secrets out of a text, and leave everything else as it is.

    Of a card number or IBAN at most the last four characters stay: `[card ****1111]`. A secret becomes `[secret]`.
    Digits of any script count, and invisible characters between them do not hide a number.
    Masking a masked text changes nothing, takes time linear in its length, and at most triples it.

    >>> mask("paid with 4111 1111 1111 1111, token=abc").text
    'paid with [card ****1111], token=[secret]'
    """
    if _is_harmless(text):
        return Masked(text=text, found=())
    parts: list[str] = []
    found: list[MaskKind] = []
    position = 0
    for token in _MASKED.finditer(text):
        _mask_piece(text[position : token.start()], _MAX_ROUNDS, parts, found)
        parts.append(token[0])
        position = token.end()
    _mask_piece(text[position:], _MAX_ROUNDS, parts, found)
    return Masked(text="".join(parts), found=tuple(found))


def masked(text: str) -> str:
    """The text alone of `mask`, for where nobody asks what was taken out."""
    return text if _is_harmless(text) else mask(text).text


class PlainTexts:
    """Knows texts that masking leaves as they are, because it was asked about them before.

    What repeats itself, as labels do in a storm, is looked through once. Only texts without a finding are remembered.
    """

    def __init__(self) -> None:
        """Know none."""
        self._known: set[str] = set()

    def has_all(self, texts: Collection[str]) -> bool:
        """Whether masking would change none of *texts*."""
        known = self._known
        if known.issuperset(texts):
            return True
        new = [text for text in texts if text not in known]
        if any(mask(text).found for text in new):
            return False
        if len(known) > _REMEMBERED:
            self._known = known = set()
        known.update(text for text in new if len(text) <= _SHORT)
        return True


def _is_harmless(text: str) -> bool:
    """Whether nothing in *text* can be found: names of services, kinds and answers repeat, and are looked at once."""
    if text in _PLAIN:
        return True
    if not _has_no_signs(text):
        return False
    if len(text) <= _SHORT:
        if len(_PLAIN) >= _MOST_PLAIN:
            _PLAIN.clear()
        _PLAIN.add(text)
    return True


def _has_no_signs(text: str) -> bool:
    """Told by two looks instead of twenty: most texts of a storm are such."""
    if not text.isascii():
        return False
    lower = text.lower()
    return not has_signs_of_secrets(lower) and not has_signs_of_numbers(lower)


def _mask_piece(piece: str, rounds: int, parts: list[str], found: list[MaskKind]) -> None:
    """Mask a piece and then what is left of it, since a value may show only once its neighbour is gone.

    A piece that still shows something after the last round is withheld whole.
    """
    findings = _find(piece)
    if findings and not rounds:
        parts.append("[secret]")
        found.append(findings[0].kind)
        return
    position = 0
    for finding in findings:
        _mask_piece(piece[position : finding.start], rounds - 1, parts, found)
        parts.append(finding.token)
        found.append(finding.kind)
        position = finding.end
    if findings:
        _mask_piece(piece[position:], rounds - 1, parts, found)
    else:
        parts.append(piece)


def _find(piece: str) -> Sequence[Finding]:
    """Findings in reading order that do not overlap, at their places in the piece as it was written."""
    if len(piece) < _SHORTEST:
        return ()
    seen, places = _as_read(piece)
    findings = [*find_secrets(seen), *find_ibans(seen), *find_cvvs(seen), *find_cards(seen)]
    if not findings:
        return ()
    return [
        replace(finding, start=places[finding.start], end=places[finding.end - 1] + 1)
        for finding in _merge(sorted(findings, key=lambda finding: finding.start))
    ]


def _as_read(piece: str) -> tuple[str, Sequence[int]]:
    """The piece without invisible characters and with plain digits and letters, and each character's old place."""
    if piece.isascii():
        return piece, range(len(piece))
    places = [place for place, character in enumerate(piece) if not _UNSEEN.match(character)]
    plain = {character: _plain(character) for character in set(piece) if not character.isascii()}
    return "".join(plain.get(piece[place], piece[place]) for place in places), places


def _plain(character: str) -> str:
    composed = unicodedata.normalize("NFKC", character)
    if len(composed) != 1:
        return character
    return str(unicodedata.decimal(composed)) if composed.isdecimal() else composed


def _merge(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings that overlap become one, which covers them all and is of the kind that weighs most."""
    current: Finding | None = None
    for finding in findings:
        if current is None or finding.start >= current.end:
            if current:
                yield current
            current = finding
            continue
        heavier = min(current, finding, key=lambda either: _PRECEDENCE[either.kind])
        current = replace(heavier, start=current.start, end=max(current.end, finding.end))
    if current:
        yield current
