"""Numbers that may be somebody's: digits in groups, whatever stands beside a label, days long past, and places.

Five digits or more that are no date, version, fraction or range go in whatever way they are grouped; fewer go where a
label such as `sort code` or `customer` says whose they are.
"""

import re
from collections.abc import Iterator

from analysis.outgoing.found import Span
from analysis.outgoing.vault import Kind

#: Digits with little between them: telephone, account and card numbers in any grouping.
_GROUPED = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ \u00a0./()\-–_]{0,3}[0-9])*+")
_MOST_GROUPED = 4
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12][0-9]|3[01])"
#: Days and hours of a record's own time, which part the numbers beside them.
_MOMENT = re.compile(
    rf"(?<![0-9])(?:1970-01-01|1969-12-31|1900-01-01|20[12][0-9](?P<sign>[-/._]){_MONTH}(?:(?P=sign){_DAY})?"
    rf"|(?:{_DAY}(?P<one>[-/.]){_MONTH}(?P=one)|{_MONTH}(?P<two>[-/.]){_DAY}(?P=two))(?:20)?[12][0-9])(?![0-9])"
    r"|(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,4})?)?(?![0-9])|CVE-20[0-9]{2}-[0-9]{4,5}(?![0-9])"
)
#: A day of whoever was born on it; what is undated in a database has one of few days.
_LONG_PAST = re.compile(
    rf"(?<![0-9])(?!1970-01-01|1969-12-31|1900-01-01)(?:(?:19[0-9]{{2}}|200[0-9])(?P<sign>[-/.]){_MONTH}(?P=sign){_DAY}"
    rf"|{_DAY}(?P<other>[-/.]){_DAY}(?P=other)(?:19[0-9]{{2}}|200[0-9]))(?![0-9])"
)
_LONG_YEAR = r"(?:19[0-9]{2}|200[0-9])(?![0-9])"
#: The month in any language after its day, and in English before it.
_LONG_PAST_IN_WORDS = re.compile(
    rf"(?i)(?<![0-9a-z]){_DAY}(?:st|nd|rd|th|\.|º|er)?[ ._-]{{1,2}}(?:(?:of|de)[ _])?[^\W\d_]{{3,10}}[.,]?[ ._-]"
    rf"(?:de[ _])?{_LONG_YEAR}"
    r"|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[ ._-]{1,2}"
    rf"{_DAY}(?:st|nd|rd|th)?[ .,_-]{{1,3}}{_LONG_YEAR}"
)
_HARMLESS = re.compile(
    # Thousands; nine digits in threes are how telephones and accounts are written.
    r"(?:[1-9][0-9]{0,2}[ \u00a0][0-9]{3}|[1-9][0-9]?(?:[ \u00a0][0-9]{3}){2})"
    r"|(?!0[0-9]{2} )[0-9]{1,3} [0-9]{1,3}|[0-9]{1,4} [0-9]{1,2}|[0-9]{1,2} [0-9]{1,4}"
    r"|[0-9]{1,4}\.[0-9]{1,4}|[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,2}|[0-9]{1,4}\.[0-9]{1,2}\.[0-9]{1,4}"
    r"|[0-9]\.[0-9]{1,2}\.[0-9]{1,4}"
)
_PAIR = re.compile(r"(?P<low>[0-9]{1,4})(?P<sign> ?[-–/] ?)(?P<high>[0-9]{1,4})")
_YEARS = re.compile(r"(?:19|20)[0-9]{2}")
#: Thousands as half of Europe and Brazil write them, which identity cards are numbered like.
_POINTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,4}")
#: A status and a count, as logs have them.
_TWO = re.compile(r"[0-9]{1,3} [0-9]{1,4}")
_CURRENCY_BEFORE = re.compile(r"(?i)(?:[€$£¥₹]|(?<![a-z])(?:eur|usd|gbp|brl|inr|jpy|chf))[ \u00a0]{0,2}\Z")
#: What is counted or measured.
_UNIT = re.compile(
    r"(?i),[0-9]{2}(?![0-9])|[ \u00a0]{0,2}(?:%|[€$£¥₹]|(?:eur|usd|gbp|brl|inr|jpy|chf|ms|milliseconds?|s|secs?"
    r"|seconds?|mins?|minutes?|hours?|[kmgt]i?b|bytes?|[rtq]ps|req/s|requests?|messages?|payments?|transactions?|transfers?"
    r"|rows?|records?|events?|errors?|pods?|connections?|customers|merchants|cards|accounts|partitions?)(?![0-9a-z_-]))"
)
_OF_A_RANGE = re.compile(
    r"(?i)(?<![a-z])(?:lines?|ports?|rows?|offsets?|bytes|partitions?|between|from|range)[ :]{1,2}\Z"
)
_NEAR = 12
#: Twelve digits or more in fours, whatever parts them throughout; four groups, if it is words.
_IN_FOURS = re.compile(
    r"(?<![0-9A-Za-z.,])[0-9]{4}(?P<gap>[,:;*|+~])[0-9]{4}(?:(?P=gap)[0-9]{4}){1,4}(?:(?P=gap)[0-9]{1,3})?(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z.,])[0-9]{4}(?P<words>[^0-9\n]{2,12})[0-9]{4}(?:(?P=words)[0-9]{4}){2}(?![0-9A-Za-z])"
)
#: Whose or what a number is, in English, German, French, Spanish and Portuguese.
_LABEL = (
    r"sort[ _-]?code|bsb|blz|account|acct|a/c|acc|routing|transit|ssn|social security|nino|nhs|tax|passport"
    r"|licen[cs]e|identity card|customer|cust|client|merchant|cardholder|card|payer|payee|beneficiary|debtor|creditor"
    r"|subscriber|policy ?holder|user|member|patient|tenant|order|invoice|policy|claim|case|contract|booking|loan"
    r"|mortgage|mandate|ext|extension|box|plate|flight|pin|otp|tan|cvv2?|cvc2?|cvn|security code|device|session"
    r"|terminal|ending|last (?:four|4)(?: digits)?|konto(?:nummer|nr)?|kunden?-?(?:nummer|nr)|vertrag(?:snummer)?"
    r"|bestell(?:ung|nummer)|rechnung(?:snummer)?|karten?(?:nummer|nr)?|compte|commande|facture|carte|cliente|cuenta"
    r"|pedido|factura|tarjeta|conta|agência|fatura|cartão"
)
_LABELLED = re.compile(
    rf"(?i)(?<![a-z0-9])(?:(?:{_LABEL})s?(?=/)|(?:{_LABEL}|id(?= ?[=:(]))"
    r"(?:[ _.]{1,2}(?:no|nr|number|num|id|ref|reference|ending|ends|in|with|is|was|has)(?![a-z])){0,3})"
    r"\\?[\"']?[ \t\n.:=#_/(\\\"']{1,5}"
    r"(?P<value>(?=[0-9A-Za-z/_.-]{0,30}[0-9])[0-9A-Za-z][0-9A-Za-z/_.-]{0,40}"
    r"(?:(?:[ \n-]|, ?)[0-9]{2,8}(?![0-9A-Za-z]|[:.][0-9])){0,6})"
)
_LEAST_LABELLED = 3
#: What stands beside a label by chance: `the case 2026-03-01`; a sort code may look like another date.
_DATED = re.compile(
    r"20[12][0-9]([-/.])[01]?[0-9]\1[0-3]?[0-9](?![0-9-])|[0-3]?[0-9]([-/.])[0-3]?[0-9]\2 ?20[12][0-9](?![0-9-])"
)
#: Words as one, which are what somebody logs in as.
_LOGIN = re.compile(
    r"(?i)(?<![a-z])(?:user(?:[ _-]?(?:name|id))?|login|handle|nickname)[\"']?[ \t]{0,2}[:= ][ \t]{0,2}[\"'`]?"
    r"(?P<value>[a-z][a-z0-9]{0,30}(?:[_.][a-z0-9]{1,30}){1,4})(?![0-9a-z(])"
    r"|(?<![a-z])(?:user|login)_(?P<numbered>[a-z]{1,30}(?:[_.][a-z]{1,30}){0,3}[0-9]{2,8})(?![0-9a-z])"
)
_PLACE = re.compile(
    r"(?<![0-9.])[-+]?[0-9]{1,3}\.[0-9]{3,12}°?[NSns]?[ ,;/NSEW]{1,4}[-+]?[0-9]{1,3}\.[0-9]{3,12}(?![0-9.])"
    r"|(?i:(?<![a-z])(?:lat|lon|lng|long|latitude|longitude)[\"']?[ :=]{1,3})(?P<value>[-+]?[0-9]{1,3}\.[0-9]{2,12})"
)


def find_numbers(text: str) -> Iterator[Span]:
    """Numbers that must not leave; spans may overlap."""
    plain = _MOMENT.sub(lambda found: "\n" * len(found[0]), text)
    for match in _GROUPED.finditer(plain):
        if sum(map(str.isdigit, match[0])) > _MOST_GROUPED and not _is_harmless(match, plain):
            yield Span(start=match.start(), end=match.end(), kind=Kind.NUMBER)
    for pattern in (_IN_FOURS, _LONG_PAST, _LONG_PAST_IN_WORDS):
        for match in pattern.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind=Kind.NUMBER)
    for match in _LABELLED.finditer(text):
        if sum(map(str.isdigit, match["value"])) >= _LEAST_LABELLED and not _DATED.match(match["value"]):
            yield Span(start=match.start("value"), end=match.end("value"), kind=Kind.NUMBER)
    for match in _LOGIN.finditer(text):
        group = str(match.lastgroup)
        yield Span(start=match.start(group), end=match.end(group), kind=Kind.CODE)
    for match in _PLACE.finditer(text):
        start, end = match.span("value") if match["value"] else match.span()
        yield Span(start=start, end=end, kind=Kind.ADDRESS)


def _is_harmless(match: re.Match[str], text: str) -> bool:
    """Whether digits in groups are a version, an amount, a fraction or a range; four times two digits are none."""
    if match[0].isdigit():
        return True  # words judge it
    if _HARMLESS.fullmatch(match[0]):
        return True
    before, pair = text[max(0, match.start() - _NEAR) : match.start()], _PAIR.fullmatch(match[0])
    is_counted = _UNIT.match(text, match.end()) is not None
    if pair:
        return _is_fraction_or_range(pair, is_told=is_counted or _OF_A_RANGE.search(before) is not None)
    is_told = _POINTED.fullmatch(match[0]) or _TWO.fullmatch(match[0])
    return bool(is_told and (is_counted or _CURRENCY_BEFORE.search(before)))


def _is_fraction_or_range(pair: re.Match[str], *, is_told: bool) -> bool:
    """Whether two numbers are one of another or from one to another; of many digits only where it is told."""
    is_rising = int(pair["low"]) <= int(pair["high"])
    if "/" in pair["sign"]:
        return is_rising
    is_short = len(pair["low"]) + len(pair["high"]) <= _MOST_GROUPED + 1
    is_of_years = _YEARS.fullmatch(pair["low"]) and _YEARS.fullmatch(pair["high"])
    return is_short or (is_rising and bool(is_told or is_of_years))
