"""Values that their own form gives away: cards, accounts, secrets, e-mail and network addresses, telephone numbers."""

import ipaddress
import re
from collections.abc import Iterator

from analysis.outgoing.found import Span
from analysis.outgoing.hosts import find_hosts
from analysis.outgoing.pasted_secrets import find_pasted
from analysis.outgoing.secret_rules import find_tokens
from analysis.outgoing.told_secrets import find_told
from analysis.outgoing.vault import Kind
from analysis.payment_numbers import find_cards, find_cvvs, find_ibans, iban_length, is_luhn, is_mod_97
from analysis.secret_patterns import find_secrets

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]{1,64}(?:@|%40| ?[\[({] ?at ?[\])}] ?| at (?=[\w-]{1,63} dot ))"
    r"[\w-]{1,63}(?:(?:\.|%2[eE]| ?[\[({] ?dot ?[\])}] ?| dot )[\w-]{1,63}){1,6}"
)
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:(?:\.|\[\.\]|\(\.\))\d{1,3}){3}(?![\d]|\.\d)")
#: As hosts are named after their addresses: `ip-10-0-1-5`.
_IPV4_NAME = re.compile(
    r"(?<![0-9])(?<![0-9][-_])\d{1,3}(?P<gap>[-_])\d{1,3}(?P=gap)\d{1,3}(?P=gap)\d{1,3}(?![0-9]|[-_][0-9])"
)
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?![0-9A-Za-z:])"
)
_MAC = re.compile(r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Za-z:-])")
_LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/@?#\"<>]{1,300}@[^\s\"<>]{1,500}")
_MASKED = re.compile(r"\[(?P<kind>secret|cvv|card|iban)(?: \*{4}[0-9A-Z]{4})?\]")
_MASKED_KINDS = {"secret": Kind.SECRET, "cvv": Kind.CARD, "card": Kind.CARD, "iban": Kind.IBAN}

_GAP = r"(?:[ \u00a0./()-]{1,3})"
_PHONES = (
    re.compile(rf"(?<![0-9A-Za-z+])(?:\+|00)[ (]?\d(?:{_GAP}?\d){{6,16}}(?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z.-])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![0-9A-Za-z-])"),
    re.compile(rf"(?<![0-9A-Za-z.,:/-])\(?0\d{{1,4}}\)?(?:{_GAP}\d{{2,8}}){{1,5}}(?![0-9A-Za-z-])"),
)
#: A number that somebody can be reached at, which nothing but the words before it tells from an amount or a range.
_CALLED_AT = re.compile(
    r"(?i)(?<![a-z])(?:tel(?:ephone)?|phone|mobile|cell(?:phone)?|fax|whatsapp|call|dial|ring)\b[^0-9\n+]{0,20}"
    r"(?P<value>(?!(?:19|20)\d\d-\d\d-\d\d)\+?[0-9](?:[ \u00a0./()-]{0,2}[0-9]){6,14})(?![0-9A-Za-z])"
)
#: The day that somebody was born on.
_BORN = re.compile(
    r"(?i)(?<![a-z])(?:dob|d\.o\.b\.?|date of birth|birth ?(?:date|day)|born|geb(?:oren|urtsdatum)?|née?|naissance"
    r"|nacid[oa]|nacimiento|nascid[oa]|nascimento)\b[^0-9\n]{0,12}(?P<value>(?:19|20)[0-9]{2}(?![-./ 0-9])|"
    r"[0-9]{1,4}(?:[-./ ]{1,2}|(?:st|nd|rd|th)? )[0-9A-Za-z]{1,9}[-./, ]{1,2}[0-9]{1,4})(?![0-9A-Za-z])"
)
#: Digits that stand in groups, or all apart; what separates them may be anything that people put there.
_SCATTERED = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[^0-9A-Za-z\n]{0,5}[0-9]){11,40}(?![0-9A-Za-z])")
_IBAN_SCATTERED = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z][^0-9A-Za-z\n]{0,5}[A-Za-z][^0-9A-Za-z\n]{0,5}[0-9](?:[^0-9A-Za-z\n]{0,5}[0-9A-Za-z]){13,33}"
)
_TIMESTAMP = re.compile(r"[12]\d{3}-\d\d-\d\d|\d\d:\d\d(?::\d\d)?")
_APART = re.compile(r"[^0-9A-Za-z]")
#: At least one character of so many is a digit. Of others one run in 97 checks, too: “at 14:00, no change in late”.
_DIGITS_OF_IBAN = 3
_LEAST_CARD, _MOST_CARD, _USUAL_CARDS = 13, 19, (15, 16)
_LEAST_PHONE, _MOST_PHONE = 8, 15


def find(text: str) -> Iterator[Span]:
    """Every value in a folded text that is recognised by its form, in no particular order; spans may overlap."""
    for finding in find_secrets(text):
        yield Span(start=finding.start, end=finding.end, kind=Kind.SECRET)
    yield from find_tokens(text)
    yield from find_told(text)
    yield from find_pasted(text)
    yield from find_hosts(text)
    yield from _payments(text)
    yield from _of_kind(Kind.LINK, _LINK, text)
    yield from _of_kind(Kind.EMAIL, _EMAIL, text)
    yield from _addresses(text)
    yield from _phones(text)
    for kind, pattern in ((Kind.PHONE, _CALLED_AT), (Kind.NUMBER, _BORN)):
        for match in pattern.finditer(text):
            yield Span(start=match.start("value"), end=match.end("value"), kind=kind)


def find_masked(text: str) -> Iterator[Span]:
    """What stands for values that were masked before the record; they go as placeholders, without last digits."""
    for match in _MASKED.finditer(text):
        yield Span(start=match.start(), end=match.end(), kind=_MASKED_KINDS[match["kind"]])


def _of_kind(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        yield Span(start=match.start(), end=match.end(), kind=kind)


def _payments(text: str) -> Iterator[Span]:
    for finding in (*find_cards(text), *find_cvvs(text)):
        yield Span(start=finding.start, end=finding.end, kind=Kind.CARD)
    for finding in find_ibans(text):
        yield Span(start=finding.start, end=finding.end, kind=Kind.IBAN)
    for match in _SCATTERED.finditer(_TIMESTAMP.sub(lambda found: "x" * len(found[0]), text)):
        if _is_card(_APART.sub("", match[0])):
            yield Span(start=match.start(), end=match.end(), kind=Kind.CARD)
    for match in _IBAN_SCATTERED.finditer(text):
        end = _iban_end(text, match)
        if end:
            yield Span(start=match.start(), end=end, kind=Kind.IBAN)


def _is_card(digits: str) -> bool:
    """Whether a number of a card's length, of any issuer, checks; a longer one, if its beginning or end does."""
    if len(digits) <= _MOST_CARD:
        return len(digits) >= _LEAST_CARD and is_luhn(digits)
    return any(is_luhn(digits[:length]) or is_luhn(digits[-length:]) for length in _USUAL_CARDS)


def _iban_end(text: str, match: re.Match[str]) -> int:
    """Where the account number that begins at *match* ends; 0 if there is none."""
    places = [place for place in range(match.start(), match.end()) if text[place].isascii() and text[place].isalnum()]
    length = iban_length(text[places[0]].upper() + text[places[1]].upper())
    number = "".join(text[place] for place in places[:length]).upper()
    if not length or len(number) != length:
        return 0
    is_number = sum(map(str.isdecimal, number)) * _DIGITS_OF_IBAN >= length
    return places[length - 1] + 1 if is_number and is_mod_97(number) else 0


def _addresses(text: str) -> Iterator[Span]:
    for match in (*_IPV4.finditer(text), *_IPV4_NAME.finditer(text)):
        if all(int(part) < 256 for part in re.findall(r"\d+", match[0])):
            yield Span(start=match.start(), end=match.end(), kind=Kind.ADDRESS)
    for match in _IPV6.finditer(text):
        if _is_ipv6(match[0]):
            yield Span(start=match.start(), end=match.end(), kind=Kind.ADDRESS)
    yield from _of_kind(Kind.ADDRESS, _MAC, text)


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.IPv6Address(text).packed != bytes(16)
    except ValueError:
        return False


def _phones(text: str) -> Iterator[Span]:
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            if _LEAST_PHONE <= sum(map(str.isdigit, match[0])) <= _MOST_PHONE + 2:
                yield Span(start=match.start(), end=match.end(), kind=Kind.PHONE)
