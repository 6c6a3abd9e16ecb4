"""Card numbers, card verification values and IBANs in running text."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from analysis.sensitive import Finding, MaskKind

#: What people put between the digits of a card number or the groups of an IBAN.
_SEPARATOR = r"[ ./_\u00a0\u2000-\u200a\u2010-\u2015\u202f\u2212\u3000\-]"
_RUN = re.compile(rf"[0-9]+(?:{_SEPARATOR}{{1,3}}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")

#: What forms, tables and lists put between the groups of a card; anywhere else it joins no digits.
_EVEN = r"(?P<gap>%20|%2[Dd]|[+:*|,;~])"
#: Where a line was broken within a card, or cells of a table were copied; a longer column or row of fours is no card.
_BROKEN = r"(?:[ \t\r\n]{1,3})"
_EVENLY_PARTED = re.compile(
    rf"(?<![0-9.,])(?:[0-9]{{4}}{_EVEN}[0-9]{{4}}(?P=gap)[0-9]{{4}}(?P=gap)[0-9]{{1,4}}(?:(?P=gap)[0-9]{{1,3}})?"
    rf"|[0-9]{{4}}{_EVEN.replace('gap', 'two')}[0-9]{{6}}(?P=two)[0-9]{{4,5}}"
    rf"|(?<![0-9]{{4}}[ \t\n])(?:[0-9]{{4}}(?:{_BROKEN}[0-9]{{4}}){{3}}(?!{_BROKEN}[0-9]{{4}}(?![0-9/]))"
    rf"|[0-9]{{4}}{_BROKEN}[0-9]{{6}}{_BROKEN}[0-9]{{4,5}}))(?![0-9])"
)

_HEX = "|".join(rf"[0-9a-fA-F]{{{length}}}" for length in (16, 24, 32, 40, 56, 64, 96, 128))
#: Digits of something else: UUIDs, hexadecimal ids, account numbers in ARNs, decimal fractions, addresses with ports.
_OTHER_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    rf"|(?=[0-9]*[a-fA-F])(?:{_HEX})"
    r"|arn:[\w-]{0,20}:[\w-]{0,40}:[\w-]{0,40}:[0-9]{12}"
    r")(?![0-9A-Za-z])"
    r"|(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{6,}|(?:\.[0-9]{1,3}){3}:[0-9]{1,5})(?![0-9.])"
)
_CVV = re.compile(
    r"(?i)(?<![a-z0-9])(?:cvv2?|cvc2?|cvn|card verification (?:value|code|number)|(?:card )?security code)"
    r"(?: is|\\?[\"']?[ \t]*[:=#-])?[ \t]{0,3}\\?[\"']?(?P<value>[0-9]{3,4})(?![0-9a-z])"
)

#: Day, month and year. A date that begins with its year needs no rule, as no issuer's numbers begin with 19 or 20.
_DATE = re.compile(r"[0-3][0-9]-[0-3][0-9]-(?:19|20)[0-9]{2}(?![0-9])")

#: A digit as the Luhn check counts it at every second place: twice, and the digits of what that gives added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")
_MIN_CARD, _MAX_CARD = 12, 19
#: A number after "+" with at most this many digits is a telephone number.
_MAX_PHONE = 13
#: (first prefix, last prefix, lengths) as the schemes publish them, with the ranges that Maestro was once assigned.
_SCHEMES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),  # Mastercard
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),  # American Express
    ("300", "305", (14, 16, 17, 18, 19)),  # Diners Club
    ("309", "309", (14, 16, 17, 18, 19)),  # Diners Club
    ("36", "36", (14, 15, 16, 17, 18, 19)),  # Diners Club
    ("38", "39", (14, 16, 17, 18, 19)),  # Diners Club
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("1800", "1800", (15,)),  # JCB before 2006
    ("2131", "2131", (15,)),  # JCB before 2006
    ("2200", "2205", (16, 17, 18, 19)),  # Mir
    ("50", "50", tuple(range(_MIN_CARD, _MAX_CARD + 1))),  # Maestro, Verve, RuPay
    ("56", "69", tuple(range(_MIN_CARD, _MAX_CARD + 1))),  # Maestro, Discover, UnionPay, RuPay, Troy
    ("0604", "0604", (12,)),  # Maestro
    ("81", "82", (16, 17, 18, 19)),  # UnionPay, RuPay
    ("9792", "9792", (16,)),  # Troy
)
#: By the length of a number, the first four digits that issuers give: a body of nothing but numbers asks very often.
_ISSUED: dict[int, frozenset[str]] = {
    length: frozenset(
        f"{prefix:04}"
        for first, last, lengths in _SCHEMES
        if length in lengths
        for prefix in range(int(first.ljust(4, "0")), int(last.ljust(4, "9")) + 1)
    )
    for length in range(_MIN_CARD, _MAX_CARD + 1)
}

_IBAN_START = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}")
_IBAN_STEP = re.compile(rf"{_SEPARATOR}?([0-9A-Za-z])")
#: The length of each country's IBAN, from the SWIFT IBAN registry.
_IBAN_LENGTHS: dict[str, int] = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}

#: Every number above has one of these in it: an IBAN's head, twelve digits with little between them, or a CVV's label.
#: A sign begins at a digit even where letters come before, because most texts have few places to begin at then.
_SIGN = re.compile(
    r"[0-9](?:(?<=[a-z]{2}[0-9])(?<![0-9a-z][a-z]{2}[0-9])[0-9]"
    rf"|(?:{_SEPARATOR}{{0,3}}[0-9]){{{_MIN_CARD - 1}}}"
    r"|[0-9]{3}(?:%20|%2d|[+:*|,;~]|[ \t\r\n]{1,3})[0-9]{4,6}(?:%20|%2d|[+:*|,;~]|[ \t\r\n]{1,3})[0-9]{4})"
)
_LABEL = re.compile(r"cv|verification|security code")
_DIGIT = re.compile(r"[0-9]")


def has_signs_of_numbers(lower: str) -> bool:
    """Whether a text, given in lower case, can hold a card number, verification value or IBAN.

    False means that none would be found.
    """
    return bool(_DIGIT.search(lower) and (_SIGN.search(lower) or _LABEL.search(lower)))


def find_cards(text: str) -> Iterator[Finding]:
    """Card numbers of 12 to 19 digits that pass the Luhn check and begin as an issuer's numbers do.

    Expects ASCII digits. Between groups of four (or as American Express prints them) also what forms and lists put
    there, such as `%20`, if it is the same throughout, and breaks of lines and cells. Numbers that share digits come as
    one finding, so that nothing but the last four is left.
    """
    found = list(_cards_in_runs(text))
    yield from found
    for match in _EVENLY_PARTED.finditer(text):
        digits = "".join(_GROUP.findall(re.sub(r"%2[0Dd]", " ", match[0])))
        if not _has_issuer(digits) or not is_luhn(digits):
            continue
        # What is part of a longer number that checks, too, would tell other last four than that one's.
        if not any(one.start <= match.start() and match.end() <= one.end for one in found):
            token = f"[card ****{digits[-4:]}]"
            yield Finding(start=match.start(), end=match.end(), kind=MaskKind.CARD, token=token)


def find_cvvs(text: str) -> Iterator[Finding]:
    """Card verification values, which are told from any other three digits only by their label."""
    for match in _CVV.finditer(text):
        yield Finding(start=match.start("value"), end=match.end("value"), kind=MaskKind.CVV, token="[cvv]")


def find_ibans(text: str) -> Iterator[Finding]:
    """IBANs of a registered country and its length whose check digits hold (ISO 13616, ISO 7064 mod 97)."""
    for match in _IBAN_START.finditer(text):
        end, number = _read_iban(text, match)
        if number and is_mod_97(number):
            token = f"[iban ****{number[-4:]}]"
            yield Finding(start=match.start(), end=end, kind=MaskKind.IBAN, token=token)


def iban_length(country: str) -> int:
    """How many characters an IBAN of *country*, in capitals, has; 0 where none is registered."""
    return _IBAN_LENGTHS.get(country, 0)


def is_luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B).

    >>> is_luhn("4111111111111111"), is_luhn("4111111111111112")
    (True, False)
    """
    doubled = sum(map(int, digits[-2::-2].translate(_DOUBLED)))
    return (doubled + sum(map(int, digits[::-2]))) % 10 == 0


def is_mod_97(number: str) -> bool:
    """Whether an IBAN in capitals without separators has the check digits that its account asks for.

    >>> is_mod_97("GB82WEST12345698765432"), is_mod_97("GB83WEST12345698765432")
    (True, False)
    """
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _cards_in_runs(text: str) -> Iterator[Finding]:
    if not any(run.end() - run.start() >= _MIN_CARD for run in _RUN.finditer(text)):
        return
    for run in _RUN.finditer(_OTHER_NUMBER.sub(_blank, text)):
        if run.end() - run.start() >= _MIN_CARD:
            yield from _cards_in_run(text, [match.span() for match in _GROUP.finditer(text, *run.span())])


def _cards_in_run(text: str, groups: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    start = end = -1
    numbers = [text[begin:stop] for begin, stop in groups]
    for first, last in sorted({*_usual_windows(groups), *_whole_stretches(text, groups)}):
        window = groups[first][0], groups[last - 1][1]
        if not _is_card("".join(numbers[first:last]), text[max(0, window[0] - 1) : window[0]]):
            continue
        if window[0] < end:
            end = max(end, window[1])
            continue
        if end > 0:
            yield _card(text, start, end)
        start, end = window
    if end > 0:
        yield _card(text, start, end)


def _card(text: str, start: int, end: int) -> Finding:
    last_four = "".join(_GROUP.findall(text[start:end]))[-4:]
    return Finding(start=start, end=end, kind=MaskKind.CARD, token=f"[card ****{last_four}]")


def _usual_windows(groups: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring groups of the sizes in which cards are printed, wherever they stand in the run."""
    sizes = [end - start for start, end in groups]
    for first in range(len(sizes)):
        total = 0
        for last in range(first + 1, min(first + 6, len(sizes)) + 1):
            total += sizes[last - 1]
            if total > _MAX_CARD:
                break
            if total >= _MIN_CARD and _is_usual(tuple(sizes[first:last])):
                yield first, last


@lru_cache(maxsize=1_024)
def _is_usual(sizes: tuple[int, ...]) -> bool:
    if len(sizes) == 1 or sizes in {(4, 6, 4), (4, 6, 5), (4, 3, 3, 3), (8, 8)}:
        return True
    return (sizes[0] == 6 and len(sizes) == 2) or (all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4)


def _whole_stretches(text: str, groups: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The whole run, and each stretch of it that keeps one separator, if digits are grouped in an unusual way.

    A window at any place of any grouping would find a card in every tenth list of numbers.
    """
    separators = [text[left[1] : right[0]] for left, right in pairwise(groups)]
    bounds = [0, *(i for i in range(1, len(separators)) if separators[i] != separators[i - 1]), len(separators)]
    for first, last in {(0, len(separators)), *pairwise(bounds)}:
        between = separators[first:last]
        numbers = [text[start:end] for start, end in groups[first : last + 1]]
        is_single = all(len(separator) == 1 for separator in between)
        if is_single and sum(map(len, numbers)) <= _MAX_CARD and not _is_other_list(numbers, between):
            yield first, last + 1


def _is_other_list(numbers: Sequence[str], separators: Sequence[str]) -> bool:
    """Whether numbers read as a fraction, a list of status codes, of dates, or of addresses in four parts."""
    if len(numbers) == 2 and separators[0] == ".":
        return True
    is_dates = bool(_DATE.match("-".join(numbers)))
    dots = "".join("." if separator == "." else " " for separator in separators)
    is_addresses = all(part == "..." for part in dots.split(" "))
    return is_dates or is_addresses or all(len(number) == 3 for number in numbers)


def _is_card(digits: str, before: str) -> bool:
    """Whether *digits* are a card's; *before* is the character that they follow."""
    if not _has_issuer(digits) or (before == "+" and len(digits) <= _MAX_PHONE):
        return False
    return is_luhn(digits)


def _has_issuer(digits: str) -> bool:
    return digits[:4] in _ISSUED.get(len(digits), ())


def _read_iban(text: str, start: re.Match[str]) -> tuple[int, str]:
    """The end and the capitals of the IBAN that begins here, or an empty string where none can."""
    number = start[0].upper()
    length, end = _IBAN_LENGTHS.get(number[:2], 0), start.end()
    while len(number) < length and (step := _IBAN_STEP.match(text, end)):
        number += step[1].upper()
        end = step.end()
    is_whole = len(number) == length and not text[end : end + 1].isalnum()
    return end, number if is_whole else ""
